namespace Sigil.Cli;

/// <summary>Finds sources on disk.</summary>
internal static class SourceFiles
{
    // What builds and tools write; also everything whose name starts with a dot.
    private static readonly string[] skipped = ["bin", "obj", "out", "node_modules"];

    /// <summary>The .si files below a directory in the order of their paths.</summary>
    public static IEnumerable<string> Below(string directory)
    {
        var files = new List<string>();
        var pending = new Stack<DirectoryInfo>();
        pending.Push(new DirectoryInfo(directory));
        while (pending.TryPop(out var next))
        {
            var entries = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.System };
            foreach (var file in next.EnumerateFiles("*.si", entries)) files.Add(Path.GetRelativePath(".", file.FullName).Replace('\\', '/'));
            foreach (var child in next.EnumerateDirectories("*", entries))
                if (!child.Name.StartsWith('.') && !skipped.Contains(child.Name) && child.LinkTarget is null) pending.Push(child);
        }
        return files.Order(StringComparer.Ordinal);
    }
}
