using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;

namespace Sigil.Semantics.Sendability;

/// <summary>
/// Finds where locals are mentioned, assigned and declared. A <c>self(…)</c> of a <c>recurse</c> around mentions all that the recursion mentions.
/// </summary>
internal sealed class MentionCollector : TypedTreeWalker
{
    /// <summary>First mention of every local.</summary>
    public Dictionary<LocalSymbol, TextSpan> First { get; } = [];
    /// <summary>Locals that are assigned, wholly or in part, with the place.</summary>
    public List<(LocalSymbol Local, TextSpan Span)> Assigned { get; } = [];
    /// <summary>Locals declared inside.</summary>
    public HashSet<LocalSymbol> Declared { get; } = [];
    /// <summary>Where recursions from around are called, with the names that they assign.</summary>
    public List<(LocalSymbol Local, TextSpan Span)> AssignedBySelf { get; } = [];

    private readonly HashSet<RecurseExpression> recursions = [];

    /// <summary>Visits what runs per element of a list of tasks; what is iterated first belongs to the creating task.</summary>
    public void VisitElements(FanOut fanOut)
    {
        for (var i = 0; i < fanOut.Bindings.Length; i++)
        {
            if (i > 0) Visit(fanOut.Bindings[i].Iterable);
            VisitPattern(fanOut.Bindings[i].Pattern);
        }
        VisitOptional(fanOut.Guard);
        foreach (var element in fanOut.Elements) VisitTask(element);
        if (fanOut.Body is { } body) VisitTask(body);
    }

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case LocalExpression local: First.TryAdd(local.Local, local.Span); break;
            case AssignExpression assign when PlaceRoot.Of(assign.Target) is { } root: Assigned.Add((root, assign.Target.Span)); break;
            case LambdaExpression lambda: Declared.UnionWith(lambda.Parameters); break;
            case GroupExpression group: Declared.Add(group.Group); break;
            case RecurseExpression recursion: recursions.Add(recursion); break;
            case SelfCallExpression { Target: { } recursion } self when recursions.Add(recursion): AddMentionsOf(recursion, self.Span); break;
        }
        base.Visit(expression);
    }

    private void AddMentionsOf(RecurseExpression recursion, TextSpan at)
    {
        var inside = new MentionCollector();
        inside.recursions.UnionWith(recursions);
        inside.Visit(recursion.Condition);
        inside.Visit(recursion.Base);
        inside.Visit(recursion.Step);
        inside.Declared.UnionWith(recursion.Parameters);
        foreach (var local in inside.First.Keys)
            if (!inside.Declared.Contains(local)) First.TryAdd(local, at);
        foreach (var (local, _) in inside.Assigned.Concat(inside.AssignedBySelf))
            if (!inside.Declared.Contains(local)) AssignedBySelf.Add((local, at));
    }

    /// <inheritdoc/>
    protected override void VisitPattern(TypedPattern pattern)
    {
        switch (pattern)
        {
            case BindingPattern binding:
                Declared.Add(binding.Local);
                if (binding.Inner is not null) VisitPattern(binding.Inner);
                break;
            case VariantPattern variant: foreach (var field in variant.Fields) VisitPattern(field.Pattern); break;
            case ProductPattern product: foreach (var field in product.Fields) VisitPattern(field.Pattern); break;
            case ListPattern list:
                foreach (var element in list.Prefix.Concat(list.Suffix)) VisitPattern(element);
                if (list.Rest is not null) Declared.Add(list.Rest);
                break;
            case OrPattern or: foreach (var alternative in or.Alternatives) VisitPattern(alternative); break;
        }
    }
}

/// <summary>The local at the root of a place.</summary>
internal static class PlaceRoot
{
    /// <summary>The local that a write to the place changes; null when the place is none, or lies behind a reference.</summary>
    public static LocalSymbol? Of(TypedExpression place) => place switch
    {
        LocalExpression local => local.Local,
        MemberExpression member => Of(member.Receiver),
        IndexExpression index => Of(index.Receiver),
        _ => null,
    };
}
