using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Dynamic;

/// <summary>Writes a plain entry of a body that suspends: it blocks until the body has ended.</summary>
internal static class BlockingCall
{
    /// <summary>Leaves the result on the stack (nothing for void).</summary>
    /// <param name="il">The plain entry.</param>
    /// <param name="map">The types.</param>
    /// <param name="body">The suspending body.</param>
    /// <param name="pushArguments">Pushes what goes between the task and the result.</param>
    public static void Emit(ILGenerator il, TypeMap map, Instance body, Action pushArguments)
    {
        var isVoid = map.IsVoid(body.ReturnType);
        var task = il.DeclareLocal(typeof(SigilTask));
        var status = il.DeclareLocal(typeof(Status));
        var result = isVoid ? null : il.DeclareLocal(map.Clr(body.ReturnType));
        var done = il.DefineLabel();
        il.Emit(OpCodes.Call, typeof(BlockingEntry).GetMethod(nameof(BlockingEntry.Begin))!);
        il.Emit(OpCodes.Stloc, task);
        il.Emit(OpCodes.Ldloc, task);
        pushArguments();
        if (result is not null) il.Emit(OpCodes.Ldloca, result);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, body.Method);
        il.Emit(OpCodes.Stloc, status);
        il.Emit(OpCodes.Ldloc, status);
        il.Emit(OpCodes.Brfalse, done);
        il.Emit(OpCodes.Ldloc, task);
        il.Emit(OpCodes.Ldloc, status);
        il.Emit(OpCodes.Call, typeof(BlockingEntry).GetMethod(nameof(BlockingEntry.Finish))!);
        if (result is null) il.Emit(OpCodes.Pop);
        else
        {
            var frame = map.Construct(typeof(Frame<>), [result.LocalType]);
            il.Emit(OpCodes.Castclass, frame);
            il.Emit(OpCodes.Ldfld, Members.Field(frame, "Result"));
            il.Emit(OpCodes.Stloc, result);
        }
        il.MarkLabel(done);
        if (result is not null) il.Emit(OpCodes.Ldloc, result);
    }
}
