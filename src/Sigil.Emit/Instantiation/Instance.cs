using System.Collections.Immutable;
using System.Reflection.Emit;
using Sigil.Emit.Dynamic;
using Sigil.Emit.Intrinsics;
using Sigil.Emit.Suspension;
using Sigil.Mir;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Instantiation;

/// <summary>What makes instances different.</summary>
/// <param name="Code">The function symbol, or the graph of nested and synthesised code.</param>
/// <param name="Suspending">For effect-polymorphic code: the all-suspending variant.</param>
internal readonly record struct InstanceKey(object Code, TypeList Arguments, bool Suspending);

/// <summary>Type arguments compared by structure.</summary>
internal readonly struct TypeList(ImmutableArray<SigilType> items) : IEquatable<TypeList>
{
    public ImmutableArray<SigilType> Items { get; } = items;
    public bool Equals(TypeList other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan());
    public override bool Equals(object? obj) => obj is TypeList other && Equals(other);
    public override int GetHashCode()
    {
        var hash = Items.Length;
        foreach (var item in Items) hash = HashCode.Combine(hash, item);
        return hash;
    }
}

/// <summary>One function emitted for one choice of concrete types and effects.</summary>
internal sealed class Instance
{
    public required InstanceKey Key { get; init; }
    public required MirFunction Graph { get; init; }
    public required Substitution Substitution { get; init; }
    /// <summary>An own borrowed function parameter is called through its suspending entry.</summary>
    public required bool Suspending { get; init; }
    public required string Name { get; init; }
    /// <summary>Where it was first asked for, to explain growth without end.</summary>
    public Instance? RequestedBy { get; init; }

    public required ImmutableArray<SigilType> LocalTypes { get; init; }
    public required SigilType ReturnType { get; init; }

    /// <summary>Whether the code may wait at all in this variant.</summary>
    public bool MaySuspend => Graph.MaySuspend || Suspending;

    /// <summary>Whether some call really waits: decides the form of the method. Known after the analysis of all reachable code.</summary>
    public bool Suspends { get; set; }

    /// <summary>
    /// Of a task: its scope looks for the result in the last frame to end, so a last call may stand in for the entry: a waiting task
    /// whose body is one call keeps one frame.
    /// </summary>
    public bool MayLeaveEntry { get; set; }

    public Dictionary<object, CallTarget> Targets { get; } = new(ReferenceEqualityComparer.Instance);
    public List<Instance> Callers { get; } = [];
    public List<Instance> Callees { get; } = [];
    /// <summary>Function and interface types called through, for cycles that pass them.</summary>
    public HashSet<Type> IndirectCalls { get; } = [];
    public bool IsOnCycle { get; set; }
    /// <summary>Kinds of iteration after substitution.</summary>
    public Dictionary<int, IterationPlan> Iterations { get; } = [];

    /// <summary>Parameters that the body never moves out of: callers need not mark what they pass, the body marks what it copies.</summary>
    public bool IsLent(int parameter)
    {
        if (lent is null)
        {
            // Another instance asks while this one is being looked at: a cycle; no.
            if (findsLent) return false;
            findsLent = true;
            lent = FindLent();
            findsLent = false;
        }
        return lent[parameter];
    }

    /// <summary>Whether the body never makes a second reference to what it is lent in a parameter: it reads elements and the length at most.</summary>
    public bool LeavesUnmarked(int parameter)
    {
        if (unmarked is null)
        {
            if (findsUnmarked) return false;
            findsUnmarked = true;
            unmarked = FindUnmarked();
            findsUnmarked = false;
        }
        return unmarked[parameter];
    }

    /// <summary>As <see cref="LeavesUnmarked(int)"/>, for an argument of a call made here.</summary>
    public bool LeavesUnmarked(CallInstruction call, int argument)
    {
        if (!Targets.TryGetValue(call, out var target)) return false;
        if (target is IntrinsicTarget { Call: { ReadsOnly: true, Suspends: false } }) return true;
        if (target is not InstanceTarget { Instance: var callee } || callee.Graph.Captures.Any() || argument >= callee.Graph.ParameterCount) return false;
        // A copied argument is marked by the caller unless the callee is known to read only.
        var isBorrowed = callee.Graph.Locals[argument].Mode == MirParameterMode.Borrow;
        if (!isBorrowed && (!callee.IsLent(argument) || call.Arguments.Any(a => a is BorrowMutableArgument))) return false;
        if (!isBorrowed && call.Arguments[argument] is not ValueArgument) return false;
        return callee.LeavesUnmarked(argument);
    }

