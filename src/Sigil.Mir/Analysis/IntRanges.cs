using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>What is known of the operands of an operator where it stands.</summary>
/// <param name="IsRepeated">The same operator has been applied to the same operands before, in the same block.</param>
public readonly record struct OperandRanges(Interval Left, Interval Right, bool IsRepeated);

/// <summary>What a function's caller knows of a call's result, and which locals are ints.</summary>
public sealed class RangeSources
{
    /// <summary>Whether a local holds an int.</summary>
    public required Func<int, bool> IsInt { get; init; }
    /// <summary>Whether a local holds a range of ints, or is an iterator over one.</summary>
    public required Func<int, bool> IsRange { get; init; }
    /// <summary>What a call yields.</summary>
    public required Func<CallInstruction, Interval> ResultOf { get; init; }
    /// <summary>What a parameter holds on entry.</summary>
    public required Func<int, Interval> ParameterOf { get; init; }
}

/// <summary>Ranges of int locals, sensitive to the flow: by constants, lengths, counting loops and comparisons.</summary>
/// <remarks>Only speed: it says which overflow tests cannot fail. A state is one interval for each int local; a range local or iterator has that of its elements.</remarks>
public sealed class IntRanges
{
    // Larger functions are left as they are: the analysis is worth its time in loops, and those are small.
    private const int MaxStates = 1 << 18;
    private const int VisitsBeforeWidening = 3;
    private const int VisitsOutsideLoops = 64;

    private readonly MirFunction function;
    private readonly RangeSources sources;
    private readonly int[] slots;
    private readonly int tracked;
    private readonly Interval[]?[] states;
    private readonly int[] visits;
    private readonly Dictionary<BinaryRvalue, OperandRanges> operands = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<CallInstruction, Interval[]> arguments = new(ReferenceEqualityComparer.Instance);

    public IntRanges(MirFunction function, RangeSources sources)
    {
        this.function = function;
        this.sources = sources;
        slots = new int[function.Locals.Count];
        Array.Fill(slots, -1);
        states = new Interval[function.Blocks.Count][];
        visits = new int[function.Blocks.Count];
        if (!function.Blocks.Exists(b => b.Instructions.Exists(i => i is AssignInstruction { Value: BinaryRvalue }))) return;
        foreach (var local in function.Locals)
            if (local.Mode != MirParameterMode.BorrowMutable && (sources.IsInt(local.Index) || sources.IsRange(local.Index))) slots[local.Index] = tracked++;
        if (tracked == 0 || (long)tracked * function.Blocks.Count > MaxStates) return;
        Solve();
        foreach (var block in function.Blocks) Record(block);
    }

    /// <summary>What is known of an operator's operands.</summary>
    public OperandRanges Of(BinaryRvalue value) =>
        operands.TryGetValue(value, out var known) ? known : new(Constant(value.Left), Constant(value.Right), false);

    /// <summary>What is known of an argument of a call.</summary>
    public Interval Of(CallInstruction call, int argument) => arguments.TryGetValue(call, out var known) ? known[argument]
        : call.Arguments[argument] is ValueArgument { Operand: ConstantOperand constant } ? Constant(constant) : Interval.Full;

    private static Interval Constant(MirOperand operand) => operand is ConstantOperand { Value: long value } ? Interval.Of(value) : Interval.Full;

    // ---- the fixpoint ----

    private void Solve()
    {
        var entry = new Interval[tracked];
        Array.Fill(entry, Interval.Full);
        for (var i = 0; i < function.ParameterCount; i++)
            if (slots[i] >= 0) entry[slots[i]] = sources.ParameterOf(i);
        // A self tail call comes back with anything.
        if (function.Blocks.Exists(b => b.Terminator is TailCall)) Array.Fill(entry, Interval.Full);
        states[0] = entry;
        // Only where a loop comes back: what a comparison has narrowed stays narrow.
        var isLoopHead = new bool[function.Blocks.Count];
        foreach (var block in function.Blocks)
            foreach (var successor in block.Terminator.Successors)
                if (successor <= block.Index) isLoopHead[successor] = true;
        var work = new PriorityQueue<int, int>();
        var queued = new bool[function.Blocks.Count];
        Enqueue(0);
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Unwind >= 0 && states[instruction.Unwind] is null)
                {
                    var unknown = new Interval[tracked];
                    Array.Fill(unknown, Interval.Full);
                    states[instruction.Unwind] = unknown;
                    Enqueue(instruction.Unwind);
                }
        while (work.TryDequeue(out var index, out _))
        {
            queued[index] = false;
            var block = function.Blocks[index];
            var state = (Interval[])states[index]!.Clone();
            foreach (var instruction in block.Instructions) Step(instruction, state);
            if (block.Terminator is Branch branch)
            {
                FlowTo(branch.Then, Refined(block, branch, state, true));
                FlowTo(branch.Else, Refined(block, branch, state, false));
            }
            else
                foreach (var successor in block.Terminator.Successors) FlowTo(successor, state);
        }

