using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Runtime.Ownership;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Programs that are compiled to be checked ask the runtime before they touch an object that may be changed in place: see Sigil.Runtime.Ownership.
internal sealed partial class FunctionEmitter
{
    private static readonly MethodInfo OwnersRead = typeof(Owners).GetMethod(nameof(Owners.Read))!;
    private static readonly MethodInfo OwnersWrite = typeof(Owners).GetMethod(nameof(Owners.Write))!;
    private static readonly MethodInfo OwnersGive = typeof(Owners).GetMethod(nameof(Owners.Give), [typeof(object), typeof(string)])!;
    private static readonly MethodInfo OwnersFreeze = typeof(Owners).GetMethod(nameof(Owners.Freeze))!;

    /// <summary>The object on the stack is about to be read or changed; it stays there.</summary>
    private void EmitCheck(SigilType type, bool writes, TextSpan span)
    {
        if (!context.ChecksOwners) return;
        il.Emit(OpCodes.Dup);
        EmitCheckOf(type, writes, span);
    }

    /// <summary>The object on the stack, which is used up.</summary>
    private void EmitCheckOf(SigilType type, bool writes, TextSpan span)
    {
        il.Emit(OpCodes.Ldstr, type.ToString() ?? "an object");
        EmitSite(span);
        il.Emit(OpCodes.Call, writes ? OwnersWrite : OwnersRead);
    }

    /// <summary>As <see cref="EmitCheck"/>, if the value is a container.</summary>
    private void EmitContainerCheck(SigilType type, bool writes, TextSpan span)
    {
        if (context.ChecksOwners && Shape(type).Kind is RepresentationKind.List or RepresentationKind.Map or RepresentationKind.Set) EmitCheck(type, writes, span);
    }

    /// <summary>As <see cref="EmitCheck"/>, for what a built-in operation is given: a container, or the end of a channel.</summary>
    private void EmitOperandCheck(SigilType type, bool writes, TextSpan span)
    {
        if (!context.ChecksOwners) return;
        EmitContainerCheck(type, writes, span);
        if (IsChannelEnd(type)) EmitCheck(type, writes: true, span);
    }

    private bool IsChannelEnd(SigilType type) =>
        Shape(type) is { Kind: RepresentationKind.Runtime, Clr: { IsConstructedGenericType: true } clr }
        && clr.GetGenericTypeDefinition() is var open && (open == typeof(Runtime.Channels.Producer<>) || open == typeof(Runtime.Channels.Consumer<>));

    /// <summary>The object on the stack is dereferenced; it stays there. What is below a <c>val</c> cannot be anybody's.</summary>
    private void EmitDereferenceCheck(SigilType type, bool writes, TextSpan span)
    {
        if (context.ChecksOwners && (writes || type is not CapabilityType { Modifier: CapabilityModifier.Val })) EmitCheck(type, writes, span);
    }

    /// <summary>The value on the stack goes into a task: as its own, or to be read by both.</summary>
    private void EmitCaptureCheck(SigilType type, bool isGiven, TextSpan span)
    {
        var clr = map.Clr(type);
        if (!context.ChecksOwners || clr.IsPrimitive || clr == typeof(string)) return;
        il.Emit(OpCodes.Dup);
        if (clr.IsValueType) il.Emit(OpCodes.Box, clr);
        EmitSite(span);
        il.Emit(OpCodes.Call, isGiven ? OwnersGive : OwnersFreeze);
    }

    /// <summary>The object on the stack has become a <c>val</c>.</summary>
    private void EmitFreeze(SigilType type, TextSpan span)
    {
        if (type is CapabilityType { Modifier: CapabilityModifier.Val }) EmitCaptureCheck(type, isGiven: false, span);
    }
}
