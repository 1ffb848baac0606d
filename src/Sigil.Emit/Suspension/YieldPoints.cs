using System.Reflection.Emit;
using Sigil.Emit.Functions;
using Sigil.Mir;

namespace Sigil.Emit.Suspension;

/// <summary>The places where a task source hands out a task and waits to be asked again.</summary>
internal sealed class YieldPoints(FunctionEmitter emitter)
{
    private readonly List<(YieldTask At, Label Resume, Label Done, List<Slot> Live)> points = [];
    private readonly Label start = emitter.Il.DefineLabel();

    private SourceClass Source => emitter.Instance.Source!;

    public Label[] ResumeLabels => [start, .. points.Select(p => p.Resume)];

    /// <summary>The entry has been stored; answers true and goes on here at the next question.</summary>
    public void Pause(YieldTask at)
    {
        var il = emitter.Il;
        var live = emitter.LiveSlots(at);
        points.Add((at, il.DefineLabel(), il.DefineLabel(), live));
        foreach (var slot in live)
        {
            il.Emit(OpCodes.Ldarg_0);
            slot.Load(il);
            il.Emit(OpCodes.Stfld, Source.FieldOf(slot));
        }
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, points.Count);
        il.Emit(OpCodes.Stfld, Source.State);
        il.Emit(OpCodes.Ldc_I4_1);
        emitter.LeaveWithStatus();
        il.MarkLabel(points[^1].Done);
    }

    public void EmitStubs()
    {
        var il = emitter.Il;
        foreach (var (at, resume, done, live) in points)
        {
            il.MarkLabel(resume);
            foreach (var slot in live)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, Source.FieldOf(slot));
                slot.Store(il);
            }
            emitter.SetRegion(at.Unwind);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, Source.IsDropping);
            il.Emit(OpCodes.Brfalse, done);
            emitter.EmitCancelled(at.Unwind);
        }
        il.MarkLabel(start);
        for (var i = 0; i < emitter.Instance.Signature.Count; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, Source.ParameterField(i));
            emitter.SlotOf(emitter.Instance.Signature[i].Index).Store(il);
        }
        il.Emit(OpCodes.Br, emitter.EntryLabel);
    }
}
