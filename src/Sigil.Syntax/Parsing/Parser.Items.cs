using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Files, imports and items.</content>
internal sealed partial class Parser
{
    /// <summary>Parses the whole text.</summary>
    public ModuleSyntax ParseModule()
    {
        var innerAttributes = ImmutableArray.CreateBuilder<AttributeSyntax>();
        while (At(TokenKind.Hash) && Next.Kind == TokenKind.Bang)
            innerAttributes.Add(ParseAttribute());
        foreach (var attribute in innerAttributes)
            CheckAttribute(attribute, AttributeTarget.File);

        var members = ImmutableArray.CreateBuilder<SyntaxNode>();
        SyntaxNode? firstItem = null;
        while (!AtEnd)
        {
            var start = _position;
            if (ParseMember(firstItem) is { } member)
            {
                members.Add(member);
                if (firstItem is null && member is Item)
                    firstItem = member;
            }
            if (_position == start)
            {
                ReportHere(SyntaxErrors.UnexpectedToken(_source, Current.Span, Found));
                SkipWhole();
                SkipToMember();
            }
        }
        return new ModuleSyntax(innerAttributes.ToImmutable(), members.ToImmutable(), Consume());
    }

    /// <summary>After something unreadable: on to the next line that can start a member.</summary>
    private void SkipToMember()
    {
        while (!AtEnd && !(Current.IsFirstOnLine && (StartsItem() || StartsImport())))
            SkipWhole();
    }

    private SyntaxNode? ParseMember(SyntaxNode? firstItem)
    {
        if (StartsImport())
        {
            var import = ParseImport();
            if (firstItem is not null && !_options.IsSnippet)
                Report(SyntaxErrors.ImportAfterItem(_source, import.Span, firstItem.FirstToken().Location));
            return import;
        }
        if (StartsItem())
            return ParseItem();
        if (At(TokenKind.LetKeyword) || TokenSets.StartsExpression(Kind))
            return ParseTopLevelStatement();
        if (At(TokenKind.Semicolon))
        {
            Report(SyntaxErrors.Semicolon(_source, Current.Span, ""));
            Skip();
            return null;
        }
        return null;
    }

    private bool StartsImport()
    {
        var at = At(TokenKind.PubKeyword) ? 1 : 0;
        var token = Ahead(at);
        return token.Kind == TokenKind.UseKeyword
            || (at == 0 && AtWord("extension") && Next is { IsFirstOnLine: false, Kind: TokenKind.PathLiteral or TokenKind.Identifier });
    }

    private bool StartsItem() => Kind switch
    {
        TokenKind.TypeKeyword or TokenKind.TraitKeyword or TokenKind.ImplKeyword or TokenKind.PubKeyword => true,
        TokenKind.Hash => Next.Kind == TokenKind.OpenBracket || (Next.Kind == TokenKind.Bang && Ahead(2).Kind == TokenKind.OpenBracket),
        TokenKind.Dollar => !_options.IsSnippet || (Next.Kind == TokenKind.Identifier && Ahead(2).Kind == TokenKind.Equals),
        TokenKind.At => !_options.IsSnippet || StartsDeclaration(),
        TokenKind.AsyncKeyword => Next.Kind == TokenKind.At,
        TokenKind.Identifier => Current.Text == "extend" && Next is { IsFirstOnLine: false, Kind: TokenKind.Identifier or TokenKind.SelfTypeKeyword },
        _ => false,
    };

    /// <summary>In a snippet: whether an <c>@name</c> is declared here rather than called.</summary>
    private bool StartsDeclaration()
    {
        if (!TokenSets.IsWord(Next.Kind))
            return false;
        var index = _position + 2;
        if (_tokens[Math.Min(index, _tokens.Length - 1)].Text == "tests")
            return true;
        if (_tokens[Math.Min(index, _tokens.Length - 1)].Kind == TokenKind.Less)
            index = SkipAngles(index);
        if (_tokens[Math.Min(index, _tokens.Length - 1)].Kind != TokenKind.OpenParen)
            return false;
        var closer = _brackets.Partner(index);
        if (closer > 0)
            return _tokens[closer + 1].Kind is TokenKind.Arrow or TokenKind.UsesKeyword or TokenKind.Equals;
        // A list that is never closed tells by how it begins.
        return _tokens[index + 1].Kind is TokenKind.Dot or TokenKind.SelfKeyword or TokenKind.MutKeyword
            || (_tokens[index + 1].Kind == TokenKind.Identifier && _tokens[index + 2].Kind == TokenKind.Colon);
    }

