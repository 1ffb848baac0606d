using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>
/// Whether a function that keeps a provider stays where the provider is: it is only called, lent and taken along by lambdas and tasks that end before, by
/// names that nobody reads any more when the provider is dropped.
/// </summary>
/// <remarks>What is not known to be harmless counts as a way out: storing, returning, sending, giving it as a value.</remarks>
internal sealed class StayingFunctions(MirFunction function, Func<int, bool> isInside)
{
    private readonly HashSet<int> names = [];
    private readonly Queue<int> work = [];
    private readonly List<Access> accesses = [];
    private Liveness? liveness;

    /// <summary>Whether the function that is stored in <paramref name="target"/> stays, with a provider that <paramref name="owner"/> owns (-1: what is around this body).</summary>
    public bool Stays(MirPlace target, int owner)
    {
        names.Clear();
        if (!Follow(target) || !AllStay()) return false;
        return owner < 0 || !IsReadAfter(owner);
    }

    private bool Follow(MirPlace target)
    {
        if (!target.IsLocal || function.Locals[target.Local].Kind is not (MirLocalKind.User or MirLocalKind.Temporary)) return false;
        if (names.Add(target.Local)) work.Enqueue(target.Local);
        return true;
    }

    private bool AllStay()
    {
        while (work.TryDequeue(out var name))
        {
            foreach (var block in function.Blocks)
            {
                foreach (var instruction in block.Instructions)
                    if (Mentions(instruction, name) && !IsHarmless(instruction, name)) return false;
                accesses.Clear();
                AccessVisitor.Of(block.Terminator, default, accesses);
                if (accesses.Exists(a => a.Place.Local == name)) return false;
            }
        }

        return true;
    }

    private bool Mentions(MirInstruction instruction, int name)
    {
        accesses.Clear();
        AccessVisitor.Before(instruction, accesses);
        return accesses.Exists(a => a.Place.Local == name);
    }

    private bool IsHarmless(MirInstruction instruction, int name) => instruction switch
    {
        DropInstruction => true,
        AssignInstruction { Value: UseRvalue } a => Follow(a.Target),
        AssignInstruction { Value: ConvertRvalue { To: FunctionType } } a => Follow(a.Target),
        AssignInstruction { Value: ClosureRvalue c } a => StaysIn(c.Function, c.Captures, name) && (c.Type.Kind == FunctionKind.Borrowed || Follow(a.Target)),
        CallInstruction c => IsLentOnly(c, name),
        SpawnInstruction s => StaysIn(s.Body, s.Captures, name),
        SpawnManyInstruction s => StaysIn(s.Source, s.Captures, name),
        YieldTask y => StaysIn(y.Body, y.Captures, name),
        GroupSpawn g => isInside(g.Group.Local) && StaysIn(g.Body, g.Captures, name),
        _ => false,
    };

    private bool StaysIn(MirFunction nested, ImmutableArray<MirArgument> captures, int name)
    {
        var locals = nested.Captures.ToList();
        if (locals.Count != captures.Length) return false;
        for (var i = 0; i < captures.Length; i++)
        {
            if (!IsOf(captures[i], name)) continue;
            // A group that the body mentions was there before.
            var inner = new StayingFunctions(nested, group => nested.Locals[group].Kind is not (MirLocalKind.Capture or MirLocalKind.Parameter));
            if (captures[i] is BorrowMutableArgument || !inner.StaysCaptured(locals[i].Index)) return false;
        }

        return true;
    }

    private bool StaysCaptured(int capture)
    {
        names.Add(capture);
        work.Enqueue(capture);
        return AllStay();
    }

    private bool IsLentOnly(CallInstruction call, int name)
    {
        var harmless = (call.Callee switch
        {
            StaticCallee s => AreHarmless(s.Function),
            DynamicCallee d => AreHarmless(d.Method),
            IndirectCallee i => i.Type.Parameters.Select(IsLentFunction),
            _ => [],
        }).ToList();
        for (var i = 0; i < call.Arguments.Length; i++)
            if (IsOf(call.Arguments[i], name) && !(i < harmless.Count && harmless[i])) return false;
        return true;
    }

    private static IEnumerable<bool> AreHarmless(FunctionSymbol f)
    {
        var parameters = f.Parameters.Select(p => p.StaysInCall || IsLentFunction(p.Type));
        return f.SelfKind == SelfKind.None && !f.IsCapabilityMethod ? parameters : parameters.Prepend(false);
    }

    private static bool IsLentFunction(SigilType? type)
    {
        while (type?.Resolve() is BorrowType b) type = b.Target;
        return type?.Resolve() is FunctionType { Kind: FunctionKind.Borrowed };
    }

    private static bool IsOf(MirArgument argument, int name) => argument switch
    {
        ValueArgument { Operand: CopyOperand c } => c.Place.Local == name,
        ValueArgument { Operand: MoveOperand m } => m.Place.Local == name,
        BorrowArgument b => b.Place.Local == name,
        BorrowMutableArgument b => b.Place.Local == name,
        _ => false,
    };

    // The names are read again after the provider has been dropped, perhaps in the next round of a loop.
    private bool IsReadAfter(int owner)
    {
        liveness ??= new Liveness(function);
        var found = false;
        foreach (var block in function.Blocks)
            liveness.Walk(block, (instruction, _, live) => found |= instruction is DropInstruction { Place: { IsLocal: true } place } && place.Local == owner && names.Any(n => live[n]));
        return found;
    }
}
