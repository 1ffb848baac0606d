using System.Collections.Immutable;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Impls against their traits (E3017, E3018, E3019, E3022), and coherence (E3020, E3021, E6016).</summary>
internal sealed class ImplChecks(DeclarationContext context)
{
    private readonly Unifier unifier = new(p => context.Types.Normalize(p));

    public void Run()
    {
        foreach (var m in context.Modules)
        {
            if (m.IsLibrary) continue;
            foreach (var i in m.Symbol.Impls)
            {
                if (i.SelfType is ErrorType) continue;
                Ownership(i);
                if (i.Opaque is { } opaque) OpaqueMembers(i, opaque);
                else if (i.Trait is { } trait && !i.IsNegative)
                {
                    using var _ = context.Types.Within(i);
                    if (!i.IsDerived) Members(i, trait);
                    if (!IsSendable(trait)) Supertraits(i, trait);
                    if (i.IsDerived) Derived(i, trait.Trait);
                }
            }
            Inherent(m.Symbol);
        }
        Overlaps();
    }

    private bool IsSendable(TraitReference t) => t.Trait == context.Core.FindTrait("Sendable");

    private SourceLocation At(ImplSymbol i) => i.Syntax is { } s ? new(i.Source!, TextSpan.FromBounds((s.Trait ?? s.Type).Span.Start, s.Type.Span.End)) : new(i.Source!, i.Span);

    // ----- who may write the impl -----

    // Reported already; what follows from it is not.
    private readonly HashSet<ImplSymbol> orphans = [];

    private void Orphan(ImplSymbol i, string trait)
    {
        orphans.Add(i);
        context.Report(DeclarationErrors.OrphanImpl(At(i), trait, i.SelfType.ToString()));
    }

    private void Ownership(ImplSymbol i)
    {
        var package = i.Module.Package;
        if (i.Trait is { } trait)
        {
            if (i.IsNegative)
            {
                if (!IsSendable(trait)) context.Report(DeclarationErrors.ExtraMember(At(i), trait.Trait.Name, "!" + trait.Trait.Name, null));
                else if (!Owns(i.SelfType, package)) Orphan(i, "Sendable");
                return;
            }
            if (IsSendable(trait) || (trait.Trait.IsStructural && trait.Trait.Name is "Copyable" or "Sequence"))
            {
                if (IsSendable(trait)) context.Report(DeclarationErrors.HandWrittenSendable(At(i), i.SelfType.ToString()));
                else Orphan(i, trait.Trait.Name);
                return;
            }
            // `impl From<MyError> for Error`: nobody else can write that one.
            if (DeclarationContext.PackageOf(trait.Trait) != package && !Owns(i.SelfType, package) && !trait.Arguments.Any(a => Owns(a, package)))
                Orphan(i, trait.Trait.Name);
        }
        else if (i.Opaque is { } opaque)
        {
            if (DeclarationContext.PackageOf(opaque.Definition) != package && !Owns(i.SelfType, package))
                Orphan(i, opaque.Definition.Name);
        }
        else if (!Owns(i.SelfType, package)) context.Report(DeclarationErrors.ForeignInherentImpl(At(i), i.SelfType.ToString()));
    }

    private static bool Owns(SigilType type, string package) => type switch
    {
        NamedType n => DeclarationContext.PackageOf(n.Definition) == package,
        CapabilityType c => Owns(c.Target, package),
        DynType d => d.Traits.Any(t => DeclarationContext.PackageOf(t.Trait) == package),
        _ => false,
    };

    // ----- members -----

