using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Resolves bounds in parameter lists and where clauses (E3042).</summary>
internal sealed class Bounds(DeclarationContext context)
{
    private TypeResolver Resolver => context.Resolver;

    /// <summary>Bounds and defaults written in a parameter list.</summary>
    public void OfParameters(TypeParameterList? list, ImmutableArray<TypeParameterSymbol> parameters, TypeScope scope)
    {
        if (list is null) return;
        int i = 0;
        foreach (var written in list.Parameters)
        {
            if (written.Name.IsMissing) continue;
            var p = parameters[i++];
            if (written.Bounds is { } bounds) Add(p, Resolver.ResolveBounds(bounds, scope, new TypeParameterType(p)), bounds.Location);
            if (written.Default is { } value) p.Default ??= Resolver.Resolve(value, scope);
        }
    }

    /// <summary>A where clause: what is said of a bare parameter of the owner goes to that parameter, the rest is returned.</summary>
    public ImmutableArray<Constraint> OfWhere(WhereClause? where, Symbol owner, TypeScope scope)
    {
        if (where is null) return [];
        var rest = ImmutableArray.CreateBuilder<Constraint>();
        foreach (var c in where.Constraints)
        {
            var subject = Resolver.ResolvePath(c.Path, scope);
            if (subject is ErrorType) continue;
            if (c.Type is { } equal)
            {
                var type = Resolver.Resolve(equal, scope);
                Conflicts(subject, type, c.Location, scope, rest);
                rest.Add(new Constraint(subject, [], type, c.Span));
                continue;
            }
            if (c.Bounds is not { } bounds) continue;
            var traits = Resolver.ResolveBounds(bounds, scope, subject);
            if (subject is TypeParameterType p && p.Symbol.Owner == owner) Add(p.Symbol, traits, bounds.Location);
            else rest.Add(new Constraint(subject, traits, null, c.Span));
        }
        return rest.ToImmutable();
    }

    /// <summary>Adds bounds to a parameter; two bounds of one trait become one.</summary>
    private void Add(TypeParameterSymbol p, ImmutableArray<TraitReference> bounds, SourceLocation at)
    {
        var all = p.Bounds.ToBuilder();
        foreach (var b in bounds)
        {
            int same = all.IndexOf(b);
            if (same < 0) { all.Add(b); continue; }
            var merged = all[same].Bindings.ToBuilder();
            foreach (var binding in b.Bindings)
            {
                int known = merged.ToList().FindIndex(m => m.Associated == binding.Associated);
                if (known < 0) merged.Add(binding);
                else if (!merged[known].Type.Equals(binding.Type))
                    context.Report(DeclarationErrors.ConflictingItems(at, $"{p.Name}.{binding.Associated.Name}", merged[known].Type.ToString(), binding.Type.ToString()));
            }
            all[same] = new TraitReference(b.Trait, b.Arguments, merged.ToImmutable());
        }
        p.Bounds = all.ToImmutable();
        ReportAcross(p, at);
    }

    // Bounds of different traits may fix the same associated type of a common supertrait, or types of one name.
    private void ReportAcross(TypeParameterSymbol p, SourceLocation at)
    {
        foreach (var a in p.Bounds)
            foreach (var b in p.Bounds)
                if (a.Trait != b.Trait)
                    foreach (var x in a.Bindings)
                        foreach (var y in b.Bindings)
                            if (x.Associated.Name == y.Associated.Name && string.CompareOrdinal(a.Trait.Name, b.Trait.Name) < 0 && IsClosed(x.Type) && IsClosed(y.Type) && !x.Type.Equals(y.Type))
                                context.Report(DeclarationErrors.ConflictingItems(at, $"{p.Name}.{x.Associated.Name}", x.Type.ToString(), y.Type.ToString()));
    }

    private void Conflicts(SigilType subject, SigilType equal, SourceLocation at, TypeScope scope, IEnumerable<Constraint> before)
    {
        foreach (var c in before)
            if (c.Equal is { } other && c.Subject.Equals(subject) && IsClosed(other) && IsClosed(equal) && !other.Equals(equal))
                context.Report(DeclarationErrors.ConflictingItems(at, subject.ToString(), other.ToString(), equal.ToString()));
        if (subject is not ProjectionType p) return;
        IEnumerable<TraitReference> bounds = p.Self switch
        {
            TypeParameterType t => t.Symbol.Bounds,
            _ => [],
        };
        foreach (var b in bounds.SelectMany(b => b.Bindings).Where(b => b.Associated == p.Associated))
            if (IsClosed(b.Type) && IsClosed(equal) && !b.Type.Equals(equal))
                context.Report(DeclarationErrors.ConflictingItems(at, subject.ToString(), b.Type.ToString(), equal.ToString()));
    }

    private static bool IsClosed(SigilType t) => t is not ErrorType && !TypeWalk.Any(t, x => x is TypeParameterType or ProjectionType);
}
