using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Sigil.Semantics.Tests;

/// <summary>Programs with random slips: whatever is wrong with them, the check ends with diagnostics, never with an exception.</summary>
public sealed partial class HostileInputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Slips_end_in_diagnostics(int seed)
    {
        var random = new Random(seed);
        var programs = Programs().ToList();
        for (var n = 0; n < 40; n++)
        {
            var text = Slip(programs[random.Next(programs.Count)], random);
            try
            {
                Checked.DiagnosticsOf(Checked.Analyze(text));
            }
            catch (Exception e)
            {
                Assert.Fail($"{e}\nwhile checking\n{text}");
            }
        }
    }

    /// <summary>One to three tokens removed, repeated, exchanged or replaced.</summary>
    private static string Slip(string program, Random random)
    {
        var tokens = Token().Matches(program).Select(m => m.Value).ToList();
        for (var slips = random.Next(1, 4); slips > 0 && tokens.Count > 3; slips--)
        {
            int i = random.Next(tokens.Count), j = random.Next(tokens.Count);
            switch (random.Next(4))
            {
                case 0: tokens.RemoveAt(i); break;
                case 1: tokens.Insert(i, tokens[j]); break;
                case 2: (tokens[i], tokens[j]) = (tokens[j], tokens[i]); break;
                default: tokens[i] = tokens[j]; break;
            }
        }
        return string.Concat(tokens);
    }

    /// <summary>The programs in the tests beside this file: they touch every rule.</summary>
    private static IEnumerable<string> Programs([CallerFilePath] string here = "") =>
        Directory.EnumerateFiles(Path.GetDirectoryName(here)!, "*Tests.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .SelectMany(f => Program().Matches(File.ReadAllText(f))).Select(m => m.Groups[1].Value);

    [GeneratedRegex("\"\"\"\n(.*?)\"\"\"", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"\w+|\s+|[^\w\s]")]
    private static partial Regex Token();
}
