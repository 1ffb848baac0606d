using System.Collections.Immutable;
using Sigil.Mir.Building;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Structural;

/// <summary>Builds the methods that have no source because the structure of the type gives them: derives, tuples, records, clone.</summary>
internal sealed partial class StructuralBuilder : GraphAssembler
{
    private readonly SigilType self;
    private readonly TextSpan span;

    private StructuralBuilder(LoweringContext context, MirFunction function, SigilType self) : base(context, function)
    {
        this.self = self;
        span = function.Span;
    }

    /// <summary>The graph of a structural method for a concrete type.</summary>
    public static MirFunction Build(LoweringContext context, MethodTarget target)
    {
        var method = target.Function;
        var self = LoweringContext.Strip(target.Self);
        var substitution = new Substitution(method.AllTypeParameters, target.TypeArguments);
        var definition = (self as NamedType)?.Definition;
        var function = new MirFunction
        {
            Name = $"{self}.{method.Name}",
            Kind = MirFunctionKind.Structural,
            Symbol = method,
            Source = definition?.Source ?? method.Source ?? SourceText.FromString("", ""),
            Span = definition?.Source is null ? method.Span : definition.Span,
            ReturnType = Concrete(context, substitution, method.ReturnType),
        };
        var builder = new StructuralBuilder(context, function, self);
        if (EffectRules.HasReceiver(method))
            builder.NewLocal(self, MirLocalKind.Self, function.Span, mode: method.SelfKind == SelfKind.Owned ? MirParameterMode.Value : MirParameterMode.Borrow, name: "self");
        foreach (var p in method.Parameters)
        {
            var mode = p.Type.Resolve() is BorrowType b ? b.IsMutable ? MirParameterMode.BorrowMutable : MirParameterMode.Borrow : MirParameterMode.Value;
            builder.NewLocal(Concrete(context, substitution, p.Type), MirLocalKind.Parameter, function.Span, mode: mode, name: p.Name);
        }
        function.ParameterCount = function.Locals.Count;
        builder.Body(method);
        if (function.Blocks.Count > 0) builder.RemoveUnreachableBlocks();
        return function;
    }

    private static SigilType Concrete(LoweringContext context, Substitution substitution, SigilType type) =>
        context.Types.Normalize(substitution.Apply(LoweringContext.Strip(type)));

    private void Body(FunctionSymbol method)
    {
        switch (method.Name)
        {
            case "equals": Equals(); break;
            case "compare": CompareWith(); break;
            case "hash": Hash(); break;
            case "to_string": Text(Context.Core.Trait("Printable").FindMethod("nested_text")!); break;
            case "debug": Text(Context.Core.Trait("Debug").FindMethod("debug")!); break;
            case "clone" or "into" or "from" when Function.ReturnType == Function.Locals[0].Type:
                Terminate(new Return(Function.Locals[0].Mode == MirParameterMode.Value ? Take(0) : CopyOf(0)));
                break;
            case "into": Into(); break;
            case "default": Default(); break;
            case "to_json": ToJson(); break;
            case "from_json": FromJson(); break;
            case "append_json": AppendJson(); break;
            case "of_json_node": OfJsonNode(); break;
            default:
                Emit(new PanicInstruction { Message = StrConstant($"{method.Name} of {self} is not available in this version"), Span = span });
                Terminate(new Unreachable());
                break;
        }
    }

    // ---------- parts ----------

    private bool IsSum(out NamedType sum)
    {
        sum = (self as NamedType)!;
        return self is NamedType { Definition.Kind: TypeKind.Sum };
    }

    private IEnumerable<(MirPlace Mine, MirPlace Other, SigilType Type)> Fields()
    {
        var types = Context.Types.FieldTypes(self);
        for (var i = 0; i < types.Length; i++)
        {
            var step = new FieldProjection(i, LoweringContext.Strip(types[i]));
            yield return (MirPlace.Of(0).With(step), MirPlace.Of(1).With(step), step.Type);
        }
    }

