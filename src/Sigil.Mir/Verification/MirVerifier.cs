using Sigil.Mir.Analysis;
using Sigil.Mir.Printing;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Verification;

/// <summary>Checks the invariants of a flow graph that all later phases rely on. A finding is a defect of the compiler, never of the program.</summary>
public sealed class MirVerifier
{
    private readonly MirFunction function;
    private readonly ITypeSystem types;
    private readonly List<string> findings = [];
    private string at = "";

    private MirVerifier(MirFunction function, ITypeSystem types)
    {
        this.function = function;
        this.types = types;
    }

    /// <summary>What is wrong with a function and those nested in it; empty for a sound graph.</summary>
    public static IReadOnlyList<string> Verify(MirFunction function, ITypeSystem types)
    {
        var verifier = new MirVerifier(function, types);
        verifier.Run();
        foreach (var nested in function.Nested)
        {
            if (nested.Parent != function) verifier.findings.Add($"{function.Name}: nested '{nested.Name}' has another parent");
            verifier.findings.AddRange(Verify(nested, types));
        }
        return verifier.findings;
    }

    /// <summary>Throws when the graph is not sound.</summary>
    /// <exception cref="InvalidOperationException">The graph breaks an invariant.</exception>
    public static void Require(MirFunction function, ITypeSystem types)
    {
        var findings = Verify(function, types);
        if (findings.Count > 0)
            throw new InvalidOperationException($"unsound flow graph of '{function.Name}':\n{string.Join("\n", findings.Take(20))}\n{MirPrinter.Print(function)}");
    }

    private void Fail(string what) => findings.Add($"{function.Name} {at}: {what}");

    private void Run()
    {
        if (function.Blocks.Count == 0) Fail("no blocks");
        for (var i = 0; i < function.Locals.Count; i++)
        {
            if (function.Locals[i].Index != i) Fail($"local {i} has index {function.Locals[i].Index}");
            if (Contains(function.Locals[i].Type)) Fail($"local {i} has type {function.Locals[i].Type}");
        }
        foreach (var block in function.Blocks)
        {
            if (block.Index < 0 || block.Index >= function.Blocks.Count || function.Blocks[block.Index] != block)
            {
                Fail($"block {block.Index} is not at its index");
                continue;
            }
            for (var i = 0; i < block.Instructions.Count; i++)
            {
                at = $"bb{block.Index}[{i}] `{MirPrinter.Text(function, block.Instructions[i])}`";
                Check(block, block.Instructions[i]);
            }
            at = $"bb{block.Index} end";
            Check(block.Terminator);
        }
    }

    private void Check(MirBlock block, MirInstruction instruction)
    {
        if (instruction.Unwind >= 0)
        {
            if (instruction.Unwind >= function.Blocks.Count) Fail($"unwinds to missing block {instruction.Unwind}");
            else if (!function.Blocks[instruction.Unwind].IsCleanup) Fail($"unwinds to bb{instruction.Unwind}, which is no cleanup block");
        }
        var accesses = new List<Access>();
        AccessVisitor.Before(instruction, accesses);
        AccessVisitor.After(instruction, accesses);
        foreach (var a in accesses) Check(a.Place);
        switch (instruction)
        {
            case AssignInstruction a: Fits(TypeOf(a.Target), TypeOf(a.Value), "assignment"); break;
            case CallInstruction c:
                if (c.Arguments.Any(x => x is null)) Fail("an argument is missing");
                if (c.Target is { } t) Fits(TypeOf(t), c.ResultType, "result");
                if (c.Callee is StaticCallee s)
                {
                    if (s.TypeArguments.Length != s.Function.AllTypeParameters.Length) Fail($"{s.TypeArguments.Length} type arguments for {s.Function.AllTypeParameters.Length} parameters");
                    var wanted = (Building.EffectRules.HasReceiver(s.Function) ? 1 : 0) + s.Function.Parameters.Length + Building.EffectRules.Values(s.Function.Uses).Count();
                    if (c.Arguments.Length != wanted) Fail($"{c.Arguments.Length} arguments, expected {wanted}");
                }
                else if (c.Callee is NestedCallee n && c.Arguments.Length != n.Function.ParameterCount + n.Function.Captures.Count()) Fail("captures and arguments do not fit the nested function");
                break;
            case GroupSpawn spawn: Captures(spawn.Body, spawn.Captures.Length, MirFunctionKind.Task); break;
            case SpawnInstruction spawn: Captures(spawn.Body, spawn.Captures.Length, MirFunctionKind.Task); break;
            case SpawnManyInstruction many: Captures(many.Source, many.Captures.Length, MirFunctionKind.TaskSource); break;
            case YieldTask y: Captures(y.Body, y.Captures.Length, MirFunctionKind.Task); break;
            case CatchCancellation or CatchPanic or GroupCatch when !block.IsCleanup: Fail("catches outside a cleanup block"); break;
        }
        if (instruction is AssignInstruction { Value: ClosureRvalue closure }) Captures(closure.Function, closure.Captures.Length, MirFunctionKind.Lambda);
    }

