using System.Reflection.Emit;
using Sigil.Mir;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Functions;

// A body with cleanup stands in one try inside a loop: a panic is stored, and the loop enters the cleanup block of the current
// region. Cancellation jumps to the same blocks without a panic.
internal sealed partial class FunctionEmitter
{
    private readonly Regions regions;
    private LocalBuilder? regionLocal, panicLocal, resumeLocal, outcomeLocal;
    private Label loopTop, exit, dispatch;

    private bool HasHandler => regions.IsNeeded;

    /// <summary>The pending panic, for frames.</summary>
    internal LocalBuilder? PanicLocal => panicLocal;

    private void BeginBody()
    {
        dispatch = il.DefineLabel();
        if (!HasHandler)
        {
            if (IsSource) il.Emit(OpCodes.Br, dispatch);
            if (!suspends) return;
            EmitArgument(FrameArgument);
            il.Emit(OpCodes.Brtrue, dispatch);
            return;
        }
        regionLocal = il.DeclareLocal(typeof(int));
        panicLocal = il.DeclareLocal(typeof(SigilPanic));
        resumeLocal = il.DeclareLocal(typeof(int));
        if (suspends || IsSource || !IsVoid(instance.ReturnType)) outcomeLocal = il.DeclareLocal(suspends ? typeof(Status) : IsSource ? typeof(bool) : map.Clr(instance.ReturnType));
        loopTop = il.DefineLabel();
        exit = il.DefineLabel();
        // -1 begins at the entry, -2 at the cleanup block of the region, others are states.
        il.Emit(IsSource ? OpCodes.Ldc_I4_0 : OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Stloc, resumeLocal);
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Stloc, regionLocal);
        if (suspends)
        {
            var fresh = il.DefineLabel();
            EmitArgument(FrameArgument);
            il.Emit(OpCodes.Brfalse, fresh);
            EmitArgument(FrameArgument);
            il.Emit(OpCodes.Ldfld, typeof(Frame).GetField(nameof(Frame.State))!);
            il.Emit(OpCodes.Stloc, resumeLocal);
            il.MarkLabel(fresh);
        }
        il.MarkLabel(loopTop);
        il.BeginExceptionBlock();
        il.Emit(OpCodes.Ldloc, resumeLocal);
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Bne_Un, dispatch);
    }

    private void EndBody()
    {
        // Cold paths may themselves add cold paths, never more than a few.
        for (var i = 0; i < coldPaths.Count; i++) coldPaths[i]();
        EmitDispatch();
        if (!HasHandler) return;
        il.BeginCatchBlock(typeof(SigilPanic));
        var caught = il.DeclareLocal(typeof(SigilPanic));
        var handled = il.DefineLabel();
        il.Emit(OpCodes.Stloc, caught);
        il.Emit(OpCodes.Ldloc, regionLocal!);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bge, handled);
        il.Emit(OpCodes.Rethrow);
        il.MarkLabel(handled);
        il.Emit(OpCodes.Ldloc, panicLocal!);
        il.Emit(OpCodes.Ldloc, caught);
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Combine))!);
        il.Emit(OpCodes.Stloc, panicLocal!);
        il.Emit(OpCodes.Ldc_I4, -2);
        il.Emit(OpCodes.Stloc, resumeLocal!);
        il.Emit(OpCodes.Leave, loopTop);
        il.EndExceptionBlock();
        il.MarkLabel(exit);
        if (outcomeLocal is not null) il.Emit(OpCodes.Ldloc, outcomeLocal);
        il.Emit(OpCodes.Ret);
    }

    private void EmitDispatch()
    {
        if (!HasHandler && !suspends && !IsSource) return;
        il.MarkLabel(dispatch);
        if (HasHandler)
        {
            var states = il.DefineLabel();
            il.Emit(OpCodes.Ldloc, resumeLocal!);
            il.Emit(OpCodes.Ldc_I4, -2);
            il.Emit(OpCodes.Bne_Un, states);
            il.Emit(OpCodes.Ldloc, regionLocal!);
            il.Emit(OpCodes.Switch, regions.Blocks.Select(b => labels[b]).ToArray());
            il.MarkLabel(states);
        }
        if (suspends)
        {
            EmitArgument(FrameArgument);
            il.Emit(OpCodes.Ldfld, typeof(Frame).GetField(nameof(Frame.State))!);
            il.Emit(OpCodes.Switch, points!.ResumeLabels);
        }
        if (IsSource)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, instance.Source!.State);
            il.Emit(OpCodes.Switch, yields!.ResumeLabels);
            il.Emit(OpCodes.Ldc_I4_0);
            Leave();
            return;
        }
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }

    /// <summary>Leaves the method with the result (or status) on the stack.</summary>
    private void Leave()
    {
        if (inlinedInto is not null)
        {
            LeaveInlined();
            return;
        }
        if (!HasHandler)
        {
            il.Emit(OpCodes.Ret);
            return;
        }
        if (outcomeLocal is not null) il.Emit(OpCodes.Stloc, outcomeLocal);
        il.Emit(OpCodes.Leave, exit);
    }

    /// <summary>Unwinding without a panic: to the cleanup block, or out of the method.</summary>
    internal void EmitCancelled(int unwind)
    {
        if (unwind >= 0)
        {
            il.Emit(OpCodes.Br, labels[unwind]);
            return;
        }
        if (IsSource)
        {
            EndSource();
            return;
        }
        il.Emit(OpCodes.Ldc_I4, (int)Status.Cancelled);
        Leave();
    }

    private void EmitResumeUnwind()
    {
        if (panicLocal is null)
        {
            // Cleanup that nothing enters with a panic.
            if (suspends)
            {
                il.Emit(OpCodes.Ldc_I4, (int)Status.Cancelled);
                Leave();
            }
            else
            {
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Throw);
            }
            return;
        }
        regions.Forget();
        regions.Require(-1, il, regionLocal!);
        var cancelled = il.DefineLabel();
        if (suspends || IsSource)
        {
            il.Emit(OpCodes.Ldloc, panicLocal);
            il.Emit(OpCodes.Brfalse, cancelled);
        }
        il.Emit(OpCodes.Ldloc, panicLocal);
        il.Emit(OpCodes.Call, typeof(Unwinding).GetMethod(nameof(Unwinding.Continue))!);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
        if (!suspends && !IsSource) return;
        il.MarkLabel(cancelled);
        if (IsSource)
        {
            EndSource();
            return;
        }
        il.Emit(OpCodes.Ldc_I4, (int)Status.Cancelled);
        Leave();
    }

    private void EmitCatchPanic(CatchPanic handler)
    {
        // caught = panic != null; message = its text; the panic is gone.
        StorageOf(handler.Caught).Store(il, () =>
        {
            il.Emit(OpCodes.Ldloc, panicLocal!);
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Cgt_Un);
        });
        var none = il.DefineLabel();
        StorageOf(handler.Message).Store(il, () => il.Emit(OpCodes.Ldstr, ""));
        il.Emit(OpCodes.Ldloc, panicLocal!);
        il.Emit(OpCodes.Brfalse, none);
        StorageOf(handler.Message).Store(il, () =>
        {
            il.Emit(OpCodes.Ldloc, panicLocal!);
            il.Emit(OpCodes.Callvirt, typeof(Exception).GetProperty(nameof(Exception.Message))!.GetMethod!);
        });
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Stloc, panicLocal!);
        il.MarkLabel(none);
    }

    private void EmitCatchCancellation(CatchCancellation handler)
    {
        var done = il.DefineLabel();
        var isCancellation = il.DefineLabel();
        var scope = ScopeOf(handler.Scope);
        if (panicLocal is not null)
        {
            il.Emit(OpCodes.Ldloc, panicLocal);
            il.Emit(OpCodes.Brfalse, isCancellation);
            il.Emit(OpCodes.Ldarg_0);
            scope.Load(il);
            il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.PopScope))!);
            StorageOf(handler.Caught).Store(il, () => il.Emit(OpCodes.Ldc_I4_0));
            il.Emit(OpCodes.Br, done);
            il.MarkLabel(isCancellation);
        }
        StorageOf(handler.Caught).Store(il, () =>
        {
            il.Emit(OpCodes.Ldarg_0);
            scope.Load(il);
            il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.TryCatchCancellation))!);
        });
        il.MarkLabel(done);
    }
}
