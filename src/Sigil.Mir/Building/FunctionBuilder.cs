using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

/// <summary>
/// Builds the flow graph of one body from its typed tree; nested code (lambdas, tasks, recurse) gets a builder of its own below it.
/// Evaluation is strictly left to right; a place stands for its value only while nothing can write to it.
/// </summary>
internal sealed partial class FunctionBuilder : GraphAssembler
{
    private readonly FunctionBuilder? parent;
    private readonly Dictionary<LocalSymbol, int> names = [];
    private int nestedCount;

    private FunctionBuilder(LoweringContext context, MirFunction function, FunctionBuilder? parent) : base(context, function)
    {
        this.parent = parent;
    }

    private SourceText Source => Function.Source;

    /// <summary>The graph of a function, method or test.</summary>
    /// <param name="context">What is shared by the graphs of one body.</param>
    /// <param name="body">The checked body.</param>
    /// <param name="takesSequence">For data patterns: the container walked over is a parameter by value.</param>
    public static MirFunction Build(LoweringContext context, TypedBody body, bool takesSequence = false)
    {
        var symbol = body.Function;
        var span = body.Root.Span;
        var function = new MirFunction
        {
            Name = NameOf(symbol),
            Kind = MirFunctionKind.Function,
            Symbol = symbol,
            Source = symbol.Source ?? SourceText.FromString("", ""),
            Span = span,
            TypeParameters = symbol.AllTypeParameters,
            ReturnType = LoweringContext.Strip(symbol.ReturnType),
            MaySuspend = symbol.IsTest || EffectRules.AllowsWaiting(context.Core, symbol.Uses),
        };
        function.IsEffectPolymorphic = symbol.WaitsLikeCaller;
        var builder = new FunctionBuilder(context, function, null);
        builder.DeclareReceiver(symbol, body.Self, span);
        var patterns = new List<(TypedPattern, int)>();
        for (var i = 0; i < body.Parameters.Length; i++)
        {
            var local = body.Parameters[i];
            var type = i < symbol.Parameters.Length ? symbol.Parameters[i].Type : local.Type;
            if (takesSequence && type.Resolve() is BorrowType { Target: var container } && context.Types.Iteration(container.Resolve())?.Kind == Semantics.Typed.IterationKind.Generic)
            {
                type = container;
                builder.takenSequence = local;
            }

            var index = builder.DeclareParameter(local, type);
            if (i < body.ParameterPatterns.Length && body.ParameterPatterns[i] is { } pattern) patterns.Add((pattern, index));
        }
        builder.DeclareCapabilities(symbol.Uses, span);
        function.ParameterCount = function.Locals.Count;
        for (var i = 0; i < function.ParameterCount; i++)
            if (function.Locals[i].Mode == MirParameterMode.Value) builder.ScheduleDrop(i, span);
        foreach (var (pattern, index) in patterns) builder.BindIrrefutable(pattern, MirPlace.Of(index), owned: function.Locals[index].Mode == MirParameterMode.Value);
        builder.BuildTail(body.Root);
        builder.RemoveUnreachableBlocks();
        return function;
    }

    /// <summary>Fills a graph without parameters that returns an expression's value.</summary>
    public static void BuildExpression(LoweringContext context, MirFunction function, TypedExpression root)
    {
        var builder = new FunctionBuilder(context, function, null);
        builder.BuildTail(root);
        builder.RemoveUnreachableBlocks();
    }

    /// <summary>Adds blocks to a graph that put an expression's value into a local and go on at <paramref name="next"/>; the first of them.</summary>
    public static int AppendExpression(LoweringContext context, MirFunction function, TypedExpression value, int target, MirBlock next)
    {
        var builder = new FunctionBuilder(context, function, null);
        var first = builder.Current.Index;
        builder.Scoped(value, v => builder.Into(v, target));
        builder.Goto(next);
        return first;
    }

    private static string NameOf(FunctionSymbol symbol) => symbol.Container switch
    {
        null => symbol.Name,
        ImplSymbol i => $"{i.SelfType}.{symbol.Name}",
        ExtensionSymbol e => $"{e.Trait?.Name}.{symbol.Name}",
        var c => $"{c.Name}.{symbol.Name}",
    };

    private void DeclareReceiver(FunctionSymbol symbol, LocalSymbol? self, TextSpan span)
    {
        if (self is null && !EffectRules.HasReceiver(symbol)) return;
        var mode = symbol.SelfKind switch
        {
            SelfKind.Owned => MirParameterMode.Value,
            SelfKind.Mutable => MirParameterMode.BorrowMutable,
            _ => MirParameterMode.Borrow,
        };
        var type = self?.Type ?? symbol.SelfType ?? (symbol.Trait is { } t ? new TypeParameterType(t.Self) : Context.Core.Void);
        var index = NewLocal(type, MirLocalKind.Self, span, self, mode, isMutable: mode == MirParameterMode.BorrowMutable, name: "self");
        if (self is not null) names[self] = index;
    }

