using System.Collections.Immutable;
using Sigil.Semantics.Declarations;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Checking;

/// <summary>
/// Checks the body of one function: resolves its names, infers its types, makes conversions and defaults explicit.
/// One instance per body. Inference is bidirectional with unification variables that live until the end of the body;
/// operations on types that are not known yet are queued (<see cref="Defer(Func{bool})"/>) and stand in the tree as
/// <see cref="DeferredExpression"/> until then.
/// </summary>
public sealed partial class BodyChecker
{
    private readonly ProgramAnalysis program;
    private readonly Unifier unifier;
    private readonly TypeResolver resolver;
    private readonly DiagnosticBag diagnostics = [];
    private ModuleScope scope;
    private TypeScope typeScope;
    private FunctionSymbol? function;
    // Set while a parameter's or field's default is checked at the place that leaves it out: its nodes get the place of the use.
    private TextSpan? placeOfUse;

    /// <summary>Prepares the check of a body or default value of a module.</summary>
    public BodyChecker(ProgramAnalysis program)
    {
        this.program = program;
        Types = program.Solver;
        unifier = new Unifier(p => Types.Normalize(p));
        resolver = new TypeResolver(program.Context, diagnostics);
        // Set before anything is checked; every entry goes through Enter.
        scope = null!;
        typeScope = null!;
        Source = null!;
    }

    /// <summary>The file of the body.</summary>
    internal SourceText Source { get; private set; }
    internal CoreSymbols Core => program.Core;
    internal TypeSystem Types { get; }
    internal ProgramAnalysis Program => program;
    /// <summary>The function whose body is checked; null for defaults.</summary>
    internal FunctionSymbol? Function => function;

    /// <summary>Reports; the same code at the same place counts once.</summary>
    internal void Report(Diagnostic d)
    {
        if (!isSilent) diagnostics.Add(d);
    }

    /// <summary>Checks the body of a function that has one.</summary>
    public TypedBody CheckBody(FunctionSymbol f)
    {
        function = f;
        Enter(program.ScopeOf(f.Module), program.ScopeOf(f), f.Source!);
        using var environment = Types.Within(f);
        var boundary = new ExitBoundary { Type = f.ReturnType };
        PushBoundary(boundary);
        PushScope();
        var self = DeclareSelf(f);
        var parameters = ImmutableArray.CreateBuilder<LocalSymbol>(f.Parameters.Length);
        foreach (var p in f.Parameters)
        {
            var local = new LocalSymbol(p.Name, LocalKind.Parameter) { Type = p.Type, Parameter = p, Source = Source, Span = p.Span };
            parameters.Add(local);
            if (p.Pattern is null) Declare(local);
        }
        var patterns = ImmutableArray.CreateBuilder<TypedPattern?>(f.Parameters.Length);
        foreach (var p in f.Parameters)
            patterns.Add(p.Pattern is { } pattern ? CheckPattern(pattern, p.Type, LocalKind.Parameter) : null);

        currentParameters = parameters.ToImmutable();
        var root = IsVoid(f.ReturnType) ? CheckDiscarding(f.Body!) : CheckAs(f.Body!, new Expectation(f.ReturnType, IsTail: true));
        PopScope();
        PopBoundary();
        var body = new TypedBody
        {
            Function = f,
            Self = self,
            Parameters = currentParameters,
            ParameterPatterns = patterns.MoveToImmutable(),
            Root = root,
            Boundary = boundary,
            Diagnostics = [],
        };
        Finish();
        body.Root = new Zonker(this).Body(body);
        RunPasses(body);
        body.Diagnostics = diagnostics.ToImmutable();
        return body;
    }

    /// <summary>Checks the default value of a field or parameter on its own, against its declared type.</summary>
    public (TypedExpression Value, ImmutableArray<Diagnostic> Diagnostics) CheckDefault(Symbol fieldOrParameter, Ast.Expression value, SigilType type, ModuleSymbol module)
    {
        Enter(program.ScopeOf(module), program.ScopeOfDefault(fieldOrParameter), value.Source);
        PushBoundary(new ExitBoundary { Type = Core.Void });
        PushScope();
        var checkedValue = Check(value, type);
        PopScope();
        PopBoundary();
        Finish();
        return (new Zonker(this).Root(checkedValue), diagnostics.ToImmutable());
    }

    /// <summary>Looks at the finished tree: effects, exhaustiveness, ownership rules that need no flow.</summary>
    partial void RunPasses(TypedBody body);

