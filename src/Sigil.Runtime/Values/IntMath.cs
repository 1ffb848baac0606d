using System.Runtime.CompilerServices;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

/// <summary>Checked arithmetic of <c>int</c>. The panic sits on a cold path that gets the site of the very operator.</summary>
public static class IntMath
{
    /// <summary><c>a + b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Add(long a, long b, string site)
    {
        // Two compare-and-branch pairs, of which the first is decided at compile time when b is a constant and predicted when not.
        var sum = unchecked(a + b);
        if (b >= 0 ? sum < a : sum > a)
            Panic.Overflow(a, "+", b, site);
        return sum;
    }

    /// <summary><c>a - b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Sub(long a, long b, string site)
    {
        var difference = unchecked(a - b);
        if (b >= 0 ? difference > a : difference < a)
            Panic.Overflow(a, "-", b, site);
        return difference;
    }

    /// <summary><c>a * b</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Mul(long a, long b, string site)
    {
        // Two factors of 32 bits cannot overflow; to test that is cheaper than the high half of the product. Nothing is called on either
        // way: a call in a loop would cost it the registers of its floats.
        if ((int)a == a && (int)b == b)
            return a * b;
        var high = Math.BigMul(a, b, out var low);
        if (high != low >> 63)
            Panic.Overflow(a, "*", b, site);
        return low;
    }

    /// <summary><c>a / b</c>, toward zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Div(long a, long b, string site)
    {
        // One unsigned test finds both 0 and -1.
        if ((ulong)(b + 1) <= 1)
            return DivBySpecial(a, b, site);
        return a / b;
    }

    /// <summary><c>a % b</c>, with the sign of <paramref name="a"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Rem(long a, long b, string site)
    {
        if ((ulong)(b + 1) <= 1)
        {
            if (b == 0)
                Panic.DivideByZero(site);
            return 0;
        }
        return a % b;
    }

    /// <summary><c>a div b</c>, toward negative infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long FloorDiv(long a, long b, string site)
    {
        if ((ulong)(b + 1) <= 1)
            return DivBySpecial(a, b, site);
        var quotient = a / b;
        return a - quotient * b != 0 && (a ^ b) < 0 ? quotient - 1 : quotient;
    }

    /// <summary><c>-a</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Neg(long a, string site)
    {
        if (a == long.MinValue)
            Panic.Overflow("-(-9223372036854775808)", site);
        return -a;
    }

    /// <summary><c>a &lt;&lt; count</c>; high bits are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Shl(long a, long count, string site)
    {
        if ((ulong)count > 63)
            Panic.ShiftCount(count, 63, site);
        return a << (int)count;
    }

    /// <summary><c>a &gt;&gt; count</c>, arithmetic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Shr(long a, long count, string site)
    {
        if ((ulong)count > 63)
            Panic.ShiftCount(count, 63, site);
        return a >> (int)count;
    }

    /// <summary><c>a.abs()</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [Intrinsic("math.abs_int")]
    public static long Abs(long a, string site)
    {
        if (a == long.MinValue)
            Panic.Overflow("abs(-9223372036854775808)", site);
        return a < 0 ? -a : a;
    }

    /// <summary><c>a.pow(exponent)</c>.</summary>
    [Intrinsic("int.pow")]
    public static long Pow(long a, long exponent, string site)
    {
        if (exponent < 0)
            Panic.User($"pow: negative exponent {exponent}", site);
        long result = 1;
        var power = a;
        for (var rest = exponent; ;)
        {
            if ((rest & 1) != 0)
            {
                var high = Math.BigMul(result, power, out result);
                if (high != result >> 63)
                    Panic.Overflow($"{a}.pow({exponent})", site);
            }
            rest >>= 1;
            if (rest == 0)
                return result;
            var highPower = Math.BigMul(power, power, out power);
            // A power that no longer fits is still needed: at least the top bit of the exponent multiplies it in.
            if (highPower != power >> 63)
                Panic.Overflow($"{a}.pow({exponent})", site);
        }
    }

    /// <summary>-1, 0 or 1.</summary>
    [Intrinsic("math.sign_int")]
    public static long Sign(long a) => a < 0 ? -1 : a > 0 ? 1 : 0;

    /// <summary>The greatest common divisor, never negative.</summary>
    [Intrinsic("math.gcd")]
    public static long Gcd(long a, long b, string site)
    {
        var x = a < 0 ? (ulong)-(Int128)a : (ulong)a;
        var y = b < 0 ? (ulong)-(Int128)b : (ulong)b;
        while (y != 0)
            (x, y) = (y, x % y);
        if (x > long.MaxValue)
            Panic.Overflow($"gcd({a}, {b})", site);
        return (long)x;
    }

    /// <summary>The least common multiple, never negative.</summary>
    [Intrinsic("math.lcm")]
    public static long Lcm(long a, long b, string site)
    {
        if (a == 0 || b == 0)
            return 0;
        var multiple = Int128.Abs((Int128)a * b / Gcd(a, b, site));
        if (multiple > long.MaxValue)
            Panic.Overflow($"lcm({a}, {b})", site);
        return (long)multiple;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long DivBySpecial(long a, long b, string site)
    {
        if (b == 0)
            Panic.DivideByZero(site);
        return a == long.MinValue ? OverflowOfDiv(site) : -a;
    }

    private static long OverflowOfDiv(string site)
    {
        Panic.Overflow(long.MinValue, "/", -1, site);
        return 0;
    }
}
