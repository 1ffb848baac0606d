using System.Text;
using static Sigil.Syntax.Tests.SyntaxErrorCheck;

namespace Sigil.Syntax.Tests;

public sealed class LexerTests
{
    public static TheoryData<string, object> Literals => new()
    {
        { "0", 0L },
        { "1_000", 1000L },
        { "0xFf_ff", 0xFFFFL },
        { "0b101", 5L },
        { "0b", 0L },
        { "9223372036854775807", long.MaxValue },
        { "-9223372036854775808", long.MinValue },
        { "1.5", 1.5 },
        { "1_0.5e-3", 10.5e-3 },
        { "2.0E+2", 200.0 },
        { "5ms", 5_000_000L },
        { "2h", 7_200_000_000_000L },
        { "10b", 10L },
        { "2kb", 2048L },
        { "1gb", 1L << 30 },
        { "true", true },
        { "\"a\\n\\u{1F600}\\\"\"", "a\n😀\"" },
        { "'\\''", new Rune('\'') },
        { "'😀'", new Rune(0x1F600) },
    };

    [Theory]
    [MemberData(nameof(Literals))]
    public void Values(string text, object expected)
    {
        var expression = ParseExpression(text);
        var literal = (LiteralExpression)(expression is UnaryExpression unary ? unary.Operand : expression);
        Assert.Equal(expected, literal.Value);
    }

    [Fact]
    public void Template_text_is_decoded_and_holes_nest()
    {
        var template = Assert.IsType<TemplateExpression>(ParseExpression("`a{{}}\\`\r\n{ {x: `{y}`} }z`"));
        Assert.Equal(3, template.Parts.Length);
        Assert.Equal("a{}`\n", Assert.IsType<TemplateText>(template.Parts[0]).Value);
        var record = Assert.IsType<RecordLiteral>(Assert.IsType<TemplateHole>(template.Parts[1]).Expression);
        Assert.IsType<TemplateExpression>(Assert.IsType<NamedFieldInitializer>(record.Fields[0]).Value);
    }

    [Fact]
    public void Trivia_belongs_to_the_token_that_follows()
    {
        var tree = ParseCleanly("// c\r\n@f () -> int =\r 1 // end");
        Assert.Equal(
            [(TriviaKind.Comment, "// c"), (TriviaKind.EndOfLine, "\r\n")],
            tree.Tokens[0].LeadingTrivia.Select(t => (t.Kind, tree.Source.ToString(t.Span))));
        Assert.Equal([TriviaKind.Whitespace, TriviaKind.Comment], tree.Root.EndOfFile.LeadingTrivia.Select(t => t.Kind));
        Assert.Equal(new LinePosition(3, 2), tree.Tokens[^2].Location.Start);
    }

    [Fact]
    public void Doc_comments()
    {
        var tree = ParseCleanly(
            """
            // #compile-fail
            // plain
            // # Adds two
            // # numbers.
            // @param a the left one
            // ! Overflow: when too large
            //> add(1, 2) -> 3
            #[allow(W4001)]
            pub @add (a: int) -> int = a // # not for the next
            @g () -> int = 1
            type P = {
                // # the x
                x: int,
            }
            """);
        var items = tree.Root.Items.ToList();
        var documentation = items[0].Documentation!;
        Assert.Equal("Adds two\nnumbers.", documentation.Description);
        Assert.Equal(new DocNote("a", "the left one"), Assert.Single(documentation.Parameters));
        Assert.Equal(new DocNote("Overflow", "when too large"), Assert.Single(documentation.Errors));
        Assert.Equal("add(1, 2) -> 3", Assert.Single(documentation.Examples));
        Assert.Null(items[1].Documentation);
        var definition = Assert.IsType<StructDefinition>(Assert.IsType<TypeDeclaration>(items[2]).Definition);
        Assert.Equal("the x", definition.Fields.Single().Documentation!.Description);
        Assert.Equal(TriviaKind.Directive, tree.Tokens[0].LeadingTrivia.First().Kind);
    }

    [Theory]
    [InlineData("a\nb", 2, 2, 1)]
    [InlineData("a\r\nb", 3, 2, 1)]
    [InlineData("a\rb", 2, 2, 1)]
    [InlineData("😀b", 2, 1, 2)]
    [InlineData("ab", 99, 1, 3)]
    public void Positions(string text, int position, int line, int column) =>
        Assert.Equal(new LinePosition(line, column), SourceText.FromString("a.si", text).GetLinePosition(position));
}
