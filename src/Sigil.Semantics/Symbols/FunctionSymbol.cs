using System.Collections.Immutable;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Symbols;

/// <summary>How a method takes its receiver.</summary>
public enum SelfKind
{
    /// <summary>A function, a static method, or a capability method.</summary>
    None,
    /// <summary><c>self</c>: borrowed.</summary>
    Borrowed,
    /// <summary><c>mut self</c>: borrowed mutably, the updated self is written back.</summary>
    Mutable,
    /// <summary><c>own self</c>: consumed.</summary>
    Owned,
}

/// <summary>A function, method, test, or trait method signature.</summary>
public sealed class FunctionSymbol(string name) : Symbol(name)
{
    public required ModuleSymbol Module { get; init; }
    public bool IsPublic { get; init; }
    /// <summary>The declaration: FunctionDeclaration, TestDeclaration or MethodSignature-like node; null when synthesised.</summary>
    public Ast.SyntaxNode? Syntax { get; init; }
    /// <summary>The body as written; null for trait requirements, intrinsics and synthesised functions.</summary>
    public Ast.Expression? Body { get; init; }
    /// <summary>The <see cref="TraitSymbol"/>, <see cref="ImplSymbol"/>, <see cref="ExtensionSymbol"/> or opaque <see cref="TypeSymbol"/> it stands in; null for free functions.</summary>
    public Symbol? Container { get; init; }
    public SelfKind SelfKind { get; set; }
    /// <summary>The type of <c>self</c>; null for functions without receiver (capability methods of an impl have one).</summary>
    public SigilType? SelfType { get; set; }
    /// <summary>Its own type parameters (without those of the container).</summary>
    public ImmutableArray<TypeParameterSymbol> TypeParameters { get; set; } = [];
    /// <summary>All parameters a call instantiates: for trait methods Self, the trait's, then its own; for impl methods the impl's, then its own; for extension methods Self, then its own; for opaque methods the type's, then its own.</summary>
    public ImmutableArray<TypeParameterSymbol> AllTypeParameters { get; set; } = [];
    /// <summary>Declared parameters without self.</summary>
    public ImmutableArray<ParameterSymbol> Parameters { get; set; } = [];
    public SigilType ReturnType { get; set; } = ErrorType.Instance;
    public ImmutableArray<TraitReference> Uses { get; set; } = [];
    /// <summary>Where-clauses whose subject is not a bare parameter of its own, and equalities.</summary>
    public ImmutableArray<Constraint> Constraints { get; set; } = [];
    /// <summary>Declared in std without a body: implemented by the runtime, found through <see cref="Intrinsic"/>.</summary>
    public bool IsIntrinsic { get; init; }
    /// <summary>Key of the runtime implementation: from <c>#[intrinsic("name")]</c>, else <c>module.function</c> or <c>Type.method</c>.</summary>
    public string? Intrinsic { get; set; }
    /// <summary>Suspends when its caller may, and blocks otherwise: <c>#[waits]</c> of the library.</summary>
    public bool WaitsLikeCaller { get; set; }
    /// <summary>The first parameter leaves the caller for good: the name given to it is moved even where its value could be copied (std only: <c>#[sends]</c>).</summary>
    public bool Sends { get; set; }
    /// <summary>A method whose body is made by the compiler from the structure of the type (derive and structural impls).</summary>
    public bool IsDerived { get; init; }
    public bool IsTest { get; init; }
    public ImmutableArray<FunctionSymbol> TestTargets { get; set; } = [];
    /// <summary>Reason of <c>#[skip("why")]</c>.</summary>
    public string? SkipReason { get; set; }
    /// <summary>True for a method of a trait without self that does not mention Self: called through a capability.</summary>
    public bool IsCapabilityMethod { get; set; }
    public TraitSymbol? Trait => Container as TraitSymbol;
    public ImplSymbol? Impl => Container as ImplSymbol;
    /// <summary>The declared function type, as a plain function value.</summary>
    public FunctionType FunctionType => new([.. Parameters.Select(p => p.Type)], ReturnType, Uses);
}

/// <summary>A parameter of a function (self excluded).</summary>
public sealed class ParameterSymbol(string name, int index) : Symbol(name)
{
    public int Index { get; } = index;
    /// <summary>The declared type; a <see cref="BorrowType"/> for <c>&amp;T</c> and <c>&amp;mut T</c>; a function type of kind Borrowed where the rules of "No function-colour duplication" make it so.</summary>
    public SigilType Type { get; set; } = ErrorType.Instance;
    /// <summary>The written label, or null for a positional-only pattern parameter.</summary>
    public string? Label { get; init; }
    /// <summary>The default value as written.</summary>
    public Ast.Expression? Default { get; init; }
    /// <summary>The pattern of a pattern parameter.</summary>
    public Ast.Pattern? Pattern { get; init; }
    /// <summary>Where the body stores, returns or captures a function parameter, so that it is not borrowed; for the note of E5010 and E6002.</summary>
    public Sigil.Syntax.TextSpan? EscapesAt { get; set; }
    /// <summary>A function that may be copied and go to tasks, but is gone when the call ends: only tasks of scopes within the call take it along.</summary>
    public bool StaysInCall { get; set; }
}

/// <summary>What introduced a local name.</summary>
public enum LocalKind { Let, LetMut, Parameter, Self, Pattern, Loop, LambdaParameter, Group }

/// <summary>A local name inside one body.</summary>
public sealed class LocalSymbol(string name, LocalKind kind) : Symbol(name)
{
    public LocalKind Kind { get; } = kind;
    public SigilType Type { get; set; } = ErrorType.Instance;
    /// <summary>For parameters.</summary>
    public ParameterSymbol? Parameter { get; init; }
    /// <summary>Identity of the lambda or task expression in which it is declared; null at function level.</summary>
    public object? DeclaringLambda { get; init; }
    /// <summary>Reassignable: names from <c>let</c>.</summary>
    public bool IsAssignable => Kind is LocalKind.Let or LocalKind.LetMut;
}
