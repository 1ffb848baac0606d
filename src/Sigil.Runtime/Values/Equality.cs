using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary><c>==</c> for values of any Sigil type.</summary>
public static class Equality
{
    /// <summary>Whether two values are equal: as the type's own equality says, floats by IEEE (NaN differs from itself).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Same<T>(T left, T right)
    {
        if (typeof(T) == typeof(double))
            return Unsafe.BitCast<T, double>(left) == Unsafe.BitCast<T, double>(right);
        return EqualityComparer<T>.Default.Equals(left, right);
    }

    /// <summary>Whether a value of the type may differ from itself, so that identity proves nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsPartial<T>() => typeof(T) == typeof(double) || !typeof(T).IsPrimitive && typeof(T) != typeof(string);
}
