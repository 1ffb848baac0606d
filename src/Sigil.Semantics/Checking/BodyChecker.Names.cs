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

// What names and paths mean: locals, functions, variants, constructors; types, traits and modules before a dot.
public sealed partial class BodyChecker
{
    private TypedExpression Name(Ast.NameExpression e, Expectation expected)
    {
        var at = At(e);
        if (e.IsSelfType) return NotAValue(e, at);
        if (e.Name.IsMissing) return ErrorAt(at);
        return e.TypeArguments is { } arguments
            ? NameWithArguments(e, arguments, expected, at)
            : NameValue(e.Name.Text, At(e.Name), expected, isFunction: e.At is not null);
    }

    private TypedExpression NameWithArguments(Ast.NameExpression e, Ast.TypeArgumentList arguments, Expectation expected, TextSpan at)
    {
        var found = scope.LookupValue(e.Name.Text);
        if (found.Single is FunctionSymbol f) return FunctionValue(f, ExplicitArguments(f, arguments), at);
        if (found.Single is VariantSymbol or TypeSymbol) return SymbolValue(found.Single, expected, at, arguments);
        return found.IsFound ? Ambiguous(e.Name.Text, found, at) : Unknown(e.Name.Text, at);
    }

    private TypedExpression Self(Ast.SelfExpression e)
    {
        var at = At(e);
        if (LookupLocal("self") is { } self)
        {
            Mention(self);
            return new LocalExpression { Local = self, Type = self.Type, Span = at };
        }
        Report(LocalNameErrors.NoSelf(Source, at));
        return ErrorAt(at);
    }

    /// <summary>The value that a bare name stands for.</summary>
    internal TypedExpression NameValue(string name, TextSpan at, Expectation expected, bool isFunction = false)
    {
        if (!isFunction && LookupLocal(name) is { } local)
        {
            Mention(local);
            return new LocalExpression { Local = local, Type = local.Type, Span = at };
        }
        if (ProvidedByName(name) is { } capability) return new CapabilityExpression { Capability = capability.Capability, Type = capability.ValueType, Span = at };
        var found = scope.LookupValue(name);
        if (!found.IsFound) return Unknown(name, at);
        var symbol = Choose(found, expected.Known);
        if (symbol is not null) return SymbolValue(symbol, expected, at, null);
        if (found.Candidates.All(c => c is FunctionSymbol) && !found.IsAmbiguous) return OverloadedValue(name, found, expected, at);
        return Ambiguous(name, found, at);
    }

    /// <summary>The one meaning of a name; the expected type chooses among variants. Null when it is ambiguous.</summary>
    internal static Symbol? Choose(NameResult found, SigilType? expected)
    {
        if (expected is not null && Underlying(expected) is NamedType { Definition.Kind: TypeKind.Sum } sum)
        {
            foreach (var c in found.Candidates) if (c is VariantSymbol v && v.Owner == sum.Definition) return v;
            foreach (var v in found.FartherVariants) if (v.Owner == sum.Definition) return v;
        }
        return found.IsAmbiguous ? null : found.Single;
    }

    private TypedExpression OverloadedValue(string name, NameResult found, Expectation expected, TextSpan at)
    {
        FunctionSymbol? best = null;
        if (expected.Known is FunctionType wanted)
            foreach (var c in found.Candidates)
            {
                var f = (FunctionSymbol)c;
                if (f.Parameters.Length != wanted.Parameters.Length) continue;
                var mark = unifier.Snapshot();
                var s = new Substitution(f.AllTypeParameters, unifier.FreshFor(f.AllTypeParameters));
                bool fits = true;
                for (int i = 0; fits && i < f.Parameters.Length; i++) fits = unifier.Unify(Underlying(s.Apply(f.Parameters[i].Type)), wanted.Parameters[i]);
                unifier.Rollback(mark);
                if (!fits) continue;
                if (best is not null) return Ambiguous(name, found, at);
                best = f;
            }
        return best is not null ? SymbolValue(best, expected, at, null) : Ambiguous(name, found, at);
    }

