using Sigil.Syntax.Ast;

namespace Sigil.Syntax.Parsing;

/// <summary>What can start what.</summary>
internal static class TokenSets
{
    /// <summary>Any word: a name or a reserved one.</summary>
    public static bool IsWord(TokenKind kind) => kind == TokenKind.Identifier || TokenFacts.IsKeyword(kind);

    public static bool IsLiteral(TokenKind kind) => kind
        is TokenKind.IntLiteral or TokenKind.FloatLiteral or TokenKind.StringLiteral or TokenKind.CharLiteral
        or TokenKind.DurationLiteral or TokenKind.SizeLiteral or TokenKind.TrueKeyword or TokenKind.FalseKeyword;

    public static bool IsCapabilityWord(SyntaxToken token) =>
        token.Kind == TokenKind.Identifier && token.Text is "iso" or "val" or "ref";

    public static bool IsCloser(TokenKind kind) =>
        kind is TokenKind.CloseParen or TokenKind.CloseBracket or TokenKind.CloseBrace or TokenKind.HoleClose or TokenKind.TemplateEnd;

    public static bool StartsType(TokenKind kind) => kind
        is TokenKind.Identifier or TokenKind.SelfTypeKeyword or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.OpenParen
        or TokenKind.Ampersand or TokenKind.DynKeyword or TokenKind.VoidKeyword;

    public static bool StartsExpression(TokenKind kind) => IsLiteral(kind) || kind
        is TokenKind.Identifier or TokenKind.SelfKeyword or TokenKind.SelfTypeKeyword or TokenKind.VoidKeyword
        or TokenKind.At or TokenKind.Dollar or TokenKind.Hash
        or TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.TemplateStart
        or TokenKind.Minus or TokenKind.Bang or TokenKind.Tilde
        or TokenKind.IfKeyword or TokenKind.ForKeyword or TokenKind.WhileKeyword or TokenKind.WithKeyword
        or TokenKind.LoopKeyword or TokenKind.MatchKeyword or TokenKind.BreakKeyword or TokenKind.ContinueKeyword
        or TokenKind.ReturnKeyword or TokenKind.AsyncKeyword;

    /// <summary>What the words iso, val, ref must be followed by to be prefixes of an expression.</summary>
    public static bool FollowsCapabilityWord(SyntaxToken token) => IsLiteral(token.Kind)
        || token.Kind is TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.TemplateStart
            or TokenKind.SelfKeyword or TokenKind.SelfTypeKeyword
        || (token.Kind == TokenKind.Identifier && token.Text != "div");

    public static bool StartsPattern(TokenKind kind) => IsLiteral(kind) || kind
        is TokenKind.Identifier or TokenKind.Minus or TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace
        or TokenKind.DotDot or TokenKind.DotDotEquals;

    /// <summary>Infix operators that can be argument values.</summary>
    public static bool IsOperatorValue(TokenKind kind) => kind
        is TokenKind.Plus or TokenKind.Minus or TokenKind.Star or TokenKind.Slash or TokenKind.Percent
        or TokenKind.EqualsEquals or TokenKind.BangEquals or TokenKind.Less or TokenKind.Greater or TokenKind.LessEquals
        or TokenKind.AmpersandAmpersand or TokenKind.BarBar or TokenKind.Ampersand or TokenKind.Bar or TokenKind.Caret
        or TokenKind.LessLess;
}
