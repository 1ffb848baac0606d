using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>for(…), validate(…), select(…).</content>
internal sealed partial class Parser
{
    private static readonly ImmutableArray<string> _searchProperties = ["over", "map", "match", "default"];
    private static readonly ImmutableArray<string> _validateProperties = ["rules", "then"];
    private static readonly ImmutableArray<string> _selectProperties = ["priority", "fair", "timeout", "closed", "default"];

    private bool StartsForSearch() =>
        Next.Kind == TokenKind.OpenParen
        && (Ahead(2).Kind == TokenKind.Dot || (TokenSets.IsWord(Ahead(2).Kind) && Ahead(3).Kind == TokenKind.Colon));

    private bool StartsValidate() => Ahead(2).Kind == TokenKind.Dot || (Ahead(2).Text == "rules" && Ahead(3).Kind == TokenKind.Colon);

    private ForSearchExpression ParseForSearch()
    {
        var keyword = Consume();
        var opener = Open();
        var properties = ParseList(opener, ParseSearchProperty);
        var close = Close(opener);
        CheckProperties("for", keyword, [.. properties.Nodes.Select(p => p.Label)], _searchProperties, ["over", "match", "default"]);
        return new ForSearchExpression(keyword, opener.Token, properties, close);
    }

    private SearchProperty ParseSearchProperty()
    {
        var (dot, label, colon) = ParseLabel();
        return label.Text == "match"
            ? new SearchProperty(dot, label, colon, ParseGuardedPattern(), null)
            : new SearchProperty(dot, label, colon, null, ParseArgumentValue());
    }

    private (SyntaxToken? Dot, SyntaxToken Label, SyntaxToken? Colon) ParseLabel()
    {
        var dot = TryConsume(TokenKind.Dot);
        if (!TokenSets.IsWord(Kind) || Next.Kind != TokenKind.Colon)
        {
            ReportExpected("a property");
            return (dot, dot is not null && TokenSets.IsWord(Kind) ? Consume() : MissingToken(TokenKind.Identifier), null);
        }
        return (dot, Consume(), Consume());
    }

    private void CheckProperties(
        string form, SyntaxToken word, ImmutableArray<SyntaxToken> labels, ImmutableArray<string> known, ImmutableArray<string> required)
    {
        var seen = new Dictionary<string, SyntaxToken>();
        var isBroken = false;
        foreach (var label in labels)
        {
            if (label.IsMissing)
                isBroken = true;
            else if (!known.Contains(label.Text))
                Report(SyntaxErrors.UnknownProperty(_source, label.Span, form, label.Text, known));
            else if (!seen.TryAdd(label.Text, label))
                Report(SyntaxErrors.RepeatedProperty(_source, label.Span, form, label.Text, seen[label.Text].Location));
        }
        if (isBroken)
            return;
        foreach (var property in required)
        {
            if (!seen.ContainsKey(property))
                Report(SyntaxErrors.MissingProperty(_source, word.Span, form, property));
        }
    }

    // ---- validate ----

    private ValidateExpression ParseValidate()
    {
        var word = Consume();
        var opener = Open();
        var properties = ParseList<SyntaxNode>(opener, ParseValidateProperty);
        var close = Close(opener);
        var labels = properties.Nodes.Select(p => p switch
        {
            ValidateRules rules => rules.Label,
            Argument { Label: { } label } => label,
            _ => SyntaxToken.Missing(_source, TokenKind.Identifier, p.Span.Start),
        });
        CheckProperties("validate", word, [.. labels], _validateProperties, _validateProperties);
        return new ValidateExpression(word, opener.Token, properties, close);
    }

    private SyntaxNode ParseValidateProperty()
    {
        var (dot, label, colon) = ParseLabel();
        if (label.Text != "rules")
            return new Argument(dot, label, colon, ParseArgumentValue());
        if (!At(TokenKind.OpenBracket))
        {
            ReportExpected("`[`");
            return new ValidateRules(dot, label, colon, null, SeparatedList<ValidateRule>.Empty, null);
        }
        var opener = Open();
        var rules = ParseList(opener, ParseValidateRule);
        return new ValidateRules(dot, label, colon, opener.Token, rules, Close(opener));
    }

    private ValidateRule ParseValidateRule()
    {
        _context.NoBar = true;
        var condition = ParseExpression();
        _context.NoBar = false;
        var bar = Expect(TokenKind.Bar);
        return new ValidateRule(condition, bar, bar is null ? MissingExpressionHere() : ParseExpression());
    }

    // ---- select ----

    private SelectExpression ParseSelect()
    {
        var word = Consume();
        var opener = Open();
        var entries = ParseList(opener, ParseSelectEntry);
        var close = Close(opener);
        var labels = entries.Nodes.Select(LabelOf).OfType<SyntaxToken>();
        CheckProperties("select", word, [.. labels], _selectProperties, []);
        if (!entries.Nodes.Any(e => e is SelectArm or SelectArmList) && close is not null)
            Report(SyntaxErrors.MissingProperty(_source, word.Span, "select", "priority or .fair"));
        return new SelectExpression(word, opener.Token, entries, close);
    }

    private static SyntaxToken? LabelOf(SelectEntry entry) => entry switch
    {
        SelectArmList list => list.Label,
        SelectTimeout timeout => timeout.Label,
        SelectOption option => option.Label,
        _ => null,
    };

    private SelectEntry ParseSelectEntry()
    {
        if (!At(TokenKind.Dot) && !(TokenSets.IsWord(Kind) && Next.Kind == TokenKind.Colon))
            return ParseSelectArm();
        var (dot, label, colon) = ParseLabel();
        switch (label.Text)
        {
            case "priority" or "fair":
                if (!At(TokenKind.OpenBracket))
                {
                    ReportExpected("`[`");
                    return new SelectArmList(dot, label, colon, null, SeparatedList<SelectArm>.Empty, null);
                }
                var opener = Open();
                var arms = ParseList(opener, ParseSelectArm);
                return new SelectArmList(dot, label, colon, opener.Token, arms, Close(opener));
            case "timeout":
                var duration = ParseExpressionWithoutLambda();
                var arrow = ExpectArrow();
                return new SelectTimeout(dot, label, colon, duration, arrow, ParseExpression());
            default:
                return new SelectOption(dot, label, colon, ParseExpression());
        }
    }

    private SelectArm ParseSelectArm()
    {
        var outer = _context;
        _context.NoLambda = true;
        var source = ParsePostfix(ParsePrimary());
        _context = outer;
        var arrow = ExpectArrow();
        if (arrow is null && !TokenSets.StartsExpression(Kind))
            return new SelectArm(source, null, null, null, MissingExpressionHere());
        if (!BinderFollows())
            return new SelectArm(source, arrow, null, null, ParseExpression());
        var binder = ParseGuardedPattern();
        return new SelectArm(source, arrow, binder, ExpectArrow(), ParseExpression());
    }

    /// <summary>Whether a pattern, with a guard perhaps, and an arrow can be read here.</summary>
    private bool BinderFollows()
    {
        var end = _lookahead.Pattern(_position);
        if (end == Lookahead.No)
            return false;
        switch (_tokens[end].Kind)
        {
            case TokenKind.Arrow or TokenKind.FatArrow or TokenKind.IfKeyword:
                return true;
            case TokenKind.Dot when _tokens[end + 1].Kind == TokenKind.MatchKeyword && _tokens[end + 2].Kind == TokenKind.OpenParen:
                var closer = _brackets.Partner(end + 2);
                return closer >= 0 && _tokens[closer + 1].Kind is TokenKind.Arrow or TokenKind.FatArrow;
            default:
                return false;
        }
    }
}
