using System.Collections.Immutable;
using Sigil.Semantics.Declarations;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Unification variables, the queue of operations that wait for types, and the bounds to be proved at the end.
public sealed partial class BodyChecker
{
    private List<Func<bool, bool>> deferred = [];
    private readonly List<Obligation> obligations = [];
    private readonly List<Action> finishers = [];
    private readonly List<(TypeVariable Variable, TextSpan At, string What)> unknowns = [];
    private readonly List<Ast.InferredType> holes = [];
    private readonly List<SigilType> holeTypes = [];
    private int solvedAtLastRetry;
    private bool isRetrying;
    private bool isSilent;

    /// <summary>A fresh inference variable.</summary>
    internal TypeVariable NewVariable() => unifier.Fresh();

    /// <summary>A fresh variable for something the user wrote; when it stays unknown, the message names it (E3002).</summary>
    internal TypeVariable NewVariable(TextSpan at, string what)
    {
        var v = unifier.Fresh();
        unknowns.Add((v, at, what));
        return v;
    }

    /// <summary>Makes two types equal as far as inference variables allow; without conversions, without report. Undone when it fails.</summary>
    internal bool Unify(SigilType a, SigilType b)
    {
        var mark = unifier.Snapshot();
        if (unifier.Unify(a, b)) return true;
        unifier.Rollback(mark);
        return false;
    }

    /// <summary>A type with all solved variables replaced and projections normalised.</summary>
    internal SigilType Zonk(SigilType type) => Types.Normalize(unifier.Zonk(type));

    internal bool IsNever(SigilType t) => t.Resolve() is NamedType n && n.Definition == Core.NeverSymbol;
    internal bool IsVoid(SigilType t) => t.Resolve() is NamedType n && n.Definition == Core.VoidSymbol;
    internal bool IsBool(SigilType t) => t.Resolve() is NamedType n && n.Definition == Core.BoolSymbol;
    internal static bool IsError(SigilType t) => t.Resolve() is ErrorType;
    internal static bool IsUnknown(SigilType t) => t.Resolve() is TypeVariable;

    /// <summary>The type when it is a declared or built-in one of that name in the prelude.</summary>
    internal NamedType? AsPrelude(SigilType t, string name) =>
        t.Resolve() is NamedType n && n.Definition.Name == name && n.Definition == Core.FindType(name) ? n : null;

    /// <summary>Queues an operation on a type that is not known yet. It is called again whenever more may be known, until it returns true.</summary>
    internal void Defer(Func<bool> retry) => deferred.Add(_ => retry());

    /// <summary>Queues an operation; it is called with true when nothing else can be learnt: it must decide then, or report.</summary>
    internal void Defer(Func<bool, bool> retry) => deferred.Add(retry);

    /// <summary>Runs when all types are known, before the tree is finished.</summary>
    internal void OnFinish(Action action) => finishers.Add(action);

    /// <summary>Tries the queued operations again if something was learnt since the last time.</summary>
    internal void RetryDeferred()
    {
        if (isRetrying || deferred.Count == 0 && !unifier.HasDeferred) return;
        isRetrying = true;
        try
        {
            while (unifier.Snapshot().Trail is var solved && solved != solvedAtLastRetry)
            {
                solvedAtLastRetry = solved;
                unifier.RetryDeferred();
                RunDeferred(force: false);
            }
        }
        finally
        {
            isRetrying = false;
        }
    }

    private bool RunDeferred(bool force)
    {
        bool progress = false;
        var waiting = deferred;
        deferred = [];
        var again = new List<Func<bool, bool>>();
        for (int i = 0; i < waiting.Count; i++)
        {
            if (!waiting[i](force)) again.Add(waiting[i]);
            else
            {
                progress = true;
                // One forced decision may settle the others.
                if (force)
                {
                    for (i++; i < waiting.Count; i++) again.Add(waiting[i]);
                }
            }
        }
        again.AddRange(deferred);
        deferred = again;
        return progress;
    }

    /// <summary>An expression whose meaning depends on a type that is not known yet. The attempt gives null as long as that is so, unless forced.</summary>
    internal TypedExpression DeferExpression(TextSpan span, Func<bool, TypedExpression?> attempt)
    {
        RetryDeferred();
        if (attempt(false) is { } now) return now;
        var node = new DeferredExpression { Type = NewVariable(), Span = span };
        var surroundings = CaptureSurroundings();
        Defer(force =>
        {
            var result = WithSurroundings(surroundings, () => attempt(force));
            if (result is null) return false;
            node.Result = IsError(result.Type) ? result : Coerce(result, node.Type, span);
            if (IsError(result.Type)) MarkError(node.Type);
            return true;
        });
        return node;
    }

    private sealed record Surroundings(
        Dictionary<string, LocalSymbol> Locals, List<ExitBoundary> Boundaries, List<LoopFrame?> Loops, List<CaptureTracker> Trackers,
        List<ProvidedCapability> Capabilities, List<SigilType> Measured, ModuleScope Scope, TypeScope TypeScope, SourceText Source, TextSpan? PlaceOfUse,
        ImmutableArray<LocalSymbol> Parameters);

