using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests.Declarations;

public class LibraryTests
{
    /// <summary>Every module of the library, all imported together, with all bodies.</summary>
    [Fact]
    public void HasNoErrors()
    {
        var imports = RepositoryLibrary.Instance.ModuleNames.Where(m => m != "std.prelude").Select((m, i) => $"use {m} as m{i}\n");
        var program = Checked.Declarations(string.Concat(imports) + "@main () -> void = ()");
        var bodies = program.LibraryModules.SelectMany(m => m.Functions
                .Concat(m.Impls.SelectMany(i => i.Methods)).Concat(m.Traits.SelectMany(t => t.Methods)).Concat(m.Extensions.SelectMany(e => e.Methods)))
            .Where(f => f.Body is not null);
        Assert.Empty(bodies.SelectMany(f => program.BodyOf(f).Diagnostics).Where(d => d.Severity == Severity.Error).Select(d => d.ToString()));
    }
}