    private bool[] FindUnmarked()
    {
        var result = new bool[Graph.Locals.Count];
        Array.Fill(result, true, 0, Graph.ParameterCount);
        var accesses = new List<Mir.Analysis.Access>();
        foreach (var block in Graph.Blocks)
        {
            foreach (var instruction in block.Instructions)
            {
                accesses.Clear();
                Mir.Analysis.AccessVisitor.Before(instruction, accesses);
                foreach (var access in accesses)
                {
                    if (!access.Place.IsLocal || instruction is AssignInstruction { Value: LengthRvalue or SliceRvalue or LookupRvalue }) continue;
                    if (instruction is CallInstruction call && Enumerable.Range(0, call.Arguments.Length).All(i => LeavesUnmarked(call, i))) continue;
                    result[access.Place.Local] = false;
                }
            }
            accesses.Clear();
            Mir.Analysis.AccessVisitor.Of(block.Terminator, default, accesses);
            foreach (var access in accesses)
                if (access.Place.IsLocal) result[access.Place.Local] = false;
        }
        return result;
    }

    private bool[]? lent, unmarked;
    private bool findsLent, findsUnmarked;

    // Handing a parameter on to one that is itself lent keeps it lent.
    private bool IsPassedOn(CallInstruction call, int index)
    {
        if (!Targets.TryGetValue(call, out var target) || target is not InstanceTarget { Instance: var callee }) return false;
        if (callee.Graph.Captures.Any() || index >= callee.Graph.ParameterCount || call.Arguments.Any(a => a is BorrowMutableArgument)) return false;
        return callee.Graph.Locals[index].Mode == MirParameterMode.Borrow || (callee == this ? callee.Graph.Locals[index].Mode == MirParameterMode.Value : callee.IsLent(index));
    }

    private bool[] FindLent()
    {
        var result = new bool[Graph.Locals.Count];
        for (var i = 0; i < Graph.ParameterCount; i++) result[i] = Graph.Locals[i].Mode == MirParameterMode.Value;
        var accesses = new List<Mir.Analysis.Access>();
        void Note()
        {
            foreach (var access in accesses)
                if (access.Kind is Mir.Analysis.AccessKind.Move or Mir.Analysis.AccessKind.LastUse or Mir.Analysis.AccessKind.BorrowMutable or Mir.Analysis.AccessKind.Write) result[access.Place.Local] = false;
            accesses.Clear();
        }
        foreach (var block in Graph.Blocks)
        {
            foreach (var instruction in block.Instructions)
            {
                Mir.Analysis.AccessVisitor.Before(instruction, accesses);
                Mir.Analysis.AccessVisitor.After(instruction, accesses);
                if (instruction is CallInstruction call)
                {
                    for (var i = 0; i < call.Arguments.Length; i++)
                    {
                        if (call.Arguments[i] is not ValueArgument { Operand: MoveOperand { Place: { IsLocal: true } moved } } || !IsPassedOn(call, i)) continue;
                        var at = accesses.FindIndex(a => a.Place.Local == moved.Local && a.Place.IsLocal && a.Kind is Mir.Analysis.AccessKind.Move or Mir.Analysis.AccessKind.LastUse);
                        if (at >= 0) accesses.RemoveAt(at);
                    }
                }
                Note();
            }
            Mir.Analysis.AccessVisitor.Of(block.Terminator, default, accesses);
            Note();
        }
        return result;
    }

    /// <summary>Whether calls may be replaced by the body; asked only after suspension and cycles are known.</summary>
    public bool IsInlinable => InlineSize >= 0;
    public int InlineSize => inlineSize ??= Inlining.SizeOf(this);
    private int? inlineSize;
    public bool[] WrittenParameters => field ??= Inlining.WrittenLocals(Graph);

    public MethodBuilder Method { get; set; } = null!;
    public FrameClass? Frame { get; set; }
    public SourceClass? Source { get; set; }
    /// <summary>For task sources: the type of one task's value.</summary>
    public SigilType? ElementType { get; set; }
    /// <summary>Parameters, then captures: the order of the method's parameters.</summary>
    public List<MirLocal> Signature => field ??= [.. Graph.Locals.Take(Graph.ParameterCount), .. Graph.Captures];
    public bool IsAnalysed { get; set; }
    public bool IsEmitted { get; set; }

    public bool IsNested => Graph.Kind is MirFunctionKind.Lambda or MirFunctionKind.Task or MirFunctionKind.TaskSource or MirFunctionKind.Recurse;
}

/// <summary>What a call ends at after instantiation.</summary>
internal abstract record CallTarget;
internal sealed record InstanceTarget(Instance Instance) : CallTarget;
internal sealed record IntrinsicTarget(IntrinsicCall Call) : CallTarget;
/// <summary>A method of an emitted interface.</summary>
internal sealed record InterfaceTarget(InterfaceMethod Method, bool Suspending) : CallTarget;
/// <summary>The entry of a function object.</summary>
internal sealed record FunctionObjectTarget(FunctionType Type, bool Suspending) : CallTarget;
/// <summary>A closure over an instance.</summary>
internal sealed record ClosureTarget(ClosureClass Class) : CallTarget;

/// <summary>How a for loop runs.</summary>
internal sealed record IterationPlan(Semantics.Typed.IterationKind Kind, SigilType Source, SigilType Item)
{
    /// <summary>For Iterator: <c>next</c>; for Iterable: <c>iter</c>.</summary>
    public CallTarget? Method { get; init; }
    /// <summary>For Iterable: the type of the iterator, with its plan.</summary>
    public IterationPlan? Inner { get; init; }
}