    private IEnumerable<(MirPlace Mine, MirPlace Other, SigilType Type)> Payload(VariantSymbol variant)
    {
        var types = Context.Types.PayloadTypes(self, variant);
        for (var i = 0; i < types.Length; i++)
        {
            var step = new VariantProjection(variant, i, LoweringContext.Strip(types[i]));
            yield return (MirPlace.Of(0).With(step), MirPlace.Of(1).With(step), step.Type);
        }
    }

    /// <summary>Runs code per variant, chosen by a discriminant; variants without payload share one block when <paramref name="shared"/> is given.</summary>
    private void PerVariant(NamedType sum, int tag, Action<VariantSymbol> build, Action? shared)
    {
        var cases = new List<(long, int)>();
        var blocks = new List<(VariantSymbol Variant, MirBlock Block)>();
        foreach (var v in sum.Definition.Variants)
        {
            if (shared is not null && v.Fields.IsEmpty) continue;
            var block = NewBlock();
            cases.Add((v.Index, block.Index));
            blocks.Add((v, block));
        }
        var rest = NewBlock();
        if (cases.Count == 0) Goto(rest);
        else Terminate(new Switch(CopyOf(tag), [.. cases], rest.Index));
        foreach (var (variant, block) in blocks)
        {
            StartBlock(block);
            build(variant);
        }
        StartBlock(rest);
        if (shared is not null) shared();
        else Terminate(new Unreachable());
    }

    private int Tag(int local) => Compute(IntType, new DiscriminantRvalue(MirPlace.Of(local), self), span);

