using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

// Paths: type parameters, Self, declared types and traits, associated types, qualified names.
public sealed partial class TypeResolver
{
    /// <summary>The symbol that a path of words names in the type namespace: a type, trait or type parameter; null (silently) when there is none.</summary>
    public Symbol? FindTypeSymbol(IReadOnlyList<SyntaxToken> words, TypeScope scope)
    {
        if (words.Count == 1)
        {
            var name = words[0].Text;
            if (scope.FindParameter(name) is { } p) return p;
            var found = scope.Module.LookupType(name);
            if (found.IsAmbiguous) diagnostics.Add(NameErrors.AmbiguousName(words[0].Location, name, found.AmbiguousModules.Select(m => $"{m}.{name}")));
            return found.Candidates.FirstOrDefault();
        }
        if (scope.Module.LookupModulePath([.. words.Take(words.Count - 1).Select(w => w.Text)]) is { } module && module.Words == words.Count - 1)
            return context.Exports.Find(module.Module, words[^1].Text, wantType: true).Candidates.FirstOrDefault();
        return null;
    }

    /// <summary>Resolves a trait used as a bound, a supertrait, a capability or behind <c>dyn</c>; null after an error.</summary>
    public TraitReference? ResolveTrait(TypePath path, TypeArgumentList? arguments, TypeScope scope, Func<InferredType, SigilType>? hole = null)
    {
        if (FindTrait(path, scope) is not { } trait)
        {
            if (arguments is not null) foreach (var a in arguments.Arguments) Resolve(a.Type, scope, TypePosition.Value, hole);
            return null;
        }
        var given = new List<SigilType>();
        var bindings = new List<AssociatedBinding>();
        if (arguments is not null)
        {
            bool isMisnamed = false;
            foreach (var a in arguments.Arguments)
            {
                var type = Resolve(a.Type, scope, TypePosition.Value, hole);
                if (a.Name is null) given.Add(type);
                else if (FindAssociated(trait, a.Name.Text) is { } associated) bindings.Add(new AssociatedBinding(associated, type));
                else
                {
                    diagnostics.Add(DeclarationErrors.UnknownAssociatedBinding(a.Name.Location, trait.Name, a.Name.Text, Spelling.Closest(a.Name.Text, trait.AssociatedTypes.Select(t => t.Name))));
                    isMisnamed = true;
                }
            }
            // Which one was meant is not known: none counts as left open.
            if (isMisnamed)
                foreach (var open in trait.AssociatedTypes)
                    if (bindings.TrueForAll(b => b.Associated != open)) bindings.Add(new AssociatedBinding(open, ErrorType.Instance));
        }
        int optional = trait.TypeParameters.Count(HasDefault);
        if (given.Count > trait.TypeParameters.Length || given.Count < trait.TypeParameters.Length - optional)
        {
            diagnostics.Add(DeclarationErrors.TypeArgumentCount(path.Location, trait.Name, trait.TypeParameters.Length, given.Count, optional));
            return null;
        }
        // Defaults may name Self: `trait Add<R = Self>`. Inside an impl or bound Self is what the reference is about; callers substitute it.
        for (int i = given.Count; i < trait.TypeParameters.Length; i++)
        {
            var p = trait.TypeParameters[i];
            given.Add(new Substitution(trait.TypeParameters[..i], [.. given]).Apply(DefaultOf(p, trait)));
        }
        return new TraitReference(trait, [.. given], [.. bindings]);
    }

    private static bool HasDefault(TypeParameterSymbol p) => p.Default is not null || WrittenDefault(p) is not null;

    private static TypeSyntax? WrittenDefault(TypeParameterSymbol p) =>
        p.Owner switch { TraitSymbol t => t.Syntax?.TypeParameters, TypeSymbol t => t.Syntax?.TypeParameters, _ => null }
            is { } list && p.Index < list.Parameters.Count ? list.Parameters[p.Index].Default : null;

    private SigilType DefaultOf(TypeParameterSymbol p, TraitSymbol trait) =>
        p.Default ??= WrittenDefault(p) is { } syntax && context.Scopes.TryGetValue(trait, out var scope) ? context.Resolver.Resolve(syntax, scope) : ErrorType.Instance;

    /// <summary>Resolves a list of bounds about a subject; <c>~Copyable</c> entries are skipped, and Self in defaults of trait arguments becomes the subject.</summary>
    internal ImmutableArray<TraitReference> ResolveBounds(BoundList bounds, TypeScope scope, SigilType subject)
    {
        var result = ImmutableArray.CreateBuilder<TraitReference>();
        foreach (var b in bounds.Bounds)
        {
            if (b.Tilde is not null)
            {
                if (b.Type.Path.Text != "Copyable") diagnostics.Add(NameErrors.UnknownTrait(b.Location, "~" + b.Type.Path.Text, "~Copyable"));
                continue;
            }
            if (ResolveTrait(b.Type.Path, b.Type.Arguments, scope) is { } trait) result.Add(About(trait, subject));
        }
        return result.ToImmutable();
    }

