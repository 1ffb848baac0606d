using Sigil.Runtime.Values;

namespace Sigil.Runtime.Serialization;

/// <summary>A list: a group of its elements.</summary>
public sealed class ListCodec<T>(Codec<T> element) : Codec<SigilList<T>>
{
    /// <inheritdoc/>
    public override int LeastBytes(SigilList<T> value) => value.Count;

    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SigilList<T> value)
    {
        writer.BeginArray(value.Count);
        foreach (var item in value.Span) element.Write(ref writer, item);
        writer.End();
    }

    /// <inheritdoc/>
    public override SigilList<T> Read(ref FrameReader reader)
    {
        var count = reader.BeginArray();
        // An element may take far more memory than its one byte in the frame: the list grows as they come.
        var items = new T[Math.Min(count, 1024)];
        for (var i = 0; i < count; i++)
        {
            if (i == items.Length) Array.Resize(ref items, (int)Math.Min(count, 2L * i));
            items[i] = element.Read(ref reader);
        }

        reader.End();
        return SigilList<T>.Of(items);
    }
}

/// <summary>A list of bytes: one block.</summary>
public sealed class BytesCodec : Codec<SigilList<byte>>
{
    /// <inheritdoc/>
    public override int LeastBytes(SigilList<byte> value) => value.Count;

    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SigilList<byte> value) => writer.WriteBytes(value.Span);

    /// <inheritdoc/>
    public override SigilList<byte> Read(ref FrameReader reader) => SigilList<byte>.Of(reader.ReadBytes());
}

/// <summary>A map, in its order.</summary>
public sealed class MapCodec<K, V>(Codec<K> key, Codec<V> value) : Codec<SigilMap<K, V>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SigilMap<K, V> map)
    {
        writer.BeginMap(map.Count);
        for (var i = map.NextIndex(0); i >= 0; i = map.NextIndex(i + 1))
        {
            key.Write(ref writer, map.KeyAt(i));
            value.Write(ref writer, map.ValueAt(i));
        }

        writer.End();
    }

    /// <inheritdoc/>
    public override SigilMap<K, V> Read(ref FrameReader reader)
    {
        var count = reader.BeginMap();
        var map = SigilMap<K, V>.WithCapacity(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            var k = key.Read(ref reader);
            map.Put(k, value.Read(ref reader));
        }

        if (map.Count != count) throw new FrameException("a map has the same key twice");
        reader.End();
        return map;
    }
}

/// <summary>A set, in its order.</summary>
public sealed class SetCodec<T>(Codec<T> element) : Codec<SigilSet<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, SigilSet<T> set)
    {
        writer.BeginArray(set.Count);
        for (var i = set.NextIndex(0); i >= 0; i = set.NextIndex(i + 1)) element.Write(ref writer, set.ItemAt(i));
        writer.End();
    }

    /// <inheritdoc/>
    public override SigilSet<T> Read(ref FrameReader reader)
    {
        var count = reader.BeginArray();
        var set = SigilSet<T>.WithCapacity(Math.Min(count, 1024));
        for (var i = 0; i < count; i++) set.Add(element.Read(ref reader));
        if (set.Count != count) throw new FrameException("a set has the same element twice");
        reader.End();
        return set;
    }
}

/// <summary>A range: start, end, whether it includes the end, step.</summary>
public sealed class RangeCodec<T>(Codec<T> bound) : Codec<Values.Range<T>>
{
    /// <inheritdoc/>
    public override void Write(ref FrameWriter writer, Values.Range<T> value)
    {
        writer.BeginArray(4);
        bound.Write(ref writer, value.Start);
        bound.Write(ref writer, value.End);
        writer.WriteBool(value.Inclusive);
        writer.WriteInt(value.Step);
        writer.End();
    }

    /// <inheritdoc/>
    public override Values.Range<T> Read(ref FrameReader reader)
    {
        reader.BeginArray(4);
        var start = bound.Read(ref reader);
        var end = bound.Read(ref reader);
        var inclusive = reader.ReadBool();
        var step = reader.ReadInt();
        if (step == 0) throw new FrameException("a range has the step 0");
        reader.End();
        return new Values.Range<T>(start, end, inclusive, step);
    }
}
