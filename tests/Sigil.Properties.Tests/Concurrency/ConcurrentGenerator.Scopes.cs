namespace Sigil.Properties.Tests.Concurrency;

// Tasks: what they are given, what they give back.
internal sealed partial class ConcurrentGenerator
{
    /// <summary>A task: its expression in one or more lines, what its value is, what it takes along.</summary>
    private sealed record TaskPart(Kind? Result, Func<Memory, Cell> Value, List<Variable> Taken);

    private static Cell NewCell(long n) => new() { Content = n };

    /// <summary>Adds the lines of a task expression behind a text such as <c>.a: </c>.</summary>
    private TaskPart AddTask(Region region, string before, string after)
    {
        var free = region.Visible().Where(v => v.Kind is { Nature: Nature.Unique } && region.MayMove(v)).ToList();
        switch (Pick(4))
        {
            case 0 when free.Count > 0:
                {
                    var v = Pick(free);
                    Add(region.Depth + 1, $"{before}weigh{v.Kind!.Id}({v.Name}){after}");
                    return new TaskPart(null, m => NewCell(m[v.Name].Content), [v]);
                }
            case 1 when free.Count > 0:
                {
                    var v = Pick(free);
                    Add(region.Depth + 1, $"{before}pass{v.Kind!.Id}({v.Name}){after}");
                    return new TaskPart(v.Kind, m => m[v.Name], [v]);
                }
            case 2:
                {
                    var n = NumberOf(region, 1);
                    var kind = AnyKind(k => k.Nature != Nature.Local);
                    Add(region.Depth + 1, $"{before}make{kind.Id}({n.Text}){after}");
                    return new TaskPart(kind, m => NewCell(n.Value(m)), []);
                }
            default:
                {
                    Add(region.Depth + 1, $"{before}run(");
                    var body = new Region(region, Border.Task, region.Depth + 2, true);
                    var taken = new List<Variable>();
                    foreach (var v in free.OrderBy(_ => Pick(int.MaxValue)).Take(Pick(3)))
                    {
                        var own = Declare(body, "v", v.Kind);
                        Add(body, $"let mut {own.Name} = {v.Name},", m => m[own.Name] = m[v.Name]);
                        taken.Add(v);
                    }
                    var n = Fill(body, 1 + Pick(3));
                    if (Movable(body) is { } result && Chance(40))
                    {
                        Add(body, $"{result.Name},");
                        Add(region.Depth + 1, ")" + after);
                        return new TaskPart(result.Kind, m => RunAnd(body, m, () => m[result.Name]), taken);
                    }
                    Add(body, $"{n.Text},");
                    if (region.Visible().FirstOrDefault(v => v.Kind is RefKind) is { } r)
                        Mistake("ref mentioned in a task", null, Before(pending[^1], $"let bad = {r.Name}.n, //~ E6002"));
                    Add(region.Depth + 1, ")" + after);
                    return new TaskPart(null, m => RunAnd(body, m, () => NewCell(n.Value(m))), taken);
                }
        }
    }

    private static Cell RunAnd(Region body, Memory m, Func<Cell> value)
    {
        body.Run(m);
        return value();
    }

    private void AddParallel(Region region)
    {
        var r = Fresh("r");
        Add(region, $"let {r} = parallel(");
        var parts = new List<(string Name, TaskPart Part)>();
        for (var i = 1 + Pick(3); i > 0; i--)
        {
            var name = Fresh("t");
            var part = AddTask(region, $".{name}: ", ",");
            foreach (var v in part.Taken) v.IsGone = true;
            parts.Add((name, part));
        }
        var line = Add(region, "),");
        region.Actions.Add(m =>
        {
            foreach (var (name, part) in parts) m[$"{r}.{name}"] = part.Value(m);
        });
        foreach (var v in parts.SelectMany(p => p.Part.Taken)) Gone(v, line, "a task took it");
        foreach (var (name, part) in parts)
        {
            var v = Declare(region, part.Result is null ? "n" : "v", part.Result);
            Add(region, $"let mut {v.Name} = {r}.{name},", m => m[v.Name] = m[$"{r}.{name}"]);
        }
    }

