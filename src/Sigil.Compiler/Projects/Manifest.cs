using System.Collections.Immutable;

namespace Sigil.Compiler.Projects;

/// <summary>What <c>sigil.toml</c> says.</summary>
public sealed record Manifest
{
    /// <summary>The directory that holds the file.</summary>
    public required string Directory { get; init; }
    public required string Name { get; init; }
    public string Version { get; init; } = "0.0.0";
    public ImmutableArray<string> SourceRoots { get; init; } = ["src"];
    /// <summary>The module that holds <c>@main</c>.</summary>
    public string Entry { get; init; } = "main";
    public bool RequireTests { get; init; }
    /// <summary>Name to directory, as written.</summary>
    public ImmutableDictionary<string, string> Dependencies { get; init; } = ImmutableDictionary<string, string>.Empty;
    /// <summary>Code to "allow", "warn" or "deny".</summary>
    public ImmutableDictionary<string, string> Warnings { get; init; } = ImmutableDictionary<string, string>.Empty;
}
