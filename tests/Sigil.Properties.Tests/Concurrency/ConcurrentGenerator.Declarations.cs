namespace Sigil.Properties.Tests.Concurrency;

// Types and functions, the same for all programs but for the kinds that were drawn and the numbers in them.
internal sealed partial class ConcurrentGenerator
{
    private void Declare()
    {
        foreach (var text in (string[])
        [
            "type D = { n: int, xs: [int] }",
            $"impl D {{ @grow (mut self, by: int) -> int = run(self.n = (self.n + by) % {Kind.Modulus}, self.xs = self.xs.append(by), self.n) }}",
            "type Held = { d: iso D, tag: int }",
            "type Only<T> = iso T",
            "type Node = { n: int, next: Option<ref Node> }",
            "type Graph = { root: ref Node, count: int }",
            "type Chain = Link(item: iso D, rest: Chain) | End",
            "type Pair<A: ~Copyable, B: ~Copyable> = { first: A, second: B }",
            "type Local = { r: ref D }",
            "type KeptEnd = { p: Producer<int> }",
            "@build (n: int) -> iso Graph = recover(run(",
            "    let root = ref Node { n: n, next: None },",
            "    let child = ref Node { n: n + 1, next: Some(root) },",
            "    root.next = Some(child),",
            "    Graph { root: root, count: 2 },",
            "))",
            $"@adder (n: int) -> (int -> int) = x -> (x + n) % {Kind.Modulus}",
            $"@counter (n: int) -> iso (int -> int) = run(let c = iso D {{ n: n, xs: [] }}, x -> run(c.n = (c.n + x) % {Kind.Modulus}, c.n))",
            $"@scramble (n: int) -> int = (n * 31 + 17) % {Kind.Modulus}",
            "@peek (r: ref D) -> int = r.n",
            "@peek_local (l: Local) -> int = l.r.n",
            "@call_it (f: () -> int) -> int = f()",
            "@one () -> int = 1",
            "@rest (n: int) -> int uses Async = run(sleep(1h), n)",
            "trait Scale { @scale (n: int) -> int }",
            "type Factor = { by: int }",
            $"impl Scale for Factor {{ @scale (n: int) -> int = n * self.by % {Kind.Modulus} }}",
        ]) Add(0, text);
        foreach (var kind in (Kind[])[iso, frozen, alias, data, holder]) DeclareKind(kind);
        for (var i = 2 + Pick(4); i > 0; i--) DeclareKind(AnyNewKind(2));
        DeclareScaled();
    }

    private Kind AnyNewKind(int depth)
    {
        Kind? Part(Func<Kind, bool> fits)
        {
            var kind = AnyNewKind(depth - 1);
            if (!kind.CanBePart || !fits(kind)) return null;
            DeclareKind(kind);
            return kinds.Find(k => k.Equals(kind) || k.Text == kind.Text);
        }

        return (Pick(depth > 0 ? 12 : 6), depth) switch
        {
            (0, _) => new ListKind(),
            (1, _) => new GraphKind(),
            (2, _) => new CounterKind(),
            (3, _) => new FunctionKind(),
            (4, _) => new ChainKind(),
            (5, _) => new IsoKind(IsAlias: true),
            (6 or 7, _) when Part(_ => true) is { } a && (Chance(50) ? data : Part(_ => true)) is { } b => new PairKind(a, b),
            (8, _) => Part(_ => true) is { } t ? new TupleKind(t) : new ListKind(),
            (9, _) when Part(_ => true) is { } o => new OptionKind(o),
            (10 or 11, _) when Part(_ => true) is { } l => new ManyKind(l),
            _ => new ChainKind(),
        };
    }

    private void DeclareKind(Kind kind)
    {
        if (kinds.Exists(k => k.Text == kind.Text))
        {
            kind.Id = kinds.Find(k => k.Text == kind.Text)!.Id;
            return;
        }
        kind.Id = $"_{kinds.Count}";
        kinds.Add(kind);
        Add(0, $"@make{kind.Id} (n: int) -> {kind.Text} = {kind.Make("n")}");
        Add(0, $"@weigh{kind.Id} (x: {kind.Text}) -> int = {kind.Weigh("x")}");
        Add(0, $"@look{kind.Id} (x: {kind.LookParameter}) -> int = {kind.Look("x")}");
        Add(0, $"@pass{kind.Id} (x: {kind.Text}) -> {kind.Text} = x");
        if (kind.Nature != Nature.Unique || kind is GraphKind or CounterKind || !kind.Touches(3, 5).Any()) return;
        Add(0, $"@bump{kind.Id} (x: &mut {kind.Text}) -> void = run(");
        var line = Add(1, Pick(kind.Touches(3, 5).ToList()).Text("x") + ",");
        bumps[kind] = kind.Touches(3, 5).First(t => t.Text("x") + "," == line.Text).Meaning;
        Add(1, "void,");
        Add(0, ")");
        Mistake("borrow stored in a list", null, After(line, "let kept = [x], //~ E6008"));
        Mistake("borrow stored in a tuple", null, After(line, "let kept = (1, x), //~ E6008"));
        Mistake("borrow captured", null, After(line, $"let kept = () -> {kind.LookCall("x")}, //~ E6008"));
        Mistake("borrow consumed", null, After(line, $"let kept = weigh{kind.Id}(x), //~ E6008"));
        Add(0, $"@both{kind.Id} (x: &mut {kind.Text}, y: &{kind.Text}) -> void = void");
        var give = Add(0, $"@also{kind.Id} (x: {kind.Text}, y: {kind.Text}) -> void = void");
        Mistake("borrow returned", null, After(give, $"@back{kind.Id} (x: &{kind.Text}) -> {kind.Text} = x //~ E6008"));
        Mistake("borrow sent", null, After(give, $"@off{kind.Id} (x: &{kind.Text}, tx: &Producer<{kind.Text}>) -> void uses Async = tx.send(x) //~ E6008"));
        Mistake("borrow given to a task", null, After(give, $"@away{kind.Id} (x: &{kind.Text}) -> int uses Async = parallel(.t: weigh{kind.Id}(x)).t //~ E6008"));
        Mistake("borrow mentioned in a task", null, After(give, $"@away{kind.Id} (x: &{kind.Text}) -> int uses Async = parallel(.t: run(let z = {kind.LookCall("x")}, z)).t //~ E6008"));
    }

    private readonly Dictionary<Kind, Func<long, long>> bumps = [];

    private void DeclareScaled()
    {
        var head = Add(0, "@scaled (n: int) -> int uses Scale = run(");
        var use = Add(1, "let m = Scale.scale(n),");
        Add(1, "m,");
        Add(0, ")");
        Mistake("capability dropped", null, Instead(head, "@scaled (n: int) -> int = run("), Instead(use, "let m = Scale.scale(n), //~ E5001"));
        head = Add(0, "@scaled_apart (n: int) -> int uses Async, Scale = run(");
        use = Add(1, "let r = parallel(.a: scaled(n), .b: run(let m = scaled(n + 1), m)),");
        Add(1, $"(r.a + r.b) % {Kind.Modulus},");
        Add(0, ")");
        Mistake("capability dropped", null, Instead(head, "@scaled_apart (n: int) -> int uses Async = run("), Instead(use, use.Text + " //~ E5002"));
        Mistake("capability dropped", null, Instead(head, "@scaled_apart (n: int) -> int uses Scale = run("), Instead(use, use.Text + " //~ E5010"));
    }
}
