using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Semantics.Typed;

namespace Sigil.Emit.Functions;

// Loops that are left before their end.
internal sealed partial class FunctionEmitter
{
    /// <summary>Drops what an iteration that ended early still owns.</summary>
    private void EmitIteratorDrop(DropInstruction drop)
    {
        if (!iterators.TryGetValue(drop.Place.Local, out var state) || state.Lends) return;
        Begin(drop);
        var skip = il.DefineLabel();
        if (drop.Flag >= 0)
        {
            StorageOf(drop.Flag).Load(il);
            il.Emit(OpCodes.Brfalse, skip);
        }
        switch (state.Plan.Kind)
        {
            case IterationKind.List when context.Drops.IsNeeded(state.Plan.Item):
                {
                    var again = il.DefineLabel();
                    il.MarkLabel(again);
                    il.Emit(OpCodes.Ldloc, state.Index!);
                    il.Emit(OpCodes.Ldloc, state.Subject);
                    il.Emit(OpCodes.Ldfld, Members.Field(state.Subject.LocalType, "Count"));
                    il.Emit(OpCodes.Bge, skip);
                    il.Emit(OpCodes.Ldloc, state.Subject);
                    il.Emit(OpCodes.Ldloc, state.Index!);
                    il.Emit(OpCodes.Call, Members.Method(state.Subject.LocalType, "ItemAt"));
                    Increment(state.Index!, typeof(int));
                    context.Drops.Emit(il, state.Plan.Item);
                    il.Emit(OpCodes.Br, again);
                    break;
                }
            case IterationKind.Map when context.Drops.IsNeeded(state.Plan.Item):
                {
                    var again = il.DefineLabel();
                    var values = Shape(state.Plan.Source).Parts[1].Type;
                    il.MarkLabel(again);
                    il.Emit(OpCodes.Ldloc, state.Subject);
                    Increment(state.Index!, typeof(int));
                    il.Emit(OpCodes.Ldloc, state.Index!);
                    il.Emit(OpCodes.Call, Members.Method(state.Subject.LocalType, "NextIndex"));
                    il.Emit(OpCodes.Dup);
                    il.Emit(OpCodes.Stloc, state.Index!);
                    il.Emit(OpCodes.Ldc_I4_0);
                    il.Emit(OpCodes.Blt, skip);
                    il.Emit(OpCodes.Ldloc, state.Subject);
                    il.Emit(OpCodes.Ldloc, state.Index!);
                    il.Emit(OpCodes.Call, Members.Method(state.Subject.LocalType, "ValueAt"));
                    context.Drops.Emit(il, values);
                    il.Emit(OpCodes.Br, again);
                    break;
                }
            case IterationKind.Consumer or IterationKind.Iterator when context.Drops.IsNeeded(state.Plan.Source):
                il.Emit(OpCodes.Ldloc, state.Subject);
                context.Drops.Emit(il, state.Plan.Source);
                break;
        }
        il.MarkLabel(skip);
    }
}
