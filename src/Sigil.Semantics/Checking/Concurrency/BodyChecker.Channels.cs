using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// channel<T>(.buffer: n, .share: s), ipc_channel<T>(.buffer: n, .share: s)
public sealed partial class BodyChecker
{
    private TypedExpression Channel(Ast.NameExpression name, Ast.CallExpression call, string form)
    {
        var at = At(call);
        SigilType element = NewVariable();
        if (name.TypeArguments is { } written)
        {
            var given = resolver.ResolveArguments(written, typeScope, Hole);
            if (given is [var only]) element = only;
            else
            {
                Report(TypeErrors.TypeArgumentCount(Source, At(written), form, 1, given.Length));
                element = ErrorType.Instance;
            }
        }
        else element = NewVariable(at, "the type of the values of this channel");
        Ast.Expression? bufferValue = null, share = null;
        foreach (var argument in call.Arguments.Arguments)
        {
            var label = argument.Label?.Text ?? (bufferValue is null ? "buffer" : "share");
            if (label is not ("buffer" or "share"))
            {
                Report(ConcurrencyErrors.ChannelArguments(Source, At(argument), $"`{form}` has no argument `.{label}`"));
                InferLoosely(argument.Value);
            }
            else if ((label == "buffer" ? bufferValue : share) is not null)
            {
                Report(ConcurrencyErrors.ChannelArguments(Source, At(argument), $"`.{label}` is given twice"));
                InferLoosely(argument.Value);
            }
            else if (label == "buffer") bufferValue = argument.Value;
            else share = argument.Value;
        }
        var sharing = share is null ? ChannelSharing.Exclusive : SharingOf(share);
        TypedExpression buffer;
        if (bufferValue is null)
        {
            Report(ConcurrencyErrors.ChannelArguments(Source, At(call.Callee), $"`{form}` needs `.buffer`: how many values may wait in it"));
            buffer = ErrorAt(at);
        }
        else
        {
            buffer = Check(bufferValue, Core.Int);
            if (ConstantInt(buffer) is < 0 and var negative) Report(ConcurrencyErrors.NegativeBuffer(Source, At(bufferValue), negative));
        }
        // Without knowing the sharing any type of end would lead to wrong errors further on.
        if (sharing is not { } mode) return ErrorAt(at);
        var isInterProcess = form == "ipc_channel";
        var kind = isInterProcess ? "Ipc" : "";
        var producer = Core.Type(mode is ChannelSharing.Producers or ChannelSharing.Both ? $"Shared{kind}Producer" : $"{kind}Producer");
        var consumer = Core.Type(mode is ChannelSharing.Consumers or ChannelSharing.Both ? $"Shared{kind}Consumer" : $"{kind}Consumer");
        return new ChannelExpression
        {
            ElementType = element,
            Buffer = buffer,
            Sharing = mode,
            IsInterProcess = isInterProcess,
            Type = new RecordType([new RecordField("producer", new NamedType(producer, [element])), new RecordField("consumer", new NamedType(consumer, [element]))]),
            Span = at,
        };
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
