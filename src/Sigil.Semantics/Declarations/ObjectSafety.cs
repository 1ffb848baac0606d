using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Whether traits can stand behind <c>dyn</c> (E3023, E3024) or serve as capabilities (E5004).</summary>
public static class ObjectSafety
{
    /// <summary>Why no <c>dyn</c> of the trait is possible, or null.</summary>
    public static string? WhyNotObject(TraitSymbol trait) => Why(trait, needSelf: true, []);

    /// <summary>Why the trait cannot be a capability, or null: the same rules, but methods may lack <c>self</c>.</summary>
    public static string? WhyNotCapability(TraitSymbol trait) => Why(trait, needSelf: false, []);

    private static string? Why(TraitSymbol trait, bool needSelf, HashSet<TraitSymbol> seen)
    {
        if (!seen.Add(trait)) return null;
        foreach (var m in trait.Methods)
        {
            if (m.Syntax is not FunctionDeclaration f) continue;
            if (needSelf && f.Parameters.Self is null) return $"`{m.Name}` has no `self`";
            if (MentionsBareSelf(m)) return $"`{m.Name}` mentions `Self`";
            if (f.TypeParameters is not null) return $"`{m.Name}` is generic";
        }
        if (!needSelf && !trait.TypeParameters.IsEmpty) return "it has type parameters";
        foreach (var s in trait.Supertraits)
            if (Why(s.Trait, needSelf, seen) is { } reason) return $"its supertrait `{s.Trait.Name}` is not fit: {reason}";
        return null;
    }

    // `Self.Item` is fixed by the dyn type; `Self` alone is not known behind it.
    private static bool MentionsBareSelf(FunctionSymbol m) => m.Parameters.Select(p => p.Type).Append(m.ReturnType).Any(Bare);

    private static bool Bare(SigilType t) => t.Resolve() switch
    {
        TypeParameterType p => p.Symbol.IsSelf,
        ProjectionType { Self: TypeParameterType { Symbol.IsSelf: true } } p => p.Trait.Arguments.Any(Bare),
        var other => TypeWalk.Parts(other).Any(Bare),
    };

    /// <summary>Checks a trait behind <c>dyn</c>, now or when all declarations are known.</summary>
    /// <param name="isLent">Behind <c>&amp;</c>, where the value of a capability is lent: its methods may lack <c>self</c>.</param>
    internal static void CheckObject(this DeclarationContext context, TraitReference trait, SourceLocation at, DiagnosticBag diagnostics, bool isLent) => context.WhenComplete(() =>
    {
        if ((isLent ? WhyNotCapability(trait.Trait) is { } unfit && WhyNotObject(trait.Trait) is not null ? unfit : null : WhyNotObject(trait.Trait)) is { } reason)
        {
            diagnostics.Add(DeclarationErrors.NotObjectSafe(at, trait.Trait.Name, reason));
            return;
        }
        var fixedTypes = trait.Bindings.Select(b => b.Associated.Name).ToHashSet();
        foreach (var t in TypeSystem.WithSupertraits(trait, ErrorType.Instance))
            foreach (var a in t.Trait.AssociatedTypes)
                if (!fixedTypes.Contains(a.Name) && !t.Bindings.Any(b => b.Associated == a))
                {
                    diagnostics.Add(DeclarationErrors.MissingAssociatedType(at, trait.Trait.Name, a.Name));
                    return;
                }
    });

    /// <summary>Checks a trait in a <c>uses</c> clause, now or when all declarations are known.</summary>
    internal static void CheckCapability(this DeclarationContext context, TraitSymbol trait, SourceLocation at, DiagnosticBag diagnostics) => context.WhenComplete(() =>
    {
        if (WhyNotCapability(trait) is { } reason) diagnostics.Add(DeclarationErrors.UnfitCapability(at, trait.Name, reason));
    });
}
