using Sigil.Compiler;

namespace Sigil.Cli;

/// <summary>Finds sources on disk.</summary>
internal static class SourceFiles
{
    // What builds and tools write; also everything whose name starts with a dot.
    private static readonly string[] skipped = ["bin", "obj", "out", "node_modules"];

    /// <summary>The .si files below a directory in the order of their paths.</summary>
    /// <param name="directory">Where to look.</param>
    /// <param name="unreadable">Is told of folders whose files cannot be known, and why.</param>
    public static IEnumerable<string> Below(string directory, Action<string, string> unreadable) =>
        SourceFolder.Files(directory, child => child.LinkTarget is null && !child.Name.StartsWith('.') && !skipped.Contains(child.Name), (path, reason) => unreadable(Shown(path), reason))
            .Select(Shown)
            .Order(StringComparer.Ordinal);

    private static string Shown(string path) => Path.GetRelativePath(".", path).Replace('\\', '/');
}
