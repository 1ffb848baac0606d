using System.Collections.Immutable;
using System.Text;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Dispatch over the kinds of expressions; literals, tuples, lists, maps, templates.
public sealed partial class BodyChecker
{
    /// <summary>Checks an expression. The expectation guides inference; the caller converts the result to it.</summary>
    private TypedExpression Visit(Ast.Expression e, Expectation expected) => e switch
    {
        Ast.LiteralExpression x => Literal(x, expected),
        Ast.NameExpression x => Name(x, expected),
        Ast.SelfExpression x => Self(x),
        Ast.CallExpression x => Call(x, expected),
        Ast.MemberExpression x => Member(x, expected),
        Ast.TupleIndexExpression x => TupleIndex(x),
        Ast.IndexExpression x => Index(x),
        Ast.BinaryExpression x => Binary(x, expected),
        Ast.UnaryExpression x => Unary(x, expected),
        Ast.ParenthesizedExpression x => Visit(x.Expression, expected),
        Ast.RunExpression x => Run(x, expected),
        Ast.IfExpression x => If(x, expected),
        Ast.MatchExpression x => CheckMatch(x, expected),
        Ast.LambdaExpression x => Lambda(x, expected.Type, isBorrowed: false),
        Ast.TemplateExpression x => Template(x),
        Ast.ListExpression x => List(x, expected),
        Ast.TupleExpression x => Tuple(x, expected),
        Ast.StructLiteral x => Struct(x, expected),
        Ast.RecordLiteral x => Record(x, expected),
        Ast.MapLiteral x => MapOf(x, expected),
        Ast.RangeExpression x => Range(x, expected),
        Ast.ForExpression x => For(x, expected),
        Ast.WhileExpression x => While(x),
        Ast.LoopExpression x => Loop(x, expected),
        Ast.BreakExpression x => Break(x),
        Ast.ContinueExpression x => Continue(x),
        Ast.TryExpression x => Try(x, expected),
        Ast.QuestionExpression x => Question(x),
        Ast.AssignExpression x => Assign(x),
        Ast.WithCapabilityExpression x => WithCapability(x, expected),
        Ast.CapabilityPrefixExpression x => MakeObject(x, expected),
        Ast.ConfigExpression x => Config(x),
        Ast.HashExpression x => Hash(x),
        Ast.UnitExpression => new LiteralExpression { Value = null, Type = Core.Void, Span = At(e) },
        Ast.SelectExpression x => CheckSelect(x, expected),
        Ast.ValidateExpression x => CheckValidate(x, expected),
        Ast.ForSearchExpression x => CheckForSearch(x, expected),
        Ast.OperatorExpression x => OperatorValue(x, expected),
        Ast.LendExpression x => LendOutsideCall(x, expected),
        // Missing parts were reported by the parser.
        _ => ErrorAt(At(e)),
    };

    private TypedExpression Literal(Ast.LiteralExpression e, Expectation expected)
    {
        var at = At(e);
        switch (e.LiteralKind)
        {
            case Ast.LiteralKind.Int:
                long n = e.Value is long l ? l : 0;
                if (expected.Known is { } t && Underlying(t) is NamedType b && b.Definition == Core.ByteSymbol) return ByteLiteral(n, at);
                return new LiteralExpression { Value = n, Type = Core.Int, Span = at };
            case Ast.LiteralKind.Float: return new LiteralExpression { Value = e.Value is double d ? d : 0.0, Type = Core.Float, Span = at };
            case Ast.LiteralKind.String: return new LiteralExpression { Value = e.Value as string ?? "", Type = Core.Str, Span = at };
            case Ast.LiteralKind.Char: return new LiteralExpression { Value = e.Value is Rune r ? r.Value : 0, Type = Core.Char, Span = at };
            case Ast.LiteralKind.Bool: return new LiteralExpression { Value = e.Value is true, Type = Core.Bool, Span = at };
            case Ast.LiteralKind.Duration: return new LiteralExpression { Value = e.Value is long ns ? ns : 0, Type = Core.Duration, Span = at };
            default: return new LiteralExpression { Value = e.Value is long size ? size : 0, Type = Core.Size, Span = at };
        }
    }

