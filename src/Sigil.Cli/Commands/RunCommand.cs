using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Sigil.Compiler;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Emit;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Scheduling;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil run</c>: compiles in memory and runs <c>@main</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A file, or the directory of a project.", DefaultValueFactory = _ => "." };
        var arguments = new Argument<string[]>("args") { Description = "Arguments of the program: all that stands behind its path, or behind --.", Arity = ArgumentArity.ZeroOrMore };
        var format = SharedOptions.Format();
        var levels = new LevelOptions();
        var explain = new Option<bool>("--explain-sandbox") { Description = "Do not run: tell what the kernel lets each isolated process of the program do." };
        var owners = OwnerOption.Create();
        var dump = new Option<bool>("--dump-tasks") { Description = "Print every second which tasks there are and what each waits for; SIGQUIT prints it once." };
        var command = new Command("run", "Compile a program in memory and run its @main. Options of sigil stand before the path.") { path, arguments, format, explain, owners, dump };
        levels.AddTo(command);
        command.SetAction(parsed =>
        {
            if (levels.Read(parsed) is not { } stronger) return ExitCodes.WrongUsage;
            var target = ProgramTarget.Find(parsed.GetValue(path)!, TargetPurpose.Run, new EmbeddedLibrary()).With(stronger);
            if (target.Input is null)
            {
                DiagnosticOutput.Write(target.Diagnostics, parsed.GetValue(format));
                return ExitCodes.Failed;
            }
            // What the kernel lets the processes do is not kept with the code.
            var cache = parsed.GetValue(explain) ? null : ProgramCache.OfUser();
            if (parsed.GetValue(dump) && Environment.GetEnvironmentVariable(RegularDump.Variable) is null)
                Environment.SetEnvironmentVariable(RegularDump.Variable, RegularDump.UsualMillis.ToString(CultureInfo.InvariantCulture));
            var checksOwners = OwnerOption.Read(parsed, owners);
            var executable = Executable.MainOf(target, cache, checksOwners);
            if (DiagnosticOutput.Write(executable.Diagnostics, parsed.GetValue(format), target.Levels, warnings: false) || executable.Code is null) return ExitCodes.Failed;
            if (parsed.GetValue(explain)) return ExplainSandbox(executable.Code);
            // Compiled ahead of time, this process has no just-in-time compiler.
            if (!RuntimeFeature.IsDynamicCodeSupported) return HostProcess.Run(executable.Code, parsed.GetValue(path)!, parsed.GetValue(arguments) ?? []);
            ProgramEnvironment.Start(parsed.GetValue(path)!, parsed.GetValue(arguments) ?? []);
            return LoadedProgram.Load(executable.Code).RunMain();
        });
        return command;
    }

    private static int ExplainSandbox(EmittedProgram program)
    {
        if (program.ProcessTasks.IsEmpty) Console.WriteLine("the program starts no isolated processes");
        foreach (var task in program.ProcessTasks.DistinctBy(t => (t.Name, t.Site)).OrderBy(t => t.Site, StringComparer.Ordinal))
        {
            Console.WriteLine($"@{task.Name}, started at {task.Site}");
            foreach (var line in SandboxReport.Of(task.Rights)) Console.WriteLine("  " + line);
        }
        Console.WriteLine(SandboxReport.Kernel());
        return 0;
    }
}
