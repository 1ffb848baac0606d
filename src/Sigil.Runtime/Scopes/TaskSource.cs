using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Scopes;

/// <summary>
/// What a list form of <c>parallel</c> iterates over; emitted by the compiler. It is asked for the next task's entry only when that
/// task may start, by one thread at a time, while the owner waits.
/// </summary>
public abstract class TaskSource<R>
{
    /// <summary>How many entries there will be, or -1 when that is not known.</summary>
    public virtual long KnownCount => -1;

    /// <summary>
    /// An entry of this source that nobody refers to any more, or null: the next one may be made of it. Set by who asks, taken by
    /// <see cref="Next"/>.
    /// </summary>
    public Frame<R>? Spare;

    /// <summary>The next entry; false at the end. May panic, must not suspend.</summary>
    public abstract bool Next(out Frame<R>? entry);

    /// <summary>
    /// Called once, after the last call of <see cref="Next"/>, however the form ends: drops the unique values that
    /// the entry owns.
    /// </summary>
    public virtual void Drop()
    {
    }
}
