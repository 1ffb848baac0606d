using System.Globalization;
using System.Text.Json;
using Sigil.Compiler.Projects;
using Sigil.Compiler.Testing;

namespace Sigil.Cli;

/// <summary>Prints a test report.</summary>
internal static class TestOutput
{
    public static void Human(TestReport report, TextWriter output)
    {
        output.WriteLine("Running tests...");
        foreach (var t in report.Tests)
        {
            switch (t.Status)
            {
                case TestStatus.Passed: output.WriteLine($"  ✓ {t.Name} ({Count(t.Assertions, "assertion")}{(t.Schedules > 0 ? ", " + Count(t.Schedules, "schedule") : "")})"); break;
                case TestStatus.Skipped: output.WriteLine($"  ⊘ {t.Name} (skipped: {t.Reason})"); break;
                default:
                    output.WriteLine($"  ✗ {t.Name}");
                    Failure(t, t.Failure!, output);
                    break;
            }
            if (t.Note is { } note) output.WriteLine($"    note: {note}");
        }
        foreach (var c in report.CompileFail)
        {
            output.WriteLine($"  {(c.Passed ? '✓' : '✗')} {BelowTests(c.File)} ({Count(c.Expected, ProgramTarget.MustCompile(c.File) ? "expected warning" : "expected error")})");
            foreach (var m in c.Missing) output.WriteLine($"    missing: {m}");
            foreach (var u in c.Unexpected) output.WriteLine($"    unexpected: {u}");
        }
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Passed} passed, {report.Failed} failed, {report.Skipped} skipped ({report.Milliseconds / 1000.0:0.00}s)"));
    }

    // `compile-fail/units.si` for `src/_test/compile-fail/units.si`.
    private static string BelowTests(string file) => file.LastIndexOf("_test/", StringComparison.Ordinal) is >= 0 and var at ? file[(at + "_test/".Length)..] : file;

    private static void Failure(TestResult t, TestFailure f, TextWriter output)
    {
        if (f.Code == "E7101")
        {
            output.WriteLine($"    assertion failed: {f.Type}{(f.Message.Length > 0 ? ": " + f.Message : "")}");
            if (f.Expected.Length > 0)
            {
                output.WriteLine($"      actual:   {f.Actual}");
                output.WriteLine($"      expected: {f.Expected}");
            }
        }
        else output.WriteLine($"    {f.Type}[{f.Code}]: {f.Message}");
        output.WriteLine($"    at {f.File}:{f.Line}:{f.Column}");
        if (f.Waiting.Length > 0)
            foreach (var line in f.Waiting.TrimEnd().Split('\n')) output.WriteLine("    " + line);
        if (f.Seed is { } seed)
        {
            output.WriteLine($"    in schedule {t.Schedules}; replay it with:");
            output.WriteLine($"      sigil test {t.File} --filter {t.Name.TrimStart('@')} --seed {seed}");
        }
    }

    private static string Count(long n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";

    public static void Json(TestReport report, Stream output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteStartArray("tests");
        foreach (var t in report.Tests)
        {
            json.WriteStartObject();
            json.WriteString("name", t.Name);
            json.WriteString("file", t.File);
            json.WriteNumber("line", t.Line);
            json.WriteStartArray("targets");
            foreach (var n in t.Targets) json.WriteStringValue(n);
            json.WriteEndArray();
            json.WriteString("status", t.Status.ToString().ToLowerInvariant());
            if (t.Status == TestStatus.Skipped) json.WriteString("reason", t.Reason);
            else
            {
                json.WriteNumber("assertions", t.Assertions);
                json.WriteNumber("duration_ms", t.Milliseconds);
                if (t.Schedules > 0) json.WriteNumber("schedules", t.Schedules);
                if (t.Note is { } note) json.WriteString("note", note);
            }
            if (t.Failure is { } f)
            {
                json.WriteStartObject("failure");
                json.WriteString("type", f.Type);
                json.WriteString("code", f.Code);
                json.WriteString("message", f.Message);
                json.WriteString("actual", f.Actual);
                json.WriteString("expected", f.Expected);
                json.WriteStartObject("location");
                json.WriteString("file", f.File);
                json.WriteNumber("line", f.Line);
                json.WriteNumber("column", f.Column);
                json.WriteEndObject();
                if (f.Waiting.Length > 0) json.WriteString("waiting", f.Waiting);
                if (f.Seed is { } seed) json.WriteString("seed", seed);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("compile_fail");
        foreach (var c in report.CompileFail)
        {
            json.WriteStartObject();
            json.WriteString("file", c.File);
            json.WriteString("status", c.Passed ? "passed" : "failed");
            json.WriteNumber("expected", c.Expected);
            json.WriteNumber("matched", c.Matched);
            Strings("missing", c.Missing);
            Strings("unexpected", c.Unexpected);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("summary");
        json.WriteNumber("total", report.Passed + report.Failed + report.Skipped);
        json.WriteNumber("passed", report.Passed);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("skipped", report.Skipped);
        json.WriteNumber("duration_ms", report.Milliseconds);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');

        void Strings(string name, IEnumerable<string> items)
        {
            json.WriteStartArray(name);
            foreach (var i in items) json.WriteStringValue(i);
            json.WriteEndArray();
        }
    }
}