    private TypedExpression SymbolValue(Symbol symbol, Expectation expected, TextSpan at, Ast.TypeArgumentList? arguments)
    {
        switch (symbol)
        {
            case FunctionSymbol f:
                return FunctionValue(f, arguments is null ? unifier.FreshFor(f.AllTypeParameters) : ExplicitArguments(f, arguments), at);
            case VariantSymbol v:
                {
                    var type = SumTypeOf(v, expected.Known, arguments);
                    if (v.Fields.IsEmpty) return new VariantExpression { Variant = v, Fields = [], Type = type, Span = at };
                    var payload = Types.PayloadTypes(type, v);
                    // A constructor as a function of the payload.
                    LimitArity(payload.Length, at);
                    return new ConstructorValueExpression { Variant = v, Type = new FunctionType(payload, type, []), Span = at };
                }
            case TypeSymbol { Kind: TypeKind.Newtype } n:
                {
                    var type = arguments is null ? Instantiate(n) : new NamedType(n, WrittenArguments(n.Name, n.TypeParameters, arguments));
                    return new ConstructorValueExpression { Type = new FunctionType([ContentOf(type)], type, []), Span = at };
                }
            case ConfigSymbol { VariantName: { } variant }:
                {
                    var owner = Core.Type(variant[..variant.IndexOf('.')]);
                    return SymbolValue(owner.Variants.First(v => v.Name == variant[(variant.IndexOf('.') + 1)..]), expected, at, arguments);
                }
            case ConfigSymbol constant:
                // A constant of the library, read by its bare name.
                return new LiteralExpression { Value = constant.Value, Type = constant.Type, Span = at };
            default:
                Report(TypeErrors.NotAValue(Source, at, symbol.Name, symbol is TypeSymbol ? "a type" : "something else"));
                return ErrorAt(at);
        }
    }

    /// <summary>Function values have an entry per number of parameters (E3045).</summary>
    private void LimitArity(int count, TextSpan at)
    {
        if (count > FunctionType.MaximalArity) Report(DeclarationErrors.TooManyParameters(new SourceLocation(Source, at), count, FunctionType.MaximalArity));
    }

    private TypedExpression FunctionValue(FunctionSymbol f, ImmutableArray<SigilType> arguments, TextSpan at)
    {
        var s = new Substitution(f.AllTypeParameters, arguments);
        RequireBounds(f, s, arguments, at);
        var parameters = f.Parameters.Select(p => Normalize(s.Apply(p.Type))).ToImmutableArray();
        if (f.SelfKind != SelfKind.None && f.SelfType is { } self) parameters = parameters.Insert(0, Normalize(s.Apply(self)));
        LimitArity(parameters.Length + f.Uses.Count(u => !u.Trait.IsMarkerCapability), at);
        return new FunctionValueExpression
        {
            Function = f,
            TypeArguments = arguments,
            Type = new FunctionType(parameters, Normalize(s.Apply(f.ReturnType)), [.. f.Uses.Select(s.Apply)]),
            Span = at,
        };
    }

    /// <summary>The type of a variant's value, from the expected type where it fits, else with fresh arguments.</summary>
    private NamedType SumTypeOf(VariantSymbol v, SigilType? expected, Ast.TypeArgumentList? arguments)
    {
        if (arguments is not null) return new NamedType(v.Owner, WrittenArguments(v.Owner.Name, v.Owner.TypeParameters, arguments));
        // Fresh arguments even when a type is expected: a payload may need a conversion, and the whole then converts or not.
        var type = Instantiate(v.Owner);
        if (expected is not null && Underlying(expected) is NamedType wanted && wanted.Definition == v.Owner) Unify(type, wanted);
        return type;
    }

    internal NamedType Instantiate(TypeSymbol definition) =>
        definition.TypeParameters.IsEmpty ? definition.SelfType : new NamedType(definition, unifier.FreshFor(definition.TypeParameters));

    private SigilType ContentOf(NamedType newtype) => new Substitution(newtype.Definition.TypeParameters, newtype.Arguments).Apply(newtype.Definition.Target ?? ErrorType.Instance);

    private ImmutableArray<SigilType> WrittenArguments(string what, ImmutableArray<TypeParameterSymbol> parameters, Ast.TypeArgumentList written)
    {
        var given = resolver.ResolveArguments(written, typeScope, Hole);
        if (given.Length == parameters.Length) return given;
        Report(TypeErrors.TypeArgumentCount(Source, At(written), what, parameters.Length, given.Length));
        return [.. parameters.Select(_ => (SigilType)ErrorType.Instance)];
    }

    // For methods the container's arguments are known or inferred; only its own are written.
    private ImmutableArray<SigilType> ExplicitArguments(FunctionSymbol f, Ast.TypeArgumentList written, ImmutableArray<SigilType> known = default)
    {
        var own = WrittenArguments(f.Name, f.TypeParameters, written);
        int outer = f.AllTypeParameters.Length - f.TypeParameters.Length;
        var all = ImmutableArray.CreateBuilder<SigilType>(f.AllTypeParameters.Length);
        for (int i = 0; i < outer; i++) all.Add(known.IsDefault ? NewVariable() : known[i]);
        all.AddRange(own);
        return all.MoveToImmutable();
    }

