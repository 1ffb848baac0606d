using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// `try` and `?` (§5.5).
public sealed partial class BodyChecker
{
    // The last statements of all `try(…)`: what is wrong with their type is E3039.
    private readonly HashSet<TextSpan> endsOfTries = [];

    private TypedExpression Try(Ast.TryExpression e, Expectation expected)
    {
        var at = At(e);
        SigilType type = expected.Known is { } t && (AsPrelude(t, "Result") ?? AsPrelude(t, "Option")) is { } wanted ? wanted : NewVariable();
        var boundary = new ExitBoundary { Type = type };
        PushBoundary(boundary);
        var statements = e.Statements.Nodes;
        var last = statements.IsEmpty ? null : statements[^1] as Ast.ExpressionStatement;
        if (last is not null) endsOfTries.Add(At(last));
        var body = Statements(statements, new Expectation(type, IsTail: true), at, unwrapsLets: true);
        PopBoundary();
        if (statements.IsEmpty || IsError(body.Type)) return ErrorAt(at);
        if (last is null || (AsPrelude(type, "Result") is null && AsPrelude(type, "Option") is null && !IsUnknown(type)))
        {
            Report(TypeErrors.TryResult(Source, last is null ? At(statements[^1]) : At(last), last is null ? "void" : Zonk(type).ToString()));
            return ErrorAt(at);
        }
        if (IsUnknown(type))
        {
            // The last value never comes to be, or waits for its type.
            OnFinish(() =>
            {
                if (!IsUnknown(type) && AsPrelude(type, "Result") is null && AsPrelude(type, "Option") is null && !HasError(type))
                    Report(TypeErrors.TryResult(Source, At(last), Zonk(type).ToString()));
            });
        }
        return new TryExpression { Boundary = boundary, Body = body, Type = type, Span = at };
    }

    private TypedExpression Question(Ast.QuestionExpression e)
    {
        var at = At(e);
        var operand = InferValue(e.Operand);
        if (IsError(operand.Type)) return ErrorAt(at);
        var boundary = CurrentBoundary;
        bool leavesTask = LeavesTask(boundary);
        return DeferExpression(at, force =>
        {
            operand = ReadObject(operand);
            if ((AsPrelude(operand.Type, "Result") ?? AsPrelude(operand.Type, "Option")) is { } wrapped) return Leave(operand, wrapped, at, boundary, leavesTask);
            if (IsUnknown(operand.Type) && !force) return null;
            if (!IsError(operand.Type)) Report(TypeErrors.QuestionOperand(Source, operand.Span, Zonk(operand.Type).ToString()));
            return ErrorAt(at);
        });
    }

    private bool LeavesTask(ExitBoundary boundary)
    {
        for (int i = boundary.Depth; i < captureTrackers.Count; i++) if (captureTrackers[i].Context == CaptureContext.Task) return true;
        return false;
    }

    private TypedExpression Leave(TypedExpression operand, NamedType wrapped, TextSpan at) => Leave(operand, wrapped, at, CurrentBoundary, LeavesTask(CurrentBoundary));

    private TypedExpression Leave(TypedExpression operand, NamedType wrapped, TextSpan at, ExitBoundary boundary, bool leavesTask)
    {
        var node = new QuestionExpression { Operand = operand, Boundary = boundary, LeavesTask = leavesTask, Type = wrapped.Arguments[0], Span = at };
        bool isOption = wrapped.Definition == Core.FindType("Option");
        var target = (boundary.Type ?? Core.Void).Resolve();
        if (target is ErrorType) return node;
        if (target is TypeVariable)
        {
            Unify(target, isOption ? Core.Option(NewVariable()) : Core.Result(NewVariable(), NewVariable()));
            target = target.Resolve();
        }
        if (target is not NamedType leaving || leaving.Definition != wrapped.Definition)
        {
            Report(TypeErrors.QuestionBoundary(Source, at, boundaries.Count > 1 ? "the enclosing block or lambda" : "the function", Zonk(target).ToString(), isOption ? "None" : "an error"));
            return node;
        }
        if (isOption) return node;
        var error = wrapped.Arguments[1];
        var wanted = leaving.Arguments[1];
        if (!ConvertLeavingError(node, error, wanted, at, force: false)) Defer(force => ConvertLeavingError(node, error, wanted, at, force));
        return node;
    }

    private bool ConvertLeavingError(QuestionExpression node, SigilType error, SigilType wanted, TextSpan at, bool force)
    {
        if ((IsUnknown(error) || IsUnknown(wanted)) && !force)
            return ReferenceEquals(error.Resolve(), wanted.Resolve());
        if (Unify(error, wanted)) return true;
        if (FindFrom(error.Resolve(), wanted.Resolve()) is { } from)
        {
            node.From = from.Method;
            node.FromTypeArguments = from.Arguments;
            return true;
        }
        if (!HasError(Zonk(error)) && !HasError(Zonk(wanted))) Report(TypeErrors.NoErrorConversion(Source, at, Zonk(error).ToString(), Zonk(wanted).ToString()));
        return true;
    }
}
