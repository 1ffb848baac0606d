using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>Struct, record and map literals.</content>
internal sealed partial class Parser
{
    /// <summary>The path of names read so far as the type of a struct literal; null when it is no such path.</summary>
    private static NamedType? TypeOf(Expression expression)
    {
        TypeArgumentList? arguments = null;
        var reversed = new List<SyntaxToken>();
        var node = expression;
        while (true)
        {
            switch (node)
            {
                case MemberExpression member when !member.Name.IsMissing && (member.TypeArguments is null || node == expression):
                    arguments ??= member.TypeArguments;
                    reversed.Add(member.Name);
                    reversed.Add(member.Dot);
                    node = member.Receiver;
                    continue;
                case NameExpression { At: null } name when name.TypeArguments is null || node == expression:
                    if (name.Name.Kind is not (TokenKind.Identifier or TokenKind.SelfTypeKeyword))
                        return null;
                    arguments ??= name.TypeArguments;
                    reversed.Add(name.Name);
                    reversed.Reverse();
                    return new NamedType(new TypePath([.. reversed]), arguments);
                default:
                    return null;
            }
        }
    }

    private StructLiteral ParseStructLiteral(NamedType type)
    {
        var opener = Open();
        var fields = ParseList(opener, ParseFieldInitializer);
        CheckSpreads(fields);
        return new StructLiteral(type, opener.Token, fields, Close(opener));
    }

    private Expression ParseBraceLiteral()
    {
        var isRecord = Next.Kind == TokenKind.Ellipsis
            || (TokenSets.IsWord(Next.Kind) && Next.Kind is not (TokenKind.TrueKeyword or TokenKind.FalseKeyword)
                && Ahead(2).Kind is TokenKind.Colon or TokenKind.Comma or TokenKind.CloseBrace);
        var opener = Open();
        if (isRecord)
        {
            var fields = ParseList(opener, ParseFieldInitializer);
            CheckSpreads(fields);
            return new RecordLiteral(opener.Token, fields, Close(opener));
        }
        var entries = ParseList(opener, ParseMapEntry);
        return new MapLiteral(opener.Token, entries, Close(opener));
    }

    private FieldInitializer ParseFieldInitializer()
    {
        if (At(TokenKind.Ellipsis))
            return new SpreadFieldInitializer(Consume(), ParseExpression());
        var looksLikeEntry = !TokenSets.IsWord(Kind) && TokenSets.StartsExpression(Kind);
        if (looksLikeEntry)
        {
            var noName = MissingToken(TokenKind.Identifier);
            var key = ParseExpression();
            if (At(TokenKind.Colon))
            {
                Report(SyntaxErrors.MixedLiteral(_source, key.Span, isRecord: true));
                // The name of the field is missing, and the entry stands in for its value.
                var parts = ImmutableArray.Create<SyntaxElement>(key, Consume(), ParseExpression());
                return new NamedFieldInitializer(noName, null, new MissingExpression(parts));
            }
            ReportHere(SyntaxErrors.ExpectedToken(_source, key.Span, "a field", $"`{key}`"));
            return new NamedFieldInitializer(noName, null, key);
        }
        var name = ExpectName("a field");
        var colon = TryConsume(TokenKind.Colon);
        if (colon is null && At(TokenKind.Equals))
        {
            ReportExpected("`:`");
            Skip();
            return new NamedFieldInitializer(name, null, ParseExpression());
        }
        return new NamedFieldInitializer(name, colon, colon is null ? null : ParseExpression());
    }

    private void CheckSpreads(SeparatedList<FieldInitializer> fields)
    {
        var seen = false;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i] is not SpreadFieldInitializer spread)
                continue;
            if (i > 0)
                Report(SyntaxErrors.MisplacedSpread(_source, spread.Span, isSecond: seen));
            seen = true;
        }
    }

    private MapEntry ParseMapEntry()
    {
        if (At(TokenKind.Ellipsis))
        {
            ReportHere(SyntaxErrors.MixedLiteral(_source, Current.Span, isRecord: false));
            Skip();
            return new MapEntry(ParseExpression(), null, MissingExpressionHere());
        }
        // A bare name as key is a field of a record; the first entry has decided for a map.
        var isField = At(TokenKind.Identifier) && Next.Kind is TokenKind.Colon or TokenKind.Comma or TokenKind.CloseBrace;
        if (isField)
            ReportHere(SyntaxErrors.MixedLiteral(_source, Current.Span, isRecord: false));
        var key = isField ? new MissingExpression([Consume()]) : ParseExpression();
        var colon = Expect(TokenKind.Colon);
        return new MapEntry(key, colon, colon is null ? MissingExpressionHere() : ParseExpression());
    }
}
