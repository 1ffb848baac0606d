namespace Sigil.Runtime.Values;

/// <summary>How many references reach a list; only ever increases.</summary>
public enum ListSharing
{
    /// <summary>One reference, one header on the buffer: everything may be updated in place.</summary>
    Owned = 0,

    /// <summary>One reference to the header, but other headers see the buffer: elements are frozen, the count is not.</summary>
    SharedBuffer = 1,

    /// <summary>Several references to the header: nothing may change.</summary>
    Shared = 2,
}
