using System.Collections.Immutable;
using Sigil.Semantics.Typed;

namespace Sigil.Semantics.Checking;

// Control flow, forms and concurrency.
internal sealed partial class Zonker
{
    private void ControlParts(TypedExpression e)
    {
        switch (e)
        {
            case BlockExpression x:
                foreach (var s in x.Statements) Statement(s);
                break;
            case TryExpression x:
                Boundary(x.Boundary);
                x.Body = Expression(x.Body);
                break;
            case QuestionExpression x:
                x.Operand = Expression(x.Operand);
                x.FromTypeArguments = AllTypes(x.FromTypeArguments);
                break;
            case IfExpression x:
                x.Condition = Expression(x.Condition);
                x.Then = Expression(x.Then);
                x.Else = Optional(x.Else);
                break;
            case WhileExpression x:
                x.Condition = Expression(x.Condition);
                x.Body = Expression(x.Body);
                break;
            case LoopExpression x: x.Body = Expression(x.Body); break;
            case ForExpression x:
                x.Bindings = ForBindings(x.Bindings);
                x.Guard = Optional(x.Guard);
                x.Body = Expression(x.Body);
                break;
            case BreakExpression x: x.Value = Optional(x.Value); break;
            case MatchExpression x:
                x.Scrutinee = Expression(x.Scrutinee);
                for (int i = 0; i < x.Arms.Length; i++)
                {
                    var arm = x.Arms[i];
                    Pattern(arm.Pattern);
                    x.Arms = x.Arms.SetItem(i, arm with { Guard = Optional(arm.Guard), Body = Expression(arm.Body) });
                }
                break;
            case ForSearchExpression x:
                x.Over = Expression(x.Over);
                x.ItemType = Type(x.ItemType);
                x.Map = Optional(x.Map);
                Pattern(x.Pattern);
                x.Guard = Optional(x.Guard);
                Local(x.Item);
                x.Default = Expression(x.Default);
                break;
            case WithCapabilityExpression x:
                x.Value = Expression(x.Value);
                x.Body = Expression(x.Body);
                break;
            case WithResourceExpression x:
                x.Acquire = Expression(x.Acquire);
                x.Use = Expression(x.Use);
                x.Release = Expression(x.Release);
                break;
            case RetryExpression x:
                x.Operation = Expression(x.Operation);
                x.Attempts = Expression(x.Attempts);
                x.Backoff = Optional(x.Backoff);
                x.OnPredicate = Optional(x.OnPredicate);
                x.Jitter = Optional(x.Jitter);
                x.Timeout = Optional(x.Timeout);
                break;
            case CacheExpression x:
                x.Key = Expression(x.Key);
                x.Operation = Expression(x.Operation);
                x.TimeToLive = Optional(x.TimeToLive);
                break;
            case ValidateExpression x:
                for (int i = 0; i < x.Rules.Length; i++) x.Rules = x.Rules.SetItem(i, (Expression(x.Rules[i].Condition), Expression(x.Rules[i].Message)));
                x.Then = Expression(x.Then);
                break;
            case RecurseExpression x:
                x.Condition = Expression(x.Condition);
                x.Base = Expression(x.Base);
                x.Step = Expression(x.Step);
                x.Memo = Optional(x.Memo);
                x.ParallelThreshold = Optional(x.ParallelThreshold);
                break;
            case SelfCallExpression x: x.Arguments = All(x.Arguments); break;
            case AssertPanicsExpression x:
                x.Operand = Expression(x.Operand);
                x.Message = Optional(x.Message);
                break;
            case PanicExpression x: x.Message = Expression(x.Message); break;
            case RecoverExpression x: x.Body = Expression(x.Body); break;
            case ReplaceExpression x:
                x.Place = Expression(x.Place);
                x.Value = Expression(x.Value);
                break;
            default:
                ConcurrencyParts(e);
                break;
        }
    }

    private void Statement(TypedStatement s)
    {
        switch (s)
        {
            case ExpressionStatement x: x.Expression = Expression(x.Expression); break;
            case LetStatement x:
                x.Value = Expression(x.Value);
                Pattern(x.Pattern);
                break;
        }
    }

    private void ConcurrencyParts(TypedExpression e)
    {
        switch (e)
        {
            case ChannelExpression x:
                x.ElementType = Type(x.ElementType);
                x.Buffer = Expression(x.Buffer);
                break;
            case ProcessTaskExpression x:
                Local(x.Input);
                x.Body = Expression(x.Body);
                break;
            case ParallelExpression x:
                Entries(x.Entries);
                Options(x.Options);
                break;
            case RaceExpression x: Entries(x.Entries); break;
            case TimeoutExpression x:
                x.Operation = Expression(x.Operation);
                x.After = Expression(x.After);
                x.OnTimeout = Optional(x.OnTimeout);
                break;
            case GroupExpression x:
                Local(x.Group);
                Boundary(x.Boundary);
                x.Body = Expression(x.Body);
                Options(x.Options);
                break;
            case SpawnExpression x:
                x.Group = Expression(x.Group);
                Task(x.Task);
                x.ValueType = Type(x.ValueType);
                x.ErrorType = Type(x.ErrorType);
                if (x.ChildErrorType is { } childError) x.ChildErrorType = Type(childError);
                if (x.ScopeErrorType is { } scopeError) x.ScopeErrorType = Type(scopeError);
                x.FromTypeArguments = [.. x.FromTypeArguments.Select(Type)];
                break;
            case SelectExpression x:
                for (int i = 0; i < x.Arms.Length; i++)
                {
                    var arm = x.Arms[i];
                    if (arm.Pattern is { } p) Pattern(p);
                    x.Arms = x.Arms.SetItem(i, arm with { Subject = Expression(arm.Subject), Value = Optional(arm.Value), Guard = Optional(arm.Guard), Body = Expression(arm.Body) });
                }
                x.TimeoutAfter = Optional(x.TimeoutAfter);
                x.TimeoutBody = Optional(x.TimeoutBody);
                x.Default = Optional(x.Default);
                x.Closed = Optional(x.Closed);
                break;
        }
    }

    private void Task(TaskExpression task) => task.Body = Expression(task.Body);

    private void Entries(ImmutableArray<ScopeEntry> entries)
    {
        foreach (var entry in entries)
        {
            entry.ValueType = Type(entry.ValueType);
            if (entry.Task is { } task) Task(task);
            if (entry.FanOut is not { } fan) continue;
            foreach (var element in fan.Elements) Task(element);
            fan.Bindings = ForBindings(fan.Bindings);
            fan.Guard = Optional(fan.Guard);
            if (fan.Body is { } body) Task(body);
            fan.ElementType = Type(fan.ElementType);
        }
    }

    private void Options(ScopeOptions options)
    {
        options.OnError = Optional(options.OnError);
        options.Timeout = Optional(options.Timeout);
        options.MaxConcurrent = Optional(options.MaxConcurrent);
        options.Token = Optional(options.Token);
    }
}