    private void AddNursery(Region region)
    {
        var (r, g) = (Declare(region, "n", null), Fresh("g"));
        r.IsGone = true;
        var open = Add(region, $"let mut {r.Name} = nursery(.tasks: {g} -> run(");
        var body = new Region(region, Border.Block, region.Depth + 1, true);
        var handles = new List<(string Name, TaskPart Part)>();
        Line? spawned = null;
        for (var i = 1 + Pick(3); i > 0; i--)
        {
            if (Chance(40)) AddStep(body);
            var h = Fresh("h");
            Add(body, $"let {h} = {g}.spawn(");
            var part = AddTask(body, "", "");
            foreach (var v in part.Taken) v.IsGone = true;
            spawned = Add(body, "),");
            handles.Add((h, part));
            body.Actions.Add(m => m[h] = part.Value(m));
            foreach (var v in part.Taken) Gone(v, spawned, "a child took it");
        }
        var sum = new List<string>();
        foreach (var (h, part) in handles)
        {
            var n = Fresh("n");
            Add(body, part.Result is { } kind ? $"let {n} = match({h}.wait(), Ok(e) -> weigh{kind.Id}(e), Err(_) -> 0)," : $"let {n} = {h}.wait().unwrap_or(0),",
                m => m.Set(n, m[h].Content));
            sum.Add(n);
        }
        var last = Add(body, $"({string.Join(" + ", sum)}) % {Kind.Modulus},");
        var close = Add(region, ")).unwrap_or(0),", m =>
        {
            body.Run(m);
            m.Set(r.Name, sum.Sum(n => m[n].Content) % Kind.Modulus);
        });
        r.IsGone = false;
        Mistake("handle written to an outer place", null, Before(open, "let mut kept: [Task<int>] = [],"), Before(last, $"kept = [{g}.spawn(one())], //~ E6011"));
        Mistake("group captured by a task", null, Before(last, $"let bad = {g}.spawn(run(let inner = {g}.spawn(one()), 1)), //~ E6011"));
        Mistake("group stored", null, Before(last, $"let bad = [{g}], //~ E6011"));
        Mistake("group captured by a lambda that is kept", null, Before(last, $"let bad = () -> run({g}.spawn(one()), 1), //~ E5010 E6011"));
        Mistake("spawn without a scope", null, After(close, "spawn(one()), //~ E6012"));
        if (spawned is not null) Mistake("outer name assigned in a child", null, After(spawned, "let mut counted = 0,"), Before(last, $"let bad = {g}.spawn(run(counted = 1, counted)), //~ E6005"));
    }

    private void AddGroup(Region region)
    {
        var v = Declare(region, "n", null);
        v.IsGone = true;
        var (r, g) = (Fresh("r"), Fresh("g"));
        Add(region, $"let {r} = task_group(.spawn: {g} -> run(");
        var body = new Region(region, Border.Block, region.Depth + 1, true);
        // Results of one type: all numbers, or all of one kind.
        var kind = AnyKind(k => k.Nature == Nature.Unique);
        var cells = new List<Func<Memory, Cell>>();
        for (var i = 1 + Pick(3); i > 0; i--)
        {
            if (Choose(body, x => x.Kind == kind && body.MayMove(x)) is { } taken && Chance(60))
            {
                var line = Add(body, $"{g}.spawn(pass{kind.Id}({taken.Name})),");
                Gone(taken, line, "a child took it");
                cells.Add(m => m[taken.Name]);
            }
            else
            {
                var n = NumberOf(body, 1);
                var key = Fresh("c");
                Add(body, $"{g}.spawn(make{kind.Id}({n.Text})),", m => m.Set(key, n.Value(m)));
                cells.Add(m => m[key]);
            }
        }
        if (Chance(40)) AddStep(body);
        Add(body, "void,");
        Add(region, ")),", body.Run);
        Add(region, $"let mut {v.Name} = 0,");
        Add(region, $"for e in {r} do {v.Name} = ({v.Name} + match(e, Ok(x) -> weigh{kind.Id}(x), Err(_) -> 0)) % {Kind.Modulus},",
            m => m.Set(v.Name, cells.Sum(c => c(m).Content) % Kind.Modulus));
        v.IsGone = false;
        Mistake("results used after they were taken apart", null, After(pending[^1], $"let bad = [{r}], //~ E6001"));
    }

