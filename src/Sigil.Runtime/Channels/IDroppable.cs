using System.Runtime.CompilerServices;

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

    // A container is droppable when one of its parts is.
    private static bool HoldsDroppable(Type type) =>
        type.IsConstructedGenericType && IsContainer(type)
            ? Array.Exists(type.GetGenericArguments(), HoldsDroppable)
            : typeof(IDroppable).IsAssignableFrom(type);

    private static bool IsContainer(Type type) =>
        type.GetGenericTypeDefinition() is var shape
        && (shape == typeof(Values.Result<,>) || shape == typeof(Values.Option<>) || shape == typeof(Values.SigilList<>) || typeof(ITuple).IsAssignableFrom(type));

    internal static void Drop(T value)
    {
        if (!NeedsDrop) return;
        if (value is IDroppable droppable) droppable.Drop();
        else if (value is ITuple tuple) DropParts(tuple);
    }

    private static void DropParts(ITuple tuple)
    {
        for (var i = 0; i < tuple.Length; i++)
        {
            if (tuple[i] is IDroppable droppable) droppable.Drop();
            else if (tuple[i] is ITuple inner) DropParts(inner);
        }
    }
}
