using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>Marks values of type <typeparamref name="T"/> as shared; costs nothing for types that hold nothing updatable.</summary>
public static class Sharing<T>
{
    private static readonly Sharer<T>? sharer = Sharers.For<T>();

    /// <summary>Whether values of this type can hold lists, maps or sets. A constant for the JIT when T is a value type.</summary>
    public static bool Matters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sharer != null;
    }

    /// <summary>Marks one value and returns it: what a copying use of a place does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Mark(T value)
    {
        if (sharer != null)
            sharer.Mark(value);
        return value;
    }

    /// <summary>Marks every element: what copying a buffer does, because its elements are then reachable from two buffers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MarkAll(ReadOnlySpan<T> items)
    {
        if (sharer != null)
            sharer.MarkAll(items);
    }
}

internal abstract class Sharer<T>
{
    public abstract void Mark(T value);

    public virtual void MarkAll(ReadOnlySpan<T> items)
    {
        foreach (var item in items)
            Mark(item);
    }
}

/// <summary>Chooses the sharer of a type, once per instantiation.</summary>
internal static class Sharers
{
    public static Sharer<T>? For<T>() => (Sharer<T>?)For(typeof(T));

    private static object? For(Type type)
    {
        if (typeof(ISharable).IsAssignableFrom(type))
            return Make(type.IsValueType ? typeof(StructSharer<>) : typeof(ReferenceSharer<>), type);
        // Trait objects; which of them can change is known by the object.
        if (type.IsInterface)
            return Make(typeof(InterfaceSharer<>), type);
        if (!type.IsGenericType || !type.IsValueType)
            return null;

        var parts = type.GetGenericArguments();
        if (!Array.Exists(parts, part => For(part) != null))
            return null;

        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(Option<>))
            return Make(typeof(OptionSharer<>), parts);
        if (definition == typeof(Result<,>))
            return Make(typeof(ResultSharer<,>), parts);
        if (definition == typeof(ValueTuple<>))
            return Make(typeof(Tuple1Sharer<>), parts);
        if (definition == typeof(ValueTuple<,>))
            return Make(typeof(Tuple2Sharer<,>), parts);
        if (definition == typeof(ValueTuple<,,>))
            return Make(typeof(Tuple3Sharer<,,>), parts);
        if (definition == typeof(ValueTuple<,,,>))
            return Make(typeof(Tuple4Sharer<,,,>), parts);
        if (definition == typeof(ValueTuple<,,,,>))
            return Make(typeof(Tuple5Sharer<,,,,>), parts);
        if (definition == typeof(ValueTuple<,,,,,>))
            return Make(typeof(Tuple6Sharer<,,,,,>), parts);
        if (definition == typeof(ValueTuple<,,,,,,>))
            return Make(typeof(Tuple7Sharer<,,,,,,>), parts);
        if (definition == typeof(ValueTuple<,,,,,,,>))
            return Make(typeof(Tuple8Sharer<,,,,,,,>), parts);
        return null;
    }

    private static object? Make(Type definition, params Type[] arguments) =>
        Activator.CreateInstance(definition.MakeGenericType(arguments));
}

internal sealed class ReferenceSharer<T> : Sharer<T> where T : class, ISharable
{
    // A null element is an unused slot (struct defaults, cleared tails), never a value.
    public override void Mark(T value) => value?.MarkShared();
}

internal sealed class InterfaceSharer<T> : Sharer<T> where T : class
{
    public override void Mark(T value) => DynamicValue.Mark(value);
}

internal sealed class StructSharer<T> : Sharer<T> where T : struct, ISharable
{
    public override void Mark(T value) => value.MarkShared();
}

internal sealed class OptionSharer<T> : Sharer<Option<T>>
{
    public override void Mark(Option<T> value)
    {
        if (value.HasValue)
            Sharing<T>.Mark(value.Value);
    }
}

internal sealed class ResultSharer<T, E> : Sharer<Result<T, E>>
{
    public override void Mark(Result<T, E> value)
    {
        if (value.IsOk)
            Sharing<T>.Mark(value.OkValue);
        else
            Sharing<E>.Mark(value.ErrValue);
    }
}
