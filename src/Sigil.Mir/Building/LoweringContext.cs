using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Mir.Building;

/// <summary>What the builders of one function and of the code nested in it share.</summary>
internal sealed class LoweringContext(SemanticProgram semantics)
{
    private readonly Dictionary<SigilType, bool> unique = [];

    public SemanticProgram Semantics { get; } = semantics;
    public CoreSymbols Core => Semantics.Core;
    public ITypeSystem Types => Semantics.Types;

    /// <summary>Forms that cannot be compiled yet; the function must not be emitted when there are any.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    public WriteScan Writes { get; } = new();

    /// <summary>The graphs of the lambdas met so far: a call chooses its effect variant by them.</summary>
    public Dictionary<LambdaExpression, MirFunction> Lambdas { get; } = [];

    /// <summary>What lambdas that run at most once give away, as far as it has been looked at.</summary>
    public Dictionary<LambdaExpression, ConsumedCaptures> Consumed { get; } = [];
    /// <summary>Whether lambdas that are lent elements of a container consume them (see FunctionBuilder.Elements).</summary>
    public Dictionary<LambdaExpression, bool> ElementConsumers { get; } = [];

    public bool IsUnique(SigilType type)
    {
        if (unique.TryGetValue(type, out var known)) return known;
        return unique[type] = Types.KindOf(type) == ValueKind.Unique;
    }

    public void NotSupported(SourceText source, TextSpan span, string what) =>
        Diagnostics.Add(Diagnostic.Error("E9105", source, span, $"{what} cannot be compiled by this version yet"));

    /// <summary>The owned type behind a borrow.</summary>
    public static SigilType Strip(SigilType type)
    {
        type = type.Resolve();
        while (type is BorrowType b) type = b.Target.Resolve();
        return type;
    }

    public bool IsVoid(SigilType type) => Strip(type) is NamedType { Definition.Kind: TypeKind.Void };
    public static bool IsNever(SigilType type) => Strip(type) is NamedType { Definition.Kind: TypeKind.Never };
}
