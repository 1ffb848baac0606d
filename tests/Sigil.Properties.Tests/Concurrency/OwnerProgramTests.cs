using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sigil.Compiler;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>
/// Hand-written programs under the checking runtime: racy ones, which the compiler rejects and which show what they are when it is kept from it, and
/// those of <c>tests/soundness</c> that must be accepted.
/// </summary>
[Collection("generated programs")]
public sealed partial class OwnerProgramTests(ITestOutputHelper output)
{
    private const int LimitMillis = 10_000;

    private const string Box = """
        type D = { n: int, xs: [int] }
        impl D { @grow (mut self) -> void = self.n = self.n + 1 }
        @peek (d: ref D) -> int = d.n
        @bump (d: iso D) -> int uses Async = run(
            d.n = d.n + 1,
            sleep(1ms),
            d.n,
        )
        @hand (tx: Producer<iso D>, d: iso D) -> void uses Async = tx.send(d)
        @take (rx: Consumer<iso D>) -> int uses Async = run(
            let mut sum = 0,
            for d in rx do run(
                d.n = d.n + 1,
                sum = sum + d.n,
            ),
            sum,
        )

        """;

    public static TheoryData<string, string> Races => new()
    {
        { "written after send", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let d = iso D { n: 1, xs: [] },
            producer.send(d),
            d.n = 2,
            """ },
        { "read while the receiver writes", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let d = iso D { n: 1, xs: [] },
            let r = parallel(
                .a: run(
                    producer.send(d),
                    d.n,
                ),
                .b: take(consumer),
            ),
            """ },
        { "captured by two tasks", """
            let d = iso D { n: 1, xs: [] },
            let r = parallel(.a: bump(d), .b: bump(d)),
            """ },
        { "used beside a child", """
            let d = iso D { n: 1, xs: [] },
            let r: Result<int, TaskError> = nursery(.tasks: n -> run(
                n.spawn(bump(d)),
                d.n = 7,
                1,
            )),
            """ },
        { "used after the child has ended", """
            let d = iso D { n: 1, xs: [] },
            let r = parallel(.a: bump(d)),
            print(`{d.n}`),
            """ },
        { "a ref in two tasks", """
            let d = ref D { n: 1, xs: [] },
            let r = parallel(.a: peek(d), .b: peek(d)),
            """ },
        { "an exclusive end used by two tasks", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let r = parallel(
                .a: hand(producer, iso D { n: 1, xs: [] }),
                .b: hand(producer, iso D { n: 2, xs: [] }),
            ),
            """ },
        { "a list changed after it was sent", """
            let { producer, consumer } = channel<[int]>(.buffer: 4),
            let mut xs = [1, 2, 3],
            xs[0] = 5,
            producer.send(xs),
            xs[1] = 6,
            """ },
        { "sent twice", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let d = iso D { n: 1, xs: [] },
            producer.send(d),
            producer.send(d),
            """ },
        { "an alias kept in a list", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let d = iso D { n: 1, xs: [] },
            let kept = [d],
            producer.send(d),
            for k in kept do print(`{k.n}`),
            """ },
        { "a val written", """
            let d = val D { n: 1, xs: [] },
            d.grow(),
            """ },
        { "selected and kept", """
            let { producer, consumer } = channel<iso D>(.buffer: 4),
            let d = iso D { n: 1, xs: [] },
            select(.priority: [ producer.send(d) -> print(`{d.n}`) ]),
            """ },
        { "given to every element", """
            let d = iso D { n: 1, xs: [] },
            let r = parallel(.tasks: for i in 0..3 yield bump(d)),
            """ },
    };

    [Theory, MemberData(nameof(Races))]
    public void A_race_is_rejected_and_seen(string what, string body)
    {
        var text = $"{Box}@main () -> void uses Async = run(\n{body}\n)\n";
        var errors = GeneratedRun.Errors(text);
        Assert.True(!errors.IsEmpty && errors.All(e => GeneratedRun.OwnershipRules.Contains(e.Code)), $"{what}: {string.Join("; ", errors.Select(e => $"{e.Code} {e.Message}"))}");
        var (outcome, violations) = GeneratedRun.Checked(text, isBypassed: true);
        Assert.True(violations.Count > 0, $"{what}: nothing was seen; {outcome}");
        Assert.Contains("E9204", violations[0], StringComparison.Ordinal);
    }

    public static TheoryData<string> Categories =>
        [.. Directory.EnumerateFiles(Folder, "*.md").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Categories))]
    public void Accepted_programs_violate_nothing(string category)
    {
        var (wrong, ran) = (new List<string>(), 0);
        foreach (Match program in Program().Matches(File.ReadAllText(Path.Combine(Folder, category + ".md")).ReplaceLineEndings("\n")))
        {
            var (title, text) = (program.Groups[1].Value, program.Groups[2].Value);
            if (text.Contains("//~", StringComparison.Ordinal) || WithMain(text) is not { } whole) continue;
            var (outcome, violations) = ("", (IReadOnlyList<string>)[]);
            // Some wait for what nobody sends: they are watched for as long as they do something.
            var run = new Thread(() => (outcome, violations) = GeneratedRun.Checked(whole, isBypassed: false)) { IsBackground = true };
            run.Start();
            if (!run.Join(LimitMillis)) output.WriteLine($"{title}: still running");
            if (violations.Count > 0) wrong.Add($"{title}: {violations[0]}");
            if (outcome.StartsWith("rejected", StringComparison.Ordinal)) output.WriteLine($"{title}: {outcome}");
            else ran++;
        }
        output.WriteLine($"{ran} programs");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    // Some programs are functions only: those for whose parameters there is something to give are called, in order.
    private static string? WithMain(string text)
    {
        if (text.Contains("@main", StringComparison.Ordinal)) return text;
        var compilation = Compilation.Check(GeneratedRun.Input(text) with { EntryFile = null });
        if (compilation.HasErrors) return null;
        var calls = new StringBuilder();
        foreach (var function in compilation.Semantics.Modules.SelectMany(m => m.Functions))
        {
            if (!function.AllTypeParameters.IsEmpty || function.Body is null || function.Parameters.Any(p => p.Label is not null)) continue;
            if (!function.Uses.All(u => u.Trait.Name is "Async" or "Parallel" or "AsyncIO")) continue;
            var given = new Arguments($"a{calls.Length}_");
            var arguments = function.Parameters.Select(p => given.Of(p.Type)).ToList();
            if (arguments.TrueForAll(a => a is not null)) calls.Append(CultureInfo.InvariantCulture, $"{given.Before}    {function.Name}({string.Join(", ", arguments)}),\n");
        }
        return calls.Length == 0 ? null : $"{text}\n@main () -> void uses Parallel, AsyncIO = run(\n{calls}    (),\n)\n";
    }

    /// <summary>Something to give to a function.</summary>
    private sealed class Arguments(string prefix)
    {
        private readonly StringBuilder before = new();
        private int names;

        /// <summary>What must be declared before the call.</summary>
        public string Before => before.ToString();

        public string? Of(SigilType type)
        {
            switch (type.Resolve())
            {
                case BorrowType borrow when Value(borrow.Target, 3) is { } lent:
                    var name = prefix + ++names;
                    before.Append(CultureInfo.InvariantCulture, $"    let mut {name}: {borrow.Target} = {lent},\n");
                    return (borrow.IsMutable ? "&mut " : "&") + name;
                case NamedType { Definition.Name: "Producer" or "Consumer" } end:
                    var both = prefix + ++names;
                    before.Append(CultureInfo.InvariantCulture, $"    let {{ producer: {both}p, consumer: {both}c }} = channel<{end.Arguments[0]}>(.buffer: 64),\n");
                    return both + (end.Definition.Name == "Producer" ? "p" : "c");
                case var other: return Value(other, 3);
            }
        }

        private static string? Value(SigilType type, int depth)
        {
            if (depth == 0) return null;
            switch (type.Resolve())
            {
                case CapabilityType box: return Value(box.Target, depth - 1) is { } content ? $"{box.Modifier.ToString().ToLowerInvariant()} {content}" : null;
                case NamedType { Definition: { Module.IsStandardLibrary: false, Kind: TypeKind.Struct } definition, Arguments.IsEmpty: true }:
                    var fields = definition.Fields.Select(f => (f.Name, Value: Value(f.Type, depth - 1))).ToList();
                    return fields.TrueForAll(f => f.Value is not null) ? $"{definition.Name} {{ {string.Join(", ", fields.Select(f => $"{f.Name}: {f.Value}"))} }}" : null;
                case var plain:
                    return plain.ToString() switch { "int" => "1", "str" => "\"a\"", "bool" => "true", "float" => "1.0", "[int]" => "[1, 2, 3]", "[str]" => "[\"a\"]", _ => null };
            }
        }
    }

    private static string Folder
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "Sigil.slnx"))) directory = directory.Parent;
            return Path.Combine(directory.FullName, "tests", "soundness");
        }
    }

    [GeneratedRegex("^## ([^\n]+)\n```si\n(.*?)\n```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Program();
}
