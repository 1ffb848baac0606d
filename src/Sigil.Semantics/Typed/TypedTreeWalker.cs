using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Typed;

/// <summary>Visits a typed tree in evaluation order. Override <see cref="Visit"/> for the nodes of interest and call the base for the rest.</summary>
public abstract class TypedTreeWalker
{
    /// <summary>Visits an expression; by default its parts.</summary>
    public virtual void Visit(TypedExpression expression) => VisitParts(expression);

    /// <summary>Visits an expression that may be absent.</summary>
    protected void VisitOptional(TypedExpression? expression)
    {
        if (expression is not null) Visit(expression);
    }

    /// <summary>A pattern that stands in the tree; nested patterns are not visited.</summary>
    protected virtual void VisitPattern(TypedPattern pattern) { }

    /// <summary>A task expression of a scope, a spawn or a fan-out.</summary>
    protected virtual void VisitTask(TaskExpression task) => Visit(task.Body);

    /// <summary>An argument of a call.</summary>
    protected virtual void VisitArgument(Argument argument, ParameterSymbol? parameter) => Visit(argument.Value);

    /// <summary>A list of tasks.</summary>
    protected virtual void VisitFanOut(FanOut fanOut)
    {
        foreach (var element in fanOut.Elements) VisitTask(element);
        foreach (var binding in fanOut.Bindings)
        {
            Visit(binding.Iterable);
            VisitPattern(binding.Pattern);
        }
        VisitOptional(fanOut.Guard);
        if (fanOut.Body is { } body) VisitTask(body);
    }

    /// <summary>The options of a scope.</summary>
    protected void VisitOptions(ScopeOptions options)
    {
        VisitOptional(options.OnError);
        VisitOptional(options.Timeout);
        VisitOptional(options.MaxConcurrent);
        VisitOptional(options.Token);
    }

