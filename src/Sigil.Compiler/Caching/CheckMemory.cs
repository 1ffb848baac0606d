using System.Security.Cryptography;
using Sigil.Semantics.Modules;

namespace Sigil.Compiler.Caching;

/// <summary>
/// The checks that found nothing, by their keys, in a file of the cache. What is in it is true whoever wrote it and whenever:
/// two that write at once lose at most what the other has added.
/// </summary>
internal sealed class CheckMemory : ICheckMemory
{
    // A project has one key per module and state; those used last come first, and more are not kept.
    private const int Limit = 16384;

    private readonly List<string> known = [];
    private readonly HashSet<string> members;
    private readonly HashSet<string> used = [];

    private CheckMemory(IEnumerable<string> keys)
    {
        known.AddRange(keys);
        members = [.. known];
    }

    private static ReadOnlySpan<byte> Mark => "sigil-checks-1\n"u8;

    /// <summary>Whether there is something to write.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>From the content of a file; null when it is damaged.</summary>
    public static CheckMemory? Read(byte[] content)
    {
        var head = Mark.Length + SHA256.HashSizeInBytes;
        if (content.Length < head || (content.Length - head) % SHA256.HashSizeInBytes != 0 || !content.AsSpan().StartsWith(Mark)) return null;
        if (!SHA256.HashData(content.AsSpan(head)).AsSpan().SequenceEqual(content.AsSpan(Mark.Length, SHA256.HashSizeInBytes))) return null;
        var keys = new List<string>();
        for (var at = head; at < content.Length; at += SHA256.HashSizeInBytes) keys.Add(Convert.ToHexString(content.AsSpan(at, SHA256.HashSizeInBytes)));
        return new CheckMemory(keys);
    }

    public static CheckMemory Empty() => new([]);

    public bool Contains(string key)
    {
        if (!members.Contains(key)) return false;
        used.Add(key);
        return true;
    }

    public void Add(string key)
    {
        used.Add(key);
        HasChanged |= members.Add(key);
    }

    /// <summary>The content of a file: what was used now first.</summary>
    public byte[] Write()
    {
        var keys = used.Concat(known.Where(k => !used.Contains(k))).Take(Math.Max(Limit, used.Count)).ToList();
        var content = new byte[Mark.Length + SHA256.HashSizeInBytes * (1 + keys.Count)];
        Mark.CopyTo(content);
        var at = Mark.Length + SHA256.HashSizeInBytes;
        foreach (var key in keys)
        {
            Convert.FromHexString(key, content.AsSpan(at, SHA256.HashSizeInBytes), out _, out _);
            at += SHA256.HashSizeInBytes;
        }
        SHA256.HashData(content.AsSpan(Mark.Length + SHA256.HashSizeInBytes), content.AsSpan(Mark.Length, SHA256.HashSizeInBytes));
        return content;
    }
}
