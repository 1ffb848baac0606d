using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

// Conversions that the checker has put in: between capabilities, to objects, of errors.
internal sealed partial class FunctionBuilder
{
    private void Convert(ConversionExpression c, int target)
    {
        var from = LoweringContext.Strip(c.Operand.Type);
        var to = LoweringContext.Strip(c.Type);
        switch (c.Kind)
        {
            case ConversionKind.CopyBorrow:
                Into(c.Operand, target);
                break;
            case ConversionKind.NeverToAny:
                Discard(c.Operand);
                break;
            case ConversionKind.Discard:
                Discard(c.Operand);
                Assign(target, Unit, c.Span);
                break;
            case ConversionKind.MakeObject:
                Assign(target, new MakeObjectRvalue(Operand(c.Operand), to), c.Span);
                break;
            case ConversionKind.Function when to is FunctionType wanted && from is FunctionType given && !readersLent.Contains(c) && OwnsWhatIsRead(given, wanted):
                Adapter(Operand(c.Operand), given, wanted, isLent: false, target, c.Span);
                break;
            case ConversionKind.Function when to is FunctionType wanted && c.Operand is LambdaExpression lambda:
                Closure(lambda, wanted, target);
                break;
            case ConversionKind.Function when to is FunctionType wanted && from is FunctionType given && given.Parameters.Length > 1 && wanted.Parameters.Length == 1:
                TupleAdapter(Operand(c.Operand), given, wanted, target, c.Span);
                break;
            case ConversionKind.Function when to is FunctionType wanted && from is FunctionType given && given.Parameters.Length == wanted.Parameters.Length && TakesFromHere(given, wanted):
                Adapter(Operand(c.Operand), given, wanted, isLent: readersLent.Contains(c), target, c.Span);
                break;
            case ConversionKind.ResultError:
                ConvertError(c, from, to, target);
                break;
            default:
                Assign(target, new ConvertRvalue(c.Kind, Operand(c.Operand), from, to), c.Span);
                break;
        }
    }

    /// <summary>A Result in tail position: Ok stays, the error goes through <c>from</c>.</summary>
    private void ConvertError(ConversionExpression c, SigilType from, SigilType to, int target)
    {
        var place = Scrutinee(c.Operand);
        var (ok, err) = WrapperVariants(from);
        var good = NewBlock();
        var bad = NewBlock();
        var end = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(place, from), c.Span);
        Terminate(new Switch(Take(tag), [(ok.Index, good.Index)], bad.Index));
        StartBlock(good);
        Assign(target, new VariantRvalue(to, ok, [Read(Payload(place, from, ok, 0), PayloadType(from, ok, 0), c.Span)]), c.Span);
        Goto(end);
        StartBlock(bad);
        var error = ConvertedError(Read(Payload(place, from, err, 0), PayloadType(from, err, 0), c.Span), c.Method, c.MethodTypeArguments, PayloadType(to, err, 0), c.Span);
        Assign(target, new VariantRvalue(to, err, [error]), c.Span);
        Goto(end);
        StartBlock(end);
    }

    private MirOperand ConvertedError(MirOperand error, FunctionSymbol? from, ImmutableArray<SigilType> typeArguments, SigilType wanted, TextSpan span)
    {
        if (from is null) return error;
        var converted = NewTemporary(wanted, span);
        Emit(new CallInstruction
        {
            Target = MirPlace.Of(converted),
            Callee = new StaticCallee(from, typeArguments, EffectVariant.Plain),
            Arguments = [new ValueArgument(error)],
            ResultType = LoweringContext.Strip(wanted),
            Span = span,
        });
        ScheduleDrop(converted, span);
        return Take(converted);
    }
}
