using System.Collections.Immutable;
using System.Text;
using Sigil.Compiler;
using Sigil.Emit;
using Sigil.Properties.Tests.Interpretation;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Ownership;
using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Properties.Tests;

/// <summary>A generated program checked, and run in both ways.</summary>
internal static class GeneratedRun
{
    private sealed class OneFile(string text) : ISourceProvider
    {
        public bool Exists(string path) => path == "main.si";
        public SourceText? Read(string path, DiagnosticBag diagnostics) => Exists(path) ? SourceText.FromString(path, text) : null;
        public IEnumerable<string> List(string directory) => ["main.si"];
    }

    private sealed class MemorySink : ByteSink
    {
        public readonly MemoryStream Bytes = new();
        public override bool IsInteractive => false;
        public override int Write(ReadOnlySpan<byte> bytes)
        {
            Bytes.Write(bytes);
            return 0;
        }
    }

    private static readonly EmbeddedLibrary Library = new();

    public static ProgramInput Input(string text) => new()
    {
        Sources = new OneFile(text),
        Library = Library,
        RootFiles = ["main.si"],
        EntryFile = "main.si",
        ReportUntested = false,
    };

    public static ImmutableArray<Diagnostic> Errors(string text) => Errors(Compilation.Check(Input(text)));

    public static ImmutableArray<Diagnostic> Errors(Compilation compilation) => [.. compilation.Diagnostics.Where(d => d.Severity == Severity.Error)];

    /// <summary>What differs between the emitted and the interpreted program, or null.</summary>
    public static string? Disagreement(string text)
    {
        var compilation = Compilation.Check(Input(text));
        var errors = Errors(compilation);
        if (!errors.IsEmpty) return "rejected: " + string.Join("; ", errors.Select(e => $"{e.Code} {e.Message}"));
        var entry = compilation.Graphs.EntryOf(compilation.Semantics.EntryPoint!);
        ProgramOutcome meant;
        var ends = ChannelEnd.Live;
        try
        {
            meant = new Interpreter(compilation.Graphs).Run(entry);
        }
        catch (Exception e) when (e is InvalidOperationException or NotSupportedException or InvalidCastException or NullReferenceException or IndexOutOfRangeException)
        {
            return $"interpreter: {e.GetType().Name}: {e.Message}\n{e.StackTrace}";
        }
        if (meant.Panic is null && ChannelEnd.Live != ends) return $"{ChannelEnd.Live - ends} ends of channels were never dropped";
        var found = RunEmitted(compilation, entry);
        // Of several tasks that panic the first one wins, and which one that is, is not said.
        if (text.Contains("parallel(", StringComparison.Ordinal) && meant.Panic is not null && found.Panic is not null) found = found with { Panic = meant.Panic };
        return found == meant ? null : $"interpreted: {meant}\nemitted:     {found}";
    }

    /// <summary>What a program prints, or why it does not.</summary>
    public static string Outcome(string text)
    {
        var compilation = Compilation.Check(Input(text));
        var errors = Errors(compilation);
        if (!errors.IsEmpty) return "rejected: " + string.Join("; ", errors.Select(e => $"{e.Code} at line {e.Source!.GetLinePosition(e.Span.Start).Line}: {e.Message}"));
        var outcome = RunEmitted(compilation, compilation.Graphs.EntryOf(compilation.Semantics.EntryPoint!));
        return outcome.ExitCode == 0 && outcome.Panic is null ? outcome.Output : outcome.ToString();
    }

    /// <summary>The rules of ownership, which a program may be compiled without to see what the checking runtime finds.</summary>
    public static ImmutableHashSet<string> OwnershipRules { get; } =
        ["E2016", "E2017", "E3001", "E3016", "E6001", "E6002", "E6003", "E6005", "E6006", "E6007", "E6008", "E6011", "E6014", "E6019"];

    /// <summary>Runs a program under the checking runtime: what it prints, or why it does not, and the violations.</summary>
    /// <param name="text">The program.</param>
    /// <param name="isBypassed">Whether the rules of ownership are passed over.</param>
    public static (string Outcome, IReadOnlyList<string> Violations) Checked(string text, bool isBypassed)
    {
        var compilation = Compilation.Check(Input(text) with { Unchecked = isBypassed ? OwnershipRules : [] });
        var errors = Errors(compilation);
        if (!errors.IsEmpty) return ("rejected: " + string.Join("; ", errors.Select(e => $"{e.Code} at line {e.Source!.GetLinePosition(e.Span.Start).Line}: {e.Message}")), []);
        Owners.Take();
        var outcome = RunEmitted(compilation, compilation.Graphs.EntryOf(compilation.Semantics.EntryPoint!));
        return (outcome.ExitCode == 0 && outcome.Panic is null ? outcome.Output : outcome.ToString(), Owners.Take());
    }

    // The runtime of this process checks owners: it must be told everything by every program.
    private static ProgramOutcome RunEmitted(Compilation compilation, Mir.MirFunction entry)
    {
        var emitted = AssemblyEmitter.Emit(compilation.Graphs, "generated", new EmitEntry("main", entry), [], checksOwners: true);
        if (!emitted.Succeeded) return new ProgramOutcome("not emitted: " + string.Join("; ", emitted.Diagnostics.Select(d => $"{d.Code} {d.Message}")), -1, null);
        var (output, error) = (new MemorySink(), new MemorySink());
        var (oldOutput, oldError) = (StandardStreams.Out, StandardStreams.Error);
        try
        {
            (StandardStreams.Out, StandardStreams.Error) = (new OutputStream(output), new OutputStream(error));
            var code = LoadedProgram.Load(emitted).RunMain();
            StandardStreams.Flush();
            var report = Encoding.UTF8.GetString(error.Bytes.ToArray());
            var panic = report.StartsWith("panic[", StringComparison.Ordinal) ? report[6..11] : null;
            return new ProgramOutcome(Encoding.UTF8.GetString(output.Bytes.ToArray()) + (panic is null ? report : ""), code, panic);
        }
        finally
        {
            (StandardStreams.Out, StandardStreams.Error) = (oldOutput, oldError);
        }
    }
}
