using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Scopes;

namespace Sigil.Emit.Functions;

// task_group and nursery: the scope is an object in an ordinary local.
internal sealed partial class FunctionEmitter
{
    private void EmitGroupStart(GroupStart start)
    {
        var operands = new List<MirOperand>();
        if (start.MaxConcurrent is { } most) operands.Add(most);
        if (start.Timeout is { } limit) operands.Add(limit);
        if (start.Token is { } given) operands.Add(given);
        Prepare(operands, deferred: false);
        FlushEmbedded(operands);
        Begin(start);
        StorageOf(start.Group).Store(il, () =>
        {
            il.Emit(OpCodes.Ldarg_0);
            if (start.MaxConcurrent is { } maximum) EmitOperand(maximum);
            else il.Emit(OpCodes.Ldc_I8, 0L);
            il.Emit(OpCodes.Ldc_I4, (int)start.Policy);
            if (start.Timeout is { } timeout) EmitOperand(timeout);
            else il.Emit(OpCodes.Ldc_I8, -1L);
            if (start.Token is { } token) EmitOperand(token);
            else il.Emit(OpCodes.Ldnull);
            if (start.CollectedType is { } collected) il.Emit(OpCodes.Newobj, Members.Constructor(map.Construct(typeof(OutcomeStore<,>), map.Clr(Concrete(collected)).GetGenericArguments()), 0));
            else il.Emit(OpCodes.Ldnull);
            il.Emit(start.IsNursery ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
            il.Emit(start.KeepsFinished ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Call, typeof(GroupScope).GetMethod(nameof(GroupScope.Open))!);
        });
    }

    private void EmitGroupSpawn(GroupSpawn spawn)
    {
        var body = context.Graph.RequestNested(spawn.Body, instance);
        Prepare(CaptureOperands(spawn.Captures), deferred: false);
        Begin(spawn);
        if (spawn.Target < 0) EmitQueuedEntry(spawn, body);
        else
        {
            var entry = il.DeclareLocal(body.Frame!.Type);
            EmitEntryFrame(body, spawn.Captures);
            il.Emit(OpCodes.Stloc, entry);
            StorageOf(spawn.Target).Store(il, () =>
            {
                EmitRead(spawn.Group, spawn.Span);
                il.Emit(OpCodes.Ldloc, entry);
                EmitSite(spawn.Span);
                il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetMethod(nameof(GroupScope.Spawn))!);
            });
        }
    }

    // Nobody keeps its handle: in a group with many children its captures wait, not an entry of its own.
    private void EmitQueuedEntry(GroupSpawn spawn, Instance body)
    {
        var frame = body.Frame!;
        var captures = il.DeclareLocal(frame.CapturesType);
        if (spawn.Captures.Length > 0)
        {
            foreach (var capture in spawn.Captures) EmitCheckedCapture(capture);
            TupleShape.EmitNew(il, frame.CapturesType);
            il.Emit(OpCodes.Stloc, captures);
        }

        var group = il.DeclareLocal(typeof(GroupScope));
        var makesEntry = il.DefineLabel();
        var done = il.DefineLabel();
        EmitRead(spawn.Group, spawn.Span);
        il.Emit(OpCodes.Stloc, group);
        il.Emit(OpCodes.Ldloc, group);
        il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetProperty(nameof(GroupScope.QueuesCaptures))!.GetMethod!);
        il.Emit(OpCodes.Brfalse, makesEntry);
        il.Emit(OpCodes.Ldloc, group);
        il.Emit(OpCodes.Ldsfld, frame.Model);
        il.Emit(OpCodes.Ldloc, captures);
        EmitSite(spawn.Span);
        il.Emit(OpCodes.Callvirt, Members.Construct(typeof(GroupScope).GetMethod(nameof(GroupScope.Enqueue))!, frame.CapturesType));
        il.Emit(OpCodes.Br, done);
        il.MarkLabel(makesEntry);
        il.Emit(OpCodes.Ldloc, group);
        il.Emit(OpCodes.Newobj, frame.Constructor);
        frame.EmitFill(il, () => il.Emit(OpCodes.Dup), () => il.Emit(OpCodes.Ldloca, captures));
        EmitSite(spawn.Span);
        il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetMethod(nameof(GroupScope.Start))!);
        il.MarkLabel(done);
    }

    private void EmitGroupJoin(GroupJoin join)
    {
        FlushAll();
        Begin(join);
        StorageOf(join.Group).Load(il);
        il.Emit(OpCodes.Ldarg_0);
        EmitSite(join.Span);
        il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetMethod(nameof(GroupScope.Join))!);
        points!.Wait(join, null, [], null);
        if (join.LeftEarly < 0) return;
        StorageOf(join.LeftEarly).Store(il, () =>
        {
            StorageOf(join.Group).Load(il);
            il.Emit(OpCodes.Callvirt, typeof(ChildScope).GetProperty(nameof(ChildScope.HasExit))!.GetMethod!);
        });
    }

    private void EmitGroupAbandon(GroupAbandon abandon)
    {
        FlushAll();
        Begin(abandon);
        StorageOf(abandon.Group).Load(il);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(abandon.HasValue ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        EmitSite(abandon.Span);
        il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetMethod(nameof(GroupScope.Abandon))!);
        points!.Wait(abandon, null, [], null);
    }

    private void EmitGroupCatch(GroupCatch handler)
    {
        var caught = StorageOf(handler.Caught);
        var done = il.DefineLabel();
        if (panicLocal is not null)
        {
            var isCancellation = il.DefineLabel();
            il.Emit(OpCodes.Ldloc, panicLocal);
            il.Emit(OpCodes.Brfalse, isCancellation);
            caught.Store(il, () => il.Emit(OpCodes.Ldc_I4_0));
            il.Emit(OpCodes.Br, done);
            il.MarkLabel(isCancellation);
        }
        caught.Store(il, () =>
        {
            StorageOf(handler.Group).Load(il);
            il.Emit(OpCodes.Callvirt, typeof(GroupScope).GetMethod(nameof(GroupScope.CatchesCancellation))!);
        });
        il.MarkLabel(done);
    }

    private void EmitTaskFails(TaskFails fails)
    {
        if (fails.Value is { } value) Prepare([value], deferred: false);
        Begin(fails);
        il.Emit(OpCodes.Ldarg_0);
        if (fails.Value is { } failure)
        {
            EmitOperand(failure);
            il.Emit(OpCodes.Box, map.Clr(Concrete(fails.Type!)));
        }
        else il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, typeof(GroupTask).GetMethod(nameof(GroupTask.Fail))!);
    }
}
