using CsCheck;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Serialization;

public sealed class CodecTests
{
    private static readonly MapCodec<string, SigilList<long>> s_map = new(new StrCodec(), new ListCodec<long>(new IntCodec()));

    private static T RoundTrip<T>(Codec<T> codec, T value)
    {
        using var attachments = new Attachments();
        return Frames.Decode(codec, Frames.Encode(codec, value, attachments), attachments);
    }

    [Fact]
    public void Scalars_come_back()
    {
        Gen.Long.Sample(v => RoundTrip(new IntCodec(), v) == v);
        Gen.Double.Sample(v => BitConverter.DoubleToInt64Bits(RoundTrip(new FloatCodec(), v)) == BitConverter.DoubleToInt64Bits(v));
        Gen.Byte.Sample(v => RoundTrip(new ByteCodec(), v) == v);
        Gen.String[Gen.Char['\0', '\ud7ff']].Sample(v => RoundTrip(new StrCodec(), v) == v);
        Assert.Equal("a😀b", RoundTrip(new StrCodec(), "a😀b"));
        Assert.Equal(0x1F600, RoundTrip(new CharCodec(), 0x1F600));
    }

    [Fact]
    public void Containers_keep_content_and_order()
    {
        var map = SigilMap<string, SigilList<long>>.WithCapacity(4);
        map.Put("z", SigilList<long>.Of([3, 1, 2]));
        map.Put("a", SigilList<long>.Of([]));
        var copy = RoundTrip(s_map, map);
        Assert.Equal(["z", "a"], Enumerable.Range(0, 2).Select(copy.KeyAt));
        Assert.Equal([3L, 1, 2], copy.Get("z").Value.Span.ToArray());

        var bytes = SigilList<byte>.Of([.. Enumerable.Range(0, 100_000).Select(i => (byte)i)]);
        Assert.True(RoundTrip(new BytesCodec(), bytes).Span.SequenceEqual(bytes.Span));

        var nested = new OptionCodec<Option<long>>(new OptionCodec<long>(new IntCodec()));
        foreach (var value in (Option<Option<long>>[])[default, Option<Option<long>>.Some(default), Option<Option<long>>.Some(Option<long>.Some(7))])
            Assert.Equal(value, RoundTrip(nested, value));
    }

    [Fact]
    public void A_length_that_the_frame_cannot_hold_is_refused_before_anything_is_allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (byte[] frame in (byte[][])[[0xdd, 0x7f, 0xff, 0xff, 0xff, 1], [0xdf, 0x7f, 0xff, 0xff, 0xff, 1], [0xc6, 0x7f, 0xff, 0xff, 0xff, 1], [0xdb, 0x7f, 0xff, 0xff, 0xff, 1]])
        {
            Refuses(new ListCodec<long>(new IntCodec()), frame);
            Refuses(s_map, frame);
            Refuses(new BytesCodec(), frame);
            Refuses(new StrCodec(), frame);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Deep_nesting_is_refused_without_exhausting_the_stack()
    {
        Refuses(new NestCodec(), [.. Enumerable.Repeat((byte)0x91, 5_000_000)]);
        using var attachments = new Attachments();
        var reader = new FrameReader(new byte[] { 0x91, 0x91, 0x91, 1 }, attachments);
        reader.Skip(1);
        Assert.True(reader.IsAtEnd);
        var deep = new byte[3_000_001];
        Array.Fill(deep, (byte)0x91);
        deep[^1] = 1;
        var skipping = new FrameReader(deep, attachments);
        skipping.Skip(1);
        Assert.True(skipping.IsAtEnd);
    }

    [Fact]
    public void Malformed_values_are_refused()
    {
        Refuses(new StrCodec(), [0xa1, 0xff]);
        Refuses(new CharCodec(), [0xcd, 0xd8, 0x00]);
        Refuses(new ByteCodec(), [0xcd, 0x01, 0x00]);
        Refuses(new TagCodec(3), [3]);
        Refuses(new BoolCodec(), [1]);
        Refuses(new IntCodec(), []);
        Refuses(new IntCodec(), [1, 2]);
        Refuses(s_map, [0x82, 0xa1, (byte)'a', 0x90, 0xa1, (byte)'a', 0x90]);
        Refuses(new IntCodec(), [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    }

    /// <summary>Valid frames with bytes changed, cut and repeated: each is either a value or refused. <c>SIGIL_FUZZ_FRAMES</c> asks for more of them.</summary>
    [Fact]
    public void Mutated_frames_never_do_harm()
    {
        var frames = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_FUZZ_FRAMES"), out var wanted) ? wanted : 20_000;
        var random = new Random(7);
        var codec = new ListCodec<Result<SigilMap<string, SigilList<long>>, Option<SigilList<byte>>>>(
            new ResultCodec<SigilMap<string, SigilList<long>>, Option<SigilList<byte>>>(s_map, new OptionCodec<SigilList<byte>>(new BytesCodec())));
        var map = SigilMap<string, SigilList<long>>.WithCapacity(4);
        map.Put("key", SigilList<long>.Of([1, -1, 1L << 40]));
        map.Put("", SigilList<long>.Of([]));
        using var attachments = new Attachments();
        var original = Frames.Encode(codec, SigilList<Result<SigilMap<string, SigilList<long>>, Option<SigilList<byte>>>>.Of(
            [Result<SigilMap<string, SigilList<long>>, Option<SigilList<byte>>>.Ok(map), Result<SigilMap<string, SigilList<long>>, Option<SigilList<byte>>>.Err(Option<SigilList<byte>>.Some(SigilList<byte>.Of([1, 2, 3])))]), attachments);
        var refused = 0;
        for (var i = 0; i < frames; i++)
        {
            var frame = Mutate(original, random);
            try
            {
                _ = Frames.Decode(codec, frame, attachments);
            }
            catch (FrameException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, frames / 4, frames);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var frame = original.ToList();
        for (var changes = random.Next(1, 5); changes > 0 && frame.Count > 0; changes--)
        {
            var at = random.Next(frame.Count);
            switch (random.Next(5))
            {
                case 0: frame[at] = (byte)random.Next(256); break;
                case 1: frame[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: frame.RemoveRange(at, random.Next(frame.Count - at)); break;
                case 3: frame.InsertRange(at, frame.GetRange(at, random.Next(frame.Count - at))); break;
                default: frame.InsertRange(at, [0xdd, (byte)random.Next(256), 0xff, 0xff, 0xff]); break;
            }
        }

        return [.. frame];
    }

    private static void Refuses<T>(Codec<T> codec, byte[] frame)
    {
        using var attachments = new Attachments();
        Assert.Throws<FrameException>(() => Frames.Decode(codec, frame, attachments));
    }

    private sealed class NestCodec : Codec<int>
    {
        public override void Write(ref FrameWriter writer, int value) => throw new NotSupportedException();

        public override int Read(ref FrameReader reader)
        {
            var count = reader.BeginArray();
            var depth = 1 + (count == 0 ? 0 : Read(ref reader));
            reader.End();
            return depth;
        }
    }
}