    private Surroundings CaptureSurroundings() => new(
        new(locals), [.. boundaries], [.. loops], [.. captureTrackers], [.. provided], [.. measured], scope, typeScope, Source, placeOfUse, currentParameters);

    private T WithSurroundings<T>(Surroundings s, Func<T> action)
    {
        var saved = new Surroundings(locals, boundaries, loops, captureTrackers, provided, measured, scope, typeScope, Source, placeOfUse, currentParameters);
        Restore(s with { Locals = new(s.Locals) });
        try
        {
            return action();
        }
        finally
        {
            Restore(saved);
        }
    }

    private void Restore(Surroundings s)
    {
        (locals, boundaries, loops, captureTrackers, provided, measured) = (s.Locals, s.Boundaries, s.Loops, s.Trackers, s.Capabilities, s.Measured);
        (scope, typeScope, Source, placeOfUse, currentParameters) = (s.Scope, s.TypeScope, s.Source, s.PlaceOfUse, s.Parameters);
    }

    /// <summary>Replaces projections whose self is known; one whose self is still unknown becomes a variable that is solved later.</summary>
    internal SigilType Normalize(SigilType type)
    {
        type = type.Resolve();
        if (!TypeWalk.Any(type, t => t is ProjectionType)) return type;
        return NormalizeParts(type);
    }

    private SigilType NormalizeParts(SigilType type)
    {
        type = type.Resolve();
        switch (type)
        {
            case ProjectionType p:
                {
                    var self = NormalizeParts(p.Self);
                    var projection = new ProjectionType(self, p.Trait, p.Associated);
                    if (!IsUnknown(self))
                    {
                        var normal = Types.Normalize(projection).Resolve();
                        if (normal is not ProjectionType || !UnifierHasVariables(normal)) return normal;
                    }
                    var v = NewVariable();
                    Defer(force =>
                    {
                        var now = Types.Normalize(unifier.Zonk(projection)).Resolve();
                        if (now is ProjectionType q && UnifierHasVariables(q)) return force;
                        Unify(v, now);
                        return true;
                    });
                    return v;
                }
            case NamedType n when n.Arguments.Length > 0: return new NamedType(n.Definition, Map(n.Arguments));
            case TupleType t: return new TupleType(Map(t.Elements));
            case RecordType r: return new RecordType(r.Fields.Select(f => new RecordField(f.Name, NormalizeParts(f.Type))));
            case FunctionType f: return new FunctionType(Map(f.Parameters), NormalizeParts(f.Result), f.Uses, f.Kind);
            case CapabilityType c: return CapabilityTypes.Make(c.Modifier, NormalizeParts(c.Target));
            case BorrowType b: return new BorrowType(b.IsMutable, NormalizeParts(b.Target));
            case DynType d:
                return new DynType([.. d.Traits.Select(t => new TraitReference(t.Trait, Map(t.Arguments),
                    [.. t.Bindings.Select(b => new AssociatedBinding(b.Associated, NormalizeParts(b.Type)))]))]);
            default: return type;
        }

        ImmutableArray<SigilType> Map(ImmutableArray<SigilType> types)
        {
            var b = ImmutableArray.CreateBuilder<SigilType>(types.Length);
            foreach (var t in types) b.Add(NormalizeParts(t));
            return b.MoveToImmutable();
        }
    }

    private static bool UnifierHasVariables(SigilType t) => Solving.Unifier.HasVariables(t);

    /// <summary>A bound to be proved when all types are known.</summary>
    private sealed record Obligation(SigilType Type, TraitReference Trait, Action<SigilType, TraitReference> Fail);

    /// <summary>Demands that a type implements a trait. What the trait says about unknown parts (its arguments, <c>Item = …</c>) is learnt at once where possible.</summary>
    /// <param name="endsMove">What has the type crosses to another process.</param>
    internal void Require(SigilType type, TraitReference trait, TextSpan at, string? neededBy, Func<SigilType, Diagnostic>? failure = null, bool endsMove = false)
    {
        if (trait.Arguments.Length > 0 || trait.Bindings.Length > 0)
        {
            bool Learn(bool force)
            {
                if (IsUnknown(type)) return force;
                return force || Types.SolveAndBind(type, trait, unifier).Outcome != Solving.SolveOutcome.Ambiguous;
            }
            if (!Learn(false)) Defer(Learn);
        }
        obligations.Add(new Obligation(type, trait, (t, r) =>
        {
            var isSerializable = r.Trait == Core.FindTrait("Serializable");
            // Ends of channels between processes move with what crosses; anywhere else they cannot be written down.
            if (isSerializable && endsMove && Types.WhyNotSerializable(t, endsMove: true) is null) return;
            // What cannot even be written down is told once, as that.
            if (endsMove && r.Trait == Core.FindTrait("Sendable") && Types.WhyNotSerializable(t, endsMove: true) is not null) return;
            Report(failure is not null ? failure(t)
            : r.Trait == Core.FindTrait("Sendable") ? NotSendable(t, at, neededBy)
            : isSerializable && NotSerializable(t, at, neededBy, endsMove) is { } why ? why
            : TypeErrors.BoundNotSatisfied(Source, at, t.ToString(), r.ToString(), neededBy, BoundHelp(t, r)));
        }));
    }