    private void Members(ImplSymbol i, TraitReference trait)
    {
        var t = trait.Trait;
        var missing = new List<(string Text, Symbol Member)>();
        foreach (var a in t.AssociatedTypes)
            if (!i.AssociatedTypes.ContainsKey(a) && a.Default is null) missing.Add(($"`type {a.Name}`", a));
        foreach (var m in t.Methods)
            if (m.Body is null && !i.Methods.Any(o => o.Name == m.Name) && !HasStructuralBody(t)) missing.Add(($"`@{m.Name}`", m));
        if (missing.Count > 0)
            context.Report(DeclarationErrors.MissingMember(At(i), t.Name, i.SelfType.ToString(), string.Join(", ", missing.Select(x => x.Text)), DeclarationContext.Place(missing[0].Member)));
        foreach (var m in i.Methods)
        {
            if (t.FindMethod(m.Name) is { } required) Compare(i, trait, m, required);
            else context.Report(DeclarationErrors.ExtraMember(new(m.Source!, m.Span), t.Name, m.Name, Modules.Spelling.Closest(m.Name, t.Methods.Select(o => o.Name))));
        }
        foreach (var a in i.AssociatedTypes)
        {
            if (a.Key.IsCopyable && context.Types.KindOf(a.Value) == ValueKind.Unique)
                context.Report(DeclarationErrors.NotCopyable(AssociatedAt(i, a.Key), a.Value.ToString(), $"the associated type `{a.Key.Name}`"));
            var s = new Substitution([t.Self, .. t.TypeParameters], [i.SelfType, .. trait.Arguments]);
            foreach (var b in a.Key.Bounds)
                if (context.Types.Solve(a.Value, s.Apply(b)).IsNo) context.Report(DeclarationErrors.BoundNotSatisfied(AssociatedAt(i, a.Key), a.Value.ToString(), b.ToString(), DeclarationContext.Place(a.Key)));
        }
    }

    // Clone and Serializable can be had from the structure; a written impl may replace a part of it.
    private bool HasStructuralBody(TraitSymbol t) => t == context.Core.FindTrait("Serializable");

    private SourceLocation AssociatedAt(ImplSymbol i, AssociatedTypeSymbol a) =>
        i.Syntax!.Members.OfType<AssociatedTypeDeclaration>().FirstOrDefault(d => d.Name.Text == a.Name)?.Location ?? At(i);

    private void OpaqueMembers(ImplSymbol i, NamedType opaque)
    {
        using var _ = context.Types.Within(i);
        var missing = opaque.Definition.OpaqueMethods.Where(m => !i.Methods.Any(o => o.Name == m.Name)).ToList();
        if (missing.Count > 0)
            context.Report(DeclarationErrors.MissingMember(At(i), opaque.Definition.Name, i.SelfType.ToString(), string.Join(", ", missing.Select(m => $"`@{m.Name}`")), DeclarationContext.Place(missing[0])));
        var s = new Substitution(opaque.Definition.TypeParameters, opaque.Arguments);
        foreach (var m in i.Methods)
        {
            if (opaque.Definition.OpaqueMethods.FirstOrDefault(o => o.Name == m.Name) is { } required)
            {
                if (Difference(m, required, s) is { } difference) Report(m, required, opaque.Definition.Name, difference, s);
            }
            else context.Report(DeclarationErrors.ExtraMember(new(m.Source!, m.Span), opaque.Definition.Name, m.Name, Modules.Spelling.Closest(m.Name, opaque.Definition.OpaqueMethods.Select(o => o.Name))));
        }
        if (context.Types.KindOf(i.SelfType) == ValueKind.Unique) context.Report(DeclarationErrors.NotCopyable(At(i), i.SelfType.ToString(), "an opaque type"));
    }

    private void Compare(ImplSymbol i, TraitReference trait, FunctionSymbol method, FunctionSymbol required)
    {
        var s = new Substitution([trait.Trait.Self, .. trait.Trait.TypeParameters], [i.SelfType, .. trait.Arguments]);
        openItems = trait.Trait.AssociatedTypes.Any(a => !i.AssociatedTypes.ContainsKey(a) && a.Default is null);
        if (Difference(method, required, s) is { } difference) Report(method, required, trait.Trait.Name, difference, s);
        openItems = false;
    }

    // An associated type is missing, which is reported: it may be anything in signatures.
    private bool openItems;

    private void Report(FunctionSymbol method, FunctionSymbol required, string trait, string difference, Substitution s) =>
        context.Report(DeclarationErrors.SignatureDiffers(new(method.Source!, method.Span), method.Name, trait, difference, Print(required, s), DeclarationContext.Place(required)));