    /// <summary>The index behind the <c>&gt;</c> of type parameters.</summary>
    private int SkipAngles(int index)
    {
        var depth = 0;
        for (; index < _tokens.Length - 1; index++)
        {
            switch (_tokens[index].Kind)
            {
                case TokenKind.Less: depth++; break;
                case TokenKind.Greater when --depth == 0: return index + 1;
                case TokenKind.OpenParen or TokenKind.Equals or TokenKind.CloseParen when depth <= 1: return index;
            }
        }
        return index;
    }

    private SyntaxNode ParseImport()
    {
        var pub = TryConsume(TokenKind.PubKeyword);
        if (AtWord("extension"))
            return ParseExtensionImport();
        var use = Consume();
        var path = ParseModulePath();
        if (At(TokenKind.OpenBrace))
        {
            var opener = Open();
            var items = ParseList(opener, ParseImportItem);
            if (items.IsEmpty && !AtWildcard(opener))
                ReportExpected("a name to import");
            var closer = Close(opener);
            return new ImportDeclaration(pub, use, path, opener.Token, items, closer, null, null);
        }
        SyntaxToken? asWord = null, alias = null;
        if (AtWord("as"))
        {
            asWord = Consume();
            alias = ExpectName();
        }
        return new ImportDeclaration(pub, use, path, null, SeparatedList<ImportItem>.Empty, null, asWord, alias);
    }

    private bool AtWildcard(in Opener opener) => _position > opener.Index + 1;

    private ModulePath ParseModulePath()
    {
        if (At(TokenKind.PathLiteral))
            return new ModulePath([Consume()]);
        var tokens = ImmutableArray.CreateBuilder<SyntaxToken>();
        tokens.Add(ExpectName("a module path"));
        while (At(TokenKind.Dot))
        {
            tokens.Add(Consume());
            if (At(TokenKind.Star))
            {
                Report(SyntaxErrors.WildcardImport(_source, Current.Span));
                tokens.Add(MissingToken(TokenKind.Identifier));
                Skip();
                break;
            }
            tokens.Add(ExpectWord());
        }
        return new ModulePath(tokens.ToImmutable());
    }

    private ImportItem ParseImportItem()
    {
        if (At(TokenKind.Star))
        {
            Report(SyntaxErrors.WildcardImport(_source, Current.Span));
            Skip();
            return new ImportItem(null, null, MissingToken(TokenKind.Identifier), null, null, null);
        }
        var marker = TryConsume(TokenKind.ColonColon);
        var dollar = TryConsume(TokenKind.Dollar);
        TryConsumeStrayAt();
        var name = ExpectName("a name to import");
        if (!AtWord("as"))
            return new ImportItem(marker, dollar, name, null, null, null);
        var asWord = Consume();
        var aliasDollar = TryConsume(TokenKind.Dollar);
        return new ImportItem(marker, dollar, name, asWord, aliasDollar, ExpectName());
    }

    /// <summary>Functions are imported by their plain name.</summary>
    private void TryConsumeStrayAt()
    {
        if (!At(TokenKind.At))
            return;
        ReportHere(SyntaxErrors.UnexpectedToken(_source, Current.Span, "`@`", "functions are imported by their plain name")
            .WithFix("remove `@`", Current.Span, ""));
        Skip();
    }

    private ExtensionImportDeclaration ParseExtensionImport()
    {
        var keyword = Consume();
        var path = ParseModulePath();
        if (!At(TokenKind.OpenBrace))
        {
            ReportExpected("`{`");
            return new ExtensionImportDeclaration(keyword, path, null, SeparatedList<ExtensionImportItem>.Empty, null);
        }
        var opener = Open();
        var items = ParseList(opener, () => new ExtensionImportItem(ExpectName("a trait"), Expect(TokenKind.Dot), ExpectWord("a method")));
        var closer = Close(opener);
        return new ExtensionImportDeclaration(keyword, path, opener.Token, items, closer);
    }

    private Item ParseItem()
    {
        var attributes = ParseAttributes();
        var pub = TryConsume(TokenKind.PubKeyword);
        if (At(TokenKind.AsyncKeyword))
        {
            Report(SyntaxErrors.ForeignWord(_source, Current.Span, "async"));
            Skip();
        }
        _context = new Context { LinesEnd = _options.IsSnippet };
        var item = ParseItemAfterModifiers(attributes, pub);
        CheckAttributes(item);
        return item;
    }

