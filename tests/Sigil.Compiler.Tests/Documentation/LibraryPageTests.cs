using Sigil.Compiler.Documentation;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Syntax;

namespace Sigil.Compiler.Tests.Documentation;

/// <summary>The pages in <c>docs/library</c> are those that <c>sigil doc --library --out docs/library</c> writes.</summary>
public sealed class LibraryPageTests
{
    private static readonly EmbeddedLibrary _library = new();

    public static TheoryData<string> Modules => [.. _library.ModuleNames.Where(m => !m.Contains("._test", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "docs", "library");

    private static string? PageOf(string module) => ReferencePage.Of(module, SyntaxTree.Parse(_library.Find(module)!, ParseOptions.StandardLibrary));

    [Theory, MemberData(nameof(Modules))]
    public void A_page_is_what_sigil_doc_writes(string module)
    {
        var file = Path.Combine(Folder, module + ".md");
        var written = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : null;
        Assert.True(written == PageOf(module), $"{module} has changed: sigil doc --library --out docs/library");
    }

    [Fact]
    public void Every_page_has_a_module() =>
        Assert.All(Directory.EnumerateFiles(Folder, "std*.md").Select(f => Path.GetFileNameWithoutExtension(f)), m => Assert.NotNull(_library.Find(m)));

    [Fact]
    public void What_the_library_needs_itself_is_not_told()
    {
        Assert.DoesNotContain("_raw", PageOf("std.fs"), StringComparison.Ordinal);
        Assert.Contains("$permanent = Restart.Permanent\n", PageOf("std.prelude.supervision"), StringComparison.Ordinal);
        Assert.Contains("type File\n", PageOf("std.fs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Methods_of_types_of_others_are_told()
    {
        Assert.Contains("### [T]\n\n- `@len (self) -> int`\n", PageOf("std.prelude.containers"), StringComparison.Ordinal);
        Assert.Contains("### str\n", PageOf("std.text"), StringComparison.Ordinal);
        var own = ReferencePage.Of("m", SyntaxTree.Parse(SourceText.FromString("m.si", "type Hidden = { n: int }\nimpl Hidden { @get (self) -> int = self.n }\npub extend Iterator { @twice (self) -> int = 2 }\nextend Eq { @same (self) -> bool = true }\n")));
        Assert.NotNull(own);
        Assert.Contains("### Iterator\n\n- `@twice (self) -> int`\n", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden", own, StringComparison.Ordinal);
        Assert.DoesNotContain("same", own, StringComparison.Ordinal);
    }

    [Fact]
    public void A_signature_stands_on_one_line() =>
        Assert.Contains("@f (a: int, b: int) -> int\n", ReferencePage.Of("m", SyntaxTree.Parse(SourceText.FromString("m.si", "pub @f (\n    a: int,\n    b: int,\n) -> int = a + b\n"))), StringComparison.Ordinal);
}