    /// <summary>A trait reference whose omitted arguments default to Self, said of a subject.</summary>
    public static TraitReference About(TraitReference trait, SigilType subject) => new Substitution([trait.Trait.Self], [subject]).Apply(trait);

    /// <summary>The trait that a path names; reports E2003.</summary>
    public TraitSymbol? FindTrait(TypePath path, TypeScope scope)
    {
        var words = path.Words.ToList();
        if (words.Any(w => w.IsMissing)) return null;
        switch (FindTypeSymbol(words, scope))
        {
            case TraitSymbol t: return t;
            case null when scope.Module.FailedImports.Contains(words[0].Text): break;
            case null: diagnostics.Add(NameErrors.UnknownTrait(path.Location, path.Text, path.IsSimple ? SuggestTrait(path.Text, scope) : null, ImportHelp(path.Text))); break;
            case var other: diagnostics.Add(NameErrors.NotATrait(path.Location, other.Name)); break;
        }
        return null;
    }

    private string? ImportHelp(string name) => context.Library.ImportOf(name) is { } import ? $"import it: `{import}`" : null;

    /// <summary>For a name that is right in another language, or in a module that is not imported.</summary>
    private string? TypeHelp(string name) => OtherLanguages.Type(name) is { } known ? $"write `{known}`" : ImportHelp(name);

    private static TraitSymbol? Meant(TypePath path, TypeScope scope) =>
        path.IsSimple && !scope.Module.LookupType(path.Text).IsFound && SuggestTrait(path.Text, scope) is { } similar ? scope.Module.LookupType(similar).Single as TraitSymbol : null;

    private static string? SuggestTrait(string name, TypeScope scope) => scope.Module.Suggest(name, types: true, StandardCapabilities.Modules.Keys);

    /// <summary>The capabilities of a <c>uses</c> clause (E2003, E5004, E5005).</summary>
    public ImmutableArray<TraitReference> ResolveUses(UsesClause? uses, TypeScope scope)
    {
        if (uses is null) return [];
        var result = ImmutableArray.CreateBuilder<TraitReference>();
        foreach (var path in uses.Capabilities)
        {
            if (FindTrait(path, scope) is not { } trait)
            {
                // One that is misspelt counts as declared: its uses are no further errors.
                if (Meant(path, scope) is { } meant && result.All(r => r.Trait != meant)) result.Add(new TraitReference(meant));
                continue;
            }
            if (result.Any(r => r.Trait == trait))
            {
                diagnostics.Add(DeclarationErrors.CapabilityTwice(path.Location, trait.Name));
                continue;
            }
            context.CheckCapability(trait, path.Location, diagnostics);
            result.Add(new TraitReference(trait));
        }
        // A set: the order in which capabilities are written makes no difference to a function type.
        return [.. result.OrderBy(r => r.Trait.Name, StringComparer.Ordinal)];
    }

    private SigilType Named(Ast.NamedType syntax, TypeScope scope, Func<InferredType, SigilType>? hole) => Named(syntax, syntax.Path, syntax.Arguments, scope, hole);

    /// <summary>A path without arguments, such as the subject of a where clause.</summary>
    public SigilType ResolvePath(TypePath path, TypeScope scope) => Named(path, path, null, scope, null);

    private SigilType Named(SyntaxNode syntax, TypePath path, TypeArgumentList? arguments, TypeScope scope, Func<InferredType, SigilType>? hole)
    {
        var words = path.Words.ToList();
        if (words.Any(w => w.IsMissing)) return ErrorType.Instance;
        if (words[0].Kind == TokenKind.SelfTypeKeyword)
        {
            if (scope.Self is not { } self)
            {
                diagnostics.Add(NameErrors.SelfTypeOutside(words[0].Location));
                return ErrorType.Instance;
            }
            return Project(self, words.Skip(1), scope, syntax);
        }
        // T.Item, before modules: a type parameter hides them.
        if (scope.FindParameter(words[0].Text) is { } p)
        {
            if (arguments is { } args) diagnostics.Add(DeclarationErrors.TypeArgumentCount(syntax.Location, p.Name, 0, args.Arguments.Count));
            return Project(new TypeParameterType(p), words.Skip(1), scope, syntax);
        }
        switch (FindTypeSymbol(words, scope))
        {
            case TypeSymbol type: return Apply(type, arguments, syntax.Location, scope, hole);
            case TraitSymbol trait:
                diagnostics.Add(DeclarationErrors.TraitAsType(syntax.Location, trait.Name));
                return ErrorType.Instance;
            default:
                if (words is [{ Text: "Channel" }]) diagnostics.Add(DeclarationErrors.OldChannel(syntax.Location));
                else if (words.Count == 2 && FindTypeSymbol([words[0]], scope) is TypeSymbol owner) return Project(Apply(owner, null, words[0].Location, scope, hole), words.Skip(1), scope, syntax);
                else if (!scope.Module.FailedImports.Contains(words[0].Text)) diagnostics.Add(NameErrors.UnknownType(path.Location, path.Text, words.Count == 1 ? scope.Module.Suggest(words[0].Text, types: true, scope.Parameters.Select(q => q.Name)) : null, TypeHelp(path.Text)));
                if (arguments is { } unused) ResolveArguments(unused, scope, hole);
                return ErrorType.Instance;
        }
    }