    private string? Difference(FunctionSymbol method, FunctionSymbol required, Substitution s)
    {
        if (method.SelfKind != required.SelfKind && !(required.SelfKind == SelfKind.Mutable && method.SelfKind == SelfKind.Borrowed))
            return $"it takes {Self(method.SelfKind)} instead of {Self(required.SelfKind)}";
        if (method.TypeParameters.Length != required.TypeParameters.Length)
            return $"it has {method.TypeParameters.Length} type parameters instead of {required.TypeParameters.Length}";
        if (method.Parameters.Length != required.Parameters.Length)
            return $"it has {method.Parameters.Length} parameters instead of {required.Parameters.Length}";
        var own = new Substitution(required.TypeParameters, [.. method.TypeParameters.Select(p => (SigilType)new TypeParameterType(p))]);
        SigilType Expected(SigilType t) => context.Types.Normalize(own.Apply(s.Apply(t)));
        using var _ = context.Types.Within(method);
        for (int k = 0; k < method.Parameters.Length; k++)
        {
            var wanted = Expected(required.Parameters[k].Type);
            var given = context.Types.Normalize(method.Parameters[k].Type);
            if (!Same(given, wanted)) return $"parameter {k + 1} is `{given}` instead of `{wanted}`";
        }
        var result = context.Types.Normalize(method.ReturnType);
        var wantedResult = Expected(required.ReturnType);
        if (!Same(result, wantedResult)) return $"it returns `{result}` instead of `{wantedResult}`";
        foreach (var u in method.Uses)
            if (!required.Uses.Any(r => r.Trait == u.Trait || Covers(r.Trait, u.Trait)) && !IsDualMode(required, u.Trait)) return $"it uses `{u.Trait.Name}`, which the declaration does not";
        for (int k = 0; k < method.TypeParameters.Length; k++)
        {
            var have = method.TypeParameters[k];
            var may = required.TypeParameters[k].Bounds.Select(b => own.Apply(s.Apply(b))).ToList();
            foreach (var b in have.Bounds)
                if (!may.SelectMany(x => TypeSystem.WithSupertraits(x, new TypeParameterType(have))).Contains(b)) return $"`{have.Name}` is bounded by `{b}`, which the declaration does not ask for";
            if (have.IsCopyable && !required.TypeParameters[k].IsCopyable) return $"`{have.Name}` must be `~Copyable`";
        }
        return null;
    }

    // Methods of the standard I/O capabilities count as `uses Async` for their implementations.
    private static bool IsDualMode(FunctionSymbol required, TraitSymbol used) => used is { Name: "Async", IsMarkerCapability: true } && required.Trait is { IsStandardCapability: true };

    private static bool Covers(TraitSymbol declared, TraitSymbol used) => declared.Supertraits.Any(s => s.Trait == used || Covers(s.Trait, used));

    private bool Same(SigilType a, SigilType b) => a is ErrorType || b is ErrorType || (openItems && TypeWalk.Any(b, t => t is ProjectionType)) || a.Equals(b) || unifier.CanUnify(a, b);

    private static string Self(SelfKind k) => k switch { SelfKind.None => "no `self`", SelfKind.Borrowed => "`self`", SelfKind.Mutable => "`mut self`", _ => "`own self`" };

    private static string Print(FunctionSymbol f, Substitution s)
    {
        var self = f.SelfKind switch { SelfKind.None => "", SelfKind.Borrowed => "self", SelfKind.Mutable => "mut self", _ => "own self" };
        var parameters = f.Parameters.Select(p => $"{(p.Name.Length == 0 ? "_" : p.Name)}: {s.Apply(p.Type)}");
        if (self.Length > 0) parameters = parameters.Prepend(self);
        var uses = f.Uses.IsEmpty ? "" : " uses " + string.Join(", ", f.Uses);
        return $"@{f.Name} ({string.Join(", ", parameters)}) -> {s.Apply(f.ReturnType)}{uses}";
    }

    // ----- supertraits, derives -----

    private void Supertraits(ImplSymbol i, TraitReference trait)
    {
        if (trait.Trait.Self.IsCopyable && context.Types.KindOf(i.SelfType) == ValueKind.Unique)
            context.Report(DeclarationErrors.NotCopyable(At(i), i.SelfType.ToString(), $"`Self` of `{trait.Trait.Name}`"));
        foreach (var s in TypeSystem.WithSupertraits(trait, i.SelfType).Skip(1))
        {
            if (!context.Types.Solve(i.SelfType, s).IsNo) continue;
            context.Report(DeclarationErrors.MissingSupertrait(At(i), trait.Trait.Name, i.SelfType.ToString(), s.ToString()));
            return;
        }
    }

