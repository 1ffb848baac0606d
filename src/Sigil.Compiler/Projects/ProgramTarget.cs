using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Compiler.Projects;

/// <summary>What a command wants to do with a path.</summary>
public enum TargetPurpose { Run, Check, Test, Build }

/// <summary>A program found from a path on the command line.</summary>
public sealed record ProgramTarget
{
    /// <summary>Null when <see cref="Diagnostics"/> has errors.</summary>
    public ProgramInput? Input { get; init; }
    public Manifest? Manifest { get; init; }
    /// <summary>The name of the program: the project's, or the file's without extension.</summary>
    public string Name { get; init; } = "program";
    public required DiskSources Sources { get; init; }
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Finds the project or single file that a path means. A file outside a project is a program of its own, its directory the source root.</summary>
    public static ProgramTarget Find(string path, TargetPurpose purpose, ILibrarySource library)
    {
        var sources = new DiskSources();
        var diagnostics = new DiagnosticBag();
        path = path.Replace('\\', '/');
        bool isDirectory = Directory.Exists(path);
        if (!isDirectory && !File.Exists(path)) return Fail(sources, path, "there is no such file or directory");
        var start = isDirectory ? path : Path.GetDirectoryName(path) is { Length: > 0 } d ? d : ".";
        var manifestPath = FindManifest(start);
        Manifest? manifest = null;
        if (manifestPath is not null)
        {
            if (sources.Read(manifestPath, diagnostics) is not { } text) return Fail(sources, manifestPath, $"cannot be read: {sources.Failures[^1].Reason}");
            manifest = ManifestReader.Read(text, Path.GetDirectoryName(manifestPath) is { Length: > 0 } m ? m : ".", diagnostics);
            if (manifest is null) return new ProgramTarget { Sources = sources, Diagnostics = diagnostics.ToImmutable() };
        }
        if (!isDirectory && !path.EndsWith(".si", StringComparison.Ordinal)) return Fail(sources, path, "is not a Sigil source file: its name does not end in .si");
        return manifest is null
            ? OfFiles(path, isDirectory, purpose, library, sources)
            : OfProject(path, isDirectory, manifest, purpose, library, sources);
    }

    private static ProgramTarget OfFiles(string path, bool isDirectory, TargetPurpose purpose, ILibrarySource library, DiskSources sources)
    {
        ImmutableArray<string> roots;
        string? entry = null;
        var directory = isDirectory ? Normal(path) : DirectoryOf(path);
        if (isDirectory)
        {
            var main = Join(directory, "main.si");
            if (purpose is TargetPurpose.Run or TargetPurpose.Build)
            {
                if (!File.Exists(main)) return Fail(sources, path, "is a directory without sigil.toml and without main.si");
                roots = [main];
                entry = main;
            }
            else
            {
                roots = [.. sources.List(directory).Where(f => !IsExpectedToFail(f))];
                if (roots.IsEmpty && purpose == TargetPurpose.Check) return Fail(sources, path, "holds no .si file");
            }
        }
        else
        {
            if (!CanRead(path, sources, out var reason)) return Fail(sources, path, $"cannot be read: {reason}");
            roots = [Normal(path)];
            if (purpose is TargetPurpose.Run or TargetPurpose.Build) entry = roots[0];
        }
        return new ProgramTarget
        {
            Sources = sources,
            Name = isDirectory ? Path.GetFileName(Path.GetFullPath(path)) : Path.GetFileNameWithoutExtension(path),
            Input = new ProgramInput
            {
                Sources = sources,
                Library = library,
                SourceRoots = [directory],
                RootFiles = roots,
                EntryFile = entry,
                RequireTests = false,
                ReportUntested = purpose == TargetPurpose.Check && isDirectory,
            },
        };
    }

