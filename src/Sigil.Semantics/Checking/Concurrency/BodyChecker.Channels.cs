using System.Collections.Immutable;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// channel<T>(.buffer: n, .share: s), ipc_channel<T>(.buffer: n, .share: s), broadcast<T>(.buffer: n, .on_lag: p)
public sealed partial class BodyChecker
{
    private TypedExpression Channel(Ast.NameExpression name, Ast.CallExpression call, string form)
    {
        var at = At(call);
        var element = ChannelElement(name, form, at);
        var given = ChannelArguments(call, form, "share");
        var sharing = given.GetValueOrDefault("share") is { } share ? SharingOf(share) : ChannelSharing.Exclusive;
        var buffer = Buffer(given, call, form, 0);
        // Without knowing the sharing any type of end would lead to wrong errors further on.
        if (sharing is not { } mode) return ErrorAt(at);
        return new ChannelExpression
        {
            ElementType = element,
            Buffer = buffer,
            Sharing = mode,
            IsInterProcess = form == "ipc_channel",
            Type = EndsOf(element, mode is ChannelSharing.Producers or ChannelSharing.Both, mode is ChannelSharing.Consumers or ChannelSharing.Both, form == "ipc_channel" ? "Ipc" : ""),
            Span = at,
        };
    }

    private TypedExpression Broadcast(Ast.NameExpression name, Ast.CallExpression call)
    {
        var at = At(call);
        var element = ChannelElement(name, "broadcast", at);
        var given = ChannelArguments(call, "broadcast", "on_lag");
        var buffer = Buffer(given, call, "broadcast", 1);
        var policy = LagPolicy.Wait;
        if (given.GetValueOrDefault("on_lag") is not { } onLag)
            Report(ConcurrencyErrors.ChannelArguments(Source, At(call.Callee), "`broadcast` needs `.on_lag`: whether the producer waits for a slow consumer, or the consumer loses the oldest values", "broadcast"));
        else if (Unparenthesized(onLag) is Ast.NameExpression { TypeArguments: null, Name.Text: "wait" or "drop_oldest" } word && LookupLocal(word.Name.Text) is null)
            policy = word.Name.Text == "wait" ? LagPolicy.Wait : LagPolicy.DropOldest;
        else
            Report(ConcurrencyErrors.ChannelArguments(Source, At(onLag), "`.on_lag` must be one of `wait` and `drop_oldest`", "broadcast"));
        return new ChannelExpression
        {
            ElementType = element,
            Buffer = buffer,
            Sharing = ChannelSharing.Consumers,
            OnLag = policy,
            Type = EndsOf(element, sharedProducer: false, sharedConsumer: true),
            Span = at,
        };
    }

    private SigilType ChannelElement(Ast.NameExpression name, string form, TextSpan at)
    {
        if (name.TypeArguments is not { } written) return NewVariable(at, $"the values of this {form}");
        var given = resolver.ResolveArguments(written, typeScope, Hole);
        if (given is [var only]) return only;
        Report(TypeErrors.TypeArgumentCount(Source, At(written), form, 1, given.Length));
        return ErrorType.Instance;
    }

    /// <summary>The arguments by label; the first without one is the buffer.</summary>
    private Dictionary<string, Ast.Expression> ChannelArguments(Ast.CallExpression call, string form, string second)
    {
        var given = new Dictionary<string, Ast.Expression>();
        foreach (var argument in call.Arguments.Arguments)
        {
            var label = argument.Label?.Text ?? (given.ContainsKey("buffer") ? second : "buffer");
            if (label != "buffer" && label != second)
            {
                Report(ConcurrencyErrors.ChannelArguments(Source, At(argument), $"`{form}` has no argument `.{label}`", form));
                InferLoosely(argument.Value);
            }
            else if (!given.TryAdd(label, argument.Value))
            {
                Report(ConcurrencyErrors.ChannelArguments(Source, At(argument), $"`.{label}` is given twice", form));
                InferLoosely(argument.Value);
            }
        }
        return given;
    }

    private TypedExpression Buffer(Dictionary<string, Ast.Expression> given, Ast.CallExpression call, string form, long least)
    {
        if (given.GetValueOrDefault("buffer") is not { } written)
        {
            Report(ConcurrencyErrors.ChannelArguments(Source, At(call.Callee), $"`{form}` needs `.buffer`: how many values may wait in it", form));
            return ErrorAt(At(call));
        }
        var buffer = Check(written, Core.Int);
        if (ConstantInt(buffer) is { } size && size < least) Report(ConcurrencyErrors.BadBuffer(Source, At(written), form, size));
        return buffer;
    }

    private RecordType EndsOf(SigilType element, bool sharedProducer, bool sharedConsumer, string kind = "")
    {
        var producer = Core.Type(sharedProducer ? $"Shared{kind}Producer" : $"{kind}Producer");
        var consumer = Core.Type(sharedConsumer ? $"Shared{kind}Consumer" : $"{kind}Consumer");
        return new RecordType([new RecordField("producer", new NamedType(producer, [element])), new RecordField("consumer", new NamedType(consumer, [element]))]);
    }

    /// <summary>The sharing that a constant names; null after E6015.</summary>
    private ChannelSharing? SharingOf(Ast.Expression share)
    {
        var written = Unparenthesized(share);
        var word = written switch
        {
            Ast.NameExpression { At: null } name when LookupLocal(name.Name.Text) is null => name.Name.Text,
            Ast.MemberExpression { Receiver: Ast.NameExpression { Name.Text: "Sharing" } } member => member.Name.Text,
            _ => null,
        };
        if (word is not null && Enum.TryParse<ChannelSharing>(word, out var sharing) && !char.IsDigit(word[0])) return sharing;
        Report(ConcurrencyErrors.SharingNotConstant(Source, At(share)));
        if (word is null) InferLoosely(share);
        return null;
    }

    private static long? ConstantInt(TypedExpression value) => value switch
    {
        LiteralExpression { Value: long n } => n,
        UnaryExpression { Operator: UnaryOperator.Negate, Operand: LiteralExpression { Value: long n } } => unchecked(-n),
        _ => null,
    };
}