        void Enqueue(int block)
        {
            if (queued[block]) return;
            queued[block] = true;
            work.Enqueue(block, block);
        }

        void FlowTo(int target, Interval[]? state)
        {
            if (state is null) return;
            if (states[target] is not { } known)
            {
                states[target] = (Interval[])state.Clone();
                Enqueue(target);
                return;
            }
            var changed = false;
            var widens = visits[target] >= (isLoopHead[target] ? VisitsBeforeWidening : VisitsOutsideLoops);
            for (var i = 0; i < tracked; i++)
            {
                var joined = known[i].Join(state[i]);
                if (joined == known[i]) continue;
                known[i] = widens ? joined.Widen(known[i]) : joined;
                changed = true;
            }
            if (!changed) return;
            visits[target]++;
            Enqueue(target);
        }
    }

    private Interval Value(MirOperand operand, Interval[] state) => operand switch
    {
        ConstantOperand => Constant(operand),
        CopyOperand { Place: { IsLocal: true } place } => Get(place.Local, state),
        MoveOperand { Place: { IsLocal: true } place } => Get(place.Local, state),
        _ => Interval.Full,
    };

    private Interval Get(int local, Interval[] state) => slots[local] >= 0 ? state[slots[local]] : Interval.Full;

    private void Step(MirInstruction instruction, Interval[] state)
    {
        switch (instruction)
        {
            case AssignInstruction { Target: { IsLocal: true } target } assign when slots[target.Local] >= 0:
                state[slots[target.Local]] = ValueOf(assign.Value, state);
                return;
            case CallInstruction call:
                // What is lent for writing may be anything afterwards.
                foreach (var argument in call.Arguments)
                    if (argument is BorrowMutableArgument { Place: { IsLocal: true } lent } && slots[lent.Local] >= 0) state[slots[lent.Local]] = Interval.Full;
                if (call.Target is { IsLocal: true } result && slots[result.Local] >= 0) state[slots[result.Local]] = sources.ResultOf(call);
                return;
            case IterationStart start when slots[start.Iterator] >= 0:
                state[slots[start.Iterator]] = start.Source is ValueArgument source ? Value(source.Operand, state) : Interval.Full;
                return;
            case IterationNext next when slots[next.Item] >= 0:
                // Without another element the item keeps what it was.
                state[slots[next.Item]] = state[slots[next.Item]].Join(Get(next.Iterator, state));
                return;
        }
        var accesses = new List<Access>();
        AccessVisitor.Before(instruction, accesses);
        AccessVisitor.After(instruction, accesses);
        foreach (var access in accesses)
            if (access.Kind is AccessKind.Write or AccessKind.BorrowMutable && access.Place.IsLocal && slots[access.Place.Local] >= 0) state[slots[access.Place.Local]] = Interval.Full;
    }

    private Interval ValueOf(MirRvalue value, Interval[] state)
    {
        switch (value)
        {
            case UseRvalue use: return Value(use.Operand, state);
            case LengthRvalue: return Interval.Length;
            case BinaryRvalue binary when IsOfInts(binary): return Interval.Apply(binary.Operator, Value(binary.Left, state), Value(binary.Right, state));
            case RangeRvalue range:
                {
                    var end = Value(range.End, state).High;
                    return new(Value(range.Start, state).Low, range.IsInclusive || end == long.MinValue ? end : end - 1);
                }
            default: return Interval.Full;
        }
    }

    /// <summary>The state behind one side of a branch; null when that side cannot be reached.</summary>
    private Interval[]? Refined(MirBlock block, Branch branch, Interval[] state, bool when)
    {
        var condition = branch.Condition switch
        {
            CopyOperand { Place: { IsLocal: true } p } => p.Local,
            MoveOperand { Place: { IsLocal: true } p } => p.Local,
            _ => -1,
        };
        if (condition < 0) return state;
        for (var i = block.Instructions.Count - 1; i >= 0; i--)
        {
            switch (block.Instructions[i])
            {
                case StorageDead or BorrowMarker: continue;
                case IterationNext next when next.HasItem == condition && slots[next.Item] >= 0 && when:
                    {
                        var inside = (Interval[])state.Clone();
                        inside[slots[next.Item]] = Get(next.Iterator, state);
                        return inside;
                    }
                case AssignInstruction { Target: { IsLocal: true } target, Value: BinaryRvalue test } when target.Local == condition: return Compare(test, state, when);
                default: return state;
            }
        }
        return state;
    }

    private Interval[]? Compare(BinaryRvalue test, Interval[] state, bool when)
    {
        var op = (test.Operator, when) switch
        {
            (BinaryOperator.Less, true) or (BinaryOperator.GreaterOrEqual, false) => BinaryOperator.Less,
            (BinaryOperator.LessOrEqual, true) or (BinaryOperator.Greater, false) => BinaryOperator.LessOrEqual,
            (BinaryOperator.Greater, true) or (BinaryOperator.LessOrEqual, false) => BinaryOperator.Greater,
            (BinaryOperator.GreaterOrEqual, true) or (BinaryOperator.Less, false) => BinaryOperator.GreaterOrEqual,
            (BinaryOperator.Equal, true) or (BinaryOperator.NotEqual, false) => BinaryOperator.Equal,
            _ => BinaryOperator.NotEqual,
        };
        if (!IsTracked(test.Left) && !IsTracked(test.Right)) return state;
        if (!IsTracked(test.Left) && test.Left is not ConstantOperand { Value: long } || !IsTracked(test.Right) && test.Right is not ConstantOperand { Value: long }) return state;
        var left = Value(test.Left, state);
        var right = Value(test.Right, state);
        switch (op)
        {
            case BinaryOperator.Less:
                if (right.High == long.MinValue || left.Low == long.MaxValue) return null;
                (left, right) = (left.Intersect(new(long.MinValue, right.High - 1)), right.Intersect(new(left.Low + 1, long.MaxValue)));
                break;
            case BinaryOperator.LessOrEqual: (left, right) = (left.Intersect(new(long.MinValue, right.High)), right.Intersect(new(left.Low, long.MaxValue))); break;
            case BinaryOperator.Greater:
                if (left.High == long.MinValue || right.Low == long.MaxValue) return null;
                (left, right) = (left.Intersect(new(right.Low + 1, long.MaxValue)), right.Intersect(new(long.MinValue, left.High - 1)));
                break;
            case BinaryOperator.GreaterOrEqual: (left, right) = (left.Intersect(new(right.Low, long.MaxValue)), right.Intersect(new(long.MinValue, left.High))); break;
            case BinaryOperator.Equal: left = right = left.Intersect(right); break;
            default: (left, right) = (Without(left, right), Without(right, left)); break;
        }
        if (left.IsEmpty || right.IsEmpty) return null;
        var result = (Interval[])state.Clone();
        Set(test.Left, left);
        Set(test.Right, right);
        return result;

        void Set(MirOperand operand, Interval value)
        {
            if (IsTracked(operand)) result[slots[LocalOf(operand)]] = value;
        }
    }

    // An end that is excluded moves the range's end.
    private static Interval Without(Interval range, Interval excluded)
    {
        if (excluded.Low != excluded.High || range.Low == range.High) return range;
        if (range.Low == excluded.Low) return new(range.Low + 1, range.High);
        return range.High == excluded.Low ? new(range.Low, range.High - 1) : range;
    }

    private static bool IsOfInts(BinaryRvalue binary) =>
        binary is { LeftType: NamedType { Definition.Kind: TypeKind.Int }, RightType: NamedType { Definition.Kind: TypeKind.Int } };

    private static int LocalOf(MirOperand operand) => operand switch
    {
        CopyOperand { Place: { IsLocal: true } p } => p.Local,
        MoveOperand { Place: { IsLocal: true } p } => p.Local,
        _ => -1,
    };

    private bool IsTracked(MirOperand operand) => LocalOf(operand) is >= 0 and var local && slots[local] >= 0 && sources.IsInt(local);

    // ---- the outcome ----

    private void Record(MirBlock block)
    {
        if (states[block.Index] is not { } start) return;
        var state = (Interval[])start.Clone();
        var seen = new HashSet<(BinaryOperator, long, long, long, long)>();
        var versions = new Dictionary<int, int>();
        var accesses = new List<Access>();
        foreach (var instruction in block.Instructions)
        {
            if (instruction is AssignInstruction { Value: BinaryRvalue binary } && IsOfInts(binary))
                operands[binary] = new(Value(binary.Left, state), Value(binary.Right, state), Key(binary) is { } key && !seen.Add(key));
            else if (instruction is CallInstruction call && call.Arguments.Any(a => a is ValueArgument v && IsTracked(v.Operand)))
                arguments[call] = [.. call.Arguments.Select(a => a is ValueArgument v ? Value(v.Operand, state) : Interval.Full)];
            Step(instruction, state);
            accesses.Clear();
            AccessVisitor.After(instruction, accesses);
            AccessVisitor.Before(instruction, accesses);
            foreach (var access in accesses)
                if (access.Kind is AccessKind.Write or AccessKind.BorrowMutable) versions[access.Place.Local] = versions.GetValueOrDefault(access.Place.Local) + 1;
        }

        (BinaryOperator, long, long, long, long)? Key(BinaryRvalue binary) =>
            Name(binary.Left) is { } l && Name(binary.Right) is { } r ? (binary.Operator, l.Name, l.Version, r.Name, r.Version) : null;

        // A constant is its own name; a local's version tells one value from the next.
        (long Name, long Version)? Name(MirOperand operand)
        {
            if (operand is ConstantOperand { Value: long constant }) return (constant, -1);
            return IsTracked(operand) ? (LocalOf(operand), versions.GetValueOrDefault(LocalOf(operand))) : null;
        }
    }
}
