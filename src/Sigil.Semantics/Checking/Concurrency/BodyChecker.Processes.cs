using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// The function that a process runs.
public sealed partial class BodyChecker
{
    /// <summary>A named top-level function of one parameter, where the library wants something that another process can run.</summary>
    private TypedExpression ProcessTask(Ast.Expression value, NamedType wanted)
    {
        var at = At(value);
        var (input, result) = (wanted.Arguments[0], wanted.Arguments[1]);
        if (Unparenthesized(value) is not (Ast.NameExpression or Ast.MemberExpression) || Visit(value, Expectation.Of(new FunctionType([input], result, []))) is not { } written)
        {
            if (Unparenthesized(value) is not Ast.LambdaExpression) InferLoosely(value);
            return NotATask(wanted, at);
        }
        RetryDeferred();
        if (IsError(written.Type))
        {
            MarkError(wanted);
            return ErrorAt(at);
        }
        // The library hands one on.
        if (Underlying(written.Type) is NamedType { Definition: var same } && same == wanted.Definition) return Coerce(written, wanted, at);
        if ((written as ConversionExpression)?.Operand is FunctionValueExpression converted) written = converted;
        if (written is not FunctionValueExpression { Capability: null, Function: { Container: null } function }) return NotATask(wanted, at);
        var type = (FunctionType)Underlying(written.Type);
        if (type.Parameters is not [var parameter])
        {
            Report(TypeErrors.Mismatch(Source, at, "a function of one parameter", Zonk(type).ToString(), "what the function needs goes to its process as one input"));
            MarkError(wanted);
            return ErrorAt(at);
        }
        var taken = parameter.Resolve() is BorrowType borrow ? borrow.Target : parameter;
        if (!Unify(input, taken) || !Unify(result, type.Result))
        {
            Report(TypeErrors.Mismatch(Source, at, Zonk(wanted).ToString(), Zonk(type).ToString()));
            MarkError(wanted);
            return ErrorAt(at);
        }
        var local = new LocalSymbol("input", LocalKind.Loop) { Type = taken, Source = Source, Span = at, DeclaringLambda = CurrentTracker };
        var body = CallWith(written, new LocalExpression { Local = local, Type = taken, Span = at }, at);
        return new ProcessTaskExpression { Function = function, Input = local, Body = body, Type = wanted, Span = at };
    }

    private TypedExpression NotATask(NamedType wanted, Syntax.TextSpan at)
    {
        Report(ConcurrencyErrors.TaskFunctionCaptures(Source, at));
        MarkError(wanted);
        return ErrorAt(at);
    }
}
