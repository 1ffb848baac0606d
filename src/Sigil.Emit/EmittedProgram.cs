using System.Collections.Immutable;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Emit;

/// <summary>A test of an emitted program.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Starter">The method of the code class that makes its entry frame.</param>
public sealed record EmittedTest(string Name, string Starter);

/// <summary>A function that an emitted program runs in a process of its own.</summary>
/// <param name="Name">The function.</param>
/// <param name="Site">Where it is given to <c>spawn_process</c>.</param>
/// <param name="Rights">What its declaration lets the process do.</param>
public sealed record EmittedProcessTask(string Name, string Site, Runtime.Processes.ProcessRights Rights);

/// <summary>An assembly in memory, or the reasons why there is none.</summary>
public sealed class EmittedProgram
{
    /// <summary>Errors that only instantiation can find.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; init; } = [];
    /// <summary>The portable executable; empty when there are errors.</summary>
    public ImmutableArray<byte> Image { get; init; } = [];
    /// <summary>The portable debug information.</summary>
    public ImmutableArray<byte> Symbols { get; init; } = [];
    public string AssemblyName { get; init; } = "";
    public bool HasMain { get; init; }
    public ImmutableArray<EmittedTest> Tests { get; init; } = [];
    public ImmutableArray<EmittedProcessTask> ProcessTasks { get; init; } = [];
    public bool Succeeded => !Image.IsDefaultOrEmpty;
}
