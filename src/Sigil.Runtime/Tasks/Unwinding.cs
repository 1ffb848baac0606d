using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Tasks;

/// <summary>Steps of the suspension protocol that emitted functions share; see <see cref="Frame"/>.</summary>
public static class Unwinding
{
    /// <summary>Links the frame of a call whose callee has suspended above the suspended chain.</summary>
    public static Status Suspend(SigilTask task, Frame frame, int state)
    {
        var callee = task.SuspendedFrame!;
        frame.State = state;

        // A frame that waits in a loop is linked already: looking costs less than telling the collector again.
        if (callee.Caller != frame) callee.Caller = frame;
        task.SuspendedFrame = frame;
        return Status.Suspended;
    }

    /// <summary>A panic reached a function with cleanup; one that is on its way already keeps its place.</summary>
    public static SigilPanic Combine(SigilPanic? first, SigilPanic next)
    {
        if (first is null || ReferenceEquals(first, next)) return next;
        first.Suppressed.Add(next);
        return first;
    }

    /// <summary>The panic of a resumed callee.</summary>
    public static SigilPanic Take(SigilTask task, SigilPanic? first) => Combine(first, task.TakePanic());

    /// <summary>Lets a panic go on to the callers. Its frame tells the report that the function is known to it already.</summary>
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Continue(SigilPanic panic) => ExceptionDispatchInfo.Throw(panic);
}
