using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>
/// Where an arm gives away what a list pattern named, the list keeps a hole: its owner drops the other elements. Elements have no drop flags of their own,
/// since positions from the front and from the back may name the same one.
/// </summary>
internal sealed class ListHoles(MirFunction function, ITypeSystem types)
{
    private readonly List<Access> accesses = [];

    public void Insert()
    {
        if (!function.Locals.Any(l => l.LentFrom is { } from && HasElement(from)) && !MovesElements()) return;
        foreach (var block in function.Blocks)
        {
            for (int k = 0; k < block.Instructions.Count; k++)
            {
                var instruction = block.Instructions[k];
                accesses.Clear();
                AccessVisitor.Before(instruction, accesses);
                foreach (var a in accesses)
                {
                    if (a.Kind is not (AccessKind.Move or AccessKind.LastUse) || types.KindOf(TypeOf(a.Place)) != ValueKind.Unique || HoleOf(a.Place) is not { } hole) continue;
                    var vacate = new VacateInstruction { Place = hole, Span = instruction.Span };
                    // A name holds the element itself, so the hole can be there before the call that takes it. A part is read out of the list's object.
                    if (a.Place.IsLocal) block.Instructions.Insert(k++, vacate);
                    else block.Instructions.Insert(++k, vacate);
                }
            }
        }
    }

    private bool MovesElements()
    {
        foreach (var block in function.Blocks)
            foreach (var i in block.Instructions)
                if (i is AssignInstruction { Value: UseRvalue { Operand: MoveOperand m } } && HasElement(m.Place)) return true;
        return false;
    }

    private static bool HasElement(MirPlace place)
    {
        foreach (var step in place.Path) if (step is ConstantElementProjection or RestProjection) return true;
        return false;
    }

    /// <summary>The moved place in terms of the list's owner; null when no list is concerned.</summary>
    private MirPlace? HoleOf(MirPlace place)
    {
        while (function.Locals[place.Local].LentFrom is { } from)
        {
            if (function.Locals[from.Local].Kind == MirLocalKind.Iterator) return null;
            place = new MirPlace(from.Local, from.Path.AddRange(place.Path));
        }
        if (!HasElement(place)) return null;
        var path = ImmutableArray.CreateBuilder<MirProjection>();
        foreach (var step in place.Path)
        {
            if (step is EntryProjection) return null;
            // A position in the rest is one in the list.
            if (path.Count > 0 && path[^1] is RestProjection rest)
            {
                path[^1] = step switch
                {
                    ConstantElementProjection { Position: >= 0 } c => new ConstantElementProjection(rest.Front + c.Position, c.Type),
                    ConstantElementProjection c => new ConstantElementProjection(c.Position - rest.Back, c.Type),
                    RestProjection r => new RestProjection(rest.Front + r.Front, rest.Back + r.Back, r.Type),
                    _ => throw new InvalidOperationException($"{step} in the rest of a list"),
                };
            }
            else path.Add(step);
        }
        return new MirPlace(place.Local, path.ToImmutable());
    }

    private SigilType TypeOf(MirPlace place) => place.Path.IsEmpty ? function.Locals[place.Local].Type : place.Path[^1].Type;
}
