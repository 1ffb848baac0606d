using System.Numerics;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>The store of a group whose children yield an <typeparamref name="R"/>.</summary>
public abstract class GroupStore<R> : ResultStore
{
    private protected GroupStore()
    {
    }

    /// <summary>The end of the child with this index.</summary>
    internal abstract void Set(int index, in R result);
}

/// <summary>
/// Results while they come in, as their values alone: a third of the memory where a value is a number, and nothing for the collector to look
/// through. Errors stand beside, in chunks that are made when there is one.
/// </summary>
public sealed class OutcomeStore<T, E> : GroupStore<Result<T, E>>
{
    private readonly ResultStore<T> _values = new();
    private Failure[]?[]? _failures;

    internal override void Reserve(int index) => _values.Reserve(index);

    internal override void Set(int index, in Result<T, E> result)
    {
        if (result.IsOk) _values.Set(index, result.OkValue);
        else Fail(index, result.ErrValue);
    }

    internal override void Drop(int index)
    {
        if (Undelivered<Result<T, E>>.NeedsDrop) Undelivered<Result<T, E>>.Drop(Get(index));
    }

    internal Result<T, E> Get(int index)
    {
        var (chunk, place, _) = Locate(index);
        return _failures?[chunk]?[place] is { Is: true } failure ? Result<T, E>.Err(failure.Error) : Result<T, E>.Ok(_values.Get(index));
    }

    internal SigilList<Result<T, E>> ToList(int count)
    {
        var items = new Result<T, E>[count];
        for (var first = 0; first < count;)
        {
            var (chunk, _, size) = Locate(first);
            var values = _values.Chunk(first)[..Math.Min(size, count - first)];
            var results = items.AsSpan(first, values.Length);
            if (_failures?[chunk] is { } failures)
                for (var i = 0; i < results.Length; i++) results[i] = failures[i].Is ? Result<T, E>.Err(failures[i].Error) : Result<T, E>.Ok(values[i]);
            else
                for (var i = 0; i < results.Length; i++) results[i] = Result<T, E>.Ok(values[i]);
            first += results.Length;
        }

        return SigilList<Result<T, E>>.Of(items);
    }

    // Several children may be the first: one of them makes the chunk.
    private void Fail(int index, E error)
    {
        var (chunk, place, size) = Locate(index);
        var chunks = Atomic.Load(ref _failures);
        if (chunks is null)
        {
            chunks = new Failure[32][];
            chunks = Atomic.CompareExchange(ref _failures, chunks, null) ?? chunks;
        }

        var failures = Atomic.Load(ref chunks[chunk]);
        if (failures is null)
        {
            failures = new Failure[size];
            failures = Atomic.CompareExchange(ref chunks[chunk], failures, null) ?? failures;
        }

        failures[place] = new Failure(true, error);
    }

    // As in ResultStore: chunk 0 holds the first few, each further one as many as there are before it.
    private static (int Chunk, int Place, int Size) Locate(int index)
    {
        if (index < ResultStore<T>.FirstSize) return (0, index, ResultStore<T>.FirstSize);
        var size = 1 << BitOperations.Log2((uint)index);
        return (BitOperations.Log2((uint)index), index - size, size);
    }

    private readonly record struct Failure(bool Is, E Error);
}
