using System.Collections.Immutable;

namespace Sigil.Syntax.Ast;

/// <summary>A named note of a doc comment: on a parameter, a field, or an error that may arise.</summary>
public sealed record DocNote(string Name, string Text);

/// <summary>
/// The documentation of an item: the comments before it whose text starts with a marker (<c>#</c>, <c>@param</c>,
/// <c>@field</c>, <c>!</c>, <c>&gt;</c>). Lines of one marker join.
/// </summary>
public sealed record DocComment
{
    /// <summary>The lines after <c>#</c>, joined by line ends.</summary>
    public required string Description { get; init; }

    /// <summary>The notes after <c>@param</c>.</summary>
    public required ImmutableArray<DocNote> Parameters { get; init; }

    /// <summary>The notes after <c>@field</c>.</summary>
    public required ImmutableArray<DocNote> Fields { get; init; }

    /// <summary>The notes after <c>!</c>: which error or panic arises when.</summary>
    public required ImmutableArray<DocNote> Errors { get; init; }

    /// <summary>The examples after <c>&gt;</c>, each <c>expr -&gt; result</c>.</summary>
    public required ImmutableArray<string> Examples { get; init; }

    /// <summary>The documentation before a node, or null when there is none. At the start of a file, what a blank line separates from the node is the module's.</summary>
    public static DocComment? Before(SyntaxNode node) => Lines(node).Own is { Count: > 0 } lines ? FromLines(lines) : null;

    /// <summary>The documentation of a module: the doc comments at its start, before an import or a blank line. Null when there is none.</summary>
    public static DocComment? OfModule(ModuleSyntax module)
    {
        if (module.Members.IsEmpty) return null;
        var (above, own) = Lines(module.Members[0]);
        if (module.Members[0] is not Item) above.AddRange(own);
        return above.Count == 0 ? null : FromLines(above);
    }

    /// <summary>The doc lines before a node; those at the start of a file that a blank line follows by themselves.</summary>
    private static (List<string> Above, List<string> Own) Lines(SyntaxNode node)
    {
        var token = node.FirstToken();
        var above = new List<string>();
        var lines = new List<string>();
        // A comment that ends the line of the token before belongs to that line, not to what follows.
        var atStart = token.LeadingTriviaSpan.Start == 0;
        var onOwnLine = atStart;
        var emptyLine = false;
        foreach (var trivia in token.LeadingTrivia)
        {
            if (trivia.Kind == TriviaKind.EndOfLine)
            {
                if (atStart && emptyLine)
                {
                    above.AddRange(lines);
                    lines.Clear();
                }
                onOwnLine = emptyLine = true;
            }
            else if (trivia.Kind is TriviaKind.DocComment or TriviaKind.Comment or TriviaKind.Directive)
            {
                emptyLine = false;
                if (trivia.Kind == TriviaKind.DocComment && onOwnLine) lines.Add(Body(node.Source.Slice(trivia.Span)).ToString());
            }
        }
        return (above, lines);
    }

    /// <summary>What a comment, given with its slashes, is.</summary>
    internal static TriviaKind Classify(ReadOnlySpan<char> comment)
    {
        var body = Body(comment);
        if (body.StartsWith("#compile-fail") || body.StartsWith("#error:"))
            return TriviaKind.Directive;
        return MarkerOf(body) is null ? TriviaKind.Comment : TriviaKind.DocComment;
    }

    private static ReadOnlySpan<char> Body(ReadOnlySpan<char> comment)
    {
        var body = comment[2..];
        return body.StartsWith(" ") ? body[1..] : body;
    }

    private static string? MarkerOf(ReadOnlySpan<char> body)
    {
        foreach (var marker in (ReadOnlySpan<string>)["#", "@param ", "@field ", "!", ">"])
        {
            if (body.StartsWith(marker))
                return marker;
        }
        return null;
    }

    private static DocComment FromLines(List<string> lines)
    {
        var description = new List<string>();
        var parameters = ImmutableArray.CreateBuilder<DocNote>();
        var fields = ImmutableArray.CreateBuilder<DocNote>();
        var errors = ImmutableArray.CreateBuilder<DocNote>();
        var examples = ImmutableArray.CreateBuilder<string>();
        foreach (var line in lines)
        {
            var marker = MarkerOf(line)!;
            var text = line[marker.Length..].Trim();
            switch (marker)
            {
                case "#": description.Add(text); break;
                case "@param ": parameters.Add(Note(text, ' ')); break;
                case "@field ": fields.Add(Note(text, ' ')); break;
                case "!": errors.Add(Note(text, ':')); break;
                default: examples.Add(text); break;
            }
        }
        return new DocComment
        {
            Description = string.Join('\n', description),
            Parameters = parameters.ToImmutable(),
            Fields = fields.ToImmutable(),
            Errors = errors.ToImmutable(),
            Examples = examples.ToImmutable(),
        };
    }

    private static DocNote Note(string text, char separator)
    {
        var end = text.IndexOf(separator);
        return end < 0 ? new DocNote(text, "") : new DocNote(text[..end].TrimEnd(':'), text[(end + 1)..].Trim());
    }
}
