using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MessagePack;

namespace Sigil.Runtime.Serialization;

/// <summary>What codecs write to: MessagePack, with the ends of channels beside it.</summary>
public ref struct FrameWriter
{
    /// <summary>Values nested deeper than this are not written, so that reading them never exhausts a stack.</summary>
    public const int MaxDepth = 4096;

    private const int LongestInt = 9;

    private MessagePackWriter _pack;
    private int _depth;

    /// <summary>Writes into <paramref name="target"/>; ends of channels in the values are added to <paramref name="attachments"/>.</summary>
    public FrameWriter(IBufferWriter<byte> target, Attachments attachments)
    {
        _pack = new MessagePackWriter(target);
        Attachments = attachments;
    }

    /// <summary>Descriptors that travel beside the bytes.</summary>
    public Attachments Attachments { get; }

    /// <summary>Appends an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteInt(long value)
    {
        ref var first = ref MemoryMarshal.GetReference(_pack.GetSpan(LongestInt));
        if ((ulong)value < 0x80)
        {
            first = (byte)value;
            _pack.Advance(1);
        }
        else if (value == (int)value) WriteSmall((int)value);
        else
        {
            first = 0xd3;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, 1), BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);
            _pack.Advance(LongestInt);
        }
    }

    private void WriteSmall(int value)
    {
        var room = _pack.GetSpan(LongestInt);
        if (value is >= -32 and < 0)
        {
            room[0] = (byte)value;
            _pack.Advance(1);
        }
        else if (value == (short)value)
        {
            room[0] = 0xd1;
            BinaryPrimitives.WriteInt16BigEndian(room[1..], (short)value);
            _pack.Advance(3);
        }
        else
        {
            room[0] = 0xd2;
            BinaryPrimitives.WriteInt32BigEndian(room[1..], value);
            _pack.Advance(5);
        }
    }

    /// <summary>Appends a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFloat(double value) => _pack.Write(value);

    /// <summary>Appends a truth value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteBool(bool value) => _pack.Write(value);

    /// <summary>Appends a string as UTF-8.</summary>
    public void WriteStr(string value) => _pack.Write(value);

    /// <summary>Appends bytes as one block.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes) => _pack.Write(bytes);

    /// <summary>Appends the absence of a value.</summary>
    public void WriteNil() => _pack.WriteNil();

    /// <summary>Begins a group of <paramref name="count"/> values; <see cref="End"/> ends it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginArray(int count)
    {
        if (++_depth > MaxDepth) ThrowTooDeep();
        _pack.WriteArrayHeader(count);
    }

    /// <summary>Begins a group of <paramref name="count"/> pairs of values; <see cref="End"/> ends it.</summary>
    public void BeginMap(int count)
    {
        if (++_depth > MaxDepth) ThrowTooDeep();
        _pack.WriteMapHeader(count);
    }

    /// <summary>Ends the innermost group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => _depth--;

    /// <summary>Hands everything over to the target.</summary>
    public void Flush() => _pack.Flush();

    private static void ThrowTooDeep() => throw new FrameException($"the value is nested more than {MaxDepth} levels deep");
}
