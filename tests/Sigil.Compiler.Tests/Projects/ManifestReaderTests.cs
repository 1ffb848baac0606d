using Sigil.Compiler.Projects;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Projects;

public sealed class ManifestReaderTests
{
    private const string Head = "[project]\nname = \"tide\"\n";

    private static (Manifest? Manifest, IReadOnlyList<Diagnostic> Found) Read(string text)
    {
        var bag = new DiagnosticBag();
        var manifest = ManifestReader.Read(SourceText.FromString("sigil.toml", text), ".", bag);
        return (manifest, bag.ToImmutable());
    }

    [Fact]
    public void A_full_manifest_is_read()
    {
        var (manifest, found) = Read(Head + "version = \"1.2.3-beta.1\"\nsrc = [\"src\", \"gen\"]\nentry = \"app.main\"\nrequire_tests = true\n[dependencies]\ncharts = { path = \"../charts\" }\n[dependencies.maps]\npath = \"../maps\"\n[warnings]\nW4001 = \"deny\"\nW2003 = \"warn\"\n");
        Assert.Empty(found);
        Assert.Equal(("tide", "1.2.3-beta.1", "app.main", true), (manifest!.Name, manifest.Version, manifest.Entry, manifest.RequireTests));
        Assert.Equal(["src", "gen"], manifest.SourceRoots.Select(r => r.Path));
        Assert.Equal([("charts", "../charts"), ("maps", "../maps")], manifest.Dependencies.Select(d => (d.Name, d.Path)));
        Assert.Equal(WarningLevel.Deny, manifest.Warnings.ByCode["W4001"]);
        Assert.Equal(["W2003", "W4001"], manifest.Warnings.Enabled.Order());
    }

    [Fact]
    public void What_is_nested_too_deeply_is_an_error_of_the_file()
    {
        var (manifest, found) = Read(Head + "x = " + new string('[', 20_000));
        Assert.Null(manifest);
        Assert.Contains("cannot be read", Assert.Single(found).Message);
    }

    [Theory]
    [InlineData("", 1, 1, "[project] is missing")]
    [InlineData("[project]\nversion = \"1.0.0\"\n", 1, 2, "needs a name")]
    [InlineData("[project]\nnmae = \"tide\"\n", 2, 1, "no key 'nmae'|did you mean name?")]
    [InlineData("[project]\nname = \"Tide\"\n", 2, 8, "not a project name")]
    [InlineData("[project]\nname = 3\n", 2, 8, "name is a text in quotes, not a number")]
    [InlineData("name = \"tide\"\n" + Head, 1, 1, "outside a table|below [project]")]
    [InlineData(Head + "name = \"again\"\n", 3, 1, "already defined")]
    [InlineData(Head + "version = \"1.0\"\n", 3, 11, "not a version")]
    [InlineData(Head + "require_tests = \"yes\"\n", 3, 17, "true or false, not a text")]
    [InlineData(Head + "entry = \"src/main.si\"\n", 3, 9, "not a module name")]
    [InlineData(Head + "src = []\n", 3, 7, "needs a source root")]
    [InlineData(Head + "src = [\"a\", true]\n", 3, 13, "a text in quotes, not true or false")]
    [InlineData(Head + "src = [\"a\", \"a/\"]\n", 3, 13, "there twice")]
    [InlineData(Head + "src = \"../other\"\n", 3, 7, "not below the project")]
    [InlineData(Head + "[wranings]\nW4001 = \"deny\"\n", 3, 2, "no table [wranings]|did you mean [warnings]?")]
    [InlineData(Head + "[[warnings]]\n", 3, 3, "list of tables")]
    [InlineData(Head + "[warnings]\nW4O01 = \"deny\"\n", 4, 1, "no warning 'W4O01'; did you mean W4001?")]
    [InlineData(Head + "[warnings]\nE3001 = \"allow\"\n", 4, 1, "E3001 is an error")]
    [InlineData(Head + "[warnings]\nW4001 = \"dney\"\n", 4, 9, "not a level|did you mean deny?")]
    [InlineData(Head + "[warnings]\nW4001 = true\n", 4, 9, "a text in quotes, not true or false")]
    [InlineData(Head + "[dependencies]\ncharts = \"1.0\"\n", 4, 10, "no versions|path = \"../charts\"")]
    [InlineData(Head + "[dependencies]\ncharts = { pth = \"../charts\" }\n", 4, 12, "no key 'pth'|did you mean path?")]
    [InlineData(Head + "[dependencies]\ncharts = {}\n", 4, 1, "lacks its path")]
    [InlineData(Head + "[dependencies]\ntide = { path = \"../tide\" }\n", 4, 1, "depend on itself")]
    [InlineData(Head + "[dependencies]\nstd = { path = \"../std\" }\n", 4, 1, "not the name of a project")]
    [InlineData("[project\nname = \"x\"\n", 1, 9, "")]
    public void What_is_wrong_is_told_at_its_place(string text, int line, int column, string said)
    {
        var (manifest, found) = Read(text);
        Assert.Null(manifest);
        var first = found[0];
        Assert.Equal("E9103", first.Code);
        foreach (var part in said.Split('|')) Assert.Contains(part, $"{first.Message} {first.Help}", StringComparison.Ordinal);
        var place = first.Location.Start;
        if (said.Length > 0) Assert.Equal((line, column), (place.Line, place.Column));
    }
}
