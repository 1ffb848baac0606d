using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Ast = Sigil.Syntax.Ast;

namespace Sigil.Semantics.Checking;

/// <summary>
/// Checks the body of one function: resolves its names, infers its types, makes conversions and defaults explicit.
/// One instance per body. Inference is bidirectional with unification variables that live until <see cref="Finish"/>;
/// operations on types that are not known yet are queued (<see cref="Defer"/>) and stand in the tree as
/// <see cref="DeferredExpression"/> until then.
/// </summary>
public sealed partial class BodyChecker
{
    private readonly DiagnosticBag diagnostics = [];

    /// <summary>The file of the body.</summary>
    internal SourceText Source { get; }
    internal CoreSymbols Core => Types.Core;
    internal TypeSystem Types { get; }

    /// <summary>Reports; the same code at the same place counts once.</summary>
    internal void Report(Diagnostic d) => diagnostics.Add(d);

    /// <summary>Checks an expression without knowing what type is wanted.</summary>
    internal TypedExpression Infer(Ast.Expression e) => Visit(e, Expectation.None);

    /// <summary>Checks an expression against a type and converts it to that type.</summary>
    internal TypedExpression Check(Ast.Expression e, SigilType expected) => CheckAs(e, Expectation.Of(expected));

    /// <summary>Checks an expression in a position of type void: any value is accepted and dropped (W3001 for a Result).</summary>
    internal TypedExpression CheckDiscarding(Ast.Expression e) => CheckAs(e, Expectation.Discard);

    /// <summary>Checks an expression as its position demands and converts it: what a branch, an arm or a last statement does with the expectation it was given.</summary>
    internal TypedExpression CheckAs(Ast.Expression e, Expectation expectation)
    {
        var value = Visit(e, expectation);
        if (expectation.IsDiscard) return Discard(value, e.Span);
        return expectation.Type is { } t ? Coerce(value, t, e.Span, expectation.IsTail) : value;
    }
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
    /// <summary>The same for a subexpression that is not in tail position.</summary>
    public Expectation NotTail() => this with { IsTail = false };
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
        var value = checker.Decay(checker.Infer(branch));
        if (!checker.IsNever(value.Type)) joined = value.Type;
        return value;
    }

    /// <summary>Never when no branch comes to an end.</summary>
    public SigilType ResultType => expectation.IsDiscard ? checker.Core.Void : joined ?? checker.Core.Never;

    /// <summary>Converts a branch that is Never to the type of the others.</summary>
    public TypedExpression Fit(TypedExpression branch) =>
        joined is not null && !expectation.IsDiscard && checker.IsNever(branch.Type) ? checker.Coerce(branch, joined, branch.Span) : branch;
}
