using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Suspension;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

/// <summary>Writes the IL of one instance. The parts of this class follow the parts of the flow graph.</summary>
internal sealed partial class FunctionEmitter
{
    private readonly EmitContext context;
    private readonly Instance instance;
    private readonly MirFunction function;
    private readonly TypeMap map;
    private readonly ILGenerator il;
    private readonly Storage?[] storage;
    private readonly Label[] labels;
    private readonly bool suspends;
    private readonly UsePlan plan;
    private readonly SuspensionPoints? points;
    private readonly YieldPoints? yields;
    private readonly SequencePoints positions;
    private Label entry;

    public FunctionEmitter(EmitContext context, Instance instance)
    {
        coldPaths = [];
        this.context = context;
        this.instance = instance;
        function = instance.Graph;
        map = context.Map;
        il = instance.Method.GetILGenerator();
        suspends = instance.Suspends && !IsSource;
        storage = new Storage?[function.Locals.Count];
        labels = [.. function.Blocks.Select(_ => il.DefineLabel())];
        plan = new UsePlan(function);
        positions = new SequencePoints(il, context.Documents, function.Source);
        regions = new Regions(function);
        if (suspends) points = new SuspensionPoints(this);
        if (IsSource) yields = new YieldPoints(this);
    }

    /// <summary>A task source keeps its state in an object and is asked for one task after the other.</summary>
    private bool IsSource => function.Kind == MirFunctionKind.TaskSource;

    private SigilType Concrete(SigilType type) => InstanceGraph.Strip(context.Graph.Concrete(type, instance.Substitution));
    private Representation Shape(SigilType concrete) => map.Of(concrete);
    private bool IsVoid(SigilType concrete) => map.IsVoid(concrete);

    /// <summary>Arguments of the method: the task, parameters, captures, the result, the frame.</summary>
    private int FirstParameter => suspends ? 1 : 0;
    private int ResultArgument => FirstParameter + instance.Signature.Count;
    private int FrameArgument => ResultArgument + (IsVoid(instance.ReturnType) ? 0 : 1);

    /// <summary>Where the first code of the function stands: the first instruction that is not part of a later one.</summary>
    private TextSpan FirstStatement()
    {
        foreach (var instruction in function.Blocks[0].Instructions)
        {
            var target = instruction switch { CallInstruction c => c.Target, AssignInstruction a => a.Target, _ => null };
            if (target is { IsLocal: true } && plan.IsSingleUse(target.Local)) continue;
            if (instruction.Span.Length > 0) return instruction.Span;
        }
        return function.Span;
    }

    public void Emit()
    {
        BindParameters();
        positions.Mark(instance.IsOnCycle ? function.Span : FirstStatement(), force: true);
        if (instance.IsOnCycle && !suspends)
        {
            EmitSite(function.Span);
            il.Emit(OpCodes.Call, typeof(StackGuard).GetMethod(nameof(StackGuard.Check))!);
        }
        entry = il.DefineLabel();
        BeginBody();
        EmitEdge(-1, 0);
        il.MarkLabel(entry);
        foreach (var block in function.Blocks) EmitBlock(block);
        points?.EmitStubs();
        yields?.EmitStubs();
        EndBody();
    }

    private void BindParameters()
    {
        var index = FirstParameter;
        foreach (var local in instance.Signature)
        {
            var type = map.Clr(instance.LocalTypes[local.Index]);
            if (IsSource)
            {
                storage[local.Index] = new DirectStorage(new LocalSlot(il.DeclareLocal(type)));
                continue;
            }
            storage[local.Index] = (local.Mode, suspends) switch
            {
                (MirParameterMode.BorrowMutable, false) => new ReferenceStorage(new ArgumentSlot(index, type.MakeByRefType()), type),
                (MirParameterMode.BorrowMutable, true) => new CellStorage(new ArgumentSlot(index, map.Construct(typeof(Cell<>), [type]))),
                _ => new DirectStorage(new ArgumentSlot(index, type)),
            };
            instance.Method.DefineParameter(index + 1, ParameterAttributes.None, local.Name ?? (local.Kind == MirLocalKind.Self ? "self" : "p" + local.Index));
            index++;
        }
    }

    private Storage StorageOf(int local)
    {
        if (storage[local] is { } found) return found;
        var symbol = function.Locals[local];
        var builder = il.DeclareLocal(map.Clr(instance.LocalTypes[local]));
        if (symbol.Name is { } name && symbol.Kind == MirLocalKind.User) builder.SetLocalSymInfo(name);
        return storage[local] = new DirectStorage(new LocalSlot(builder));
    }

    // ---- blocks ----

    private void EmitBlock(MirBlock block)
    {
        il.MarkLabel(labels[block.Index]);
        currentBlock = block.Index;
        regions.Enter(block.Index);
        var instructions = block.Instructions;
        for (var i = 0; i < instructions.Count; i++)
        {
            if (instructions[i] is IterationNext next && i == instructions.Count - 1 && TryFuseIteration(next, block.Terminator)) return;
            if (IsReplacedByNext(instructions, i)) replacedByNext = true;
            EmitInstruction(instructions[i], block);
            replacedByNext = false;
        }
        EmitTerminator(block);
        if (pending.Count > 0) throw new InternalEmitException("values are left over at the end of a block");
    }