    private void Derived(ImplSymbol i, TraitSymbol trait)
    {
        if (i.SelfType is not NamedType n) return;
        var d = n.Definition;
        var reference = new TraitReference(trait);
        IEnumerable<(string What, SigilType Type, bool HasDefault)> parts = d.Kind switch
        {
            TypeKind.Sum => d.Variants.SelectMany(v => context.Types.PayloadTypes(n, v).Select((t, k) => ($"part {k + 1} of `{v.Name}`", t, false))),
            TypeKind.Newtype => context.Types.FieldTypes(n).Select(t => ("the content", t, false)),
            _ => d.Fields.Zip(context.Types.FieldTypes(n)).Select(p => ($"field `{p.First.Name}`", p.Second, p.First.Default is not null)),
        };
        foreach (var (what, type, hasDefault) in parts)
        {
            if (hasDefault && trait.Name == "Default") continue;
            if (!context.Types.Solve(type, reference).IsNo) continue;
            context.Report(DeclarationErrors.CannotDerive(new(i.Source!, i.Span), trait.Name, d.Name, $"{what} is `{type}`, which does not implement it"));
            return;
        }
    }

    // ----- duplicates -----

    private void Inherent(ModuleSymbol module)
    {
        var byType = module.Impls.Where(i => i.Trait is null && i.Opaque is null && i.SelfType is NamedType).GroupBy(i => ((NamedType)i.SelfType).Definition);
        foreach (var impls in byType.Select(g => g.ToList()))
            for (int a = 0; a < impls.Count; a++)
                for (int b = 0; b < a; b++)
                {
                    if (!HeadsMeet(impls[a], impls[b])) continue;
                    foreach (var m in impls[a].Methods)
                        if (impls[b].Methods.FirstOrDefault(o => o.Name == m.Name) is { } first)
                            context.Report(NameErrors.DuplicateMember(new(m.Source!, m.Span), m.Name, $"`{((NamedType)impls[a].SelfType).Definition.Name}`", new(first.Source!, first.Span)));
                }
    }

    private void Overlaps()
    {
        var byTrait = context.Modules.SelectMany(m => m.Symbol.Impls).Where(i => i.Trait is not null && i.SelfType is not ErrorType && !i.IsNegative).GroupBy(i => i.Trait!.Trait);
        foreach (var group in byTrait)
        {
            var impls = group.ToList();
            if (impls.All(i => i.Module.IsStandardLibrary)) continue;
            // Impls for different type constructors never meet; the others are compared with all.
            var byHead = impls.Select((impl, index) => (impl, index)).GroupBy(x => (x.impl.SelfType as NamedType)?.Definition).ToList();
            var open = byHead.FirstOrDefault(g => g.Key is null)?.Select(x => x.index).ToList() ?? [];
            foreach (var head in byHead)
                foreach (var (a, b) in head.SelectMany(x => head.Select(y => y.index).Concat(head.Key is null ? [] : open).Select(y => (Math.Max(x.index, y), Math.Min(x.index, y)))).Where(x => x.Item1 != x.Item2).Distinct())
                {
                    if (impls[a].Module.IsStandardLibrary && impls[b].Module.IsStandardLibrary) continue;
                    if (orphans.Contains(impls[a]) || orphans.Contains(impls[b]) || !HeadsMeet(impls[a], impls[b])) continue;
                    // The written impl is the surplus one; of two written ones, the later.
                    var (first, second) = impls[b].IsDerived || !impls[a].IsDerived ? (impls[b], impls[a]) : (impls[a], impls[b]);
                    if (second.Module.IsStandardLibrary) (first, second) = (second, first);
                    context.Report(DeclarationErrors.OverlappingImpl(At(second), group.Key.Name, second.SelfType.ToString(), At(first), first.IsDerived));
                }
        }
    }

    private bool HeadsMeet(ImplSymbol a, ImplSymbol b)
    {
        var mark = unifier.Snapshot();
        var x = new Substitution(a.TypeParameters, unifier.FreshFor(a.TypeParameters));
        var y = new Substitution(b.TypeParameters, unifier.FreshFor(b.TypeParameters));
        bool meets = unifier.Unify(x.Apply(a.SelfType), y.Apply(b.SelfType));
        if (meets && a.Trait is { } s && b.Trait is { } t)
            for (int i = 0; i < s.Arguments.Length && meets; i++) meets = unifier.Unify(x.Apply(s.Arguments[i]), y.Apply(t.Arguments[i]));
        unifier.Rollback(mark);
        return meets;
    }
}
