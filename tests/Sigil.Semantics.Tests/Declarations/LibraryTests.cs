namespace Sigil.Semantics.Tests.Declarations;

public class LibraryTests
{
    /// <summary>Every module of the library, all imported together.</summary>
    [Fact]
    public void DeclaresWithoutErrors()
    {
        var imports = RepositoryLibrary.Instance.ModuleNames.Where(m => m is not "std.prelude" and not "std.std").Select((m, i) => $"use {m} as m{i}\n");
        Checked.Declarations(string.Concat(imports) + "@main () -> void = ()");
    }
}
