using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

/// <summary>Checked arithmetic of <c>byte</c>: any result outside 0..=255 panics.</summary>
public static class ByteMath
{
    /// <summary><c>a + b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Add(byte a, byte b, string site)
    {
        var sum = a + b;
        if (sum > 255)
            Panic.Overflow(a, "+", b, site);
        return (byte)sum;
    }

    /// <summary><c>a - b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Sub(byte a, byte b, string site)
    {
        var difference = a - b;
        if (difference < 0)
            Panic.Overflow(a, "-", b, site);
        return (byte)difference;
    }

    /// <summary><c>a * b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Mul(byte a, byte b, string site)
    {
        var product = a * b;
        if (product > 255)
            Panic.Overflow(a, "*", b, site);
        return (byte)product;
    }

    /// <summary><c>a / b</c> and <c>a div b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Div(byte a, byte b, string site)
    {
        if (b == 0)
            Panic.DivideByZero(site);
        return (byte)(a / b);
    }

    /// <summary><c>a % b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Rem(byte a, byte b, string site)
    {
        if (b == 0)
            Panic.DivideByZero(site);
        return (byte)(a % b);
    }

    /// <summary><c>a &lt;&lt; count</c>; high bits are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Shl(byte a, long count, string site)
    {
        if ((ulong)count > 7)
            Panic.ShiftCount(count, 7, site);
        return (byte)(a << (int)count);
    }

    /// <summary><c>a &gt;&gt; count</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Shr(byte a, long count, string site)
    {
        if ((ulong)count > 7)
            Panic.ShiftCount(count, 7, site);
        return (byte)(a >> (int)count);
    }
}
