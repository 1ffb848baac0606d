using System.Runtime.CompilerServices;

namespace Sigil.Syntax.Tests;

/// <summary>The texts that many tests run over.</summary>
internal static class TestCorpus
{
    private const string ConformanceVariable = "SIGIL_CONFORMANCE";

    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Corpus");

    /// <summary>Path and text of every file, snippets excepted.</summary>
    public static IEnumerable<(string Path, string Text)> Modules() =>
        System.IO.Directory.GetFiles(Directory, "*.si").Where(p => !IsSnippet(p)).Concat(Conformance()).Select(p => (p, File.ReadAllText(p)));

    public static string Snippet() => File.ReadAllText(Path.Combine(Directory, "snippet.si"));

    /// <summary>The folder of a source file of the tests, for golden files that are written back.</summary>
    public static string SourceDirectory([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static bool IsSnippet(string path) => Path.GetFileName(path) == "snippet.si";

    private static IEnumerable<string> Conformance() =>
        Environment.GetEnvironmentVariable(ConformanceVariable) is { Length: > 0 } folder
            ? System.IO.Directory.GetFiles(folder, "*.si", SearchOption.AllDirectories)
            : [];
}