    private string? BoundHelp(SigilType t, TraitReference trait) => t.Resolve() switch
    {
        TypeParameterType p => $"add the bound: `{p.Symbol.Name}: {trait.Trait.Name}`",
        NamedType { Definition: { Kind: TypeKind.Struct or TypeKind.Sum or TypeKind.Newtype } d }
            when trait.Trait.Name is "Eq" or "Comparable" or "Hashable" or "Printable" or "Debug" or "Default" && d.Module is { IsStandardLibrary: false } =>
            $"write `#[derive({trait.Trait.Name})]` before `type {d.Name}`, or `impl {trait.Trait.Name} for {d.Name}`",
        NamedType { Definition.Module: null or { IsStandardLibrary: true } } n when PartWithout(n.Arguments, trait) is { } part => part,
        TupleType tuple when PartWithout(tuple.Elements, trait) is { } part => part,
        NamedType when trait.Trait == Core.FindTrait("Printable") && Types.Implements(t.Resolve(), new TraitReference(Core.Trait("Debug"))) => "write its parts, or show it with `dbg(…)`",
        FunctionType when trait.Trait.Name is "Printable" or "Debug" => "a function has no text form: call it",
        _ => null,
    };

    /// <summary>A container has a trait when its parts do: which of them does not, and what to do about it.</summary>
    private string? PartWithout(IEnumerable<SigilType> parts, TraitReference trait)
    {
        if (trait.Arguments.Length > 0 || trait.Trait.Name is not ("Eq" or "Comparable" or "Hashable" or "Printable" or "Debug" or "Default")) return null;
        if (parts.FirstOrDefault(p => !IsUnknown(p) && !Types.Implements(p.Resolve(), trait)) is not { } part) return null;
        return $"because of `{part}`{(BoundHelp(part, trait) is { } help ? ": " + help : "")}";
    }

    /// <summary>Solves what is left, proves bounds, reports what stays unknown.</summary>
    private void Finish()
    {
        RetryDeferred();
        solvedAtLastRetry = -1;
        RetryDeferred();
        while (deferred.Count > 0)
        {
            isRetrying = true;
            bool progress = RunDeferred(force: true);
            isRetrying = false;
            RetryDeferred();
            if (!progress) break;
        }
        unifier.RetryDeferred();
        ReportUnknowns();
        for (int i = 0; i < obligations.Count; i++)
        {
            var o = obligations[i];
            var type = DefaultUnknown(Zonk(o.Type));
            if (HasError(type) || o.Trait.Arguments.Any(HasError)) continue;
            var trait = Substitution.Empty.Apply(o.Trait);
            if (!Types.Implements(type, trait)) o.Fail(type, trait);
        }
        for (int i = 0; i < finishers.Count; i++) finishers[i]();
        for (int i = 0; i < holes.Count; i++)
            Report(TypeErrors.TypeHole(holes[i].Source, holes[i].Span, Zonk(holeTypes[i]).ToString()));
    }

    // What is unknown matters where a binding's type mentions it; elsewhere it becomes void (§3.5).
    private void ReportUnknowns()
    {
        HashSet<TypeVariable>? bound = null;
        foreach (var local in allLocals)
            if (UnifierHasVariables(local.Type)) (bound ??= []).UnionWith(Variables(local.Type));
        if (bound is null) return;
        foreach (var (variable, at, what) in unknowns)
        {
            if (variable.Resolve() is not TypeVariable open || !bound.Contains(open)) continue;
            Report(TypeErrors.CannotInfer(Source, at, what));
            MarkError(open);
        }
        foreach (var local in allLocals)
        {
            if (!UnifierHasVariables(local.Type)) continue;
            Report(TypeErrors.CannotInfer(Source, local.Span, local.Name.Length > 0 ? $"`{local.Name}`" : "this parameter",
                known: local.Type.Resolve() is TypeVariable ? null : Zonk(local.Type).ToString()));
            MarkError(local.Type);
        }
    }

    internal static bool HasError(SigilType t) => TypeWalk.Any(t, x => x is ErrorType);

    // A variable that no binding's type mentions means nothing: void will do (§3.5).
    private SigilType DefaultUnknown(SigilType t)
    {
        if (UnifierHasVariables(t))
        {
            foreach (var v in Variables(t)) Unify(v, Core.Void);
            return Zonk(t);
        }
        return t;
    }

    private static List<TypeVariable> Variables(SigilType t)
    {
        var found = new List<TypeVariable>();
        TypeWalk.Any(t, x =>
        {
            if (x is TypeVariable v) found.Add(v);
            return false;
        });
        return found;
    }
}

/// <summary>Stands in the tree for an operation that waits for a type; replaced by <see cref="Result"/> when the body's check ends.</summary>
internal sealed class DeferredExpression : TypedExpression
{
    public TypedExpression? Result { get; set; }
}

/// <summary>The value that an enclosing <c>with C = v in e</c> provides.</summary>
internal sealed record ProvidedCapability(TraitReference Capability, SigilType ValueType);
