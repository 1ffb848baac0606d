using System.Collections.Immutable;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Semantics.Symbols;

/// <summary>Something with a name and a place. Symbols have identity; their members are filled in by the declaration passes, in the order of <c>Declarations/</c>.</summary>
public abstract class Symbol(string name)
{
    private static int lastHash;
    // Symbols are keys of most tables: a hash of their own is cheaper than the runtime's identity hash.
    private readonly int hash = Interlocked.Increment(ref lastHash) * -1640531535;

    public string Name { get; } = name;
    /// <summary>The file that declares it; null for built-ins.</summary>
    public SourceText? Source { get; init; }
    /// <summary>The span of its name in <see cref="Source"/>.</summary>
    public TextSpan Span { get; init; }
    public sealed override int GetHashCode() => hash;
    public sealed override bool Equals(object? obj) => ReferenceEquals(this, obj);
    public override string ToString() => Name;
}

/// <summary>One file.</summary>
public sealed class ModuleSymbol(string name) : Symbol(name)
{
    /// <summary>The package: "std", the project's name, or a dependency's.</summary>
    public required string Package { get; init; }
    public Ast.ModuleSyntax? Syntax { get; init; }
    public bool IsStandardLibrary => Package == "std";
    /// <summary>Types, traits (type namespace) declared here.</summary>
    public Dictionary<string, Symbol> TypeNames { get; } = [];
    /// <summary>Functions, variants, constructors (value namespace) declared here; overloads only in std.</summary>
    public Dictionary<string, List<Symbol>> ValueNames { get; } = [];
    public Dictionary<string, ConfigSymbol> Configs { get; } = [];
    public List<FunctionSymbol> Functions { get; } = [];
    public List<TypeSymbol> Types { get; } = [];
    public List<TraitSymbol> Traits { get; } = [];
    public List<ImplSymbol> Impls { get; } = [];
    public List<ExtensionSymbol> Extensions { get; } = [];
    public List<FunctionSymbol> Tests { get; } = [];

    /// <summary>All functions that are declared here, each once: free ones, tests, and those of impls, traits, extensions and opaque types.</summary>
    public IEnumerable<FunctionSymbol> AllFunctions =>
        Functions
            .Concat(Tests)
            .Concat(Impls.SelectMany(i => i.Methods))
            .Concat(Traits.SelectMany(t => t.Methods))
            .Concat(Extensions.SelectMany(e => e.Methods))
            .Concat(Types.SelectMany(t => t.OpaqueMethods))
            .Distinct();
}

/// <summary>What kind of type a <see cref="TypeSymbol"/> is.</summary>
public enum TypeKind
{
    Int, Float, Bool, Byte, Char, Str, Void, Never, Duration, Size,
    List, Map, Set, Range,
    /// <summary>Declared product type with fields.</summary>
    Struct,
    /// <summary>Declared sum type (also Option, Result, Ordering of the prelude).</summary>
    Sum,
    /// <summary><c>type N = T</c>.</summary>
    Newtype,
    /// <summary><c>type N = A -&gt; B</c> and <c>type N = iso T</c>: transparent, expanded when resolved.</summary>
    Alias,
    /// <summary>A struct body with method signatures: values come from the runtime or from an <c>impl Opaque for S</c>.</summary>
    Opaque,
}

