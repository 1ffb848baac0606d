using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Values;

/// <summary><c>Recorder&lt;T&gt;</c> of std.testing: an object with identity that collects values, also from several tasks.</summary>
public sealed class Recorder<T>
{
    private readonly Lock gate = new();
    private SigilList<T> items = SigilList<T>.Empty;

    /// <summary><c>Recorder&lt;T&gt;.new()</c>.</summary>
    [Intrinsic("Recorder.new")]
    public static Recorder<T> New() => new();

    /// <summary>Adds a value.</summary>
    [Intrinsic("Recorder.record")]
    public void Record(T value)
    {
        Control.Point();
        lock (gate)
            items = items.Append(value);
    }

    /// <summary>What was recorded so far.</summary>
    [Intrinsic("Recorder.items")]
    public SigilList<T> Items()
    {
        Control.Point();
        lock (gate)
        {
            items.MarkShared();
            return items;
        }
    }

    /// <summary>How much was recorded.</summary>
    [Intrinsic("Recorder.count")]
    public long Count()
    {
        Control.Point();
        lock (gate)
            return items.Count;
    }

    /// <summary>Forgets everything.</summary>
    [Intrinsic("Recorder.clear")]
    public void Clear()
    {
        Control.Point();
        lock (gate)
            items = SigilList<T>.Empty;
    }
}