    private int DeclareParameter(LocalSymbol local, SigilType type, bool isLent = false)
    {
        var mode = type.Resolve() switch
        {
            _ when isLent => MirParameterMode.Borrow,
            BorrowType b => b.IsMutable ? MirParameterMode.BorrowMutable : MirParameterMode.Borrow,
            FunctionType { Kind: FunctionKind.Borrowed } => MirParameterMode.Borrow,
            _ => MirParameterMode.Value,
        };
        return names[local] = NewLocal(type, MirLocalKind.Parameter, local.Span, local, mode, isMutable: mode == MirParameterMode.BorrowMutable);
    }

    private void DeclareCapabilities(ImmutableArray<TraitReference> uses, TextSpan span)
    {
        foreach (var use in EffectRules.Values(uses))
        {
            var local = NewLocal(new DynType([use]), MirLocalKind.Capability, span, mode: MirParameterMode.Borrow, name: use.Trait.Name, capability: use);
            capabilities = new CapabilityScope(use, local, local, capabilities);
        }
    }

    // ---------- names ----------

    private int DeclareName(LocalSymbol symbol, MirPlace? lentFrom = null)
    {
        var local = NewLocal(symbol.Type, MirLocalKind.User, symbol.Span, symbol, isMutable: symbol.Kind == LocalKind.LetMut);
        Function.Locals[local].LentFrom = lentFrom;
        names[symbol] = local;
        scopeLocals.Add(local);
        return local;
    }

    private bool Knows(LocalSymbol symbol) => names.ContainsKey(symbol) || (parent?.Knows(symbol) ?? false);

    /// <summary>The local of a name; a name of an enclosing body becomes a capture at its first mention.</summary>
    private int LocalOf(LocalSymbol symbol)
    {
        if (names.TryGetValue(symbol, out var local)) return local;
        if (parent is null) throw new InvalidOperationException($"the name '{symbol.Name}' is not bound in '{Function.Name}'");
        return names[symbol] = Capture(parent.LocalOf(symbol));
    }

    // ---------- operands ----------

    private bool IsUnique(SigilType type) => Context.IsUnique(LoweringContext.Strip(type));

    /// <summary>Reads a place: unique values move out of it, all others are copied.</summary>
    private MirOperand Read(MirPlace place, SigilType type, TextSpan span)
    {
        if (IsUnique(type)) return new MoveOperand(place) { Span = span };
        // A temporary is read once: its value needs not be shared.
        if (IsTemporary(place)) return new MoveOperand(place) { IsLastUse = true, Span = span };
        return new CopyOperand(place) { Span = span };
    }

    /// <summary>Puts an operand into a temporary, unless it is a constant.</summary>
    private MirOperand Spill(MirOperand operand, SigilType type, TextSpan span)
    {
        if (operand is ConstantOperand) return operand;
        var temporary = NewTemporary(type, span);
        Assign(temporary, operand, span);
        ScheduleDrop(temporary, span);
        return Take(temporary);
    }

    private static bool CrossesObject(MirPlace place)
    {
        foreach (var step in place.Path) if (step is DereferenceProjection) return true;
        return false;
    }

    private bool IsTemporary(MirPlace place) => Function.Locals[place.Local].Kind == MirLocalKind.Temporary;

    /// <summary>
    /// Evaluates expressions one after the other. A value that is still in its place when a later one could write there, or move it, is taken out first.
    /// </summary>
    private MirOperand[] Operands(IReadOnlyList<TypedExpression> expressions)
    {
        CallTogether(expressions);
        var later = LaterEffects(expressions);
        var result = new MirOperand[expressions.Count];
        for (var i = 0; i < result.Length; i++) result[i] = Stable(expressions[i], later[i]);
        return result;
    }

    /// <summary>What the expressions behind an argument may do to its place.</summary>
    private readonly record struct Later(bool Writes, bool Acts);

    private Later[] LaterEffects(IReadOnlyList<TypedExpression> expressions)
    {
        var later = new Later[expressions.Count];
        var seen = default(Later);
        for (var i = expressions.Count - 1; i >= 0; i--)
        {
            later[i] = seen;
            if (!seen.Acts && !WriteScan.IsTrivial(expressions[i])) seen = seen with { Acts = true };
            if (!seen.Writes && seen.Acts && Context.Writes.MayWrite(expressions[i])) seen = seen with { Writes = true };
        }
        return later;
    }

    private MirOperand Stable(TypedExpression expression, Later later)
    {
        var operand = Operand(expression);
        return operand switch
        {
            CopyOperand c when later.Writes || (later.Acts && CrossesObject(c.Place)) => Spill(operand, expression.Type, expression.Span),
            MoveOperand { IsLastUse: false } m when later.Acts && !IsTemporary(m.Place) => Spill(operand, expression.Type, expression.Span),
            _ => operand,
        };
    }

