using System.Collections.Immutable;
using Sigil.Compiler.Interop;
using Sigil.Semantics;
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
    /// <summary>What becomes of warnings.</summary>
    public WarningLevels Levels { get; init; } = WarningLevels.Default;
    /// <summary>The name of the program: the project's, or the file's without extension.</summary>
    public string Name { get; init; } = "program";
    public required DiskSources Sources { get; init; }
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Sees to what the program needs of C# classes: their interfaces are written, what is missing is told.</summary>
    public ImmutableArray<Diagnostic> Prepare(SemanticProgram program) => Manifest is null ? [] : ForeignCapabilities.Prepare(Manifest, program);

    /// <summary>Finds the project or single file that a path means. A file outside a project is a program of its own, its directory the source root.</summary>
    /// <param name="path">A file or a directory; a directory below a project's is a part of the project.</param>
    /// <param name="purpose">What for.</param>
    /// <param name="library">The standard library.</param>
    /// <param name="wholeProject">Whether a directory stands for the whole project in which it lies: nobody named it.</param>
    public static ProgramTarget Find(string path, TargetPurpose purpose, ILibrarySource library, bool wholeProject = false)
    {
        var sources = new DiskSources();
        var diagnostics = new DiagnosticBag();
        path = path.Replace('\\', '/');
        bool isDirectory = Directory.Exists(path);
        if (!isDirectory && !File.Exists(path)) return Fail(sources, path, "there is no such file or directory", Nearby(path));
        var start = isDirectory ? path : Path.GetDirectoryName(path) is { Length: > 0 } d ? d : ".";
        var manifestPath = FindManifest(start);
        Manifest? manifest = null;
        if (manifestPath is not null)
        {
            if (sources.Read(manifestPath, diagnostics) is not { } text) return Fail(sources, manifestPath, $"cannot be read: {sources.Failures[^1].Reason}");
            manifest = ManifestReader.Read(text, Path.GetDirectoryName(manifestPath) is { Length: > 0 } m ? m : ".", diagnostics);
            if (manifest is null) return new ProgramTarget { Sources = sources, Diagnostics = diagnostics.ToImmutable() };
        }
        if (!isDirectory && !path.EndsWith(".si", StringComparison.Ordinal)) return Fail(sources, path, "this is not a Sigil source file: its name does not end in .si");
        var target = manifest is null
            ? OfFiles(path, isDirectory, purpose, library, sources)
            : OfProject(path, isDirectory, wholeProject, manifest, purpose, library, sources);
        // Nothing can be said of a program of which a part is out of sight.
        if (sources.Unlisted.Count == 0) return target;
        return target with { Input = null, Diagnostics = [.. sources.Unlisted.OrderBy(u => u.Path, StringComparer.Ordinal).Select(u => ToolErrors.Unreadable(SourceText.FromString(u.Path, ""), $"the folder cannot be read: {u.Reason}"))] };
    }

    private static ProgramTarget OfFiles(string path, bool isDirectory, TargetPurpose purpose, ILibrarySource library, DiskSources sources)
    {
        ImmutableArray<string> roots;
        string? entry = null;
        var directory = isDirectory ? SourcePath.Normal(path) : SourcePath.DirectoryOf(path);
        if (isDirectory)
        {
            var main = SourcePath.Join(directory, "main.si");
            if (purpose is TargetPurpose.Run or TargetPurpose.Build)
            {
                if (!File.Exists(main)) return Fail(sources, path, "this is a directory without sigil.toml and without main.si", "name a file, or make a project with `sigil new NAME`");
                roots = [main];
                entry = main;
            }
            else
            {
                roots = [.. sources.List(directory).Where(f => !IsAnnotated(f))];
                if (roots.IsEmpty && purpose == TargetPurpose.Check) return Fail(sources, path, "there is no .si file here");
            }
        }
        else
        {
            if (!CanRead(path, sources, out var reason)) return Fail(sources, path, $"cannot be read: {reason}");
            roots = [SourcePath.Normal(path)];
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

    private static ProgramTarget OfProject(string path, bool isDirectory, bool wholeProject, Manifest manifest, TargetPurpose purpose, ILibrarySource library, DiskSources sources)
    {
        var diagnostics = new DiagnosticBag();
        foreach (var root in manifest.SourceRoots)
            if (!Directory.Exists(Rooted(manifest, root)))
                diagnostics.Add(ToolErrors.BadManifest(root.Place.Source, root.Place.Span, $"there is no directory {root.Path}") with { Help = "the sources of a project lie below its source roots" });
        var sourceRoots = manifest.SourceRoots.Select(r => Rooted(manifest, r)).ToImmutableArray();
        ImmutableArray<string> roots = [];
        string? entry = null;
        if (purpose is TargetPurpose.Run or TargetPurpose.Build)
        {
            if (isDirectory)
            {
                var relative = manifest.Entry.Replace('.', '/') + ".si";
                entry = sourceRoots.Select(r => SourcePath.Join(r, relative)).FirstOrDefault(File.Exists);
                if (entry is null && !diagnostics.HasErrors)
                    diagnostics.Add(ToolErrors.BadManifest(manifest.EntryPlace.Source, manifest.EntryPlace.Span, $"the entry module is '{manifest.Entry}', and there is no {relative} below {string.Join(", ", manifest.SourceRoots.Select(r => r.Path))}") with
                    {
                        Help = "a library has no @main and cannot be run; `sigil test` runs its tests",
                    });
            }
            else entry = SourcePath.Normal(path);
            if (entry is not null) roots = [entry];
        }
        else if (isDirectory && !wholeProject && Path.GetFullPath(path).TrimEnd('/') != Path.GetFullPath(manifest.Directory).TrimEnd('/'))
            roots = [.. sources.List(SourcePath.Normal(path)).Where(f => !IsAnnotated(f))];
        else if (isDirectory) roots = [.. sourceRoots.SelectMany(sources.List).Where(f => !IsAnnotated(f)).Distinct()];
        else roots = [SourcePath.Normal(path)];
        var dependencies = new DependencyGraph(sources, diagnostics).Of(manifest);
        if (diagnostics.HasErrors) return new ProgramTarget { Sources = sources, Manifest = manifest, Diagnostics = diagnostics.ToImmutable() };
        return new ProgramTarget
        {
            Sources = sources,
            Manifest = manifest,
            Name = manifest.Name,
            Levels = manifest.Warnings,
            Input = new ProgramInput
            {
                Sources = sources,
                Library = library,
                Package = manifest.Name,
                SourceRoots = sourceRoots,
                RootFiles = roots,
                EntryFile = entry,
                Dependencies = dependencies,
                EnabledWarnings = [.. manifest.Warnings.Enabled],
                ForeignCapabilities = ForeignCapabilities.Of(manifest, purpose == TargetPurpose.Build),
                RequireTests = manifest.RequireTests && purpose is TargetPurpose.Check or TargetPurpose.Test,
                ReportUntested = purpose is TargetPurpose.Check or TargetPurpose.Test,
            },
        };
    }

    private static string Rooted(Manifest manifest, SourceRoot root) => SourcePath.Join(manifest.Directory is "." ? "" : manifest.Directory, root.Path);

    /// <summary>The same with warning levels that win over those of the manifest.</summary>
    public ProgramTarget With(WarningLevels stronger) => stronger.ByCode.IsEmpty ? this : this with
    {
        Levels = Levels.With(stronger),
        Input = Input is null ? null : Input with { EnabledWarnings = [.. Levels.With(stronger).Enabled] },
    };

    /// <summary>Whether a file is compiled alone because it says itself what is reported in it: a compile-fail test, by its folder or its first line, or a test of warnings.</summary>
    public static bool IsAnnotated(string path) => MustCompile(path) || IsIn(path, "compile-fail") || SourceFile.FirstLine(path) == "// #compile-fail";

    /// <summary>Whether an annotated file tests warnings: it may have no error.</summary>
    public static bool MustCompile(string path) => IsIn(path, "warnings");

    private static bool IsIn(string path, string folder) => ("/" + path.Replace('\\', '/')).Contains($"/_test/{folder}/", StringComparison.Ordinal);

    private static bool CanRead(string path, DiskSources sources, out string reason)
    {
        bool good = sources.Read(SourcePath.Normal(path), new DiagnosticBag()) is not null;
        reason = good ? "" : sources.Failures[^1].Reason;
        return good;
    }

    private static ProgramTarget Fail(DiskSources sources, string path, string what, string? help = null) => new()
    {
        Sources = sources,
        Diagnostics = [ToolErrors.Unreadable(SourceText.FromString(path, ""), what) with { Help = help }],
    };

    /// <summary>The source whose name resembles a path that leads nowhere.</summary>
    private static string? Nearby(string path)
    {
        var directory = Path.GetDirectoryName(path) is { Length: > 0 } d ? d : ".";
        if (!Directory.Exists(directory)) return null;
        var name = Path.GetFileName(path);
        try
        {
            var known = new DirectoryInfo(directory).EnumerateFileSystemInfos().Where(f => f is DirectoryInfo || f.Extension == ".si").Select(f => f.Name).ToList();
            var meant = known.Contains(name + ".si") ? name + ".si" : Spelling.Closest(name, known);
            return meant is null ? null : $"did you mean {SourcePath.Join(directory, meant)}?";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return null; }
    }

    /// <summary>The sigil.toml of a directory or of the nearest one above it; null when there is none.</summary>
    public static string? FindManifest(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
        {
            var file = Path.Combine(d.FullName, "sigil.toml");
            if (File.Exists(file)) return Path.GetRelativePath(".", file).Replace('\\', '/');
        }
        return null;
    }
}
