using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary>std.math on float.</summary>
public static class FloatMath
{
    /// <summary><c>floor(value)</c>.</summary>
    [Intrinsic("math.floor"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Floor(double value) => Math.Floor(value);

    /// <summary><c>ceil(value)</c>.</summary>
    [Intrinsic("math.ceil"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Ceil(double value) => Math.Ceiling(value);

    /// <summary><c>trunc(value)</c>.</summary>
    [Intrinsic("math.trunc"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Trunc(double value) => Math.Truncate(value);

    /// <summary><c>sqrt(value)</c>.</summary>
    [Intrinsic("math.sqrt"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sqrt(double value) => Math.Sqrt(value);

    /// <summary><c>cbrt(value)</c>.</summary>
    [Intrinsic("math.cbrt"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cbrt(double value) => Math.Cbrt(value);

    /// <summary><c>exp(value)</c>.</summary>
    [Intrinsic("math.exp"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Exp(double value) => Math.Exp(value);

    /// <summary><c>ln(value)</c>.</summary>
    [Intrinsic("math.ln"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Ln(double value) => Math.Log(value);

    /// <summary><c>log2(value)</c>.</summary>
    [Intrinsic("math.log2"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log2(double value) => Math.Log2(value);

    /// <summary><c>log10(value)</c>.</summary>
    [Intrinsic("math.log10"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Log10(double value) => Math.Log10(value);

    /// <summary><c>sin(value)</c>.</summary>
    [Intrinsic("math.sin"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sin(double value) => Math.Sin(value);

    /// <summary><c>cos(value)</c>.</summary>
    [Intrinsic("math.cos"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cos(double value) => Math.Cos(value);

    /// <summary><c>tan(value)</c>.</summary>
    [Intrinsic("math.tan"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tan(double value) => Math.Tan(value);

    /// <summary><c>asin(value)</c>.</summary>
    [Intrinsic("math.asin"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Asin(double value) => Math.Asin(value);

    /// <summary><c>acos(value)</c>.</summary>
    [Intrinsic("math.acos"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Acos(double value) => Math.Acos(value);

    /// <summary><c>atan(value)</c>.</summary>
    [Intrinsic("math.atan"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Atan(double value) => Math.Atan(value);

    /// <summary><c>sinh(value)</c>.</summary>
    [Intrinsic("math.sinh"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sinh(double value) => Math.Sinh(value);

    /// <summary><c>cosh(value)</c>.</summary>
    [Intrinsic("math.cosh"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Cosh(double value) => Math.Cosh(value);

    /// <summary><c>tanh(value)</c>.</summary>
    [Intrinsic("math.tanh"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Tanh(double value) => Math.Tanh(value);

    /// <summary><c>exp2(value)</c>.</summary>
    [Intrinsic("math.exp2")]
    public static double Exp2(double value) => Math.Pow(2, value);

    /// <summary><c>log(value, base)</c>.</summary>
    [Intrinsic("math.log")]
    public static double Log(double value, double radix) => Math.Log(value, radix);

    /// <summary><c>pow(base, exp)</c>.</summary>
    [Intrinsic("math.pow"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Pow(double radix, double exponent) => Math.Pow(radix, exponent);

    /// <summary><c>atan2(y, x)</c>.</summary>
    [Intrinsic("math.atan2")]
    public static double Atan2(double y, double x) => Math.Atan2(y, x);

    /// <summary><c>hypot(x, y)</c>, without overflow on the way.</summary>
    [Intrinsic("math.hypot")]
    public static double Hypot(double x, double y) => double.Hypot(x, y);

    /// <summary><c>a % b</c> of floats is not in the language; this is C's fmod, for the library.</summary>
    [Intrinsic("math.fmod")]
    public static double Remainder(double value, double divisor) => value % divisor;

    /// <summary><c>round(value, decimals)</c>: half away from zero, of the value as printed; negative decimals round before the point.</summary>
    [Intrinsic("math.round")]
    public static double Round(double value, long decimals)
    {
        if (!double.IsFinite(value) || value == 0)
            return value;
        if (decimals == 0)
            return Math.Round(value, MidpointRounding.AwayFromZero);
        // Beyond these every float is already round, or rounds to nothing.
        if (decimals > 330)
            return value;
        if (decimals < -310)
            return Math.CopySign(0, value);
        if (decimals > 0 && Math.Abs(value) < 1e13 && decimals <= 15 && decimal.TryParse(
            Text.Literals.Float(value), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var exact))
            return Math.CopySign((double)Math.Round(exact, (int)decimals, MidpointRounding.AwayFromZero), value);
        var scale = Math.Pow(10, Math.Abs(decimals));
        if (decimals < 0)
            return Math.Round(value / scale, MidpointRounding.AwayFromZero) * scale;
        var scaled = value * scale;
        return double.IsFinite(scaled) && Math.Abs(scaled) < 4503599627370496.0 ? Math.Round(scaled, MidpointRounding.AwayFromZero) / scale : value;
    }

    /// <summary><c>abs(value)</c>.</summary>
    [Intrinsic("math.abs_float"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Abs(double value) => Math.Abs(value);

    /// <summary><c>is_finite(value)</c>.</summary>
    [Intrinsic("math.is_finite"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFinite(double value) => double.IsFinite(value);

    /// <summary>The 1 of the built-in numbers, what a product begins with; None for other types.</summary>
    [Intrinsic("one_of")]
    public static Option<T> One<T>() =>
        typeof(T) == typeof(long) ? Option<T>.Some((T)(object)1L)
        : typeof(T) == typeof(double) ? Option<T>.Some((T)(object)1.0)
        : typeof(T) == typeof(byte) ? Option<T>.Some((T)(object)(byte)1)
        : Option<T>.None;

    /// <summary>The 64 bits of a float.</summary>
    [Intrinsic("math.float_bits")]
    public static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
