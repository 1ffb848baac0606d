using System.Numerics;
using System.Security.Cryptography;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// Random numbers: xoshiro256** (Blackman, Vigna), seeded through SplitMix64, so that a seed gives the same sequence on every
/// machine and in every version. Tasks may share a source: each operation is atomic.
/// </summary>
public sealed class RandomSource
{
    private readonly Lock gate = new();
    private ulong s0, s1, s2, s3;

    /// <summary>A source with this seed.</summary>
    public RandomSource(long seed)
    {
        var state = (ulong)seed;
        s0 = SplitMix(ref state);
        s1 = SplitMix(ref state);
        s2 = SplitMix(ref state);
        s3 = SplitMix(ref state);
    }

    /// <summary><c>SeededRandom.new(seed)</c>.</summary>
    [Intrinsic("random.seeded_source")]
    public static RandomSource Seeded(long seed) => new(seed);

    /// <summary>A source that differs from run to run.</summary>
    [Intrinsic("random.system_source")]
    public static RandomSource System { get; } = new(BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)));

    /// <summary>An int from <paramref name="least"/> to <paramref name="most"/>, both included, all equally likely.</summary>
    [Intrinsic("RandomSource.int")]
    public long Int(long least, long most, string site)
    {
        if (least > most)
            Panic.User($"random int: {least} is above {most}", site);
        var span = unchecked((ulong)most - (ulong)least + 1);
        lock (gate)
            return unchecked(least + (long)(span == 0 ? Next() : Below(span)));
    }

    /// <summary>A float from 0 up to but not including 1.</summary>
    [Intrinsic("RandomSource.float")]
    public double Float()
    {
        lock (gate)
            return (Next() >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>True or false.</summary>
    [Intrinsic("RandomSource.bool")]
    public bool Bool()
    {
        lock (gate)
            return Next() >> 63 != 0;
    }

    /// <summary>Random bytes; not for secrets.</summary>
    [Intrinsic("RandomSource.bytes")]
    public SigilList<byte> Bytes(long count)
    {
        if (count <= 0)
            return SigilList<byte>.Empty;
        if (count > Array.MaxLength)
            throw new OutOfMemoryException("a list cannot hold more than 2147483591 elements");
        var bytes = new byte[count];
        lock (gate)
        {
            for (var at = 0; at < bytes.Length; at += 8)
            {
                var word = Next();
                for (var i = at; i < Math.Min(at + 8, bytes.Length); i++, word >>= 8)
                    bytes[i] = (byte)word;
            }
        }
        return SigilList<byte>.Of(bytes);
    }

    // Lemire's method: no bias, rarely a second draw.
    private ulong Below(ulong span)
    {
        var high = Math.BigMul(Next(), span, out var low);
        if (low < span)
        {
            var threshold = unchecked(0 - span) % span;
            while (low < threshold)
                high = Math.BigMul(Next(), span, out low);
        }
        return high;
    }

    private ulong Next()
    {
        // A controlled run repeats what the system would draw.
        if (Control.Strand is { } strand && ReferenceEquals(this, System)) return strand.Run.NextRandom();
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    private static ulong SplitMix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
