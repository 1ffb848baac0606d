using System.Collections.Immutable;
using System.Text;
using Sigil.Mir;
using Sigil.Runtime.Panics;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Properties.Tests.Interpretation;

/// <summary>What a program did.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="ExitCode">101 after a panic.</param>
/// <param name="Panic">The code of the panic that ended it.</param>
internal sealed record ProgramOutcome(string Output, int ExitCode, string? Panic);

/// <summary>
/// Runs flow graphs directly: generic graphs after drop elaboration and last uses, substituting types as it goes. It is the
/// meaning that emitted code is compared with. A part of the language that no generated program uses is not supported.
/// </summary>
internal sealed partial class Interpreter(MirProgram program)
{
    private readonly ITypeSystem types = program.Semantics.Types;
    private readonly StringBuilder output = new();
    private long fuel = 20_000_000;

    /// <summary>Runs the code that starts <c>@main</c> on a thread with a deep stack.</summary>
    public ProgramOutcome Run(MirFunction entry)
    {
        var code = 0;
        string? panic = null;
        Exception? defect = null;
        var thread = new Thread(() =>
        {
            try
            {
                code = Convert.ToInt32(Call(entry, Substitution.Empty, [], []));
            }
            catch (SigilPanic p)
            {
                code = 101;
                panic = p.Info.Code;
            }
            catch (Exception e)
            {
                defect = e;
            }
        }, 256 << 20);
        thread.Start();
        thread.Join();
        if (defect is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(defect);
        return new ProgramOutcome(output.ToString(), code, panic);
    }

    private SigilType Concrete(SigilType type, Substitution s) => types.Normalize(s.IsEmpty ? type : s.Apply(type)) is var t && t is BorrowType b ? b.Target : t;

    private ImmutableArray<SigilType> Concrete(ImmutableArray<SigilType> given, Substitution s) => [.. given.Select(t => Concrete(t, s))];

    /// <summary>A running function.</summary>
    private sealed class Activation(MirFunction function, Substitution substitution)
    {
        public readonly MirFunction Function = function;
        public readonly Substitution Substitution = substitution;
        public readonly Cell[] Locals = new Cell[function.Locals.Count];
        public Exception? Pending;
        /// <summary>Of a task source: where its tasks go.</summary>
        public Action<MirFunction, object?[]>? Yield;
    }

    /// <summary>Calls a graph. Arguments are values, or cells that are lent for writing.</summary>
    private object? Call(MirFunction function, Substitution substitution, ReadOnlySpan<object?> arguments, ReadOnlySpan<object?> captures, Action<MirFunction, object?[]>? yield = null)
    {
        var frame = new Activation(function, substitution) { Yield = yield };
        var nextCapture = 0;
        foreach (var local in function.Locals)
        {
            object? value = null;
            if (local.Index < function.ParameterCount) value = arguments[local.Index];
            else if (local.Kind == MirLocalKind.Capture) value = captures[nextCapture++];
            var shared = value as Cell;
            frame.Locals[local.Index] = shared is not null && local.Mode == MirParameterMode.BorrowMutable ? shared
                : shared is not null && local.Kind == MirLocalKind.Capture ? shared
                : new Cell { Value = shared is not null ? shared.Value : value };
        }
        return Execute(frame);
    }

    private object? Execute(Activation f)
    {
        var block = f.Function.Blocks[0];
        while (true)
        {
            if (--fuel < 0) throw new InvalidOperationException("the generated program runs for too long");
            if (!ExecuteInstructions(f, ref block)) continue;
            switch (block.Terminator)
            {
                case Goto jump: block = f.Function.Blocks[jump.Target]; break;
                case Branch branch: block = f.Function.Blocks[(bool)Read(f, branch.Condition)! ? branch.Then : branch.Else]; break;
                case Switch choice:
                    {
                        var value = Convert.ToInt64(Read(f, choice.Value), System.Globalization.CultureInfo.InvariantCulture);
                        var target = choice.Default;
                        foreach (var (v, t) in choice.Cases)
                            if (v == value) target = t;
                        block = f.Function.Blocks[target];
                        break;
                    }
                case Return leave: return leave.Value is { } result ? Read(f, result) : UnitValue.Instance;
                case TailCall again:
                    {
                        var values = again.Arguments.Select((a, i) => f.Function.Locals[i].Mode == MirParameterMode.BorrowMutable ? null : Read(f, a)).ToArray();
                        for (var i = 0; i < values.Length; i++)
                            if (f.Function.Locals[i].Mode != MirParameterMode.BorrowMutable) f.Locals[i] = new Cell { Value = values[i] };
                        block = f.Function.Blocks[0];
                        break;
                    }
                case ResumeUnwind:
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(f.Pending!);
                    break;
                default: throw new InvalidOperationException($"reached {block.Terminator} in {f.Function.Name}");
            }
        }
    }

    /// <summary>False when an instruction unwound: the block is then its cleanup block.</summary>
    private bool ExecuteInstructions(Activation f, ref MirBlock block)
    {
        foreach (var instruction in block.Instructions)
        {
            try
            {
                Execute(f, instruction);
            }
            catch (Exception e) when (instruction.Unwind >= 0 && e is SigilPanic or CancelledException)
            {
                f.Pending = e;
                block = f.Function.Blocks[instruction.Unwind];
                return false;
            }
        }
        return true;
    }

    private void Execute(Activation f, MirInstruction instruction)
    {
        switch (instruction)
        {
            case AssignInstruction assign: Write(f, assign.Target, Evaluate(f, assign.Value)); break;
            case DropInstruction drop:
                if (drop.Flag >= 0 && f.Locals[drop.Flag].Value is not true) break;
                Structure.Drop(Read(f, drop.Place));
                break;
            case CallInstruction call: ExecuteCall(f, call); break;
            case PanicInstruction panic: throw new SigilPanic(panic.Code, (string)Read(f, panic.Message)!, "");
            case IterationStart start: f.Locals[start.Iterator].Value = Iterate(Argument(f, start.Source), KindOf(f, start.Kind, f.Function.Locals[start.Iterator].Type)); break;
            case IterationNext next:
                {
                    var items = (IEnumerator<object?>)f.Locals[next.Iterator].Value!;
                    var any = items.MoveNext();
                    f.Locals[next.HasItem].Value = any;
                    if (any) f.Locals[next.Item].Value = items.Current;
                    break;
                }
            case AppendInstruction append:
                f.Locals[append.List].Value = new ListValue([.. ((ListValue)f.Locals[append.List].Value!).Items, Read(f, append.Value)]);
                break;
            case MapInsertInstruction insert:
                {
                    var key = Read(f, insert.Key);
                    var value = Read(f, insert.Value);
                    Write(f, insert.Map, ((MapValue)Read(f, insert.Map)!).With(key, value));
                    break;
                }
            case ScopeStart scope: f.Locals[scope.Scope].Value = new ScopeValue(); break;
            case SpawnInstruction spawn: Spawn(f, (ScopeValue)f.Locals[spawn.Scope].Value!, spawn.Slot, spawn.Body, Captures(f, spawn.Captures)); break;
            case SpawnManyInstruction many:
                {
                    var scope = (ScopeValue)f.Locals[many.Scope].Value!;
                    Call(many.Source, f.Substitution, [], Captures(f, many.Captures), (body, captures) => Spawn(f, scope, many.Slot, body, captures));
                    break;
                }
            case YieldTask yield: f.Yield!(yield.Body, Captures(f, yield.Captures)); break;
            case ScopeJoin join:
                {
                    var scope = (ScopeValue)f.Locals[join.Scope].Value!;
                    scope.Join();
                    if (join.LeftEarly >= 0) f.Locals[join.LeftEarly].Value = scope.WasLeft;
                    if (join.Failure >= 0) f.Locals[join.Failure].Value = 0L;
                    break;
                }
            case ScopeAbandon abandon: (f.Locals[abandon.Scope].Value as ScopeValue)?.Abandon(); break;
            case TaskResult result:
                {
                    if (result.IsCollected) throw Unsupported(instruction);
                    var children = ((ScopeValue)f.Locals[result.Scope].Value!).Children.Where(c => c.Slot == result.Slot).ToList();
                    Write(f, result.Target, result.IsList ? new ListValue([.. children.Select(c => c.Result)]) : children[0].Result);
                    break;
                }
            case LeaveScope leave: ChildTask.Current!.Scope.Leave(Read(f, leave.Value)); break;
            case LeftScopeValue left: Write(f, left.Target, ((ScopeValue)f.Locals[left.Scope].Value!).LeftWith); break;
            case WriteErrorInstruction: break;
            case StorageDead dead: f.Locals[dead.Local] = new Cell(); break;
            case BorrowMarker: break;
            case VacateInstruction vacate: Write(f, vacate.Place, null); break;
            default: throw Unsupported(instruction);
        }
    }

    private static NotSupportedException Unsupported(object what) => new($"the interpreter does not know {what.GetType().Name}");

    private void Spawn(Activation f, ScopeValue scope, int slot, MirFunction body, object?[] captures)
    {
        var child = new ChildTask(scope, slot);
        scope.Children.Add(child);
        var substitution = f.Substitution;
        child.Start(() => Call(body, substitution, [], captures));
    }

    private object?[] Captures(Activation f, ImmutableArray<MirArgument> given) => [.. given.Select(a => Argument(f, a))];

    /// <summary>The value that crosses; a cell for what is lent for writing.</summary>
    private object? Argument(Activation f, MirArgument argument) => argument switch
    {
        ValueArgument value => Read(f, value.Operand),
        BorrowArgument lent => Read(f, lent.Place),
        BorrowMutableArgument { Place.IsLocal: true } lent => f.Locals[lent.Place.Local],
        BorrowMutableArgument lent => new Cell { Value = Read(f, lent.Place) },
        _ => throw Unsupported(argument),
    };

    private void ExecuteCall(Activation f, CallInstruction call)
    {
        var arguments = call.Arguments.Select(a => Argument(f, a)).ToArray();
        object? result;
        try
        {
            result = call.Callee switch
            {
                StaticCallee callee => CallSymbol(callee.Function, Concrete(callee.TypeArguments, f.Substitution), arguments),
                IndirectCallee callee => CallValue((FunctionValue)Read(f, callee.Function)!, arguments),
                NestedCallee callee => CallNested(callee.Function, f.Substitution, arguments),
                _ => throw Unsupported(call.Callee),
            };
        }
        finally
        {
            for (var i = 0; i < arguments.Length; i++)
                if (call.Arguments[i] is BorrowMutableArgument { Place.IsLocal: false } lent) Write(f, lent.Place, ((Cell)arguments[i]!).Value);
        }
        if (call.Target is { } target) Write(f, target, result);
    }

    private object? CallNested(MirFunction function, Substitution substitution, object?[] arguments)
    {
        var captured = arguments.Length - function.ParameterCount;
        return Call(function, substitution, arguments.AsSpan(captured), arguments.AsSpan(0, captured));
    }

    private object? CallValue(FunctionValue function, object?[] arguments) => function switch
    {
        ClosureValue closure => Call(closure.Function, closure.Substitution, arguments, closure.Captures),
        NamedFunctionValue named => CallSymbol(named.Function, named.TypeArguments, arguments),
        SpreadFunctionValue spread => CallValue(spread.Target, ((ProductValue)arguments[0]!).Fields),
        _ => throw Unsupported(function),
    };

    private object? CallSymbol(FunctionSymbol function, ImmutableArray<SigilType> typeArguments, object?[] arguments)
    {
        var target = function.Container is TraitSymbol ? types.ResolveMethod(function, typeArguments)
            : new MethodTarget(function, typeArguments, function.IsDerived, function.Impl is { } impl
                ? types.Normalize(new Substitution(function.AllTypeParameters, typeArguments).Apply(impl.SelfType)) : types.Core.Void);
        if (target.Function.IsIntrinsic && !target.IsStructural) return CallIntrinsic(target.Function, target.TypeArguments, arguments);
        var graph = target.IsStructural || target.Function.IsDerived ? program.StructuralGraphOf(target) : program.GraphOf(target.Function);
        return Call(graph, new Substitution(target.Function.AllTypeParameters, target.TypeArguments), arguments, []);
    }

    private IterationKind KindOf(Activation f, IterationKind written, SigilType type) =>
        written != IterationKind.Generic ? written : types.Iteration(Concrete(type, f.Substitution))!.Value.Kind;
}
