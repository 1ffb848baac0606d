using System.Security.Cryptography;
using Sigil.Runtime.Panics;

namespace Sigil.Runtime.Values;

/// <summary>std.crypto. Algorithms: 0 SHA-256, 1 SHA-512, 2 SHA-1, 3 MD5, the order of <c>HashAlgorithm</c>.</summary>
public static class Digests
{
    /// <summary>The digest of bytes.</summary>
    [Intrinsic("crypto.digest"), ReadsOnly]
    public static SigilList<byte> Hash(long algorithm, SigilList<byte> data, string site) => SigilList<byte>.Of(algorithm switch
    {
        0 => SHA256.HashData(data.Span),
        1 => SHA512.HashData(data.Span),
        2 => SHA1.HashData(data.Span),
        3 => MD5.HashData(data.Span),
        _ => Unknown(algorithm, site),
    });

    /// <summary>The keyed digest of bytes.</summary>
    [Intrinsic("crypto.keyed_digest"), ReadsOnly]
    public static SigilList<byte> Hmac(long algorithm, SigilList<byte> key, SigilList<byte> data, string site) => SigilList<byte>.Of(algorithm switch
    {
        0 => HMACSHA256.HashData(key.Span, data.Span),
        1 => HMACSHA512.HashData(key.Span, data.Span),
        2 => HMACSHA1.HashData(key.Span, data.Span),
        3 => HMACMD5.HashData(key.Span, data.Span),
        _ => Unknown(algorithm, site),
    });

    /// <summary>Compares without telling by its duration where the difference is.</summary>
    [Intrinsic("crypto.constant_time_eq"), ReadsOnly]
    public static bool SameInConstantTime(SigilList<byte> a, SigilList<byte> b) => CryptographicOperations.FixedTimeEquals(a.Span, b.Span);

    private static byte[] Unknown(long algorithm, string site)
    {
        Panic.User($"unknown hash algorithm {algorithm}", site);
        return [];
    }
}
