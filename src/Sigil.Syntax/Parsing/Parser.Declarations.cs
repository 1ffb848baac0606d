using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Functions, members, bodies of types, parameters and clauses.</content>
internal sealed partial class Parser
{
    private static readonly HashSet<string> _primitiveTypes =
        ["int", "float", "bool", "str", "char", "byte", "void", "Never", "Duration", "Size"];

    /// <summary>Whether a function has a body.</summary>
    private enum BodyRule
    {
        Required,
        Optional,
        Forbidden,
    }

    private (SyntaxToken? Open, SeparatedList<Item> Members, SyntaxToken? Close) ParseMembers(BodyRule bodyRule, bool allowTypes)
    {
        if (!At(TokenKind.OpenBrace))
        {
            ReportExpected("`{`");
            return (null, SeparatedList<Item>.Empty, null);
        }
        var opener = Open();
        var members = ParseList(opener, () => ParseMemberItem(bodyRule, allowTypes), commasOptional: true);
        return (opener.Token, members, Close(opener));
    }

    private Item ParseMemberItem(BodyRule bodyRule, bool allowTypes)
    {
        var attributes = ParseAttributes();
        var pub = ReportPub(TryConsume(TokenKind.PubKeyword), "members are as visible as their type and trait");
        Item item;
        if (At(TokenKind.At))
        {
            item = ParseFunction(attributes, pub, isMethod: true, bodyRule);
        }
        else if (At(TokenKind.TypeKeyword) && allowTypes)
        {
            item = ParseAssociatedType(attributes, pub);
        }
        else
        {
            ReportHere(SyntaxErrors.ExpectedToken(_source, GapSpan, allowTypes ? "a method or an associated type" : "a method", Found));
            item = new InvalidItem(attributes, pub, [MissingToken(TokenKind.Identifier)]);
            // On to the next member: commas between them are optional.
            while (Kind is not (TokenKind.At or TokenKind.TypeKeyword or TokenKind.Comma or TokenKind.CloseBrace) && !AtEnd)
                SkipWhole();
        }
        CheckAttributes(item);
        return item;
    }

    private AssociatedTypeDeclaration ParseAssociatedType(ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub)
    {
        var keyword = Consume();
        var name = ExpectName();
        var colon = TryConsume(TokenKind.Colon);
        var bounds = colon is null ? null : ParseBounds();
        var equals = TryConsume(TokenKind.Equals);
        return new AssociatedTypeDeclaration(attributes, pub, keyword, name, colon, bounds, equals, equals is null ? null : ParseType());
    }

    private FunctionDeclaration ParseFunction(
        ImmutableArray<AttributeSyntax> attributes, SyntaxToken? pub, bool isMethod, BodyRule bodyRule, bool singleUses = false)
    {
        var at = Consume();
        var name = isMethod ? ExpectWord() : ExpectName();
        var generics = ParseTypeParameters();
        var parameters = ParseParameters(name);
        var (arrow, returnType) = ParseReturnType(name, parameters);
        var uses = ParseUses(singleUses);
        var where = ParseWhere();
        SyntaxToken? equals = null;
        Expression? body = null;
        if (At(TokenKind.Equals) && bodyRule != BodyRule.Forbidden)
        {
            equals = Consume();
            body = ParseExpression();
        }
        else if (bodyRule == BodyRule.Required)
        {
            if (AtEnd || StartsItem() || StartsImport() || TokenSets.IsCloser(Kind) || At(TokenKind.Comma))
            {
                if (returnType is not InvalidType)
                    ReportHere(SyntaxErrors.MissingBody(_source, TextSpan.FromBounds(at.Span.Start, name.Span.End), name.Text));
            }
            else if (!_options.IsSnippet || !Current.IsFirstOnLine)
            {
                var error = SyntaxErrors.ExpectedToken(_source, GapSpan, "`=`", Found);
                ReportHere(At(TokenKind.OpenBrace)
                    ? error.WithHelp("a body is an expression after `=`; several statements stand in run(…)")
                    : error);
                body = ParseBodyWithoutEquals();
            }
        }
        return new FunctionDeclaration(attributes, pub, at, name, generics, parameters, arrow, returnType, uses, where, equals, body);
    }

    /// <summary>A block in braces, as other languages have it, is set aside; anything else is read as the body.</summary>
    private Expression ParseBodyWithoutEquals()
    {
        if (At(TokenKind.OpenBrace))
        {
            var gap = MissingExpressionHere();
            SkipWhole();
            return gap;
        }
        if (At(TokenKind.FatArrow))
            Skip();
        return ParseExpression();
    }

