using System.Globalization;

namespace Sigil.Properties.Tests.Concurrency;

/// <summary>Which generated programs the environment asks for: <c>SIGIL_SEED</c>, or <c>SIGIL_FIRST_SEED</c> and <c>SIGIL_PROGRAMS</c>.</summary>
internal static class ProgramSelection
{
    /// <summary>The number that a variable holds.</summary>
    public static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : otherwise;

    /// <summary>The seeds of the programs, so many of them unless the environment says otherwise.</summary>
    public static IEnumerable<int> Seeds(int count)
    {
        if (Number("SIGIL_SEED", -1) is >= 0 and var seed) return [seed];
        return Enumerable.Range(Number("SIGIL_FIRST_SEED", 1), Number("SIGIL_PROGRAMS", count));
    }
}
