using System.Collections.Immutable;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Instantiation;

/// <summary>Resolves every call, closure, iteration and conversion of one instance, and notes what may wait.</summary>
internal sealed class InstanceAnalysis(InstanceGraph graph, Instance instance)
{
    private ITypeSystem Types => graph.Types;

    public void Run()
    {
        foreach (var type in instance.LocalTypes) graph.Map.Of(type);
        graph.Map.Of(instance.ReturnType);
        foreach (var block in instance.Graph.Blocks)
            foreach (var instruction in block.Instructions)
                Visit(instruction);
    }

    private SigilType Concrete(SigilType type) => InstanceGraph.Strip(graph.Concrete(type, instance.Substitution));

    private void Visit(MirInstruction instruction)
    {
        switch (instruction)
        {
            case CallInstruction call: VisitCall(call); break;
            case AssignInstruction assign: VisitValue(assign.Value, assign.Span); break;
            case IterationStart start:
                instance.Iterations[start.Iterator] = Plan(start.Kind, Concrete(instance.Graph.Locals[start.Iterator].Type), start.Span);
                NoteWaits(instance.Iterations[start.Iterator]);
                break;
            case SpawnInstruction spawn:
                graph.RequestNested(spawn.Body, instance);
                instance.Suspends = true;
                break;
            case GroupSpawn spawn: graph.RequestNested(spawn.Body, instance).MayLeaveEntry = true; break;
            case SpawnManyInstruction many:
                if (many.Element is not null) graph.RequestNested(many.Element, instance);
                graph.RequestNested(many.Source, instance).ElementType = Concrete(many.ElementType);
                instance.Suspends = true;
                break;
            case YieldTask yield: graph.RequestNested(yield.Body, Outer()).MayLeaveEntry = true; break;
            case PauseInstruction: instance.Suspends |= instance.MaySuspend; break;
            case ScopeStart or ScopeJoin or CancelScopeStart or LeaveScope or GroupStart or GroupJoin or GroupAbandon or TaskFails: instance.Suspends = true; break;
        }
    }

    // The element's body belongs to the function that holds the source.
    private Instance Outer() => instance;

    private void VisitCall(CallInstruction call)
    {
        switch (call.Callee)
        {
            case StaticCallee callee:
                {
                    var arguments = graph.Concrete(callee.TypeArguments, instance.Substitution);
                    var suspending = callee.Variant switch
                    {
                        EffectVariant.Suspending => true,
                        EffectVariant.Inherit => instance.Suspending,
                        _ => false,
                    };
                    var target = ResolveStatic(callee.Function, arguments, suspending, call.Span, callee.TakesSequence);
                    if (target is not null) Note(call, target);
                    break;
                }
            case IndirectCallee callee:
                {
                    var type = (FunctionType)Concrete(callee.Type);
                    var suspending = callee.Variant switch
                    {
                        EffectVariant.Suspending => instance.MaySuspend,
                        EffectVariant.Inherit => instance.Suspending,
                        _ => false,
                    };
                    Note(call, new FunctionObjectTarget(type, suspending));
                    break;
                }
            case DynamicCallee callee:
                {
                    var receiver = ReceiverType(call);
                    if (receiver is DynType or NamedType { Definition: { Kind: TypeKind.Opaque, RuntimeType: null } })
                    {
                        Note(call, Dynamic(callee.Method, receiver, callee.CallerMaySuspend));
                        break;
                    }
                    // A capability or trait object whose type is known after all.
                    var target = ResolveStatic(callee.Method, graph.Concrete(callee.TypeArguments, instance.Substitution), instance.Suspending, call.Span);
                    if (target is not null) Note(call, target);
                    break;
                }
            case NestedCallee callee:
                Note(call, new InstanceTarget(graph.RequestNested(callee.Function, ParentFor(callee.Function))));
                break;
        }
    }

    // A nested function called from a sibling or from itself still belongs to the function around it; the arguments are the same.
    private Instance ParentFor(MirFunction function) => instance;

    private SigilType ReceiverType(CallInstruction call) => call.Arguments[0] switch
    {
        BorrowArgument b => PlaceType(b.Place),
        BorrowMutableArgument b => PlaceType(b.Place),
        ValueArgument { Operand: CopyOperand c } => PlaceType(c.Place),
        ValueArgument { Operand: MoveOperand m } => PlaceType(m.Place),
        ValueArgument { Operand: ConstantOperand k } => Concrete(k.Type),
        _ => throw new InternalEmitException("a dynamic call without receiver"),
    };

    private SigilType PlaceType(MirPlace place) => place.Path.IsEmpty ? instance.LocalTypes[place.Local] : Concrete(place.Path[^1].Type);

    private CallTarget Dynamic(FunctionSymbol method, SigilType receiver, bool callerMaySuspend)
    {
        var found = graph.Map.Interfaces.Method(receiver, method);
        return new InterfaceTarget(found, callerMaySuspend && instance.MaySuspend && found.Waits);
    }

    private CallTarget? ResolveStatic(FunctionSymbol function, ImmutableArray<SigilType> arguments, bool suspending, TextSpan span, bool takesSequence = false)
    {
        var resolved = graph.Resolver.Resolve(function, arguments);
        if (resolved is null)
        {
            var receiver = function.Container is TypeSymbol opaque ? new NamedType(opaque, [.. arguments.Take(opaque.TypeParameters.Length)]) : arguments[0];
            return Dynamic(function, receiver, true);
        }
        function = resolved.Function;
        if (!resolved.IsStructural && function.IsIntrinsic)
            return new IntrinsicTarget(graph.Intrinsics.Bind(function, resolved.TypeArguments, instance.MaySuspend));
        var callee = graph.Request(resolved, suspending, instance, span, takesSequence);
        return callee is null ? null : new InstanceTarget(callee);
    }

