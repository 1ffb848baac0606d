using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>
/// Keeps groups, nurseries and the handles of their tasks inside their scopes (E6011). A group is second-class, like a borrow: passed as an
/// argument and mentioned in borrowed lambdas, nothing else. A task's handle moves freely inside the body, never out of it.
/// </summary>
public sealed class ScopeEscapeChecker : TypedTreeWalker
{
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;
    private readonly TypeSymbol? group, nursery, task, groupTask;
    private readonly Dictionary<TypeSymbol, bool> holders = [];
    // What the bodies around declare, innermost last.
    private readonly List<HashSet<LocalSymbol>> bodies = [];
    // Per body and lambda around: the loops and what `?` leaves to inside of it; null where everything that leaves stays inside a lambda.
    private readonly Stack<HashSet<object>?> inside = new();

    private ScopeEscapeChecker(CoreSymbols core, SourceText source, DiagnosticBag diagnostics)
    {
        this.source = source;
        this.diagnostics = diagnostics;
        (group, nursery, task, groupTask) = (core.FindType("TaskGroup"), core.FindType("Nursery"), core.FindType("Task"), core.FindType("GroupTask"));
    }

    /// <summary>Checks a body.</summary>
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        var checker = new ScopeEscapeChecker(types.Core, source, diagnostics);
        if (checker.group is null) return;
        checker.Visit(body.Root);
        if (checker.MentionsGroup(body.Root.Type)) checker.Report(Tail(body.Root), body.Root.Type, "is returned");
    }

    /// <summary>Whether the type is a group or nursery, or holds one.</summary>
    private bool MentionsGroup(SigilType type) => TypeWalk.Any(type, t => t is NamedType n && (n.Definition == group || n.Definition == nursery));

    /// <summary>Whether the type is a task's handle or can hold one, also in a field of a declared type.</summary>
    private bool MentionsTask(SigilType type) => TypeWalk.Any(type, t => t is NamedType n && HoldsTask(n.Definition));

    private bool HoldsTask(TypeSymbol definition)
    {
        if (holders.TryGetValue(definition, out var known)) return known;
        var seen = new HashSet<TypeSymbol> { definition };
        var open = new Stack<TypeSymbol>(seen);
        var found = false;
        while (!found && open.TryPop(out var next))
        {
            found = next == task || next == groupTask;
            foreach (var part in next.Fields.Select(f => f.Type).Concat(next.Variants.SelectMany(v => v.Fields).Select(f => f.Type)))
                TypeWalk.Any(part, t =>
                {
                    if (t is NamedType n && seen.Add(n.Definition)) open.Push(n.Definition);
                    return false;
                });
        }
        return holders[definition] = found;
    }

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case GroupExpression e: VisitGroup(e); return;
            case SpawnExpression e:
                base.Visit(e.Group);
                VisitTask(e.Task);
                return;
            case LambdaExpression e:
                CheckLambda(e, e.Type);
                VisitLambda(e);
                return;
            case ConversionExpression { Operand: LambdaExpression lambda } e:
                CheckLambda(lambda, e.Type);
                VisitLambda(lambda);
                return;
            case TryExpression e: Enclose(e.Boundary); break;
            case BreakExpression { Value: { } value } e: CheckExit(e.Target, value.Type, value.Span); break;
            case QuestionExpression { Operand.Type: var left } e when left.Resolve() is NamedType { Arguments: [_, var error] }: CheckExit(e.Boundary, error, e.Span); break;
            case AssignExpression e: CheckWrite(e.Target, e.Value); break;
            case ReplaceExpression e: CheckWrite(e.Place, e.Value); break;
            case StructExpression e: CheckParts(e.Fields.Select(f => f.Value)); break;
            case VariantExpression e: CheckParts(e.Fields.Select(f => f.Value)); break;
            case NewtypeExpression e: CheckParts([e.Content]); break;
            case TupleExpression e: CheckParts(e.Elements); break;
            case ListExpression e: CheckParts(e.Elements); break;
            case MapExpression e: CheckParts(e.Entries.SelectMany(entry => new[] { entry.Key, entry.Value })); break;
            case LoopBase e:
                Enclose(e);
                if (e is ForExpression { IsYield: true } list) CheckParts([list.Body]);
                break;
            case ConversionExpression { Kind: ConversionKind.MakeObject } e: CheckParts([e.Operand]); break;
            case CallExpression e: CheckCall(e.Arguments, e.Function); break;
            case DynCallExpression e: CheckCall(e.Arguments, e.Method); break;
            case CapabilityCallExpression e: CheckCall(e.Arguments, e.Method); break;
            case IndirectCallExpression e: CheckCall(e.Arguments, null); break;
        }
        base.Visit(expression);
    }

    private void VisitGroup(GroupExpression e)
    {
        VisitOptions(e.Options);
        var declared = new MentionCollector();
        declared.Visit(e.Body);
        declared.Declared.Add(e.Group);
        bodies.Add(declared.Declared);
        inside.Push([]);
        Visit(e.Body);
        inside.Pop();
        bodies.RemoveAt(bodies.Count - 1);
        if (!e.IsNursery) return;
        if (MentionsGroup(e.Body.Type)) Report(Tail(e.Body), e.Body.Type, "is the value of its own scope's body");
        else if (MentionsTask(e.Body.Type)) Report(Tail(e.Body), e.Body.Type, "is the value of the body");
    }

    /// <inheritdoc/>
    protected override void VisitStatement(TypedStatement statement)
    {
        var before = diagnostics.Count;
        base.VisitStatement(statement);
        // What was wrong inside is not wrong again.
        if (diagnostics.Count == before && statement is LetStatement let && MentionsGroup(let.Value.Type)) Report(let.Value.Span, let.Value.Type, "is stored in a name");
    }

    /// <inheritdoc/>
    protected override void VisitTask(TaskExpression e)
    {
        if (e.IsCall)
        {
            var arguments = e.Body switch
            {
                CallExpression c => c.Arguments,
                DynCallExpression c => c.Arguments,
                CapabilityCallExpression c => c.Arguments,
                IndirectCallExpression c => c.Arguments,
                _ => [],
            };
            foreach (var argument in arguments)
                if (MentionsGroup(argument.Value.Type)) Report(argument.Value.Span, argument.Value.Type, "is given to a task");
        }
        else
        {
            foreach (var capture in e.Captures)
                if (MentionsGroup(capture.Type)) Report(FirstMention(e.Body, capture), capture.Type, "is given to a task");
        }
        base.VisitTask(e);
    }

    private void VisitLambda(LambdaExpression lambda)
    {
        inside.Push(null);
        VisitParts(lambda);
        inside.Pop();
    }

    private void Enclose(object exit)
    {
        if (inside.TryPeek(out var exits)) exits?.Add(exit);
    }

    /// <summary>What `break` and `?` take along, when they leave the body.</summary>
    private void CheckExit(object to, SigilType type, TextSpan at)
    {
        if (inside.TryPeek(out var exits) && exits?.Contains(to) == false && MentionsTask(type)) Report(at, type, "is taken out of the body");
    }

    private void CheckLambda(LambdaExpression lambda, SigilType type)
    {
        if (MentionsGroup(lambda.Body.Type)) Report(Tail(lambda.Body), lambda.Body.Type, "is returned");
        if (lambda.IsBorrowed || type.Resolve() is FunctionType { Kind: FunctionKind.Borrowed }) return;
        foreach (var capture in lambda.Captures)
            if (MentionsGroup(capture.Type) || MentionsTask(capture.Type)) Report(FirstMention(lambda.Body, capture), capture.Type, "is captured by a lambda that may outlive it");
    }

    private void CheckWrite(TypedExpression place, TypedExpression value)
    {
        if (MentionsGroup(value.Type)) Report(value.Span, value.Type, "is stored");
        else if (MentionsTask(value.Type) && IsOutside(place)) Report(value.Span, value.Type, "is written to a place outside the body");
    }

    private void CheckParts(IEnumerable<TypedExpression> parts)
    {
        foreach (var part in parts)
            if (MentionsGroup(part.Type)) Report(part.Span, part.Type, "is stored in a value");
    }

    private void CheckCall(IEnumerable<Argument> arguments, FunctionSymbol? function)
    {
        foreach (var argument in arguments)
        {
            var type = argument.Value.Type;
            var parameter = function is not null && argument.Parameter >= 0 && argument.Parameter < function.Parameters.Length ? function.Parameters[argument.Parameter] : null;
            // Where the parameter says that it is a group, it is bound by the same rules there.
            if (MentionsGroup(type) && type.Resolve() is not FunctionType && argument.Parameter >= 0 && (parameter is null || !MentionsGroup(parameter.Type)))
                Report(argument.Value.Span, type, "is passed as a value of any type");
            else if (argument.Mode == PassMode.BorrowMutable && MentionsTask(type) && IsOutside(argument.Value))
                Report(argument.Value.Span, type, "may be written to a place outside the body");
        }
    }

    /// <summary>Whether a place belongs to a name from outside the innermost body.</summary>
    private bool IsOutside(TypedExpression place)
    {
        if (bodies.Count == 0) return false;
        return Root(place) is { } root && !bodies[^1].Contains(root);
    }

    private static LocalSymbol? Root(TypedExpression place) => place switch
    {
        LocalExpression local => local.Local,
        MemberExpression member => Root(member.Receiver),
        IndexExpression index => Root(index.Receiver),
        DereferenceExpression dereference => Root(dereference.Operand),
        ConversionExpression conversion => Root(conversion.Operand),
        _ => null,
    };

    /// <summary>The expression whose value a block has.</summary>
    private static TextSpan Tail(TypedExpression e) => e switch
    {
        BlockExpression { Statements: [.., ExpressionStatement last] } => Tail(last.Expression),
        ConversionExpression c => Tail(c.Operand),
        _ => e.Span,
    };

    private static TextSpan FirstMention(TypedExpression expression, LocalSymbol local)
    {
        var collector = new MentionCollector();
        collector.Visit(expression);
        return collector.First.TryGetValue(local, out var span) ? span : expression.Span;
    }

    private void Report(TextSpan at, SigilType type, string how)
    {
        var what = MentionsGroup(type)
            ? TypeWalk.Any(type, t => t is NamedType n && n.Definition == nursery) ? "a nursery" : "a task group"
            : "the handle of a task";
        diagnostics.Add(ConcurrencyErrors.GroupLeavesScope(source, at, what, how));
    }
}
