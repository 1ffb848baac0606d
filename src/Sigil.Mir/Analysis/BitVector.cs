namespace Sigil.Mir.Analysis;

/// <summary>A fixed-size set of small integers; the lattice element of the bit-vector analyses.</summary>
public sealed class BitVector(int size)
{
    private readonly ulong[] words = new ulong[(size + 63) / 64];

    public bool this[int i]
    {
        get => (words[i >> 6] >> (i & 63) & 1) != 0;
        set
        {
            if (value) words[i >> 6] |= 1UL << (i & 63);
            else words[i >> 6] &= ~(1UL << (i & 63));
        }
    }

    /// <summary>Adds all of <paramref name="other"/>; true if anything was new.</summary>
    public bool UnionWith(BitVector other)
    {
        ulong changed = 0;
        for (int i = 0; i < words.Length; i++)
        {
            var next = words[i] | other.words[i];
            changed |= next ^ words[i];
            words[i] = next;
        }
        return changed != 0;
    }

    public void CopyFrom(BitVector other) => other.words.CopyTo(words, 0);
    public void Clear() => Array.Clear(words);
}
