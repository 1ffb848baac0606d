using System.CommandLine;
using Sigil.Compiler;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil check</c>: all diagnostics, no code.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files or directories; the current directory when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var format = SharedOptions.Format(OutputFormat.Sarif);
        var levels = new LevelOptions();
        var strict = new Option<bool>("--strict") { Description = "Fail on warnings too." };
        var dump = new Option<string?>("--dump") { Description = "Print an inner form of the program: mir." };
        dump.AcceptOnlyFromAmong("mir");
        var snippet = new Option<bool>("--snippet") { Description = "The files may also contain statements, ended by their lines." };
        var command = new Command("check", "Report everything that is wrong with a program, without running it.") { paths, format, strict, dump, snippet };
        levels.AddTo(command);
        command.SetAction(parsed =>
        {
            if (levels.Read(parsed) is not { } stronger) return ExitCodes.WrongUsage;
            var given = parsed.GetValue(paths) is { Length: > 0 } named ? named : null;
            var library = new EmbeddedLibrary();
            var output = parsed.GetValue(format);
            var found = new List<Diagnostic>();
            bool failed = false;
            foreach (var path in given ?? ["."])
            {
                var target = ProgramTarget.Find(path, TargetPurpose.Check, library, wholeProject: given is null).With(stronger);
                if (parsed.GetValue(snippet) && target.Input is { } input) target = target with { Input = input with { IsSnippet = true } };
                var compilation = target.Input is null ? null : ProgramCache.OfUser() is { } cache ? cache.WithMemory(target.Input, Compilation.Check) : Compilation.Check(target.Input);
                var diagnostics = compilation?.Diagnostics ?? target.Diagnostics;
                // One document for all paths; the other forms are written as they come.
                if (output == OutputFormat.Sarif) found.AddRange(diagnostics.Select(target.Levels.Apply).OfType<Diagnostic>());
                else failed |= DiagnosticOutput.Write(diagnostics, output, target.Levels, parsed.GetValue(strict));
                if (compilation is { HasErrors: false } && parsed.GetValue(dump) == "mir") Dump(compilation);
            }
            if (output == OutputFormat.Sarif) failed = DiagnosticOutput.Write(found.Distinct(), output, strict: parsed.GetValue(strict));
            return failed ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private static void Dump(Compilation compilation)
    {
        foreach (var function in compilation.Semantics.Modules.SelectMany(m => m.AllFunctions).Where(f => f.Body is not null))
            Console.Out.WriteLine(Mir.Printing.MirPrinter.Print(compilation.Graphs.GraphOf(function)));
    }
}
