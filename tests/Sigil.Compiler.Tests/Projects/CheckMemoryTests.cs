using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Tests.EndToEnd;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Projects;

/// <summary>Passing over the checks of modules that nothing has happened to changes what is done, never what comes out.</summary>
public sealed class CheckMemoryTests
{
    private static readonly EmbeddedLibrary library = new();

    private sealed class Keys : ICheckMemory
    {
        private readonly HashSet<string> keys = [];

        public bool Contains(string key) => keys.Contains(key);

        public void Add(string key) => keys.Add(key);
    }

    [Fact]
    public void The_project_holds_together_as_it_starts()
    {
        var project = new ChangingProject(0, 4);
        Assert.Empty(Findings(Compilation.Check(project.Input(library) with { ReportUntested = false })));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_changes_the_findings_are_those_of_a_full_check(int seed)
    {
        var project = new ChangingProject(seed, 6);
        var memory = new Keys();
        int passed = 0, withErrors = 0, sound = 0;
        for (var step = 0; step < 30; step++)
        {
            if (step > 0) project.Change();
            var input = project.Input(library);
            var full = Compilation.Check(input);
            var quick = Compilation.Check(input with { Memory = memory });
            Assert.Equal(Findings(full), Findings(quick));
            passed += Passed(quick).Length;
            if (full.HasErrors) withErrors++;
            else sound++;
        }
        // The comparison is worth something only if all of it happens.
        Assert.True(passed > 30 && withErrors > 3 && sound > 3, $"{passed} modules passed over, {withErrors} steps with errors, {sound} without");
    }

    [Fact]
    public void The_code_is_that_of_a_full_compilation()
    {
        var project = new ChangingProject(9, 5);
        var memory = new Keys();
        var compared = 0;
        for (var step = 0; step < 16; step++)
        {
            if (step > 0) project.Change();
            var input = project.Input(library);
            var full = Executable.OfMain(input, "p");
            var quick = Executable.OfMain(input with { Memory = memory }, "p");
            Assert.Equal(full.Code is null, quick.Code is null);
            if (full.Code is null) continue;
            Assert.True(Code(full).AsSpan().SequenceEqual(Code(quick)), $"step {step}");
            compared++;
        }
        Assert.True(compared > 3, $"{compared} programs");
    }

    // The image without the number that every image is given anew, and without what names its symbols.
    private static byte[] Code(Executable program)
    {
        var image = program.Code!.Image.ToArray();
        using var reader = new PEReader(program.Code.Image);
        var metadata = reader.GetMetadataReader();
        Blank(metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToByteArray());
        foreach (var entry in reader.ReadDebugDirectory()) image.AsSpan(entry.DataPointer, entry.DataSize).Clear();
        reader.PEHeaders.TryGetDirectoryOffset(reader.PEHeaders.PEHeader!.DebugTableDirectory, out var table);
        image.AsSpan(table, reader.PEHeaders.PEHeader.DebugTableDirectory.Size).Clear();
        image.AsSpan(reader.PEHeaders.CoffHeaderStartOffset + 4, 4).Clear();
        return image;

        void Blank(byte[] part)
        {
            for (var at = image.AsSpan().IndexOf(part); at >= 0; at = image.AsSpan().IndexOf(part)) image.AsSpan(at, part.Length).Clear();
        }
    }

    // Features of ChangingProject by their number.
    [Theory]
    // A body: its module alone.
    [InlineData(0, 1, "m1.si")]
    [InlineData(5, 1, "m1.si")]
    [InlineData(16, 1, "m1.si")]
    // Comments are nobody's business but the file's.
    [InlineData(1, 1, "m1.si")]
    // A signature, a default, a constant, a type: every module of this project has impls, which are seen everywhere.
    [InlineData(6, 1, "m0.si m1.si m2.si m3.si m4.si")]
    [InlineData(8, 1, "m0.si m1.si m2.si m3.si m4.si")]
    [InlineData(2, 1, "m0.si m1.si m2.si m3.si m4.si")]
    // What a body does with a function that it is given is a part of its signature.
    [InlineData(5, 2, "m0.si m1.si m2.si m3.si m4.si")]
    public void A_change_is_checked_with_what_depends_on_it(int feature, int form, string expected)
    {
        var project = new ChangingProject(1, 5);
        var memory = new Keys();
        Compilation.Check(project.Input(library) with { Memory = memory });
        Assert.Equal(["m0.si", "m1.si", "m2.si", "m3.si", "m4.si"], Passed(Compilation.Check(project.Input(library) with { Memory = memory })));
        project.Choose(1, feature, form);
        var changed = Compilation.Check(project.Input(library) with { Memory = memory });
        Assert.Equal(expected.Split(' '), ((string[])["m0.si", "m1.si", "m2.si", "m3.si", "m4.si"]).Except(Passed(changed)));
    }

    [Fact]
    public void Signatures_of_modules_without_impls_count_only_for_those_that_import_them()
    {
        using var folder = new Folder()
            .With("far.si", "pub @far (n: int) -> int = n\n")
            .With("near.si", "use './far' { far }\n\npub @near (n: int) -> int = far(n)\n")
            .With("other.si", "pub type Other = { n: int }\npub @other (n: int) -> Other = Other { n: n }\n")
            .With("main.si", "use './near' { near }\nuse './other' { other }\n\n@main () -> void = print(str(near(1) + other(1).n))\n");
        var memory = new Keys();
        string[] PassedNow() => Passed(Compilation.Check(ProgramTargetOf(folder) with { Memory = memory }));
        Assert.Empty(PassedNow());
        Assert.Equal(4, PassedNow().Length);
        folder.With("far.si", "pub @far (n: int, by: int = 1) -> int = n + by\n");
        Assert.Equal(["other.si"], PassedNow());
        folder.With("other.si", "pub type Other = { n: int, m: int = 2 }\npub @other (n: int) -> Other = Other { n: n }\n");
        Assert.Equal(["far.si", "near.si"], PassedNow().Order());
        folder.With("new.si", "pub @alone () -> int = 1\n");
        Assert.Equal(4, PassedNow().Length);
    }

    /// <summary>The default of a method without body stands in no body: whether it is used elsewhere says nothing of the module that declares it.</summary>
    [Fact]
    public void A_default_of_a_requirement_is_checked_where_it_is_declared()
    {
        using var folder = new Folder()
            .With("help.si", "pub $HELP = 3\n")
            .With("given.si", "use './help' { $HELP }\n\npub trait Given { @given (self, n: int = $HELP) -> int }\nimpl Given for int { @given (self, n: int) -> int = self + n }\n");
        var memory = new Keys();
        foreach (var call in (string[])["Given.given(5)", "Given.given(5, 2)", "Given.given(6)"])
        {
            folder.With("main.si", $"use './given' {{ Given }}\n\n@main () -> void = print(str({call}))\n");
            Assert.Empty(Findings(Compilation.Check(ProgramTargetOf(folder))));
            Assert.Empty(Findings(Compilation.Check(ProgramTargetOf(folder) with { Memory = memory })));
        }
        folder.With("help.si", "pub $HELP = \"text\"\n");
        Assert.Contains(Compilation.Check(ProgramTargetOf(folder) with { Memory = memory }).Diagnostics, d => d.Code == "E3001" && d.Source.Path.EndsWith("given.si", StringComparison.Ordinal));
    }

    [Fact]
    public void What_has_findings_is_checked_each_time()
    {
        using var folder = new Folder().With("main.si", "use './other' { value }\n\n@main () -> void = print(str(value()))\n").With("other.si", "pub @value () -> int = run(\n    let unused = 1,\n    2,\n)\n");
        var cache = new ProgramCache(folder.At("cache"));
        for (var i = 0; i < 3; i++)
        {
            var found = cache.WithMemory(ProgramTargetOf(folder), Compilation.Check);
            Assert.Contains(found.Diagnostics, d => d.Code == "W2001");
            Assert.Equal(i == 0 ? [] : ["main.si"], Passed(found));
        }
    }

    [Fact]
    public void A_damaged_memory_is_forgotten()
    {
        using var folder = new Folder().With("main.si", "@main () -> void = print(\"x\")\n");
        var cache = new ProgramCache(folder.At("cache"));
        int PassedNow() => Passed(cache.WithMemory(ProgramTargetOf(folder), Compilation.Check)).Length;
        Assert.Equal((0, 1), (PassedNow(), PassedNow()));
        var file = Assert.Single(Directory.GetFiles(folder.At("cache")));
        foreach (var _ in DamagedFile.Each(file, 12))
        {
            Assert.Equal((0, 1), (PassedNow(), PassedNow()));
        }
    }

    [Fact]
    public void Many_may_check_at_once()
    {
        using var folder = new Folder();
        var cache = new ProgramCache(folder.At("cache"));
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, worker =>
        {
            var project = new ChangingProject(100 + (worker / 2), 4);
            for (var step = 0; step < 5; step++)
            {
                project.Change();
                var input = project.Input(new EmbeddedLibrary());
                Assert.Equal(Findings(Compilation.Check(input)), Findings(cache.WithMemory(input, Compilation.Check)));
            }
        });
        Assert.Equal([".sigilm"], Directory.GetFiles(folder.At("cache")).Select(Path.GetExtension));
    }

    private static ProgramInput ProgramTargetOf(Folder folder) =>
        Compiler.Projects.ProgramTarget.Find(folder.Path, Compiler.Projects.TargetPurpose.Check, library).Input! with { ReportUntested = false };

    private static string[] Findings(Compilation c) => [.. c.Diagnostics.Select(DiagnosticRenderer.Plain.Render)];

    private static string[] Passed(Compilation c) =>
        [.. c.Semantics.Modules.Where(m => m.AllFunctions.Any(c.Semantics.IsKnownSound)).Select(m => Path.GetFileName(m.Source!.Path))];
}
