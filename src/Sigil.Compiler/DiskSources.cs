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

    /// <summary>The folders whose files cannot be known, and why.</summary>
    public List<(string Path, string Reason)> Unlisted { get; } = [];

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
        string Shown(string path) => path.Replace('\\', '/') is var p && directory.Length == 0 && p.StartsWith("./", StringComparison.Ordinal) ? p[2..] : p;
        var linked = new HashSet<string>(StringComparer.Ordinal);
        // What is hidden is no source.
        var files = SourceFolder.Files(root, child => !child.Name.StartsWith('.') && (child.LinkTarget is null || IsElsewhere(child, root, linked)), (path, reason) =>
        {
            if (Unlisted.All(u => u.Path != Shown(path))) Unlisted.Add((Shown(path), reason));
        }).Select(Shown);
        return files.Order(StringComparer.Ordinal);
    }

    // A link may lead back to where we are, or to where another one has led.
    private static bool IsElsewhere(DirectoryInfo link, string root, HashSet<string> linked)
    {
        if (link.ResolveLinkTarget(returnFinalTarget: true)?.FullName is not { } target) return false;
        var here = Path.GetFullPath(new DirectoryInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root);
        return !IsWithin(target, here) && !IsWithin(here, target) && linked.Add(target);
    }

    private static bool IsWithin(string path, string folder) => (path.TrimEnd('/') + "/").StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