    private (SyntaxToken? Arrow, TypeSyntax Type) ParseReturnType(SyntaxToken name, ParameterList parameters)
    {
        var arrow = TryConsume(TokenKind.Arrow);
        if (arrow is null)
        {
            if (parameters.CloseParen is not null)
            {
                var end = parameters.Span.End;
                ReportHere(SyntaxErrors.MissingReturnType(_source, name.IsMissing ? parameters.Span : name.Span, name.Text)
                    .WithFix("insert `-> void`", new TextSpan(end, 0), " -> void"));
            }
            if (Kind is not (TokenKind.Colon or TokenKind.FatArrow))
                return (null, MissingTypeHere());
            Skip();
        }
        return (arrow, ParseType(UsesRule.None));
    }

    private ParameterList ParseParameters(SyntaxToken name)
    {
        if (!At(TokenKind.OpenParen))
        {
            if (!name.IsMissing)
                ReportExpected("`(`");
            return new ParameterList(MissingToken(TokenKind.OpenParen), SeparatedList<ParameterSyntax>.Empty, null);
        }
        var opener = Open();
        var parameters = ParseList(opener, ParseParameter);
        if (opener.CloserIndex >= 0)
            return new ParameterList(opener.Token, parameters, Close(opener));
        // In a header what is missing is best shown where the list should end.
        ReportExpected("`,` or `)`");
        _context = opener.Outer;
        return new ParameterList(opener.Token, parameters, null);
    }

    private ParameterSyntax ParseParameter()
    {
        if (At(TokenKind.SelfKeyword))
            return new SelfParameter(null, Consume());
        if ((At(TokenKind.MutKeyword) || AtWord("own")) && Next.Kind == TokenKind.SelfKeyword)
            return new SelfParameter(Consume(), Consume());

        var dot = TryConsume(TokenKind.Dot);
        var pattern = dot is null ? ParsePattern() : new BindingPattern(ExpectWord("the name of a parameter"));
        var colon = TryConsume(TokenKind.Colon);
        TypeSyntax type;
        if (colon is not null)
        {
            type = ParseType();
        }
        else
        {
            if (pattern is not MissingPattern)
            {
                Report(SyntaxErrors.MissingParameterType(_source, pattern.Span, pattern.ToString()));
                _lastErrorPosition = _position;
            }
            type = MissingTypeHere();
        }
        var equals = TryConsume(TokenKind.Equals);
        return new Parameter(dot, pattern, colon, type, equals, equals is null ? null : ParseExpression());
    }

    private TypeParameterList? ParseTypeParameters()
    {
        if (!At(TokenKind.Less))
            return null;
        var less = Consume();
        var elements = NewList();
        while (true)
        {
            elements.Add(ParseTypeParameter());
            if (!At(TokenKind.Comma))
                break;
            elements.Add(Consume());
            if (At(TokenKind.Greater))
                break;
        }
        return new TypeParameterList(less, Separated<TypeParameter>(elements), Expect(TokenKind.Greater));
    }

    private TypeParameter ParseTypeParameter()
    {
        var name = ExpectName("a type parameter");
        var colon = TryConsume(TokenKind.Colon);
        var bounds = colon is null ? null : ParseBounds();
        var equals = TryConsume(TokenKind.Equals);
        return new TypeParameter(name, colon, bounds, equals, equals is null ? null : ParseType());
    }

    private BoundList ParseBounds() => new(ParseChain(TokenKind.Plus, ParseBound(), ParseBound));

    private Bound ParseBound()
    {
        var tilde = TryConsume(TokenKind.Tilde);
        var path = ParseTypePath("a trait");
        return new Bound(tilde, new NamedType(path, At(TokenKind.Less) ? ParseTypeArguments() : null));
    }

    private UsesClause? ParseUses(bool single)
    {
        if (!At(TokenKind.UsesKeyword))
            return null;
        var keyword = Consume();
        var elements = NewList();
        elements.Add(ParseTypePath("a capability"));
        // A comma may also end the member or parameter that the clause belongs to.
        while (!single && At(TokenKind.Comma) && Next.Kind is TokenKind.Identifier or TokenKind.SelfTypeKeyword)
        {
            elements.Add(Consume());
            elements.Add(ParseTypePath("a capability"));
        }
        return new UsesClause(keyword, Separated<TypePath>(elements));
    }