    private TypedExpression ByteLiteral(long n, TextSpan at)
    {
        if (n is < 0 or > 255)
        {
            Report(TypeErrors.LiteralOutsideByte(Source, at, n.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return ErrorAt(at);
        }
        return new LiteralExpression { Value = (byte)n, Type = Core.Byte, Span = at };
    }

    private TypedExpression Config(Ast.ConfigExpression e)
    {
        var at = At(e);
        var found = scope.LookupConfig(e.Name.Text);
        if (found.IsAmbiguous)
        {
            Report(LocalNameErrors.Ambiguous(Source, at, "$" + e.Name.Text, "from " + string.Join(" or ", found.AmbiguousModules)));
            return ErrorAt(at);
        }
        if (found.Single is not ConfigSymbol config)
        {
            if (!scope.FailedImports.Contains("$" + e.Name.Text)) Report(LocalNameErrors.UnknownConfig(Source, at, e.Name.Text, Modules.Spelling.Closest(e.Name.Text, scope.ConfigNames)));
            return ErrorAt(at);
        }
        return new LiteralExpression { Value = config.Value, Type = config.Type, Span = at };
    }

    private TypedExpression Template(Ast.TemplateExpression e)
    {
        var parts = ImmutableArray.CreateBuilder<TypedExpression>(e.Parts.Length);
        foreach (var part in e.Parts)
        {
            if (part is Ast.TemplateText text) parts.Add(new LiteralExpression { Value = text.Value, Type = Core.Str, Span = At(text) });
            else if (part is Ast.TemplateHole hole) parts.Add(TextOf(Infer(hole.Expression), At(hole.Expression)));
        }
        return new TemplateExpression { Parts = parts.ToImmutable(), Type = Core.Str, Span = At(e) };
    }

    // A str as it is, anything else by to_string.
    private TypedExpression TextOf(TypedExpression value, TextSpan at)
    {
        var receiver = ThroughCapability(value) ?? value;
        var type = receiver.Type.Resolve();
        if (type is BorrowType b) type = b.Target.Resolve();
        if (type is ErrorType) return value;
        if (type is NamedType n && n.Definition == Core.StrSymbol) return Decay(receiver);
        var printable = Core.Trait("Printable");
        Require(type, new TraitReference(printable), at, null, t => IsVoid(t) ? TypeErrors.VoidValue(Source, at, "Printable") : TypeErrors.NotPrintable(Source, at, t.ToString()));
        return new CallExpression
        {
            Function = printable.FindMethod("to_string")!,
            TypeArguments = [type],
            Arguments = [new Argument(-1, receiver, PassMode.Borrow)],
            Type = Core.Str,
            Span = at,
        };
    }

    private TypedExpression Tuple(Ast.TupleExpression e, Expectation expected)
    {
        var wanted = expected.Known as TupleType;
        if (wanted is not null && wanted.Elements.Length != e.Elements.Count) wanted = null;
        var elements = ImmutableArray.CreateBuilder<TypedExpression>(e.Elements.Count);
        var types = ImmutableArray.CreateBuilder<SigilType>(e.Elements.Count);
        for (int i = 0; i < e.Elements.Count; i++)
        {
            var element = wanted is not null ? Check(e.Elements[i], wanted.Elements[i]) : InferValue(e.Elements[i]);
            element = NeverAsUnknown(element);
            elements.Add(element);
            types.Add(wanted is not null ? wanted.Elements[i] : element.Type);
        }
        return new TupleExpression { Elements = elements.MoveToImmutable(), Type = new TupleType(types.MoveToImmutable()), Span = At(e) };
    }

    // A part that never comes to be does not fix the type of the whole.
    private TypedExpression NeverAsUnknown(TypedExpression e) => IsNever(e.Type) ? Convert(e, ConversionKind.NeverToAny, NewVariable()) : e;

    private TypedExpression List(Ast.ListExpression e, Expectation expected)
    {
        var at = At(e);
        SigilType element = expected.Known is NamedType n && n.Definition == Core.ListSymbol
            ? n.Arguments[0]
            : e.Elements.Count == 0 ? NewVariable(at, "this empty list") : NewVariable();
        var items = ImmutableArray.CreateBuilder<TypedExpression>(e.Elements.Count);
        foreach (var item in e.Elements) items.Add(Check(item, element));
        return new ListExpression { Elements = items.MoveToImmutable(), Type = Core.List(element), Span = at };
    }

    private TypedExpression MapOf(Ast.MapLiteral e, Expectation expected)
    {
        var at = At(e);
        SigilType key, value;
        if (expected.Known is NamedType n && n.Definition == Core.MapSymbol) (key, value) = (n.Arguments[0], n.Arguments[1]);
        else if (e.Entries.Count == 0)
        {
            // `{}` is also the literal of an empty struct or record where one is wanted.
            if (expected.Known is RecordType { Fields.Length: 0 } record) return new StructExpression { Fields = [], Type = record, Span = at };
            if (expected.Known is NamedType { Definition.Kind: TypeKind.Struct } s) return StructFields(s, [], at, at);
            (key, value) = (NewVariable(at, "this empty map"), NewVariable(at, "this empty map"));
        }
        else (key, value) = (NewVariable(), NewVariable());
        var entries = ImmutableArray.CreateBuilder<(TypedExpression, TypedExpression)>(e.Entries.Count);
        foreach (var entry in e.Entries) entries.Add((Check(entry.Key, key), Check(entry.Value, value)));
        if (!e.Entries.IsEmpty)
        {
            Require(key, new TraitReference(Core.Trait("Eq")), At(e.Entries[0].Key), "a map key");
            Require(key, new TraitReference(Core.Trait("Hashable")), At(e.Entries[0].Key), "a map key");
        }
        return new MapExpression { Entries = entries.MoveToImmutable(), Type = Core.Map(key, value), Span = at };
    }

    private TypedExpression Range(Ast.RangeExpression e, Expectation expected)
    {
        var at = At(e);
        // An open end outside an index was reported by the parser.
        if (e.Start is null || e.End is null) return ErrorAt(at);
        // So was a chain.
        if (e.Start is Ast.RangeExpression)
        {
            Quietly(() => Pair(e.Start, e.End, null));
            return ErrorAt(at);
        }
        SigilType? bound = expected.Known is NamedType n && n.Definition == Core.RangeSymbol ? n.Arguments[0] : null;
        var (start, end) = Pair(e.Start, e.End, bound);
        if (IsError(start.Type) || IsError(end.Type)) return ErrorAt(at);
        if (!Unify(start.Type, end.Type))
        {
            Report(TypeErrors.OperatorUndefined(Source, at, e.Operator.Text, Zonk(start.Type).ToString(), Zonk(end.Type).ToString(), "both ends have one type"));
            return ErrorAt(at);
        }
        Require(start.Type, new TraitReference(Core.Trait("Comparable")), at, "a range");
        return new RangeExpression { Start = start, End = end, IsInclusive = e.IsInclusive, Type = Core.Range(start.Type), Span = at };
    }

    private TypedExpression Hash(Ast.HashExpression e)
    {
        var at = At(e);
        // Outside an index or method argument the parser has reported it.
        if (measured.Count == 0) return ErrorAt(at);
        return new LengthExpression { ReceiverType = measured[^1], Type = Core.Int, Span = at };
    }

    private TypedExpression MakeObject(Ast.CapabilityPrefixExpression e, Expectation expected)
    {
        var modifier = e.Capability switch
        {
            Ast.ReferenceCapability.Iso => CapabilityModifier.Iso,
            Ast.ReferenceCapability.Val => CapabilityModifier.Val,
            _ => CapabilityModifier.Ref,
        };
        var content = expected.Known is CapabilityType c && c.Modifier == modifier
            ? Check(e.Operand, c.Target)
            : expected.Known is FunctionType f && e.Operand is Ast.LambdaExpression
                ? Check(e.Operand, f.WithKind(FunctionKind.Plain))
                : InferValue(e.Operand);
        if (IsError(content.Type)) return content;
        if (modifier == CapabilityModifier.Ref) RequireCopyable(content.Type, At(e), "behind a `ref`, which may have several names");
        else if (modifier == CapabilityModifier.Val) RequireSharable(content.Type, At(e));
        return Convert(content, ConversionKind.MakeObject, CapabilityTypes.Make(modifier, content.Type));
    }
}
