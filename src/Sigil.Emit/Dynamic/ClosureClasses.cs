using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Tasks;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Dynamic;

/// <summary>The class of one function object: captured values and the two entries of <c>Fn</c>.</summary>
internal sealed class ClosureClass(Instance body, FunctionType type, TypeBuilder builder, Type baseType)
{
    public Instance Body { get; } = body;
    public FunctionType Type { get; } = type;
    public TypeBuilder Builder { get; } = builder;
    public Type Base { get; } = baseType;
    public FieldBuilder[] Captures { get; set; } = [];
    /// <summary>Set when the body has taken over the captures; null for closures that keep them.</summary>
    public FieldBuilder? HasRun { get; set; }
    public ConstructorBuilder Constructor { get; set; } = null!;
    /// <summary>The only object of a closure without captures.</summary>
    public FieldBuilder? Single { get; set; }
}

/// <summary>Makes closure classes, and the graphs behind function values that are no lambdas.</summary>
internal sealed class ClosureClasses(InstanceGraph graph)
{
    private readonly Dictionary<(Instance Body, Type Shape), ClosureClass> classes = [];
    private readonly Dictionary<(FunctionSymbol, TypeList, FunctionType), MirFunction> forwarders = [];
    private readonly Dictionary<(FunctionType, FunctionType), MirFunction> wrappers = [];

    public IEnumerable<ClosureClass> All => classes.Values;