    private void EmitInstruction(MirInstruction instruction, MirBlock block)
    {
        switch (instruction)
        {
            case AssignInstruction assign: EmitAssign(assign, block); break;
            case CallInstruction call: EmitCall(call, block); break;
            case DropInstruction drop: EmitDrop(drop); break;
            case PanicInstruction panic: EmitPanic(panic); break;
            case IterationStart start: EmitIterationStart(start); break;
            case IterationNext next: EmitIterationNext(next); break;
            case VacateInstruction vacate: EmitVacate(vacate); break;
            case CheckElementInstruction check: EmitCheck(check); break;
            case BorrowMarker or StorageDead: break;
            default: EmitTaskInstruction(instruction); break;
        }
    }

    /// <summary>Pushes <c>path:line:col in @fn</c>.</summary>
    private void EmitSite(TextSpan span) => il.Emit(OpCodes.Ldstr, SiteText(span));

    internal string SiteText(TextSpan span)
    {
        if (span.Start > function.Source.Length) span = function.Span;
        var at = function.Source.GetLinePosition(span.Start);
        return $"{function.Source.Path}:{at.Line}:{at.Column} in {instance.Name}";
    }

    private void EmitPanic(PanicInstruction panic)
    {
        Prepare([panic.Message], deferred: false);
        Begin(panic);
        if (panic.Code == "E9001")
        {
            EmitOperand(panic.Message, reads: true);
            EmitSite(panic.Span);
            il.Emit(OpCodes.Call, typeof(Panic).GetMethod(nameof(Panic.User))!);
            return;
        }
        il.Emit(OpCodes.Ldstr, panic.Code);
        EmitOperand(panic.Message, reads: true);
        EmitSite(panic.Span);
        il.Emit(OpCodes.Newobj, typeof(SigilPanic).GetConstructor([typeof(string), typeof(string), typeof(string)])!);
        il.Emit(OpCodes.Throw);
    }

    private void EmitDrop(DropInstruction drop)
    {
        if (drop.Place.IsLocal && function.Locals[drop.Place.Local].Kind == MirLocalKind.Iterator)
        {
            FlushAll();
            EmitIteratorDrop(drop);
            return;
        }
        var type = TypeOf(drop.Place);
        if (!context.Drops.IsNeeded(type) || IsLentElement(drop.Place)) return;
        FlushAll();
        Begin(drop);
        var skip = il.DefineLabel();
        if (drop.Flag >= 0)
        {
            StorageOf(drop.Flag).Load(il);
            il.Emit(OpCodes.Brfalse, skip);
        }
        EmitRead(drop.Place, drop.Span);
        context.Drops.Emit(il, type);
        il.MarkLabel(skip);
    }

    /// <summary>Before an instruction that may panic: its position, and where unwinding goes.</summary>
    private void Begin(MirInstruction instruction)
    {
        positions.Mark(instruction.Span);
        if (regions.IsNeeded) regions.Require(instruction.Unwind, il, regionLocal!);
    }