    private static ProgramTarget OfProject(string path, bool isDirectory, Manifest manifest, TargetPurpose purpose, ILibrarySource library, DiskSources sources)
    {
        var sourceRoots = manifest.SourceRoots.Select(r => Join(manifest.Directory, r)).ToImmutableArray();
        ImmutableArray<string> roots;
        string? entry = null;
        if (purpose is TargetPurpose.Run or TargetPurpose.Build)
        {
            if (isDirectory)
            {
                var relative = manifest.Entry.Replace('.', '/') + ".si";
                entry = sourceRoots.Select(r => Join(r, relative)).FirstOrDefault(File.Exists);
                if (entry is null) return Fail(sources, Join(manifest.Directory, "sigil.toml"), $"names the entry module '{manifest.Entry}', and there is no {relative} below {string.Join(", ", manifest.SourceRoots)}");
            }
            else entry = Normal(path);
            roots = [entry];
        }
        else if (isDirectory && Path.GetFullPath(path).TrimEnd('/') != Path.GetFullPath(manifest.Directory).TrimEnd('/'))
            roots = [.. sources.List(Normal(path)).Where(f => !IsExpectedToFail(f))];
        else if (isDirectory) roots = [.. sourceRoots.SelectMany(sources.List).Where(f => !IsExpectedToFail(f)).Distinct()];
        else roots = [Normal(path)];
        var dependencies = ImmutableDictionary.CreateBuilder<string, PackageDependency>();
        foreach (var (name, where) in manifest.Dependencies)
        {
            var home = Join(manifest.Directory, where);
            var file = Join(home, "sigil.toml");
            var bag = new DiagnosticBag();
            if (!File.Exists(file) || sources.Read(file, bag) is not { } text) return Fail(sources, Join(manifest.Directory, "sigil.toml"), $"names the dependency '{name}' at {where}, and there is no sigil.toml there");
            if (ManifestReader.Read(text, home, bag) is not { } other) return new ProgramTarget { Sources = sources, Diagnostics = bag.ToImmutable() };
            dependencies[name] = new PackageDependency(name, [.. other.SourceRoots.Select(r => Join(home, r))]);
        }
        return new ProgramTarget
        {
            Sources = sources,
            Manifest = manifest,
            Name = manifest.Name,
            Input = new ProgramInput
            {
                Sources = sources,
                Library = library,
                Package = manifest.Name,
                SourceRoots = sourceRoots,
                RootFiles = roots,
                EntryFile = entry,
                Dependencies = dependencies.ToImmutable(),
                EnabledWarnings = [.. manifest.Warnings.Where(w => w.Value != "allow").Select(w => w.Key)],
                RequireTests = manifest.RequireTests && purpose is TargetPurpose.Check or TargetPurpose.Test,
                ReportUntested = purpose is TargetPurpose.Check or TargetPurpose.Test,
            },
        };
    }

    /// <summary>Whether a file is a compile-fail test: by its folder or its first line.</summary>
    public static bool IsExpectedToFail(string path)
    {
        if (path.Contains("/_test/compile-fail/", StringComparison.Ordinal)) return true;
        try
        {
            using var reader = new StreamReader(path);
            return reader.ReadLine()?.Trim() == "// #compile-fail";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return false; }
    }

    private static bool CanRead(string path, DiskSources sources, out string reason)
    {
        bool good = sources.Read(Normal(path), new DiagnosticBag()) is not null;
        reason = good ? "" : sources.Failures[^1].Reason;
        return good;
    }

    private static ProgramTarget Fail(DiskSources sources, string path, string what) => new()
    {
        Sources = sources,
        Diagnostics = [ToolErrors.Unreadable(SourceText.FromString(path, ""), what)],
    };

    private static string? FindManifest(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
        {
            var file = Path.Combine(d.FullName, "sigil.toml");
            if (File.Exists(file)) return Path.GetRelativePath(".", file).Replace('\\', '/');
        }
        return null;
    }

    private static string Normal(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path.TrimEnd('/') is "" ? "/" : path.TrimEnd('/');
    private static string DirectoryOf(string path) => Normal(path).LastIndexOf('/') is >= 0 and var slash ? slash == 0 ? "/" : Normal(path)[..slash] : "";
    private static string Join(string directory, string relative) => directory is "" or "." ? relative : $"{directory.TrimEnd('/')}/{relative}";
}
