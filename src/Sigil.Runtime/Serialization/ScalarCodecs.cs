using Sigil.Runtime.Values;

namespace Sigil.Runtime.Serialization;

/// <summary><c>int</c>, <c>Duration</c> and <c>Size</c>.</summary>
public sealed class IntCodec : Codec<long>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, long value) => writer.WriteInt(value);

    /// <inheritdoc/>
    public override long Read(ref FrameReader reader) => reader.ReadInt();
}

/// <summary><c>float</c>; the bits are kept, those of a NaN included.</summary>
public sealed class FloatCodec : Codec<double>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, double value) => writer.WriteFloat(value);

    /// <inheritdoc/>
    public override double Read(ref FrameReader reader) => reader.ReadFloat();
}

/// <summary><c>bool</c>.</summary>
public sealed class BoolCodec : Codec<bool>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, bool value) => writer.WriteBool(value);

    /// <inheritdoc/>
    public override bool Read(ref FrameReader reader) => reader.ReadBool();
}

/// <summary><c>byte</c>.</summary>
public sealed class ByteCodec : Codec<byte>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, byte value) => writer.WriteInt(value);

    /// <inheritdoc/>
    public override byte Read(ref FrameReader reader) => (byte)reader.ReadInt(0, 255, "byte");
}

/// <summary><c>char</c>: a Unicode scalar.</summary>
public sealed class CharCodec : Codec<int>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, int value) => writer.WriteInt(value);

    /// <inheritdoc/>
    public override int Read(ref FrameReader reader)
    {
        var value = (int)reader.ReadInt(0, 0x10FFFF, "character");
        if (value is >= 0xD800 and <= 0xDFFF) throw new FrameException("half a surrogate pair is no character");
        return value;
    }
}

/// <summary><c>str</c>.</summary>
public sealed class StrCodec : Codec<string>
{
    /// <inheritdoc/>
    public override int LeastBytes(string value) => value.Length;

    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, string value) => writer.WriteStr(value);

    /// <inheritdoc/>
    public override string Read(ref FrameReader reader) => reader.ReadStr();
}

/// <summary><c>void</c>.</summary>
public sealed class VoidCodec : Codec<Unit>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Unit value) => writer.WriteNil();

    /// <inheritdoc/>
    public override Unit Read(ref FrameReader reader) =>
        reader.TryReadNil() ? default : throw new FrameException("nothing is expected, something came");
}

/// <summary><c>Never</c>: there is no value of it.</summary>
public sealed class NeverCodec : Codec<Unit>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Unit value) => throw new FrameException("there is no value of type Never");

    /// <inheritdoc/>
    public override Unit Read(ref FrameReader reader) => throw new FrameException("there is no value of type Never");
}

/// <summary>A sum without payloads: its tag, the position of the variant.</summary>
public sealed class TagCodec(int variants) : Codec<int>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, int value) => writer.WriteInt(value);

    /// <inheritdoc/>
    public override int Read(ref FrameReader reader) => (int)reader.ReadInt(0, variants - 1, "variant");
}
