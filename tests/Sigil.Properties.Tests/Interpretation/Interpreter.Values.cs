using System.Text;
using Sigil.Mir;
using Sigil.Runtime.Panics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Properties.Tests.Interpretation;

// Places, operands and right sides.
internal sealed partial class Interpreter
{
    private static object? Read(Activation f, MirOperand operand)
    {
        switch (operand)
        {
            case ConstantOperand constant: return Constant(constant);
            case CopyOperand copy: return Read(f, copy.Place);
            case MoveOperand move:
                {
                    var value = Read(f, move.Place);
                    // A later read is a mistake of the analyses.
                    if (move.Place.IsLocal && f.Function.Locals[move.Place.Local].Mode != MirParameterMode.BorrowMutable) f.Locals[move.Place.Local] = new Cell { Value = MovedValue.Instance };
                    return value;
                }
            default: throw Unsupported(operand);
        }
    }

    private static object? Constant(ConstantOperand constant) => constant.Value switch
    {
        null => UnitValue.Instance,
        long n when constant.Type is NamedType { Definition.Kind: TypeKind.Byte } => (byte)n,
        var value => value,
    };

    private static object? Read(Activation f, MirPlace place)
    {
        var value = f.Locals[place.Local].Value;
        if (value is MovedValue) throw new InvalidOperationException($"{f.Function.Name} reads _{place.Local} ({f.Function.Locals[place.Local].Name}) after it was moved");
        foreach (var step in place.Path) value = Step(f, value, step);
        return value;
    }

    private static object? Step(Activation f, object? value, MirProjection step) => step switch
    {
        FieldProjection field => ((ProductValue)value!).Fields[field.Index],
        VariantProjection part => ((SumValue)value!).Fields[part.Index],
        ElementProjection element => ((ListValue)value!).Items[Index(f, element, (ListValue)value)],
        ConstantElementProjection constant => ((ListValue)value!).Items[Position(constant, (ListValue)value)],
        _ => throw Unsupported(step),
    };

    private static int Position(ConstantElementProjection step, ListValue list) => step.Position >= 0 ? step.Position : list.Items.Length + step.Position;

    private static int Index(Activation f, ElementProjection step, ListValue list)
    {
        var index = (long)f.Locals[step.IndexLocal].Value!;
        if (index < 0 || index >= list.Items.Length) Panic.IndexOutOfRange(index, list.Items.Length, "");
        return (int)index;
    }

    private static void Write(Activation f, MirPlace place, object? value)
    {
        if (place.IsLocal && f.Locals[place.Local].Value is MovedValue)
        {
            f.Locals[place.Local].Value = value;
            return;
        }
        f.Locals[place.Local].Value = Replace(f, f.Locals[place.Local].Value, place, 0, value);
    }

    private static object? Replace(Activation f, object? current, MirPlace place, int depth, object? value)
    {
        if (depth == place.Path.Length) return value;
        switch (place.Path[depth])
        {
            case FieldProjection field:
                {
                    var fields = (object?[])((ProductValue)current!).Fields.Clone();
                    fields[field.Index] = Replace(f, fields[field.Index], place, depth + 1, value);
                    return new ProductValue(fields);
                }
            case VariantProjection part:
                {
                    var sum = (SumValue)current!;
                    var fields = (object?[])sum.Fields.Clone();
                    fields[part.Index] = Replace(f, fields[part.Index], place, depth + 1, value);
                    return sum with { Fields = fields };
                }
            case ElementProjection or ConstantElementProjection:
                {
                    var list = (ListValue)current!;
                    var at = place.Path[depth] is ElementProjection e ? Index(f, e, list) : Position((ConstantElementProjection)place.Path[depth], list);
                    var items = (object?[])list.Items.Clone();
                    items[at] = Replace(f, items[at], place, depth + 1, value);
                    return new ListValue(items);
                }
            case RestProjection rest:
                {
                    var items = (object?[])((ListValue)current!).Items.Clone();
                    Array.Clear(items, rest.Front, items.Length - rest.Front - rest.Back);
                    return new ListValue(items);
                }
            default: throw Unsupported(place.Path[depth]);
        }
    }

