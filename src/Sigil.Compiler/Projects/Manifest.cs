using System.Collections.Immutable;
using Sigil.Syntax;

namespace Sigil.Compiler.Projects;

/// <summary>What <c>sigil.toml</c> says.</summary>
public sealed record Manifest
{
    /// <summary>The directory that holds the file.</summary>
    public required string Directory { get; init; }
    public required string Name { get; init; }
    public string Version { get; init; } = "0.0.0";
    public ImmutableArray<SourceRoot> SourceRoots { get; init; } = [];
    /// <summary>The module that holds <c>@main</c>.</summary>
    public string Entry { get; init; } = "main";
    /// <summary>Where the file names the entry; the head of the file when it does not.</summary>
    public required SourceLocation EntryPlace { get; init; }
    public bool RequireTests { get; init; }
    public ImmutableArray<ManifestDependency> Dependencies { get; init; } = [];
    /// <summary>What becomes of warnings.</summary>
    public WarningLevels Warnings { get; init; } = WarningLevels.Default;
    /// <summary>Capabilities that C# classes provide.</summary>
    public ImmutableArray<ManifestCapability> Capabilities { get; init; } = [];
}

/// <summary>A capability that a C# class provides.</summary>
/// <param name="Name">The trait.</param>
/// <param name="Assembly">The assembly's file, as written, below the project's directory.</param>
/// <param name="Type">The full name of the class.</param>
/// <param name="Interface">Where <c>sigil build</c> writes the C# interface that the class implements, below the project's directory.</param>
/// <param name="Place">Where the manifest names it.</param>
public sealed record ManifestCapability(string Name, string Assembly, string Type, string Interface, SourceLocation Place);

/// <summary>A directory of sources, as written, with the place where it is named.</summary>
public sealed record SourceRoot(string Path, SourceLocation Place);

/// <summary>Another project on disk.</summary>
/// <param name="Name">The name by which its modules are imported.</param>
/// <param name="Path">Its directory, as written.</param>
/// <param name="Place">Where the manifest names it.</param>
public sealed record ManifestDependency(string Name, string Path, SourceLocation Place);