    private SigilType Project(SigilType self, IEnumerable<SyntaxToken> names, TypeScope scope, SyntaxNode at)
    {
        foreach (var name in names)
        {
            if (self is ErrorType) return self;
            var found = Associated(self, name.Text, scope).DistinctBy(a => (a.Associated, string.Join(',', a.Trait.Arguments))).ToList();
            if (found.Count == 0)
            {
                diagnostics.Add(NameErrors.UnknownAssociatedType(at.Location, self.ToString(), name.Text));
                return ErrorType.Instance;
            }
            if (found.Select(f => f.Associated).Distinct().Count() > 1)
            {
                diagnostics.Add(NameErrors.AmbiguousName(name.Location, name.Text, found.Select(f => $"{f.Trait.Trait.Name}.{name.Text}")));
                return ErrorType.Instance;
            }
            var (trait, associated) = found[0];
            self = scope.Impl is { } impl && impl.Trait?.Trait == trait.Trait && self.Equals(scope.Self) && impl.AssociatedTypes.TryGetValue(associated, out var given)
                ? given
                : new ProjectionType(self, trait, associated);
            if (context.IsComplete) self = context.Types.Normalize(self);
        }
        return self;
    }

    /// <summary>The associated types of a name that a type has through its bounds (or, for Self in an impl, the impl's trait).</summary>
    internal IEnumerable<(TraitReference Trait, AssociatedTypeSymbol Associated)> Associated(SigilType self, string name, TypeScope scope)
    {
        IEnumerable<TraitReference> bounds = self switch
        {
            TypeParameterType { Symbol: { IsSelf: true, Owner: TraitSymbol t } } => [new TraitReference(t, [.. t.TypeParameters.Select(p => (SigilType)new TypeParameterType(p))], [])],
            TypeParameterType { Symbol: { IsSelf: true, Owner: ExtensionSymbol { Trait: { } t } } } => [new TraitReference(t)],
            TypeParameterType p => p.Symbol.Bounds.Concat(Written(p.Symbol)),
            ProjectionType q => q.Associated.Bounds,
            _ => [],
        };
        if (self.Equals(scope.Self) && scope.Impl?.Trait is { } implemented) bounds = bounds.Append(implemented);
        var seen = new HashSet<TraitSymbol>();
        foreach (var b in bounds)
            foreach (var found in InTrait(b, name, self, seen)) yield return found;
        if (context.IsComplete && self is not TypeParameterType)
        {
            // Of a concrete type any impl will do.
            foreach (var trait in context.Types.TraitsWithAssociatedType(name))
                if (!seen.Contains(trait) && trait.TypeParameters.IsEmpty && context.Types.Implements(self, new TraitReference(trait)))
                    yield return (new TraitReference(trait), FindAssociated(trait, name)!);
        }
    }

    private IEnumerable<(TraitReference, AssociatedTypeSymbol)> InTrait(TraitReference trait, string name, SigilType self, HashSet<TraitSymbol> seen)
    {
        if (!seen.Add(trait.Trait)) yield break;
        if (FindAssociated(trait.Trait, name) is { } a) yield return (new TraitReference(trait.Trait, trait.Arguments, []), a);
        IEnumerable<TraitReference> supertraits = trait.Trait.Supertraits;
        if (context.WrittenSupertraits.TryGetValue(trait.Trait, out var written) && trait.Trait.Supertraits.IsEmpty)
            supertraits = written.Select(w => Quietly(w.Bound, w.Scope)).OfType<TraitReference>();
        var substitution = new Substitution([trait.Trait.Self, .. trait.Trait.TypeParameters], [self, .. trait.Arguments]);
        foreach (var s in supertraits)
            foreach (var found in InTrait(substitution.Apply(s), name, self, seen)) yield return found;
    }

    // Bounds that are written but not resolved yet; only the trait matters here.
    private IEnumerable<TraitReference> Written(TypeParameterSymbol p) =>
        p.Bounds.IsEmpty && context.WrittenBounds.TryGetValue(p, out var written)
            ? written.Select(w => Quietly(w.Bound, w.Scope)).OfType<TraitReference>()
            : [];

    private TraitReference? Quietly(Bound bound, TypeScope scope) =>
        FindTypeSymbol([.. bound.Type.Path.Words], scope) is TraitSymbol t
            ? new TraitReference(t, [.. t.TypeParameters.Select((p, i) => i < (bound.Type.Arguments?.Arguments.Count(a => a.Name is null) ?? 0)
                ? new TypeResolver(context, []).Resolve(bound.Type.Arguments!.Arguments[i].Type, scope) : ErrorType.Instance)], [])
            : null;

    internal static AssociatedTypeSymbol? FindAssociated(TraitSymbol trait, string name)
    {
        foreach (var a in trait.AssociatedTypes) if (a.Name == name) return a;
        return null;
    }
}
