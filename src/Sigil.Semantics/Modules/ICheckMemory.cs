namespace Sigil.Semantics.Modules;

/// <summary>
/// Remembers whose checks found nothing. A key stands for everything that the check of a module's bodies can see, so that what is
/// remembered stays true for ever: it never has to be taken back.
/// </summary>
public interface ICheckMemory
{
    /// <summary>Whether a check with this key found nothing.</summary>
    bool Contains(string key);

    /// <summary>A check with this key found nothing.</summary>
    void Add(string key);
}
