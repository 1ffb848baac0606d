using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Statement lists, conditionals, loops, capabilities in scope.
public sealed partial class BodyChecker
{
    // The statement lists around the expression at hand with the index of the statement being checked: for E2014.
    private readonly List<(ImmutableArray<Ast.Statement> Statements, int Index)> statementLists = [];

    private TypedExpression Run(Ast.RunExpression e, Expectation expected) => Statements(e.Statements.Nodes, expected, At(e), unwrapsLets: false);

    /// <summary>A statement list in a scope of its own; the last statement answers the expectation.</summary>
    private TypedExpression Statements(ImmutableArray<Ast.Statement> statements, Expectation last, TextSpan at, bool unwrapsLets)
    {
        // An empty list was reported by the parser.
        if (statements.IsEmpty) return ErrorAt(at);
        PushScope();
        statementLists.Add((statements, 0));
        var typed = ImmutableArray.CreateBuilder<TypedStatement>(statements.Length);
        SigilType type = Core.Void;
        bool diverges = false;
        for (int i = 0; i < statements.Length; i++)
        {
            statementLists[^1] = (statements, i);
            bool isLast = i == statements.Length - 1;
            switch (statements[i])
            {
                case Ast.LetStatement let:
                    typed.Add(Let(let, unwrapsLets));
                    break;
                case Ast.ExpressionStatement s:
                    {
                        var value = isLast ? CheckAs(s.Expression, last) : CheckDiscarding(s.Expression);
                        if (isLast)
                        {
                            if (last.Type is null && !last.IsDiscard) value = Decay(value);
                            type = value.Type;
                        }
                        diverges |= IsNever(value.Type);
                        typed.Add(new ExpressionStatement { Expression = value, Span = At(s) });
                        break;
                    }
            }
            if (deferred.Count > 0) RetryDeferred();
        }
        statementLists.RemoveAt(statementLists.Count - 1);
        PopScope();
        // A list whose statement never ends has any type; one that ends in a let is void.
        if (diverges && statements[^1] is Ast.LetStatement) type = Core.Never;
        return new BlockExpression { Statements = typed.ToImmutable(), Type = type, Span = at };
    }

    private LetStatement Let(Ast.LetStatement e, bool unwraps)
    {
        var at = At(e);
        TypedExpression value;
        if (e.Type is { } written)
        {
            var type = ResolveType(written);
            if (unwraps && Unparenthesized(e.Value) is not Ast.QuestionExpression && AsPrelude(type, "Result") is null)
            {
                var raw = Decay(Visit(e.Value, Expectation.Of(type)));
                raw = AsPrelude(raw.Type, "Result") is { } result ? Leave(raw, result, At(e.Value)) : raw;
                value = Coerce(raw, type, At(e.Value));
            }
            else value = Check(e.Value, type);
            if (IsError(value.Type)) value.Type = type;
            return Bind(e, value, type, at);
        }
        value = InferValue(e.Value);
        if (unwraps && Unparenthesized(e.Value) is not Ast.QuestionExpression && AsPrelude(value.Type, "Result") is { } wrapped) value = Leave(value, wrapped, At(e.Value));
        return Bind(e, value, value.Type, at);
    }

    private LetStatement Bind(Ast.LetStatement e, TypedExpression value, SigilType type, TextSpan at) => new()
    {
        Pattern = CheckPattern(e.Pattern, type, e.IsMut ? LocalKind.LetMut : LocalKind.Let),
        Value = value,
        IsMutable = e.IsMut,
        Span = at,
    };

    // The place of a later `let` of that name in the lists around, or null.
    private TextSpan? LaterLet(string name)
    {
        for (int i = statementLists.Count - 1; i >= 0; i--)
        {
            var (statements, index) = statementLists[i];
            for (int k = index; k < statements.Length; k++)
                if (statements[k] is Ast.LetStatement { Pattern: Ast.BindingPattern b } && b.Name.Text == name) return b.Name.Span;
        }
        return null;
    }

    // ---------- conditions ----------

