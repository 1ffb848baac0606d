namespace Sigil.Runtime.Values;

/// <summary>A value that holds objects which may be updated in place: lists, maps, sets, and emitted structs containing them.</summary>
/// <remarks>See the head of <see cref="SigilList{T}"/> for the rules.</remarks>
public interface ISharable
{
    /// <summary>Tells every updatable object directly below this value that a second reference to it exists (sticky).</summary>
    void MarkShared();
}
