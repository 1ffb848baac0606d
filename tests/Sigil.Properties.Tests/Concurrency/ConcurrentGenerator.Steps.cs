namespace Sigil.Properties.Tests.Concurrency;

// Steps of one task.
internal sealed partial class ConcurrentGenerator
{
    private void AddStep(Region region)
    {
        budget--;
        switch (Pick(region.CanWait && region.Depth < 5 ? 26 : 15))
        {
            case 0 or 1:
                MakeVariable(region);
                break;
            case 2 or 3 or 4:
                AddTouch(region);
                break;
            case 5:
                AddNumber(region);
                break;
            case 6:
                AddMove(region);
                break;
            case 7:
                AddConsume(region);
                break;
            case 8:
                AddBump(region);
                break;
            case 9:
                AddConversion(region);
                break;
            case 10:
                AddAlias(region);
                break;
            case 11 when region.Depth < 5:
                AddBranch(region);
                break;
            case 12 when region.Depth < 5:
                AddLoop(region);
                break;
            case 13 when region.Depth < 5:
                AddLambda(region);
                break;
            case 14:
                AddCapability(region);
                break;
            case 15 or 16:
                AddParallel(region);
                break;
            case 17:
                AddNursery(region);
                break;
            case 18:
                AddGroup(region);
                break;
            case 19:
                AddRace(region);
                break;
            case 20:
                AddTimeout(region);
                break;
            case 21:
                AddFanOut(region);
                break;
            case 22:
                AddPipeline(region);
                break;
            case 23:
                AddSharedEnds(region);
                break;
            case 24:
                AddMailbox(region);
                break;
            case 25:
                AddSelect(region);
                break;
            default:
                AddNumber(region);
                break;
        }
    }

    private void MakeVariable(Region region, Kind? kind = null)
    {
        kind ??= Pick(kinds);
        var n = NumberOf(region);
        var v = Declare(region, "v", kind);
        var made = Chance(40) && kind is not CounterKind ? kind.Make(n.Text) : $"make{kind.Id}({n.Text})";
        var line = Add(region, $"let mut {v.Name}: {kind.Text} = {made},", m => m.Set(v.Name, n.Value(m)));
        if (kind is RefKind) MistakesWithAlias(region, v, line);
        if (kind is ValKind)
        {
            Mistake("val written", null, After(line, $"{v.Name}.n = 1, //~ E6006"));
            Mistake("val written by a method", null, After(line, $"{v.Name}.grow(1), //~ E6006"));
            Mistake("val set", null, After(line, $"{v.Name}.set(D {{ n: 1, xs: [] }}), //~ E6006"));
        }
        if (kind is GraphKind) Mistake("alias taken out of an isolated graph", null, After(line, $"let bad = {v.Name}.root, //~ E6007"));
        if (kind is CounterKind) Mistake("iso function as a plain one", null, After(line, $"let bad: int -> int = {v.Name}, //~ E6019"));
        if (bumps.ContainsKey(kind))
        {
            Mistake("lent twice", null, After(line, $"both{kind.Id}(&mut {v.Name}, &{v.Name}), //~ E6014"));
            Mistake("given twice", v.Name, After(line, $"also{kind.Id}({v.Name}, {v.Name}), //~ E6001"));
            Mistake("unique value behind an alias", v.Name, After(line, $"let bad = ref {v.Name}, //~ E3016"));
        }
    }

    private void MistakesWithAlias(Region region, Variable v, Line line)
    {
        Mistake("ref becomes iso", null, After(line, $"let bad: iso D = {v.Name}, //~ E3001"));
        Mistake("ref becomes val", null, After(line, $"let bad: val D = {v.Name}, //~ E3001"));
        Mistake("ref enters an isolated graph", null, After(line, $"let bad = recover(Local {{ r: {v.Name} }}), //~ E6007"));
        Mistake("ref in an iso", null, After(line, $"let bad = iso Local {{ r: {v.Name} }}, //~ E6007"));
        Mistake("channel of ref", null, After(line, "let bad = channel<ref D>(.buffer: 1), //~ E6002"));
        Mistake("lambda over a ref kept as a plain function", null, After(line, $"let bad: () -> int = () -> {v.Name}.n, //~ E6002"));
        if (!region.CanWait) return;
        Mistake("ref given to a task", null, After(line, $"let bad = parallel(.t: peek({v.Name})), //~ E6002"));
        Mistake("ref captured by a task", null, After(line, $"let bad = parallel(.t: run(let z = {v.Name}.n, z)), //~ E6002"));
        Mistake("ref in a struct given to a task", null, After(line, $"let bad = parallel(.t: peek_local(Local {{ r: {v.Name} }})), //~ E6002"));
        Mistake("ref in a lambda given to a task", null, After(line, $"let bad = parallel(.t: call_it(() -> {v.Name}.n)), //~ E6002"));
        Mistake("ref captured by a child", null, After(line, $"let bad = task_group(.spawn: g -> run(g.spawn(peek({v.Name})), void)), //~ E6002"));
        Mistake("ref given back by a task", null, After(line, "let bad = parallel(.t: ref D { n: 1, xs: [] }), //~ E6002"));
    }