    private void EmitTerminator(MirBlock block)
    {
        switch (block.Terminator)
        {
            case Goto jump:
                FlushAll();
                Jump(jump.Target, block.Index);
                break;
            case Branch branch: EmitBranch(branch, block.Index); break;
            case Switch choice: EmitSwitch(choice, block.Index); break;
            case Return leave: EmitReturn(leave); break;
            case TailCall tail: EmitTailCall(tail); break;
            case ResumeUnwind:
                FlushAll();
                EmitResumeUnwind();
                break;
            case Unreachable:
                FlushAll();
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Throw);
                break;
            default: throw new InternalEmitException($"unknown terminator {block.Terminator}");
        }
    }

    private void Jump(int target, int from)
    {
        EmitEdge(from, target);
        if (target != from + 1) il.Emit(OpCodes.Br, labels[target]);
    }

    private void EmitSwitch(Switch choice, int from)
    {
        var kind = Shape(OperandType(choice.Value)).Kind;
        if (WholeLocal(choice.Value) is { } local && pending.Count > 0 && pending[^1].Local == local && pending[^1].Tag is { } tag)
        {
            pending.RemoveAt(pending.Count - 1);
            FlushAll();
            tag();
            kind = RepresentationKind.Tag;
        }
        else
        {
            Prepare([choice.Value], deferred: false);
            EmitOperand(choice.Value, reads: true);
        }
        if (kind == RepresentationKind.Int)
        {
            var value = il.DeclareLocal(typeof(long));
            il.Emit(OpCodes.Stloc, value);
            EmitCases(value, [.. choice.Cases.DistinctBy(c => c.Value).OrderBy(c => c.Value)], choice.Default, from);
        }
        else if (choice.Cases.Length == 1)
        {
            il.Emit(OpCodes.Ldc_I4, (int)choice.Cases[0].Value);
            il.Emit(OpCodes.Beq, LabelOf(from, choice.Cases[0].Target));
        }
        else if (choice.Cases.Length > 0 && choice.Cases.All(c => c.Value is >= 0 and < 256) && choice.Cases.Max(c => c.Value) < choice.Cases.Length * 3L + 4)
        {
            var table = new Label[choice.Cases.Max(c => c.Value) + 1];
            Array.Fill(table, LabelOf(from, choice.Default));
            foreach (var (constant, target) in choice.Cases) table[constant] = LabelOf(from, target);
            il.Emit(OpCodes.Switch, table);
        }
        else
        {
            var value = il.DeclareLocal(typeof(int));
            il.Emit(OpCodes.Stloc, value);
            foreach (var (constant, target) in choice.Cases)
            {
                il.Emit(OpCodes.Ldloc, value);
                il.Emit(OpCodes.Ldc_I4, (int)constant);
                il.Emit(OpCodes.Beq, LabelOf(from, target));
            }
        }
        Jump(choice.Default, from);
    }

    /// <summary>Jumps to the case of a 64-bit value; others go on behind, or to <paramref name="other"/>. The cases ascend.</summary>
    private void EmitCases(LocalBuilder value, ReadOnlySpan<(long Value, int Target)> cases, int other, int from)
    {
        const int Few = 4;
        if (cases.Length > Few && (Int128)cases[^1].Value - cases[0].Value < cases.Length * 2L)
        {
            // Close together: a table.
            var table = new Label[(int)(cases[^1].Value - cases[0].Value) + 1];
            Array.Fill(table, LabelOf(from, other));
            foreach (var (constant, target) in cases) table[constant - cases[0].Value] = LabelOf(from, target);
            var outside = il.DefineLabel();
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Ldc_I8, cases[0].Value);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Ldc_I8, (long)table.Length);
            il.Emit(OpCodes.Bge_Un, outside);
            il.Emit(OpCodes.Ldloc, value);
            il.Emit(OpCodes.Ldc_I8, cases[0].Value);
            il.Emit(OpCodes.Sub);
            il.Emit(OpCodes.Conv_U4);
            il.Emit(OpCodes.Switch, table);
            il.MarkLabel(outside);
            return;
        }
        if (cases.Length <= Few)
        {
            foreach (var (constant, target) in cases)
            {
                il.Emit(OpCodes.Ldloc, value);
                il.Emit(OpCodes.Ldc_I8, constant);
                il.Emit(OpCodes.Beq, LabelOf(from, target));
            }
            return;
        }
        var middle = cases.Length / 2;
        var upper = il.DefineLabel();
        var end = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Ldc_I8, cases[middle].Value);
        il.Emit(OpCodes.Bge, upper);
        EmitCases(value, cases[..middle], other, from);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(upper);
        EmitCases(value, cases[middle..], other, from);
        il.MarkLabel(end);
    }

    private void EmitReturn(Return leave)
    {
        var isVoid = IsVoid(instance.ReturnType);
        if (leave.Value is { } value) Prepare([value], deferred: false);
        else FlushAll();
        if (IsSource)
        {
            EndSource();
            return;
        }
        if (suspends)
        {
            if (!isVoid && leave.Value is { } result)
            {
                EmitArgument(ResultArgument);
                EmitOperand(result);
                il.Emit(OpCodes.Stobj, map.Clr(instance.ReturnType));
            }
            else if (leave.Value is { } discarded) EmitDiscarded(discarded);
            il.Emit(OpCodes.Ldc_I4_0);
            Leave();
            return;
        }
        if (isVoid)
        {
            if (leave.Value is { } discarded) EmitDiscarded(discarded);
        }
        else if (leave.Value is { } result) EmitOperand(result);
        else throw new InternalEmitException($"{instance.Name} returns no value");
        Leave();
    }

    // A source that has ended answers false from now on.
    private void EndSource()
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Stfld, instance.Source!.State);
        il.Emit(OpCodes.Ldc_I4_0);
        Leave();
    }

    private void EmitDiscarded(MirOperand operand)
    {
        if (operand is ConstantOperand) return;
        EmitOperand(operand, reads: true);
        il.Emit(OpCodes.Pop);
    }

    private void EmitTailCall(TailCall tail)
    {
        FlushAll();
        // All arguments are evaluated before the first parameter changes.
        var stores = new List<(Storage Target, LocalBuilder Value)>();
        for (var i = 0; i < tail.Arguments.Length; i++)
        {
            var target = storage[i]!;
            if (target is ReferenceStorage or CellStorage) continue;
            if (tail.Arguments[i] is CopyOperand { Place: { IsLocal: true } same } && same.Local == i) continue;
            if (tail.Arguments[i] is MoveOperand { Place: { IsLocal: true } moved } && moved.Local == i) continue;
            var value = il.DeclareLocal(map.Clr(instance.LocalTypes[i]));
            EmitOperand(tail.Arguments[i]);
            il.Emit(OpCodes.Stloc, value);
            stores.Add((target, value));
        }
        foreach (var (target, value) in stores) target.Store(il, () => il.Emit(OpCodes.Ldloc, value));
        il.Emit(OpCodes.Br, entry);
    }

    private void EmitArgument(int index) => new ArgumentSlot(index, typeof(object)).Load(il);
}
