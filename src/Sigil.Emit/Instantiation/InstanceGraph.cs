using System.Collections.Immutable;
using Sigil.Emit.Codecs;
using Sigil.Emit.Dynamic;
using Sigil.Emit.Intrinsics;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Emit.Instantiation;

/// <summary>All instances reachable from the entry points, found by a work list: nothing here recurses over calls.</summary>
internal sealed class InstanceGraph(MirProgram program, TypeMap map, DiagnosticBag diagnostics)
{
    private readonly Dictionary<InstanceKey, Instance> instances = [];
    private readonly Queue<Instance> pending = new();
    private readonly CallResolver resolver = new(program.Semantics.Types);

    public MirProgram Program => program;
    public TypeMap Map => map;
    public ITypeSystem Types => program.Semantics.Types;
    public CallResolver Resolver => resolver;
    public ClosureClasses Closures { get; set; } = null!;
    public IntrinsicTable Intrinsics { get; set; } = null!;
    public CodecTable Codecs { get; set; } = null!;
    /// <summary>Every instance in the order of discovery.</summary>
    public List<Instance> All { get; } = [];

    public SigilType Concrete(SigilType type, Substitution substitution) =>
        substitution.IsEmpty ? Types.Normalize(type) : Types.Normalize(substitution.Apply(type));

    public ImmutableArray<SigilType> Concrete(ImmutableArray<SigilType> types, Substitution substitution) =>
        types.IsEmpty ? types : [.. types.Select(t => Concrete(t, substitution))];

    /// <summary>The instance of a function that has a body, or a structural one.</summary>
    public Instance? Request(MethodTarget target, bool suspending, Instance? by, Syntax.TextSpan span, bool takesSequence = false)
    {
        if (TypeGrowth.IsExcessive(target.TypeArguments))
        {
            ReportGrowth(target.Function, by, span);
            return null;
        }
        if (takesSequence) return RequestTaking(target, suspending, by);
        var probe = new InstanceKey(target.IsStructural ? (target.Function, target.Self) : target.Function, new TypeList(target.TypeArguments), suspending);
        if (instances.TryGetValue(probe, out var found)) return found;
        var graph = target.IsStructural || target.Function.IsDerived ? program.StructuralGraphOf(target) : program.GraphOf(target.Function);
        if (suspending && !graph.IsEffectPolymorphic)
            return instances[probe] = Request(target, false, by, span)!;
        var substitution = new Substitution(target.Function.AllTypeParameters, target.TypeArguments);
        return Add(probe, graph, substitution, suspending, "@" + target.Function.Name, by);
    }

    private Instance RequestTaking(MethodTarget target, bool suspending, Instance? by)
    {
        var graph = program.TakingGraphOf(target.Function);
        var key = new InstanceKey(graph, new TypeList(target.TypeArguments), suspending && graph.IsEffectPolymorphic);
        return instances.TryGetValue(key, out var found) ? found
            : Add(key, graph, new Substitution(target.Function.AllTypeParameters, target.TypeArguments), key.Suspending, "@" + target.Function.Name, by);
    }

    /// <summary>The instance of a nested function within an instance of its parent.</summary>
    public Instance RequestNested(MirFunction graph, Instance parent) =>
        instances.TryGetValue(new InstanceKey(graph, parent.Key.Arguments, parent.Suspending), out var found) ? found
        : Add(new InstanceKey(graph, parent.Key.Arguments, parent.Suspending), graph, parent.Substitution, parent.Suspending, NestedName(graph, parent), parent);

    /// <summary>The instance of synthesised, already concrete code.</summary>
    public Instance RequestSynthesised(MirFunction graph, bool suspending, Instance? by)
    {
        var key = new InstanceKey(graph, new TypeList([]), suspending);
        return instances.TryGetValue(key, out var found) ? found : Add(key, graph, Substitution.Empty, suspending, graph.Name, by);
    }

    /// <summary>The instance that gives the declared default of a field of a concrete type.</summary>
    public Instance RequestDefault(FieldSymbol field, NamedType owner)
    {
        var graph = program.DefaultGraphOf(field);
        var key = new InstanceKey(graph, new TypeList(owner.Arguments), false);
        return instances.TryGetValue(key, out var found) ? found
            : Add(key, graph, new Substitution(owner.Definition.TypeParameters, owner.Arguments), false, graph.Name, null);
    }

    private static string NestedName(MirFunction graph, Instance parent)
    {
        var outer = parent;
        var name = outer.Name;
        return graph.Kind switch
        {
            MirFunctionKind.Lambda => name.EndsWith(" (lambda)", StringComparison.Ordinal) ? name : name + " (lambda)",
            MirFunctionKind.Task or MirFunctionKind.TaskSource => name.EndsWith(" (task)", StringComparison.Ordinal) ? name : name + " (task)",
            MirFunctionKind.Recurse => name + " (recurse)",
            _ => name,
        };
    }

    private Instance Add(InstanceKey key, MirFunction graph, Substitution substitution, bool suspending, string name, Instance? by)
    {
        var instance = new Instance
        {
            Key = key,
            Graph = graph,
            Substitution = substitution,
            Suspending = suspending,
            Name = name,
            RequestedBy = by,
            LocalTypes = [.. graph.Locals.Select(l => Strip(Concrete(l.Type, substitution)))],
            ReturnType = Concrete(graph.ReturnType, substitution),
        };
        instances[key] = instance;
        All.Add(instance);
        pending.Enqueue(instance);
        return instance;
    }

    /// <summary>A borrow is no value of its own.</summary>
    public static SigilType Strip(SigilType type) => type is BorrowType b ? b.Target : type;

    /// <summary>Resolves the calls of everything found and not yet analysed.</summary>
    public void Drain()
    {
        while (pending.TryDequeue(out var instance))
        {
            if (instance.IsAnalysed) continue;
            instance.IsAnalysed = true;
            new InstanceAnalysis(this, instance).Run();
            if (diagnostics.HasErrors) return;
        }
    }

    private void ReportGrowth(FunctionSymbol function, Instance? by, Syntax.TextSpan span)
    {
        var source = by?.Graph.Source ?? function.Source;
        if (source is null) throw new InternalEmitException($"instantiation of {function.Name} has no end");
        diagnostics.Add(Diagnostic.Error("E3044", source, span, $"instantiating '{function.Name}' has no end: every call needs '{function.Name}' with larger types") with
        {
            PrimaryLabel = "this call makes the type arguments grow",
            Help = "pass values of the same types to the recursive call, for instance a list instead of nested tuples",
        });
    }
}
