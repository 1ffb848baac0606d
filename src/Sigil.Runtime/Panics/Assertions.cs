using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Panics;

/// <summary>What the assertions of the prelude call.</summary>
public static class Assertions
{
    private static long count;

    /// <summary>How many assertions were evaluated; a test run without any is suspicious. Approximate when tasks assert at the same time.</summary>
    public static long Count => count;

    /// <summary>Counts one assertion.</summary>
    [Intrinsic("count_assertion"), MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountOne() => count++;

    /// <summary>Panics with E7101; values are in their debug form, empty when there are none.</summary>
    [Intrinsic("fail_assertion"), DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fail(string name, string message, string actual, string expected, string site)
    {
        var text = name + " failed";
        if (message.Length > 0)
            text += ": " + message;
        if (expected.Length > 0)
            text += $": expected {expected}, got {actual}";
        throw new SigilPanic("E7101", text, site);
    }
}
