using System.Collections.Immutable;
using Sigil.Compiler.Projects;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Cli;

/// <summary>How findings are printed.</summary>
public enum OutputFormat
{
    /// <summary>For people.</summary>
    Human,

    /// <summary>JSON: findings one a line, test reports as one object.</summary>
    Json,

    /// <summary>SARIF 2.1.0, for findings.</summary>
    Sarif,

    /// <summary>JUnit's XML, for test reports.</summary>
    Junit,
}

/// <summary>Writes findings to a stream: JSON lines to standard output, text for people to standard error.</summary>
public static class DiagnosticOutput
{
    /// <summary>Applies the levels and prints.</summary>
    /// <returns>Whether anything printed makes the command fail.</returns>
    public static bool Write(IEnumerable<Diagnostic> diagnostics, OutputFormat format, WarningLevels? levels = null, bool strict = false, bool warnings = true)
    {
        bool failed = false;
        int errors = 0, warned = 0;
        var shown = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var d in diagnostics)
        {
            var actual = levels is null ? d : levels.Apply(d);
            if (actual is null || (actual.Severity != Severity.Error && !warnings)) continue;
            shown.Add(actual);
            if (actual.Severity == Severity.Error) errors++;
            else if (actual.Severity == Severity.Warning) warned++;
        }
        failed = errors > 0 || (strict && warned > 0);
        if (format == OutputFormat.Sarif)
        {
            using var document = Console.OpenStandardOutput();
            SarifOutput.Write(shown, document);
            return failed;
        }
        if (format == OutputFormat.Json)
        {
            using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = false };
            foreach (var d in shown) output.WriteLine(DiagnosticJson.ToLine(d));
            return failed;
        }
        if (shown.Count == 0) return failed;
        bool colour = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";
        var renderer = colour ? DiagnosticRenderer.Colored : DiagnosticRenderer.Plain;
        using var error = new StreamWriter(Console.OpenStandardError());
        foreach (var d in shown)
        {
            error.Write(renderer.Render(d));
            error.WriteLine();
        }
        if (errors > 0 || warned > 0) error.WriteLine(Summary(errors, warned));
        return failed;
    }

    private static string Summary(int errors, int warnings)
    {
        static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
        return errors == 0 ? Count(warnings, "warning") : warnings == 0 ? Count(errors, "error") : $"{Count(errors, "error")}, {Count(warnings, "warning")}";
    }
}