    private void Note(object site, CallTarget target)
    {
        instance.Targets[site] = target;
        NoteWaits(target);
    }

    private void NoteWaits(CallTarget? target)
    {
        switch (target)
        {
            case InstanceTarget t:
                instance.Callees.Add(t.Instance);
                t.Instance.Callers.Add(instance);
                break;
            case IntrinsicTarget t: instance.Suspends |= t.Call.Suspends; break;
            case FunctionObjectTarget t:
                instance.Suspends |= t.Suspending;
                instance.IndirectCalls.Add(graph.Map.Clr(t.Type));
                break;
            case InterfaceTarget t:
                instance.Suspends |= t.Suspending;
                instance.IndirectCalls.Add(t.Method.Owner.Type);
                break;
        }
    }

    private void NoteWaits(IterationPlan plan)
    {
        if (plan.Kind == IterationKind.Consumer) instance.Suspends = true;
        NoteWaits(plan.Method);
        if (plan.Inner is not null) NoteWaits(plan.Inner);
    }

    private IterationPlan Plan(IterationKind kind, SigilType source, TextSpan span)
    {
        source = InstanceGraph.Strip(source);
        var (actual, item) = Types.Iteration(source) ?? throw new InternalEmitException($"{source} is not iterable");
        item = Types.Normalize(item);
        graph.Map.Of(item);
        switch (actual)
        {
            case IterationKind.Iterator:
                {
                    var next = Types.Core.Trait("Iterator").FindMethod("next")!;
                    return new(actual, source, item) { Method = ResolveStatic(next, [source], instance.Suspending, span) };
                }
            case IterationKind.Iterable:
                {
                    var iter = Types.Core.Trait("Iterable").FindMethod("iter")!;
                    var method = ResolveStatic(iter, [source], instance.Suspending, span);
                    var iterator = new DynType([new TraitReference(Types.Core.Trait("Iterator"), [], [new AssociatedBinding(Types.Core.Trait("Iterator").AssociatedTypes[0], item)])]);
                    graph.Map.Of(iterator);
                    return new(actual, source, item) { Method = method, Inner = Plan(IterationKind.Iterator, iterator, span) };
                }
            default: return new(actual, source, item);
        }
    }

    private void VisitValue(MirRvalue value, TextSpan span)
    {
        switch (value)
        {
            case ClosureRvalue closure:
                {
                    var body = graph.RequestNested(closure.Function, instance);
                    instance.Targets[closure] = new ClosureTarget(graph.Closures.For(body, (FunctionType)Concrete(closure.Type)));
                    break;
                }
            case FunctionRvalue function:
                {
                    var type = (FunctionType)Concrete(function.Type);
                    var arguments = graph.Concrete(function.TypeArguments, instance.Substitution);
                    var body = graph.RequestSynthesised(graph.Closures.ForwarderOf(function.Function, arguments, type, instance), false, instance);
                    instance.Targets[function] = new ClosureTarget(graph.Closures.For(body, type));
                    break;
                }
            case ConvertRvalue { Kind: ConversionKind.ToDyn or ConversionKind.ToOpaque } convert:
                {
                    var from = Concrete(convert.From);
                    var to = Concrete(convert.To);
                    if (from is not DynType) graph.Map.Interfaces.Adapter(from, to);
                    break;
                }
            case ConvertRvalue { Kind: ConversionKind.Function } convert:
                {
                    if (Concrete(convert.From) is not FunctionType from || Concrete(convert.To) is not FunctionType to) break;
                    if (graph.Map.FunctionShape(from) == graph.Map.FunctionShape(to) || graph.Map.Clr(from).Equals(graph.Map.Clr(to))) break;
                    var body = graph.RequestSynthesised(graph.Closures.WrapperOf(from, to, instance), to.Uses.Any(IsWaiting), instance);
                    instance.Targets[convert] = new ClosureTarget(graph.Closures.For(body, to));
                    break;
                }
            case ProcessTaskRvalue task:
                {
                    var type = (NamedType)Concrete(task.Type);
                    graph.RequestNested(task.Body, instance);
                    foreach (var crossing in type.Arguments) graph.Codecs.Want(crossing);
                    foreach (var (capability, _) in task.Providers) graph.Map.Interfaces.Carry(capability);
                    break;
                }
            case StandardCapabilityRvalue { MayHaveCome: true }: break;
            case StandardCapabilityRvalue standard:
                if (graph.Map.Interfaces.IsForeign(standard.Capability)) graph.Map.Interfaces.Foreign(standard.Capability);
                else graph.Map.Interfaces.StandardProvider(standard.Capability);
                break;
            case MapRvalue map:
                graph.Map.Of(Types.Core.Map(Concrete(map.KeyType), Concrete(map.ValueType)));
                break;
            case ChannelRvalue { IsInterProcess: true } channel: graph.Codecs.Want(Concrete(channel.ElementType)); break;
            case MakeObjectRvalue made: graph.Map.Of(Concrete(made.Type)); break;
        }
    }

    private static bool IsWaiting(TraitReference capability) =>
        capability.Trait.Name == "Async" || capability.Trait.Supertraits.Any(IsWaiting);
}
