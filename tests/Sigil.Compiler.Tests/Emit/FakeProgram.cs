using System.Collections.Immutable;
using Sigil.Emit;
using Sigil.Mir;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.Emit;

/// <summary>A type system that knows concrete types only: enough for flow graphs written by hand.</summary>
internal sealed class FakeTypes : ITypeSystem
{
    public FakeTypes()
    {
        var t = new TypeSymbol("Option", TypeKind.Sum);
        t.TypeParameters = [new TypeParameterSymbol("T", 0) { Owner = t }];
        t.Variants = [new VariantSymbol("None", 0) { Owner = t }, new VariantSymbol("Some", 1) { Owner = t, Fields = [new VariantField(null, new TypeParameterType(t.TypeParameters[0]))] }];
        Core.Register(t, "Option");
        var r = new TypeSymbol("Result", TypeKind.Sum);
        r.TypeParameters = [new TypeParameterSymbol("T", 0) { Owner = r }, new TypeParameterSymbol("E", 1) { Owner = r }];
        r.Variants =
        [
            new VariantSymbol("Ok", 0) { Owner = r, Fields = [new VariantField(null, new TypeParameterType(r.TypeParameters[0]))] },
            new VariantSymbol("Err", 1) { Owner = r, Fields = [new VariantField(null, new TypeParameterType(r.TypeParameters[1]))] },
        ];
        Core.Register(r, "Result");
    }

    public CoreSymbols Core { get; } = new();
    public ValueKind KindOf(SigilType type) => type is NamedType { Definition.IsUnique: true } ? ValueKind.Unique
        : type is RecordType record && record.Fields.Any(f => KindOf(f.Type) == ValueKind.Unique) ? ValueKind.Unique : ValueKind.Value;
    public SigilType Normalize(SigilType type) => type;
    public bool Implements(SigilType type, TraitReference trait) => false;
    public ImplMatch? FindImpl(SigilType type, TraitReference trait) => null;
    public MethodTarget ResolveMethod(FunctionSymbol traitMethod, ImmutableArray<SigilType> typeArguments) => throw new NotSupportedException();
    public ImmutableArray<FailureStep>? WhyNotSendable(SigilType type) => null;
    public SigilType? ExclusivePart(SigilType type) => throw new NotSupportedException();
    public SigilType? WhyNotDeepCopyable(SigilType reference) => throw new NotSupportedException();
    public ImmutableArray<FailureStep>? WhyNotSerializable(SigilType type, bool endsMove) => null;
    public IDisposable Within(Symbol? owner) => new MemoryStream();

    public ImmutableArray<SigilType> FieldTypes(SigilType type) => type switch
    {
        NamedType { Definition.Kind: TypeKind.Newtype } n => [new Substitution(n.Definition.TypeParameters, n.Arguments).Apply(n.Definition.Target!)],
        NamedType n => [.. n.Definition.Fields.Select(f => new Substitution(n.Definition.TypeParameters, n.Arguments).Apply(f.Type))],
        RecordType r => [.. r.Fields.Select(f => f.Type)],
        TupleType t => t.Elements,
        _ => [],
    };

    public ImmutableArray<SigilType> PayloadTypes(SigilType sumType, VariantSymbol variant)
    {
        var n = (NamedType)sumType;
        return [.. variant.Fields.Select(f => new Substitution(n.Definition.TypeParameters, n.Arguments).Apply(f.Type))];
    }

    public (IterationKind Kind, SigilType Item)? Iteration(SigilType type) => type switch
    {
        NamedType { Definition.Kind: TypeKind.List } n => (IterationKind.List, n.Arguments[0]),
        NamedType { Definition.Kind: TypeKind.Range } n => (IterationKind.Range, n.Arguments[0]),
        NamedType { Definition.Kind: TypeKind.Str } => (IterationKind.Str, Core.Char),
        NamedType { Definition.Kind: TypeKind.Map } n => (IterationKind.Map, new TupleType(n.Arguments)),
        NamedType { Definition.Name: "Consumer" } n => (IterationKind.Consumer, n.Arguments[0]),
        _ => null,
    };
}

/// <summary>A program made of hand-written graphs.</summary>
internal sealed class FakeProgram : MirProgram
{
    private readonly FakeSemantics semantics = new();
    private readonly Dictionary<FunctionSymbol, MirFunction> graphs = [];

    public FakeTypes Fakes => semantics.Fakes;
    public CoreSymbols Core => semantics.Core;
    public ModuleSymbol Module { get; } = new("test") { Package = "test" };
    public SourceText Source { get; } = SourceText.FromString("test.si", string.Concat(Enumerable.Repeat("0123456789\n", 100)));
    public override SemanticProgram Semantics => semantics;
    public override MirFunction GraphOf(FunctionSymbol function) => graphs[function];
    public override MirFunction StructuralGraphOf(MethodTarget target) => throw new NotSupportedException();
    public override MirFunction DefaultGraphOf(FieldSymbol field) => throw new NotSupportedException();
    public override IReadOnlyList<Diagnostic> Check(FunctionSymbol function) => [];

    public void Define(FunctionSymbol symbol, MirFunction graph) => graphs[symbol] = graph;

    public FunctionSymbol Symbol(string name) => new(name) { Module = Module, Source = Source };