    private WhereClause? ParseWhere()
    {
        if (!At(TokenKind.WhereKeyword))
            return null;
        var keyword = Consume();
        var elements = NewList();
        elements.Add(ParseConstraint());
        while (At(TokenKind.Comma) && Next.Kind is TokenKind.Identifier or TokenKind.SelfTypeKeyword)
        {
            elements.Add(Consume());
            elements.Add(ParseConstraint());
        }
        return new WhereClause(keyword, Separated<WhereConstraint>(elements));
    }

    private WhereConstraint ParseConstraint()
    {
        var path = ParseTypePath();
        if (At(TokenKind.Colon))
            return new WhereConstraint(path, Consume(), ParseBounds(), null, null);
        // The `=` of the body follows directly when a constraint is left unfinished.
        return At(TokenKind.Equals)
            ? new WhereConstraint(path, null, null, Consume(), ParseType(UsesRule.None))
            : new WhereConstraint(path, Expect(TokenKind.Colon), null, null, null);
    }

    private TypeDefinition ParseTypeDefinition()
    {
        if (At(TokenKind.OpenBrace) && !IsMapBody())
            return ParseStructBody();
        if (At(TokenKind.Bar) || IsSumBody())
            return ParseSumBody();
        return new AliasDefinition(ParseType(UsesRule.Many));
    }

    /// <summary>Exactly one entry whose key is a type.</summary>
    private bool IsMapBody()
    {
        var key = _lookahead.Type(_position + 1);
        if (key == Lookahead.No || _tokens[key].Kind != TokenKind.Colon)
            return false;
        var isName = key == _position + 2 && Next.Kind == TokenKind.Identifier;
        if (isName && !NamesKeyType(Next.Text))
            return false;
        var end = _lookahead.Type(key + 1);
        if (end == Lookahead.No)
            return false;
        if (_tokens[end].Kind == TokenKind.Comma)
            end++;
        return _tokens[end].Kind == TokenKind.CloseBrace;
    }

    private static bool NamesKeyType(string name) => char.IsAsciiLetterUpper(name[0]) || _primitiveTypes.Contains(name);

    private bool IsSumBody()
    {
        if (!At(TokenKind.Identifier))
            return false;
        if (Next.Kind == TokenKind.Bar)
            return true;
        if (Next.Kind != TokenKind.OpenParen)
            return false;
        var closer = _brackets.Partner(_position + 1);
        return closer < 0 || _tokens[closer + 1].Kind != TokenKind.Arrow;
    }

    private StructDefinition ParseStructBody()
    {
        var opener = Open();
        var members = ParseList(opener, ParseStructMember);
        return new StructDefinition(opener.Token, members, Close(opener));
    }

    private Item ParseStructMember()
    {
        var attributes = ParseAttributes();
        var pub = ReportPub(TryConsume(TokenKind.PubKeyword), "fields are as visible as their type");
        Item item;
        if (At(TokenKind.At))
        {
            item = ParseFunction(attributes, pub, isMethod: true, BodyRule.Forbidden, singleUses: true);
        }
        else
        {
            var name = ExpectName("a field");
            var colon = Expect(TokenKind.Colon);
            var type = colon is null ? MissingTypeHere() : ParseType();
            var equals = TryConsume(TokenKind.Equals);
            item = new FieldDeclaration(attributes, pub, name, colon, type, equals, equals is null ? null : ParseExpression());
        }
        CheckAttributes(item);
        return item;
    }

    private SumDefinition ParseSumBody()
    {
        var bar = TryConsume(TokenKind.Bar);
        return new SumDefinition(bar, ParseChain(TokenKind.Bar, ParseVariant(), ParseVariant));
    }

    private VariantDeclaration ParseVariant()
    {
        var name = ExpectName("a variant");
        if (!At(TokenKind.OpenParen) || LineEnded)
            return new VariantDeclaration(name, null, SeparatedList<VariantField>.Empty, null);
        var opener = Open();
        var fields = ParseList(opener, ParseVariantField);
        if (fields.Nodes.Select(f => f.Name is null).Distinct().Count() > 1)
            Report(SyntaxErrors.MixedPayload(_source, TextSpan.FromBounds(name.Span.Start, fields[^1].Span.End), name.Text));
        return new VariantDeclaration(name, opener.Token, fields, Close(opener));
    }

    private VariantField ParseVariantField()
    {
        if (!TokenSets.IsWord(Kind) || Next.Kind != TokenKind.Colon)
            return new VariantField(null, null, ParseType());
        return new VariantField(ExpectName(), Consume(), ParseType());
    }
}
