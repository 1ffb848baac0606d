using System.CommandLine;
using Sigil.Compiler;
using Sigil.Compiler.Projects;
using Sigil.Mir;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil check</c>: all diagnostics, no code.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files or directories; the current directory when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var format = SharedOptions.Format();
        var strict = new Option<bool>("--strict") { Description = "Fail on warnings too." };
        var dump = new Option<string?>("--dump") { Description = "Print an inner form of the program: mir." };
        dump.AcceptOnlyFromAmong("mir");
        var command = new Command("check", "Report everything that is wrong with a program, without running it.") { paths, format, strict, dump };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(paths) is { Length: > 0 } given ? given : ["."];
            var library = new EmbeddedLibrary();
            bool failed = false;
            foreach (var path in wanted)
            {
                var target = ProgramTarget.Find(path, TargetPurpose.Check, library);
                if (target.Input is null)
                {
                    failed |= DiagnosticOutput.Write(target.Diagnostics, parsed.GetValue(format));
                    continue;
                }
                var compilation = Compilation.Check(target.Input);
                failed |= DiagnosticOutput.Write(compilation.Diagnostics, parsed.GetValue(format), target.Manifest, parsed.GetValue(strict));
                if (parsed.GetValue(dump) == "mir" && !compilation.HasErrors) Dump(compilation);
            }
            return failed ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private static void Dump(Compilation compilation)
    {
        foreach (var function in compilation.Semantics.Modules.SelectMany(Compilation.Bodies))
            Console.Out.WriteLine(Mir.Printing.MirPrinter.Print(compilation.Graphs.GraphOf(function)));
    }
}
