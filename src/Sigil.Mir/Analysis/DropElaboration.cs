using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Analysis;

/// <summary>Makes every drop exact: removed where nothing is left, unconditional where the value is surely there, guarded by a flag where it depends on the path taken, and part by part where parts have been moved out.</summary>
public sealed class DropElaboration
{
    private readonly MirFunction function;
    private readonly ITypeSystem types;
    private readonly MovePaths paths;
    private readonly Dictionary<int, int> flags = [];

    private DropElaboration(MirFunction function, ITypeSystem types)
    {
        this.function = function;
        this.types = types;
        paths = new MovePaths(function, isExact: true);
    }

    /// <summary>Elaborates the function and those nested in it.</summary>
    public static void Run(MirFunction function, ITypeSystem types)
    {
        if (function.Blocks.Any(b => b.Instructions.Any(i => i is DropInstruction)))
        {
            new ListHoles(function, types).Insert();
            new DropElaboration(function, types).Elaborate();
        }
        foreach (var n in function.Nested) Run(n, types);
    }

    /// <summary>The dual of <see cref="MovedAnalysis"/>: which paths may hold a value.</summary>
    private sealed class PresentAnalysis(MirFunction function, MovePaths paths) : IForwardAnalysis
    {
        private readonly List<Access> scratch = [];
        public int Bits => Math.Max(1, paths.Count);
        public void Entry(BitVector state)
        {
            foreach (var p in paths.All) state[p.Id] = MovedAnalysis.IsGivenAtEntry(function.Locals[p.Place.Local]);
        }
        public void Before(MirInstruction instruction, BitVector state)
        {
            scratch.Clear();
            AccessVisitor.Before(instruction, scratch);
            foreach (var a in scratch) Apply(a, state);
        }
        public void After(MirInstruction instruction, BitVector state)
        {
            scratch.Clear();
            AccessVisitor.After(instruction, scratch);
            foreach (var a in scratch) Apply(a, state);
        }
        private void Apply(Access a, BitVector state)
        {
            switch (a.Kind)
            {
                case AccessKind.Write: Set(a.Place, state, true); break;
                case AccessKind.Drop or AccessKind.Dead: Set(a.Place, state, false); break;
                case AccessKind.Move:
                    Set(a.Place, state, false);
                    foreach (var origin in paths.Origins(a.Place)) Set(origin, state, false);
                    break;
            }
        }
        private void Set(MirPlace place, BitVector state, bool present)
        {
            var (path, exact) = paths.Find(place);
            if (path is null || !exact) return;
            foreach (var p in path.SelfAndDescendants()) state[p.Id] = present;
        }
    }

    private void Elaborate()
    {
        var movedAnalysis = new MovedAnalysis(function, paths);
        var presentAnalysis = new PresentAnalysis(function, paths);
        var movedIn = Dataflow.Forward(function, movedAnalysis);
        var presentIn = Dataflow.Forward(function, presentAnalysis);
        var moved = new BitVector(movedAnalysis.Bits);
        var present = new BitVector(presentAnalysis.Bits);
        int original = function.Blocks.Count;
        for (int index = 0; index < original; index++)
        {
            var block = function.Blocks[index];
            if (movedIn[index] is not { } m || presentIn[index] is not { } p) continue;
            moved.CopyFrom(m);
            present.CopyFrom(p);
            var source = block.Instructions.ToArray();
            var end = block.Terminator;
            block.Instructions.Clear();
            var current = block;
            foreach (var instruction in source)
            {
                if (instruction is DropInstruction drop) current = Expand(drop, current, moved, present);
                else current.Instructions.Add(instruction);
                movedAnalysis.Before(instruction, moved);
                presentAnalysis.Before(instruction, present);
                movedAnalysis.After(instruction, moved);
                presentAnalysis.After(instruction, present);
            }
            current.Terminator = end;
        }
        if (flags.Count > 0) new DropFlags(function, paths, flags).Insert();
    }

    private MirBlock Expand(DropInstruction drop, MirBlock current, BitVector moved, BitVector present)
    {
        var (path, exact) = paths.Find(drop.Place);
        if (path is null || !exact)
        {
            current.Instructions.Add(drop);
            return current;
        }
        return ExpandPath(drop, path, TypeOf(drop.Place), current, moved, present);
    }

