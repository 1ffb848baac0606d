using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Modules;

/// <summary>Where the files of a program come from: the disk, an editor, a test. Paths use <c>/</c>.</summary>
public interface ISourceProvider
{
    /// <summary>Whether there is such a file.</summary>
    bool Exists(string path);

    /// <summary>The text of a file, or null when it cannot be read; encoding errors go into the bag.</summary>
    SourceText? Read(string path, DiagnosticBag diagnostics);

    /// <summary>The paths of all <c>.si</c> files below a directory, in ordinal order.</summary>
    IEnumerable<string> List(string directory);
}

/// <summary>The sources of the standard library by module name, such as <c>std.math</c>.</summary>
public interface ILibrarySource
{
    /// <summary>The names of all modules.</summary>
    IEnumerable<string> ModuleNames { get; }

    /// <summary>The text of a module, or null when there is none of that name.</summary>
    SourceText? Find(string moduleName);
}

/// <summary>Files held in memory.</summary>
public sealed class MemorySources : ISourceProvider
{
    private readonly SortedDictionary<string, SourceText> files = new(StringComparer.Ordinal);

    public void Add(string path, string text) => files[path] = SourceText.FromString(path, text);
    public bool Exists(string path) => files.ContainsKey(path);
    public SourceText? Read(string path, DiagnosticBag diagnostics) => files.GetValueOrDefault(path);
    public IEnumerable<string> List(string directory) =>
        directory is "" or "." ? files.Keys : files.Keys.Where(f => f.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal));
}