/// <summary>A type constructor.</summary>
public sealed class TypeSymbol(string name, TypeKind kind) : Symbol(name)
{
    public TypeKind Kind { get; set; } = kind;
    public ModuleSymbol? Module { get; init; }
    public bool IsPublic { get; init; }
    public Ast.TypeDeclaration? Syntax { get; init; }
    public ImmutableArray<TypeParameterSymbol> TypeParameters { get; set; } = [];
    /// <summary>Fields of a struct, or data fields listed in an opaque type; in declaration order.</summary>
    public ImmutableArray<FieldSymbol> Fields { get; set; } = [];
    /// <summary>Variants of a sum type, in declaration order.</summary>
    public ImmutableArray<VariantSymbol> Variants { get; set; } = [];
    /// <summary>The content of a newtype, the target of an alias.</summary>
    public SigilType? Target { get; set; }
    /// <summary>Methods of an opaque type.</summary>
    public ImmutableArray<FunctionSymbol> OpaqueMethods { get; set; } = [];
    /// <summary>Names in <c>#[derive(…)]</c>, resolved.</summary>
    public ImmutableArray<TraitSymbol> Derives { get; set; } = [];
    /// <summary>A runtime type that is moved, not copied (std only: <c>#[unique]</c>).</summary>
    public bool IsUnique { get; set; }
    /// <summary>Its parts are ever larger instances of itself, which has been reported (E3044): nothing looks into it.</summary>
    public bool IsEndless { get; set; }
    /// <summary>For the ends of channels; null for every other type.</summary>
    public ChannelEnd? End { get; set; }
    /// <summary>A runtime type of copy kind although opaque (std only: <c>#[copy]</c>), such as cancellation tokens.</summary>
    public bool IsCopyKind { get; set; }
    /// <summary>The runtime class behind a library opaque type (std only: <c>#[runtime("Sigil.Runtime.Channels.Producer")]</c>, generic arity from the parameters).</summary>
    public string? RuntimeType { get; set; }
    public VariantSymbol? FindVariant(string name) => Variants.FirstOrDefault(v => v.Name == name);
    public FieldSymbol? FindField(string name) => Fields.FirstOrDefault(f => f.Name == name);
    /// <summary>This type applied to its own parameters.</summary>
    public NamedType SelfType => field ??= new NamedType(this, [.. TypeParameters.Select(p => (SigilType)new TypeParameterType(p))]);
}

/// <summary>A field of a struct.</summary>
public sealed class FieldSymbol(string name, int index) : Symbol(name)
{
    public int Index { get; } = index;
    public required TypeSymbol Owner { get; init; }
    public SigilType Type { get; set; } = ErrorType.Instance;
    /// <summary>The default value as written; evaluated where a literal leaves the field out.</summary>
    public Ast.Expression? Default { get; init; }
    /// <summary><c>#[json(name = "n")]</c>.</summary>
    public string? JsonName { get; set; }
    /// <summary><c>#[json(default = literal)]</c>.</summary>
    public Ast.Expression? JsonDefault { get; set; }
    /// <summary><c>#[json(skip_if_none)]</c>.</summary>
    public bool JsonSkipIfNone { get; set; }
}

/// <summary>A variant of a sum type.</summary>
public sealed class VariantSymbol(string name, int index) : Symbol(name)
{
    public int Index { get; } = index;
    public required TypeSymbol Owner { get; init; }
    public ImmutableArray<VariantField> Fields { get; set; } = [];
}

/// <summary>A payload part; <see cref="Name"/> is null in positional payloads.</summary>
public readonly record struct VariantField(string? Name, SigilType Type);

/// <summary>A type parameter of a function, type, trait or impl; also the <c>Self</c> of a trait.</summary>
public sealed class TypeParameterSymbol(string name, int index) : Symbol(name)
{
    public int Index { get; } = index;
    /// <summary>The symbol that declares it.</summary>
    public Symbol? Owner { get; set; }
    public bool IsSelf { get; init; }
    /// <summary>False when declared <c>~Copyable</c>.</summary>
    public bool IsCopyable { get; set; } = true;
    /// <summary>Bounds from the parameter list and from where clauses on the bare parameter.</summary>
    public ImmutableArray<TraitReference> Bounds { get; set; } = [];
    public SigilType? Default { get; set; }
}

/// <summary><c>where Subject: Bounds</c> or <c>where Subject = Equal</c> with a subject that is not a bare parameter.</summary>
public sealed record Constraint(SigilType Subject, ImmutableArray<TraitReference> Bounds, SigilType? Equal, TextSpan Span);

