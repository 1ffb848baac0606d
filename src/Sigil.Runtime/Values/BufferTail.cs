namespace Sigil.Runtime.Values;

/// <summary>How many slots of a buffer seen by several lists are taken. Appending means claiming the next slot here.</summary>
public sealed class BufferTail(int used)
{
    /// <summary>Slots below this index belong to some list and never change again.</summary>
    public int Used = used;
}
