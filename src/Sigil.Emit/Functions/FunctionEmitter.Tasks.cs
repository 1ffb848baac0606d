using System.Collections.Immutable;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Suspension;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Cancellation;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Scopes, child tasks, cancellation regions, and the few instructions that are calls of the runtime.
internal sealed partial class FunctionEmitter
{
    private readonly Dictionary<int, Slot> scopes = [];
    private readonly Dictionary<(int Scope, int Slot), LocalBuilder> children = [];
    private readonly Dictionary<(int Scope, int Slot), int> childIndices = [];
    private readonly Dictionary<int, (LocalBuilder? MaxConcurrent, ErrorPolicy Policy, bool IsCpuBound)> scopeOptions = [];

    private Slot ScopeOf(int local) => scopes.TryGetValue(local, out var found) ? found : throw new InternalEmitException("a scope that was never opened");

    private Slot DeclareScope(int local, Type type) => scopes.TryGetValue(local, out var found) ? found : scopes[local] = new LocalSlot(il.DeclareLocal(type));

    private void EmitTaskInstruction(MirInstruction instruction)
    {
        switch (instruction)
        {
            case ScopeStart start: EmitScopeStart(start); break;
            case SpawnInstruction spawn: EmitSpawn(spawn); break;
            case SpawnManyInstruction many: EmitSpawnMany(many); break;
            case YieldTask yield: EmitYieldTask(yield); break;
            case ScopeJoin join: EmitJoin(join); break;
            case ScopeAbandon abandon:
                FlushAll();
                if (!scopes.TryGetValue(abandon.Scope, out var abandoned)) break;
                {
                    var none = il.DefineLabel();
                    abandoned.Load(il);
                    il.Emit(OpCodes.Brfalse, none);
                    abandoned.Load(il);
                    il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetMethod(nameof(ParallelScope.Discard))!);
                    il.MarkLabel(none);
                }
                break;
            case TaskResult result: EmitTaskResult(result); break;
            case LeaveScope leave:
                Prepare([leave.Value], deferred: false);
                Begin(leave);
                il.Emit(OpCodes.Ldarg_0);
                EmitOperand(leave.Value);
                il.Emit(OpCodes.Box, map.Clr(Concrete(leave.Type)));
                il.Emit(OpCodes.Call, typeof(ChildScope).GetMethod(nameof(ChildScope.LeaveEarly))!);
                break;
            case LeftScopeValue left:
                FlushAll();
                EmitStore(left.Target, left.Span, () =>
                {
                    if (left.IsGroup) StorageOf(left.Scope).Load(il);
                    else ScopeOf(left.Scope).Load(il);
                    il.Emit(OpCodes.Callvirt, typeof(ChildScope).GetProperty(nameof(ChildScope.ExitValue))!.GetMethod!);
                    il.Emit(OpCodes.Unbox_Any, map.Clr(Concrete(left.Type)));
                }, isSimple: true);
                break;
            case CancelScopeStart start:
                {
                    Prepare(start.After is { } after ? [after] : [], deferred: false);
                    var scope = DeclareScope(start.Scope, typeof(CancelScope));
                    il.Emit(OpCodes.Ldarg_0);
                    if (start.After is { } nanos) EmitOperand(nanos);
                    else il.Emit(OpCodes.Ldc_I8, -1L);
                    il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.PushScope))!);
                    scope.Store(il);
                    break;
                }
            case CancelScopeEnd end:
                FlushAll();
                il.Emit(OpCodes.Ldarg_0);
                ScopeOf(end.Scope).Load(il);
                il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.PopScope))!);
                break;
            case CatchCancellation handler:
                FlushAll();
                EmitCatchCancellation(handler);
                break;
            case CatchPanic handler:
                FlushAll();
                EmitCatchPanic(handler);
                break;
            case ShieldInstruction shield: EmitShield(shield); break;
            case AppendInstruction append:
                {
                    Prepare([append.Value], deferred: false);
                    Begin(append);
                    var list = StorageOf(append.List);
                    list.Store(il, () =>
                    {
                        list.Load(il);
                        EmitContainerCheck(instance.LocalTypes[append.List], writes: true, append.Span);
                        EmitOperand(append.Value);
                        il.Emit(OpCodes.Call, Members.Method(map.Clr(instance.LocalTypes[append.List]), "Append"));
                    });
                    break;
                }
            case MapInsertInstruction insert: EmitMapInsert(insert); break;
            case PauseInstruction pause: EmitPause(pause); break;
            case WriteErrorInstruction write:
                Prepare([write.Message], deferred: false);
                EmitOperand(write.Message, reads: true);
                il.Emit(OpCodes.Call, typeof(Pausing).GetMethod(nameof(Pausing.WriteError))!);
                break;
            case GroupStart start: EmitGroupStart(start); break;
            case GroupSpawn spawn: EmitGroupSpawn(spawn); break;
            case GroupJoin join: EmitGroupJoin(join); break;
            case GroupAbandon abandon: EmitGroupAbandon(abandon); break;
            case GroupCatch handler:
                FlushAll();
                EmitGroupCatch(handler);
                break;
            case TaskFails fails: EmitTaskFails(fails); break;
            default: throw new InternalEmitException($"unknown instruction {instruction.GetType().Name}");
        }
    }

    private void EmitScopeStart(ScopeStart start)
    {
        var operands = new List<MirOperand>();
        if (start.MaxConcurrent is { } m) operands.Add(m);
        if (start.Timeout is { } t) operands.Add(t);
        if (start.Token is { } k) operands.Add(k);
        Prepare(operands, deferred: false);
        FlushEmbedded(operands);
        Begin(start);
        LocalBuilder? most = null;
        if (start.MaxConcurrent is { } limit)
        {
            most = il.DeclareLocal(typeof(long));
            EmitOperand(limit);
            il.Emit(OpCodes.Stloc, most);
            keptSlots.Add(new LocalSlot(most));
        }
        scopeOptions[start.Scope] = (most, start.Policy, start.IsCpuBound);
        var scope = DeclareScope(start.Scope, typeof(ParallelScope));
        il.Emit(OpCodes.Ldarg_0);
        if (most is not null) il.Emit(OpCodes.Ldloc, most);
        else il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Ldc_I4, (int)start.Policy);
        if (start.Timeout is { } timeout) EmitOperand(timeout);
        else il.Emit(OpCodes.Ldc_I8, -1L);
        if (start.Token is { } token) EmitOperand(token);
        else il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, typeof(ParallelScope).GetMethod(nameof(ParallelScope.Open))!);
        scope.Store(il);
    }

    // Operands used out of their order are computed into locals.
    private void FlushEmbedded(List<MirOperand> operands)
    {
        foreach (var operand in operands)
            if (WholeLocal(operand) is { } local && embedded.Remove(local, out var value)) StorageOf(local).Store(il, value.Emit);
    }

    /// <summary>Makes an entry frame and fills in the captures.</summary>
    private void EmitEntryFrame(Instance body, ImmutableArray<MirArgument> captures, bool reuses = false)
    {
        IEntryClass entryClass = body.Source is { } source ? source : body.Frame!;
        if (!reuses) il.Emit(OpCodes.Newobj, entryClass.Constructor);
        else EmitSpareOrNew(entryClass);
        for (var i = 0; i < captures.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            EmitCheckedCapture(captures[i]);
            il.Emit(OpCodes.Stfld, entryClass.ParameterField(i));
        }
    }

    private void EmitCheckedCapture(MirArgument capture)
    {
        EmitCapture(capture);
        // A plain function is shared by whoever has it, and may keep a provider that was only lent to it.
        if (capture is ValueArgument given) EmitCaptureCheck(OperandType(given.Operand), OperandType(given.Operand) is not FunctionType { Kind: FunctionKind.Plain }, given.Span);
        else if (capture is BorrowArgument lent) EmitCaptureCheck(TypeOf(lent.Place), isGiven: false, lent.Span);
    }

    // A source that is asked for a million tasks, each of which ends before the next, makes one entry.
    private void EmitSpareOrNew(IEntryClass entryClass)
    {
        var spare = Members.Field(instance.Source!.Base, nameof(TaskSource<int>.Spare));
        var entry = il.DeclareLocal(entryClass.Type);
        var reuse = il.DefineLabel();
        var have = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, spare);
        il.Emit(OpCodes.Isinst, entryClass.Type);
        il.Emit(OpCodes.Stloc, entry);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Brtrue, reuse);
        il.Emit(OpCodes.Newobj, entryClass.Constructor);
        il.Emit(OpCodes.Stloc, entry);
        il.Emit(OpCodes.Br, have);
        il.MarkLabel(reuse);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Stfld, spare);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stfld, typeof(Frame).GetField(nameof(Frame.State))!);
        il.MarkLabel(have);
        il.Emit(OpCodes.Ldloc, entry);
    }

    private static List<MirOperand> CaptureOperands(ImmutableArray<MirArgument> captures) => [.. captures.OfType<ValueArgument>().Select(v => v.Operand)];

    private LocalBuilder ChildLocal(int scope, int slot, Type type)
    {
        if (children.TryGetValue((scope, slot), out var found)) return found;
        var local = children[(scope, slot)] = il.DeclareLocal(type);
        // Children are made in straight-line code: their index is the order in which they stand there.
        childIndices[(scope, slot)] = childIndices.Keys.Count(k => k.Scope == scope);
        keptSlots.Add(new LocalSlot(local));
        return local;
    }

    private void EmitSpawn(SpawnInstruction spawn)
    {
        var body = context.Graph.RequestNested(spawn.Body, instance);
        Prepare(CaptureOperands(spawn.Captures), deferred: false);
        Begin(spawn);
        EmitEntryFrame(body, spawn.Captures);
        var child = ChildLocal(spawn.Scope, spawn.Slot, body.Frame!.Type);
        il.Emit(OpCodes.Stloc, child);
        ScopeOf(spawn.Scope).Load(il);
        il.Emit(OpCodes.Ldloc, child);
        EmitSite(spawn.Span);
        il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetMethod(nameof(ParallelScope.Spawn))!);
        il.Emit(OpCodes.Pop);
    }

    // A fan-out is one child that owns the list of tasks.
    private void EmitSpawnMany(SpawnManyInstruction many)
    {
        var source = context.Graph.RequestNested(many.Source, instance);
        var element = map.Clr(Concrete(many.ElementType));
        var entry = map.Construct(typeof(ListEntry<>), [element]);
        Prepare(CaptureOperands(many.Captures), deferred: false);
        Begin(many);
        EmitEntryFrame(source, many.Captures);
        var (most, policy, isCpuBound) = scopeOptions[many.Scope];
        if (most is not null) il.Emit(OpCodes.Ldloc, most);
        else il.Emit(OpCodes.Ldc_I8, 0L);
        il.Emit(OpCodes.Ldc_I4, (int)policy);
        EmitSite(many.Span);
        il.Emit(isCpuBound ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Newobj, Members.Constructor(entry, 5));
        var child = ChildLocal(many.Scope, many.Slot, entry);
        il.Emit(OpCodes.Stloc, child);
        ScopeOf(many.Scope).Load(il);
        il.Emit(OpCodes.Ldloc, child);
        EmitSite(many.Span);
        il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetMethod(nameof(ParallelScope.Spawn))!);
        il.Emit(OpCodes.Pop);
    }

    private void EmitJoin(ScopeJoin join)
    {
        FlushAll();
        Begin(join);
        var scope = ScopeOf(join.Scope);
        scope.Load(il);
        il.Emit(OpCodes.Ldarg_0);
        EmitSite(join.Span);
        il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetMethod(nameof(ParallelScope.Join))!);
        points!.Wait(join, null, [], null);
        if (join.LeftEarly >= 0)
        {
            StorageOf(join.LeftEarly).Store(il, () =>
            {
                scope.Load(il);
                il.Emit(OpCodes.Callvirt, typeof(ChildScope).GetProperty(nameof(ChildScope.HasExit))!.GetMethod!);
            });
        }
        if (join.Winner >= 0)
        {
            StorageOf(join.Winner).Store(il, () =>
            {
                scope.Load(il);
                il.Emit(OpCodes.Callvirt, typeof(ParallelScope).GetProperty(nameof(ParallelScope.Winner))!.GetMethod!);
            });
        }
        if (join.Failure >= 0)
        {
            StorageOf(join.Failure).Store(il, () =>
            {
                scope.Load(il);
                il.Emit(OpCodes.Callvirt, typeof(ChildScope).GetProperty(nameof(ChildScope.FailureCode))!.GetMethod!);
            });
        }
        if (join.FailureReason >= 0)
        {
            StorageOf(join.FailureReason).Store(il, () =>
            {
                scope.Load(il);
                il.Emit(OpCodes.Callvirt, typeof(ChildScope).GetProperty(nameof(ChildScope.FailureText))!.GetMethod!);
            });
        }
    }

    private void EmitTaskResult(TaskResult result)
    {
        FlushAll();
        if (!children.TryGetValue((result.Scope, result.Slot), out var child)) throw new InternalEmitException("the result of a task that was never made");
        if (result.IsCollected)
        {
            context.Outcomes.EmitCollected(il, result, Concrete(result.Type), ScopeOf(result.Scope), child, childIndices[(result.Scope, result.Slot)], ResultOwner(child.LocalType), value => EmitStore(result.Target, result.Span, value, isSimple: false));
            return;
        }
        EmitStore(result.Target, result.Span, () =>
        {
            if (IsVoid(Concrete(result.Type)))
            {
                EmitUnit();
                return;
            }
            il.Emit(OpCodes.Ldloc, child);
            il.Emit(OpCodes.Ldfld, Members.Field(ResultOwner(child.LocalType), "Result"));
        }, isSimple: true);
    }

    private Type ResultOwner(Type frame)
    {
        for (var type = frame; type is not null; type = Members.BaseOf(type))
            if (type.IsConstructedGenericType && type.GetGenericTypeDefinition() == typeof(Frame<>)) return type;
        throw new InternalEmitException($"{frame} has no result");
    }

    private void EmitShield(ShieldInstruction shield)
    {
        FlushAll();
        if (!suspends) return;
        shieldSlot ??= new LocalSlot(il.DeclareLocal(typeof(CancelScope)));
        il.Emit(OpCodes.Ldarg_0);
        if (shield.Enter)
        {
            il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.EnterShield))!);
            shieldSlot.Store(il);
            return;
        }
        shieldSlot.Load(il);
        il.Emit(OpCodes.Callvirt, typeof(SigilTask).GetMethod(nameof(SigilTask.ExitShield))!);
    }

    private void EmitMapInsert(MapInsertInstruction insert)
    {
        Prepare([insert.Key, insert.Value], deferred: false);
        Begin(insert);
        var type = Shape(TypeOf(insert.Map));
        var key = il.DeclareLocal(type.Parts[0].Clr);
        var value = il.DeclareLocal(type.Parts[1].Clr);
        EmitOperand(insert.Key);
        il.Emit(OpCodes.Stloc, key);
        EmitOperand(insert.Value);
        il.Emit(OpCodes.Stloc, value);
        EmitAddress(insert.Map, insert.Span);
        if (context.ChecksOwners)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldind_Ref);
            EmitCheckOf(TypeOf(insert.Map), writes: true, insert.Span);
        }
        il.Emit(OpCodes.Ldloc, key);
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Call, Members.Method(type.Clr, "Set"));
    }

    private void EmitPause(PauseInstruction pause)
    {
        Prepare([pause.Duration, pause.Jitter], deferred: false);
        Begin(pause);
        if (!instance.MaySuspend)
        {
            EmitOperand(pause.Duration);
            EmitOperand(pause.Jitter);
            il.Emit(OpCodes.Call, typeof(Pausing).GetMethod(nameof(Pausing.Vary))!);
            il.Emit(OpCodes.Call, typeof(Pausing).GetMethod(nameof(Pausing.Block))!);
            return;
        }
        il.Emit(OpCodes.Ldarg_0);
        EmitOperand(pause.Duration);
        EmitOperand(pause.Jitter);
        il.Emit(OpCodes.Call, typeof(Pausing).GetMethod(nameof(Pausing.Vary))!);
        EmitSite(pause.Span);
        il.Emit(OpCodes.Call, typeof(Sleeping).GetMethod(nameof(Sleeping.Sleep))!);
        points!.Wait(pause, null, [], null);
    }

    private void EmitYieldTask(YieldTask yield)
    {
        if (!IsSource) throw new InternalEmitException("a task is handed out outside a task source");
        Prepare(CaptureOperands(yield.Captures), deferred: false);
        Begin(yield);
        var body = context.Graph.RequestNested(yield.Body, instance);
        il.Emit(OpCodes.Ldarg_1);
        EmitEntryFrame(body, yield.Captures, reuses: true);
        il.Emit(OpCodes.Stind_Ref);
        yields!.Pause(yield);
    }
}