    private object? Evaluate(Activation f, MirRvalue value)
    {
        switch (value)
        {
            case UseRvalue use: return Read(f, use.Operand);
            case UnaryRvalue unary: return Operators.Unary(unary.Operator, Read(f, unary.Operand)!);
            case BinaryRvalue binary: return Operators.Binary(binary.Operator, Read(f, binary.Left)!, Read(f, binary.Right)!);
            case ProductRvalue product: return new ProductValue([.. product.Fields.Select(x => Read(f, x))]);
            case VariantRvalue variant: return new SumValue(variant.Variant, [.. variant.Fields.Select(x => Read(f, x))]);
            case ListRvalue list: return new ListValue([.. list.Elements.Select(x => Read(f, x))]);
            case MapRvalue map: return map.Entries.Aggregate(new MapValue([]), (m, e) => m.With(Read(f, e.Key), Read(f, e.Value)));
            case RangeRvalue range: return new RangeValue(Read(f, range.Start)!, Read(f, range.End)!, range.IsInclusive);
            case ConcatRvalue concat: return string.Concat(concat.Parts.Select(p => (string)Read(f, p)!));
            case ClosureRvalue closure: return new ClosureValue(closure.Function, f.Substitution, Captures(f, closure.Captures));
            case FunctionRvalue named: return new NamedFunctionValue(named.Function, Concrete(named.TypeArguments, f.Substitution));
            case DiscriminantRvalue tag: return (long)((SumValue)Read(f, tag.Place)!).Variant.Index;
            case LengthRvalue length: return LengthOf(Read(f, length.Place)!);
            case RestRvalue rest: return new ListValue(((ListValue)Read(f, rest.Place)!).Items[rest.Front..^rest.Back]);
            case SliceRvalue slice: return Slice(f, slice);
            case LookupRvalue lookup: return Lookup(Read(f, lookup.Place)!, Read(f, lookup.Key)!);
            case ConvertRvalue convert: return Converted(f, convert);
            case ChannelRvalue channel:
                {
                    var made = new Channel((long)Read(f, channel.Buffer)!);
                    // The record's fields are alphabetical: consumer, producer.
                    return new ProductValue([new ChannelEnd(made, isProducer: false), new ChannelEnd(made, isProducer: true)]);
                }
            default: throw Unsupported(value);
        }
    }

    private static object? Converted(Activation f, ConvertRvalue convert)
    {
        var value = Read(f, convert.Operand);
        switch (convert.Kind)
        {
            case ConversionKind.Discard: return UnitValue.Instance;
            case ConversionKind.Function:
                return convert.From is FunctionType { Parameters.Length: > 1 } && convert.To is FunctionType { Parameters.Length: 1 } ? new SpreadFunctionValue((FunctionValue)value!) : value;
            case ConversionKind.NeverToAny or ConversionKind.CopyBorrow or ConversionKind.ToPlainRole: return value;
            default: throw Unsupported(convert);
        }
    }

    internal static long LengthOf(object value) => value switch
    {
        ListValue list => list.Items.Length,
        MapValue map => map.Entries.Length,
        SetValue set => set.Items.Length,
        string text => text.EnumerateRunes().Count(),
        _ => throw Unsupported(value),
    };

    private static object Slice(Activation f, SliceRvalue slice)
    {
        var whole = Read(f, slice.Place)!;
        var length = LengthOf(whole);
        var start = slice.Start is { } s ? (long)Read(f, s)! : 0;
        var end = slice.End is { } e ? (long)Read(f, e)! + (slice.EndInclusive ? 1 : 0) : length;
        return Cut(whole, start, end, length);
    }

    internal static object Cut(object whole, long start, long end, long length)
    {
        if (start < 0 || end > length || start > end) Panic.SliceOutOfRange(start, end, length, "");
        return whole is ListValue list ? new ListValue(list.Items[(int)start..(int)end])
            : string.Concat(((string)whole).EnumerateRunes().Skip((int)start).Take((int)(end - start)).Select(r => r.ToString()));
    }

    private object? Lookup(object whole, object key)
    {
        if (whole is MapValue map)
        {
            var at = map.IndexOf(key);
            return Optional(at >= 0, at >= 0 ? map.Entries[at].Value : null);
        }
        var text = (string)whole;
        var index = (long)key;
        if (index < 0 || index >= LengthOf(text)) Panic.IndexOutOfRange(index, LengthOf(text), "");
        return text.EnumerateRunes().ElementAt((int)index).Value;
    }

    private SumValue Optional(bool hasValue, object? value)
    {
        var option = types.Core.FindType("Option")!;
        return hasValue ? new SumValue(option.FindVariant("Some")!, [value]) : new SumValue(option.FindVariant("None")!, []);
    }

    private static IEnumerator<object?> Iterate(object? source, IterationKind kind) => kind switch
    {
        IterationKind.List => ((IEnumerable<object?>)((ListValue)source!).Items).GetEnumerator(),
        IterationKind.Map => ((MapValue)source!).Entries.Select(e => (object?)new ProductValue([e.Key, e.Value])).GetEnumerator(),
        IterationKind.Set => ((IEnumerable<object?>)((SetValue)source!).Items).GetEnumerator(),
        IterationKind.Str => ((string)source!).EnumerateRunes().Select(r => (object?)r.Value).ToList().GetEnumerator(),
        IterationKind.Range => Elements((RangeValue)source!).GetEnumerator(),
        IterationKind.Consumer => new ReceivedItems((ChannelEnd)source!),
        _ => throw new NotSupportedException($"the interpreter does not iterate over {kind}"),
    };

    internal static IEnumerable<object?> Elements(RangeValue range)
    {
        var start = Convert.ToInt64(range.Start, System.Globalization.CultureInfo.InvariantCulture);
        var end = Convert.ToInt64(range.End, System.Globalization.CultureInfo.InvariantCulture);
        for (var i = (Int128)start; range.Step > 0 ? i < end || (range.IsInclusive && i == end) : i > end || (range.IsInclusive && i == end); i += range.Step)
            yield return range.Start switch { byte => (byte)i, int => (int)i, _ => (object)(long)i };
    }
}