    public ClosureClass For(Instance body, FunctionType type)
    {
        var shape = graph.Map.FunctionShape(type);
        foreach (var (key, existing) in classes)
            if (key.Body == body && key.Shape.Equals(shape)) return existing;
        var builder = graph.Map.Define(body.Name + " closure", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, shape);
        var made = new ClosureClass(body, type, builder, shape);
        var captures = body.Graph.Captures.ToArray();
        made.Captures = [.. captures.Select(c => builder.DefineField(c.Name ?? "c" + c.Index, CaptureType(body, c), FieldAttributes.Public))];
        if (body.Graph.OwnsCaptures) made.HasRun = builder.DefineField("hasRun", typeof(bool), FieldAttributes.Private);
        made.Constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [.. made.Captures.Select(f => f.FieldType)]);
        var il = made.Constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Members.Constructor(shape, 0));
        for (var i = 0; i < made.Captures.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, made.Captures[i]);
        }
        il.Emit(OpCodes.Ret);
        if (captures.Length == 0)
        {
            made.Single = builder.DefineField("Single", builder, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly);
            var initializer = builder.DefineTypeInitializer().GetILGenerator();
            initializer.Emit(OpCodes.Newobj, made.Constructor);
            initializer.Emit(OpCodes.Stsfld, made.Single);
            initializer.Emit(OpCodes.Ret);
        }
        classes[(body, shape)] = made;
        return made;
    }

    private Type CaptureType(Instance body, MirLocal capture) => graph.Map.Clr(body.LocalTypes[capture.Index]);

    /// <summary>The graph of a named function as a value of a function type: parameters, captured capabilities, one call.</summary>
    public MirFunction ForwarderOf(FunctionSymbol function, ImmutableArray<SigilType> arguments, FunctionType type, Instance by)
    {
        var key = (function, new TypeList(arguments), type);
        if (forwarders.TryGetValue(key, out var found)) return found;
        var substitution = new Substitution(function.AllTypeParameters, arguments);
        var declared = function.FunctionType;
        var waits = function.Uses.Any(u => graph.Map.Interfaces.IsWaiting(u.Trait));
        var made = new Synthesis("@" + function.Name, by.Graph.Source, type.Result, waits);
        var places = new List<MirPlace>();
        // A method without implicit receiver takes self as its first parameter.
        var own = new List<SigilType>();
        if (function.SelfType is { } self && type.Parameters.Length == declared.Parameters.Length + 1) own.Add(function.SelfKind == SelfKind.Owned ? self : new BorrowType(function.SelfKind == SelfKind.Mutable, self));
        own.AddRange(declared.Parameters);
        var tupled = own.Count > 1 && type.Parameters.Length == 1 && type.Parameters[0] is TupleType;
        var passed = new List<MirArgument>();
        if (tupled)
        {
            var tuple = made.Parameter(type.Parameters[0]);
            for (var i = 0; i < own.Count; i++) passed.Add(new ValueArgument(new CopyOperand(made.Field(tuple, i, ((TupleType)type.Parameters[0]).Elements[i]))));
        }
        else
        {
            for (var i = 0; i < own.Count; i++)
            {
                var parameter = made.Parameter(type.Parameters[i]);
                passed.Add(graph.Concrete(own[i], substitution) is BorrowType borrow
                    ? borrow.IsMutable ? new BorrowMutableArgument(parameter) : new BorrowArgument(parameter)
                    : made.PassOn(parameter));
            }
        }
        var supplied = type.Uses.Where(u => !u.Trait.IsMarkerCapability).ToList();
        var suppliedPlaces = supplied.Select(u => made.Parameter(new DynType([u]))).ToList();
        foreach (var use in function.Uses)
        {
            if (use.Trait.IsMarkerCapability) continue;
            var at = supplied.FindIndex(s => s.Trait == use.Trait);
            var place = at >= 0 ? suppliedPlaces[at] : made.Capture(new DynType([substitution.Apply(use)]));
            passed.Add(new BorrowArgument(place));
        }
        var result = graph.Concrete(function.ReturnType, substitution);
        var isVoid = graph.Map.IsVoid(result);
        return forwarders[key] = made.Finish(new StaticCallee(function, arguments, EffectVariant.Plain), [.. passed], isVoid, result, graph.Map.IsVoid(type.Result));
    }

    /// <summary>The graph that adapts a function value to a type of another shape: fewer capabilities, or one tuple for several parameters.</summary>
    public MirFunction WrapperOf(FunctionType from, FunctionType to, Instance by)
    {
        if (wrappers.TryGetValue((from, to), out var found)) return found;
        var waits = to.Uses.Any(u => graph.Map.Interfaces.IsWaiting(u.Trait)) || to.Kind == FunctionKind.Borrowed;
        var made = new Synthesis(by.Name + " (lambda)", by.Graph.Source, to.Result, waits);
        var parameters = to.Parameters.Select(p => made.Parameter(p)).ToList();
        var capabilities = to.Uses.Where(u => !u.Trait.IsMarkerCapability).ToDictionary(u => u.Trait, u => made.Parameter(new DynType([u])));
        var inner = made.Capture(from);
        var passed = new List<MirArgument>();
        if (from.Parameters.Length > 1 && to.Parameters is [TupleType tuple])
            for (var i = 0; i < from.Parameters.Length; i++) passed.Add(new ValueArgument(new CopyOperand(made.Field(parameters[0], i, tuple.Elements[i]))));
        else
            passed.AddRange(parameters.Select(made.PassOn));
        foreach (var use in from.Uses)
            if (!use.Trait.IsMarkerCapability) passed.Add(new BorrowArgument(capabilities[use.Trait]));
        return wrappers[(from, to)] = made.Finish(
            new IndirectCallee(inner, from, waits ? EffectVariant.Suspending : EffectVariant.Plain), [.. passed], graph.Map.IsVoid(from.Result), from.Result, graph.Map.IsVoid(to.Result));
    }

    /// <summary>Bodies that a call through this function class may run.</summary>
    public IEnumerable<Instance> BodiesOf(Type shape) => classes.Values.Where(c => c.Base.Equals(shape)).Select(c => c.Body);

    /// <summary>Writes the entries; the bodies' methods are declared by now.</summary>
    public void EmitEntries(ClosureClass closure, DropMethods drops)
    {
        EmitDrop(closure, drops);
        var map = graph.Map;
        var body = closure.Body;
        var parameters = map.ParametersOf(closure.Type).Select(map.PassedToFunction).ToArray();
        var result = map.Clr(closure.Type.Result);
        var returnsVoid = map.IsVoid(body.ReturnType);
        var discards = map.IsVoid(closure.Type.Result) && !returnsVoid;

        var invoke = closure.Builder.DefineMethod("Invoke", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, result, parameters);
        var il = invoke.GetILGenerator();
        if (body.Suspends)
        {
            BlockingCall.Emit(il, map, body, () => PushArguments(il, closure, parameters, 1));
            if (returnsVoid) UnitValue(il);
            else if (discards)
            {
                il.Emit(OpCodes.Pop);
                UnitValue(il);
            }
            il.Emit(OpCodes.Ret);
            EmitSuspendingEntry(closure, parameters, result, returnsVoid, discards);
        }
        else
        {
            PushArguments(il, closure, parameters, 1);
            il.Emit(OpCodes.Call, body.Method);
            if (returnsVoid) UnitValue(il);
            else if (discards)
            {
                il.Emit(OpCodes.Pop);
                UnitValue(il);
            }
            il.Emit(OpCodes.Ret);
        }
        closure.Builder.DefineMethodOverride(invoke, Members.Method(closure.Base, "Invoke"));
    }

    private void EmitSuspendingEntry(ClosureClass closure, Type[] parameters, Type result, bool returnsVoid, bool discards)
    {
        var body = closure.Body;
        Type[] signature = [typeof(SigilTask), .. parameters, result.MakeByRefType(), typeof(Frame)];
        var method = closure.Builder.DefineMethod("InvokeAsync", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(Status), signature);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        PushArguments(il, closure, parameters, 2);
        if (discards) il.Emit(OpCodes.Ldloca, il.DeclareLocal(graph.Map.Clr(body.ReturnType)));
        else if (!returnsVoid) il.Emit(OpCodes.Ldarg, (short)(parameters.Length + 2));
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Call, body.Method);
        il.Emit(OpCodes.Ret);
        closure.Builder.DefineMethodOverride(method, Members.Method(closure.Base, "InvokeAsync"));
    }

    private static void PushArguments(ILGenerator il, ClosureClass closure, Type[] parameters, int first)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, (short)(i + first));
            // A plain body gets the address inside the cell.
            if (!closure.Body.Suspends && closure.Body.Signature[i].Mode == MirParameterMode.BorrowMutable) il.Emit(OpCodes.Ldflda, Members.Field(parameters[i], "Value"));
        }
        if (closure.HasRun is { } hasRun)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4_1);
            il.Emit(OpCodes.Stfld, hasRun);
        }
        foreach (var capture in closure.Captures)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, capture);
        }
    }

    // A closure that owns unique captures drops them with itself.
    private static void EmitDrop(ClosureClass closure, DropMethods drops)
    {
        var body = closure.Body;
        var owned = body.Graph.Captures.Select((c, i) => (Local: c, Field: closure.Captures[i]))
            .Where(c => c.Local.Mode == MirParameterMode.Value && drops.IsNeeded(body.LocalTypes[c.Local.Index])).ToList();
        if (owned.Count == 0) return;
        closure.Builder.AddInterfaceImplementation(typeof(Runtime.Channels.IDroppable));
        var drop = closure.Builder.DefineMethod("Drop", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot, typeof(void), []);
        var il = drop.GetILGenerator();
        var end = il.DefineLabel();
        if (closure.HasRun is { } hasRun)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, hasRun);
            il.Emit(OpCodes.Brtrue, end);
        }
        foreach (var (local, field) in owned)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
            drops.Emit(il, body.LocalTypes[local.Index]);
        }
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
        closure.Builder.DefineMethodOverride(drop, typeof(Runtime.Channels.IDroppable).GetMethod("Drop")!);
    }

    private static void UnitValue(ILGenerator il) => il.Emit(OpCodes.Ldloc, il.DeclareLocal(typeof(Runtime.Values.Unit)));
}
