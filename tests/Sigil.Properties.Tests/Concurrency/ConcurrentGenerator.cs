using Sigil.Properties.Tests.Generation;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>A piece of an expression: its text, and its value.</summary>
internal sealed record Number(string Text, Func<Memory, long> Value);

/// <summary>
/// Makes concurrent programs that end with a known output, whatever the order of their tasks: tasks share nothing but channels, and what
/// arrives is added up. With each construct come the mistakes that could be made there. The seed alone decides.
/// </summary>
internal sealed partial class ConcurrentGenerator : SeededGenerator
{
    private readonly ConcurrentProgram program = new();
    private readonly List<Kind> kinds = [];
    private readonly List<Line> pending = [];
    private readonly Kind iso = new IsoKind(), frozen = new ValKind(), alias = new RefKind(), data = new DataKind(), holder = new HolderKind();
    private int budget;

    private ConcurrentGenerator(int seed)
        : base(seed)
    {
    }

    public static ConcurrentProgram Generate(int seed)
    {
        var generator = new ConcurrentGenerator(seed);
        generator.Run();
        return generator.program;
    }

    private void Run()
    {
        Declare();
        budget = 26 + Pick(20);
        var main = new Region(null, Border.Block, 1, true);
        Add(0, "@main () -> void uses Async = run(");
        for (var i = 3; i > 0; i--) MakeVariable(main);
        MakeVariable(main, alias);
        while (budget > 0) AddStep(main);
        foreach (var v in main.Variables.Where(v => !v.IsGone).ToList())
            if (v.Kind is null) Print(main, v.Name, m => m[v.Name].Content);
            else Print(main, v.Kind.LookCall(v.Name), m => m[v.Name].Content);
        Add(0, ")");
        foreach (var line in pending) program.Add(line);
        var memory = new Memory();
        main.Run(memory);
        program.ExpectedOutput = memory.Output.ToString();
    }

    private Line Add(int depth, string text)
    {
        var line = new Line(depth, text);
        pending.Add(line);
        return line;
    }

    private Line Add(Region region, string text, Action<Memory>? meaning = null)
    {
        if (meaning is not null) region.Actions.Add(meaning);
        return Add(region.Depth, text);
    }

    private void Print(Region region, string text, Func<Memory, long> value) =>
        Add(region, $"print(`{{{text}}}`),", m => m.Output.Append(value(m)).Append('\n'));

    private Variable Declare(Region region, string prefix, Kind? kind)
    {
        var v = new Variable(Fresh(prefix), kind, region);
        region.Variables.Add(v);
        return v;
    }

    private void Mistake(string kind, string? takes, params Edit[] edits) => program.Mutants.Add(new Mutant(kind, edits) { Takes = takes });

    // Whether a line since that one has the name.
    private bool IsMentioned(Variable v, Line since) => pending.Skip(pending.IndexOf(since)).Any(l => System.Text.RegularExpressions.Regex.IsMatch(l.Text, $@"\b{v.Name}\b"));

    private static Edit After(Line line, string text) => new(line, EditPlace.After, text);
    private static Edit Before(Line line, string text) => new(line, EditPlace.Before, text);
    private static Edit Instead(Line line, string text) => new(line, EditPlace.Instead, text);

    // Numbers --------------------------------------------------------------------------------------------------------------------------

    private Number NumberOf(Region region, int depth = 2)
    {
        var visible = region.Visible().ToList();
        switch (Pick(depth > 0 ? 6 : 3))
        {
            case 0:
                var n = Pick(90) + 1;
                return new Number($"{n}", _ => n);
            case 1 or 2 when visible.Where(v => v.Kind is null).ToList() is { Count: > 0 } ints:
                var v = Pick(ints);
                return new Number(v.Name, m => m[v.Name].Content);
            case 3 when visible.Where(v => CanLook(region, v)).ToList() is { Count: > 0 } objects:
                var o = Pick(objects);
                return new Number(o.Kind!.LookCall(o.Name), m => m[o.Name].Content);
            case 4:
                var (a, b) = (NumberOf(region, depth - 1), NumberOf(region, depth - 1));
                return new Number($"(({a.Text} + {b.Text}) % {Kind.Modulus})", m => (a.Value(m) + b.Value(m)) % Kind.Modulus);
            case 5:
                var inner = NumberOf(region, depth - 1);
                return new Number($"scramble({inner.Text})", m => ((inner.Value(m) * 31) + 17) % Kind.Modulus);
            default:
                var k = Pick(90) + 1;
                return new Number($"{k}", _ => k);
        }
    }

    // A counter is called where it is looked at, which is a write: not through what a lambda only reads.
    private static bool CanLook(Region region, Variable v) => v.Kind is { } kind && (kind is not CounterKind || region.MayWrite(v));

    private Variable? Choose(Region region, Func<Variable, bool> fits) => region.Visible().Where(fits).ToList() is { Count: > 0 } all ? Pick(all) : null;

    private Kind AnyKind(Func<Kind, bool> fits) => Pick(kinds.Where(fits).ToList());

    // Blocks ---------------------------------------------------------------------------------------------------------------------------

    /// <summary>Statements inside others: some steps, then a number.</summary>
    private Number Fill(Region region, int steps)
    {
        while (steps-- > 0 && budget > 0) AddStep(region);
        return NumberOf(region);
    }
}
