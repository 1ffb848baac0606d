using Sigil.Runtime.Ipc;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>The words of a ring, for the message of a test that hangs.</summary>
internal static unsafe class RingState
{
    internal static string Of<T>(IpcProducer<T> producer, IpcConsumer<T> consumer) =>
        $"producers {Side((RingEnd)producer.End)}, {producer.Length} under way, consumers {Side((RingEnd)consumer.End)}";

    private static string Side(RingEnd end)
    {
        if (!end.IsOpen) return "closed";
        var own = end.Own;
        var owner = *(int*)(own + RingLayout.OwnerAt);
        var position = new RingPosition(*(long*)(own + RingLayout.PositionAt));
        return $"at {position.Count}/{position.Units}, owner {owner}, own number {end.Number}, waits {*(int*)(own + RingLayout.WaitsAt)}, open {*(int*)(own + RingLayout.OpenEndsAt)}";
    }
}