/// <summary>A trait; every trait that is object-safe (methods may lack self) may serve as a capability.</summary>
public sealed class TraitSymbol(string name) : Symbol(name)
{
    public ModuleSymbol? Module { get; init; }
    public bool IsPublic { get; init; }
    public Ast.TraitDeclaration? Syntax { get; init; }
    public required TypeParameterSymbol Self { get; init; }
    public ImmutableArray<TypeParameterSymbol> TypeParameters { get; set; } = [];
    public ImmutableArray<TraitReference> Supertraits { get; set; } = [];
    public ImmutableArray<Constraint> Constraints { get; set; } = [];
    public ImmutableArray<AssociatedTypeSymbol> AssociatedTypes { get; set; } = [];
    public ImmutableArray<FunctionSymbol> Methods { get; set; } = [];
    /// <summary>Async, Parallel, AsyncIO, ProcessIsolation: no methods, no value.</summary>
    public bool IsMarkerCapability { get; set; }
    /// <summary>A capability of the standard library that the runtime provides to <c>@main</c>.</summary>
    public bool IsStandardCapability { get; set; }
    /// <summary>Decided by structure (Sendable, Serializable, Copyable, Clone…): the solver has a rule for it.</summary>
    public bool IsStructural { get; set; }
    public FunctionSymbol? FindMethod(string name) => Methods.FirstOrDefault(m => m.Name == name);
}

/// <summary>An associated type of a trait.</summary>
public sealed class AssociatedTypeSymbol(string name) : Symbol(name)
{
    public required TraitSymbol Trait { get; init; }
    public ImmutableArray<TraitReference> Bounds { get; set; } = [];
    public SigilType? Default { get; set; }
    public bool IsCopyable { get; set; } = true;
}

/// <summary>An <c>impl</c> block.</summary>
public sealed class ImplSymbol() : Symbol("impl")
{
    public required ModuleSymbol Module { get; init; }
    public Ast.ImplDeclaration? Syntax { get; init; }
    public ImmutableArray<TypeParameterSymbol> TypeParameters { get; set; } = [];
    /// <summary>Null for an inherent impl.</summary>
    public TraitReference? Trait { get; set; }
    public SigilType SelfType { get; set; } = ErrorType.Instance;
    public ImmutableArray<Constraint> Constraints { get; set; } = [];
    public ImmutableArray<FunctionSymbol> Methods { get; set; } = [];
    public Dictionary<AssociatedTypeSymbol, SigilType> AssociatedTypes { get; } = [];
    /// <summary><c>impl !Sendable for T {}</c>.</summary>
    public bool IsNegative { get; set; }
    /// <summary>The methods call their function parameters at most once (std only: <c>#[once]</c>).</summary>
    public bool CallsOnce { get; set; }
    /// <summary>Made by <c>#[derive]</c>: methods are synthesised (see <see cref="FunctionSymbol.IsDerived"/>).</summary>
    public bool IsDerived { get; init; }
    /// <summary><c>impl Opaque for S</c>: the opaque type whose methods it gives.</summary>
    public NamedType? Opaque { get; set; }
}

/// <summary>An <c>extend Trait { … }</c> block.</summary>
public sealed class ExtensionSymbol() : Symbol("extend")
{
    public required ModuleSymbol Module { get; init; }
    public Ast.ExtendDeclaration? Syntax { get; init; }
    public TraitSymbol? Trait { get; set; }
    public ImmutableArray<Constraint> Constraints { get; set; } = [];
    /// <summary>The extended <c>Self</c>, bounded by the trait.</summary>
    public required TypeParameterSymbol Self { get; init; }
    public ImmutableArray<FunctionSymbol> Methods { get; set; } = [];
}

/// <summary><c>$name = literal</c>.</summary>
public sealed class ConfigSymbol(string name) : Symbol(name)
{
    /// <summary>For a constant of the library that is a variant: <c>Type.Variant</c>.</summary>
    public string? VariantName { get; set; }

    public required ModuleSymbol Module { get; init; }
    public bool IsPublic { get; init; }
    public SigilType Type { get; set; } = ErrorType.Instance;
    /// <summary>long, double, bool, string, Rune-as-int for char… as in <see cref="Typed.LiteralExpression"/>.</summary>
    public object? Value { get; set; }
}
