using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Values;

/// <summary><c>compare</c> of primitive types: -1, 0 or 1.</summary>
public static class CompareOps
{
    /// <summary>int, Duration, Size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Int(long a, long b) => a < b ? -1 : a > b ? 1 : 0;

    /// <summary>char.</summary>
    public static long Char(int a, int b) => a < b ? -1 : a > b ? 1 : 0;

    /// <summary>byte.</summary>
    public static long Byte(byte a, byte b) => a < b ? -1 : a > b ? 1 : 0;

    /// <summary>bool: false before true.</summary>
    public static long Bool(bool a, bool b) => a == b ? 0 : b ? -1 : 1;

    /// <summary>float: NaN is last and equal to itself; -0.0 equals 0.0.</summary>
    [Intrinsic("compare_float")]
    public static long Float(double a, double b) => a < b ? -1 : a > b ? 1 : a == b ? 0 : double.IsNaN(a) ? (double.IsNaN(b) ? 0 : 1) : -1;

    /// <summary>str: by scalars.</summary>
    [Intrinsic("compare_str")]
    public static long Str(string a, string b) => Text.StringOps.Compare(a, b);

    /// <summary>A comparison's sign as an <c>Ordering</c> tag: Less 0, Equal 1, Greater 2.</summary>
    public static int Tag(long sign) => sign < 0 ? 0 : sign == 0 ? 1 : 2;
}
