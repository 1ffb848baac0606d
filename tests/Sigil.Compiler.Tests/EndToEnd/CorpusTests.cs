namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The programs of <c>tests/programs</c>. Tests of one class run one after the other, so these are two classes of about the same length.</summary>
internal static class Corpus
{
    private static readonly string folder = Path.Combine(Repository.Root, "tests", "programs");

    public static TheoryData<string> BeforeM() => ExpectedPrograms.Below(folder, f => f[0] < 'm');

    public static TheoryData<string> FromM() => ExpectedPrograms.Below(folder, f => f[0] >= 'm');
}

/// <summary>The folders up to the letter l.</summary>
public sealed class CorpusBeforeMTests
{
    public static TheoryData<string> Programs() => Corpus.BeforeM();

    [Theory, MemberData(nameof(Programs))]
    public void Corpus_program_behaves_as_it_says(string path) => ExpectedPrograms.Expect(path, Repository.Root);
}

/// <summary>The folders from the letter m on.</summary>
public sealed class CorpusFromMTests
{
    public static TheoryData<string> Programs() => Corpus.FromM();

    [Theory, MemberData(nameof(Programs))]
    public void Corpus_program_behaves_as_it_says(string path) => ExpectedPrograms.Expect(path, Repository.Root);
}
