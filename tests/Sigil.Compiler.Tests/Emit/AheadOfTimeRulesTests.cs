using System.Text.RegularExpressions;
using Sigil.Compiler.Tests.EndToEnd;

namespace Sigil.Compiler.Tests.Emit;

/// <summary>The compiler is also compiled ahead of time (decision 7): it constructs generic types and methods through <c>Members</c> only.</summary>
public sealed partial class AheadOfTimeRulesTests
{
    [Fact]
    public void Generic_types_and_methods_are_constructed_in_one_place()
    {
        var folder = Path.Combine(Repository.Root, "src", "Sigil.Emit");
        var found = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/Symbolic/", StringComparison.Ordinal) && Path.GetFileName(f) != "Members.cs")
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Line: line, At: $"{Path.GetFileName(f)}:{i + 1}")))
            .Where(x => Forbidden().IsMatch(x.Line))
            .Select(x => x.At);
        Assert.Empty(found);
    }

    [GeneratedRegex(@"MakeGenericType\(|MakeGenericMethod\(|TypeBuilder\.Get(Method|Field|Constructor)\(|DynamicMethod")] private static partial Regex Forbidden();
}
