using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Mir.Analysis;

/// <summary>
/// A provider with unique parts is dropped where its <c>with</c> ends, so nothing that keeps it may get out (E6008): functions over it that are not lent, tasks
/// of a group around the <c>with</c>, and whatever a callee could have made of it and put where it stays.
/// </summary>
/// <remarks>
/// A callee sees a provider like any other and may keep it in a function, so what counts is where such a function could go: into the result, through a parameter that
/// is written or sent through, to a group, to another capability. Tasks of scopes inside end before the provider does, and a function that only serves inside
/// (<see cref="StayingFunctions"/>) does no harm.
/// </remarks>
internal sealed class KeptProviders
{
    private readonly MirFunction function;
    private readonly ITypeSystem types;
    private readonly DiagnosticBag diagnostics;

    private KeptProviders(MirFunction function, ITypeSystem types, DiagnosticBag diagnostics)
    {
        this.function = function;
        this.types = types;
        this.diagnostics = diagnostics;
    }

    /// <summary>Checks one function, without those nested in it.</summary>
    public static void Check(MirFunction function, ITypeSystem types, DiagnosticBag diagnostics)
    {
        if (function.Locals.Exists(l => l.IsLentProvider)) new KeptProviders(function, types, diagnostics).Check();
    }

    private void Check()
    {
        foreach (var block in function.Blocks)
        {
            if (block.IsCleanup) continue;
            foreach (var instruction in block.Instructions) Check(instruction);
        }
    }

    private void Check(MirInstruction instruction)
    {
        switch (instruction)
        {
            case AssignInstruction { Value: ClosureRvalue { Type.Kind: not FunctionKind.Borrowed } c } a when Lent(c.Captures) is { } kept && c.Captures.Select(Lent).Any(l => l is not null && !Stays(a.Target, l)):
                Report(instruction.Span, kept, "this function");
                break;
            case AssignInstruction { Value: FunctionRvalue { Type.Kind: not FunctionKind.Borrowed } f } a when f.Capabilities.Select(Lent).FirstOrDefault(l => l is not null && !Stays(a.Target, l)) is { } kept:
                Report(instruction.Span, kept, "this function");
                break;
            case GroupSpawn g when Lent(g.Captures) is { } kept && !IsInside(g.Group.Local, kept):
                Report(instruction.Span, kept, "this task");
                break;
            case CallInstruction c: Check(c); break;
        }
    }

    private void Check(CallInstruction call)
    {
        var (result, parameters, self, uses) = call.Callee switch
        {
            StaticCallee s => (s.Function.ReturnType, s.Function.Parameters.Select(p => p.Type), Written(s.Function), s.Function.Uses),
            DynamicCallee d => (d.Method.ReturnType, d.Method.Parameters.Select(p => p.Type), null, d.Method.Uses),
            IndirectCallee i => (i.Type.Result, (IEnumerable<SigilType>)i.Type.Parameters, null, i.Type.Uses),
            _ => (null, [], null, []),
        };
        if (result is null) return;
        var capabilities = uses.Where(u => !u.Trait.IsMarkerCapability).ToList();
        var given = call.Arguments.TakeLast(capabilities.Count).ToList();
        foreach (var kept in given.Select(Lent))
        {
            if (kept is null) continue;
            var others = capabilities.Where((u, i) => i >= given.Count || Lent(given[i]) is null);
            var target = call.Target is { } place && place.Path.IsEmpty ? function.Locals[place.Local].Type : result;
            if (Holds(result) && Holds(target) && !(call.Target is { } kind && Stays(kind, kept))) Report(call.Span, kept, "what this call results in");
            else if (parameters.Any(LeadsOut) || (self is not null && Holds(self)) || others.Any(u => TakesFunctions(u.Trait)))
                Report(call.Span, kept, "what this call leaves behind");
            return;
        }
    }

    private bool Stays(MirPlace target, MirLocal provider)
    {
        // A provider that is captured outlives this body.
        if (provider.Kind == MirLocalKind.Capture) return new StayingFunctions(function, g => IsInside(g, provider)).Stays(target, -1);
        return OwnerOf(provider) is { } owner && new StayingFunctions(function, g => IsInside(g, provider)).Stays(target, owner);
    }

