using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Mir.Analysis;
using Sigil.Runtime.Values;
using Sigil.Semantics.Typed;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Lists in loops. Where a loop leaves a list's header alone, the address of the elements and their number are loaded before it.
// Writing needs the list to be the local's own: the number of elements that may be written is kept beside the number of elements,
// and is zero until the first write has made the list its own. So one comparison tests index and ownership.
internal sealed partial class FunctionEmitter
{
    /// <summary>The IL locals of a viewed list.</summary>
    private sealed record LoadedView(int Local, Storage List, Type Type, LocalBuilder Data, LocalBuilder Count, LocalBuilder Writable);

    private readonly Dictionary<int, LoadedView> loadedViews = [];
    private ListViews? listViews;
    private int currentBlock;

    private ListViews Views => listViews ??= new ListViews(function, IsViewable, suspends || IsSource ? MayPause : _ => false, instance.LeavesUnmarked);

    // Checked programs ask before each access.
    private bool IsViewable(int local) =>
        !context.ChecksOwners
        && Shape(instance.LocalTypes[local]).Kind == RepresentationKind.List
        && function.Locals[local].Kind is MirLocalKind.Parameter or MirLocalKind.Self or MirLocalKind.Capture or MirLocalKind.User or MirLocalKind.Temporary
        && StorageOf(local) is not CellStorage;

    // In code that waits: whether the IL locals may be gone after the instruction.
    private bool MayPause(MirInstruction instruction) => instruction switch
    {
        AssignInstruction or DropInstruction or PanicInstruction or AppendInstruction or MapInsertInstruction or StorageDead or BorrowMarker or IterationStart => false,
        IterationNext next => instance.Iterations[next.Iterator].Kind is IterationKind.Consumer or IterationKind.Iterator or IterationKind.Iterable,
        CallInstruction call => !instance.Targets.TryGetValue(call, out var target) || Waits(target),
        _ => true,
    };

    /// <summary>The view of a whole local in the block that is being emitted.</summary>
    private LoadedView? ViewOf(int local)
    {
        if (bound.TryGetValue(local, out var outer)) return outer.Emitter.ViewOf(outer.Local);
        if (Views.In(currentBlock, local) is null) return null;
        if (loadedViews.TryGetValue(local, out var found)) return found;
        var list = StorageOf(local);
        var type = map.Clr(instance.LocalTypes[local]);
        var element = type.GetGenericArguments()[0];
        return loadedViews[local] = new LoadedView(local, list, type, il.DeclareLocal(element.MakeByRefType()), il.DeclareLocal(typeof(long)), il.DeclareLocal(typeof(long)));
    }

    /// <summary>Loads the views that begin when control goes from one block to another.</summary>
    private void StartViews(int from, int to)
    {
        foreach (var view in Views.StartedBy(from, to))
        {
            var outside = currentBlock;
            currentBlock = to;
            var loaded = ViewOf(view.Local)!;
            currentBlock = outside;
            EmitLoadView(loaded);
            if (view.IsWritten) EmitLoadWritable(loaded);
        }
        foreach (var local in Views.OwnedBy(from, to)) EmitOwnView(loadedViews[local]);
    }

    /// <summary>Before a loop that writes elements in every round.</summary>
    private void EmitOwnView(LoadedView view)
    {
        var shared = il.DefineLabel();
        var back = il.DefineLabel();
        view.List.Load(il);
        il.Emit(OpCodes.Ldfld, Members.Field(view.Type, nameof(SigilList<int>.State)));
        il.Emit(OpCodes.Brtrue, shared);
        il.MarkLabel(back);
        coldPaths.Add(() =>
        {
            il.MarkLabel(shared);
            EmitOwn(view);
            il.Emit(OpCodes.Br, back);
        });
    }

    private void EmitOwn(LoadedView view)
    {
        view.List.Store(il, () =>
        {
            view.List.Load(il);
            il.Emit(OpCodes.Call, Members.Method(view.Type, nameof(SigilList<int>.Own)));
        });
        EmitLoadView(view);
        il.Emit(OpCodes.Ldloc, view.Count);
        il.Emit(OpCodes.Stloc, view.Writable);
    }

    /// <summary>The label to jump to: the block itself, or code that comes before it.</summary>
    private Label LabelOf(int from, int to)
    {
        if (!HasEdgeCode(from, to)) return labels[to];
        var stub = il.DefineLabel();
        coldPaths.Add(() =>
        {
            il.MarkLabel(stub);
            EmitEdge(from, to);
            il.Emit(OpCodes.Br, labels[to]);
        });
        return stub;
    }

    private void EmitLoadView(LoadedView view)
    {
        view.List.Load(il);
        il.Emit(OpCodes.Ldfld, Members.Field(view.Type, nameof(SigilList<int>.Items)));
        il.Emit(OpCodes.Call, Members.Construct(ArrayDataReference, view.Type.GetGenericArguments()[0]));
        il.Emit(OpCodes.Stloc, view.Data);
        view.List.Load(il);
        il.Emit(OpCodes.Ldfld, Members.Field(view.Type, nameof(SigilList<int>.Count)));
        il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Stloc, view.Count);
    }

    private void EmitLoadWritable(LoadedView view)
    {
        view.List.Load(il);
        il.Emit(OpCodes.Call, Members.Getter(view.Type, nameof(SigilList<int>.WritableCount)));
        il.Emit(OpCodes.Stloc, view.Writable);
    }

    /// <summary>After something that may have marked the list as shared: how much of it may still be written.</summary>
    private void RefreshWritable(MirPlace place)
    {
        if (!place.IsLocal || Views.In(currentBlock, place.Local) is not { IsWritten: true }) return;
        EmitLoadWritable(ViewOf(place.Local)!);
    }

    private void EmitViewedAddress(LoadedView view, Action pushIndex, TextSpan span, bool writes)
    {
        var outside = il.DefineLabel();
        var back = il.DefineLabel();
        // Then what holds for reading holds for writing.
        if (Views.IsOwned(currentBlock, view.Local)) writes = false;
        positions.Mark(span);
        pushIndex();
        il.Emit(OpCodes.Ldloc, writes ? view.Writable : view.Count);
        il.Emit(OpCodes.Bge_Un, outside);
        il.MarkLabel(back);
        EmitViewedElement(view, pushIndex);
        coldPaths.Add(() =>
        {
            il.MarkLabel(outside);
            positions.Mark(span);
            if (writes)
            {
                EmitOwn(view);
                pushIndex();
                il.Emit(OpCodes.Ldloc, view.Count);
                il.Emit(OpCodes.Blt_Un, back);
            }
            pushIndex();
            il.Emit(OpCodes.Ldloc, view.Count);
            il.Emit(OpCodes.Ldc_I4, context.Panics.Of(SiteText(span)));
            il.Emit(OpCodes.Call, context.Panics.IndexOutOfRange());
            il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Throw);
        });
    }

    private void EmitViewedElement(LoadedView view, Action pushIndex)
    {
        il.Emit(OpCodes.Ldloc, view.Data);
        pushIndex();
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Sizeof, view.Type.GetGenericArguments()[0]);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
    }

    // Constant positions count from the end when negative.
    private Action IndexOf(ConstantElementProjection constant, LoadedView view) => () =>
    {
        if (constant.Position < 0)
        {
            il.Emit(OpCodes.Ldloc, view.Count);
            il.Emit(OpCodes.Ldc_I8, (long)constant.Position);
            il.Emit(OpCodes.Add);
        }
        else il.Emit(OpCodes.Ldc_I8, (long)constant.Position);
    };
}
