using System.Collections.Immutable;
using System.Reflection;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Values;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Properties.Tests.Interpretation;

// Functions of the library without a body. Containers are the interpreter's own; what works on numbers and text alone is the runtime's.
internal sealed partial class Interpreter
{
    private static readonly Lazy<ILookup<string, MethodInfo>> Scalars = new(() => typeof(IntrinsicAttribute).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .Where(m => !m.IsGenericMethodDefinition && !m.DeclaringType!.IsGenericTypeDefinition)
        .SelectMany(m => m.GetCustomAttributes<IntrinsicAttribute>(false).Select(a => (a.Key, m)))
        .ToLookup(p => p.Key, p => p.m));

    private static string KeyOf(FunctionSymbol function)
    {
        var key = function.Intrinsic ?? function.Name;
        if (key.StartsWith("prelude.", StringComparison.Ordinal)) key = key["prelude.".Length..];
        return key.StartsWith("List.", StringComparison.Ordinal) || key.StartsWith("Map.", StringComparison.Ordinal) || key.StartsWith("Set.", StringComparison.Ordinal) || key.StartsWith("Range.", StringComparison.Ordinal)
            ? char.ToLowerInvariant(key[0]) + key[1..] : key;
    }

    private object? CallIntrinsic(FunctionSymbol function, ImmutableArray<SigilType> typeArguments, object?[] given)
    {
        var key = KeyOf(function);
        var a = given.Select(x => x is Cell cell ? cell.Value : x).ToArray();
        switch (key)
        {
            case "print_line":
                lock (output) output.Append((string)a[0]!).Append('\n');
                return UnitValue.Instance;
            case "forget": return UnitValue.Instance;
            case "list_len" or "map_len" or "set_len" or "str_len": return LengthOf(a[0]!);
            case "join_texts": return string.Join((string)a[1]!, Items(a[0]).Select(x => (string)x!));
            case "list.append": return new ListValue([.. Items(a[0]), a[1]]);
            case "list.prepend": return new ListValue([a[1], .. Items(a[0])]);
            case "list.concat": return new ListValue([.. Items(a[0]), .. Items(a[1])]);
            case "list.reverse": return new ListValue([.. Items(a[0]).Reverse()]);
            case "list.pop": return new ListValue(Items(a[0]) is { Length: > 0 } full ? full[..^1] : []);
            case "list.set":
                {
                    var items = (object?[])Items(a[0]).Clone();
                    items[Within(a[1], items.Length)] = a[2];
                    return new ListValue(items);
                }
            case "list.insert":
                {
                    var items = Items(a[0]).ToList();
                    items.Insert(Within(a[1], items.Count + 1, items.Count), a[2]);
                    return new ListValue([.. items]);
                }
            case "list.remove":
                {
                    var items = Items(a[0]).ToList();
                    items.RemoveAt(Within(a[1], items.Count));
                    return new ListValue([.. items]);
                }
            case "list.slice": return Cut(a[0]!, (long)a[1]!, (long)a[2]!, LengthOf(a[0]!));
            case "list.cut":
                {
                    var length = LengthOf(a[0]!);
                    var start = Math.Clamp((long)a[1]!, 0, length);
                    return Cut(a[0]!, start, Math.Max(start, Math.Clamp((long)a[2]!, 0, length)), length);
                }
            case "map.has": return ((MapValue)a[0]!).IndexOf(a[1]) >= 0;
            case "map.insert": return ((MapValue)a[0]!).With(a[1], a[2]);
            case "map.remove": return new MapValue([.. ((MapValue)a[0]!).Entries.Where(e => !Structure.Same(e.Key, a[1]))]);
            case "map.keys": return new ListValue([.. ((MapValue)a[0]!).Entries.Select(e => e.Key)]);
            case "map.values": return new ListValue([.. ((MapValue)a[0]!).Entries.Select(e => e.Value)]);
            case "map.entries": return new ListValue([.. ((MapValue)a[0]!).Entries.Select(e => (object?)new ProductValue([e.Key, e.Value]))]);
            case "empty_set": return new SetValue([]);
            case "set.contains": return ((SetValue)a[0]!).Contains(a[1]);
            case "set.insert": return ((SetValue)a[0]!).Contains(a[1]) ? a[0] : new SetValue([.. ((SetValue)a[0]!).Items, a[1]]);
            case "set.remove": return new SetValue([.. ((SetValue)a[0]!).Items.Where(x => !Structure.Same(x, a[1]))]);
            case "set.to_list": return new ListValue(((SetValue)a[0]!).Items);
            case "set.from":
                {
                    var made = new SetValue([]);
                    foreach (var item in Items(a[0]))
                        if (!made.Contains(item)) made = new SetValue([.. made.Items, item]);
                    return made;
                }
            case "one_of": return typeArguments[0] is NamedType { Definition.Kind: TypeKind.Int } ? Optional(true, 1L) : typeArguments[0] is NamedType { Definition.Kind: TypeKind.Float } ? Optional(true, 1.0) : Optional(false, null);
            case "range_start": return ((RangeValue)a[0]!).Start;
            case "range_end": return ((RangeValue)a[0]!).End;
            case "range_inclusive": return ((RangeValue)a[0]!).IsInclusive;
            case "range_len_int": return (long)Elements((RangeValue)a[0]!).Count();
            case "range_to_list_int" or "range_to_list_char" or "range_to_list_byte": return new ListValue([.. Elements((RangeValue)a[0]!)]);
            case "unwrap_failed":
                Panic.Unwrap((string)a[0]!, "");
                return null;
            case "Producer.send":
                ((ChannelEnd)a[0]!).Channel.Send(a[1]);
                return UnitValue.Instance;
            case "Producer.close" or "Consumer.close":
                ((ChannelEnd)a[0]!).Close();
                return UnitValue.Instance;
            case "SharedProducer.clone": return new ChannelEnd(((ChannelEnd)a[0]!).Channel, isProducer: true);
            case "SharedConsumer.clone": return new ChannelEnd(((ChannelEnd)a[0]!).Channel, isProducer: false);
            case "Consumer.receive": return ((ChannelEnd)a[0]!).Channel.Receive(out var received) ? Optional(true, received) : Optional(false, null);
            case "Producer.capacity" or "Consumer.capacity": return ((ChannelEnd)a[0]!).Channel.Capacity;
            case "yield_now": return UnitValue.Instance;
            default: return CallScalar(key, a);
        }
    }