    // What the provider is lent from, also as another of its traits.
    private int? OwnerOf(MirLocal provider)
    {
        if (provider.LentFrom is { IsLocal: true } owner) return owner.Local;
        foreach (var block in function.Blocks)
        {
            foreach (var instruction in block.Instructions)
                if (instruction is AssignInstruction { Value: ConvertRvalue { Operand: CopyOperand source } } a && a.Target.Local == provider.Index && source.Place.Local != provider.Index)
                    return function.Locals[source.Place.Local] is { IsLentProvider: true } from ? OwnerOf(from) : null;
        }

        return null;
    }

    private static SigilType? Written(FunctionSymbol method) => method.SelfKind == SelfKind.Mutable ? method.SelfType : null;

    // A parameter by which something stays with others than the callee.
    private bool LeadsOut(SigilType type)
    {
        type = type.Resolve();
        if (type is BorrowType b)
        {
            if (IsGroup(b.Target)) return true;
            return b.IsMutable ? Holds(b.Target) : LeadsOut(b.Target);
        }

        if (IsGroup(type)) return true;
        return Any(type, t => t switch
        {
            FunctionType f => f.Parameters.Any(Holds),
            DynType d => d.Traits.Any(u => TakesFunctions(u.Trait)),
            TypeParameterType p => p.Symbol.Bounds.Any(u => TakesFunctions(u.Trait)),
            CapabilityType { Modifier: not CapabilityModifier.Val } or NamedType { Definition.Kind: TypeKind.Opaque } => Holds(type),
            _ => false,
        }, []);
    }

    // Whoever has such a value can be given a function to keep.
    private bool TakesFunctions(TraitSymbol trait) => trait.Methods.Any(m => m.Parameters.Any(p => !p.StaysInCall && Holds(p.Type))) || trait.Supertraits.Any(s => TakesFunctions(s.Trait));

    private bool IsGroup(SigilType type) =>
        type.Resolve() is NamedType n && (n.Definition == types.Core.FindType("TaskGroup") || n.Definition == types.Core.FindType("Nursery"));

    // Whether a value of the type may be or contain a function that keeps a provider.
    private bool Holds(SigilType type) =>
        Any(type, t => t is FunctionType { Kind: not FunctionKind.Borrowed } or DynType or NamedType { Definition: { Kind: TypeKind.Opaque, RuntimeType: null } }, []);

    private bool Any(SigilType type, Func<SigilType, bool> test, HashSet<SigilType> seen)
    {
        type = type.Resolve();
        if (!seen.Add(type)) return false;
        if (test(type)) return true;
        return type switch
        {
            CapabilityType c => Any(c.Target, test, seen),
            BorrowType b => Any(b.Target, test, seen),
            TupleType or RecordType => types.FieldTypes(type).Any(t => Any(t, test, seen)),
            NamedType n => n.Arguments.Any(t => Any(t, test, seen)) || types.FieldTypes(n).Any(t => Any(t, test, seen))
                || n.Definition.Variants.Any(v => types.PayloadTypes(n, v).Any(t => Any(t, test, seen))),
            _ => false,
        };
    }

    // A group of this body that began after the provider was given ends before it.
    private bool IsInside(int group, MirLocal provider)
    {
        if (function.Locals[group].Kind is MirLocalKind.Capture or MirLocalKind.Parameter) return false;
        return provider.Kind == MirLocalKind.Capture || group > provider.Index;
    }

    private MirLocal? Lent(ImmutableArray<MirArgument> arguments) => arguments.Select(Lent).FirstOrDefault(l => l is not null);

    private MirLocal? Lent(MirArgument argument) => argument switch
    {
        ValueArgument v => Lent(v.Operand),
        BorrowArgument b => Lent(b.Place),
        BorrowMutableArgument b => Lent(b.Place),
        _ => null,
    };

    private MirLocal? Lent(MirOperand operand) => operand switch
    {
        CopyOperand c => Lent(c.Place),
        MoveOperand m => Lent(m.Place),
        _ => null,
    };

    private MirLocal? Lent(MirPlace place) => function.Locals[place.Local] is { IsLentProvider: true } local ? local : null;

    private void Report(TextSpan at, MirLocal provider, string what) =>
        diagnostics.Add(OwnershipErrors.KeptProvider(function.Source, at, provider.Capability?.Trait.Name ?? ((DynType)provider.Type).Traits[0].Trait.Name, what, provider.Kind == MirLocalKind.Capture ? default : provider.Span));
}