    private MirBlock ExpandPath(DropInstruction drop, MovePath path, SigilType type, MirBlock current, BitVector moved, BitVector present)
    {
        bool uniform = path.SelfAndDescendants().All(d => moved[d.Id] == moved[path.Id] && present[d.Id] == present[path.Id]);
        if (uniform && !present[path.Id]) return current;
        if (uniform && !moved[path.Id])
        {
            current.Instructions.Add(At(drop, path.Place, -1));
            return current;
        }
        if (path.Children.Count == 0)
        {
            current.Instructions.Add(At(drop, path.Place, FlagOf(path)));
            return current;
        }
        if (path.Children[0].Place.Path[^1] is VariantProjection) return ExpandVariants(drop, path, type, current, moved, present);
        if (path.Children[0].Place.Path[^1] is DereferenceProjection step)
            return ExpandPath(drop, path.Children[0], step.Type, current, moved, present);
        var fields = types.FieldTypes(type);
        for (int i = 0; i < fields.Length; i++)
        {
            var child = path.Children.FirstOrDefault(c => c.Place.Path[^1] is FieldProjection f && f.Index == i);
            if (child is not null) current = ExpandPath(drop, child, fields[i], current, moved, present);
            else if (types.KindOf(fields[i]) == ValueKind.Unique) DropPart(drop, path, new FieldProjection(i, fields[i]), current, moved, present);
        }
        return current;
    }

    private void DropPart(DropInstruction drop, MovePath whole, MirProjection part, MirBlock current, BitVector moved, BitVector present)
    {
        if (!present[whole.Id]) return;
        current.Instructions.Add(At(drop, whole.Place.With(part), moved[whole.Id] ? FlagOf(whole) : -1));
    }

    // A sum value of which some payload part has been moved out: which parts are left depends on the variant.
    private MirBlock ExpandVariants(DropInstruction drop, MovePath path, SigilType type, MirBlock current, BitVector moved, BitVector present)
    {
        var after = NewBlock(current.IsCleanup);
        if (type.Resolve() is not NamedType named) return current;
        if (moved[path.Id])
        {
            // The whole may be gone: then there is no variant to ask for.
            if (!present[path.Id]) { current.Terminator = new Goto(after.Index); return after; }
            var there = NewBlock(current.IsCleanup);
            current.Terminator = new Branch(new CopyOperand(MirPlace.Of(FlagOf(path))), there.Index, after.Index);
            current = there;
        }
        var tag = NewLocal(types.Core.Int, MirLocalKind.Temporary);
        current.Instructions.Add(new AssignInstruction { Span = drop.Span, Target = MirPlace.Of(tag), Value = new DiscriminantRvalue(path.Place, type) });
        var cases = ImmutableArray.CreateBuilder<(long, int)>();
        foreach (var variant in named.Definition.Variants)
        {
            var payload = types.PayloadTypes(type, variant);
            if (!payload.Any(t => types.KindOf(t) == ValueKind.Unique)) continue;
            var arm = NewBlock(current.IsCleanup);
            cases.Add((variant.Index, arm.Index));
            var at = arm;
            for (int i = 0; i < payload.Length; i++)
            {
                if (types.KindOf(payload[i]) != ValueKind.Unique) continue;
                var child = path.Children.FirstOrDefault(c => c.Place.Path[^1] is VariantProjection v && v.Variant == variant && v.Index == i);
                if (child is not null) at = ExpandPath(drop, child, payload[i], at, moved, present);
                else at.Instructions.Add(At(drop, path.Place.With(new VariantProjection(variant, i, payload[i])), -1));
            }
            at.Terminator = new Goto(after.Index);
        }
        current.Terminator = new Switch(new CopyOperand(MirPlace.Of(tag)), cases.ToImmutable(), after.Index);
        return after;
    }

    private static DropInstruction At(DropInstruction drop, MirPlace place, int flag) =>
        new() { Span = drop.Span, Place = place, Flag = flag, Unwind = drop.Unwind };

    private int FlagOf(MovePath path)
    {
        if (flags.TryGetValue(path.Id, out int local)) return local;
        return flags[path.Id] = NewLocal(types.Core.Bool, MirLocalKind.DropFlag);
    }

    private int NewLocal(SigilType type, MirLocalKind kind)
    {
        function.Locals.Add(new MirLocal { Index = function.Locals.Count, Type = type, Kind = kind });
        return function.Locals.Count - 1;
    }

    private MirBlock NewBlock(bool cleanup)
    {
        var b = new MirBlock { Index = function.Blocks.Count, IsCleanup = cleanup };
        function.Blocks.Add(b);
        return b;
    }

    private SigilType TypeOf(MirPlace place) => place.Path.IsEmpty ? function.Locals[place.Local].Type : place.Path[^1].Type;
}
