using System.Buffers;
using MessagePack;

namespace Sigil.Runtime.Serialization;

/// <summary>Whole values to frames and back.</summary>
public static class Frames
{
    /// <summary>The bytes of a value; ends of channels in it are added to <paramref name="attachments"/>.</summary>
    /// <exception cref="FrameException">The value is nested too deeply, or holds too many ends.</exception>
    public static byte[] Encode<T>(Codec<T> codec, T value, Attachments attachments)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Encode(codec, value, buffer, attachments);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Appends the bytes of a value to <paramref name="target"/>.</summary>
    /// <exception cref="FrameException">The value is nested too deeply, or holds too many ends.</exception>
    public static void Encode<T>(Codec<T> codec, T value, IBufferWriter<byte> target, Attachments attachments)
    {
        var writer = new FrameWriter(target, attachments);
        codec.Write(ref writer, value);
        writer.Flush();
    }

    /// <summary>The value in a frame.</summary>
    /// <exception cref="FrameException">The frame holds no such value, or something after it.</exception>
    public static T Decode<T>(Codec<T> codec, ReadOnlyMemory<byte> frame, Attachments attachments)
    {
        try
        {
            var reader = new FrameReader(frame, attachments);
            var value = codec.Read(ref reader);
            if (!reader.IsAtEnd) throw new FrameException("the frame goes on after the value");
            return value;
        }
        catch (Exception fault) when (fault is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new FrameException(fault is EndOfStreamException ? "the frame ends within a value" : fault.Message, fault);
        }
    }
}