    /// <summary>Checks a condition: bool, else E3014.</summary>
    internal TypedExpression CheckCondition(Ast.Expression e)
    {
        var value = ReadObject(Decay(Visit(e, Expectation.Of(Core.Bool))));
        if (IsError(value.Type)) return value;
        if (TryConvert(value, Core.Bool, At(e), isTail: false) is { } good) return good;
        var found = Zonk(value.Type);
        Report(TypeErrors.ConditionNotBool(Source, At(e), found.ToString(), found switch
        {
            _ when AsPrelude(found, "Option") is not null => "ask it with `.is_some()`, or take it apart with `match`",
            _ when AsPrelude(found, "Result") is not null => "ask it with `.is_ok()`, or take it apart with `match`",
            NamedType { Definition.Kind: TypeKind.Int or TypeKind.Float } => "compare it: `… != 0`",
            NamedType { Definition.Kind: TypeKind.Str or TypeKind.List or TypeKind.Map or TypeKind.Set } => "ask it with `.is_empty()`",
            _ => null,
        }));
        return ErrorAt(At(e));
    }

    private TypedExpression If(Ast.IfExpression e, Expectation expected)
    {
        var at = At(e);
        var condition = CheckCondition(e.Condition);
        if (e.Else is null)
            return new IfExpression { Condition = condition, Then = CheckDiscarding(e.Then), Type = Core.Void, Span = at };
        // `if p then [] else xs`: the branch that says more goes first.
        var join = new BranchJoin(this, expected);
        TypedExpression then, @else;
        if (expected.Type is null && !expected.IsDiscard && SaysLess(e.Then) && !SaysLess(e.Else))
        {
            @else = join.Add(e.Else);
            then = join.Add(e.Then);
        }
        else
        {
            then = join.Add(e.Then);
            @else = join.Add(e.Else);
        }
        return new IfExpression { Condition = condition, Then = join.Fit(then), Else = join.Fit(@else), Type = join.ResultType, Span = at };
    }

    private static bool SaysLess(Ast.Expression e) => NeedsExpectation(e) || IsIntLiteral(e);

    // ---------- loops ----------

    private TypedExpression While(Ast.WhileExpression e)
    {
        var node = new WhileExpression { Condition = CheckCondition(e.Condition), Body = ErrorAt(At(e.Body)), Type = Core.Void, Span = At(e) };
        PushLoop(new LoopFrame(node, null));
        node.Body = CheckDiscarding(e.Body);
        PopLoop();
        return node;
    }

    private TypedExpression Loop(Ast.LoopExpression e, Expectation expected)
    {
        var at = At(e);
        var node = new LoopExpression { Body = ErrorAt(at), Type = Core.Never, Span = at };
        var frame = new LoopFrame(node, new BranchJoin(this, expected with { IsTail = false }));
        PushLoop(frame);
        node.Body = Statements(e.Statements.Nodes, Expectation.Discard, at, unwrapsLets: false);
        PopLoop();
        if (frame.HasBreak) node.Type = frame.Values!.ResultType;
        return node;
    }

    private TypedExpression Break(Ast.BreakExpression e)
    {
        var at = At(e);
        if (CurrentLoop is not { } loop)
        {
            Report(LocalNameErrors.OutsideLoop(Source, at, "break", captureTrackers.Count > 0));
            if (e.Value is { } lost) Infer(lost);
            return ErrorAt(at);
        }
        loop.HasBreak = true;
        TypedExpression? value = null;
        if (e.Value is { } v)
        {
            if (loop.Values is { } values) value = values.Add(v);
            else
            {
                Report(LocalNameErrors.BreakValue(Source, At(v), loop.Target is ForExpression ? "for" : "while"));
                Infer(v);
            }
        }
        else loop.Values?.Add(new LiteralExpression { Value = null, Type = Core.Void, Span = at });
        return new BreakExpression { Target = loop.Target, Value = value, Type = Core.Never, Span = at };
    }

    private TypedExpression Continue(Ast.ContinueExpression e)
    {
        var at = At(e);
        if (CurrentLoop is { } loop) return new ContinueExpression { Target = loop.Target, Type = Core.Never, Span = at };
        Report(LocalNameErrors.OutsideLoop(Source, at, "continue", captureTrackers.Count > 0));
        return ErrorAt(at);
    }

