using System.CommandLine;
using Sigil.Compiler;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Interop;
using Sigil.Compiler.Projects;
using Sigil.Semantics.Modules;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil build</c>: an assembly, its symbols and a launcher.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A file, or the directory of a project.", DefaultValueFactory = _ => "." };
        var output = new Option<string>("--output", "-o") { Description = "Where to write.", DefaultValueFactory = _ => "out" };
        var release = new Option<bool>("--release") { Description = "Optimise for speed." };
        var format = SharedOptions.Format();
        var levels = new LevelOptions();
        var command = new Command("build", "Write a program as an assembly with a launcher.") { path, output, release, format };
        levels.AddTo(command);
        command.SetAction(parsed =>
        {
            if (levels.Read(parsed) is not { } stronger) return ExitCodes.WrongUsage;
            var target = ProgramTarget.Find(parsed.GetValue(path)!, TargetPurpose.Build, new EmbeddedLibrary()).With(stronger);
            if (target.Input is null)
            {
                DiagnosticOutput.Write(target.Diagnostics, parsed.GetValue(format));
                return ExitCodes.Failed;
            }
            Executable Compile(ProgramInput program) => Executable.OfMain(program, target.Name, target.Prepare);
            var executable = ProgramCache.OfUser() is { } cache ? cache.WithMemory(target.Input, Compile) : Compile(target.Input);
            if (DiagnosticOutput.Write(executable.Diagnostics, parsed.GetValue(format), target.Levels) || executable.Code is null) return ExitCodes.Failed;
            try
            {
                ProgramWriter.Write(executable.Code, target.Name, parsed.GetValue(output)!);
                if (target.Manifest is { } manifest) ForeignCapabilities.CopyBeside(manifest, parsed.GetValue(output)!);
                return ExitCodes.Ok;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"error[E9104]: cannot write to {parsed.GetValue(output)}: {e.Message}");
                return ExitCodes.Failed;
            }
        });
        return command;
    }
}