    private MirOperand Ask(string trait, string method, SigilType type, MirPlace receiver, MirPlace? argument, SigilType result)
    {
        var value = NewTemporary(result, span);
        ImmutableArray<MirArgument> arguments = argument is null ? [new BorrowArgument(receiver)] : [new BorrowArgument(receiver), new ValueArgument(new CopyOperand(argument))];
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(value),
            Callee = new StaticCallee(Context.Core.Trait(trait).FindMethod(method)!, [type], EffectVariant.Plain),
            Arguments = arguments,
            ResultType = result,
            Span = span,
        });
        return Take(value);
    }

    private static bool ComparesDirectly(SigilType type) => type is NamedType
    {
        Definition.Kind: TypeKind.Int or TypeKind.Bool or TypeKind.Byte or TypeKind.Char or TypeKind.Str or TypeKind.Float or TypeKind.Duration or TypeKind.Size,
    };

    private void ReturnUnless(MirOperand truth, MirOperand otherwise)
    {
        var go = NewBlock();
        var leave = NewBlock();
        Terminate(new Branch(truth, go.Index, leave.Index));
        StartBlock(leave);
        Terminate(new Return(otherwise));
        StartBlock(go);
    }

    // ---------- Eq, Comparable, Hashable ----------

    private void Equals()
    {
        if (!IsSum(out var sum))
        {
            EqualParts(Fields());
            return;
        }
        var mine = Tag(0);
        var other = Tag(1);
        ReturnUnless(Compare(BinaryOperator.Equal, CopyOf(mine), Take(other), IntType, span), BoolConstant(false));
        PerVariant(sum, mine, v => EqualParts(Payload(v)), () => Terminate(new Return(BoolConstant(true))));
    }

    private void EqualParts(IEnumerable<(MirPlace Mine, MirPlace Other, SigilType Type)> parts)
    {
        foreach (var (mine, other, type) in parts)
        {
            var same = ComparesDirectly(type)
                ? Compare(BinaryOperator.Equal, new CopyOperand(mine), new CopyOperand(other), type, span)
                : Ask("Eq", "equals", type, mine, other, BoolType);
            ReturnUnless(same, BoolConstant(false));
        }
        Terminate(new Return(BoolConstant(true)));
    }

    private MirOperand Ordering(string variant)
    {
        var type = Function.ReturnType;
        return Take(Compute(type, new VariantRvalue(type, Variant("Ordering", variant), []), span));
    }

    private void CompareWith()
    {
        if (!IsSum(out var sum))
        {
            CompareParts(Fields());
            return;
        }
        var mine = Tag(0);
        var other = Tag(1);
        var same = NewBlock();
        var differs = NewBlock();
        var less = NewBlock();
        var greater = NewBlock();
        Terminate(new Branch(Compare(BinaryOperator.Equal, CopyOf(mine), CopyOf(other), IntType, span), same.Index, differs.Index));
        StartBlock(differs);
        Terminate(new Branch(Compare(BinaryOperator.Less, CopyOf(mine), CopyOf(other), IntType, span), less.Index, greater.Index));
        StartBlock(less);
        Terminate(new Return(Ordering("Less")));
        StartBlock(greater);
        Terminate(new Return(Ordering("Greater")));
        StartBlock(same);
        PerVariant(sum, mine, v => CompareParts(Payload(v)), () => Terminate(new Return(Ordering("Equal"))));
    }

    private void CompareParts(IEnumerable<(MirPlace Mine, MirPlace Other, SigilType Type)> parts)
    {
        foreach (var (mine, other, type) in parts)
        {
            var result = NewTemporary(Function.ReturnType, span);
            Assign(result, Ask("Comparable", "compare", type, mine, other, Function.ReturnType), span);
            var tag = Compute(IntType, new DiscriminantRvalue(MirPlace.Of(result), Function.ReturnType), span);
            ReturnUnless(Compare(BinaryOperator.Equal, Take(tag), IntConstant(Variant("Ordering", "Equal").Index), IntType, span), CopyOf(result));
        }
        Terminate(new Return(Ordering("Equal")));
    }

    private void Hash()
    {
        if (!IsSum(out var sum))
        {
            HashParts(IntConstant(17), Fields());
            return;
        }
        var tag = Tag(0);
        PerVariant(sum, tag, v => HashParts(IntConstant(v.Index + 1), Payload(v)), () => Terminate(new Return(CopyOf(tag))));
    }

    // Each part goes through one round of xorshift, which no arithmetic overflow can stop.
    private void HashParts(MirOperand start, IEnumerable<(MirPlace Mine, MirPlace Other, SigilType Type)> parts)
    {
        var hash = start;
        foreach (var (mine, _, type) in parts)
        {
            hash = Bits(BinaryOperator.BitXor, hash, Ask("Hashable", "hash", type, mine, null, IntType));
            hash = Scramble(hash, BinaryOperator.ShiftLeft, 13);
            hash = Scramble(hash, BinaryOperator.ShiftRight, 7);
            hash = Scramble(hash, BinaryOperator.ShiftLeft, 17);
        }
        Terminate(new Return(hash));
    }

    private MirOperand Scramble(MirOperand hash, BinaryOperator shift, int count)
    {
        var held = hash is MoveOperand m ? new CopyOperand(m.Place) : hash;
        return Bits(BinaryOperator.BitXor, held, Bits(shift, held, IntConstant(count)));
    }

    private MirOperand Bits(BinaryOperator @operator, MirOperand left, MirOperand right) =>
        Take(Compute(IntType, new BinaryRvalue(@operator, left, right, IntType, IntType), span));

    // ---------- Printable, Debug ----------

    private void Text(FunctionSymbol partText)
    {
        if (!IsSum(out var sum))
        {
            ReturnText(ProductText(partText));
            return;
        }
        var tag = Tag(0);
        PerVariant(sum, tag, v => ReturnText(VariantText(v, partText)), null);
    }

    private void ReturnText(List<MirOperand> parts)
    {
        // Neighbouring constants become one.
        var joined = new List<MirOperand>();
        foreach (var p in parts)
        {
            if (p is ConstantOperand { Value: string s } && joined.LastOrDefault() is ConstantOperand { Value: string before }) joined[^1] = StrConstant(before + s);
            else joined.Add(p);
        }
        Terminate(new Return(joined.Count == 1 ? joined[0] : Take(Compute(StrType, new ConcatRvalue([.. joined]), span))));
    }

    private MirOperand PartText(FunctionSymbol partText, MirPlace place, SigilType type)
    {
        var value = NewTemporary(StrType, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(value),
            Callee = new StaticCallee(partText, [type], EffectVariant.Plain),
            Arguments = [new BorrowArgument(place)],
            ResultType = StrType,
            Span = span,
        });
        return Take(value);
    }

    private List<MirOperand> ProductText(FunctionSymbol partText)
    {
        var parts = new List<MirOperand>();
        IReadOnlyList<string>? names = null;
        string open, close;
        switch (self)
        {
            case NamedType { Definition: { Kind: TypeKind.Struct } d }:
                names = [.. d.Fields.Select(f => f.Name)];
                (open, close) = ($"{d.Name} {{ ", " }");
                break;
            case RecordType r:
                names = [.. r.Fields.Select(f => f.Name)];
                (open, close) = ("{ ", " }");
                break;
            case NamedType { Definition: { Kind: TypeKind.Newtype } d }:
                (open, close) = ($"{d.Name}(", ")");
                break;
            default:
                (open, close) = ("(", ")");
                break;
        }
        var fields = Fields().ToList();
        if (fields.Count == 0) return [StrConstant(open.TrimEnd() + close.TrimStart())];
        parts.Add(StrConstant(open));
        for (var i = 0; i < fields.Count; i++)
        {
            if (i > 0) parts.Add(StrConstant(", "));
            if (names is not null) parts.Add(StrConstant(names[i] + ": "));
            parts.Add(PartText(partText, fields[i].Mine, fields[i].Type));
        }
        parts.Add(StrConstant(close));
        return parts;
    }

    private List<MirOperand> VariantText(VariantSymbol variant, FunctionSymbol partText)
    {
        var parts = new List<MirOperand> { StrConstant(variant.Name) };
        var payload = Payload(variant).ToList();
        if (payload.Count == 0) return parts;
        parts.Add(StrConstant("("));
        for (var i = 0; i < payload.Count; i++)
        {
            if (i > 0) parts.Add(StrConstant(", "));
            if (variant.Fields[i].Name is { } name) parts.Add(StrConstant(name + ": "));
            parts.Add(PartText(partText, payload[i].Mine, payload[i].Type));
        }
        parts.Add(StrConstant(")"));
        return parts;
    }

    // ---------- Into, Default ----------

    private void Into()
    {
        var from = Context.Core.Trait("From").FindMethod("from")!;
        var value = NewTemporary(Function.ReturnType, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(value),
            Callee = new StaticCallee(from, [Function.ReturnType, self], EffectVariant.Plain),
            Arguments = [new ValueArgument(CopyOf(0))],
            ResultType = Function.ReturnType,
            Span = span,
        });
        Terminate(new Return(Take(value)));
    }

    private void Default()
    {
        var method = Context.Core.Trait("Default").FindMethod("default")!;
        var types = Context.Types.FieldTypes(self);
        var declared = self is NamedType { Definition: { Kind: TypeKind.Struct, Fields: var f } } ? f : [];
        var fields = new List<FieldInitializer>();
        for (var i = 0; i < types.Length; i++)
        {
            // A default written at the field is filled in by the literal itself.
            if (i < declared.Length && declared[i].Default is not null) continue;
            fields.Add(new FieldInitializer(i, new CallExpression { Function = method, TypeArguments = [LoweringContext.Strip(types[i])], Arguments = [], Type = LoweringContext.Strip(types[i]), Span = span }));
        }
        Function.Blocks.Clear();
        FunctionBuilder.BuildExpression(Context, Function, new StructExpression { Fields = [.. fields], Type = self, Span = span });
    }
}
