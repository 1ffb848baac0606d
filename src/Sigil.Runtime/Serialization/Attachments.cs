namespace Sigil.Runtime.Serialization;

/// <summary>
/// File descriptors that travel beside a frame, in the order in which the frame refers to them. The list owns what is in it:
/// what nobody has taken when it is disposed is closed.
/// </summary>
public sealed class Attachments : IDisposable
{
    // What one message of a Unix socket can carry is 253; the rest is for the transport itself.
    /// <summary>The most descriptors that one frame can carry.</summary>
    public const int MaxDescriptors = 240;

    private readonly List<int> _descriptors = [];
    private readonly List<Action> _onSent = [];
    private int _taken;

    /// <summary>How many descriptors there are.</summary>
    public int Count => _descriptors.Count;

    /// <summary>The descriptors, to be sent; they stay in the list.</summary>
    public IReadOnlyList<int> Descriptors => _descriptors;

    /// <summary>Adds a descriptor, which now belongs to the list, and returns its place.</summary>
    public int Add(int descriptor)
    {
        if (_descriptors.Count == MaxDescriptors) throw new FrameException($"a value holds more than {MaxDescriptors} descriptors");
        _descriptors.Add(descriptor);
        return _descriptors.Count - 1;
    }

    /// <summary>Adds a descriptor that came with a frame.</summary>
    internal void AddReceived(int descriptor) => _descriptors.Add(descriptor);

    /// <summary>Puts a descriptor before all others, for the transport itself.</summary>
    internal void Insert(int descriptor) => _descriptors.Insert(0, descriptor);

    /// <summary>Takes the descriptor that the transport put first.</summary>
    /// <exception cref="FrameException">None came.</exception>
    internal int TakeFirst()
    {
        if (_descriptors.Count == 0) throw new FrameException("a memory file did not come");
        var first = _descriptors[0];
        _descriptors.RemoveAt(0);
        return first;
    }

    /// <summary>Has something done once the frame has been delivered: an end that travels leaves its old owner only then.</summary>
    public void WhenSent(Action action) => _onSent.Add(action);

    /// <summary>The frame has been delivered: what it holds has moved.</summary>
    public void Sent()
    {
        foreach (var action in _onSent) action();
        _onSent.Clear();
    }

    /// <summary>Takes the next descriptors; they belong to the caller then.</summary>
    /// <exception cref="FrameException">The frame refers to others, or to more than came.</exception>
    public int[] Take(int first, int count)
    {
        if (first != _taken || first + count > _descriptors.Count) throw new FrameException("the frame refers to descriptors that did not come with it");
        var taken = new int[count];
        for (var i = 0; i < count; i++)
        {
            taken[i] = _descriptors[first + i];
            _descriptors[first + i] = -1;
        }

        _taken += count;
        return taken;
    }

    /// <summary>Empties the list for another frame; what is left in it is closed.</summary>
    public void Clear()
    {
        foreach (var descriptor in _descriptors)
            if (descriptor >= 0) Descriptor.Close(descriptor);
        _descriptors.Clear();
        _onSent.Clear();
        _taken = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}