    /// <summary>The entries of <c>parallel</c> or <c>race</c>.</summary>
    protected void VisitEntries(IEnumerable<ScopeEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Task is { } task) VisitTask(task);
            if (entry.FanOut is { } fanOut) VisitFanOut(fanOut);
        }
    }

    /// <summary>Visits the parts of an expression.</summary>
    protected void VisitParts(TypedExpression expression)
    {
        switch (expression)
        {
            case CallExpression e: VisitArguments(e.Arguments, e.Function); break;
            case DynCallExpression e: VisitArguments(e.Arguments, e.Method); break;
            case CapabilityCallExpression e: VisitArguments(e.Arguments, e.Method); break;
            case IndirectCallExpression e:
                Visit(e.Callee);
                VisitArguments(e.Arguments, null);
                break;
            case MemberExpression e: Visit(e.Receiver); break;
            case DereferenceExpression e: Visit(e.Operand); break;
            case IndexExpression e: Visit(e.Receiver); Visit(e.Index); break;
            case SliceExpression e: Visit(e.Receiver); VisitOptional(e.Start); VisitOptional(e.End); break;
            case UnaryExpression e: Visit(e.Operand); break;
            case BinaryExpression e: Visit(e.Left); Visit(e.Right); break;
            case OrderingTestExpression e: Visit(e.Comparison); break;
            case LogicalExpression e: Visit(e.Left); Visit(e.Right); break;
            case CoalesceExpression e: Visit(e.Left); Visit(e.Right); break;
            case AssignExpression e: Visit(e.Target); Visit(e.Value); break;
            case ConversionExpression e: Visit(e.Operand); break;
            case StructExpression e:
                VisitOptional(e.Spread);
                foreach (var field in e.Fields) Visit(field.Value);
                break;
            case VariantExpression e: foreach (var field in e.Fields) Visit(field.Value); break;
            case NewtypeExpression e: Visit(e.Content); break;
            case TupleExpression e: foreach (var element in e.Elements) Visit(element); break;
            case ListExpression e: foreach (var element in e.Elements) Visit(element); break;
            case MapExpression e:
                foreach (var (key, value) in e.Entries) { Visit(key); Visit(value); }
                break;
            case RangeExpression e: Visit(e.Start); Visit(e.End); break;
            case TemplateExpression e: foreach (var part in e.Parts) Visit(part); break;
            case LambdaExpression e:
                foreach (var pattern in e.ParameterPatterns) if (pattern is not null) VisitPattern(pattern);
                Visit(e.Body);
                break;
            default: VisitControl(expression); break;
        }
    }

    private void VisitControl(TypedExpression expression)
    {
        switch (expression)
        {
            case BlockExpression e: foreach (var statement in e.Statements) VisitStatement(statement); break;
            case TryExpression e: Visit(e.Body); break;
            case QuestionExpression e: Visit(e.Operand); break;
            case IfExpression e: Visit(e.Condition); Visit(e.Then); VisitOptional(e.Else); break;
            case WhileExpression e: Visit(e.Condition); Visit(e.Body); break;
            case LoopExpression e: Visit(e.Body); break;
            case ForExpression e:
                foreach (var binding in e.Bindings) { Visit(binding.Iterable); VisitPattern(binding.Pattern); }
                VisitOptional(e.Guard);
                Visit(e.Body);
                break;
            case BreakExpression e: VisitOptional(e.Value); break;
            case MatchExpression e:
                Visit(e.Scrutinee);
                foreach (var arm in e.Arms) { VisitPattern(arm.Pattern); VisitOptional(arm.Guard); Visit(arm.Body); }
                break;
            case ForSearchExpression e:
                Visit(e.Over);
                VisitOptional(e.Map);
                VisitPattern(e.Pattern);
                VisitOptional(e.Guard);
                Visit(e.Default);
                break;
            case WithCapabilityExpression e: Visit(e.Value); Visit(e.Body); break;
            case WithResourceExpression e: Visit(e.Acquire); Visit(e.Use); Visit(e.Release); break;
            case RetryExpression e:
                Visit(e.Attempts);
                VisitOptional(e.Backoff);
                VisitOptional(e.OnPredicate);
                VisitOptional(e.Jitter);
                VisitOptional(e.Timeout);
                Visit(e.Operation);
                break;
            case CacheExpression e: Visit(e.Key); VisitOptional(e.TimeToLive); Visit(e.Operation); break;
            case ValidateExpression e:
                foreach (var (condition, message) in e.Rules) { Visit(condition); Visit(message); }
                Visit(e.Then);
                break;
            case RecurseExpression e:
                VisitOptional(e.Memo);
                VisitOptional(e.ParallelThreshold);
                Visit(e.Condition);
                Visit(e.Base);
                Visit(e.Step);
                break;
            case SelfCallExpression e: foreach (var argument in e.Arguments) Visit(argument); break;
            case AssertPanicsExpression e: VisitOptional(e.Message); Visit(e.Operand); break;
            case PanicExpression e: Visit(e.Message); break;
            case RecoverExpression e: Visit(e.Body); break;
            case ReplaceExpression e: Visit(e.Place); Visit(e.Value); break;
            default: VisitConcurrency(expression); break;
        }
    }

    private void VisitConcurrency(TypedExpression expression)
    {
        switch (expression)
        {
            case ChannelExpression e: Visit(e.Buffer); break;
            case ParallelExpression e: VisitOptions(e.Options); VisitEntries(e.Entries); break;
            case RaceExpression e: VisitEntries(e.Entries); break;
            case TimeoutExpression e: Visit(e.After); Visit(e.Operation); VisitOptional(e.OnTimeout); break;
            case GroupExpression e: VisitOptions(e.Options); Visit(e.Body); break;
            case SpawnExpression e: Visit(e.Group); VisitTask(e.Task); break;
            case SelectExpression e:
                foreach (var arm in e.Arms)
                {
                    Visit(arm.Subject);
                    VisitOptional(arm.Value);
                    if (arm.Pattern is not null) VisitPattern(arm.Pattern);
                    VisitOptional(arm.Guard);
                    Visit(arm.Body);
                }
                VisitOptional(e.TimeoutAfter);
                VisitOptional(e.TimeoutBody);
                VisitOptional(e.Default);
                VisitOptional(e.Closed);
                break;
        }
    }

    /// <summary>A statement of a block.</summary>
    protected virtual void VisitStatement(TypedStatement statement)
    {
        switch (statement)
        {
            case ExpressionStatement s: Visit(s.Expression); break;
            case LetStatement s:
                Visit(s.Value);
                VisitPattern(s.Pattern);
                break;
        }
    }

    /// <summary>Visits the arguments of a call, in evaluation order.</summary>
    protected void VisitArguments(IEnumerable<Argument> arguments, FunctionSymbol? function)
    {
        foreach (var argument in arguments)
        {
            var parameter = function is not null && argument.Parameter >= 0 && argument.Parameter < function.Parameters.Length
                ? function.Parameters[argument.Parameter] : null;
            VisitArgument(argument, parameter);
        }
    }
}
