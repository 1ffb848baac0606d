using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// What a call asks of its type arguments.
public sealed partial class BodyChecker
{
    /// <summary>Demands the bounds of a function's type parameters and its where clauses.</summary>
    private void RequireBounds(FunctionSymbol f, Substitution s, ImmutableArray<SigilType> arguments, TextSpan at)
    {
        if (f.AllTypeParameters.IsEmpty) return;
        var name = $"`{f.Name}`";
        RequireTypeArguments(f.AllTypeParameters, arguments, at, name, s, f);
        foreach (var c in f.Constraints) RequireConstraint(c, s, at, name);
        if (f.Impl is { } impl) foreach (var c in impl.Constraints) RequireConstraint(c, s, at, name);
        if (f.Container is ExtensionSymbol extension) foreach (var c in extension.Constraints) RequireConstraint(c, s, at, name);
    }

    private void RequireConstraint(Constraint c, Substitution s, TextSpan at, string name)
    {
        var subject = Normalize(s.Apply(c.Subject));
        foreach (var bound in c.Bounds) Require(subject, NormalizeTrait(s.Apply(bound)), at, name);
        if (c.Equal is not { } equal) return;
        var other = Normalize(s.Apply(equal));
        if (!Unify(subject, other))
            Report(TypeErrors.BoundNotSatisfied(Source, at, Zonk(subject).ToString(), $"= {Zonk(other)}", name));
    }

    private TraitReference NormalizeTrait(TraitReference t) => t.Arguments.Length == 0 && t.Bindings.Length == 0 ? t
        : new(t.Trait, [.. t.Arguments.Select(Normalize)], [.. t.Bindings.Select(b => new AssociatedBinding(b.Associated, Normalize(b.Type)))]);

    private void RequireTypeArguments(ImmutableArray<TypeParameterSymbol> parameters, ImmutableArray<SigilType> arguments, TextSpan at, string neededBy, Substitution? s = null, FunctionSymbol? f = null)
    {
        for (int i = 0; i < parameters.Length && i < arguments.Length; i++)
        {
            var p = parameters[i];
            if (p.Bounds.Length > 0)
            {
                s ??= new Substitution(parameters, arguments);
                foreach (var bound in p.Bounds)
                    if (f is null || !IsProvedByEnds(f, p, bound))
                        Require(arguments[i], NormalizeTrait(s.Apply(bound)), at, neededBy, endsMove: f is not null && (f is { Name: "spawn_process", Module.IsStandardLibrary: true } || IsImpliedByProcessEnds(f, p)));
            }
            if (p.IsCopyable) RequireCopyable(arguments[i], at, $"as `{p.Name}` of {neededBy}");
        }
    }
}
