namespace Sigil.Runtime.Serialization;

/// <summary>
/// Writes values of one type into a frame and reads them back. The compiler generates the codecs of structs, tuples and sums;
/// the others are composed from the classes beside this one. A codec has no state: one object serves all tasks.
/// </summary>
/// <remarks>Reading must survive any bytes: it either yields a value or throws <see cref="FrameException"/>.</remarks>
public abstract class Codec<T>
{
    /// <summary>At least as many bytes the value will take: what surely does not fit need not be tried.</summary>
    public virtual int LeastBytes(T value) => 0;

    /// <summary>Appends <paramref name="value"/>.</summary>
    public abstract void Write(ref FrameWriter writer, T value);

    /// <summary>Reads the next value.</summary>
    /// <exception cref="FrameException">The bytes are no such value.</exception>
    public abstract T Read(ref FrameReader reader);
}
