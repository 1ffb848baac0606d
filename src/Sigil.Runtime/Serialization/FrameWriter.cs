using System.Buffers;
using System.Runtime.CompilerServices;
using MessagePack;

namespace Sigil.Runtime.Serialization;

/// <summary>What codecs write to: MessagePack, with the ends of channels beside it.</summary>
public ref struct FrameWriter
{
    /// <summary>Values nested deeper than this are not written, so that reading them never exhausts a stack.</summary>
    public const int MaxDepth = 4096;

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
    public void WriteInt(long value) => _pack.Write(value);

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
