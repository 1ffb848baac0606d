using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler;

/// <summary>Files on disk. A file that cannot be read is remembered in <see cref="Failures"/>: it is no finding about the program.</summary>
public sealed class DiskSources : ISourceProvider
{
    // What is wrong with a file's bytes is told to everyone who reads it: the first one may only have looked whether it is there.
    private readonly Dictionary<string, (SourceText? Text, DiagnosticBag Findings)> cache = new(StringComparer.Ordinal);

    /// <summary>What could not be read, and why.</summary>
    public List<(string Path, string Reason)> Failures { get; } = [];

    public bool Exists(string path) => File.Exists(path);

    public SourceText? Read(string path, DiagnosticBag diagnostics)
    {
        if (cache.TryGetValue(path, out var known))
        {
            diagnostics.AddRange(known.Findings);
            return known.Text;
        }
        SourceText? text = null;
        var findings = new DiagnosticBag();
        try
        {
            text = SourceText.From(path, SourceFile.Read(path), findings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Failures.Add((path, e is UnauthorizedAccessException ? "permission denied" : e.Message));
        }
        cache[path] = (text, findings);
        diagnostics.AddRange(findings);
        return text;
    }

    public IEnumerable<string> List(string directory)
    {
        var root = directory.Length == 0 ? "." : directory;
        if (!Directory.Exists(root)) return [];
        var files = Directory.EnumerateFiles(root, "*.si", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Select(f => f.Replace('\\', '/'))
            .Select(f => directory.Length == 0 && f.StartsWith("./", StringComparison.Ordinal) ? f[2..] : f);
        return files.Order(StringComparer.Ordinal);
    }
}