    private TypedExpression For(Ast.ForExpression e, Expectation expected)
    {
        var at = At(e);
        var node = new ForExpression { Bindings = [], Body = ErrorAt(At(e.Body)), IsYield = e.IsYield, Type = Core.Void, Span = at };
        PushScope();
        var bindings = ImmutableArray.CreateBuilder<ForBinding>(e.Bindings.Count);
        foreach (var b in e.Bindings) bindings.Add(CheckForBinding(b, LocalKind.Loop));
        node.Bindings = bindings.MoveToImmutable();
        if (e.Guard is { } guard) node.Guard = CheckCondition(guard);
        PushLoop(new LoopFrame(node, null));
        if (e.IsYield)
        {
            SigilType element = expected.Known is NamedType n && n.Definition == Core.ListSymbol ? n.Arguments[0] : NewVariable();
            node.Body = Check(e.Body, element);
            node.Type = Core.List(element);
        }
        else node.Body = CheckDiscarding(e.Body);
        PopLoop();
        PopScope();
        return node;
    }

    /// <summary>Checks <c>pattern in iterable</c> and declares the pattern's names.</summary>
    internal ForBinding CheckForBinding(Ast.ForBinding b, LocalKind kind)
    {
        var iterable = Infer(b.Iterable);
        var (how, item) = IterationOf(ref iterable, At(b.Iterable));
        return new ForBinding(CheckPattern(b.Pattern, item, kind), iterable, how, item);
    }

    /// <summary>How a value is iterated and what it yields; reports what is not iterable (E3030).</summary>
    internal (IterationKind Kind, SigilType Item) IterationOf(ref TypedExpression iterable, TextSpan at)
    {
        for (int depth = 0; depth < 8 && ThroughCapability(iterable) is { } behind; depth++) iterable = behind;
        var type = Underlying(iterable.Type);
        if (type is TypeVariable)
        {
            RetryDeferred();
            type = type.Resolve();
        }
        if (type is ErrorType) return (IterationKind.List, ErrorType.Instance);
        if (type is TypeVariable)
        {
            Report(TypeErrors.CannotInfer(Source, at, "this", "give it a type: what the items are depends on it"));
            return (IterationKind.List, ErrorType.Instance);
        }
        if (Types.Iteration(type) is { } iteration) return (iteration.Kind, Normalize(iteration.Item));
        Report(TypeErrors.NotIterable(Source, at, Zonk(type).ToString()));
        return (IterationKind.List, ErrorType.Instance);
    }

    // ---------- capabilities ----------

    private TypedExpression WithCapability(Ast.WithCapabilityExpression e, Expectation expected)
    {
        var at = At(e);
        var words = e.Capability.Words.ToArray();
        var trait = resolver.FindTypeSymbol(words, typeScope) as TraitSymbol;
        var value = InferValue(e.Value);
        if (trait is null)
        {
            if (e.Capability.First.IsMissing) return CheckAs(e.Body, expected);
            var similar = scope.Suggest(e.Capability.Text, types: true, StandardCapabilities.Modules.Keys);
            Report(LocalNameErrors.UnknownCapability(Source, At(e.Capability), e.Capability.Text, similar, program.Context.Library.ImportOf(e.Capability.Text) is { } import ? $"import it: `{import}`" : null));
            // What is meant counts as provided: that the body uses it is no further error.
            if (similar is null || scope.LookupType(similar).Single is not TraitSymbol meant) return CheckAs(e.Body, expected);
            provided.Add(new ProvidedCapability(new TraitReference(meant), value.Type));
            var part = CheckAs(e.Body, expected);
            provided.RemoveAt(provided.Count - 1);
            return new WithCapabilityExpression { Capability = new TraitReference(meant), Value = value, Body = part, Type = part.Type, Span = at };
        }
        if (trait.IsMarkerCapability)
        {
            Report(TypeErrors.MarkerInWith(Source, At(e.Capability), trait.Name));
            return CheckAs(e.Body, expected);
        }
        var capability = new TraitReference(trait);
        var source = Source;
        Require(Underlying(value.Type), capability, At(e.Value), null, t => TypeErrors.NotACapabilityValue(source, At(e.Value), t.ToString(), trait.Name));
        provided.Add(new ProvidedCapability(capability, value.Type));
        var body = CheckAs(e.Body, expected);
        provided.RemoveAt(provided.Count - 1);
        return new WithCapabilityExpression { Capability = capability, Value = value, Body = body, Type = body.Type, Span = at };
    }
}
