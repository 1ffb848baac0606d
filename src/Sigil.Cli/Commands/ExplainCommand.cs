using System.CommandLine;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil explain CODE</c>: the long story of a diagnostic.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var code = new Argument<string>("code") { Description = "A code such as E6001." };
        var command = new Command("explain", "Tell the long story of a diagnostic, with a wrong and a right example.") { code };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(code)!.Trim().ToUpperInvariant();
            using var stream = typeof(ExplainCommand).Assembly.GetManifestResourceStream($"errors/{wanted}.md");
            if (stream is not null)
            {
                using var reader = new StreamReader(stream);
                Console.Out.Write(reader.ReadToEnd());
                return ExitCodes.Ok;
            }
            if (DiagnosticCatalogue.All.FirstOrDefault(d => d.Code == wanted) is { } known)
            {
                Console.Out.WriteLine($"# {known.Code}: {known.Title}");
                return ExitCodes.Ok;
            }
            Console.Error.WriteLine($"error[E9102]: there is no code '{wanted}'");
            if (Spelling.Closest(wanted, DiagnosticCatalogue.All.Select(d => d.Code)) is { } close) Console.Error.WriteLine($"  = help: did you mean {close}?");
            return ExitCodes.WrongUsage;
        });
        return command;
    }
}
