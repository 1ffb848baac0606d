using System.Reflection.Emit;
using Sigil.Runtime.Panics;

namespace Sigil.Emit.Suspension;

/// <summary>
/// A call that is lent places in cells: one that may suspend, or of a function value. When it panics at once, the places get back what the cells hold before anybody looks at them: cleanup
/// drops what is there now. An IL try begins with an empty stack, so the arguments are held in locals first.
/// </summary>
internal sealed class LendingCall(ILGenerator il, Type outcome)
{
    private readonly List<LocalBuilder> held = [];
    private readonly LocalBuilder left = il.DeclareLocal(outcome);
    private int pushed;

    /// <summary>What the call has thrown.</summary>
    public LocalBuilder Panic { get; } = il.DeclareLocal(typeof(SigilPanic));

    /// <summary>Where the method goes on with <see cref="Panic"/>.</summary>
    public Label Panicked { get; } = il.DefineLabel();

    /// <summary>Holds the argument on the stack.</summary>
    public void Hold(Type type)
    {
        var local = il.DeclareLocal(type);
        il.Emit(OpCodes.Stloc, local);
        held.Add(local);
    }

    /// <summary>All arguments are held; what follows is the call.</summary>
    public void Begin() => il.BeginExceptionBlock();

    /// <summary>Pushes the first argument.</summary>
    public void PushFirst() => il.Emit(OpCodes.Ldloc, held[pushed++]);

    /// <summary>Pushes the arguments that are left.</summary>
    public void Push()
    {
        while (pushed < held.Count) PushFirst();
    }

    /// <summary>What the call leaves is on the stack; it is there again afterwards.</summary>
    public void End()
    {
        il.Emit(OpCodes.Stloc, left);
        il.BeginCatchBlock(typeof(SigilPanic));
        il.Emit(OpCodes.Stloc, Panic);
        il.Emit(OpCodes.Leave, Panicked);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, left);
    }
}
