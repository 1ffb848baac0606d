using Sigil.Runtime.Panics;
using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>Arithmetic of <c>Duration</c> (nanoseconds). Addition, subtraction and negation are <see cref="IntMath"/>'s.</summary>
public static class DurationMath
{
    /// <summary>Nanoseconds in a millisecond, second, minute and hour.</summary>
    public const long Millisecond = 1_000_000, Second = 1_000_000_000, Minute = 60 * Second, Hour = 60 * Minute;

    /// <summary><c>d * n</c> and <c>n * d</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Mul(long duration, long factor, string site) => IntMath.Mul(duration, factor, site);

    /// <summary><c>d / n</c>, toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Div(long duration, long divisor, string site) => IntMath.Div(duration, divisor, site);

    /// <summary><c>d / e</c>: a ratio; zero divisor panics.</summary>
    public static double Ratio(long duration, long other, string site)
    {
        if (other == 0)
            Panic.DivideByZero(site);
        return (double)duration / other;
    }

    /// <summary><c>Duration.from_ms(n)</c>.</summary>
    public static long FromMilliseconds(long n, string site) => IntMath.Mul(n, Millisecond, site);

    /// <summary><c>Duration.from_secs(n)</c>.</summary>
    public static long FromSeconds(long n, string site) => IntMath.Mul(n, Second, site);

    /// <summary>The nanoseconds of a Duration, and back.</summary>
    [Intrinsic("duration_nanos"), Intrinsic("duration_of_nanos"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Nanos(long duration) => duration;

    /// <summary><c>as_float()</c>: seconds.</summary>
    public static double ToSeconds(long duration) => duration / 1e9;
}

/// <summary>Arithmetic of <c>Size</c> (bytes, never negative).</summary>
public static class SizeMath
{
    /// <summary><c>a + b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(long a, long b, string site) => IntMath.Add(a, b, site);

    /// <summary><c>a - b</c>; below zero panics E9010.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Sub(long a, long b, string site)
    {
        if (b > a)
            Panic.NegativeSize(a, "-", b, site);
        return a - b;
    }

    /// <summary><c>a * n</c>; below zero panics E9010.</summary>
    public static long Mul(long a, long factor, string site)
    {
        if (factor < 0 && a != 0)
            Panic.NegativeSize(a, "*", factor, site);
        return IntMath.Mul(a, factor, site);
    }

    /// <summary><c>a / n</c>, toward zero; below zero panics E9010.</summary>
    public static long Div(long a, long divisor, string site)
    {
        var quotient = IntMath.Div(a, divisor, site);
        if (quotient < 0)
            Panic.NegativeSize(a, "/", divisor, site);
        return quotient;
    }

    /// <summary>The bytes of a Size.</summary>
    [Intrinsic("size_bytes"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Bytes(long size) => size;

    /// <summary><c>Size.from_bytes(n)</c>.</summary>
    public static long FromBytes(long n, string site)
    {
        if (n < 0)
            throw new SigilPanic("E9010", $"a Size cannot be negative: {n} bytes", site);
        return n;
    }
}