    /// <summary>Checks an expression without knowing what type is wanted.</summary>
    internal TypedExpression Infer(Ast.Expression e) => Visit(e, Expectation.None);

    /// <summary>Checks an expression and takes a copy of what it may borrow.</summary>
    internal TypedExpression InferValue(Ast.Expression e) => Decay(Visit(e, Expectation.None));

    /// <summary>Checks an expression against a type and converts it to that type.</summary>
    internal TypedExpression Check(Ast.Expression e, SigilType expected) => CheckAs(e, Expectation.Of(expected));

    /// <summary>Checks an expression in a position of type void: any value is accepted and dropped (W3001 for a Result).</summary>
    internal TypedExpression CheckDiscarding(Ast.Expression e) => CheckAs(e, Expectation.Discard);

    /// <summary>Checks an expression as its position demands and converts it: what a branch, an arm or a last statement does with the expectation it was given.</summary>
    internal TypedExpression CheckAs(Ast.Expression e, Expectation expectation)
    {
        var value = Visit(e, expectation);
        if (expectation.IsDiscard) return Discard(value, At(e));
        return expectation.Type is { } t ? Coerce(value, t, At(e), expectation.IsTail) : value;
    }

    private void Enter(ModuleScope module, TypeScope types, SourceText source) => (scope, typeScope, Source) = (module, types, source);

    private LocalSymbol? DeclareSelf(FunctionSymbol f)
    {
        if (f.SelfType is null) return null;
        var self = new LocalSymbol("self", LocalKind.Self) { Type = f.SelfType, Source = Source, Span = f.Span };
        Declare(self);
        return self;
    }

    /// <summary>The place of a node; for a default value the place that leaves it out.</summary>
    internal TextSpan At(Ast.SyntaxElement node) => placeOfUse ?? node.Span;
}

/// <summary>What a position wants from the expression in it.</summary>
/// <param name="Type">The type wanted, or null when the position takes any.</param>
/// <param name="IsDiscard">A position of type void: any value is accepted and dropped. <paramref name="Type"/> is null then.</param>
/// <param name="IsTail">A tail position of the function, where a Result converts its error (§5.5).</param>
internal readonly record struct Expectation(SigilType? Type, bool IsDiscard = false, bool IsTail = false)
{
    public static Expectation None => default;
    public static Expectation Discard => new(null, IsDiscard: true);
    public static Expectation Of(SigilType type) => new(type);
    /// <summary>The wanted type with solved variables replaced; null when any will do or nothing is known about it.</summary>
    public SigilType? Known => Type?.Resolve() is { } t and not TypeVariable ? t : null;
}

/// <summary>
/// Gives the branches of an <c>if</c>, the arms of a <c>match</c> or <c>select</c> and the values of <c>break</c> one type:
/// the expected one, else that of the first branch which is not Never.
/// </summary>
internal sealed class BranchJoin(BodyChecker checker, Expectation expectation)
{
    private readonly Expectation expectation = expectation;
    private SigilType? joined = expectation.Type;

    /// <summary>Checks the next branch; its value has the joined type, or Never.</summary>
    public TypedExpression Add(Ast.Expression branch)
    {
        if (expectation.IsDiscard) return checker.CheckDiscarding(branch);
        if (joined is not null) return checker.CheckAs(branch, expectation with { Type = joined });
        return Take(checker.Infer(branch));
    }

    /// <summary>Joins a value that was checked elsewhere.</summary>
    public TypedExpression Add(TypedExpression branch)
    {
        if (expectation.IsDiscard) return checker.Discard(branch, branch.Span);
        return joined is not null ? checker.Coerce(branch, joined, branch.Span, expectation.IsTail) : Take(branch);
    }

    /// <summary>Never when no branch comes to an end.</summary>
    public SigilType ResultType => expectation.IsDiscard ? checker.Core.Void : joined ?? checker.Core.Never;

    /// <summary>Converts a branch that was Never before the type of the others was known.</summary>
    public TypedExpression Fit(TypedExpression branch) =>
        joined is not null && !expectation.IsDiscard && checker.IsNever(branch.Type) ? checker.Coerce(branch, joined, branch.Span) : branch;

    private TypedExpression Take(TypedExpression branch)
    {
        var value = checker.Decay(branch);
        if (!checker.IsNever(value.Type)) joined = value.Type;
        return value;
    }
}