    private SigilType Hole(Ast.InferredType hole)
    {
        var v = NewVariable(hole.Span, "this");
        holes.Add(hole);
        holeTypes.Add(v);
        return v;
    }

    /// <summary>A type as written in the body; <c>_</c> asks for inference.</summary>
    internal SigilType ResolveType(Ast.TypeSyntax syntax) => resolver.Resolve(syntax, typeScope, TypePosition.Value, Hole);

    // A named type without arguments: those it takes are inferred.
    private SigilType OpenNamedType(Ast.NamedType syntax)
    {
        var words = syntax.Path.Words.ToArray();
        return resolver.FindTypeSymbol(words, typeScope) is TypeSymbol { Kind: not TypeKind.Alias, TypeParameters.IsEmpty: false } definition
            ? Instantiate(definition)
            : ResolveType(syntax);
    }

    // ---------- what stands before a dot ----------

    /// <summary>A type, trait or module named before a dot; exactly one is set.</summary>
    private readonly record struct Qualifier(SigilType? Type, TraitSymbol? Trait, ModuleSymbol? Module, TypeSymbol? Definition = null)
    {
        public bool IsNone => Type is null && Trait is null && Module is null;
    }

    /// <summary>What an expression names that is no value; none when it is a value.</summary>
    private Qualifier QualifierOf(Ast.Expression e)
    {
        switch (e)
        {
            case Ast.NameExpression { IsSelfType: true }:
                if (typeScope.Self is { } self) return new Qualifier(self, null, null);
                Report(LocalNameErrors.NoSelfType(Source, At(e)));
                return new Qualifier(ErrorType.Instance, null, null);
            case Ast.NameExpression n:
                {
                    var name = n.Name.Text;
                    if (n.At is not null || LookupLocal(name) is not null) return default;
                    if (typeScope.FindParameter(name) is { } parameter) return new Qualifier(new TypeParameterType(parameter), null, null);
                    var type = scope.LookupType(name);
                    if (type.Single is TraitSymbol trait) return new Qualifier(null, trait, null);
                    if (type.Single is TypeSymbol definition) return TypeQualifier(definition, n.TypeArguments);
                    return scope.LookupModule(name) is { } module ? new Qualifier(null, null, module) : default;
                }
            case Ast.MemberExpression m:
                {
                    if (DottedName(m) is { } path && scope.LookupModule(path) is { } module) return new Qualifier(null, null, module);
                    var outer = QualifierOf(m.Receiver);
                    if (outer.IsNone) return default;
                    var name = m.Name.Text;
                    if (outer.Module is { } inside)
                        return program.Exports.Find(inside, name, wantType: true).Single switch
                        {
                            TypeSymbol t => TypeQualifier(t, m.TypeArguments),
                            TraitSymbol t => new Qualifier(null, t, null),
                            _ => default,
                        };
                    return outer.Type is { } owner && AssociatedType(owner, name) is { } associated ? new Qualifier(associated, null, null) : default;
                }
            default: return default;
        }
    }

    private Qualifier TypeQualifier(TypeSymbol definition, Ast.TypeArgumentList? arguments)
    {
        if (arguments is not null)
        {
            var given = WrittenArguments(definition.Name, definition.TypeParameters, arguments);
            if (definition.Kind == TypeKind.Alias)
                return new Qualifier(new Substitution(definition.TypeParameters, given).Apply(definition.Target ?? ErrorType.Instance), null, null, definition);
            return new Qualifier(new NamedType(definition, given), null, null, definition);
        }
        if (definition.Kind == TypeKind.Alias)
            return new Qualifier(new Substitution(definition.TypeParameters, unifier.FreshFor(definition.TypeParameters)).Apply(definition.Target ?? ErrorType.Instance), null, null, definition);
        return new Qualifier(Instantiate(definition), null, null, definition);
    }

    // T.Item of a type parameter, Self or another projection, by its bounds.
    private SigilType? AssociatedType(SigilType owner, string name)
    {
        if (name.Length == 0 || !char.IsUpper(name[0])) return null;
        ImmutableArray<TraitReference> bounds = owner.Resolve() switch
        {
            TypeParameterType p => p.Symbol.Bounds,
            ProjectionType p => p.Associated.Bounds,
            _ => [],
        };
        if (owner.Resolve() is TypeParameterType { Symbol: { IsSelf: true, Owner: TraitSymbol own } })
            bounds = bounds.Add(new TraitReference(own, [.. own.TypeParameters.Select(p => (SigilType)new TypeParameterType(p))], []));
        var seen = new HashSet<TraitSymbol>();
        var pending = new Queue<TraitReference>(bounds);
        while (pending.TryDequeue(out var bound))
        {
            if (!seen.Add(bound.Trait)) continue;
            foreach (var a in bound.Trait.AssociatedTypes)
                if (a.Name == name) return Types.Normalize(new ProjectionType(owner, bound, a));
            foreach (var s in bound.Trait.Supertraits) pending.Enqueue(s);
        }
        if (typeScope.Impl is { } impl && owner == typeScope.Self)
            foreach (var (a, t) in impl.AssociatedTypes) if (a.Name == name) return t;
        return null;
    }

