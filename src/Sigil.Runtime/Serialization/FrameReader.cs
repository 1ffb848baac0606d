using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using MessagePack;

namespace Sigil.Runtime.Serialization;

/// <summary>
/// What codecs read from. Every length is checked against the bytes that are left before anything of that size is allocated, and
/// nesting is bounded, so no input can exhaust memory or the stack.
/// </summary>
public ref struct FrameReader
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private MessagePackReader _pack;
    private int _depth;

    /// <summary>Reads <paramref name="frame"/>; descriptors that came with it are in <paramref name="attachments"/>.</summary>
    public FrameReader(ReadOnlyMemory<byte> frame, Attachments attachments)
    {
        _pack = new MessagePackReader(frame);
        Attachments = attachments;
    }

    /// <summary>Descriptors that came beside the bytes.</summary>
    public Attachments Attachments { get; }

    /// <summary>Whether all bytes have been read.</summary>
    public readonly bool IsAtEnd => _pack.End;

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadInt() => _pack.ReadInt64();

    /// <summary>Reads an integer within limits.</summary>
    public long ReadInt(long lowest, long highest, string what)
    {
        var value = _pack.ReadInt64();
        if (value < lowest || value > highest) throw new FrameException($"{value} is no {what}");
        return value;
    }

    /// <summary>Reads a number; an integer will do.</summary>
    public double ReadFloat() => _pack.ReadDouble();

    /// <summary>Reads a truth value.</summary>
    public bool ReadBool() => _pack.ReadBoolean();

    /// <summary>Reads a string, which must be proper UTF-8.</summary>
    public string ReadStr()
    {
        if (!_pack.TryReadStringSpan(out var utf8))
        {
            if (_pack.ReadStringSequence() is not { } parts) throw new FrameException("a string is missing");
            utf8 = parts.ToArray();
        }

        return s_strictUtf8.GetString(utf8);
    }

    /// <summary>Reads a block of bytes into an array of its own.</summary>
    public byte[] ReadBytes()
    {
        if (_pack.ReadBytes() is not { } bytes) throw new FrameException("a block of bytes is missing");
        var copy = GC.AllocateUninitializedArray<byte>(checked((int)bytes.Length));
        bytes.CopyTo(copy);
        return copy;
    }

    /// <summary>Whether the next value is a block of bytes.</summary>
    public readonly bool IsAtBytes => !_pack.End && _pack.NextMessagePackType == MessagePackType.Binary;

    /// <summary>Whether the next value is an integer.</summary>
    public readonly bool IsAtInt => !_pack.End && _pack.NextMessagePackType == MessagePackType.Integer;

    /// <summary>Passes over the absence of a value; false when there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil() => _pack.TryReadNil();

    /// <summary>Begins a group and tells how many values it has: never more than bytes are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BeginArray()
    {
        if (++_depth > FrameWriter.MaxDepth) ThrowTooDeep();
        return _pack.ReadArrayHeader();
    }

    /// <summary>Begins a group of exactly <paramref name="count"/> values.</summary>
    public void BeginArray(int count)
    {
        var actual = BeginArray();
        if (actual != count) throw new FrameException($"{count} values are expected, {actual} came");
    }

    /// <summary>Begins a group of pairs.</summary>
    public int BeginMap()
    {
        if (++_depth > FrameWriter.MaxDepth) ThrowTooDeep();
        return _pack.ReadMapHeader();
    }

    /// <summary>Ends the innermost group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void End() => _depth--;

    /// <summary>Ends a group of which <paramref name="read"/> of <paramref name="count"/> values were read: what a newer writer added is skipped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndFields(int count, int read)
    {
        _depth--;
        if (count > read) Skip(count - read);
    }

    /// <summary>
    /// The variant of a sum: a bare tag, or a group that begins with one. <paramref name="fields"/> counts the group's other values,
    /// and is -1 for a bare tag; <see cref="EndVariant"/> follows.
    /// </summary>
    public int BeginVariant(out int fields)
    {
        if (++_depth > FrameWriter.MaxDepth) ThrowTooDeep();
        fields = -1;
        if (!IsAtInt)
        {
            fields = _pack.ReadArrayHeader() - 1;
            if (fields < 0) throw new FrameException("a variant has no tag");
        }

        return _pack.ReadInt32();
    }

    /// <summary>Ends a variant of which <paramref name="read"/> fields were read.</summary>
    public void EndVariant(int fields, int read)
    {
        _depth--;
        if (fields > read) Skip(fields - read);
    }

    /// <summary>Passes over values; without recursion, whatever their nesting.</summary>
    public void Skip(int values)
    {
        long left = values;
        while (left > 0)
        {
            left--;
            switch (_pack.NextMessagePackType)
            {
                case MessagePackType.Array: left += _pack.ReadArrayHeader(); break;
                case MessagePackType.Map: left += 2L * _pack.ReadMapHeader(); break;
                default: _pack.Skip(); break;
            }
        }
    }

    /// <summary>For generated codecs: a field without default is not in the frame.</summary>
    public static void ThrowMissing(string field) => throw new FrameException($"the field {field} is missing");

    /// <summary>For generated codecs: a sum has no such variant.</summary>
    public static void ThrowVariant(int tag, string type) => throw new FrameException($"{type} has no variant number {tag}");

    private static void ThrowTooDeep() => throw new FrameException($"the frame is nested more than {FrameWriter.MaxDepth} levels deep");
}
