using Sigil.Mir;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Properties.Tests.Interpretation;

// Values of the interpreter: long, double, bool, byte, int (char), string, and these. They are immutable, so that value
// semantics hold by construction: nothing of the runtime's sharing, in-place updates or representations is used.

/// <summary><c>()</c>.</summary>
internal sealed class UnitValue
{
    public static readonly UnitValue Instance = new();
}

/// <summary>A struct, record, tuple or newtype.</summary>
internal sealed record ProductValue(object?[] Fields);

/// <summary>A value of a sum type.</summary>
internal sealed record SumValue(VariantSymbol Variant, object?[] Fields);

internal sealed record ListValue(object?[] Items);

/// <summary>In the order of insertion.</summary>
internal sealed record MapValue((object? Key, object? Value)[] Entries)
{
    public int IndexOf(object? key) => Array.FindIndex(Entries, e => Structure.Same(e.Key, key));

    public MapValue With(object? key, object? value)
    {
        var at = IndexOf(key);
        if (at < 0) return new MapValue([.. Entries, (key, value)]);
        var changed = ((object? Key, object? Value)[])Entries.Clone();
        changed[at].Value = value;
        return new MapValue(changed);
    }
}

internal sealed record SetValue(object?[] Items)
{
    public bool Contains(object? item) => Array.Exists(Items, i => Structure.Same(i, item));
}

internal sealed record RangeValue(object Start, object End, bool IsInclusive, long Step = 1);

/// <summary>A function value.</summary>
internal abstract record FunctionValue;

internal sealed record ClosureValue(MirFunction Function, Substitution Substitution, object?[] Captures) : FunctionValue;

internal sealed record NamedFunctionValue(FunctionSymbol Function, System.Collections.Immutable.ImmutableArray<SigilType> TypeArguments) : FunctionValue;

/// <summary>A function of several parameters that is called with one tuple.</summary>
internal sealed record SpreadFunctionValue(FunctionValue Target) : FunctionValue;

/// <summary>A local variable. It is shared with whom it is lent to for writing.</summary>
internal sealed class Cell
{
    public object? Value { get; set; }
}

/// <summary>What is left of a value that was moved out of its variable.</summary>
internal sealed class MovedValue
{
    public static readonly MovedValue Instance = new();
}

/// <summary>Questions about the structure of values.</summary>
internal static class Structure
{
    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (double x, double y) => x == y,
        (ProductValue x, ProductValue y) => All(x.Fields, y.Fields),
        (SumValue x, SumValue y) => x.Variant == y.Variant && All(x.Fields, y.Fields),
        (ListValue x, ListValue y) => All(x.Items, y.Items),
        (SetValue x, SetValue y) => x.Items.Length == y.Items.Length && x.Items.All(y.Contains),
        (MapValue x, MapValue y) => x.Entries.Length == y.Entries.Length && x.Entries.All(e => y.IndexOf(e.Key) is >= 0 and var i && Same(e.Value, y.Entries[i].Value)),
        (RangeValue x, RangeValue y) => Same(x.Start, y.Start) && Same(x.End, y.End) && x.IsInclusive == y.IsInclusive && x.Step == y.Step,
        _ => Equals(a, b),
    };

    private static bool All(object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(p => Same(p.First, p.Second));

    /// <summary>Ends the ends of channels that a value holds.</summary>
    public static void Drop(object? value)
    {
        switch (value)
        {
            case ChannelEnd end: end.Close(); break;
            case ReceivedItems items: items.End.Close(); break;
            case ProductValue p: foreach (var f in p.Fields) Drop(f); break;
            case SumValue s: foreach (var f in s.Fields) Drop(f); break;
            case ListValue l: foreach (var f in l.Items) Drop(f); break;
            case MapValue m: foreach (var (_, v) in m.Entries) Drop(v); break;
            case ClosureValue c: foreach (var f in c.Captures) Drop(f); break;
        }
    }
}
