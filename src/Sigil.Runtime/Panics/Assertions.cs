using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Panics;

/// <summary>What an assertion found: its name and the debug forms of both values, empty when it has none.</summary>
public sealed record AssertionFailure(string Name, string Message, string Actual, string Expected);

/// <summary>What the assertions of the prelude call.</summary>
public static class Assertions
{
    /// <summary>The assertions of one test run; flows to the threads that the run starts.</summary>
    private sealed class Tally
    {
        public long Count;
    }

    private static readonly AsyncLocal<Tally?> Current = new();
    [ThreadStatic] private static Tally? mine;

    /// <summary>Begins to count for the calling thread and the threads that it starts from now on; the result reads the count.</summary>
    public static Func<long> StartCounting()
    {
        var tally = new Tally();
        Current.Value = tally;
        mine = tally;
        return () => Atomic.Load(ref tally.Count);
    }

    /// <summary>Counts one assertion.</summary>
    [Intrinsic("count_assertion")]
    public static void CountOne()
    {
        var tally = mine ??= Current.Value ?? new Tally();
        Atomic.Add(ref tally.Count, 1);
    }

    /// <summary>Panics with E7101; values are in their debug form, empty when there are none.</summary>
    [Intrinsic("fail_assertion"), DoesNotReturn, MethodImpl(MethodImplOptions.NoInlining)]
    public static void Fail(string name, string message, string actual, string expected, string site)
    {
        var text = name + " failed";
        if (message.Length > 0)
            text += ": " + message;
        if (expected.Length > 0)
            text += $": expected {expected}, got {actual}";
        throw new SigilPanic("E7101", text, site) { Assertion = new AssertionFailure(name, message, actual, expected) };
    }
}