    private void AddRace(Region region)
    {
        if (Movable(region) is not { } v)
        {
            MakeVariable(region, iso);
            return;
        }
        var w = Declare(region, "v", v.Kind);
        w.IsGone = true;
        var other = Choose(region, x => x.Kind == v.Kind && x != v && region.MayMove(x));
        var loser = other is null ? $"run(sleep(1h), make{v.Kind!.Id}(1))" : $"run(sleep(1h), pass{v.Kind!.Id}({other.Name}))";
        var line = Add(region, $"let mut {w.Name} = race(.a: pass{v.Kind.Id}({v.Name}), .b: {loser}),", m => m[w.Name] = m[v.Name]);
        w.IsGone = false;
        Gone(v, line, "it entered a race");
        if (other is not null) Gone(other, line, "it lost a race");
    }

    private void AddTimeout(Region region)
    {
        var v = Declare(region, "n", null);
        v.IsGone = true;
        Add(region, $"let mut {v.Name} = timeout(.op: run(");
        var body = new Region(region, Border.Block, region.Depth + 1, true);
        var n = Fill(body, 1 + Pick(3));
        Add(body, $"{n.Text},");
        Add(region, "), .after: 1h).unwrap_or(0),", m =>
        {
            body.Run(m);
            m.Set(v.Name, n.Value(m));
        });
        v.IsGone = false;
    }

    // Lists of tasks.
    private void AddFanOut(Region region)
    {
        var r = Declare(region, "n", null);
        r.IsGone = true;
        var i = Fresh("i");
        if (Choose(region, v => v.Kind is ManyKind && region.MayMove(v)) is { } many)
        {
            var item = ((ManyKind)many.Kind!).Item;
            var text = Chance(50) ? $"for {i} in {many.Name} yield weigh{item.Id}({i})" : $"map({many.Name}, {i} -> weigh{item.Id}({i}))";
            var line = Add(region, $"let mut {r.Name} = parallel(.tasks: {text}, .max_concurrent: {1 + Pick(3)}).fold(0, (a, b) -> (a + b) % {Kind.Modulus}),",
                m => m.Set(r.Name, 2 * m[many.Name].Content % Kind.Modulus));
            Gone(many, line, "its items went to tasks");
        }
        else
        {
            var count = 1 + Pick(5);
            var open = Add(region, $"let mut {r.Name} = parallel(.tasks: for {i} in 0..{count} yield run(");
            var body = new Region(region, Border.Task, region.Depth + 1, true);
            body.Variables.Add(new Variable(i, null, body));
            var n = Fill(body, 1 + Pick(3));
            Add(body, $"{n.Text},");
            // Within a task the error is shown at the whole form.
            if (region.Outer is null && Movable(region) is { } outer && !IsMentioned(outer, open))
                Mistake("given to each of several tasks", outer.Name, Before(pending[^1], $"let bad = weigh{outer.Kind!.Id}({outer.Name}), //~ E6001"));
            Add(region, $")).fold(0, (a, b) -> (a + b) % {Kind.Modulus}),", m =>
            {
                long sum = 0;
                for (var k = 0; k < count; k++)
                {
                    m.Set(i, k);
                    body.Run(m);
                    sum = (sum + n.Value(m)) % Kind.Modulus;
                }
                m.Set(r.Name, sum);
            });
        }
        r.IsGone = false;
    }
}