    private void Captures(MirFunction nested, int given, MirFunctionKind kind)
    {
        if (nested.Kind != kind) Fail($"'{nested.Name}' is a {nested.Kind}, not a {kind}");
        if (nested.Captures.Count() != given) Fail($"{given} captures for {nested.Captures.Count()} of '{nested.Name}'");
        if (!function.Nested.Contains(nested)) Fail($"'{nested.Name}' is not nested here");
    }

    private void Check(MirTerminator? terminator)
    {
        if (terminator is null)
        {
            Fail("no terminator");
            return;
        }
        foreach (var s in terminator.Successors)
            if (s < 0 || s >= function.Blocks.Count) Fail($"goes to missing block {s}");
        var accesses = new List<Access>();
        AccessVisitor.Of(terminator, default, accesses);
        foreach (var a in accesses) Check(a.Place);
        switch (terminator)
        {
            case Return { Value: { } v }: Fits(function.ReturnType, TypeOf(v), "return"); break;
            case Return when !IsVoid(function.ReturnType) && function.Kind != MirFunctionKind.Task: Fail("returns nothing"); break;
            case TailCall t when t.Arguments.Length != function.ParameterCount: Fail("a tail call needs an argument for every parameter"); break;
            case Branch b: Fits(types.Core.Bool, TypeOf(b.Condition), "condition"); break;
        }
    }

    private static bool IsVoid(SigilType type) => type.Resolve() is NamedType { Definition.Kind: TypeKind.Void or TypeKind.Never };

    private void Check(MirPlace place)
    {
        if (place.Local < 0 || place.Local >= function.Locals.Count)
        {
            Fail($"no local {place.Local}");
            return;
        }
        var type = function.Locals[place.Local].Type;
        foreach (var step in place.Path)
        {
            type = type.Resolve();
            switch (step)
            {
                case ElementProjection e when e.IndexLocal < 0 || e.IndexLocal >= function.Locals.Count: Fail($"no index local {e.IndexLocal}"); break;
                case ElementProjection or ConstantElementProjection when type is not NamedType { Definition.Kind: TypeKind.List }: Fail($"element of {type}"); break;
                case DereferenceProjection when type is not CapabilityType: Fail($"dereference of {type}"); break;
                case VariantProjection v when type is not NamedType n || n.Definition != v.Variant.Owner: Fail($"payload of {v.Variant.Name} in {type}"); break;
                case FieldProjection when type is CapabilityType or NamedType { Definition.Kind: TypeKind.Sum or TypeKind.List or TypeKind.Map }: Fail($"field of {type}"); break;
            }
            type = step.Type;
        }
    }

    private SigilType TypeOf(MirPlace place) => place.Path.IsEmpty ? place.Local < function.Locals.Count ? function.Locals[place.Local].Type : types.Core.Void : place.Path[^1].Type;

    private SigilType? TypeOf(MirOperand operand) => operand switch
    {
        CopyOperand c => TypeOf(c.Place),
        MoveOperand m => TypeOf(m.Place),
        ConstantOperand c => c.Type,
        _ => null,
    };

    private SigilType? TypeOf(MirRvalue value) => value switch
    {
        UseRvalue u => TypeOf(u.Operand),
        ProductRvalue p => p.Type,
        VariantRvalue v => v.Type,
        DiscriminantRvalue or LengthRvalue => types.Core.Int,
        ListRvalue l => types.Core.List(l.ElementType),
        ConcatRvalue => types.Core.Str,
        ConvertRvalue c => c.To,
        MakeObjectRvalue m => m.Type,
        ClosureRvalue c => c.Type,
        FunctionRvalue f => f.Type,
        _ => null,
    };

    // Equal after resolving projections; function kinds and what is not yet decided in generic code do not count.
    private void Fits(SigilType? target, SigilType? value, string what)
    {
        if (target is null || value is null) return;
        target = types.Normalize(target.Resolve());
        value = types.Normalize(value.Resolve());
        if (target.Equals(value) || target is FunctionType && value is FunctionType || IsLoose(target) || IsLoose(value)) return;
        if (value is NamedType { Definition.Kind: TypeKind.Never }) return;
        Fail($"{what}: {value} where {target} is expected");
    }

    private static bool IsLoose(SigilType type) => type switch
    {
        ProjectionType or ErrorType or TypeVariable or DynType => true,
        NamedType n => n.Arguments.Any(a => IsLoose(a.Resolve()) || a.Resolve() is FunctionType),
        TupleType t => t.Elements.Any(a => IsLoose(a.Resolve()) || a.Resolve() is FunctionType),
        RecordType r => r.Fields.Any(f => IsLoose(f.Type.Resolve()) || f.Type.Resolve() is FunctionType),
        CapabilityType c => IsLoose(c.Target.Resolve()),
        _ => false,
    };

    private static bool Contains(SigilType type) => type.Resolve() is BorrowType or TypeVariable;
}
