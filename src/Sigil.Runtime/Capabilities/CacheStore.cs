using Sigil.Runtime.Sync;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>The store behind std.cache's <c>MemoryCache</c>: texts by key with an optional time to live; the oldest entry leaves first. Shared by tasks.</summary>
public sealed class CacheStore
{
    private readonly Lock gate = new();
    private SigilMap<string, (string Value, long Expires)> entries = SigilMap<string, (string, long)>.Empty;

    /// <summary>An empty store.</summary>
    [Intrinsic("cache.new_store")]
    public static CacheStore New() => new();

    /// <summary>The text of a key that has not expired.</summary>
    [Intrinsic("CacheStore.get")]
    public Option<string> Get(string key)
    {
        Control.Point();
        lock (gate)
        {
            var found = entries.Get(key);
            if (!found.HasValue)
                return Option<string>.None;
            if (found.Value.Expires > MonotonicClock.Instance.NowNanos)
                return Option<string>.Some(found.Value.Value);
            entries = entries.Remove(key);
            return Option<string>.None;
        }
    }

    /// <summary>Stores a text; a time to live below zero means for ever. As many entries leave as needed for no more than <paramref name="capacity"/> to stay.</summary>
    [Intrinsic("CacheStore.set")]
    public void Set(string key, string value, long timeToLive, long capacity)
    {
        Control.Point();
        lock (gate)
        {
            if (capacity <= 0)
                return;
            var now = MonotonicClock.Instance.NowNanos;
            var expires = timeToLive < 0 || timeToLive > long.MaxValue - now ? long.MaxValue : now + timeToLive;
            // A new value is a new entry: it goes to the end of the queue.
            entries = entries.Remove(key);
            while (entries.Count >= capacity)
                entries = entries.Remove(entries.KeyAt(entries.NextIndex(0)));
            entries = entries.Insert(key, (value, expires));
        }
    }

    /// <summary>Removes a key.</summary>
    [Intrinsic("CacheStore.delete")]
    public void Delete(string key)
    {
        Control.Point();
        lock (gate)
            entries = entries.Remove(key);
    }

    /// <summary>Removes everything.</summary>
    [Intrinsic("CacheStore.clear")]
    public void Clear()
    {
        Control.Point();
        lock (gate)
            entries = SigilMap<string, (string, long)>.Empty;
    }
}