    private void AddTouch(Region region)
    {
        var (a, b) = (Pick(20) + 2, Pick(50) + 1);
        if (Choose(region, v => v.Kind is { } k && k.Touches(a, b).Any() && region.MayWrite(v)) is not { } v)
        {
            MakeVariable(region);
            return;
        }
        var touch = Pick(v.Kind!.Touches(a, b).ToList());
        Add(region, touch.Text(v.Name) + ",", m => m[v.Name].Content = touch.Meaning(m[v.Name].Content));
    }

    private void AddNumber(Region region)
    {
        var n = NumberOf(region, 3);
        var v = Declare(region, "n", null);
        Add(region, $"let mut {v.Name} = {n.Text},", m => m.Set(v.Name, n.Value(m)));
        if (!region.CanWait) return;
        Mistake("outer name assigned in a task", null, After(pending[^1], $"let bad = parallel(.t: run({v.Name} = 1, 2)), //~ E6005"));
    }

    private Variable? Movable(Region region, Func<Kind, bool>? fits = null) =>
        Choose(region, v => v.Kind is { Nature: Nature.Unique } k && region.MayMove(v) && (fits is null || fits(k)));

    /// <summary>After the line the variable has gone: using it is a mistake.</summary>
    private void Gone(Variable v, Line line, string how)
    {
        v.IsGone = true;
        var kind = v.Kind!;
        Mistake($"used after {how}", null, After(line, $"let bad = {kind.LookCall(v.Name)}, //~ E6001"));
        Mistake($"given away after {how}", null, After(line, $"let bad = weigh{kind.Id}({v.Name}), //~ E6001"));
        Mistake($"captured after {how}", null, After(line, $"let bad = () -> weigh{kind.Id}({v.Name}), //~ E6001"));
        if (kind.Touches(3, 5).FirstOrDefault() is { } touch) Mistake($"written after {how}", null, After(line, touch.Text(v.Name) + ", //~ E6001"));
    }

    private void AddMove(Region region)
    {
        if (Movable(region) is not { } v)
        {
            MakeVariable(region, iso);
            return;
        }
        var w = Declare(region, "v", v.Kind);
        var (text, how) = Pick(5) switch
        {
            0 => ($"pass{v.Kind!.Id}({v.Name})", "a call"),
            1 => ($"(1, {v.Name}).1", "a tuple"),
            2 => ($"Some({v.Name}).unwrap()", "an option"),
            3 => ($"run(let inner = Pair {{ first: {v.Name}, second: 0 }}, inner.first)", "a struct"),
            _ => (v.Name, "a new name"),
        };
        var line = Add(region, $"let mut {w.Name}: {v.Kind!.Text} = {text},", m => m[w.Name] = m[v.Name]);
        Gone(v, line, how);
    }

    private void AddConsume(Region region)
    {
        if (Movable(region) is not { } v)
        {
            AddNumber(region);
            return;
        }
        var n = Declare(region, "n", null);
        if (Chance(50))
        {
            var line = Add(region, $"let mut {n.Name} = weigh{v.Kind!.Id}({v.Name}),", m => m.Set(n.Name, m[v.Name].Content));
            Gone(v, line, "a call");
        }
        else
        {
            var line = Add(region, $"let mut {n.Name} = match(Some({v.Name}), Some(e) -> weigh{v.Kind!.Id}(e), None -> 0),", m => m.Set(n.Name, m[v.Name].Content));
            Gone(v, line, "a match");
        }
    }

    private void AddBump(Region region)
    {
        if (Choose(region, v => v.Kind is { } k && bumps.ContainsKey(k) && region.MayLendForWriting(v)) is not { } v)
        {
            AddTouch(region);
            return;
        }
        Add(region, $"bump{v.Kind!.Id}(&mut {v.Name}),", m => m[v.Name].Content = bumps[v.Kind](m[v.Name].Content));
    }

