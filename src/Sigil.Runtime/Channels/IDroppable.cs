namespace Sigil.Runtime.Channels;

/// <summary>
/// A unique value that has to be told when it goes out of scope. Channels call it for values that are never
/// delivered; channel ends implement it, and so do emitted types with unique parts.
/// </summary>
public interface IDroppable
{
    /// <summary>Releases what the value owns; a second call has no effect.</summary>
    void Drop();
}

/// <summary>Drops values of a type known only to generic code.</summary>
internal static class Undelivered<T>
{
    // Constant after the first use, so that code for plain types loses the loop altogether.
    internal static readonly bool NeedsDrop = HoldsDroppable(typeof(T));

    // A result is droppable when one of its parts is.
    private static bool HoldsDroppable(Type type) =>
        type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Values.Result<,>)
            ? Array.Exists(type.GetGenericArguments(), HoldsDroppable)
            : typeof(IDroppable).IsAssignableFrom(type);

    internal static void Drop(T value)
    {
        if (NeedsDrop) (value as IDroppable)?.Drop();
    }
}
