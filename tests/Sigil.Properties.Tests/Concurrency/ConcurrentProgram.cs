using System.Text;
using System.Text.RegularExpressions;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>A line of a generated program.</summary>
internal sealed class Line(int depth, string text)
{
    public string Text { get; set; } = text;

    public string Print(string instead) => new string(' ', depth * 4) + instead;

    public override string ToString() => Print(Text);
}

internal enum EditPlace
{
    Before,
    Instead,
    After,
}

/// <summary>A change of one line; its text says with <c>//~ CODE</c> what must be reported there.</summary>
internal sealed record Edit(Line Line, EditPlace Place, string Text);

/// <summary>One mistake put into a program: what kind it is, and the lines that it changes.</summary>
internal sealed record Mutant(string Kind, params Edit[] Edits)
{
    /// <summary>The mistake takes this name away, so it shows alone only where nothing below mentions the name.</summary>
    public string? Takes { get; init; }
}

/// <summary>A concurrent program with the output that it must have, and the mistakes that can be put into it.</summary>
internal sealed partial class ConcurrentProgram
{
    private readonly List<Line> lines = [];

    public List<Mutant> Mutants { get; } = [];

    public string ExpectedOutput { get; set; } = "";

    public string Text => string.Concat(lines.Select(l => l + "\n"));

    public void Add(Line line) => lines.Add(line);

    public bool CanBeSeenAlone(Mutant mutant)
    {
        if (mutant.Takes is not { } name) return true;
        var word = new Regex($@"\b{name}\b");
        return !lines.SkipWhile(l => l != mutant.Edits[^1].Line).Skip(1).Any(l => word.IsMatch(l.Text));
    }

    /// <summary>The program with the mistake, and what must be reported: line and code.</summary>
    public (string Text, List<string> Expected) With(Mutant mutant)
    {
        var text = new List<string>();
        foreach (var line in lines)
        {
            var edits = mutant.Edits.Where(e => e.Line == line).ToList();
            text.AddRange(edits.Where(e => e.Place == EditPlace.Before).Select(e => line.Print(e.Text)));
            text.Add(edits.Find(e => e.Place == EditPlace.Instead) is { } instead ? line.Print(instead.Text) : line.ToString());
            text.AddRange(edits.Where(e => e.Place == EditPlace.After).Select(e => line.Print(e.Text)));
        }
        var expected = text.SelectMany((l, i) => Mark().Match(l) is { Success: true } m ? m.Groups[1].Captures.Select(c => $"{c.Value} at line {i + 1}") : []).ToList();
        return (new StringBuilder().AppendJoin('\n', text).Append('\n').ToString(), expected);
    }

    [GeneratedRegex(@"//~(?: (E\d{4}))+")]
    private static partial Regex Mark();
}
