using System.Buffers.Binary;
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
    private const byte Nil = 0xc0;
    private const byte False = 0xc2;
    private const byte True = 0xc3;
    private const byte Float64 = 0xcb;
    private const byte Int16 = 0xd1;
    private const byte Int32 = 0xd2;
    private const byte Int64 = 0xd3;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private int _depth;

    /// <summary>Reads <paramref name="frame"/>; descriptors that came with it are in <paramref name="attachments"/>.</summary>
    public FrameReader(ReadOnlyMemory<byte> frame, Attachments attachments)
    {
        _frame = frame;
        _bytes = frame.Span;
        Attachments = attachments;
    }

    /// <summary>Descriptors that came beside the bytes.</summary>
    public Attachments Attachments { get; }

    /// <summary>Whether all bytes have been read.</summary>
    public readonly bool IsAtEnd => _at >= _bytes.Length;

    // The forms that our own writer uses are read here; all others are the library's business.
    private readonly MessagePackReader Rest => new(_frame[_at..]);

    private readonly int Left => _bytes.Length - _at;

    /// <summary>Reads an integer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadInt()
    {
        if ((uint)_at < (uint)_bytes.Length)
        {
            var form = _bytes[_at];
            if (form < 0x80)
            {
                _at++;
                return form;
            }

            if (form == Int64 && Left >= 9)
            {
                var value = BinaryPrimitives.ReadInt64BigEndian(_bytes[(_at + 1)..]);
                _at += 9;
                return value;
            }
        }

        return ReadOtherInt();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long ReadOtherInt()
    {
        if (Left > 0)
        {
            var form = _bytes[_at];
            var rest = _bytes[(_at + 1)..];
            switch (form)
            {
                case Int16 when rest.Length >= 2:
                    _at += 3;
                    return BinaryPrimitives.ReadInt16BigEndian(rest);
                case Int32 when rest.Length >= 4:
                    _at += 5;
                    return BinaryPrimitives.ReadInt32BigEndian(rest);
                case >= 0xe0:
                    _at++;
                    return (sbyte)form;
            }
        }

        var pack = Rest;
        var value = pack.ReadInt64();
        _at += (int)pack.Consumed;
        return value;
    }

    /// <summary>Reads an integer within limits.</summary>
    public long ReadInt(long lowest, long highest, string what)
    {
        var value = ReadInt();
        if (value < lowest || value > highest) throw new FrameException($"{value} is no {what}");
        return value;
    }

    /// <summary>Reads a number; an integer will do.</summary>
    public double ReadFloat()
    {
        if (Left >= 9 && _bytes[_at] == Float64)
        {
            var value = BinaryPrimitives.ReadDoubleBigEndian(_bytes[(_at + 1)..]);
            _at += 9;
            return value;
        }

        var pack = Rest;
        var other = pack.ReadDouble();
        _at += (int)pack.Consumed;
        return other;
    }

    /// <summary>Reads a truth value.</summary>
    public bool ReadBool()
    {
        var form = Next();
        if (form is not (True or False)) throw new FrameException("a truth value is expected, something else came");
        _at++;
        return form == True;
    }

    /// <summary>Reads a string, which must be proper UTF-8.</summary>
    public string ReadStr()
    {
        var form = Next();
        int length;
        if (form is >= 0xa0 and <= 0xbf)
        {
            _at++;
            length = form & 0x1f;
        }
        else length = ReadLength(form - 0xd9, "a string");
        return s_strictUtf8.GetString(Block(length));
    }

    /// <summary>Reads a block of bytes into an array of its own.</summary>
    public byte[] ReadBytes() => Copy(Block(ReadLength(Next() - 0xc4, "a block of bytes")));

    private static byte[] Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = GC.AllocateUninitializedArray<byte>(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }

    private readonly byte Next() => (uint)_at < (uint)_bytes.Length ? _bytes[_at] : throw Ends();

    // A length of 1, 2 or 4 bytes behind the form.
    private int ReadLength(int width, string what)
    {
        if (width is < 0 or > 2) throw new FrameException($"{what} is expected, something else came");
        if (Left < 1 + (1 << width)) throw Ends();
        var rest = _bytes[(_at + 1)..];
        _at += 1 + (1 << width);
        var length = width switch
        {
            0 => rest[0],
            1 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt32BigEndian(rest),
        };
        return length <= (uint)Left ? (int)length : throw Ends();
    }

    private ReadOnlySpan<byte> Block(int length)
    {
        if (length > Left) throw Ends();
        var block = _bytes.Slice(_at, length);
        _at += length;
        return block;
    }

    private static FrameException Ends() => new("the frame ends within a value");

    /// <summary>Whether the next value is an integer.</summary>
    public readonly bool IsAtInt => !IsAtEnd && (_bytes[_at] is < 0x80 or >= 0xe0 or (>= 0xcc and <= 0xd3));

    /// <summary>Passes over the absence of a value; false when there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadNil()
    {
        if (Next() != Nil) return false;
        _at++;
        return true;
    }

    /// <summary>Begins a group and tells how many values it has: never more than bytes are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int BeginArray()
    {
        if (++_depth > FrameWriter.MaxDepth) ThrowTooDeep();
        if ((uint)_at < (uint)_bytes.Length && _bytes[_at] is >= 0x90 and <= 0x9f and var form && Left > (form & 15))
        {
            _at++;
            return form & 15;
        }

        return ReadLongArray();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ReadLongArray()
    {
        var pack = Rest;
        var count = pack.ReadArrayHeader();
        _at += (int)pack.Consumed;
        return count;
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
        return ReadMapHeader();
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
            fields = ReadLongArray() - 1;
            if (fields < 0) throw new FrameException("a variant has no tag");
        }

        return (int)ReadInt(int.MinValue, int.MaxValue, "tag");
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
        var pack = Rest;
        long left = values;
        while (left > 0)
        {
            left--;
            switch (pack.NextMessagePackType)
            {
                case MessagePackType.Array: left += pack.ReadArrayHeader(); break;
                case MessagePackType.Map: left += 2L * pack.ReadMapHeader(); break;
                default: pack.Skip(); break;
            }
        }

        _at += (int)pack.Consumed;
    }

    private int ReadMapHeader()
    {
        var pack = Rest;
        var count = pack.ReadMapHeader();
        _at += (int)pack.Consumed;
        return count;
    }

    /// <summary>For generated codecs: a field without default is not in the frame.</summary>
    public static void ThrowMissing(string field) => throw new FrameException($"the field {field} is missing");

    /// <summary>For generated codecs: a sum has no such variant.</summary>
    public static void ThrowVariant(int tag, string type) => throw new FrameException($"{type} has no variant number {tag}");

    /// <summary>For generated codecs: a hand-written impl refuses its text.</summary>
    public static void ThrowText(string type) => throw new FrameException($"the text is no {type}");

    private static void ThrowTooDeep() => throw new FrameException($"the frame is nested more than {FrameWriter.MaxDepth} levels deep");
}
