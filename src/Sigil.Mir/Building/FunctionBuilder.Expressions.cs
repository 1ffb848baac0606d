using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>Evaluates an expression and stores its value in a local; the store is the last thing that happens.</summary>
    private void Into(TypedExpression e, int target)
    {
        if (LoweringContext.IsNever(e.Type))
        {
            Discard(e);
            return;
        }
        if (Context.IsVoid(e.Type) && e is not (LocalExpression or LiteralExpression))
        {
            Discard(e);
            Assign(target, Unit, e.Span);
            return;
        }
        switch (e)
        {
            case LiteralExpression or LocalExpression or MemberExpression or DereferenceExpression or IndexExpression { Kind: IndexKind.List } or CapabilityExpression:
                Assign(target, Operand(e), e.Span);
                break;
            case BlockExpression b: Block(b, last => Into(last, target)); break;
            case IfExpression i: If(i, branch => Into(branch, target)); break;
            case MatchExpression m: Match(m, arm => Into(arm, target)); break;
            case TryExpression t: TryInto(t, target); break;
            case QuestionExpression q: Question(q, target); break;
            case LoopExpression l: Loop(l, target); break;
            case ForExpression f: ForYield(f, target); break;
            case WithCapabilityExpression w: WithCapability(w, body => Into(body, target)); break;
            case WithResourceExpression w: WithResource(w, target); break;
            case CacheExpression c: Cache(c, target); break;
            case LogicalExpression l: LogicalInto(l, target); break;
            case CoalesceExpression c: Coalesce(c, target); break;
            case CallExpression c: Call(c, target); break;
            case IndirectCallExpression c: CallIndirect(c, target); break;
            case DynCallExpression c: CallDynamic(c, target); break;
            case CapabilityCallExpression c: CallCapability(c, target); break;
            case SelfCallExpression c: CallSelf(c, target); break;
            case LambdaExpression l: Closure(l, (FunctionType)LoweringContext.Strip(l.Type), target); break;
            case FunctionValueExpression f: FunctionValue(f, target); break;
            case ConstructorValueExpression c: ConstructorValue(c, target); break;
            case OperatorValueExpression o: OperatorValue(o, target); break;
            case IndexExpression i: Lookup(i, target); break;
            case SliceExpression s: Slice(s, target); break;
            case LengthExpression l: Length(l, target); break;
            case UnaryExpression u:
                Assign(target, new UnaryRvalue(u.Operator, Operand(u.Operand), LoweringContext.Strip(u.Operand.Type)), u.Span);
                break;
            case BinaryExpression b: Binary(b, target); break;
            case OrderingTestExpression o: OrderingTest(o.Operator, Operand(o.Comparison), target, o.Span); break;
            case ConversionExpression c: Convert(c, target); break;
            case StructExpression s: Struct(s, target); break;
            case VariantExpression v: VariantValue(v, target); break;
            case NewtypeExpression n:
                Assign(target, new ProductRvalue(LoweringContext.Strip(n.Type), [Operand(n.Content)]), n.Span);
                break;
            case TupleExpression t:
                Assign(target, new ProductRvalue(LoweringContext.Strip(t.Type), [.. Operands(t.Elements)]), t.Span);
                break;
            case ListExpression l:
                Assign(target, new ListRvalue(ElementType(l.Type), [.. Operands(l.Elements)]), l.Span);
                break;
            case MapExpression m: Map(m, target); break;
            case RangeExpression r:
                var bounds = Operands([r.Start, r.End]);
                Assign(target, new RangeRvalue(ElementType(r.Type), bounds[0], bounds[1], r.IsInclusive), r.Span);
                break;
            case TemplateExpression t: Template(t, target); break;
            case ForSearchExpression f: ForSearch(f, target); break;
            case RetryExpression r: Retry(r, target); break;
            case ValidateExpression v: Validate(v, target); break;
            case RecurseExpression r: Recurse(r, target); break;
            case ChannelExpression c:
                Assign(target, new ChannelRvalue(LoweringContext.Strip(c.ElementType), Operand(c.Buffer), c.Sharing, c.IsInterProcess, c.OnLag, LoweringContext.Strip(c.Type)), c.Span);
                break;
            case ProcessTaskExpression p: ProcessTask(p, target); break;
            case SelectExpression s: Select(s, branch => Into(branch, target)); break;
            case ParallelExpression p: ParallelScope(p, target); break;
            case RaceExpression r: RaceScope(r, target); break;
            case TimeoutExpression t: TimeoutScope(t, target); break;
            case GroupExpression { IsNursery: true } g: NurseryScope(g, target); break;
            case GroupExpression g: TaskGroupScope(g, target); break;
            case SpawnExpression s: Spawn(s, target); break;
            case ReplaceExpression r: Replace(r, target); break;
            case RecoverExpression r: Recover(r, target); break;
            default: Unsupported(e); break;
        }
    }

    /// <summary>Evaluates an expression for its effects; a unique value is dropped at the end of the statement.</summary>
    private void Discard(TypedExpression e)
    {
        switch (e)
        {
            case LiteralExpression or LambdaExpression or FunctionValueExpression or CapabilityExpression: break;
            case LocalExpression: break;
            case MemberExpression or DereferenceExpression when IsPlace(e): PlaceOf(e); break;
            case IndexExpression { Kind: IndexKind.List } when IsPlace(e):
                // The index is still checked.
                var element = PlaceOf(e);
                if (!IsUnique(e.Type)) Compute(e.Type, new UseRvalue(new CopyOperand(element)), e.Span);
                break;
            case AssignExpression a: Assignment(a); break;
            case ConversionExpression { Kind: ConversionKind.Discard or ConversionKind.NeverToAny } c: Discard(c.Operand); break;
            case BlockExpression b when IsValueless(e): Block(b, Discard); break;
            case IfExpression i when IsValueless(e): If(i, Discard); break;
            case MatchExpression m when IsValueless(e): Match(m, Discard); break;
            case WithCapabilityExpression w when IsValueless(e): WithCapability(w, Discard); break;
            case WithResourceExpression w when IsValueless(e): WithResource(w, -1); break;
            case SelectExpression s when IsValueless(e): Select(s, Discard); break;
            case WhileExpression w: While(w); break;
            case LoopExpression l when IsValueless(e): Loop(l, -1); break;
            case ForExpression { IsYield: false } f: ForDo(f); break;
            case BreakExpression b: Break(b); break;
            case ContinueExpression c: ExitTo(loops[c.Target].Continue); break;
            case PanicExpression p:
                Emit(new PanicInstruction { Message = Operand(p.Message), Span = p.Span });
                Terminate(new Unreachable());
                break;
            case QuestionExpression q when Context.IsVoid(e.Type): Question(q, -1); break;
            case CallExpression c when IsValueless(e): Call(c, -1); break;
            case IndirectCallExpression c when IsValueless(e): CallIndirect(c, -1); break;
            case DynCallExpression c when IsValueless(e): CallDynamic(c, -1); break;
            case CapabilityCallExpression c when IsValueless(e): CallCapability(c, -1); break;
            case SelfCallExpression c when IsValueless(e): CallSelf(c, -1); break;
            case AssertPanicsExpression a: AssertPanics(a); break;
            case RaceExpression r when IsValueless(e): RaceScope(r, NewTemporary(e.Type, e.Span)); break;
            case TimeoutExpression t when IsValueless(e): TimeoutScope(t, NewTemporary(e.Type, e.Span)); break;
            case GroupExpression { IsNursery: false } g: TaskGroupScope(g, -1); break;
            case SpawnExpression s: Spawn(s, -1); break;
            case ForSearchExpression f when IsValueless(e): ForSearch(f, NewTemporary(e.Type, e.Span)); break;
            case RecurseExpression r when IsValueless(e): Recurse(r, NewTemporary(e.Type, e.Span)); break;
            case CoalesceExpression c when IsValueless(e): Coalesce(c, NewTemporary(e.Type, e.Span)); break;
            default:
                if (IsValueless(e)) Unsupported(e);
                else
                {
                    var value = NewTemporary(e.Type, e.Span);
                    Into(e, value);
                    ScheduleDrop(value, e.Span);
                }
                break;
        }
    }

    private bool IsValueless(TypedExpression e) => Context.IsVoid(e.Type) || LoweringContext.IsNever(e.Type);

    private void Unsupported(TypedExpression e)
    {
        if (e is not ErrorExpression) Context.NotSupported(Source, e.Span, Describe(e));
        Terminate(new Unreachable());
    }

    private static string Describe(TypedExpression e) => $"this form ({e.GetType().Name})";

    private SigilType ElementType(SigilType container) => LoweringContext.Strip(container) is NamedType { Arguments: [var element, ..] } ? LoweringContext.Strip(element) : Context.Core.Void;

    // ---------- blocks ----------

    private void Block(BlockExpression block, Action<TypedExpression> last)
    {
        var scope = EnterScope();
        for (var i = 0; i < block.Statements.Length; i++)
        {
            if (block.Statements[i] is LetStatement let) Let(let);
            else if (block.Statements[i] is ExpressionStatement s)
            {
                if (i == block.Statements.Length - 1) last(s.Expression);
                else Statement(s.Expression);
            }
        }
        LeaveScope(scope, block.Span);
    }

    /// <summary>A statement: its temporaries end with it.</summary>
    private void Statement(TypedExpression e)
    {
        var scope = EnterScope();
        Discard(e);
        LeaveScope(scope, e.Span);
    }

    private void Let(LetStatement let)
    {
        if (let.Pattern is BindingPattern { Inner: null } name)
        {
            // The local is declared behind the value: the value may mention an older name that the new one shadows.
            var value = NewLocal(name.Local.Type, MirLocalKind.User, name.Local.Span, name.Local, isMutable: name.Local.Kind == LocalKind.LetMut);
            var temporaries = EnterScope();
            Into(let.Value, value);
            LeaveScope(temporaries, let.Span);
            names[name.Local] = value;
            scopeLocals.Add(value);
            ScheduleDrop(value, let.Span);
            return;
        }
        if (let.Pattern is WildcardPattern)
        {
            Statement(let.Value);
            return;
        }
        var scope = EnterScope();
        // Names own what they bind and outlive the statement; what no name took is dropped with the temporary at once.
        BindIrrefutable(let.Pattern, TakenApart(let.Value, let.Pattern), owned: true, schedule: false);
        var bound = scopeLocals.Skip(scope.Locals).ToList();
        scopeLocals.RemoveRange(scope.Locals, scopeLocals.Count - scope.Locals);
        LeaveScope(scope, let.Span);
        foreach (var local in bound)
        {
            scopeLocals.Add(local);
            ScheduleDrop(local, let.Span);
        }
    }

    /// <summary>What a <c>let</c> takes apart. A list goes as a whole: its elements have no place of their own.</summary>
    private MirPlace TakenApart(TypedExpression value, TypedPattern pattern)
    {
        var place = Scrutinee(value);
        if (!IsUnique(value.Type) || IsTemporary(place) || !HasListPattern(pattern)) return place;
        var whole = NewTemporary(value.Type, value.Span);
        Assign(whole, new MoveOperand(place) { Span = value.Span }, value.Span);
        ScheduleDrop(whole, value.Span);
        return MirPlace.Of(whole);
    }

    private static bool HasListPattern(TypedPattern pattern) => pattern switch
    {
        ListPattern l => l.Prefix.Length + l.Suffix.Length > 0,
        BindingPattern { Inner: { } inner } => HasListPattern(inner),
        ProductPattern p => p.Fields.Any(f => HasListPattern(f.Pattern)),
        VariantPattern v => v.Fields.Any(f => HasListPattern(f.Pattern)),
        _ => false,
    };

    // ---------- operators ----------

    private void Binary(BinaryExpression b, int target)
    {
        var operands = Operands([b.Left, b.Right]);
        Assign(target, new BinaryRvalue(b.Operator, operands[0], operands[1], LoweringContext.Strip(b.Left.Type), LoweringContext.Strip(b.Right.Type)), b.Span);
    }

    /// <summary>Turns an Ordering into the truth of a comparison operator.</summary>
    private void OrderingTest(BinaryOperator @operator, MirOperand ordering, int target, TextSpan span)
    {
        var type = Context.Core.Type("Ordering").SelfType;
        var whole = NewTemporary(type, span);
        Assign(whole, ordering, span);
        var tag = Compute(IntType, new DiscriminantRvalue(MirPlace.Of(whole), type), span);
        var (test, against) = @operator switch
        {
            BinaryOperator.Less => (BinaryOperator.Equal, "Less"),
            BinaryOperator.Greater => (BinaryOperator.Equal, "Greater"),
            BinaryOperator.LessOrEqual => (BinaryOperator.NotEqual, "Greater"),
            BinaryOperator.GreaterOrEqual => (BinaryOperator.NotEqual, "Less"),
            BinaryOperator.Equal => (BinaryOperator.Equal, "Equal"),
            _ => (BinaryOperator.NotEqual, "Equal"),
        };
        Assign(target, new BinaryRvalue(test, Take(tag), IntConstant(Variant("Ordering", against).Index), IntType, IntType), span);
    }

    private void LogicalInto(LogicalExpression l, int target)
    {
        // The target may be a name that the right side reads: it is written last.
        var yes = NewBlock();
        var no = NewBlock();
        var end = NewBlock();
        Condition(l, yes, no);
        StartBlock(yes);
        Assign(target, BoolConstant(true), l.Span);
        Goto(end);
        StartBlock(no);
        Assign(target, BoolConstant(false), l.Span);
        Goto(end);
        StartBlock(end);
    }

    private void Coalesce(CoalesceExpression c, int target)
    {
        var type = LoweringContext.Strip(c.Left.Type);
        var place = Scrutinee(c.Left);
        var (good, _) = WrapperVariants(type);
        var has = NewBlock();
        var none = NewBlock();
        var end = NewBlock();
        var tag = Compute(IntType, new DiscriminantRvalue(place, type), c.Span);
        Terminate(new Switch(Take(tag), [(good.Index, has.Index)], none.Index));
        StartBlock(has);
        if (c.KeepsWrapper) Assign(target, Read(place, type, c.Left.Span), c.Span);
        else Assign(target, Read(Payload(place, type, good, 0), PayloadType(type, good, 0), c.Left.Span), c.Span);
        Goto(end);
        StartBlock(none);
        var scope = EnterScope();
        Into(c.Right, target);
        LeaveScope(scope, c.Span);
        Goto(end);
        StartBlock(end);
    }

    /// <summary>A place to test and take apart: the named place itself, or a temporary that owns the value.</summary>
    private MirPlace Scrutinee(TypedExpression e)
    {
        if (IsPlace(e)) return PlaceOf(e);
        if (e is IndexExpression entry && IsUnique(e.Type)) return LentEntry(entry);
        var type = e.Type;
        // A lambda that owns what it consumes is dropped like any owner, also if it never ran.
        if (LambdaOf(e) is { } lambda && !ConsumedBy(lambda).IsEmpty) type = ((FunctionType)LoweringContext.Strip(type)).WithKind(FunctionKind.Iso);
        var whole = NewTemporary(type, e.Span);
        Into(e, whole);
        ScheduleDrop(whole, e.Span);
        return MirPlace.Of(whole);
    }

    private SigilType PayloadType(SigilType type, VariantSymbol variant, int index) => LoweringContext.Strip(Context.Types.PayloadTypes(type, variant)[index]);

    private MirPlace Payload(MirPlace place, SigilType type, VariantSymbol variant, int index) =>
        place.With(new VariantProjection(variant, index, PayloadType(type, variant, index)));

    /// <summary>The variant that <c>?</c> and <c>??</c> unwrap, and the other one.</summary>
    private (VariantSymbol Good, VariantSymbol Bad) WrapperVariants(SigilType type) =>
        type is NamedType { Definition: var d } && d == Context.Core.Type("Result")
            ? (Variant("Result", "Ok"), Variant("Result", "Err"))
            : (Variant("Option", "Some"), Variant("Option", "None"));

    // ---------- literals ----------

    private void Struct(StructExpression s, int target)
    {
        var type = LoweringContext.Strip(s.Type);
        var fieldTypes = Context.Types.FieldTypes(type);
        var fields = new MirOperand?[fieldTypes.Length];
        var values = s.Fields.Select(f => f.Value).ToList();
        MirPlace? old = null;
        if (s.Spread is { } spread)
        {
            old = Scrutinee(spread);
            if (!IsTemporary(old) && !IsUnique(spread.Type) && values.Any(v => Context.Writes.MayWrite(v))) old = Snapshot(old, spread);
        }
        var operands = Operands(values);
        for (var i = 0; i < operands.Length; i++) fields[s.Fields[i].Index] = operands[i];
        for (var i = 0; i < fields.Length; i++)
        {
            if (fields[i] is not null) continue;
            if (old is not null) fields[i] = Read(old.With(new FieldProjection(i, LoweringContext.Strip(fieldTypes[i]))), fieldTypes[i], s.Span);
            else if (type is NamedType { Definition.Fields: var declared } && i < declared.Length) fields[i] = Operand(Context.Semantics.DefaultOf(declared[i]));
            else throw new InvalidOperationException($"a field of {type} has no value");
        }
        Assign(target, new ProductRvalue(type, [.. fields!]), s.Span);
    }

    private void VariantValue(VariantExpression v, int target)
    {
        var operands = Operands([.. v.Fields.Select(f => f.Value)]);
        var fields = new MirOperand[Math.Max(v.Variant.Fields.Length, operands.Length)];
        for (var i = 0; i < operands.Length; i++) fields[v.Fields[i].Index] = operands[i];
        Assign(target, new VariantRvalue(LoweringContext.Strip(v.Type), v.Variant, [.. fields]), v.Span);
    }

    private void Map(MapExpression m, int target)
    {
        var type = (NamedType)LoweringContext.Strip(m.Type);
        var operands = Operands([.. m.Entries.SelectMany(e => new[] { e.Key, e.Value })]);
        var entries = ImmutableArray.CreateBuilder<(MirOperand, MirOperand)>(m.Entries.Length);
        for (var i = 0; i < operands.Length; i += 2) entries.Add((operands[i], operands[i + 1]));
        Assign(target, new MapRvalue(LoweringContext.Strip(type.Arguments[0]), LoweringContext.Strip(type.Arguments[1]), entries.MoveToImmutable()), m.Span);
    }

    private void Template(TemplateExpression t, int target)
    {
        var parts = Operands(t.Parts);
        Assign(target, parts.Length == 0 ? new UseRvalue(StrConstant("")) : new ConcatRvalue([.. parts]), t.Span);
    }
}