    // iso to val and ref, copies of refs, replace, set.
    private void AddConversion(Region region)
    {
        switch (Pick(4))
        {
            case 0 when Movable(region, k => k is IsoKind) is { } v:
                var w = Declare(region, "v", frozen);
                var line = Add(region, $"let mut {w.Name}: val D = {v.Name},", m => m[w.Name] = m[v.Name]);
                Mistake("val written", null, After(line, $"{w.Name}.n = 1, //~ E6006"));
                Mistake("val thawed", null, After(line, $"let bad: iso D = {w.Name}, //~ E3001"));
                Gone(v, line, "freezing");
                break;
            case 1 when Movable(region, k => k is IsoKind) is { } v:
                w = Declare(region, "v", alias);
                line = Add(region, $"let mut {w.Name}: ref D = {v.Name},", m => m[w.Name] = m[v.Name]);
                MistakesWithAlias(region, w, line);
                Gone(v, line, "opening");
                break;
            case 2 when Choose(region, v => v.Kind is RefKind) is { } r:
                w = Declare(region, "v", iso);
                Add(region, $"let mut {w.Name}: iso D = {r.Name}.clone(),", m => m.Set(w.Name, m[r.Name].Content));
                break;
            case 3 when Choose(region, v => v.Kind is HolderKind && region.MayWrite(v)) is { } h:
                var n = NumberOf(region);
                w = Declare(region, "v", iso);
                line = Add(region, $"let mut {w.Name} = replace({h.Name}.d, iso D {{ n: {n.Text}, xs: [] }}),", m =>
                {
                    var next = n.Value(m);
                    m.Set(w.Name, m[h.Name].Content);
                    m[h.Name].Content = next;
                });
                break;
            default:
                MakeVariable(region, holder);
                break;
        }
    }

    private void AddAlias(Region region)
    {
        if (Choose(region, v => v.Kind is { Nature: not Nature.Unique }) is not { } v)
        {
            MakeVariable(region, alias);
            return;
        }
        var w = Declare(region, "v", v.Kind);
        Add(region, $"let mut {w.Name} = {v.Name},", m =>
        {
            if (v.Kind is RefKind) m[w.Name] = m[v.Name];
            else m.Set(w.Name, m[v.Name].Content);
        });
    }

    private void AddBranch(Region region)
    {
        var n = NumberOf(region);
        var limit = Pick(40);
        Add(region, $"if {n.Text} > {limit} then run(");
        var then = new Region(region, Border.Block, region.Depth + 1, region.CanWait);
        Fill(then, 1 + Pick(4));
        Add(then, "void,");
        Add(region, "),", m =>
        {
            if (n.Value(m) > limit) then.Run(m);
        });
    }

    private void AddLoop(Region region)
    {
        var rounds = 1 + Pick(4);
        var i = Fresh("i");
        var open = Add(region, $"for {i} in 0..{rounds} do run(");
        var body = new Region(region, Border.Loop, region.Depth + 1, region.CanWait);
        body.Variables.Add(new Variable(i, null, body));
        Fill(body, 1 + Pick(4));
        Add(body, "void,");
        if (region.Visible().FirstOrDefault(v => v.Kind is { Nature: Nature.Unique } && region.MayMove(v) && !IsMentioned(v, open)) is { } outer)
            Mistake("given away in every round", outer.Name, Before(pending[^1], $"let bad = weigh{outer.Kind!.Id}({outer.Name}), //~ E6001"));
        Add(region, "),", m =>
        {
            for (var k = 0; k < rounds; k++)
            {
                m.Set(i, k);
                body.Run(m);
            }
        });
    }

    // A lambda that is lent to `map`: it reads and writes behind references what is outside.
    private void AddLambda(Region region)
    {
        var (i, v) = (Fresh("i"), Declare(region, "n", null));
        v.IsGone = true;
        var open = Add(region, $"let mut {v.Name} = [1, 2, 3].map({i} -> run(");
        var body = new Region(region, Border.Lambda, region.Depth + 1, false);
        body.Variables.Add(new Variable(i, null, body));
        var result = Fill(body, 1 + Pick(3));
        Add(body, $"{result.Text},");
        if (region.Visible().FirstOrDefault(o => o.Kind is { Nature: Nature.Unique } && region.MayMove(o) && !IsMentioned(o, open)) is { } outer)
            Mistake("given away by a lambda that runs again", outer.Name, Before(pending[^1], $"let bad = weigh{outer.Kind!.Id}({outer.Name}), //~ E6001"));
        Add(region, $")).fold(0, (a, b) -> (a + b) % {Kind.Modulus}),", m =>
        {
            long sum = 0;
            for (var k = 1; k <= 3; k++)
            {
                m.Set(i, k);
                body.Run(m);
                sum = (sum + result.Value(m)) % Kind.Modulus;
            }
            m.Set(v.Name, sum);
        });
        v.IsGone = false;
    }

    private void AddCapability(Region region)
    {
        var n = NumberOf(region);
        var by = Pick(9) + 2;
        var v = Declare(region, "n", null);
        var apart = region.CanWait && Chance(50);
        var call = apart ? $"scaled_apart({n.Text})" : $"scaled({n.Text})";
        var line = Add(region, $"let mut {v.Name} = with Scale = Factor {{ by: {by} }} in {call},", m =>
        {
            var x = n.Value(m);
            m.Set(v.Name, apart ? ((x * by % Kind.Modulus) + ((x + 1) * by % Kind.Modulus)) % Kind.Modulus : x * by % Kind.Modulus);
        });
        Mistake("capability not given", null, Instead(line, $"let mut {v.Name} = {call}, //~ E5002"));
    }
}
