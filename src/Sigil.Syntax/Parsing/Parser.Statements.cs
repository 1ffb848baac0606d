using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Statements.</content>
internal sealed partial class Parser
{
    /// <summary>A statement of a snippet, or one that strayed into a module.</summary>
    private Statement ParseTopLevelStatement()
    {
        var outer = _context;
        _context = new Context { LinesEnd = true };
        var isLet = At(TokenKind.LetKeyword);
        // What a character that means nothing has cut off is no statement of its own.
        var isRemnant = (Current.Flags & TokenFlags.Damaged) != 0 && !Current.IsFirstOnLine;
        var statement = ParseStatement();
        if (!_options.IsSnippet && !isRemnant && statement is not ExpressionStatement { Expression: MissingExpression })
            Report(SyntaxErrors.StatementInModule(_source, statement.Span, isLet));
        if (At(TokenKind.Semicolon))
        {
            if (_options.IsSnippet)
                Report(SyntaxErrors.Semicolon(_source, Current.Span, ""));
            Skip();
        }
        else if (!AtEnd && !Current.IsFirstOnLine)
        {
            ReportHere(SyntaxErrors.ExpectedToken(_source, Current.Span, "a line end", Found));
            while (!AtEnd && !Current.IsFirstOnLine)
                SkipWhole();
        }
        _context = outer;
        return statement;
    }

    private Statement ParseStatement() => At(TokenKind.LetKeyword) ? ParseLet() : new ExpressionStatement(ParseExpression());

    private LetStatement ParseLet()
    {
        var let = Consume();
        var mut = TryConsume(TokenKind.MutKeyword);
        var pattern = ParsePattern();
        var colon = TryConsume(TokenKind.Colon);
        var type = colon is null ? null : ParseType();
        var equals = Expect(TokenKind.Equals);
        var value = equals is null && !TokenSets.StartsExpression(Kind) ? MissingExpressionHere() : ParseExpression();
        return new LetStatement(let, mut, pattern, colon, type, equals, value);
    }
}
