namespace Sigil.Runtime.Scopes;

/// <summary>Results that arrive in any order, by index; the count may be unknown until the end.</summary>
internal sealed class ResultBuffer<R>(long knownCount)
{
    private R[] _items = knownCount > 0 ? new R[knownCount] : [];

    internal void Set(int index, R value)
    {
        if (index >= _items.Length) Array.Resize(ref _items, Math.Max(index + 1, Math.Max(16, _items.Length * 2)));
        _items[index] = value;
    }

    internal R[] ToArray(int count)
    {
        if (_items.Length != count) Array.Resize(ref _items, count);
        return _items;
    }
}
