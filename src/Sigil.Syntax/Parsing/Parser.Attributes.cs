using System.Collections.Immutable;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Syntax.Parsing;

/// <content>
/// Attributes and what of them can be checked without names. Where <c>skip</c> stands, and whether it has a reason, is
/// for the test rules to judge.
/// </content>
internal sealed partial class Parser
{
    private enum AttributeTarget
    {
        File,
        Type,
        Field,
        Other,
    }

    private ImmutableArray<AttributeSyntax> ParseAttributes()
    {
        if (!At(TokenKind.Hash))
            return [];
        var attributes = ImmutableArray.CreateBuilder<AttributeSyntax>();
        while (At(TokenKind.Hash) && Next.Kind is TokenKind.OpenBracket or TokenKind.Bang)
            attributes.Add(ParseAttribute());
        return attributes.ToImmutable();
    }

    private AttributeSyntax ParseAttribute()
    {
        var hash = Consume();
        var bang = TryConsume(TokenKind.Bang);
        if (!At(TokenKind.OpenBracket))
        {
            ReportExpected("`[`");
            return new AttributeSyntax(hash, bang, null, MissingToken(TokenKind.Identifier), null, SeparatedList<AttributeArgument>.Empty, null, null);
        }
        var bracket = Open();
        var name = ExpectName("the name of an attribute");
        SyntaxToken? open = null, close = null;
        var arguments = SeparatedList<AttributeArgument>.Empty;
        if (At(TokenKind.OpenParen))
        {
            var opener = Open();
            open = opener.Token;
            arguments = ParseList(opener, ParseAttributeArgument);
            close = Close(opener);
        }
        return new AttributeSyntax(hash, bang, bracket.Token, name, open, arguments, close, Close(bracket));
    }

    private AttributeArgument ParseAttributeArgument()
    {
        SyntaxToken? name = null, equals = null;
        if (At(TokenKind.Identifier))
        {
            name = Consume();
            equals = TryConsume(TokenKind.Equals);
            if (equals is null)
                return new AttributeArgument(name, null, null);
        }
        if (!TokenSets.IsLiteral(Kind) && !(At(TokenKind.Minus) && TokenSets.IsLiteral(Next.Kind)))
        {
            ReportHere(SyntaxErrors.MalformedAttribute(_source, GapSpan, "a name or a literal"));
            // Whatever expression stands there is set aside as a whole.
            while (Kind is not (TokenKind.Comma or TokenKind.CloseParen) && !AtEnd && !TokenSets.IsCloser(Kind))
                SkipWhole();
            return new AttributeArgument(name, equals, MissingExpressionHere());
        }
        return new AttributeArgument(name, equals, ParseUnary());
    }

    private void CheckAttributes(Item item)
    {
        var target = item switch
        {
            TypeDeclaration => AttributeTarget.Type,
            FieldDeclaration => AttributeTarget.Field,
            _ => AttributeTarget.Other,
        };
        foreach (var attribute in item.Attributes)
            CheckAttribute(attribute, target);
    }

    private void CheckAttribute(AttributeSyntax attribute, AttributeTarget target)
    {
        // The standard library marks its declarations for the compiler.
        if (_options.IsStandardLibrary || attribute.Name.IsMissing)
            return;
        var name = attribute.Name.Text;
        switch (name)
        {
            case "derive":
                CheckArguments(attribute, "#[derive(Trait, …)]", mayBeEmpty: false, a => a is { Name: not null, EqualsToken: null });
                Place(target == AttributeTarget.Type, "on a type declaration");
                break;
            case "skip":
                CheckArguments(attribute, "#[skip(\"why\")]", mayBeEmpty: true, a => a is { Name: null, Value: LiteralExpression { LiteralKind: LiteralKind.String } });
                Place(target != AttributeTarget.File, "on a test");
                break;
            case "allow":
                CheckArguments(attribute, "#[allow(W4001, …)]", mayBeEmpty: false, a => a is { Name: not null, EqualsToken: null });
                break;
            case "json":
                CheckArguments(attribute, "#[json(name = \"n\")], #[json(default = 0)] or #[json(skip_if_none)]", mayBeEmpty: false, IsJsonArgument);
                Place(target == AttributeTarget.Field, "on a field of a struct");
                break;
            default:
                Report(SyntaxErrors.UnknownAttribute(_source, attribute.Name.Span, name));
                break;
        }

        void Place(bool isRight, string where)
        {
            if (!isRight)
                Report(SyntaxErrors.MisplacedAttribute(_source, attribute.Span, name, where));
        }
    }

    private static bool IsJsonArgument(AttributeArgument argument) => argument.Name?.Text switch
    {
        "name" => argument.Value is LiteralExpression { LiteralKind: LiteralKind.String },
        "default" => argument.Value is not null,
        "skip_if_none" => argument.EqualsToken is null,
        _ => false,
    };

    private void CheckArguments(AttributeSyntax attribute, string expected, bool mayBeEmpty, Func<AttributeArgument, bool> isRight)
    {
        if (attribute.Arguments.IsEmpty && !mayBeEmpty)
            Report(SyntaxErrors.MalformedAttribute(_source, attribute.Span, expected));
        foreach (var argument in attribute.Arguments)
        {
            if (argument.Value is MissingExpression)
                continue;
            if (!isRight(argument))
                Report(SyntaxErrors.MalformedAttribute(_source, argument.Span, expected));
        }
    }
}
