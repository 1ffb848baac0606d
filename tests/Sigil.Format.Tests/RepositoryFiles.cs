using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sigil.Syntax;

namespace Sigil.Format.Tests;

/// <summary>The Sigil sources of the repository.</summary>
internal static partial class RepositoryFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Folder(), "..", ".."));

    /// <summary>All sources with their texts; those of the folder that SIGIL_CONFORMANCE names too.</summary>
    public static IEnumerable<(string Path, string Text)> All()
    {
        var folders = new[] { "src", "tests", "examples", "bench", "docs" }.Select(f => Path.Combine(Root, f)).Where(Directory.Exists);
        if (Environment.GetEnvironmentVariable("SIGIL_CONFORMANCE") is { Length: > 0 } conformance) folders = folders.Append(conformance);
        return folders.SelectMany(f => Directory.EnumerateFiles(f, "*.si", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => (Path.GetRelativePath(Root, f), File.ReadAllText(f)));
    }

    /// <summary>
    /// Whether a file has to be in canonical form: all of the repository have. Files with errors of syntax have none, and those
    /// whose comments point at columns of their lines are left alone by the formatter itself; the inputs of the parser's tests
    /// are laid out in every way that the grammar allows, which is what they are for.
    /// </summary>
    public static bool IsCanonical(string path) =>
        !path.StartsWith("..", StringComparison.Ordinal) && !path.StartsWith("tests/Sigil.Syntax.Tests/Corpus/", StringComparison.Ordinal);

    /// <summary>Those without errors of syntax.</summary>
    public static IEnumerable<(string Path, string Text)> Readable() => All().Where(IsReadable);

    /// <summary>The programs in the pages on soundness and in the documentation, those without errors of syntax.</summary>
    public static IEnumerable<(string Path, string Text)> ReadableSnippets() =>
        new[] { Path.Combine(Root, "tests", "soundness"), Path.Combine(Root, "docs") }
            .SelectMany(f => Directory.EnumerateFiles(f, "*.md", SearchOption.AllDirectories))
            .Order(StringComparer.Ordinal)
            .SelectMany(f => Fence().Matches(File.ReadAllText(f).ReplaceLineEndings("\n")).Select((m, i) => ($"{Path.GetRelativePath(Root, f)}/example{i + 1}.si", m.Groups[1].Value)))
            .Where(IsReadable);

    private static bool IsReadable((string Path, string Text) file) => !SourceFormatter.Read(SourceText.FromString(file.Path, file.Text)).HasErrors;

    [GeneratedRegex(@"^```si(?:gil)?\b[^\n]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
