namespace Sigil.Properties.Tests.Concurrency;

internal enum Nature
{
    /// <summary>Copied, and sent as a copy.</summary>
    Copy,

    /// <summary>Copied; sending moves the name.</summary>
    Value,

    /// <summary>Moved.</summary>
    Unique,

    /// <summary>Has an alias in it: stays in its task.</summary>
    Local,
}

/// <summary>A way to write into a value: the statement for a place, and what it makes of the content.</summary>
internal sealed record Touch(Func<string, string> Text, Func<long, long> Meaning);

/// <summary>
/// A type of the generated programs. Whatever its shape, what a value of it stands for is one number, its content, so that the generator
/// knows at each moment what every variable holds.
/// </summary>
internal abstract record Kind(string Text, Nature Nature)
{
    public const long Modulus = 1009;

    /// <summary>The end of the names of its functions.</summary>
    public string Id { get; set; } = "";

    /// <summary>An expression that makes a value with this content.</summary>
    public abstract string Make(string n);

    /// <summary>An expression that takes the value at a place apart.</summary>
    public abstract string Weigh(string x);

    /// <summary>An expression that only looks at it.</summary>
    public virtual string Look(string x) => Weigh(x);

    /// <summary>Ways to write into it, with numbers that the generator draws.</summary>
    public virtual IEnumerable<Touch> Touches(int a, int b) => [];

    /// <summary>The parameter of functions that only look, and how it is given.</summary>
    public virtual string LookParameter => "&" + Text;
    public virtual string Lend(string x) => "&" + x;
    public string LookCall(string x) => $"look{Id}({Lend(x)})";

    /// <summary>Writing into it is writing behind a reference: lambdas may do it to what they mention.</summary>
    public virtual bool IsReference => false;

    /// <summary>Can be written into through a name that is only lent.</summary>
    public bool CanBeWrittenWhereLent => this is IsoKind or ChainKind or OptionKind or ManyKind;

    /// <summary>May be a part of others.</summary>
    public virtual bool CanBePart => Nature is Nature.Unique;

    public virtual IEnumerable<Kind> Parts => [];

    protected static Touch Field(string field, int a, int b) =>
        new(x => $"{x}{field} = ({x}{field} * {a} + {b}) % {Modulus}", n => ((n * a) + b) % Modulus);
}

internal sealed record ListKind() : Kind("[int]", Nature.Value)
{
    public override string Make(string n) => $"[{n}, 1, 2]";
    public override string Weigh(string x) => $"{x}[0]";
    public override IEnumerable<Touch> Touches(int a, int b) => [Field("[0]", a, b), new(x => $"{x} = {x}.append({a})", n => n)];
}

internal sealed record DataKind() : Kind("D", Nature.Value)
{
    public override string Make(string n) => $"D {{ n: {n}, xs: [] }}";
    public override string Weigh(string x) => $"{x}.n";
    public override IEnumerable<Touch> Touches(int a, int b) => [Field(".n", a, b), new(x => $"{x}.grow({b})", n => (n + b) % Modulus)];
}

internal sealed record IsoKind(bool IsAlias = false) : Kind(IsAlias ? "Only<D>" : "iso D", Nature.Unique)
{
    public override string Make(string n) => $"iso D {{ n: {n}, xs: [{n}] }}";
    public override string Weigh(string x) => $"{x}.n";
    public override bool IsReference => true;
    public override IEnumerable<Touch> Touches(int a, int b) =>
    [
        Field(".n", a, b),
        new(x => $"{x}.grow({b})", n => (n + b) % Modulus),
        new(x => $"{x}.set(D {{ n: {b}, xs: [{a}] }})", _ => b),
        new(x => $"{x}.xs = {x}.xs.append({a})", n => n),
    ];
}

internal sealed record ValKind() : Kind("val D", Nature.Copy)
{
    public override string Make(string n) => $"val D {{ n: {n}, xs: [{n}] }}";
    public override string Weigh(string x) => $"{x}.n";
    public override string LookParameter => Text;
    public override string Lend(string x) => x;
}

internal sealed record RefKind() : Kind("ref D", Nature.Local)
{
    public override string Make(string n) => $"ref D {{ n: {n}, xs: [{n}] }}";
    public override string Weigh(string x) => $"{x}.n";
    public override string LookParameter => Text;
    public override string Lend(string x) => x;
    public override bool IsReference => true;
    public override IEnumerable<Touch> Touches(int a, int b) => [Field(".n", a, b), new(x => $"{x}.grow({b})", n => (n + b) % Modulus)];
}

internal sealed record GraphKind() : Kind("iso Graph", Nature.Unique)
{
    public override string Make(string n) => $"build({n})";
    public override string Weigh(string x) => $"{x}.root.n";

    // An isolated graph with references inside allows paths only.
    public override string Lend(string x) => x + ".root.n";
    public override string LookParameter => "int";
    public override string Look(string x) => x;
    public override bool IsReference => true;
    public override bool CanBePart => false;
    public override IEnumerable<Touch> Touches(int a, int b) => [Field(".root.n", a, b), new(x => $"{x}.count = {a}", n => n)];
}