    public FunctionSymbol Intrinsic(string key, SigilType result, params SigilType[] parameters) => new(key)
    {
        Module = Module,
        IsIntrinsic = true,
        Intrinsic = key,
        ReturnType = result,
        Parameters = [.. parameters.Select((p, i) => new ParameterSymbol("p" + i, i) { Type = p })],
    };

    /// <summary>Emits, loads, compiles every method, runs main.</summary>
    public int Run(MirFunction main)
    {
        var emitted = AssemblyEmitter.Emit(this, "test" + Guid.NewGuid().ToString("N"), new EmitEntry("main", main), []);
        Assert.Empty(emitted.Diagnostics);
        var loaded = LoadedProgram.Load(emitted);
        loaded.PrepareAll();
        return loaded.RunMain();
    }

    private sealed class FakeSemantics : SemanticProgram
    {
        public FakeTypes Fakes { get; } = new();
        public override CoreSymbols Core => Fakes.Core;
        public override ITypeSystem Types => Fakes;
        public override ImmutableArray<ModuleSymbol> Modules => [];
        public override ImmutableArray<ModuleSymbol> LibraryModules => [];
        public override ImmutableArray<Diagnostic> DeclarationDiagnostics => [];
        public override TypedBody BodyOf(FunctionSymbol function) => throw new NotSupportedException();
        public override TypedExpression DefaultOf(Symbol fieldOrParameter) => throw new NotSupportedException();
        public override FunctionSymbol? EntryPoint => null;
    }
}

/// <summary>Writes a graph block by block.</summary>
internal sealed class GraphWriter
{
    private int position = 1;

    public GraphWriter(FakeProgram program, string name, SigilType result, bool maySuspend = false, MirFunctionKind kind = MirFunctionKind.Function, MirFunction? parent = null)
    {
        Program = program;
        Function = new MirFunction { Name = name, Kind = kind, Source = program.Source, Span = new TextSpan(0, 5), ReturnType = result, MaySuspend = maySuspend, Parent = parent };
        parent?.Nested.Add(Function);
        Block();
    }

    public FakeProgram Program { get; }
    public MirFunction Function { get; }
    public MirBlock Current { get; private set; } = null!;
    private TextSpan Next => new(position++ * 3, 2);

    public MirBlock Block(bool cleanup = false)
    {
        Current = new MirBlock { Index = Function.Blocks.Count, IsCleanup = cleanup };
        Function.Blocks.Add(Current);
        return Current;
    }

    public void At(MirBlock block) => Current = block;

    public MirPlace Local(SigilType type, MirLocalKind kind = MirLocalKind.Temporary, string? name = null, MirParameterMode mode = MirParameterMode.Value)
    {
        Function.Locals.Add(new MirLocal { Index = Function.Locals.Count, Type = type, Kind = kind, Name = name, Mode = mode });
        return MirPlace.Of(Function.Locals.Count - 1);
    }

    public MirPlace Parameter(SigilType type, MirParameterMode mode = MirParameterMode.Value)
    {
        Function.ParameterCount++;
        return Local(type, MirLocalKind.Parameter, "p" + Function.ParameterCount, mode);
    }

    public static MirOperand Copy(MirPlace place) => new CopyOperand(place);
    public static MirOperand Move(MirPlace place) => new MoveOperand(place);
    public MirOperand Int(long value) => new ConstantOperand(value, Program.Core.Int);
    public MirOperand Str(string value) => new ConstantOperand(value, Program.Core.Str);

    public void Set(MirPlace target, MirRvalue value, int unwind = -1) => Current.Instructions.Add(new AssignInstruction { Span = Next, Target = target, Value = value, Unwind = unwind });
    public void Set(MirPlace target, MirOperand value) => Set(target, new UseRvalue(value));

    public MirPlace Temp(SigilType type, MirRvalue value)
    {
        var local = Local(type);
        Set(local, value);
        return local;
    }

    public MirPlace Binary(BinaryOperator op, MirOperand left, MirOperand right, SigilType? operands = null, SigilType? result = null)
    {
        var type = operands ?? Program.Core.Int;
        var isTest = op is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.Equal or BinaryOperator.NotEqual;
        return Temp(result ?? (isTest ? Program.Core.Bool : type), new BinaryRvalue(op, left, right, type, type));
    }

    public MirPlace? Call(FunctionSymbol function, SigilType result, int unwind = -1, params MirArgument[] arguments) =>
        Call(new StaticCallee(function, [], EffectVariant.Plain), result, unwind, arguments);

    public MirPlace? Call(MirCallee callee, SigilType result, int unwind = -1, params MirArgument[] arguments)
    {
        var target = result == Program.Core.Void ? null : Local(result);
        Current.Instructions.Add(new CallInstruction { Span = Next, Target = target, Callee = callee, Arguments = [.. arguments], ResultType = result, Unwind = unwind });
        return target;
    }

    public void Add(Func<TextSpan, MirInstruction> instruction) => Current.Instructions.Add(instruction(Next));
    public void Goto(MirBlock block) => Current.Terminator = new Goto(block.Index);
    public void If(MirPlace condition, MirBlock then, MirBlock otherwise) => Current.Terminator = new Branch(Copy(condition), then.Index, otherwise.Index);
    public void Return(MirOperand? value = null) => Current.Terminator = new Return(value);
}
