using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sigil.Runtime.Values;

/// <summary>Hashes of primitive values and their combination. Seeded per process, so that keys cannot be chosen to collide.</summary>
public static class HashOps
{
    private static readonly ulong seed = RandomWord();
    private static readonly ulong secret = RandomWord() | 1;

    /// <summary>Where a structural hash begins.</summary>
    public static long Start
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (long)seed;
    }

    /// <summary>Mixes one more part into a structural hash; the order of parts matters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Combine(long hash, long part) =>
        (long)Mix((ulong)hash ^ 0x9E3779B97F4A7C15, (ulong)part ^ secret);

    /// <summary>The hash of any value with <c>GetHashCode</c>; full width for int, Duration, Size, str.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Of<T>(T value)
    {
        if (typeof(T) == typeof(long))
            return OfInt(Unsafe.BitCast<T, long>(value));
        if (!typeof(T).IsValueType && value is string text)
            return OfString(text);
        return OfInt(value == null ? 0 : EqualityComparer<T>.Default.GetHashCode(value));
    }

    /// <summary>The hash of an int.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    [Intrinsic("int.hash"), Intrinsic("Duration.hash"), Intrinsic("Size.hash")]
    public static long OfInt(long value) => (long)Mix((ulong)value ^ seed, secret);

    /// <summary>The hash of a bool.</summary>
    [Intrinsic("bool.hash")]
    public static long OfBool(bool value) => OfInt(value ? 1 : 0);

    /// <summary>The hash of a byte.</summary>
    [Intrinsic("byte.hash")]
    public static long OfByte(byte value) => OfInt(value);

    /// <summary>The hash of a char.</summary>
    [Intrinsic("char.hash")]
    public static long OfChar(int value) => OfInt(value);

    /// <summary>The hash of a str (wyhash-like: 16 bytes a round, 64 × 64 → 128-bit multiplication, random seed).</summary>
    public static long OfString(string text)
    {
        ref var data = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan()));
        var length = (nuint)text.Length * 2;
        var hash = seed ^ length;
        nuint at = 0;
        for (; at + 16 <= length; at += 16)
        {
            hash = Mix(
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref data, at)) ^ secret,
                Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref data, at + 8)) ^ hash);
        }
        ulong low = 0, high = 0;
        var rest = length - at;
        if (rest >= 8)
        {
            low = Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref data, at));
            high = ReadTail(ref Unsafe.AddByteOffset(ref data, at + 8), rest - 8);
        }
        else
        {
            low = ReadTail(ref Unsafe.AddByteOffset(ref data, at), rest);
        }
        return (long)Mix(low ^ secret, high ^ hash ^ 0xA0761D6478BD642F);
    }

    /// <summary>The 32 bits that <c>GetHashCode</c> returns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInt32(long hash) => (int)(hash ^ (hash >> 32));

    // 0, 2, 4 or 6 bytes: whole UTF-16 units.
    private static ulong ReadTail(ref byte data, nuint bytes)
    {
        ulong value = 0;
        for (nuint i = 0; i < bytes; i += 2)
            value |= (ulong)Unsafe.ReadUnaligned<ushort>(ref Unsafe.AddByteOffset(ref data, i)) << (int)(i * 8);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }

    private static ulong RandomWord() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
}
