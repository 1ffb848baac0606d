using System.Runtime.CompilerServices;
using Sigil.Runtime.Values;

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
    internal static readonly bool NeedsDrop = DropRule.HoldsDroppable(typeof(T));

    private static readonly bool[] _parts = DropRule.PartsOf(typeof(T));

    internal static void Drop(T value)
    {
        if (!NeedsDrop) return;
        if (value is IDroppable droppable) droppable.Drop();
        else if (value is ITuple tuple) DropParts(tuple);
    }

    // The static type of a part decides: an object that was isolated once may be shared by now.
    private static void DropParts(ITuple tuple)
    {
        for (var i = tuple.Length - 1; i >= 0; i--)
            if (_parts[i]) DropRule.DropPart(tuple[i], typeof(T), i);
    }
}

/// <summary>Which types can hold something that has to be told when it goes.</summary>
internal static class DropRule
{
    /// <summary>A container is droppable when one of its parts is; a function may own what it captures.</summary>
    internal static bool HoldsDroppable(Type type) =>
        type.IsConstructedGenericType && IsContainer(type)
            ? Array.Exists(type.GetGenericArguments(), HoldsDroppable)
            : typeof(IDroppable).IsAssignableFrom(type) || typeof(IFunction).IsAssignableFrom(type);

    /// <summary>The same for each part of a tuple.</summary>
    internal static bool[] PartsOf(Type type) => [.. PartTypes(type).Select(HoldsDroppable)];

    /// <summary>Drops a part of a tuple that may need it.</summary>
    internal static void DropPart(object? part, Type whole, int index)
    {
        if (part is IDroppable droppable) droppable.Drop();
        else if (part is ITuple inner)
        {
            var type = PartTypes(whole).ElementAt(index);
            var needed = PartsOf(type);
            for (var i = inner.Length - 1; i >= 0; i--)
                if (needed[i]) DropPart(inner[i], type, i);
        }
    }

    // From the eighth on the parts lie in a tuple of their own, which ITuple does not show.
    private static IEnumerable<Type> PartTypes(Type type)
    {
        if (!typeof(ITuple).IsAssignableFrom(type)) return [];
        var arguments = type.GetGenericArguments();
        return arguments.Length < 8 ? arguments : arguments[..7].Concat(PartTypes(arguments[7]));
    }

    private static bool IsContainer(Type type)
    {
        var shape = type.GetGenericTypeDefinition();
        return shape == typeof(Result<,>) || shape == typeof(Option<>) || shape == typeof(OwnedBox<>)
            || shape == typeof(SigilList<>) || shape == typeof(SigilMap<,>) || shape == typeof(SigilSet<>) || typeof(ITuple).IsAssignableFrom(type);
    }
}
