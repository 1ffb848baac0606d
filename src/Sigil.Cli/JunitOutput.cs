using System.Globalization;
using System.Text;
using System.Xml;
using Sigil.Compiler.Testing;

namespace Sigil.Cli;

/// <summary>Test reports in the XML of JUnit, which build servers read: a suite a file.</summary>
internal static class JunitOutput
{
    public static void Write(TestReport report, Stream output)
    {
        // Characters that XML cannot hold may be in what a program printed.
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(false), CheckCharacters = false });
        xml.WriteStartDocument();
        xml.WriteStartElement("testsuites");
        Counts(xml, report.Passed + report.Failed + report.Skipped, report.Failed, report.Skipped, report.Milliseconds);
        foreach (var file in report.Tests.GroupBy(t => t.File))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", file.Key);
            Counts(xml, file.Count(), file.Count(t => t.Status == TestStatus.Failed), file.Count(t => t.Status == TestStatus.Skipped), file.Sum(t => t.Milliseconds));
            foreach (var test in file) Test(xml, test);
            xml.WriteEndElement();
        }
        if (report.CompileFail.Length > 0)
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", "compile-fail");
            Counts(xml, report.CompileFail.Length, report.CompileFail.Count(c => !c.Passed), 0, 0);
            foreach (var c in report.CompileFail)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("name", c.File);
                xml.WriteAttributeString("classname", "compile-fail");
                xml.WriteAttributeString("time", "0");
                if (!c.Passed) Failure(xml, "E7103", "other errors than expected", string.Join('\n', c.Missing.Select(m => "missing: " + m).Concat(c.Unexpected.Select(u => "unexpected: " + u))));
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void Test(XmlWriter xml, TestResult test)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", test.Name);
        xml.WriteAttributeString("classname", test.File);
        xml.WriteAttributeString("file", test.File);
        xml.WriteAttributeString("line", test.Line.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("assertions", test.Assertions.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(test.Milliseconds));
        if (test.Status == TestStatus.Skipped)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Clean(test.Reason ?? ""));
            xml.WriteEndElement();
        }
        if (test.Failure is { } f)
        {
            var text = new StringBuilder();
            if (f.Expected.Length > 0) text.Append(CultureInfo.InvariantCulture, $"actual:   {f.Actual}\nexpected: {f.Expected}\n");
            text.Append(CultureInfo.InvariantCulture, $"at {f.File}:{f.Line}:{f.Column}");
            if (f.Waiting.Length > 0) text.Append('\n').Append(f.Waiting.TrimEnd());
            if (f.Seed is { } seed) text.Append(CultureInfo.InvariantCulture, $"\nreplay: sigil test {test.File} --filter {test.Name.TrimStart('@')} --seed {seed}");
            Failure(xml, f.Code, f.Message.Length > 0 ? $"{f.Type}: {f.Message}" : f.Type, text.ToString());
        }
        xml.WriteEndElement();
    }

    private static void Failure(XmlWriter xml, string type, string message, string text)
    {
        xml.WriteStartElement("failure");
        xml.WriteAttributeString("type", type);
        xml.WriteAttributeString("message", Clean(message));
        xml.WriteString(Clean(text));
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, int tests, int failures, int skipped, long milliseconds)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("skipped", skipped.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(milliseconds));
    }

    private static string Seconds(long milliseconds) => (milliseconds / 1000.0).ToString("0.000", CultureInfo.InvariantCulture);

    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c.ToString() : $"\\u{{{(int)c:x}}}"));
}
