using System.Reflection.Emit;
using System.Runtime.InteropServices;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Values;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// List elements. The bounds check and the address are written out rather than called: a loop over lists would use up what the
// JIT is willing to inline, and a list held in a local must not have its address taken.
internal sealed partial class FunctionEmitter
{
    /// <summary>The list is in a slot that can be loaded again; pushes the address of the element.</summary>
    private void EmitElementAddress(Slot list, Action pushIndex, TextSpan span)
    {
        var count = Members.Field(list.Type, nameof(SigilList<int>.Count));
        var outside = il.DefineLabel();
        positions.Mark(span);
        pushIndex();
        list.Load(il);
        il.Emit(OpCodes.Ldfld, count);
        il.Emit(OpCodes.Conv_U8);
        il.Emit(OpCodes.Bge_Un, outside);
        EmitUncheckedAddress(list, pushIndex);
        coldPaths.Add(() =>
        {
            il.MarkLabel(outside);
            positions.Mark(span);
            pushIndex();
            list.Load(il);
            il.Emit(OpCodes.Ldfld, count);
            il.Emit(OpCodes.Conv_I8);
            il.Emit(OpCodes.Ldc_I4, context.Panics.Of(SiteText(span)));
            il.Emit(OpCodes.Call, context.Panics.IndexOutOfRange());
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Throw);
        });
    }

    private void EmitUncheckedAddress(Slot list, Action pushIndex)
    {
        var element = list.Type.GetGenericArguments()[0];
        list.Load(il);
        il.Emit(OpCodes.Ldfld, Members.Field(list.Type, nameof(SigilList<int>.Items)));
        il.Emit(OpCodes.Call, Members.Construct(ArrayDataReference, element));
        pushIndex();
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Sizeof, element);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
    }

    private static readonly System.Reflection.MethodInfo ArrayDataReference =
        typeof(MemoryMarshal).GetMethods().Single(m => m.Name == nameof(MemoryMarshal.GetArrayDataReference) && m.IsGenericMethodDefinition);

    /// <summary>Puts the list on the stack into a slot; plain locals are used where they are.</summary>
    private Slot HoldList(Type type)
    {
        var slot = new LocalSlot(il.DeclareLocal(type));
        slot.Store(il);
        return slot;
    }

    private Slot? DirectSlot(MirPlace place, int steps) => steps == 0 && StorageOf(place.Local) is DirectStorage direct ? direct.Slot : null;

    /// <summary>The list whose element is read: the first steps of the path.</summary>
    private Slot ListForReading(MirPlace place, int steps, TextSpan span, Type type)
    {
        if (DirectSlot(place, steps) is { } direct)
        {
            CheckList(direct, place, steps, writes: false, span);
            return direct;
        }
        if (EmitPath(place, span, steps)) il.Emit(OpCodes.Ldobj, type);
        var held = HoldList(type);
        CheckList(held, place, steps, writes: false, span);
        return held;
    }

    private void CheckList(Slot list, MirPlace place, int steps, bool writes, TextSpan span)
    {
        if (!context.ChecksOwners) return;
        list.Load(il);
        EmitCheckOf(steps == 0 ? instance.LocalTypes[place.Local] : Concrete(place.Path[steps - 1].Type), writes, span);
    }

    /// <summary>The list whose element will be written, made the place's own.</summary>
    private Slot ListForWriting(MirPlace place, int steps, TextSpan span, Type type)
    {
        var shared = il.DefineLabel();
        var back = il.DefineLabel();
        var state = Members.Field(type, nameof(SigilList<int>.State));
        var own = Members.Method(type, nameof(SigilList<int>.Own));
        if (DirectSlot(place, steps) is { } direct)
        {
            CheckList(direct, place, steps, writes: true, span);
            direct.Load(il);
            il.Emit(OpCodes.Ldfld, state);
            il.Emit(OpCodes.Brtrue, shared);
            il.MarkLabel(back);
            coldPaths.Add(() =>
            {
                il.MarkLabel(shared);
                direct.Load(il);
                il.Emit(OpCodes.Call, own);
                direct.Store(il);
                il.Emit(OpCodes.Br, back);
            });
            return direct;
        }
        var address = il.DeclareLocal(type.MakeByRefType());
        EmitAddress(place, span, steps);
        il.Emit(OpCodes.Stloc, address);
        il.Emit(OpCodes.Ldloc, address);
        il.Emit(OpCodes.Ldind_Ref);
        var held = HoldList(type);
        CheckList(held, place, steps, writes: true, span);
        held.Load(il);
        il.Emit(OpCodes.Ldfld, state);
        il.Emit(OpCodes.Brtrue, shared);
        il.MarkLabel(back);
        coldPaths.Add(() =>
        {
            il.MarkLabel(shared);
            held.Load(il);
            il.Emit(OpCodes.Call, own);
            held.Store(il);
            il.Emit(OpCodes.Ldloc, address);
            held.Load(il);
            il.Emit(OpCodes.Stind_Ref);
            il.Emit(OpCodes.Br, back);
        });
        return held;
    }

    /// <summary>Computes the addresses of the elements on the way, for the panics that this may end in.</summary>
    private void EmitCheck(CheckElementInstruction check)
    {
        FlushAll();
        Begin(check);
        var last = check.Place.Path.Length - 1;
        while (check.Place.Path[last] is not ElementProjection) last--;
        EmitElementStep(check.Place, last, check.Span);
        il.Emit(OpCodes.Pop);
    }

    /// <summary>Empties elements that have been given away: dropping the list passes over them.</summary>
    private void EmitVacate(VacateInstruction vacate)
    {
        var place = vacate.Place;
        // What was read from the list is read before.
        FlushAll();
        if (place.Path[^1] is not RestProjection rest)
        {
            EmitAddress(place, vacate.Span);
            il.Emit(OpCodes.Initobj, map.Clr(TypeOf(place)));
            return;
        }
        var list = ListForWriting(place, place.Path.Length - 1, vacate.Span, TypeBefore(place, place.Path.Length - 1));
        list.Load(il);
        il.Emit(OpCodes.Ldc_I4, rest.Front);
        il.Emit(OpCodes.Ldc_I4, rest.Back);
        il.Emit(OpCodes.Call, Members.Method(list.Type, nameof(SigilList<int>.Vacate)));
    }

    private Action IndexOf(ElementProjection element) => () => StorageOf(element.IndexLocal).Load(il);

    // Constant positions count from the end when negative.
    private Action IndexOf(ConstantElementProjection constant, Slot list) => () =>
    {
        if (constant.Position >= 0)
        {
            il.Emit(OpCodes.Ldc_I8, (long)constant.Position);
            return;
        }
        list.Load(il);
        il.Emit(OpCodes.Ldfld, Members.Field(list.Type, nameof(SigilList<int>.Count)));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Ldc_I8, (long)constant.Position);
        il.Emit(OpCodes.Add);
    };
}
