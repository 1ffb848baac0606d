using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Where a type stands; borrows are legal only as the type of a parameter.</summary>
public enum TypePosition { Value, Parameter }

/// <summary>Turns types as written into types. Reports what is wrong with them and gives <see cref="ErrorType"/> then.</summary>
public sealed partial class TypeResolver
{
    private readonly DeclarationContext context;
    private readonly DiagnosticBag diagnostics;

    /// <summary>A resolver for types in a body; its diagnostics go into the bag of the body.</summary>
    public TypeResolver(ProgramAnalysis program, DiagnosticBag diagnostics) : this(program.Context, diagnostics) { }

    internal TypeResolver(DeclarationContext context, DiagnosticBag diagnostics)
    {
        this.context = context;
        this.diagnostics = diagnostics;
    }

    private CoreSymbols Core => context.Core;

    /// <summary>Resolves a type.</summary>
    /// <param name="hole">Gives the type for <c>_</c>; without it <c>_</c> is an error.</param>
    public SigilType Resolve(TypeSyntax syntax, TypeScope scope, TypePosition position = TypePosition.Value, Func<InferredType, SigilType>? hole = null)
    {
        switch (syntax)
        {
            case VoidType: return Core.Void;
            case InferredType i:
                if (hole is not null) return hole(i);
                diagnostics.Add(DeclarationErrors.HoleInSignature(i.Location));
                return ErrorType.Instance;
            case ParenthesizedType p: return Resolve(p.Type, scope, position, hole);
            case ListType l:
                return Core.List(Resolve(l.Element, scope, TypePosition.Value, hole));
            case MapType m:
                var key = Resolve(m.Key, scope, TypePosition.Value, hole);
                Require(key, Core.FindTrait("Eq"), m.Key, scope);
                Require(key, Core.FindTrait("Hashable"), m.Key, scope);
                return Core.Map(key, Resolve(m.Value, scope, TypePosition.Value, hole));
            case Ast.TupleType t:
                if (t.Elements.Count == 0) return Core.Void;
                var elements = t.Elements.Nodes.Select(e => Resolve(e, scope, TypePosition.Value, hole)).ToImmutableArray();
                return elements.Length == 1 ? elements[0] : new TupleType(elements);
            case Ast.RecordType r: return Record(r, scope, hole);
            case Ast.FunctionType f:
                var function = new FunctionType(
                    [.. f.ParameterTypes.Select(p => Resolve(p, scope, TypePosition.Parameter, hole))],
                    Resolve(f.Result, scope, TypePosition.Value, hole), ResolveUses(f.Uses, scope));
                if (function.Arity <= FunctionType.MaximalArity) return function;
                diagnostics.Add(DeclarationErrors.TooManyParameters(f.Location, function.Arity, FunctionType.MaximalArity));
                return ErrorType.Instance;
            case Ast.DynType d: return Dyn(d, scope, hole);
            case Ast.BorrowType b: return Borrow(b, scope, position, hole);
            case Ast.CapabilityType c:
                return Capability(c.Capability switch
                {
                    ReferenceCapability.Iso => CapabilityModifier.Iso,
                    ReferenceCapability.Val => CapabilityModifier.Val,
                    _ => CapabilityModifier.Ref,
                }, Resolve(c.Type, scope, TypePosition.Value, hole), c, scope);
            case Ast.NamedType n: return Named(n, scope, hole);
            default: return ErrorType.Instance;
        }
    }

    /// <summary>Explicit type arguments (<c>f&lt;int&gt;</c>).</summary>
    public ImmutableArray<SigilType> ResolveArguments(TypeArgumentList arguments, TypeScope scope, Func<InferredType, SigilType>? hole = null) =>
        [.. arguments.Arguments.Nodes.Select(a => Resolve(a.Type, scope, TypePosition.Value, hole))];

    /// <summary>A declared type applied to written arguments; checks their number and records their bounds. Without a list every argument is made by <paramref name="missing"/>, or the count is reported.</summary>
    public SigilType Apply(TypeSymbol type, TypeArgumentList? arguments, SourceLocation at, TypeScope scope, Func<InferredType, SigilType>? hole = null, Func<TypeParameterSymbol, SigilType>? missing = null)
    {
        if (type.Name.Length == 0) return ErrorType.Instance;
        var parameters = type.TypeParameters;
        int given = arguments?.Arguments.Count ?? 0;
        int optional = parameters.Count(p => p.Default is not null);
        ImmutableArray<SigilType> values;
        if (arguments is null && parameters.Length > 0 && missing is not null) values = [.. parameters.Select(missing)];
        else if (given > parameters.Length || given < parameters.Length - optional)
        {
            diagnostics.Add(DeclarationErrors.TypeArgumentCount(at, type.Name, parameters.Length, given, optional));
            if (arguments is not null) ResolveArguments(arguments, scope, hole);
            return ErrorType.Instance;
        }
        else
        {
            var written = arguments is null ? [] : ResolveArguments(arguments, scope, hole);
            for (int i = given; i < parameters.Length; i++) written = written.Add(new Substitution(parameters[..i], written[..i]).Apply(parameters[i].Default!));
            values = written;
        }
        RequireBounds(parameters, values, arguments, at, scope, type);
        if (type == Core.SetSymbol && arguments is { Arguments: [var element, ..] })
        {
            Require(values[0], Core.FindTrait("Eq"), element, scope);
            Require(values[0], Core.FindTrait("Hashable"), element, scope);
        }
        if (type.Kind != TypeKind.Alias) return new NamedType(type, values);
        return new Substitution(parameters, values).Apply(AliasTarget(type, at));
    }