    /// <summary>The value as an operand, good until the next instruction.</summary>
    private MirOperand Operand(TypedExpression expression)
    {
        switch (expression)
        {
            case LiteralExpression l:
                return new ConstantOperand(l.Value, LoweringContext.Strip(l.Type)) { Span = l.Span };
            case LocalExpression l:
                return Read(MirPlace.Of(LocalOf(l.Local)), Function.Locals[LocalOf(l.Local)].Type, l.Span);
            case MemberExpression or DereferenceExpression or IndexExpression { Kind: IndexKind.List } or CapabilityExpression:
                return Read(PlaceOf(expression), expression.Type, expression.Span);
            case ConversionExpression { Kind: ConversionKind.CopyBorrow } c:
                return Operand(c.Operand);
        }
        if (LoweringContext.IsNever(expression.Type) || Context.IsVoid(expression.Type))
        {
            Discard(expression);
            return new ConstantOperand(null, LoweringContext.Strip(expression.Type)) { Span = expression.Span };
        }
        var temporary = NewTemporary(expression.Type, expression.Span);
        Into(expression, temporary);
        ScheduleDrop(temporary, expression.Span);
        return Take(temporary) with { Span = expression.Span };
    }

    /// <summary>Whether the expression names a place that exists on its own (not a temporary made for it).</summary>
    private static bool IsPlace(TypedExpression expression) => expression switch
    {
        LocalExpression or CapabilityExpression => true,
        MemberExpression m => IsPlace(m.Receiver),
        DereferenceExpression d => IsPlace(d.Operand),
        IndexExpression { Kind: IndexKind.List } i => IsPlace(i.Receiver),
        ConversionExpression { Kind: ConversionKind.CopyBorrow } c => IsPlace(c.Operand),
        _ => false,
    };

    /// <summary>The place that an expression names; other values are put into a temporary that lives to the end of the scope.</summary>
    private MirPlace PlaceOf(TypedExpression expression)
    {
        switch (expression)
        {
            case LocalExpression l:
                return MirPlace.Of(LocalOf(l.Local));
            case CapabilityExpression c:
                return CapabilityPlace(c.Capability, c.Type, c.Span);
            case ConversionExpression { Kind: ConversionKind.CopyBorrow } c:
                return PlaceOf(c.Operand);
            case MemberExpression m when CapturedPart(m) is >= 0 and var part:
                return MirPlace.Of(part);
            case MemberExpression m:
                return ThroughObject(PlaceOf(m.Receiver), LoweringContext.Strip(m.Receiver.Type)).With(new FieldProjection(m.Index, LoweringContext.Strip(m.Type)));
            case DereferenceExpression d:
                return PlaceOf(d.Operand).With(new DereferenceProjection(LoweringContext.Strip(d.Type)));
            case IndexExpression { Kind: IndexKind.List } i:
                var list = PlaceOf(i.Receiver);
                if (Context.Writes.MayWrite(i.Index) && !IsTemporary(list) && !IsUnique(i.Receiver.Type)) list = Snapshot(list, i.Receiver);
                list = ThroughObject(list, LoweringContext.Strip(i.Receiver.Type));
                return list.With(new ElementProjection(IndexLocal(i.Index, list), LoweringContext.Strip(i.Type), i.Span));
        }
        var operand = Operand(expression);
        if (operand is CopyOperand c2) return c2.Place;
        if (operand is MoveOperand m2) return m2.Place;
        var temporary = NewTemporary(expression.Type, expression.Span);
        Assign(temporary, operand, expression.Span);
        return MirPlace.Of(temporary);
    }

    /// <summary>Steps through an iso, val or ref where one stands.</summary>
    private static MirPlace ThroughObject(MirPlace place, SigilType type)
    {
        while (type is CapabilityType c)
        {
            type = LoweringContext.Strip(c.Target);
            place = place.With(new DereferenceProjection(type));
        }
        return place;
    }

    private MirPlace Snapshot(MirPlace place, TypedExpression expression)
    {
        var temporary = NewTemporary(expression.Type, expression.Span);
        Assign(temporary, new CopyOperand(place), expression.Span);
        return MirPlace.Of(temporary);
    }

    // ---------- indices and # ----------

    private readonly Stack<MirPlace> measured = new();

    /// <summary>An int local with the index; a name that cannot be assigned serves directly.</summary>
    private int IndexLocal(TypedExpression index, MirPlace receiver)
    {
        if (index is LocalExpression { Local.IsAssignable: false } l) return LocalOf(l.Local);
        var temporary = NewTemporary(IntType, index.Span);
        measured.Push(receiver);
        Into(index, temporary);
        measured.Pop();
        return temporary;
    }
}