    private Item ParseItemAfterModifiers(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        switch (Kind)
        {
            case TokenKind.At when TokenSets.IsWord(Next.Kind) && Ahead(2).Text == "tests":
                return ParseTest(attributes, pub);
            case TokenKind.At:
                return ParseFunction(attributes, pub, isMethod: false, bodyRule: _options.IsStandardLibrary ? BodyRule.Optional : BodyRule.Required);
            case TokenKind.Dollar:
                return ParseConfig(attributes, pub);
            case TokenKind.TypeKeyword:
                return ParseTypeDeclaration(attributes, pub);
            case TokenKind.TraitKeyword:
                return ParseTrait(attributes, pub);
            case TokenKind.ImplKeyword:
                return ParseImpl(attributes, ReportPub(pub, "impls are as visible as their type and trait"));
            case TokenKind.Identifier when Current.Text == "extend":
                return ParseExtend(attributes, ReportPub(pub, "extensions are imported by `extension path { Trait.method }`"));
            default:
                ReportHere(SyntaxErrors.ExpectedToken(_source, GapSpan, "a declaration", Found));
                return new InvalidItem(attributes, pub, [MissingToken(TokenKind.Identifier)]);
        }
    }

    private SyntaxToken? ReportPub(SyntaxToken? pub, string help)
    {
        if (pub is not null)
            Report(SyntaxErrors.UnexpectedToken(_source, pub.Span, "`pub`", help).WithFix("remove `pub`", pub.Span, ""));
        return pub;
    }

    private ConfigDeclaration ParseConfig(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var dollar = Consume();
        var name = ExpectName();
        var equals = Expect(TokenKind.Equals);
        var value = ParseExpression();
        var isLiteral = value is LiteralExpression or MissingExpression
            or UnaryExpression { Operator: UnaryOperator.Negate, Operand: LiteralExpression { LiteralKind: LiteralKind.Int or LiteralKind.Float or LiteralKind.Duration } };
        if (!isLiteral)
            Report(SyntaxErrors.ConfigNotLiteral(_source, value.Span));
        return new ConfigDeclaration(attributes, pub, dollar, name, equals, value);
    }

    private TestDeclaration ParseTest(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var at = Consume();
        var name = ExpectName();
        var targets = ImmutableArray.CreateBuilder<TestTarget>();
        while (AtWord("tests"))
            targets.Add(ParseTestTarget());
        var parameters = ParseParameters(name);
        var (arrow, returnType) = ParseReturnType(name, parameters);
        var uses = ParseUses(single: false);
        var equals = Expect(TokenKind.Equals);
        return new TestDeclaration(attributes, pub, at, name, targets.ToImmutable(), parameters, arrow, returnType, uses, equals, ParseExpression());
    }

    private TestTarget ParseTestTarget()
    {
        var (word, at, name) = (Consume(), Expect(TokenKind.At), ExpectName("the name of a function"));
        return At(TokenKind.Dot) ? new TestTarget(word, at, name, Consume(), ExpectName("the name of a method")) : new TestTarget(word, at, null, null, name);
    }

    private TypeDeclaration ParseTypeDeclaration(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var keyword = Consume();
        var name = ExpectName();
        var generics = ParseTypeParameters();
        var where = ParseWhere();
        var equals = Expect(TokenKind.Equals);
        return new TypeDeclaration(attributes, pub, keyword, name, generics, where, equals, ParseTypeDefinition());
    }

    private TraitDeclaration ParseTrait(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var keyword = Consume();
        var name = ExpectName();
        var generics = ParseTypeParameters();
        var colon = TryConsume(TokenKind.Colon);
        var supertraits = colon is null ? null : ParseBounds();
        var where = ParseWhere();
        var (open, members, close) = ParseMembers(BodyRule.Optional, allowTypes: true);
        return new TraitDeclaration(attributes, pub, keyword, name, generics, colon, supertraits, where, open, members, close);
    }

    private ImplDeclaration ParseImpl(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var keyword = Consume();
        var generics = ParseTypeParameters();
        var bang = TryConsume(TokenKind.Bang);
        var first = ParseType();
        var forKeyword = TryConsume(TokenKind.ForKeyword);
        var second = forKeyword is null ? null : ParseType();
        var where = ParseWhere();
        var (open, members, close) = ParseMembers(_options.IsStandardLibrary ? BodyRule.Optional : BodyRule.Required, allowTypes: true);
        return new ImplDeclaration(
            attributes, pub, keyword, generics, bang, second is null ? null : first, forKeyword, second ?? first, where, open, members, close);
    }

    private ExtendDeclaration ParseExtend(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var keyword = Consume();
        var trait = ParseTypePath();
        var where = ParseWhere();
        var (open, members, close) = ParseMembers(_options.IsStandardLibrary ? BodyRule.Optional : BodyRule.Required, allowTypes: false);
        return new ExtendDeclaration(attributes, pub, keyword, trait, where, open, members, close);
    }
}