    private readonly HashSet<TypeSymbol> expanding = [];

    /// <summary>The target of a transparent alias, resolved when first needed.</summary>
    internal SigilType AliasTarget(TypeSymbol alias, SourceLocation at)
    {
        if (alias.Target is { } known) return known;
        if (alias.Syntax?.Definition is not AliasDefinition definition || !context.Scopes.TryGetValue(alias, out var scope)) return ErrorType.Instance;
        if (!context.Resolver.expanding.Add(alias))
        {
            diagnostics.Add(DeclarationErrors.InfiniteSize(at, alias.Name, $"`{alias.Name}` is defined by itself"));
            return alias.Target = ErrorType.Instance;
        }
        var target = context.Resolver.Resolve(definition.Type, scope);
        context.Resolver.expanding.Remove(alias);
        return alias.Target ??= target;
    }

    private SigilType Record(Ast.RecordType syntax, TypeScope scope, Func<InferredType, SigilType>? hole)
    {
        var fields = new List<RecordField>();
        foreach (var f in syntax.Fields)
        {
            var type = Resolve(f.Type, scope, TypePosition.Value, hole);
            if (f.Name.IsMissing) continue;
            if (syntax.Fields.Nodes.TakeWhile(o => o != f).FirstOrDefault(o => o.Name.Text == f.Name.Text) is { } first)
                diagnostics.Add(NameErrors.DuplicatePart(f.Name.Location, "field", f.Name.Text, first.Name.Location));
            else fields.Add(new RecordField(f.Name.Text, type));
        }
        return new RecordType(fields);
    }

    private SigilType Dyn(Ast.DynType syntax, TypeScope scope, Func<InferredType, SigilType>? hole, bool isLent = false)
    {
        var traits = new List<TraitReference>();
        bool failed = false;
        foreach (var b in syntax.Bounds.Bounds)
        {
            if (ResolveTrait(b.Type.Path, b.Type.Arguments, scope, hole) is not { } trait) { failed = true; continue; }
            if (!traits.Contains(trait)) traits.Add(trait);
            context.CheckObject(trait, b.Location, diagnostics, isLent);
        }
        if (failed || traits.Count == 0) return ErrorType.Instance;
        return new DynType([.. traits.OrderBy(t => t.Trait.Name, StringComparer.Ordinal)]);
    }

    private SigilType Borrow(Ast.BorrowType syntax, TypeScope scope, TypePosition position, Func<InferredType, SigilType>? hole)
    {
        var target = syntax.Type is Ast.DynType dyn && position == TypePosition.Parameter
            ? Dyn(dyn, scope, hole, isLent: true)
            : Resolve(syntax.Type, scope, TypePosition.Value, hole);
        if (target is ErrorType) return target;
        if (position == TypePosition.Parameter)
            return target is FunctionType { Kind: FunctionKind.Plain } f ? f.WithKind(FunctionKind.Borrowed) : new BorrowType(syntax.IsMut, target);
        // Elsewhere a mutable borrow is the same as an alias.
        if (syntax.IsMut) return Capability(CapabilityModifier.Ref, target, syntax, scope);
        diagnostics.Add(DeclarationErrors.BorrowOutsideParameter(syntax.Location, new BorrowType(false, target).ToString()));
        return ErrorType.Instance;
    }

    private SigilType Capability(CapabilityModifier modifier, SigilType target, TypeSyntax syntax, TypeScope scope)
    {
        if (target is ErrorType) return target;
        if (modifier == CapabilityModifier.Ref && target is not FunctionType) Demand(new Obligation(target, null, "the target of a `ref`", syntax.Location, scope.Owner));
        if (modifier == CapabilityModifier.Val) Demand(new Obligation(target, null, "the target of a `val`", syntax.Location, scope.Owner) { IsShared = true });
        return CapabilityTypes.Make(modifier, target);
    }

    /// <summary>Asks for the bounds of parameters of their arguments; of those of a channel's end also that they can go through the channel.</summary>
    internal void RequireBounds(ImmutableArray<TypeParameterSymbol> parameters, ImmutableArray<SigilType> values, TypeArgumentList? arguments, SourceLocation at, TypeScope scope, TypeSymbol? type = null)
    {
        for (int i = 0; i < parameters.Length && i < values.Length; i++)
        {
            var place = arguments is not null && i < arguments.Arguments.Count ? arguments.Arguments[i].Location : at;
            Demand(new Obligation(values[i], null, $"`{parameters[i].Name}`", place, scope.Owner) { Parameter = parameters[i], Arguments = new Substitution(parameters, values) });
            if (type is not null) Demand(new Obligation(values[i], null, "", place, scope.Owner) { ContentOf = type });
        }
    }

    private void Require(SigilType type, TraitSymbol? trait, SyntaxElement at, TypeScope scope)
    {
        // The library is about maps of any key here and there; no such map can be made.
        if (trait is not null && !scope.Module.Module.IsStandardLibrary) Demand(new Obligation(type, new TraitReference(trait), "", at.Location, scope.Owner));
    }

    private void Demand(Obligation o)
    {
        if (o.Type is ErrorType) return;
        if (context.IsComplete) Obligations.Decide(context, o, diagnostics);
        else context.Obligations.Add(o);
    }
}
