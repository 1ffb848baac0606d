namespace Sigil.Syntax.Tests;

public sealed class DiagnosticRendererTests
{
    private static readonly SourceText _source = SourceText.FromString(
        "shop.si",
        "@f () -> int = run(\n    let data = 1,\n    p.send(data),\n\n\n\n    data.n = 2,\n)\n");

    [Fact]
    public void Primary_and_secondary_places()
    {
        var diagnostic = Diagnostic.Error("E6001", _source, Find("data.n"), "`data` is used after it was moved")
            .Labelled("used here")
            .And(new SourceLocation(_source, Find("data)", 4)), "moved here")
            .WithHelp("send a copy:\np.send(data.clone())");
        Assert.Equal(
            """
            error[E6001]: `data` is used after it was moved
             --> shop.si:7:5
              |
            3 |     p.send(data),
              |            ---- moved here
            ...
            7 |     data.n = 2,
              |     ^^^^^^ used here
              = help: send a copy:
                      p.send(data.clone())

            """,
            Render(diagnostic));
    }

    [Fact]
    public void Several_labels_on_a_line_hang_below()
    {
        var source = SourceText.FromString("a.si", "fare(.km: 3, 1, 2)");
        var diagnostic = Diagnostic.Error("E1014", source, new TextSpan(13, 1), "a positional argument cannot follow a named one")
            .Labelled("positional")
            .And(new SourceLocation(source, new TextSpan(5, 6)), "named")
            .And(new SourceLocation(source, new TextSpan(16, 1)), "also positional");
        Assert.Equal(
            """
            error[E1014]: a positional argument cannot follow a named one
             --> a.si:1:14
              |
            1 | fare(.km: 3, 1, 2)
              |      ------  ^  - also positional
              |      |       |
              |      |       positional
              |      named

            """,
            Render(diagnostic));
    }

    [Fact]
    public void Wide_characters_and_tabs_keep_the_carets_in_place()
    {
        var source = SourceText.FromString("a.si", "\tf(\"日本\", é)");
        var diagnostic = Diagnostic.Warning("W2001", source, new TextSpan(source.Text.IndexOf('é'), 1), "strange");
        Assert.Equal(
            """
            warning[W2001]: strange
             --> a.si:1:10
              |
            1 |     f("日本", é)
              |               ^

            """,
            Render(diagnostic));
    }

    [Fact]
    public void Places_of_several_lines_other_files_and_the_end_of_the_file()
    {
        var other = SourceText.FromString("lib.si", "@g () -> int");
        var end = Diagnostic.Error("E1003", _source, new TextSpan(_source.Length, 0), "an expression is expected here")
            .And(new SourceLocation(other, new TextSpan(0, 2)), "see here")
            .And(new SourceLocation(_source, TextSpan.FromBounds(15, _source.Text.IndexOf(")\n", 60, StringComparison.Ordinal) + 1)), "the body");
        Assert.Equal(
            """
            error[E1003]: an expression is expected here
             --> shop.si:9:1
              |
            1 | @f () -> int = run(
              |                ----
            ...
            8 | )
              | - the body
            9 |
              | ^
             ::: lib.si:1:1
              |
            1 | @g () -> int
              | -- see here

            """,
            Render(end));
    }

    [Fact]
    public void Colours_only_when_asked_for()
    {
        var diagnostic = Diagnostic.Error("E0001", _source, new TextSpan(0, 2), "x");
        Assert.DoesNotContain('\e', DiagnosticRenderer.Plain.Render(diagnostic));
        Assert.StartsWith("\e[1;31merror[E0001]\e[0m", DiagnosticRenderer.Colored.Render(diagnostic));
    }

    [Fact]
    public void Json_is_one_object_a_line()
    {
        var source = SourceText.FromString("a.si", "😀 run(a(); b())\n");
        var at = new TextSpan(source.Text.IndexOf(';'), 1);
        var diagnostic = Diagnostic.Error("E1016", source, at, "say \"no\"")
            .And(new SourceLocation(source, new TextSpan(0, 2)), "é")
            .WithHelp("write `,`")
            .WithFix("replace", at, ",");
        Assert.Equal(
            """{"code":"E1016","severity":"error","message":"say \"no\"","file":"a.si","line":1,"column":10,"endLine":1,"endColumn":11,"labels":[{"message":"é","file":"a.si","line":1,"column":1,"endLine":1,"endColumn":2}],"help":"write `,`","fix":{"message":"replace","edits":[{"file":"a.si","line":1,"column":10,"endLine":1,"endColumn":11,"newText":","}]}}""",
            DiagnosticJson.ToLine(diagnostic));
    }

    [Fact]
    public void Any_place_can_be_drawn()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => "a\t\n\r日é 😀\0"[random.Next(10)]));
            var source = SourceText.FromString("a.si", text);
            var diagnostic = Diagnostic.Error("E0001", source, Span(), "x").Labelled("p");
            for (var n = random.Next(4); n > 0; n--)
                diagnostic = diagnostic.And(new SourceLocation(source, Span()), "label");
            Assert.NotEmpty(Render(diagnostic));
            Assert.NotEmpty(DiagnosticJson.ToLine(diagnostic));

            TextSpan Span()
            {
                var start = random.Next(text.Length + 1);
                return new TextSpan(start, random.Next(text.Length - start + 1));
            }
        }
    }

    private static string Render(Diagnostic diagnostic) => DiagnosticRenderer.Plain.Render(diagnostic);

    private static TextSpan Find(string text, int length = 0) =>
        new(_source.Text.IndexOf(text, StringComparison.Ordinal), length == 0 ? text.Length : length);
}
