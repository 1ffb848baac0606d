using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Mir.Analysis;
using Sigil.Runtime.Text;

namespace Sigil.Emit.Functions;

// Loops that only add to a text collect it in a builder; the local gets the text when control leaves the loop.
internal sealed partial class FunctionEmitter
{
    private readonly Dictionary<int, LocalBuilder> builders = [];
    private TextAccumulators? textAccumulators;

    private TextAccumulators Texts => textAccumulators ??= new TextAccumulators(function, IsOwnText, suspends || IsSource ? MayPause : _ => false);

    private bool IsOwnText(int local) => Shape(instance.LocalTypes[local]).Kind == RepresentationKind.Str && StorageOf(local) is DirectStorage && function.Locals[local].Kind is MirLocalKind.User or MirLocalKind.Temporary;

    private LocalBuilder BuilderOf(int local) => builders.TryGetValue(local, out var found) ? found : builders[local] = il.DeclareLocal(typeof(TextBuilder));

    /// <summary>Whether going from one block to another takes code of its own.</summary>
    private bool HasEdgeCode(int from, int to) =>
        Views.StartedBy(from, to).Count > 0 || Views.OwnedBy(from, to).Count > 0 || !Texts.IsEmpty && (Texts.StartedBy(from, to).Any() || Texts.EndedBy(from, to).Any());

    /// <summary>What happens between two blocks: the ends of loops that are left, the beginnings of those that are entered.</summary>
    private void EmitEdge(int from, int to)
    {
        if (!Texts.IsEmpty)
        {
            foreach (var local in Texts.EndedBy(from, to))
                StorageOf(local).Store(il, () =>
                {
                    il.Emit(OpCodes.Ldloc, BuilderOf(local));
                    StorageOf(local).Load(il);
                    il.Emit(OpCodes.Call, typeof(TextBuilder).GetMethod(nameof(TextBuilder.End))!);
                });
            foreach (var local in Texts.StartedBy(from, to))
            {
                il.Emit(OpCodes.Ldnull);
                il.Emit(OpCodes.Stloc, BuilderOf(local));
            }
        }
        StartViews(from, to);
    }

    /// <summary><c>s = s + …</c> in a loop that collects <c>s</c>.</summary>
    private bool TryAddText(AssignInstruction assign)
    {
        if (Texts.IsEmpty || TextAccumulators.Added(assign) is not { } local || !Texts.IsAccumulating(currentBlock, local)) return false;
        var parts = TextJoins.PartsOf(assign.Value)!.Value.RemoveAt(0);
        Prepare(parts, deferred: false);
        positions.Mark(assign.Span);
        var builder = BuilderOf(local);
        il.Emit(OpCodes.Ldloc, builder);
        StorageOf(local).Load(il);
        il.Emit(OpCodes.Call, typeof(TextBuilder).GetMethod(nameof(TextBuilder.Continue))!);
        il.Emit(OpCodes.Stloc, builder);
        foreach (var part in parts)
        {
            il.Emit(OpCodes.Ldloc, builder);
            EmitOperand(part);
            il.Emit(OpCodes.Call, typeof(TextBuilder).GetMethod(nameof(TextBuilder.Add))!);
            il.Emit(OpCodes.Pop);
        }
        return true;
    }
}
