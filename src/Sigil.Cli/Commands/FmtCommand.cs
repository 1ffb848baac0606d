using System.CommandLine;
using System.Text;
using Sigil.Compiler;
using Sigil.Compiler.Projects;
using Sigil.Format;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil fmt</c>: writes sources in canonical form.</summary>
internal static class FmtCommand
{
    // Trees, documents and text of a source take about 75 bytes a byte. Memory costs when it is asked for, not only when it is used.
    private const long MostMemoryWithoutCollecting = 192L << 20;
    private const long MemoryForStart = 16L << 20;
    private const long MemoryPerByte = 128;

    // A reader at the other end of a pipe wakes for every write.
    private const int OutputBuffer = 1 << 20;

    private const long LengthPerWorker = 64 << 10;

    private enum Mode { Write, Check, Diff, Print }

    public static Command Create()
    {
        var paths = new Argument<string[]>("path") { Description = "Files or directories, or - for standard input; the current project or directory when none is given.", Arity = ArgumentArity.ZeroOrMore };
        var check = new Option<bool>("--check") { Description = "Write nothing; list the files that are not in canonical form, and fail if there are any." };
        var diff = new Option<bool>("--diff") { Description = "Write nothing; show what would change, and fail if anything would." };
        var stdout = new Option<bool>("--stdout") { Description = "Write to standard output instead of to the files." };
        var command = new Command("fmt", "Write sources in canonical form.") { paths, check, diff, stdout };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(paths) is { Length: > 0 } given ? given : [Here()];
            var mode = parsed.GetValue(check) ? Mode.Check : parsed.GetValue(diff) ? Mode.Diff : parsed.GetValue(stdout) ? Mode.Print : Mode.Write;
            if (new[] { parsed.GetValue(check), parsed.GetValue(diff), parsed.GetValue(stdout) }.Count(x => x) > 1 && !(parsed.GetValue(check) && parsed.GetValue(diff)))
            {
                Console.Error.WriteLine("error[E9102]: --stdout goes with neither --check nor --diff");
                return ExitCodes.WrongUsage;
            }
            if (parsed.GetValue(check) && parsed.GetValue(diff)) mode = Mode.Diff;
            using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), OutputBuffer);
            if (wanted is ["-"]) return StandardInput(mode, output);
            return Files(wanted, mode, output);
        });
        return command;
    }

    /// <summary>The project in which the command runs, or the directory.</summary>
    private static string Here() => ProgramTarget.FindManifest(".") is { } manifest && Path.GetDirectoryName(manifest) is { Length: > 0 } directory ? directory : ".";

    private static int StandardInput(Mode mode, StreamWriter output)
    {
        using var buffer = new MemoryStream();
        using (var input = Console.OpenStandardInput()) input.CopyTo(buffer);
        CollectLittle(buffer.Length);
        var found = new DiagnosticBag();
        var source = SourceText.From("stdin.si", buffer.ToArray(), found);
        if (Formatted(source, found) is not { } text)
        {
            DiagnosticOutput.Write(found.ToImmutable(), OutputFormat.Human);
            return ExitCodes.Failed;
        }
        if (mode == Mode.Diff) output.Write(UnifiedDiff.Of("stdin", source.Text, text));
        else if (mode != Mode.Check) output.Write(text);
        return mode is Mode.Check or Mode.Diff && text != source.Text ? ExitCodes.Failed : ExitCodes.Ok;
    }

    private static int Files(string[] wanted, Mode mode, StreamWriter output)
    {
        var failures = new DiagnosticBag();
        var files = new List<string>();
        foreach (var path in wanted)
        {
            if (Directory.Exists(path)) files.AddRange(SourceFiles.Below(path, (folder, reason) => failures.Add(ToolErrors.Unreadable(SourceText.FromString(folder, ""), $"the folder cannot be read: {reason}"))));
            else if (!File.Exists(path)) failures.Add(ToolErrors.Unreadable(SourceText.FromString(path, ""), "there is no such file or directory"));
            else if (!path.EndsWith(".si", StringComparison.Ordinal)) failures.Add(ToolErrors.Unreadable(SourceText.FromString(path, ""), "this is not a Sigil source file: its name does not end in .si"));
            else files.Add(path);
        }
        files = [.. files.Distinct(StringComparer.Ordinal)];
        var results = new (string? Text, SourceText? Source, DiagnosticBag Found)[files.Count];
        long length = 0;
        foreach (var file in files) length += new FileInfo(file) is { Exists: true } info ? info.Length : 0;
        CollectLittle(length);
        // Trees may be deep: each worker has a stack for that.
        LargeStack.ForEach(files.Count, Workers(files.Count, length), i => results[i] = Format(files[i]));
        int changed = 0;
        for (var i = 0; i < files.Count; i++)
        {
            var (text, source, found) = results[i];
            failures.AddRange(found.ToImmutable().Where(d => d.Severity == Severity.Error));
            if (text is null || source is null) continue;
            if (mode == Mode.Print) output.Write(text);
            if (text == source.Text) continue;
            changed++;
            switch (mode)
            {
                case Mode.Check: output.WriteLine(files[i]); break;
                case Mode.Diff: output.Write(UnifiedDiff.Of(files[i], source.Text, text)); break;
                case Mode.Write:
                    if (FileReplacement.Replace(files[i], text) is { } reason) failures.Add(ToolErrors.Unreadable(SourceText.FromString(files[i], ""), $"cannot be written: {reason}"));
                    else output.WriteLine(files[i]);
                    break;
            }
        }
        output.Flush();
        if (failures.Count > 0) DiagnosticOutput.Write(failures.ToImmutable(), OutputFormat.Human);
        return failures.Count > 0 || (mode is Mode.Check or Mode.Diff && changed > 0) ? ExitCodes.Failed : ExitCodes.Ok;
    }

    /// <summary>How many files are formatted at once: a thread costs as much as some thousand lines.</summary>
    private static int Workers(int files, long length) => (int)Math.Min(Math.Min(Environment.ProcessorCount, files), 1 + length / LengthPerWorker);

    // The trees of a few files are all there is to collect, and soon the process is over.
    private static void CollectLittle(long length) => GC.TryStartNoGCRegion(Math.Min(MostMemoryWithoutCollecting, MemoryForStart + MemoryPerByte * length));

    private static (string?, SourceText?, DiagnosticBag) Format(string file)
    {
        var found = new DiagnosticBag();
        try
        {
            var source = SourceText.From(file, SourceFile.Read(file), found);
            return (Formatted(source, found), source, found);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found.Add(ToolErrors.Unreadable(SourceText.FromString(file, ""), $"cannot be read: {e.Message}"));
            return (null, null, found);
        }
    }

    /// <summary>Null when the text has errors, which are reported. A text that is meant to have some is left alone.</summary>
    private static string? Formatted(SourceText source, DiagnosticBag found)
    {
        var tree = SourceFormatter.Read(source);
        if (SourceFormatter.PointsIntoItsLines(tree)) return source.Text;
        found.AddRange(tree.Diagnostics);
        return SourceFormatter.Format(tree);
    }
}