    private static string? DottedName(Ast.Expression e) => e switch
    {
        Ast.NameExpression { TypeArguments: null, At: null } n => n.Name.Text,
        Ast.MemberExpression { TypeArguments: null } m when DottedName(m.Receiver) is { } path => path + "." + m.Name.Text,
        _ => null,
    };

    private ProvidedCapability? ProvidedByName(string name)
    {
        if (name.Length == 0 || !char.IsUpper(name[0])) return null;
        if (scope.LookupType(name).Single is not TraitSymbol trait) return null;
        for (int i = provided.Count - 1; i >= 0; i--) if (provided[i].Capability.Trait == trait) return provided[i];
        // A value of the same name wins: variants and traits live in different namespaces.
        if (scope.LookupValue(name).IsFound) return null;
        return new ProvidedCapability(new TraitReference(trait), new DynType([new TraitReference(trait)]));
    }

    // ---------- what is wrong ----------

    private TypedExpression NotAValue(Ast.Expression e, TextSpan at)
    {
        var q = QualifierOf(e);
        if (q.Type is { } t && !IsError(t)) Report(TypeErrors.NotAValue(Source, at, e.ToString(), "a type"));
        return ErrorAt(at);
    }

    private TypedExpression Unknown(string name, TextSpan at, bool isAssigned = false)
    {
        if (name == "Channel")
        {
            Report(TypeErrors.OldChannel(Source, at));
            return ErrorAt(at);
        }
        if (name == "_" || scope.FailedImports.Contains(name))
            return ErrorAt(at);
        if (LaterLet(name) is { } later)
        {
            mentionedEarly.Add(later);
            Report(LocalNameErrors.UsedBeforeLet(Source, at, name, new SourceLocation(Source, later)));
            return ErrorAt(at);
        }
        if (scope.LookupType(name).Single is { } type)
        {
            Report(TypeErrors.NotAValue(Source, at, name, type is TraitSymbol ? "a trait" : "a type", type is TypeSymbol { Kind: TypeKind.Struct } ? $"make one with `{name} {{ … }}`" : null));
            return ErrorAt(at);
        }
        if (typeScope.FindParameter(name) is not null)
        {
            Report(TypeErrors.NotAValue(Source, at, name, "a type parameter"));
            return ErrorAt(at);
        }
        if (scope.LookupModule(name) is not null)
        {
            Report(TypeErrors.NotAValue(Source, at, name, "a module", $"name something in it: `{name}.…`"));
            return ErrorAt(at);
        }
        // A word of another language is not misspelt, and what the library calls so is meant.
        var help = OtherLanguages.Name(name)
            // Before a parenthesis these are names like others (§1).
            ?? (name is "iso" or "val" or "ref" ? $"`{name}` makes its object of a name, a literal, `[…]` or `{{…}}`: name the value first{(name == "ref" ? "" : $"; where `{name} T` is expected, a plain value is enough")}" : null)
            ?? (program.Context.Library.ImportOf(name) is { } import ? $"import it: `{import}`" : null);
        var similar = help is null ? scope.Suggest(name, types: false, locals.Keys) : null;
        if (isAssigned && similar is null) help ??= $"introduce it first: `let {name} = …`";
        Report(LocalNameErrors.UnknownName(Source, at, name, similar, help));
        return ErrorAt(at);
    }

    private TypedExpression Ambiguous(string name, NameResult found, TextSpan at)
    {
        var candidates = found.IsAmbiguous
            ? "from " + string.Join(" or ", found.AmbiguousModules.Select(m => $"`{m}`"))
            : string.Join(" or ", found.Candidates.Select(Describe).Distinct());
        Report(LocalNameErrors.Ambiguous(Source, at, name, candidates));
        return ErrorAt(at);

        static string Describe(Symbol s) => s switch
        {
            VariantSymbol v => $"`{v.Owner.Name}.{v.Name}`",
            FunctionSymbol f => $"`{f.Name}({string.Join(", ", f.Parameters.Select(p => p.Type.ToString()))})`",
            _ => $"`{s.Name}`",
        };
    }
}
