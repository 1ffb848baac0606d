using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using Sigil.Compiler;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Compiler.Testing;
using Sigil.Runtime.Exploring;
using Sigil.Runtime.Ownership;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil test</c>: runs tests in parallel, each isolated.</summary>
internal static class TestCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files or directories; the current directory when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var filter = new Option<string?>("--filter") { Description = "Only tests whose name contains the text." };
        var function = new Option<string?>("--function") { Description = "Only tests that target this function." };
        var sequential = new Option<bool>("--sequential") { Description = "One test after the other." };
        var limit = new Option<string>("--timeout") { Description = "How long a test may run, as 60s or 500ms.", DefaultValueFactory = _ => "60s" };
        var schedules = new Option<int>("--schedules") { Description = "Run each test under so many explored schedules, on a virtual clock." };
        var seed = new Option<string>("--seed") { Description = "The first schedule, as a failure prints it; the others are the ones after it.", DefaultValueFactory = _ => "1" };
        var requireTests = new Option<bool>("--require-tests") { Description = "A function without test is an error." };
        var format = SharedOptions.Format(OutputFormat.Junit);
        var owners = OwnerOption.Create();
        var levels = new LevelOptions();
        var compiled = new Option<int>(CompiledTests.Option) { Description = "The tests in compiled form, in an open file.", Hidden = true, DefaultValueFactory = _ => -1 };
        var command = new Command("test", "Run the tests of a program.") { paths, filter, function, sequential, limit, schedules, seed, requireTests, format, owners, compiled };
        levels.AddTo(command);
        command.SetAction(parsed =>
        {
            if (Durations.Parse(parsed.GetValue(limit)!) is not { } time)
            {
                Console.Error.WriteLine($"error[E9102]: '{parsed.GetValue(limit)}' is not a time: write 60s or 500ms");
                return ExitCodes.WrongUsage;
            }
            ScheduleOptions? explored = null;
            if (parsed.GetResult(schedules) is not null || parsed.GetResult(seed) is { Implicit: false })
            {
                int count = parsed.GetResult(schedules) is null ? 1 : parsed.GetValue(schedules);
                explored = ScheduleOptions.Parse(count, parsed.GetValue(seed)!);
                if (explored is null)
                {
                    Console.Error.WriteLine($"error[E9102]: --schedules takes a number above 0, --seed a number as a failure prints it, such as 17 or 17-0a1b2c3d; not '{count}' and '{parsed.GetValue(seed)}'");
                    return ExitCodes.WrongUsage;
                }
                if (!CompiledTests.AreForAnother) ScheduleExplorer.Allow();
            }
            if (levels.Read(parsed) is not { } stronger) return ExitCodes.WrongUsage;
            var given = parsed.GetValue(paths) is { Length: > 0 } named ? named : null;
            var library = new EmbeddedLibrary();
            var checksOwners = OwnerOption.Read(parsed, owners);
            var clock = Stopwatch.StartNew();
            var tests = ImmutableArray.CreateBuilder<TestResult>();
            var compileFail = ImmutableArray.CreateBuilder<CompileFailResult>();
            var received = parsed.GetValue(compiled) is >= 0 and var descriptor ? CompiledTests.Receive(descriptor) : [];
            var forAnother = new List<Executable>();
            foreach (var path in given ?? ["."])
            {
                if (File.Exists(path) && ProgramTarget.IsAnnotated(path))
                {
                    if (CompiledTests.AreForAnother) continue;
                    compileFail.Add(CompileFailFile.Run(path, new DiskSources(), library, ProgramTarget.MustCompile(path)));
                    continue;
                }
                var target = ProgramTarget.Find(path, TargetPurpose.Test, library, wholeProject: given is null).With(stronger);
                if (target.Input is null)
                {
                    DiagnosticOutput.Write(target.Diagnostics, parsed.GetValue(format));
                    return ExitCodes.Failed;
                }
                var input = parsed.GetValue(requireTests) ? target.Input with { RequireTests = true, ReportUntested = true } : target.Input;
                if (!received.TryDequeue(out var executable))
                    executable = Executable.TestsOf(target with { Input = input }, ProgramCache.OfUser(), parsed.GetValue(filter), parsed.GetValue(function), checksOwners);
                if (DiagnosticOutput.Write(executable.Diagnostics, parsed.GetValue(format), target.Levels, warnings: false)) return ExitCodes.Failed;
                if (CompiledTests.AreForAnother)
                {
                    forAnother.Add(executable);
                    continue;
                }
                tests.AddRange(TestRunner.Run(executable, time, parsed.GetValue(sequential), explored));
                if (Directory.Exists(path))
                    foreach (var file in Folders(path, target, given is null).SelectMany(target.Sources.List).Distinct().Where(ProgramTarget.IsAnnotated))
                        compileFail.Add(CompileFailFile.Run(file, target.Sources, library, ProgramTarget.MustCompile(file)));
            }
            if (CompiledTests.AreForAnother) return CompiledTests.HandOver(forAnother);
            var report = new TestReport(tests.ToImmutable(), compileFail.ToImmutable(), clock.ElapsedMilliseconds);
            using var output = Console.OpenStandardOutput();
            if (parsed.GetValue(format) == OutputFormat.Json) TestOutput.Json(report, output);
            else if (parsed.GetValue(format) == OutputFormat.Junit) JunitOutput.Write(report, output);
            else
            {
                using var text = new StreamWriter(output);
                TestOutput.Human(report, text);
            }
            return report.Failed > 0 || (checksOwners && Owners.Count > 0) ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Folders(string path, ProgramTarget target, bool wholeProject) =>
        wholeProject && target.Input is { } input && target.Manifest is not null ? input.SourceRoots : [path];
}
