using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Types.</content>
internal sealed partial class Parser
{
    /// <summary>What a <c>uses</c> after a function type belongs to.</summary>
    private enum UsesRule
    {
        /// <summary>To something outside the type.</summary>
        None,

        /// <summary>To the type, with one capability.</summary>
        One,

        /// <summary>To the type, with any number.</summary>
        Many,
    }

    private TypeSyntax ParseType() => ParseType(UsesRule.One);

    private TypeSyntax ParseType(UsesRule usesRule)
    {
        if (!Enter())
            return MissingTypeHere();
        var type = ParseSimpleType();
        if (At(TokenKind.Arrow) && type is not InvalidType)
        {
            var arrow = Consume();
            var result = ParseType(usesRule);
            // In `A -> B -> C uses X` the inner arrow has taken the clause already.
            var uses = usesRule == UsesRule.None ? null : ParseUses(usesRule == UsesRule.One);
            type = new FunctionType(type, arrow, result, uses);
        }
        Leave();
        return type;
    }

    private TypeSyntax ParseSimpleType()
    {
        switch (Kind)
        {
            case TokenKind.Identifier when Current.Text == "_":
                return new InferredType(Consume());
            case TokenKind.Identifier when TokenSets.IsCapabilityWord(Current) && TokenSets.StartsType(Next.Kind):
                return new CapabilityType(Consume(), ParseNestedSimpleType());
            case TokenKind.Identifier or TokenKind.SelfTypeKeyword:
                return new NamedType(ParseTypePath(), At(TokenKind.Less) ? ParseTypeArguments() : null);
            case TokenKind.VoidKeyword:
                return new VoidType(Consume());
            case TokenKind.DynKeyword:
                return new DynType(Consume(), ParseBounds());
            case TokenKind.Ampersand:
                return new BorrowType(Consume(), TryConsume(TokenKind.MutKeyword), ParseNestedSimpleType());
            case TokenKind.OpenBracket:
                var bracket = Open();
                return new ListType(bracket.Token, ParseType(), Close(bracket));
            case TokenKind.OpenBrace:
                return ParseBraceType();
            case TokenKind.OpenParen:
                return ParseParenthesizedType();
            default:
                ReportHere(SyntaxErrors.ExpectedType(_source, GapSpan, Found));
                return MissingTypeHere();
        }
    }

    private TypeSyntax ParseNestedSimpleType()
    {
        if (!Enter())
            return MissingTypeHere();
        var type = ParseSimpleType();
        Leave();
        return type;
    }

    private TypeSyntax ParseParenthesizedType()
    {
        var opener = Open();
        var openerIndex = opener.Index;
        var elements = ParseList(opener, () => _position == openerIndex + 1 ? ParseFirstInParentheses() : ParseType());
        if (elements.Count != 1)
            return new TupleType(opener.Token, elements, Close(opener));
        return new ParenthesizedType(opener.Token, elements[0], elements.Separators.FirstOrDefault(), Close(opener));
    }

    /// <summary>In <c>(A -> B uses X, Y)</c> the second capability is no second element.</summary>
    private TypeSyntax ParseFirstInParentheses() => ParseType(OnlyCapabilitiesFollow() ? UsesRule.Many : UsesRule.One);

    private bool OnlyCapabilitiesFollow()
    {
        var closer = _brackets.Partner(_position - 1);
        var end = _lookahead.Type(_position);
        if (closer < 0 || end == Lookahead.No || _tokens[end].Kind != TokenKind.Comma || _tokens[closer + 1].Kind == TokenKind.Arrow)
            return false;
        var hasUses = false;
        for (var i = _position; i < end; i = Math.Max(i, _brackets.Partner(i)) + 1)
            hasUses |= _tokens[i].Kind == TokenKind.UsesKeyword;
        if (!hasUses)
            return false;
        for (var i = end; i < closer; i++)
        {
            var isCapability = _tokens[i].Kind is TokenKind.Comma or TokenKind.Dot
                || (_tokens[i].Kind == TokenKind.Identifier && (char.IsAsciiLetterUpper(_tokens[i].Text[0]) || _tokens[i + 1].Kind == TokenKind.Dot));
            if (!isCapability)
                return false;
        }
        return true;
    }

    private TypeSyntax ParseBraceType()
    {
        if (IsMapBody())
        {
            var map = Open();
            var key = ParseType();
            var colon = Expect(TokenKind.Colon);
            var value = ParseType();
            if (At(TokenKind.Comma))
                Skip();
            return new MapType(map.Token, key, colon, value, Close(map));
        }
        var opener = Open();
        if (At(TokenKind.At))
        {
            Report(SyntaxErrors.MethodInType(_source, TextSpan.FromBounds(Current.Span.Start, Next.Span.End)));
            var members = ParseList(opener, ParseStructMember);
            return new InvalidType([opener.Token, .. members.Elements, .. Optional(Close(opener))]);
        }
        var fields = ParseList(opener, ParseRecordTypeField);
        return new RecordType(opener.Token, fields, Close(opener));
    }

    private static ImmutableArray<SyntaxElement> Optional(SyntaxElement? element) => element is null ? [] : [element];

    private RecordTypeField ParseRecordTypeField()
    {
        if (At(TokenKind.At))
        {
            Report(SyntaxErrors.MethodInType(_source, TextSpan.FromBounds(Current.Span.Start, Next.Span.End)));
            while (Kind is not (TokenKind.Comma or TokenKind.CloseBrace) && !AtEnd)
                SkipWhole();
            return new RecordTypeField(MissingToken(TokenKind.Identifier), null, MissingTypeHere());
        }
        var name = ExpectName("a field");
        var colon = Expect(TokenKind.Colon);
        return new RecordTypeField(name, colon, colon is null ? MissingTypeHere() : ParseType());
    }

    private TypePath ParseTypePath(string what = "a type")
    {
        var first = At(TokenKind.SelfTypeKeyword) ? Consume() : ExpectName(what);
        if (!At(TokenKind.Dot) || first.IsMissing)
            return new TypePath([first]);
        var tokens = ImmutableArray.CreateBuilder<SyntaxToken>();
        tokens.Add(first);
        while (At(TokenKind.Dot) && !tokens[^1].IsMissing)
        {
            tokens.Add(Consume());
            tokens.Add(ExpectWord());
        }
        return new TypePath(tokens.ToImmutable());
    }

    private TypeArgumentList ParseTypeArguments()
    {
        var less = Consume();
        var elements = NewList();
        while (true)
        {
            elements.Add(ParseTypeArgument());
            if (!At(TokenKind.Comma))
                break;
            elements.Add(Consume());
            if (At(TokenKind.Greater))
                break;
        }
        return new TypeArgumentList(less, Separated<TypeArgument>(elements), Expect(TokenKind.Greater));
    }

    private TypeArgument ParseTypeArgument()
    {
        if (At(TokenKind.Identifier) && Next.Kind == TokenKind.Equals)
            return new TypeArgument(Consume(), Consume(), ParseType());
        return new TypeArgument(null, null, ParseType());
    }
}
