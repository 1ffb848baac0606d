using System.Reflection.Emit;
using Sigil.Mir;

namespace Sigil.Emit.Functions;

/// <summary>
/// Which cleanup block unwinding enters from where. Nothing can jump into a .NET handler, so the current region is kept in a
/// local, and the one handler around the body dispatches on it.
/// </summary>
internal sealed class Regions
{
    private const int Unknown = -2;
    private readonly Dictionary<int, int> ordinals = [];
    private int current = Unknown;

    public Regions(MirFunction function)
    {
        foreach (var block in function.Blocks)
            foreach (var instruction in block.Instructions)
                if (instruction.Unwind >= 0 && ordinals.TryAdd(instruction.Unwind, Blocks.Count)) Blocks.Add(instruction.Unwind);
    }

    /// <summary>Cleanup blocks by ordinal.</summary>
    public List<int> Blocks { get; } = [];
    public bool IsNeeded => Blocks.Count > 0;

    public void Enter(int block) => current = Unknown;

    /// <summary>Makes sure that a panic from here on enters the cleanup block; -1: leaves the function.</summary>
    public void Require(int block, ILGenerator il, LocalBuilder local)
    {
        var ordinal = block < 0 ? -1 : ordinals[block];
        if (current == ordinal) return;
        il.Emit(OpCodes.Ldc_I4, ordinal);
        il.Emit(OpCodes.Stloc, local);
        current = ordinal;
    }

    public void Forget() => current = Unknown;
}
