namespace Sigil.Runtime.Tasks;

/// <summary>
/// Holds a local that is lent as <c>&amp;mut</c> to a suspending call: byrefs cannot be stored in frames. The caller
/// copies the local in before the call and out after it.
/// </summary>
public sealed class Cell<T>
{
    /// <summary>The lent value.</summary>
    public T Value;

    /// <summary>Makes a cell that holds <paramref name="value"/>.</summary>
    public Cell(T value) => Value = value;
}
