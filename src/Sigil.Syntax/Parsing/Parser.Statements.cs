using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics;
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
        // Nor is what follows an error on its line.
        isRemnant |= !_options.IsSnippet && !Current.IsFirstOnLine && _position == _lastErrorPosition;
        var help = ItemHelp();
        var statement = ParseStatement();
        if (!_options.IsSnippet && !isRemnant && statement is not ExpressionStatement { Expression: MissingExpression })
            Report(SyntaxErrors.StatementInModule(_source, statement.Span, isLet, help));
        if (At(TokenKind.Semicolon))
        {
            if (_options.IsSnippet)
                Report(SyntaxErrors.Semicolon(_source, Current.Span, ""));
            Skip();
        }
        else if (!AtEnd && !Current.IsFirstOnLine)
        {
            // Who was told how an item begins knows what is wrong with the line.
            if (!isRemnant && (_options.IsSnippet || help is null))
                ReportHere(SyntaxErrors.ExpectedToken(_source, Current.Span, "a line end", Found));
            while (!AtEnd && !Current.IsFirstOnLine)
                SkipWhole();
            if (help is not null && !_options.IsSnippet)
                SkipIndented();
        }
        _context = outer;
        return statement;
    }

    /// <summary>How an item is written that begins as another language would begin it; null when the line does not look like one.</summary>
    private string? ItemHelp()
    {
        if (_options.IsSnippet || !(Current.IsFirstOnLine || Previous is null) || Kind != TokenKind.Identifier || Next.IsFirstOnLine)
            return null;
        if (Next.Kind is TokenKind.Identifier or TokenKind.StringLiteral or TokenKind.PathLiteral or TokenKind.TypeKeyword && OtherLanguages.Item(Current.Text) is { } help)
            return help;
        // A signature without its sign.
        if (Next.Kind != TokenKind.OpenParen || _brackets.Partner(_position + 1) is not (> 0 and var closer))
            return null;
        return _tokens[closer + 1] is { IsFirstOnLine: false, Kind: TokenKind.Arrow or TokenKind.Equals or TokenKind.UsesKeyword or TokenKind.OpenBrace or TokenKind.Colon }
            ? $"the name of a function begins with `@`: `@{Current.Text} (…) -> type = …`"
            : null;
    }

    /// <summary>The lines that belong to an item that could not be read.</summary>
    private void SkipIndented()
    {
        while (!AtEnd && !(Current.IsFirstOnLine && (Current.Location.Start.Column == 1 || StartsItem() || StartsImport())))
            SkipWhole();
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
