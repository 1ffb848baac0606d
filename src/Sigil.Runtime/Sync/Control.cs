using System.Runtime.CompilerServices;
using Sigil.Runtime.Exploring;

namespace Sigil.Runtime.Sync;

/// <summary>
/// Where the door is watched: under a controlled run every thread of the runtime is a strand, only one strand moves at a
/// time, and each passage of the door is a place where another one may be let go first.
/// </summary>
/// <remarks>
/// Whether the process can run controlled at all is decided before the first passage, by an application switch, so that
/// compiled code of the product contains neither a test nor a call: the compiler knows the value of an initialised
/// read-only field.
/// </remarks>
internal static class Control
{
    /// <summary>The switch that allows controlled runs in this process.</summary>
    internal const string Switch = "Sigil.Runtime.Explore";

    internal static readonly bool IsOn = AppContext.TryGetSwitch(Switch, out var on) && on;

    [ThreadStatic]
    private static Strand? t_strand;

    /// <summary>The strand that this thread carries; null outside controlled runs.</summary>
    internal static Strand? Strand
    {
        get => IsOn ? t_strand : null;
        set => t_strand = value;
    }

    /// <summary>Before an atomic operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Step()
    {
        if (IsOn) StepControlled();
    }

    /// <summary>Before an operation by which tasks may notice each other: a finer order than these does not matter to a program.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Point()
    {
        if (IsOn) t_strand?.Run.Step();
    }

    /// <summary>In a loop that waits for another thread; true when controlled, and then others have run meanwhile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool Spin() => IsOn && SpinControlled();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StepControlled()
    {
        if (t_strand is { Run.IsFine: true } strand) strand.Run.Step();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool SpinControlled()
    {
        if (t_strand is not { } strand) return false;
        strand.Run.Spin();
        return true;
    }
}
