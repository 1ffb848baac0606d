using Sigil.Runtime.Values;

namespace Sigil.Runtime.Serialization;

/// <summary><c>None</c>, or a group of the one value: so that an option of an option is told apart.</summary>
public sealed class OptionCodec<T>(Codec<T> content) : Codec<Option<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Option<T> value)
    {
        if (!value.HasValue)
        {
            writer.WriteNil();
            return;
        }

        writer.BeginArray(1);
        content.Write(ref writer, value.Value);
        writer.End();
    }

    /// <inheritdoc/>
    public override Option<T> Read(ref FrameReader reader)
    {
        if (reader.TryReadNil()) return default;
        reader.BeginArray(1);
        var value = content.Read(ref reader);
        reader.End();
        return Option<T>.Some(value);
    }
}

/// <summary>A result: whether it is <c>Ok</c>, and what it holds.</summary>
public sealed class ResultCodec<T, E>(Codec<T> value, Codec<E> error) : Codec<Result<T, E>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Result<T, E> result)
    {
        writer.BeginArray(2);
        writer.WriteBool(result.IsOk);
        if (result.IsOk) value.Write(ref writer, result.OkValue);
        else error.Write(ref writer, result.ErrValue);
        writer.End();
    }

    /// <inheritdoc/>
    public override Result<T, E> Read(ref FrameReader reader)
    {
        reader.BeginArray(2);
        var result = reader.ReadBool() ? Result<T, E>.Ok(value.Read(ref reader)) : Result<T, E>.Err(error.Read(ref reader));
        reader.End();
        return result;
    }
}

/// <summary><c>val T</c> and <c>iso T</c>: as the content, in an object of its own on arrival.</summary>
public sealed class BoxCodec<T>(Codec<T> content) : Codec<Box<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Box<T> value) => content.Write(ref writer, value.Value);

    /// <inheritdoc/>
    public override Box<T> Read(ref FrameReader reader) => new(content.Read(ref reader));
}

/// <summary><c>iso T</c> of a <c>T</c> with unique parts: in an object that owns them.</summary>
public sealed class OwnedBoxCodec<T>(Codec<T> content) : Codec<OwnedBox<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, OwnedBox<T> value) => content.Write(ref writer, value.Value);

    /// <inheritdoc/>
    public override OwnedBox<T> Read(ref FrameReader reader) => new(content.Read(ref reader));
}
