using System.Buffers;

namespace Sigil.Runtime.Ipc;

/// <summary>Collects bytes in an array of the shared pool, which belongs to whoever takes it.</summary>
internal sealed class PooledBytes : IBufferWriter<byte>
{
    internal byte[] Bytes { get; private set; } = ArrayPool<byte>.Shared.Rent(256);

    internal int Count { get; private set; }

    public void Advance(int count) => Count += count;

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var room = Math.Max(sizeHint, 16);
        if (Bytes.Length - Count < room)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(2L * Bytes.Length, (long)Count + room), Array.MaxLength));
            Bytes.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(Bytes);
            Bytes = larger;
        }

        return Bytes.AsMemory(Count);
    }
}
