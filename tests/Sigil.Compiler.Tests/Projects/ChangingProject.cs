using System.Collections.Immutable;
using System.Text;
using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Projects;

/// <summary>
/// A project of modules that each use the one before, and whose parts change from step to step: bodies, signatures, types, defaults, constants,
/// effects, traits, what a body does with a function that it is given; with and without mistakes.
/// </summary>
internal sealed class ChangingProject : ISourceProvider
{
    // The first of each list holds together with everything else.
    private static readonly string[][] features =
    [
        /* Number */ ["1", "2", "3", "4"],
        /* Note */ ["", "// A note.\n", "/// Documented.\n"],
        /* Fields */ ["x: int, y: int", "x: int, y: int = 4", "x: int, y: str", "x: int, y: int, z: int = 1", "x: int, y: int, z: int"],
        /* Derive */ ["#[derive(Eq)]\n", "", "#[derive(Eq, Printable)]\n"],
        /* Variants */ ["", " | Line{0}(int)"],
        /* Apply */ ["f(n)", "f(n + 1)", "run(let kept = [f], kept[0](n))"],
        /* By */ ["by: int = 2", "by: int = 3", "by: int", "by: float = 2.0"],
        /* Nested */ ["x", "(x, x)"],
        /* Limit */ ["3", "5", "\"many\""],
        /* Effect */ ["", " uses Async"],
        /* Visible */ ["pub ", ""],
        /* Second trait */ ["", "pub trait Other{0} { @shown (self) -> str }\nimpl Other{0} for int { @shown (self) -> str = \"other\" }\n", "pub trait Other{0} { @shown (self) -> str }\n"],
        /* Own */ ["", "    let unused = 1,\n", "    let wrong: str = n,\n", "    sleep(1ms),\n", "    let gap = match(n, 0 -> 1),\n"],
        /* Allowed */ ["", "#[allow(W2001)]\n"],
        /* Import */ ["", ", helped{1}"],
        /* Moved */ [" = p.len()", " uses Async = run(finish(p), p.len())"],
        /* Method */ ["n * 2", "n * 3", "true"],
    ];

    private readonly Random random;
    private readonly int[][] chosen;

    public ChangingProject(int seed, int modules)
    {
        random = new Random(seed);
        chosen = [.. Enumerable.Range(0, modules).Select(_ => new int[features.Length])];
    }

    public IEnumerable<string> Files => Enumerable.Range(0, chosen.Length).Select(i => $"m{i}.si");

    /// <summary>Changes one thing, or puts everything right again.</summary>
    public void Change()
    {
        if (random.Next(5) == 0) foreach (var choices in chosen) Array.Clear(choices);
        var feature = random.Next(features.Length);
        var module = random.Next(chosen.Length);
        chosen[module][feature] = random.Next(3) == 0 ? 0 : random.Next(features[feature].Length);
    }

    /// <summary>Chooses one form of one part of a module.</summary>
    public void Choose(int module, int feature, int form) => chosen[module][feature] = form;

    public bool Exists(string path) => Files.Contains(path);

    public IEnumerable<string> List(string directory) => Files;

    public SourceText? Read(string path, DiagnosticBag diagnostics) =>
        Exists(path) ? SourceText.FromString(path, Text(int.Parse(path[1..^3], System.Globalization.CultureInfo.InvariantCulture))) : null;

    public ProgramInput Input(ILibrarySource library) => new() { Sources = this, Library = library, RootFiles = [.. Files], EntryFile = $"m{chosen.Length - 1}.si" };

    private string Text(int i)
    {
        // The last but one module is imported by none, so that it is seen only by what needs no import.
        var isLast = i == chosen.Length - 1;
        var before = isLast ? i - 2 : i - 1;
        string Of(int feature) => features[feature][chosen[i][feature]].Replace("{0}", $"{i}", StringComparison.Ordinal).Replace("{1}", $"{before}", StringComparison.Ordinal);
        var module = new StringBuilder();
        if (i > 0) module.Append($"use './m{before}' {{ Point{before}, Shape{before}, Counter{before}, $LIMIT{before}, apply{before}, scaled{before}, nested{before}, total{before}{Of(14)} }}\n\n");
        if (i == 0) module.Append("pub trait Shown { @shown (self) -> str }\nimpl Shown for int { @shown (self) -> str = \"int\" }\n");
        module.Append(Of(1)).Append(Of(11));
        module.Append($"{Of(3)}pub type Point{i} = {{ {Of(2)} }}\n");
        module.Append($"pub type Shape{i} = Circle{i}(int) | Square{i}(int){Of(4)}\n");
        module.Append($"pub type Counter{i} = {{ n: int }}\nimpl Counter{i} {{ @twice (self) -> int = run(let n = self.n, {Of(16)}) }}\n");
        module.Append($"pub $LIMIT{i} = {Of(8)}\n");
        module.Append($"pub @apply{i} (f: int -> int, n: int) -> int = {Of(5)}\n");
        module.Append($"pub @scaled{i} (n: int, {Of(6)}) -> int = n * by\n");
        module.Append($"pub @nested{i}<T> (x: T, n: int) -> int = if n == 0 then 0 else nested{i}({Of(7)}, n - 1)\n");
        module.Append($"{Of(10)}@helped{i} (n: int) -> int = n + {Of(0)}\n");
        module.Append($"@finish (p: Producer<int>) -> void uses Async = p.send(1)\n");
        module.Append($"@lengths (p: Producer<int>) -> int{Of(15)}\n");
        if (i == 0) module.Append($"pub @total0 (n: int) -> int{Of(9)} = n + helped0(n)\n");
        else
            module.Append($$"""
                @seen (p: &Producer<int>, n: int) -> int = apply{{before}}(v -> v + p.len(), n)
                {{Of(13)}}pub @total{{i}} (n: int) -> int{{Of(9)}} = run(
                    let point = Point{{before}} { x: n, y: 1 },
                    let shape = if n > 2 then Circle{{before}}(n) else Square{{before}}(point.x),
                    let area = match(shape, Circle{{before}}(r) -> r, Square{{before}}(a) -> a * a),
                    let same = if point == Point{{before}} { x: 1, y: 1 } then 1 else 0,
                {{Of(12)}}    area + same + apply{{before}}(v -> v + area, 3) + total{{before}}(n) + scaled{{before}}(n) + $LIMIT{{before}} + nested{{before}}(n, 2) + n.shown().len() + Counter{{before}} { n: n }.twice() + {{Of(0)}},
                )

                """);
        module.Append($"@test_total{i} tests @total{i} () -> void = assert(helped{i}(1) > 0)\n");
        if (isLast) module.Append($"@main () -> void{Of(9)} = print(str(total{i}(3)))\n");
        return module.ToString();
    }
}
