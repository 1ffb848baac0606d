using System.Text;

namespace Sigil.Runtime.Processes;

/// <summary>How a task in a process ended; the numbers are those that the library's <c>ProcessError</c> is made from.</summary>
internal enum OutcomeKind
{
    Finished = 0,
    Panicked = 1,
    Exited = 2,
    Signalled = 3,
    OutOfMemory = 4,
    TimedOut = 5,
    Killed = 6,
    StartFailed = 7,
    Protocol = 8,
}

/// <summary>How a task in a process ended, with what belongs to it.</summary>
internal sealed class ProcessOutcome
{
    internal required OutcomeKind Kind { get; init; }

    /// <summary>The exit code or the signal.</summary>
    internal int Number { get; init; }

    /// <summary>Why.</summary>
    internal string Text { get; init; } = "";

    internal PanicFacts? Panicked { get; init; }

    /// <summary>The encoded value.</summary>
    internal byte[] Payload { get; init; } = [];

    /// <summary>What came with the value, until somebody takes it.</summary>
    internal int[] Descriptors { get; set; } = [];

    internal static ProcessOutcome Finished(byte[] payload, int[] descriptors) =>
        new() { Kind = OutcomeKind.Finished, Payload = payload, Descriptors = descriptors };

    internal static ProcessOutcome Panic(PanicFacts facts) => new() { Kind = OutcomeKind.Panicked, Text = facts.Message, Panicked = facts };

    internal static ProcessOutcome Broken(string why) => new() { Kind = OutcomeKind.Protocol, Text = why };

    internal void Discard()
    {
        foreach (var descriptor in Descriptors) Posix.CloseQuietly(descriptor);
        Descriptors = [];
    }
}

/// <summary>A panic as it crosses between processes.</summary>
internal sealed record PanicFacts(string Code, string Message, string File, long Line, long Column, string SpawnedAt)
{
    internal byte[] Encode()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        foreach (var text in new[] { Code, Message, File, SpawnedAt }) writer.Write(text);
        writer.Write(Line);
        writer.Write(Column);
        writer.Flush();
        return buffer.ToArray();
    }

    /// <summary>Reads what a child sent, which need not be what it should be.</summary>
    internal static bool TryDecode(byte[] data, out PanicFacts facts)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(data), Encoding.UTF8);
            string code = reader.ReadString(), message = reader.ReadString(), file = reader.ReadString(), spawnedAt = reader.ReadString();
            facts = new PanicFacts(code, message, file, reader.ReadInt64(), reader.ReadInt64(), spawnedAt);
            return true;
        }
        catch (Exception problem) when (problem is IOException or FormatException or ArgumentException)
        {
            facts = new PanicFacts("", "", "", 0, 0, "");
            return false;
        }
    }
}
