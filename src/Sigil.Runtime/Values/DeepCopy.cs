using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>One <c>clone()</c> of a <c>ref</c>: the graph of objects behind it, copied with its sharing and its cycles.</summary>
/// <remarks>
/// Each object is made when it is first met and filled later from a queue, so that a long chain of objects needs no deep stack.
/// The emitted code gives one function per type for the values inside; values that hold no <c>ref</c> are shared, as any copy is.
/// </remarks>
public sealed class DeepCopy
{
    private readonly Dictionary<object, object> made = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<Filling> open = new();

    private DeepCopy() { }

    /// <summary>Copies the graph behind an object.</summary>
    /// <param name="root">The object.</param>
    /// <param name="content">Copies the value in it.</param>
    public static Box<T> Of<T>(Box<T> root, Func<T, DeepCopy, T> content)
    {
        var copy = new DeepCopy();
        var result = copy.Object(root, content);
        while (copy.open.TryDequeue(out var next)) next.Fill(copy);
        return result;
    }

    /// <summary>The copy of one object: the same for every path that leads to it.</summary>
    public Box<T> Object<T>(Box<T> original, Func<T, DeepCopy, T> content)
    {
        if (made.TryGetValue(original, out var known)) return (Box<T>)known;
        var copy = new Box<T>(default!);
        made.Add(original, copy);
        open.Enqueue(new Filling<T>(original, copy, content));
        return copy;
    }

    /// <summary>A copy of every element.</summary>
    public SigilList<T> List<T>(SigilList<T> list, Func<T, DeepCopy, T> element)
    {
        var items = new T[list.Count];
        for (var i = 0; i < items.Length; i++) items[i] = element(list.ItemAt(i), this);
        return SigilList<T>.Of(items);
    }

    /// <summary>A copy of every value; keys hold no objects that could be written.</summary>
    public SigilMap<K, V> Map<K, V>(SigilMap<K, V> map, Func<V, DeepCopy, V> value)
    {
        var copy = SigilMap<K, V>.WithCapacity(map.Count);
        for (var i = map.NextIndex(0); i >= 0; i = map.NextIndex(i + 1)) copy.Put(Sharing<K>.Mark(map.KeyAt(i)), value(map.ValueAt(i), this));
        return copy;
    }

    /// <summary>A copy of what is there.</summary>
    public Option<T> Option<T>(Option<T> option, Func<T, DeepCopy, T> value) =>
        option.HasValue ? Values.Option<T>.Some(value(option.Value, this)) : default;

    /// <summary>A copy of either side.</summary>
    public Result<T, E> Result<T, E>(Result<T, E> result, Func<T, DeepCopy, T> ok, Func<E, DeepCopy, E> err) =>
        result.IsOk ? Values.Result<T, E>.Ok(ok(result.OkValue, this)) : Values.Result<T, E>.Err(err(result.ErrValue, this));

    /// <summary>A value without objects in it: it is copied like any value.</summary>
    public static T Plain<T>(T value, DeepCopy copy) => Sharing<T>.Mark(value);

    /// <summary>Called by the copies of types that contain themselves: a panic rather than the end of the process.</summary>
    public static void Enter() => RuntimeHelpers.EnsureSufficientExecutionStack();

    private abstract class Filling
    {
        public abstract void Fill(DeepCopy copy);
    }

    private sealed class Filling<T>(Box<T> original, Box<T> made, Func<T, DeepCopy, T> content) : Filling
    {
        public override void Fill(DeepCopy copy) => made.Value = content(original.Value, copy);
    }
}
