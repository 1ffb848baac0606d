using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sigil.Syntax.Tests;

/// <summary>
/// As much of a TextMate engine as the grammar of the editors needs: rules that match, rules with a begin and an end, includes,
/// captures. Its expressions mean the same to .NET and to the editors' engine; the tests see to that as far as they can.
/// </summary>
internal sealed class TextMateGrammar
{
    private readonly Dictionary<string, Rule> _repository = [];
    private readonly Rule _root;

    public TextMateGrammar(string json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var entry in document.RootElement.GetProperty("repository").EnumerateObject()) _repository[entry.Name] = Rule.Of(entry.Value);
        _root = Rule.Of(document.RootElement);
        Expressions = [.. _repository.Values.Append(_root).SelectMany(r => r.All()).SelectMany(r => new[] { r.Match, r.Begin, r.End }).OfType<Regex>().Select(r => r.ToString())];
        Includes = [.. _repository.Values.Append(_root).SelectMany(r => r.All()).Select(r => r.Include).OfType<string>()];
    }

    public IReadOnlyList<string> Expressions { get; }

    /// <summary>What is included, without the <c>#</c>.</summary>
    public IReadOnlyList<string> Includes { get; }

    public bool Has(string name) => _repository.ContainsKey(name);

    /// <summary>The scopes at each character, innermost last.</summary>
    public string[] Scopes(string text)
    {
        var scopes = new string[text.Length];
        var stack = new Stack<Rule>();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            if (end < 0) end = text.Length;
            Line(text[start..end], start, scopes, stack);
            start = end + 1;
        }
        return scopes;
    }

    private void Line(string line, int offset, string[] scopes, Stack<Rule> stack)
    {
        var at = 0;
        while (at <= line.Length)
        {
            var open = stack.Count > 0 ? stack.Peek() : null;
            Match? best = open?.End?.Match(line, at) is { Success: true } m ? m : null;
            Rule? rule = null;
            foreach (var candidate in Flattened(open ?? _root))
            {
                var match = (candidate.Match ?? candidate.Begin)!.Match(line, at);
                if (!match.Success || (best is not null && match.Index >= best.Index)) continue;
                (best, rule) = (match, candidate);
            }
            var around = string.Join(' ', stack.Reverse().Select(r => r.Name).OfType<string>());
            Fill(scopes, offset + at, (best?.Index ?? line.Length) - at, around);
            if (best is null) return;
            var inner = rule is null ? around : $"{around} {rule.Name}".Trim();
            Fill(scopes, offset + best.Index, best.Length, inner);
            var captures = rule is null ? open!.EndCaptures : rule.Captures;
            foreach (var (number, name) in captures)
                if (best.Groups[number] is { Success: true } group) Fill(scopes, offset + group.Index, group.Length, $"{inner} {name}".Trim());
            if (rule is null) stack.Pop();
            else if (rule.Begin is not null) stack.Push(rule);
            var next = best.Index + best.Length;
            // A rule that takes nothing must at least have changed something.
            if (next == at && best.Length == 0 && rule is { Begin: null }) next++;
            if (next >= line.Length && best.Length == 0 && rule is null && stack.All(r => r.End?.Match(line, line.Length).Success != true)) return;
            at = next;
            if (at == line.Length && (stack.Count == 0 || stack.Peek().End?.Match(line, at).Success != true)) return;
        }
    }

    private static void Fill(string[] scopes, int start, int length, string scope)
    {
        for (var i = start; i < start + length; i++) scopes[i] = scope;
    }

    private IEnumerable<Rule> Flattened(Rule rule)
    {
        foreach (var part in rule.Patterns)
        {
            if (part.Include is { } name)
            {
                var target = _repository[name];
                if (target.Match is not null || target.Begin is not null) yield return target;
                else
                    foreach (var inner in Flattened(target)) yield return inner;
            }
            else if (part.Match is not null || part.Begin is not null) yield return part;
            else
                foreach (var inner in Flattened(part)) yield return inner;
        }
    }

    private sealed record Rule(string? Name, string? Include, Regex? Match, Regex? Begin, Regex? End, Dictionary<int, string> Captures, Dictionary<int, string> EndCaptures, List<Rule> Patterns)
    {
        public static Rule Of(JsonElement e) => new(
            Text(e, "name"), Text(e, "include")?.TrimStart('#'), Expression(e, "match"), Expression(e, "begin"), Expression(e, "end"),
            Numbered(e, e.TryGetProperty("begin", out _) ? "beginCaptures" : "captures"), Numbered(e, "endCaptures"),
            e.TryGetProperty("patterns", out var patterns) ? [.. patterns.EnumerateArray().Select(Of)] : []);

        public IEnumerable<Rule> All() => Patterns.SelectMany(p => p.All()).Prepend(this);

        private static string? Text(JsonElement e, string name) => e.TryGetProperty(name, out var value) ? value.GetString() : null;

        private static Regex? Expression(JsonElement e, string name) => Text(e, name) is { } text ? new Regex(text, RegexOptions.CultureInvariant | RegexOptions.Compiled) : null;

        private static Dictionary<int, string> Numbered(JsonElement e, string name) => e.TryGetProperty(name, out var captures)
            ? captures.EnumerateObject().ToDictionary(c => int.Parse(c.Name, System.Globalization.CultureInfo.InvariantCulture), c => c.Value.GetProperty("name").GetString()!)
            : [];
    }
}
