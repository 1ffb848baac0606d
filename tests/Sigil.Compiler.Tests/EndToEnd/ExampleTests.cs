namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The examples, and a folder of conformance programs where one is named.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples() => ExpectedPrograms.Below(Path.Combine(Repository.Root, "examples"));

    /// <summary>A folder of conformance programs named by the environment, with the parts of their paths that are to be run.</summary>
    public static TheoryData<string> Conformance()
    {
        var folder = Environment.GetEnvironmentVariable("SIGIL_CONFORMANCE");
        return folder is null ? [""] : ExpectedPrograms.Below(folder);
    }

    [Theory, MemberData(nameof(Examples))]
    public void Example_prints_what_it_says(string path)
    {
        Assert.True(File.Exists(Path.ChangeExtension(path, ".out")), "what it prints is missing");
        ExpectedPrograms.Expect(path, Repository.Root);
        if (File.ReadAllText(path).Contains(" tests @", StringComparison.Ordinal)) ExpectedPrograms.ExpectPassingTests(path, Repository.Root);
    }

    [Theory, MemberData(nameof(Conformance))]
    public void Conformance_program_behaves_as_it_says(string path)
    {
        if (path.Length > 0) ExpectedPrograms.Expect(path, Repository.Root);
    }
}
