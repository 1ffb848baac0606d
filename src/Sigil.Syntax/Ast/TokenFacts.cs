using System.Collections.Frozen;

namespace Sigil.Syntax.Ast;

/// <summary>What is fixed about each kind of token.</summary>
public static class TokenFacts
{
    private static readonly FrozenDictionary<string, TokenKind> _keywords = new Dictionary<string, TokenKind>
    {
        ["async"] = TokenKind.AsyncKeyword,
        ["break"] = TokenKind.BreakKeyword,
        ["continue"] = TokenKind.ContinueKeyword,
        ["do"] = TokenKind.DoKeyword,
        ["dyn"] = TokenKind.DynKeyword,
        ["else"] = TokenKind.ElseKeyword,
        ["false"] = TokenKind.FalseKeyword,
        ["for"] = TokenKind.ForKeyword,
        ["if"] = TokenKind.IfKeyword,
        ["impl"] = TokenKind.ImplKeyword,
        ["in"] = TokenKind.InKeyword,
        ["let"] = TokenKind.LetKeyword,
        ["loop"] = TokenKind.LoopKeyword,
        ["match"] = TokenKind.MatchKeyword,
        ["mut"] = TokenKind.MutKeyword,
        ["pub"] = TokenKind.PubKeyword,
        ["return"] = TokenKind.ReturnKeyword,
        ["self"] = TokenKind.SelfKeyword,
        ["Self"] = TokenKind.SelfTypeKeyword,
        ["then"] = TokenKind.ThenKeyword,
        ["trait"] = TokenKind.TraitKeyword,
        ["true"] = TokenKind.TrueKeyword,
        ["type"] = TokenKind.TypeKeyword,
        ["use"] = TokenKind.UseKeyword,
        ["uses"] = TokenKind.UsesKeyword,
        ["void"] = TokenKind.VoidKeyword,
        ["where"] = TokenKind.WhereKeyword,
        ["while"] = TokenKind.WhileKeyword,
        ["with"] = TokenKind.WithKeyword,
        ["yield"] = TokenKind.YieldKeyword,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, TokenKind>.AlternateLookup<ReadOnlySpan<char>> _keywordLookup =
        _keywords.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string?[] _fixedTexts = MakeFixedTexts();

    /// <summary>All reserved words.</summary>
    public static IEnumerable<string> Keywords => _keywords.Keys;

    /// <summary>Whether a kind is a reserved word.</summary>
    public static bool IsKeyword(TokenKind kind) => kind is >= TokenKind.AsyncKeyword and <= TokenKind.YieldKeyword;

    /// <summary>The text of a kind that is always written the same way, otherwise null.</summary>
    public static string? FixedText(TokenKind kind) => _fixedTexts[(int)kind];

    /// <summary>A kind in the words of an error message.</summary>
    public static string Describe(TokenKind kind) => kind switch
    {
        TokenKind.EndOfFile => "the end of the file",
        TokenKind.Identifier => "a name",
        TokenKind.IntLiteral or TokenKind.FloatLiteral => "a number",
        TokenKind.StringLiteral => "a string",
        TokenKind.CharLiteral => "a character literal",
        TokenKind.DurationLiteral => "a duration",
        TokenKind.SizeLiteral => "a size",
        TokenKind.PathLiteral => "a path",
        TokenKind.TemplateStart or TokenKind.TemplateEnd => "a template",
        TokenKind.TemplateText => "template text",
        _ => $"`{FixedText(kind)}`",
    };

    internal static TokenKind KeywordOrIdentifier(ReadOnlySpan<char> word) =>
        _keywordLookup.TryGetValue(word, out var kind) ? kind : TokenKind.Identifier;

    private static string?[] MakeFixedTexts()
    {
        var texts = new string?[(int)TokenKind.CompoundAssignment + 1];
        foreach (var (word, kind) in _keywords)
            texts[(int)kind] = word;
        texts[(int)TokenKind.Plus] = "+";
        texts[(int)TokenKind.Minus] = "-";
        texts[(int)TokenKind.Star] = "*";
        texts[(int)TokenKind.Slash] = "/";
        texts[(int)TokenKind.Percent] = "%";
        texts[(int)TokenKind.EqualsEquals] = "==";
        texts[(int)TokenKind.BangEquals] = "!=";
        texts[(int)TokenKind.Less] = "<";
        texts[(int)TokenKind.Greater] = ">";
        texts[(int)TokenKind.LessEquals] = "<=";
        texts[(int)TokenKind.AmpersandAmpersand] = "&&";
        texts[(int)TokenKind.BarBar] = "||";
        texts[(int)TokenKind.Bang] = "!";
        texts[(int)TokenKind.Ampersand] = "&";
        texts[(int)TokenKind.Bar] = "|";
        texts[(int)TokenKind.Caret] = "^";
        texts[(int)TokenKind.Tilde] = "~";
        texts[(int)TokenKind.LessLess] = "<<";
        texts[(int)TokenKind.DotDot] = "..";
        texts[(int)TokenKind.DotDotEquals] = "..=";
        texts[(int)TokenKind.Ellipsis] = "...";
        texts[(int)TokenKind.QuestionQuestion] = "??";
        texts[(int)TokenKind.Question] = "?";
        texts[(int)TokenKind.Arrow] = "->";
        texts[(int)TokenKind.Equals] = "=";
        texts[(int)TokenKind.Dot] = ".";
        texts[(int)TokenKind.Comma] = ",";
        texts[(int)TokenKind.Colon] = ":";
        texts[(int)TokenKind.ColonColon] = "::";
        texts[(int)TokenKind.At] = "@";
        texts[(int)TokenKind.Dollar] = "$";
        texts[(int)TokenKind.Hash] = "#";
        texts[(int)TokenKind.OpenParen] = "(";
        texts[(int)TokenKind.CloseParen] = ")";
        texts[(int)TokenKind.OpenBracket] = "[";
        texts[(int)TokenKind.CloseBracket] = "]";
        texts[(int)TokenKind.OpenBrace] = "{";
        texts[(int)TokenKind.CloseBrace] = "}";
        texts[(int)TokenKind.Semicolon] = ";";
        texts[(int)TokenKind.FatArrow] = "=>";
        texts[(int)TokenKind.PlusPlus] = "++";
        texts[(int)TokenKind.PipeGreater] = "|>";
        texts[(int)TokenKind.HoleOpen] = "{";
        texts[(int)TokenKind.HoleClose] = "}";
        texts[(int)TokenKind.TemplateStart] = "`";
        texts[(int)TokenKind.TemplateEnd] = "`";
        return texts;
    }
}
