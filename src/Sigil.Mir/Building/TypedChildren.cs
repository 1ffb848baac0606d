using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;

namespace Sigil.Mir.Building;

/// <summary>The direct sub-expressions of a typed expression, in the order in which they are evaluated; of lambdas the body.</summary>
internal static class TypedChildren
{
    public static IEnumerable<TypedExpression> Of(TypedExpression expression) => expression switch
    {
        BlockExpression b => b.Statements.Select(s => s is LetStatement l ? l.Value : ((ExpressionStatement)s).Expression),
        TryExpression t => [t.Body],
        QuestionExpression q => [q.Operand],
        IfExpression i => Some(i.Condition, i.Then, i.Else),
        WhileExpression w => [w.Condition, w.Body],
        LoopExpression l => [l.Body],
        ForExpression f => f.Bindings.Select(b => b.Iterable).Concat(Some(f.Guard, f.Body)),
        BreakExpression b => Some(b.Value),
        MatchExpression m => m.Arms.SelectMany(a => Some(a.Guard, a.Body)).Prepend(m.Scrutinee),
        ForSearchExpression f => Some(f.Over, f.Map, f.Guard, f.Default),
        WithCapabilityExpression w => [w.Value, w.Body],
        WithResourceExpression w => [w.Acquire, w.Use, w.Release],
        RetryExpression r => Some(r.Operation, r.Attempts, r.Backoff, r.OnPredicate, r.Jitter, r.Timeout),
        CacheExpression c => Some(c.Key, c.Operation, c.TimeToLive),
        ValidateExpression v => v.Rules.SelectMany(r => Some(r.Condition, r.Message)).Append(v.Then),
        RecurseExpression r => Some(r.Condition, r.Base, r.Step, r.Memo, r.ParallelThreshold),
        SelfCallExpression s => s.Arguments,
        AssertPanicsExpression a => Some(a.Operand, a.Message),
        PanicExpression p => [p.Message],
        RecoverExpression r => [r.Body],
        ReplaceExpression r => [r.Place, r.Value],
        CallExpression c => c.Arguments.Select(a => a.Value),
        IndirectCallExpression c => c.Arguments.Select(a => a.Value).Prepend(c.Callee),
        DynCallExpression c => c.Arguments.Select(a => a.Value),
        CapabilityCallExpression c => c.Arguments.Select(a => a.Value),
        MemberExpression m => [m.Receiver],
        DereferenceExpression d => [d.Operand],
        IndexExpression i => [i.Receiver, i.Index],
        SliceExpression s => Some(s.Receiver, s.Start, s.End),
        UnaryExpression u => [u.Operand],
        BinaryExpression b => [b.Left, b.Right],
        OrderingTestExpression o => [o.Comparison],
        LogicalExpression l => [l.Left, l.Right],
        CoalesceExpression c => [c.Left, c.Right],
        AssignExpression a => [a.Target, a.Value],
        ConversionExpression c => [c.Operand],
        StructExpression s => Some(s.Spread).Concat(s.Fields.Select(f => f.Value)),
        VariantExpression v => v.Fields.Select(f => f.Value),
        NewtypeExpression n => [n.Content],
        TupleExpression t => t.Elements,
        ListExpression l => l.Elements,
        MapExpression m => m.Entries.SelectMany(e => new[] { e.Key, e.Value }),
        RangeExpression r => [r.Start, r.End],
        TemplateExpression t => t.Parts,
        LambdaExpression l => [l.Body],
        ChannelExpression c => [c.Buffer],
        ParallelExpression p => p.Entries.SelectMany(Of).Concat(Of(p.Options)),
        RaceExpression r => r.Entries.SelectMany(Of),
        TimeoutExpression t => Some(t.Operation, t.After, t.OnTimeout),
        GroupExpression g => Of(g.Options).Append(g.Body),
        SpawnExpression s => [s.Group, s.Task.Body],
        SelectExpression s => s.Arms.SelectMany(a => Some(a.Subject, a.Value, a.Guard, a.Body)).Concat(Some(s.TimeoutAfter, s.TimeoutBody, s.Default, s.Closed)),
        _ => [],
    };

    /// <summary>Every local mentioned in the expression or below, lambdas included, in order of first mention.</summary>
    public static List<LocalSymbol> MentionedLocals(IEnumerable<TypedExpression> roots)
    {
        var found = new List<LocalSymbol>();
        var seen = new HashSet<LocalSymbol>();
        var stack = new Stack<TypedExpression>(roots.Reverse());
        while (stack.TryPop(out var e))
        {
            if (e is LocalExpression l && seen.Add(l.Local)) found.Add(l.Local);
            foreach (var child in Of(e).Reverse()) stack.Push(child);
        }
        return found;
    }

    private static IEnumerable<TypedExpression> Of(ScopeEntry entry) => entry.Task is { } task ? [task.Body] : entry.FanOut is { } f ? Of(f) : [];

    public static IEnumerable<TypedExpression> Of(FanOut f) =>
        f.Elements.Select(e => e.Body).Concat(f.Bindings.Select(b => b.Iterable)).Concat(Some(f.Guard, f.Body?.Body));

    private static IEnumerable<TypedExpression> Of(ScopeOptions o) => Some(o.OnError, o.Timeout, o.MaxConcurrent, o.Token);

    private static IEnumerable<TypedExpression> Some(params TypedExpression?[] expressions) => expressions.Where(e => e is not null)!;
}
