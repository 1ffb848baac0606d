namespace Sigil.Properties.Tests.Generation;

/// <summary>What generators of programs share: choices that the seed alone decides, and names that are new.</summary>
internal abstract class SeededGenerator(int seed)
{
    private readonly Random random = new(seed);
    private int names;

    protected int Pick(int limit) => random.Next(limit);
    protected bool Chance(int percent) => random.Next(100) < percent;
    protected T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];
    protected string Fresh(string prefix) => prefix + ++names;
}
