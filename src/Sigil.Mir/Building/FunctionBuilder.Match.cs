using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>A sub-pattern still to be tested against a place.</summary>
    private readonly record struct PatternTest(MirPlace Place, SigilType Type, TypedPattern Pattern);

    /// <summary>One way to reach an arm: what is still to be tested, left to right, and what has been bound so far. Or-patterns make several rows of one arm.</summary>
    private sealed record MatchRow(MatchTarget Arm, ImmutableArray<PatternTest> Tests, ImmutableArray<(LocalSymbol Name, MirPlace Place, SigilType Type)> Bindings);

    /// <summary>Where a row leads when all its tests succeed.</summary>
    private sealed class MatchTarget
    {
        public required MirBlock Body { get; init; }
        public TypedExpression? Guard { get; init; }
        public required TextSpan Span { get; init; }
        /// <summary>The names own what they bind (let, parameters); otherwise unique parts are lent.</summary>
        public bool Owned { get; init; }
        public bool Schedule { get; init; }
        public bool IsReached { get; set; }
        public Dictionary<LocalSymbol, int> Locals { get; } = [];
    }

    private void Match(MatchExpression m, Action<TypedExpression> arm)
    {
        var scope = EnterScope();
        var subjects = Subjects(m);
        var end = NewBlock();
        var fail = NewBlock();
        var rows = new List<MatchRow>(m.Arms.Length);
        foreach (var a in m.Arms)
        {
            var target = new MatchTarget { Body = NewBlock(), Guard = a.Guard, Span = a.Span };
            rows.Add(Simplify(new MatchRow(target, TestsOf(subjects, a.Pattern), [])));
        }
        var targets = rows.Select(r => r.Arm).ToList();
        CompileRows(rows, fail);
        for (var i = 0; i < targets.Count; i++)
        {
            if (!targets[i].IsReached) continue;
            StartBlock(targets[i].Body);
            var names = EnterScope();
            foreach (var local in targets[i].Locals.Values) scopeLocals.Add(local);
            arm(m.Arms[i].Body);
            LeaveScope(names, m.Arms[i].Span);
            Goto(end);
        }
        StartBlock(fail);
        Terminate(new Unreachable());
        StartBlock(end);
        LeaveScope(scope, m.Span);
    }

    /// <summary>What the patterns test: the scrutinee's place, or the components of a tuple that needs not be built.</summary>
    private List<(MirPlace Place, SigilType Type)> Subjects(MatchExpression m)
    {
        var type = LoweringContext.Strip(m.Scrutinee.Type);
        if (m.Scrutinee is TupleExpression tuple && !IsUnique(type) && m.Arms.All(a => a.Pattern is ProductPattern or WildcardPattern))
        {
            var operands = Operands(tuple.Elements);
            var guards = m.Arms.Any(a => a.Guard is not null && Context.Writes.MayWrite(a.Guard));
            var places = new List<(MirPlace, SigilType)>();
            for (var i = 0; i < operands.Length; i++)
            {
                var part = LoweringContext.Strip(tuple.Elements[i].Type);
                if (operands[i] is CopyOperand { Place: var p } && !guards && !p.Path.Any(s => s is ElementProjection)) places.Add((p, part));
                else if (operands[i] is MoveOperand { Place: { IsLocal: true } q }) places.Add((q, part));
                else places.Add((MirPlace.Of(Compute(part, new UseRvalue(operands[i]), tuple.Elements[i].Span)), part));
            }
            return places;
        }
        var place = Scrutinee(m.Scrutinee);
        var writes = m.Arms.Any(a => a.Guard is not null && Context.Writes.MayWrite(a.Guard));
        var checkedIndex = place.Path.Any(s => s is ElementProjection);
        if (!IsTemporary(place) && !IsUnique(type) && (writes || checkedIndex)) place = Snapshot(place, m.Scrutinee);
        return [(place, type)];
    }

    private ImmutableArray<PatternTest> TestsOf(List<(MirPlace Place, SigilType Type)> subjects, TypedPattern pattern)
    {
        if (subjects.Count == 1) return [new PatternTest(subjects[0].Place, subjects[0].Type, pattern)];
        if (pattern is not ProductPattern product) return [];
        return [.. product.Fields.Select(f => new PatternTest(subjects[f.Index].Place, subjects[f.Index].Type, f.Pattern))];
    }

    /// <summary>Binds the names of a pattern that always fits; a list pattern that does not fit panics.</summary>
    private void BindIrrefutable(TypedPattern pattern, MirPlace place, bool owned, bool schedule = true)
    {
        var body = NewBlock();
        var fail = NewBlock();
        var target = new MatchTarget { Body = body, Span = pattern.Span, Owned = owned, Schedule = schedule };
        CompileRows([Simplify(new MatchRow(target, [new PatternTest(place, PlaceType(place), pattern)], []))], fail);
        StartBlock(fail);
        Emit(new PanicInstruction { Message = StrConstant("the list does not have the length that the pattern asks for"), Code = "E9008", Span = pattern.Span });
        Terminate(new Unreachable());
        StartBlock(body);
        foreach (var local in target.Locals.Values)
        {
            scopeLocals.Add(local);
            if (owned && schedule) ScheduleDrop(local, pattern.Span);
        }
    }

    // ---------- rows ----------

    /// <summary>Takes products apart and turns names into bindings, so that only real tests are left.</summary>
    private MatchRow Simplify(MatchRow row)
    {
        if (row.Tests.All(t => NeedsTest(t.Pattern) && t.Type is not CapabilityType)) return row;
        var tests = ImmutableArray.CreateBuilder<PatternTest>(row.Tests.Length);
        var bindings = row.Bindings.ToBuilder();
        foreach (var test in row.Tests) Simplify(test, tests, bindings);
        return row with { Tests = tests.ToImmutable(), Bindings = bindings.ToImmutable() };
    }

    private void Simplify(PatternTest test, ImmutableArray<PatternTest>.Builder tests, ImmutableArray<(LocalSymbol, MirPlace, SigilType)>.Builder bindings)
    {
        switch (test.Pattern)
        {
            case WildcardPattern or ErrorPattern: break;
            case BindingPattern b:
                bindings.Add((b.Local, test.Place, test.Type));
                if (b.Inner is { } inner) Simplify(test with { Pattern = inner }, tests, bindings);
                break;
            case ProductPattern p:
                var product = ThroughObject(test);
                var types = Context.Types.FieldTypes(product.Type);
                foreach (var f in p.Fields)
                {
                    var type = LoweringContext.Strip(types[f.Index]);
                    Simplify(new PatternTest(product.Place.With(new FieldProjection(f.Index, type)), type, f.Pattern), tests, bindings);
                }
                break;
            case VariantPattern v when v.Variant.Owner.Variants.Length == 1:
                foreach (var part in PartsOf(ThroughObject(test), v)) Simplify(part, tests, bindings);
                break;
            case ListPattern { HasRest: true, Prefix: [], Suffix: [] } l:
                var whole = ThroughObject(test);
                if (l.Rest is { } rest) bindings.Add((rest, whole.Place, whole.Type));
                break;
            default:
                tests.Add(ThroughObject(test));
                break;
        }
    }

    private static bool NeedsTest(TypedPattern p) => p switch
    {
        LiteralPattern or IntervalPattern or OrPattern => true,
        VariantPattern v => v.Variant.Owner.Variants.Length > 1,
        ListPattern { HasRest: true, Prefix: [], Suffix: [] } => false,
        ListPattern => true,
        _ => false,
    };

    private static PatternTest ThroughObject(PatternTest test)
    {
        if (test.Type is not CapabilityType || LoweringContext.Strip(test.Pattern.Type) is CapabilityType) return test;
        var place = ThroughObject(test.Place, test.Type);
        return test with { Place = place, Type = place.Path[^1].Type };
    }

    private IEnumerable<PatternTest> PartsOf(PatternTest test, VariantPattern v)
    {
        foreach (var f in v.Fields)
        {
            var type = PayloadType(test.Type, v.Variant, f.Index);
            yield return new PatternTest(test.Place.With(new VariantProjection(v.Variant, f.Index, type)), type, f.Pattern);
        }
    }

    // ---------- the decision tree ----------

    /// <summary>
    /// Tests rows in order from the current block; no row fits: on to <paramref name="fail"/>. Neighbouring rows that ask the same place are decided
    /// by one switch; what none of its cases takes goes on with the rows behind them, so that nothing is built twice.
    /// </summary>
    private void CompileRows(List<MatchRow> rows, MirBlock fail)
    {
        if (rows.Any(IsExpandable)) rows = [.. rows.SelectMany(r => IsExpandable(r) ? Expand(r) : [r])];
        var i = 0;
        while (i < rows.Count)
        {
            var row = rows[i];
            if (row.Tests.IsEmpty)
            {
                if (!Reach(row)) return;
                i++;
                continue;
            }
            var test = row.Tests[0];
            if (test.Pattern is OrPattern or)
            {
                var next = i + 1 == rows.Count ? fail : NewBlock();
                CompileOr(row, or, next);
                if (++i == rows.Count) return;
                StartBlock(next);
                continue;
            }
            if (IsSwitchable(test))
            {
                var stop = i + 1;
                while (stop < rows.Count && SwitchedTest(rows[stop], test) >= 0) stop++;
                var rest = stop == rows.Count ? fail : NewBlock();
                CompileSwitch(rows, i, stop, test, rest);
                if (stop == rows.Count) return;
                StartBlock(rest);
                i = stop;
                continue;
            }
            var no = i + 1 == rows.Count ? fail : NewBlock();
            CompileTest(row, test, no);
            if (i + 1 == rows.Count) return;
            StartBlock(no);
            i++;
        }
        Goto(fail);
    }

    /// <summary>All tests of a row have succeeded: binds, tries the guard. False when the row always takes it, so that later rows cannot be reached.</summary>
    private bool Reach(MatchRow row)
    {
        var target = row.Arm;
        target.IsReached = true;
        var apart = !row.Bindings.Any(a => row.Bindings.Any(b => a.Name != b.Name && a.Place.Local == b.Place.Local && (a.Place.IsLocal || b.Place.Path.Length != a.Place.Path.Length)));
        foreach (var (name, place, type) in row.Bindings) Bind(target, name, place, type, apart);
        if (target.Guard is null)
        {
            Goto(target.Body);
            return false;
        }
        var next = NewBlock();
        Condition(target.Guard, target.Body, next);
        StartBlock(next);
        return true;
    }

    private void Bind(MatchTarget target, LocalSymbol name, MirPlace place, SigilType type, bool apart)
    {
        var lent = !target.Owned && IsUnique(type);
        if (!target.Locals.TryGetValue(name, out var local))
        {
            local = NewLocal(name.Type, MirLocalKind.User, name.Span, name, isMutable: name.Kind == LocalKind.LetMut);
            target.Locals[name] = local;
            if (lent) Function.Locals[local].LentFrom = place;
        }
        else if (lent) Function.Locals[local].LentFrom = CommonPart(Function.Locals[local].LentFrom!, place);
        names[name] = local;
        // Out of a temporary each name takes its part, unless another name has the whole.
        var operand = lent || (!apart && !IsUnique(type)) ? new CopyOperand(place) { Span = name.Span } : Read(place, type, name.Span);
        Assign(local, operand, name.Span);
    }

    // The alternatives of an or-pattern may bind a name to different parts: it is lent from what holds them all.
    private static MirPlace CommonPart(MirPlace a, MirPlace b)
    {
        if (a.Local != b.Local) return a;
        var length = 0;
        while (length < a.Path.Length && length < b.Path.Length && a.Path[length].Equals(b.Path[length])) length++;
        return new MirPlace(a.Local, a.Path[..length]);
    }

    private const int ExpansionLimit = 64;

    // An or-pattern becomes rows of the same arm, unless that would multiply with another one behind it.
    private static bool IsExpandable(MatchRow row) =>
        row.Tests is [{ Pattern: OrPattern { Alternatives.Length: <= ExpansionLimit } }, ..] && row.Tests.Count(t => t.Pattern is OrPattern) == 1;

    private IEnumerable<MatchRow> Expand(MatchRow row)
    {
        var alternatives = ((OrPattern)row.Tests[0].Pattern).Alternatives;
        foreach (var alternative in alternatives)
        {
            var one = Simplify(row with { Tests = row.Tests.SetItem(0, row.Tests[0] with { Pattern = alternative }) });
            if (IsExpandable(one)) foreach (var inner in Expand(one)) yield return inner;
            else yield return one;
        }
    }

    /// <summary>Tests the alternatives one after the other; where one fits, its names are bound, and the row's other tests go on once for all.</summary>
    private void CompileOr(MatchRow row, OrPattern or, MirBlock no)
    {
        var meet = NewBlock();
        var inner = new MatchTarget { Body = meet, Span = or.Span, Owned = row.Arm.Owned };
        foreach (var (name, local) in row.Arm.Locals) inner.Locals[name] = local;
        CompileRows([.. or.Alternatives.Select(a => Simplify(new MatchRow(inner, [row.Tests[0] with { Pattern = a }], [])))], no);
        foreach (var (name, local) in inner.Locals) row.Arm.Locals[name] = local;
        StartBlock(meet);
        CompileRows([Simplify(row with { Tests = row.Tests.RemoveAt(0) })], no);
    }

    private static bool IsSwitchable(PatternTest test) => test.Pattern switch
    {
        VariantPattern => true,
        LiteralPattern => test.Type is NamedType { Definition.Kind: TypeKind.Int or TypeKind.Byte or TypeKind.Char or TypeKind.Bool },
        _ => false,
    };

    /// <summary>The index of a row's test that the switch on <paramref name="test"/>'s place decides, or -1.</summary>
    private static int SwitchedTest(MatchRow row, PatternTest test)
    {
        for (var i = 0; i < row.Tests.Length; i++)
            if (row.Tests[i].Place.Equals(test.Place)) return IsSwitchable(row.Tests[i]) ? i : -1;
        return -1;
    }

    private static long CaseOf(TypedPattern pattern) => pattern switch
    {
        VariantPattern v => v.Variant.Index,
        LiteralPattern { Value: bool b } => b ? 1 : 0,
        LiteralPattern l => System.Convert.ToInt64(l.Value),
        _ => throw new InvalidOperationException(),
    };

    private void CompileSwitch(List<MatchRow> rows, int start, int stop, PatternTest test, MirBlock rest)
    {
        var cases = new Dictionary<long, List<MatchRow>>();
        var order = new List<long>();
        for (var i = start; i < stop; i++)
        {
            var row = rows[i];
            var at = SwitchedTest(row, test);
            var found = row.Tests[at];
            var value = CaseOf(found.Pattern);
            if (!cases.TryGetValue(value, out var group))
            {
                cases[value] = group = [];
                order.Add(value);
            }
            var tests = row.Tests.RemoveAt(at);
            if (found.Pattern is VariantPattern v) tests = tests.InsertRange(at, PartsOf(found, v));
            group.Add(Simplify(row with { Tests = tests }));
        }
        var value1 = test.Pattern is VariantPattern
            ? Take(Compute(IntType, new DiscriminantRvalue(test.Place, test.Type), test.Pattern.Span))
            : new CopyOperand(test.Place);
        var blocks = order.Select(_ => NewBlock()).ToList();
        // A switch over all variants needs no default: its last case stands for it.
        var complete = test.Pattern is VariantPattern first && order.Count == first.Variant.Owner.Variants.Length;
        var listed = complete ? order.Count - 1 : order.Count;
        Terminate(new Switch(value1, [.. Enumerable.Range(0, listed).Select(k => (order[k], blocks[k].Index))], complete ? blocks[^1].Index : rest.Index));
        for (var k = 0; k < order.Count; k++)
        {
            StartBlock(blocks[k]);
            CompileRows(cases[order[k]], rest);
        }
    }

    /// <summary>A test that a switch cannot make; on success the row's other tests follow, else <paramref name="no"/>.</summary>
    private void CompileTest(MatchRow row, PatternTest test, MirBlock no)
    {
        var others = row.Tests.RemoveAt(0);
        var span = test.Pattern.Span;
        switch (test.Pattern)
        {
            case LiteralPattern l:
                BranchOn(Compare(BinaryOperator.Equal, new CopyOperand(test.Place), new ConstantOperand(l.Value, test.Type), test.Type, span), no);
                break;
            case IntervalPattern v:
                var (least, most) = Limits(test.Type);
                if (v.Low > least) BranchOn(Compare(BinaryOperator.GreaterOrEqual, new CopyOperand(test.Place), Bound(v.Low, test.Type), test.Type, span), no);
                if (v.High < most) BranchOn(Compare(BinaryOperator.LessOrEqual, new CopyOperand(test.Place), Bound(v.High, test.Type), test.Type, span), no);
                break;
            case ListPattern l:
                var length = Compute(IntType, new LengthRvalue(test.Place, test.Type), span);
                var wanted = l.Prefix.Length + l.Suffix.Length;
                BranchOn(Compare(l.HasRest ? BinaryOperator.GreaterOrEqual : BinaryOperator.Equal, Take(length), IntConstant(wanted), IntType, span), no);
                var element = ElementType(test.Type);
                var parts = l.Prefix.Select((p, k) => new PatternTest(test.Place.With(new ConstantElementProjection(k, element)), element, p))
                    .Concat(l.Suffix.Select((p, k) => new PatternTest(test.Place.With(new ConstantElementProjection(k - l.Suffix.Length, element)), element, p)));
                others = others.InsertRange(0, parts);
                if (l.Rest is { } rest)
                {
                    var middle = Compute(test.Type, new RestRvalue(test.Place, l.Prefix.Length, l.Suffix.Length, element), span);
                    if (IsUnique(element)) Function.Locals[middle].LentFrom = test.Place.With(new RestProjection(l.Prefix.Length, l.Suffix.Length, test.Type));
                    row = row with { Bindings = row.Bindings.Add((rest, MirPlace.Of(middle), test.Type)) };
                }
                break;
            default:
                throw new InvalidOperationException($"no test for {test.Pattern.GetType().Name}");
        }
        CompileRows([Simplify(row with { Tests = others })], no);
    }

    private void BranchOn(MirOperand truth, MirBlock no)
    {
        var yes = NewBlock();
        Terminate(new Branch(truth, yes.Index, no.Index));
        StartBlock(yes);
    }

    private static ConstantOperand Bound(long value, SigilType type) => type is NamedType { Definition.Kind: var kind }
        ? kind switch
        {
            TypeKind.Byte => new ConstantOperand((byte)value, type),
            TypeKind.Char => new ConstantOperand((int)value, type),
            _ => new ConstantOperand(value, type),
        }
        : new ConstantOperand(value, type);

    private static (long Least, long Most) Limits(SigilType type) => type is NamedType { Definition.Kind: var kind }
        ? kind switch
        {
            TypeKind.Byte => (0, 255),
            TypeKind.Char => (0, 0x10FFFF),
            _ => (long.MinValue, long.MaxValue),
        }
        : (long.MinValue, long.MaxValue);
}
