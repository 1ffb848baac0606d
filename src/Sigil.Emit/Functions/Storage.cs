using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Functions;

/// <summary>An IL local or argument whose content may have to survive a suspension.</summary>
internal abstract class Slot(Type type)
{
    public Type Type { get; } = type;
    public abstract void Load(ILGenerator il);
    public abstract void LoadAddress(ILGenerator il);
    public abstract void Store(ILGenerator il);
}

internal sealed class LocalSlot(LocalBuilder local) : Slot(local.LocalType)
{
    public override void Load(ILGenerator il) => il.Emit(OpCodes.Ldloc, local);
    public override void LoadAddress(ILGenerator il) => il.Emit(OpCodes.Ldloca, local);
    public override void Store(ILGenerator il) => il.Emit(OpCodes.Stloc, local);
}

internal sealed class ArgumentSlot(int index, Type type) : Slot(type)
{
    public int Index => index;
    public override void Load(ILGenerator il)
    {
        switch (index)
        {
            case 0: il.Emit(OpCodes.Ldarg_0); break;
            case 1: il.Emit(OpCodes.Ldarg_1); break;
            case 2: il.Emit(OpCodes.Ldarg_2); break;
            case 3: il.Emit(OpCodes.Ldarg_3); break;
            case < 256: il.Emit(OpCodes.Ldarg_S, (byte)index); break;
            default: il.Emit(OpCodes.Ldarg, (short)index); break;
        }
    }

    public override void LoadAddress(ILGenerator il)
    {
        if (index < 256) il.Emit(OpCodes.Ldarga_S, (byte)index);
        else il.Emit(OpCodes.Ldarga, (short)index);
    }

    public override void Store(ILGenerator il)
    {
        if (index < 256) il.Emit(OpCodes.Starg_S, (byte)index);
        else il.Emit(OpCodes.Starg, (short)index);
    }
}

/// <summary>Where a MIR local lives.</summary>
internal abstract class Storage
{
    public abstract void Load(ILGenerator il);
    public abstract void LoadAddress(ILGenerator il);
    /// <summary>Stores what <paramref name="value"/> pushes.</summary>
    public abstract void Store(ILGenerator il, Action value);
    /// <summary>What a frame has to save.</summary>
    public abstract Slot? Slot { get; }
}

internal sealed class DirectStorage(Slot slot) : Storage
{
    public override Slot Slot => slot;
    public override void Load(ILGenerator il) => slot.Load(il);
    public override void LoadAddress(ILGenerator il) => slot.LoadAddress(il);
    public override void Store(ILGenerator il, Action value)
    {
        value();
        slot.Store(il);
    }
}

/// <summary>A <c>&amp;mut</c> parameter of a plain function: a byref argument (a byref local where the function is inlined).</summary>
internal sealed class ReferenceStorage(Slot argument, Type type) : Storage
{
    public override Slot? Slot => null;
    public override void Load(ILGenerator il)
    {
        argument.Load(il);
        il.Emit(OpCodes.Ldobj, type);
    }
    public override void LoadAddress(ILGenerator il) => argument.Load(il);
    public override void Store(ILGenerator il, Action value)
    {
        argument.Load(il);
        value();
        il.Emit(OpCodes.Stobj, type);
    }
}

/// <summary>A <c>&amp;mut</c> parameter of a suspending function: an object that holds the value.</summary>
internal sealed class CellStorage(Slot cell) : Storage
{
    private readonly System.Reflection.FieldInfo value = Members.Field(cell.Type, nameof(Cell<int>.Value));
    public override Slot Slot => cell;
    public void LoadCell(ILGenerator il) => cell.Load(il);
    public override void Load(ILGenerator il)
    {
        cell.Load(il);
        il.Emit(OpCodes.Ldfld, value);
    }
    public override void LoadAddress(ILGenerator il)
    {
        cell.Load(il);
        il.Emit(OpCodes.Ldflda, value);
    }
    public override void Store(ILGenerator il, Action content)
    {
        cell.Load(il);
        content();
        il.Emit(OpCodes.Stfld, value);
    }
}
