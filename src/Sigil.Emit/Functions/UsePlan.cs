using Sigil.Mir;
using Sigil.Mir.Analysis;

namespace Sigil.Emit.Functions;

/// <summary>Which temporaries are made once and read once, in one block: they never need an IL local when the order of evaluation allows it.</summary>
internal sealed class UsePlan
{
    private readonly bool[] single;

    public UsePlan(MirFunction function)
    {
        var count = function.Locals.Count;
        var writes = new int[count];
        var reads = new int[count];
        var writtenIn = new int[count];
        var readIn = new int[count];
        var other = new bool[count];
        var accesses = new List<Access>();
        void Note(int block)
        {
            foreach (var access in accesses)
            {
                var local = access.Place.Local;
                switch (access.Kind)
                {
                    case AccessKind.Dead: break;
                    case AccessKind.Write when access.Place.IsLocal:
                        writes[local]++;
                        writtenIn[local] = block;
                        break;
                    case AccessKind.Read or AccessKind.Move or AccessKind.LastUse when access.Place.IsLocal:
                        reads[local]++;
                        readIn[local] = block;
                        break;
                    default: other[local] = true; break;
                }
            }
            accesses.Clear();
        }
        foreach (var block in function.Blocks)
        {
            foreach (var instruction in block.Instructions)
            {
                AccessVisitor.Before(instruction, accesses);
                AccessVisitor.After(instruction, accesses);
                // Results of these are stored by their own code, never left on the stack.
                if (instruction is not (AssignInstruction or CallInstruction))
                    foreach (var access in accesses) if (access.Kind == AccessKind.Write) other[access.Place.Local] = true;
                // Index locals are read where the place is.
                Note(block.Index);
                foreach (var index in IndexLocals(instruction)) other[index] = true;
                if (instruction is CatchCancellation or CatchPanic) continue;
            }
            AccessVisitor.Of(block.Terminator, default, accesses);
            if (block.Terminator is TailCall)
                foreach (var access in accesses) other[access.Place.Local] = true;
            Note(block.Index);
        }
        single = new bool[count];
        for (var i = 0; i < count; i++)
            single[i] = function.Locals[i].Kind == MirLocalKind.Temporary && writes[i] == 1 && reads[i] == 1 && !other[i] && writtenIn[i] == readIn[i];
    }

    public bool IsSingleUse(int local) => single[local];

    private static IEnumerable<int> IndexLocals(MirInstruction instruction)
    {
        var accesses = new List<Access>();
        AccessVisitor.Before(instruction, accesses);
        AccessVisitor.After(instruction, accesses);
        foreach (var access in accesses)
            foreach (var projection in access.Place.Path)
                if (projection is ElementProjection element) yield return element.IndexLocal;
    }
}
