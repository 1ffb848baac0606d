namespace Sigil.Runtime.Exploring;

/// <summary>One line of execution in a controlled run: a thread of the runtime, or a piece of a task between two waits.</summary>
internal sealed class Strand(Interleaving run, int number, string name, object identity, Action body)
{
    internal readonly Interleaving Run = run;

    /// <summary>Counts the strands of the run; the same in every repetition.</summary>
    internal readonly int Number = number;

    internal readonly string Name = name;

    /// <summary>What the strand belongs to: pieces of one task have one identity.</summary>
    internal readonly object Identity = identity;

    internal readonly Action Body = body;

    /// <summary>The thread that carries the strand once it has begun.</summary>
    internal Carrier? Carrier;

    /// <summary>What the strand waits for; null when it can go on.</summary>
    internal Func<bool>? Condition;

    /// <summary>When it goes on in any case.</summary>
    internal long DeadlineNanos = long.MaxValue;

    internal bool TimedOut;

    public override string ToString() => $"{Number} {Name}";
}