    private static object?[] Items(object? list) => ((ListValue)list!).Items;

    private static int Within(object? index, int limit, int? length = null)
    {
        var i = (long)index!;
        if (i < 0 || i >= limit) Panic.IndexOutOfRange(i, length ?? limit, "");
        return (int)i;
    }

    private object? CallScalar(string key, object?[] arguments)
    {
        foreach (var method in Scalars.Value[key])
        {
            var parameters = method.GetParameters();
            var takesSite = parameters.Length == arguments.Length + 1 && parameters[^1].Name == "site";
            if (parameters.Length != arguments.Length && !takesSite) continue;
            if (!arguments.Select((x, i) => parameters[i].ParameterType.IsInstanceOfType(x)).All(fits => fits)) continue;
            try
            {
                return Imported(method.Invoke(null, takesSite ? [.. arguments, ""] : arguments));
            }
            catch (TargetInvocationException e) when (e.InnerException is SigilPanic panic)
            {
                throw new SigilPanic(panic.Info);
            }
        }
        throw new NotSupportedException($"the interpreter does not know the intrinsic '{key}' for ({string.Join(", ", arguments.Select(x => x?.GetType().Name))})");
    }

    /// <summary>A value of the runtime as one of the interpreter.</summary>
    private object? Imported(object? value) => value switch
    {
        null => UnitValue.Instance,
        Option<long> o => Optional(o.HasValue, o.Value),
        Option<double> o => Optional(o.HasValue, o.Value),
        Option<int> o => Optional(o.HasValue, o.Value),
        Option<string> o => Optional(o.HasValue, o.Value),
        SigilList<string> l => new ListValue([.. l.Span.ToArray()]),
        SigilList<int> l => new ListValue([.. l.Span.ToArray().Select(x => (object?)x)]),
        SigilList<long> l => new ListValue([.. l.Span.ToArray().Select(x => (object?)x)]),
        _ => value,
    };
}
