using System.Numerics;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// The results of a scope's children, in spawn order, while they come in. Who starts a child makes room first; the
/// child's end writes into its own slot, so no lock is needed.
/// </summary>
public abstract class ResultStore
{
    private protected ResultStore()
    {
    }

    /// <summary>One thread at a time, in ascending order: makes room for the result with this index.</summary>
    internal abstract void Reserve(int index);

    /// <summary>Drops the unique parts of a result that nobody will have.</summary>
    internal abstract void Drop(int index);
}

/// <inheritdoc/>
public sealed class ResultStore<R> : ResultStore
{
    internal const int FirstSize = 8;

    private const int FirstBits = 3;

    // Chunk k holds the results from 8·2^k to 16·2^k - 1: nothing is ever moved, and few results need no table.
    private readonly R[] _first = new R[FirstSize];
    private R[][]? _chunks;

    internal override void Reserve(int index)
    {
        if (index < FirstSize || !BitOperations.IsPow2(index)) return;
        _chunks ??= new R[31 - FirstBits][];
        _chunks[BitOperations.Log2((uint)index) - FirstBits] = new R[index];
    }

    internal void Set(int index, R value) => Slot(index) = value;

    internal R Get(int index) => Slot(index);

    internal override void Drop(int index)
    {
        if (Undelivered<R>.NeedsDrop) Undelivered<R>.Drop(Slot(index));
    }

    internal SigilList<R> ToList(int count) => SigilList<R>.Of(ToArray(count));

    internal R[] ToArray(int count)
    {
        var items = new R[count];
        var taken = Math.Min(count, FirstSize);
        Array.Copy(_first, items, taken);
        for (var chunk = 0; taken < count; chunk++)
        {
            var more = Math.Min(count - taken, FirstSize << chunk);

            // Elements that never started have no room.
            if (_chunks?[chunk] is { } results) Array.Copy(results, 0, items, taken, more);
            taken += more;
        }

        return items;
    }

    /// <summary>The chunk that begins with this result.</summary>
    internal ReadOnlySpan<R> Chunk(int first) => first == 0 ? _first : _chunks![BitOperations.Log2((uint)first) - FirstBits];

    private ref R Slot(int index)
    {
        if (index < FirstSize) return ref _first[index];
        var chunk = BitOperations.Log2((uint)index) - FirstBits;
        return ref _chunks![chunk][index - (FirstSize << chunk)];
    }
}
