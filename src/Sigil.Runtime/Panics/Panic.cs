using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Panics;

/// <summary>Throws panics. Each helper takes the site (<c>path.si:line:col in @fn</c>) last and never returns.</summary>
public static class Panic
{
    /// <summary>E9001: <c>panic(message)</c>.</summary>
    [DoesNotReturn]
    public static void User(string message, string site) => throw new SigilPanic("E9001", message, site);

    /// <summary>E7101: an assertion does not hold.</summary>
    [DoesNotReturn]
    public static void AssertFailed(string message, string site) => throw NewAssertFailed(message, site);

    /// <summary>E7101: <c>assert_eq</c>; both values in their debug form.</summary>
    [DoesNotReturn]
    public static void AssertEqualFailed(string actual, string expected, string site) => throw NewAssertEqualFailed(actual, expected, site);

    /// <summary>E9002: the result of an operator does not fit into its type.</summary>
    [DoesNotReturn]
    public static void Overflow(long left, string op, long right, string site) => throw NewOverflow(left, op, right, site);

    /// <summary>E9002: as above, with the operation in words or for an operand alone.</summary>
    [DoesNotReturn]
    public static void Overflow(string operation, string site) => throw NewOverflow(operation, site);

    /// <summary>E9003.</summary>
    [DoesNotReturn]
    public static void DivideByZero(string site) => throw new SigilPanic("E9003", "division by zero", site);

    /// <summary>E9004: a shift by a count outside 0 … <paramref name="largest"/>.</summary>
    [DoesNotReturn]
    public static void ShiftCount(long count, long largest, string site) => throw NewShiftCount(count, largest, site);

    /// <summary>E9005: an index of a list or string.</summary>
    [DoesNotReturn]
    public static void IndexOutOfRange(long index, long length, string site) => throw NewIndexOutOfRange(index, length, site);

    /// <summary>E9005: the bounds of a slice.</summary>
    [DoesNotReturn]
    public static void SliceOutOfRange(long start, long end, long length, string site) => throw NewSliceOutOfRange(start, end, length, site);

    /// <summary>E9006: <paramref name="value"/> (as printed nested) has no counterpart in the type.</summary>
    [DoesNotReturn]
    public static void Conversion(string value, string type, string site) => throw NewConversion(value, type, site);

    /// <summary>E9007: for instance <c>unwrap</c> of <c>None</c>; what was met is told by <paramref name="what"/>.</summary>
    [Intrinsic("unwrap_failed"), DoesNotReturn]
    public static void Unwrap(string what, string site) => throw new SigilPanic("E9007", what, site);

    /// <summary>E9008: a list pattern of a <c>let</c> does not fit.</summary>
    [DoesNotReturn]
    public static void ListBinding(long wanted, bool atLeast, long length, string site) => throw NewListBinding(wanted, atLeast, length, site);

    /// <summary>E9009: the stack has no room for one more call.</summary>
    [DoesNotReturn]
    public static void StackExhausted(string site) => throw new SigilPanic("E9009", "stack exhausted: the recursion is too deep", site);

    /// <summary>E9010: a Size below zero.</summary>
    [DoesNotReturn]
    public static void NegativeSize(long left, string op, long right, string site) => throw NewNegativeSize(left, op, right, site);

    /// <summary>E9001: <c>todo()</c>.</summary>
    [DoesNotReturn]
    public static void Todo(string message, string site) => throw NewTodo(message, site);

    /// <summary>E9001: <c>unreachable()</c>.</summary>
    [DoesNotReturn]
    public static void Unreachable(string site) => throw new SigilPanic("E9001", "reached code marked as unreachable", site);

    // Building the message stays out of the helpers: they must be small enough for the JIT to look into and see that they never return,
    // which is what makes it move the call out of the hot path.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewAssertFailed(string message, string site) =>
        new("E7101", message.Length == 0 ? "assertion failed" : "assertion failed: " + message, site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewAssertEqualFailed(string actual, string expected, string site) =>
        new("E7101", $"assertion failed: expected {expected}, got {actual}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewOverflow(long left, string op, long right, string site) =>
        new("E9002", string.Create(CultureInfo.InvariantCulture, $"arithmetic overflow: {left} {op} {right}"), site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewOverflow(string operation, string site) =>
        new("E9002", "arithmetic overflow: " + operation, site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewShiftCount(long count, long largest, string site) =>
        new("E9004", $"shift count {count} is outside 0..={largest}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewIndexOutOfRange(long index, long length, string site) =>
        new("E9005", $"index {index} out of range for length {length}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewSliceOutOfRange(long start, long end, long length, string site) =>
        new("E9005", $"slice {start}..{end} out of range for length {length}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewConversion(string value, string type, string site) =>
        new("E9006", $"cannot convert {value} to {type}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewListBinding(long wanted, bool atLeast, long length, string site) =>
        new("E9008", $"the pattern wants {(atLeast ? "at least " : "")}{wanted} element{(wanted == 1 ? "" : "s")}, the list has {length}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewNegativeSize(long left, string op, long right, string site) =>
        new("E9010", $"a Size cannot be negative: {Literals.Size(left)} {op} {(op == "*" || op == "/" ? right.ToString(CultureInfo.InvariantCulture) : Literals.Size(right))}", site);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SigilPanic NewTodo(string message, string site) =>
        new("E9001", message.Length == 0 ? "not yet implemented" : "not yet implemented: " + message, site);
}
