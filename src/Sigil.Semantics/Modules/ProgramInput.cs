using System.Collections.Immutable;

namespace Sigil.Semantics.Modules;

/// <summary>Another package that imports may name.</summary>
public sealed record PackageDependency(string Name, ImmutableArray<string> SourceRoots);

/// <summary>A class of an assembly that provides one of the package's own capabilities to <c>@main</c> and to tests.</summary>
/// <param name="Capability">The name of the trait.</param>
/// <param name="Assembly">Where the running program finds the assembly: an absolute path, or one below the program's directory.</param>
/// <param name="Type">The full name of the class.</param>
public sealed record ForeignCapability(string Capability, string Assembly, string Type);

/// <summary>What is to be analysed.</summary>
public sealed record ProgramInput
{
    public required ISourceProvider Sources { get; init; }
    public required ILibrarySource Library { get; init; }
    /// <summary>The package's name: the first word of dotted imports of its own modules.</summary>
    public string Package { get; init; } = "main";
    /// <summary>Directories below which the package's modules stand.</summary>
    public ImmutableArray<string> SourceRoots { get; init; } = [""];
    /// <summary>The files to analyse; what they import is found from there.</summary>
    public required ImmutableArray<string> RootFiles { get; init; }
    /// <summary>The file that must hold <c>@main</c>; null when none is needed.</summary>
    public string? EntryFile { get; init; }
    public ImmutableDictionary<string, PackageDependency> Dependencies { get; init; } = ImmutableDictionary<string, PackageDependency>.Empty;
    /// <summary>What C# classes provide.</summary>
    public ImmutableArray<ForeignCapability> ForeignCapabilities { get; init; } = [];
    /// <summary>Whether a function without test is E7001 rather than W7001.</summary>
    public bool RequireTests { get; init; }
    /// <summary>Whether functions without test are reported at all.</summary>
    public bool ReportUntested { get; init; } = true;
    /// <summary>The warnings that are off by default and wanted all the same.</summary>
    public ImmutableHashSet<string> EnabledWarnings { get; init; } = [];
    /// <summary>
    /// Errors of the checks of bodies that are passed over. No command sets it: tests do, to see that the checking runtime finds what the
    /// compiler was not allowed to.
    /// </summary>
    public ImmutableHashSet<string> Unchecked { get; init; } = [];
    /// <summary>Whose checks need not be run again; null when all are to be run.</summary>
    public ICheckMemory? Memory { get; init; }
    /// <summary>Whether root files may hold statements (a read-eval-print line, a compile-fail test).</summary>
    public bool IsSnippet { get; init; }
}
