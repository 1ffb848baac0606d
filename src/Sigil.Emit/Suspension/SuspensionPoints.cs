using System.Reflection.Emit;
using Sigil.Emit.Functions;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Suspension;

/// <summary>
/// The places where one method may suspend. The fast path stays in line; saving, restoring and the outcomes of a resumed
/// callee are written behind the body.
/// </summary>
internal sealed class SuspensionPoints(FunctionEmitter emitter)
{
    private sealed record Point(MirInstruction At, int State, Label Slow, Label Done, Label Cancelled, Label Resume, LocalBuilder? Output, List<Slot> Live, Action? CopyBack)
    {
        /// <summary>Where a callee that suspends takes the place of the task's entry.</summary>
        public bool IsLast { get; init; }

        /// <summary>The call, where it has been lent places in cells.</summary>
        public LendingCall? Lends { get; init; }
    }

    private readonly List<Point> points = [];
    private LocalBuilder? status;
    private Label start;

    private ILGenerator Il => emitter.Il;
    private FrameClass Frame => emitter.Instance.Frame!;

    /// <summary>By state: 0 is the start of a task entry.</summary>
    public Label[] ResumeLabels => [start, .. points.Select(p => p.Resume)];

    /// <summary>
    /// The status of a call is on the stack; afterwards the call has completed and its result is in <paramref name="output"/>.
    /// </summary>
    public void Wait(MirInstruction at, LocalBuilder? output, List<Slot> extra, Action? copyBack, LendingCall? lends = null)
    {
        var il = Il;
        status ??= il.DeclareLocal(typeof(Status));
        var point = new Point(at, points.Count + 1, il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), output, [.. emitter.LiveSlots(at).Union(extra)], copyBack) { Lends = lends };
        points.Add(point);
        il.Emit(OpCodes.Stloc, status);
        il.Emit(OpCodes.Ldloc, status);
        il.Emit(OpCodes.Brtrue, point.Slow);
        il.MarkLabel(point.Done);
        copyBack?.Invoke();
    }

    /// <summary>
    /// The same for a call that a task ends with. When it suspends, its frame becomes the last of the chain instead of the entry, which
    /// is not needed any more: the frame's result is the task's, and nobody comes back here.
    /// </summary>
    public void WaitLast(MirInstruction at)
    {
        var il = Il;
        status ??= il.DeclareLocal(typeof(Status));
        var point = new Point(at, points.Count + 1, il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), il.DefineLabel(), null, [], null) { IsLast = true };
        points.Add(point);
        il.Emit(OpCodes.Stloc, status);
        il.Emit(OpCodes.Ldloc, status);
        il.Emit(OpCodes.Brtrue, point.Slow);
        il.MarkLabel(point.Done);
    }

    /// <summary>Writes the slow paths and resume entries.</summary>
    public void EmitStubs()
    {
        var il = Il;
        foreach (var point in points)
        {
            EmitSuspension(il, point);
            EmitResumption(il, point);
        }
        start = il.DefineLabel();
        il.MarkLabel(start);
        if (emitter.IsTaskEntry) emitter.RestoreParameters();
        il.Emit(OpCodes.Br, emitter.EntryLabel);
    }

    private void EmitSuspension(ILGenerator il, Point point)
    {
        var hasFrame = il.DefineLabel();
        il.MarkLabel(point.Slow);
        il.Emit(OpCodes.Ldloc, status!);
        il.Emit(OpCodes.Ldc_I4, (int)Status.Suspended);
        il.Emit(OpCodes.Bne_Un, point.Cancelled);
        if (point.IsLast)
        {
            emitter.LoadFrame();
            il.Emit(OpCodes.Ldc_I4, Runtime.Tasks.Frame.Left);
            // Another worker may use the entry again from here on: all that was read from it has been read.
            il.Emit(OpCodes.Volatile);
            il.Emit(OpCodes.Stfld, typeof(Frame).GetField(nameof(Runtime.Tasks.Frame.State))!);
            il.Emit(OpCodes.Ldc_I4, (int)Status.Suspended);
            emitter.LeaveWithStatus();
            il.MarkLabel(point.Cancelled);
            emitter.EmitCancelled(point.At.Unwind);
            return;
        }
        emitter.LoadFrame();
        il.Emit(OpCodes.Brtrue, hasFrame);
        il.Emit(OpCodes.Newobj, Frame.Constructor);
        emitter.StoreFrame();
        il.MarkLabel(hasFrame);
        foreach (var slot in point.Live)
        {
            emitter.LoadFrame();
            slot.Load(il);
            il.Emit(OpCodes.Stfld, Frame.FieldOf(slot));
        }
        il.Emit(OpCodes.Ldarg_0);
        emitter.LoadFrame();
        il.Emit(OpCodes.Ldc_I4, point.State);
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Suspend))!);
        emitter.LeaveWithStatus();
        il.MarkLabel(point.Cancelled);
        point.CopyBack?.Invoke();
        emitter.EmitCancelled(point.At.Unwind);
        if (point.Lends is { } lends)
        {
            il.MarkLabel(lends.Panicked);
            point.CopyBack?.Invoke();
            emitter.EmitThrownPanic(lends.Panic, point.At.Unwind);
        }
        Frame.AddSite(point.State, emitter.SiteText(point.At.Span));
    }

    private void EmitResumption(ILGenerator il, Point point)
    {
        il.MarkLabel(point.Resume);
        foreach (var slot in point.Live)
        {
            emitter.LoadFrame();
            il.Emit(OpCodes.Ldfld, Frame.FieldOf(slot));
            slot.Store(il);
        }
        emitter.SetRegion(point.At.Unwind);
        var completed = il.DefineLabel();
        emitter.LoadFrame();
        il.Emit(OpCodes.Ldfld, typeof(Frame).GetField(nameof(Runtime.Tasks.Frame.CalleeStatus))!);
        il.Emit(OpCodes.Stloc, status!);
        il.Emit(OpCodes.Ldloc, status!);
        il.Emit(OpCodes.Brfalse, completed);
        il.Emit(OpCodes.Ldloc, status!);
        il.Emit(OpCodes.Ldc_I4, (int)Status.Cancelled);
        il.Emit(OpCodes.Beq, point.Cancelled);
        point.CopyBack?.Invoke();
        emitter.EmitResumedPanic(point.At.Unwind);
        il.MarkLabel(completed);
        if (point.Output is { } output)
        {
            // The callee's frame holds the result.
            var frame = emitter.Map.Construct(typeof(Frame<>), [output.LocalType]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, typeof(SigilTask).GetField(nameof(SigilTask.SuspendedFrame))!);
            il.Emit(OpCodes.Castclass, frame);
            il.Emit(OpCodes.Ldfld, Members.Field(frame, "Result"));
            il.Emit(OpCodes.Stloc, output);
        }
        il.Emit(OpCodes.Br, point.Done);
    }
}