internal sealed record FunctionKind() : Kind("int -> int", Nature.Value)
{
    public override string Make(string n) => $"adder({n})";
    public override string Weigh(string x) => $"{x}(0)";
    public override string LookParameter => "&(int -> int)";
    public override string Lend(string x) => x;
}

internal sealed record CounterKind() : Kind("iso (int -> int)", Nature.Unique)
{
    public override string Make(string n) => $"counter({n})";
    public override string Weigh(string x) => $"{x}(0)";
    public override string LookParameter => "&(int -> int)";
    public override string Lend(string x) => x;
    public override bool IsReference => true;
    public override bool CanBePart => false;
    public override IEnumerable<Touch> Touches(int a, int b) => [new(x => $"{x}({b})", n => (n + b) % Modulus)];
}

internal sealed record HolderKind() : Kind("Held", Nature.Unique)
{
    public override string Make(string n) => $"Held {{ d: iso D {{ n: {n}, xs: [] }}, tag: {n} }}";
    public override string Weigh(string x) => $"{x}.d.n";
    public override IEnumerable<Touch> Touches(int a, int b) =>
        [Field(".d.n", a, b), new(x => $"replace({x}.d, iso D {{ n: {b}, xs: [] }})", _ => b), new(x => $"{x}.tag = {a}", n => n)];
}

internal sealed record ChainKind() : Kind("Chain", Nature.Unique)
{
    public override string Make(string n) => $"Link(iso D {{ n: {n}, xs: [] }}, Link(iso D {{ n: 1, xs: [] }}, End))";
    public override string Weigh(string x) => $"match({x}, Link(d, _) -> d.n, End -> 0)";
    public override IEnumerable<Touch> Touches(int a, int b) =>
        [new(x => $"match({x}, Link(d, _) -> d.n = (d.n * {a} + {b}) % {Modulus}, End -> ())", n => ((n * a) + b) % Modulus)];
}

internal sealed record PairKind(Kind First, Kind Second) : Kind($"Pair<{First.Text}, {Second.Text}>", First.Nature == Nature.Unique || Second.Nature == Nature.Unique ? Nature.Unique : Nature.Value)
{
    public override string Make(string n) => $"Pair {{ first: make{First.Id}({n}), second: make{Second.Id}(7) }}";
    public override string Weigh(string x) => $"weigh{First.Id}({x}.first)";
    public override string Look(string x) => First.LookCall(x + ".first");
    public override IEnumerable<Kind> Parts => [First, Second];
    public override IEnumerable<Touch> Touches(int a, int b) =>
        First.Touches(a, b).Select(t => new Touch(x => t.Text(x + ".first"), t.Meaning))
            .Concat(Second.Touches(a, b).Select(t => new Touch(x => t.Text(x + ".second"), n => n)));
}

internal sealed record TupleKind(Kind First) : Kind($"(int, {First.Text})", First.Nature)
{
    public override string Make(string n) => $"(7, make{First.Id}({n}))";
    public override string Weigh(string x) => $"weigh{First.Id}({x}.1)";
    public override string Look(string x) => First.LookCall(x + ".1");
    public override IEnumerable<Kind> Parts => [First];
    public override IEnumerable<Touch> Touches(int a, int b) => First.Touches(a, b).Select(t => new Touch(x => t.Text(x + ".1"), t.Meaning));
}

internal sealed record OptionKind(Kind Item) : Kind($"Option<{Item.Text}>", Nature.Unique)
{
    public override string Make(string n) => $"Some(make{Item.Id}({n}))";
    public override string Weigh(string x) => $"match({x}, Some(e) -> weigh{Item.Id}(e), None -> 0)";
    public override string Look(string x) => $"match({x}, Some(e) -> {Item.LookCall("e")}, None -> 0)";
    public override IEnumerable<Kind> Parts => [Item];
    public override IEnumerable<Touch> Touches(int a, int b) =>
        (Item.CanBeWrittenWhereLent ? Item.Touches(a, b) : []).Select(t => new Touch(x => $"match({x}, Some(e) -> run({t.Text("e")}, ()), None -> ())", t.Meaning));
}

internal sealed record ManyKind(Kind Item) : Kind($"[{Item.Text}]", Nature.Unique)
{
    public override string Make(string n) => $"[make{Item.Id}({n}), make{Item.Id}({n})]";
    public override string Weigh(string x) => $"run(let mut last = 0, for e in {x} do last = weigh{Item.Id}(e), last)";
    public override string Look(string x) => $"run(let mut last = 0, for e in {x} do last = {Item.LookCall("e")}, last)";
    public override IEnumerable<Kind> Parts => [Item];
    public override IEnumerable<Touch> Touches(int a, int b) => (Item.CanBeWrittenWhereLent ? Item.Touches(a, b) : []).Select(t => new Touch(x => $"for e in {x} do {t.Text("e")}", t.Meaning));
}
