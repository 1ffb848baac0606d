using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Functions;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scopes;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Suspension;

/// <summary>Results under <c>collect_all</c>: how a child ended, as the library's <c>Result&lt;T, TaskError&gt;</c>.</summary>
internal sealed class TaskOutcomes(TypeMap map, TypeBuilder code, TypeCompletion completion)
{
    private readonly Dictionary<SigilType, MethodBuilder> errors = [];

    /// <summary>Stores the outcome of the child with this index, or of every element of a list.</summary>
    public void EmitCollected(ILGenerator il, TaskResult result, SigilType type, Slot scope, LocalBuilder child, int index, Type resultOwner, Action<Action> store)
    {
        if (result.IsList) EmitList(il, (NamedType)type, child, store);
        else EmitOne(il, (NamedType)type, scope, child, index, resultOwner, store);
    }

    private void EmitOne(ILGenerator il, NamedType type, Slot scope, LocalBuilder child, int index, Type resultOwner, Action<Action> store)
    {
        var end = il.DeclareLocal(typeof(ChildEnd));
        scope.Load(il);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetMethod(nameof(ParallelScope.EndOf))!);
        il.Emit(OpCodes.Stloc, end);
        var outcome = il.DeclareLocal(map.Clr(type));
        EmitOutcome(il, type, end, () =>
        {
            il.Emit(OpCodes.Ldloc, child);
            il.Emit(OpCodes.Ldfld, Members.Field(resultOwner, "Result"));
        });
        il.Emit(OpCodes.Stloc, outcome);
        store(() => il.Emit(OpCodes.Ldloc, outcome));
    }

    private void EmitList(ILGenerator il, NamedType listType, LocalBuilder child, Action<Action> store)
    {
        var outcomeType = (NamedType)listType.Arguments[0];
        var entry = child.LocalType;
        var results = map.Clr(map.Types.Core.List(outcomeType.Arguments[0]));
        var list = il.DeclareLocal(map.Clr(listType));
        var ends = il.DeclareLocal(typeof(ChildEnd[]));
        var end = il.DeclareLocal(typeof(ChildEnd));
        var index = il.DeclareLocal(typeof(int));
        var again = il.DefineLabel();
        var test = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, child);
        il.Emit(OpCodes.Call, Members.Getter(entry, "Ends"));
        il.Emit(OpCodes.Stloc, ends);
        il.Emit(OpCodes.Ldloc, ends);
        il.Emit(OpCodes.Ldlen);
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Call, Members.Method(list.LocalType, "WithCapacity"));
        il.Emit(OpCodes.Stloc, list);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(again);
        il.Emit(OpCodes.Ldloc, ends);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldelem, typeof(ChildEnd));
        il.Emit(OpCodes.Stloc, end);
        il.Emit(OpCodes.Ldloc, list);
        EmitOutcome(il, outcomeType, end, () =>
        {
            il.Emit(OpCodes.Ldloc, child);
            il.Emit(OpCodes.Call, Members.Getter(entry, "Collected"));
            il.Emit(OpCodes.Ldloc, index);
            il.Emit(OpCodes.Call, Members.Method(results, "ItemAt"));
        });
        il.Emit(OpCodes.Call, Members.Method(list.LocalType, "Append"));
        il.Emit(OpCodes.Stloc, list);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldloc, ends);
        il.Emit(OpCodes.Ldlen);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Blt, again);
        store(() => il.Emit(OpCodes.Ldloc, list));
    }

    // Ok with the child's value, or Err with why there is none.
    private void EmitOutcome(ILGenerator il, NamedType type, LocalBuilder end, Action value)
    {
        var clr = map.Clr(type);
        var failed = il.DefineLabel();
        var done = il.DefineLabel();
        il.Emit(OpCodes.Ldloca, end);
        il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Status))!.GetMethod!);
        il.Emit(OpCodes.Brtrue, failed);
        value();
        il.Emit(OpCodes.Call, Members.Method(clr, "Ok"));
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(failed);
        il.Emit(OpCodes.Ldloc, end);
        il.Emit(OpCodes.Call, ErrorOf(type.Arguments[1]));
        il.Emit(OpCodes.Call, Members.Method(clr, "Err"));
        il.MarkLabel(done);
    }

    /// <summary>A method that makes the library's <c>TaskError</c> from the runtime's description.</summary>
    private MethodBuilder ErrorOf(SigilType type)
    {
        if (errors.TryGetValue(type, out var found)) return found;
        var shape = map.Of(type);
        var method = errors[type] = code.DefineMethod("task error", MethodAttributes.Public | MethodAttributes.Static, shape.Clr, [typeof(ChildEnd)]);
        var variants = map.VariantsOf(shape);
        EmittedVariant Variant(string name) => variants[shape.Sum!.Symbol.FindVariant(name)!.Index];
        var il = method.GetILGenerator();
        var notPanicked = il.DefineLabel();
        var panic = il.DeclareLocal(typeof(PanicInfo));
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Panic))!.GetMethod!);
        il.Emit(OpCodes.Brfalse, notPanicked);
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Panic))!.GetMethod!);
        il.Emit(OpCodes.Callvirt, typeof(SigilPanic).GetProperty(nameof(SigilPanic.Info))!.GetMethod!);
        il.Emit(OpCodes.Stloc, panic);
        var ordinary = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, panic);
        il.Emit(OpCodes.Callvirt, typeof(PanicInfo).GetProperty(nameof(PanicInfo.Code))!.GetMethod!);
        il.Emit(OpCodes.Ldstr, "ChannelClosed");
        il.Emit(OpCodes.Call, typeof(string).GetMethod(nameof(string.Equals), [typeof(string), typeof(string)])!);
        il.Emit(OpCodes.Brfalse, ordinary);
        il.Emit(OpCodes.Ldsfld, Variant("ChannelClosed").Instance!);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(ordinary);
        EmitPanicInfo(il, map.Of(Variant("Panicked").FieldTypes[0]), panic);
        il.Emit(OpCodes.Newobj, Variant("Panicked").Constructor);
        il.Emit(OpCodes.Ret);

        il.MarkLabel(notPanicked);
        var cancelled = il.DefineLabel();
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Reason))!.GetMethod!);
        il.Emit(OpCodes.Ldc_I4, (int)CancelReason.ScopeTimedOut);
        il.Emit(OpCodes.Bne_Un, cancelled);
        il.Emit(OpCodes.Ldsfld, Variant("TimedOut").Instance!);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(cancelled);
        EmitReason(il, map.Of(Variant("Cancelled").FieldTypes[0]));
        il.Emit(OpCodes.Newobj, Variant("Cancelled").Constructor);
        il.Emit(OpCodes.Ret);
        return method;
    }

    private void EmitPanicInfo(ILGenerator il, Representation shape, LocalBuilder panic)
    {
        foreach (var name in shape.Product!.Names)
        {
            il.Emit(OpCodes.Ldloc, panic);
            il.Emit(OpCodes.Callvirt, typeof(PanicInfo).GetProperty(Naming.Pascal(name))!.GetMethod!);
            if (name != "spawned_at") continue;
            var known = il.DefineLabel();
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Brtrue, known);
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Ldstr, "");
            il.MarkLabel(known);
        }
        il.Emit(OpCodes.Newobj, completion.ConstructorOf(shape));
    }

    // The library's CancelReason has the runtime's reasons in the same order, without None.
    private void EmitReason(ILGenerator il, Representation shape)
    {
        var variants = map.VariantsOf(shape);
        var labels = variants.Select(_ => il.DefineLabel()).ToArray();
        var done = il.DefineLabel();
        il.Emit(OpCodes.Ldarga_S, (byte)0);
        il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Reason))!.GetMethod!);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Switch, labels);
        il.MarkLabel(labels[0]);
        for (var i = 0; i < variants.Length; i++)
        {
            if (i > 0) il.MarkLabel(labels[i]);
            if (variants[i].Instance is { } instance) il.Emit(OpCodes.Ldsfld, instance);
            else
            {
                il.Emit(OpCodes.Ldarga_S, (byte)0);
                il.Emit(OpCodes.Call, typeof(ChildEnd).GetProperty(nameof(ChildEnd.Text))!.GetMethod!);
                il.Emit(OpCodes.Newobj, variants[i].Constructor);
            }
            il.Emit(OpCodes.Br, done);
        }
        il.MarkLabel(done);
    }
}
