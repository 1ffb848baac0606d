using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Processes;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Dynamic;

/// <summary>The emitted interface of one trait with its arguments, or of one opaque type of user code.</summary>
internal sealed class InterfaceType(SigilType self, TypeBuilder type)
{
    /// <summary>The <c>dyn</c> type of this trait alone, or the opaque type.</summary>
    public SigilType Self { get; } = self;
    public TypeBuilder Type { get; } = type;
    public List<InterfaceType> Bases { get; } = [];
    public List<InterfaceMethod>? Methods { get; set; }
}

/// <summary>A method of an emitted interface.</summary>
internal sealed class InterfaceMethod
{
    public required InterfaceType Owner { get; init; }
    public required FunctionSymbol Symbol { get; init; }
    /// <summary>Declared parameters, then capabilities; borrows included.</summary>
    public required ImmutableArray<SigilType> Parameters { get; init; }
    public required SigilType Result { get; init; }
    public required MethodBuilder Plain { get; init; }
    /// <summary>The suspending entry, for methods that may wait.</summary>
    public MethodBuilder? Suspending { get; init; }
    public bool Waits => Suspending is not null;
    public bool ChangesSelf => Symbol.SelfKind == SelfKind.Mutable;
}

/// <summary>A class that lets a value of one type serve as a trait object.</summary>
internal sealed class AdapterClass(SigilType implementer, TypeBuilder builder)
{
    public SigilType Implementer { get; } = implementer;
    public TypeBuilder Builder { get; } = builder;
    /// <summary>The value; a <c>Cell</c> around it where a method that waits may change it.</summary>
    public FieldBuilder Value { get; set; } = null!;
    public FieldInfo? InCell { get; set; }
    public ConstructorBuilder Constructor { get; set; } = null!;
    /// <summary>The bodies behind the entries of the methods: small forwarders to the impl's methods. Both entries have one body, unless the method waits as its caller does.</summary>
    public List<(InterfaceMethod Method, Instance Plain, Instance Suspending)> Bodies { get; } = [];
    /// <summary>Its values can go to other processes, and the program has some that they might go to.</summary>
    public bool IsCarried { get; set; }
}

/// <summary>Interfaces and adapters for trait objects, capabilities and opaque values of user code.</summary>
internal sealed partial class InterfaceTypes(InstanceGraph graph, TypeMap map)
{
    private readonly Dictionary<SigilType, InterfaceType> known = [];
    private readonly Dictionary<(SigilType Implementer, SigilType Target), AdapterClass> adapters = [];
    private readonly HashSet<TraitReference> carried = [];

    public IEnumerable<AdapterClass> Adapters => adapters.Values.Distinct();
    public IEnumerable<InterfaceType> All => known.Values;

    public bool IsWaiting(TraitSymbol trait) => trait.Name == "Async" || trait.Supertraits.Any(s => IsWaiting(s.Trait));

    private static bool HasValue(TraitSymbol trait) => !trait.IsMarkerCapability && !(trait.IsStructural && trait.Methods.IsEmpty);

    /// <summary>The static type of a trait object: the interface of its first trait that has methods.</summary>
    public Type ClrOf(SigilType type) => type switch
    {
        DynType dyn => dyn.Traits.Where(t => HasValue(t.Trait)).Select(t => (Type)Of(t).Type).FirstOrDefault() ?? typeof(object),
        _ => Of(type).Type,
    };

    public InterfaceType Of(TraitReference trait) => Of(new DynType([trait]));

    private InterfaceType Of(SigilType self)
    {
        if (known.TryGetValue(self, out var found)) return found;
        var builder = map.Define(self.ToString(), TypeAttributes.Interface | TypeAttributes.Abstract, null);
        var made = known[self] = new InterfaceType(self, builder);
        if (self is DynType dyn)
        {
            var trait = dyn.Traits[0];
            var substitution = new Substitution([trait.Trait.Self, .. trait.Trait.TypeParameters], [self, .. trait.Arguments]);
            foreach (var super in trait.Trait.Supertraits)
            {
                if (!HasValue(super.Trait)) continue;
                var inherited = substitution.Apply(super);
                // Fixed associated types of the supertrait are written at the dyn type.
                var bindings = trait.Bindings.Where(b => b.Associated.Trait == super.Trait).ToImmutableArray();
                var baseType = Of(new TraitReference(inherited.Trait, inherited.Arguments, [.. inherited.Bindings, .. bindings]));
                made.Bases.Add(baseType);
                builder.AddInterfaceImplementation(baseType.Type);
            }
        }
        return made;
    }

    /// <summary>The interface's methods, declared when first asked for: signatures may mention the type itself.</summary>
    public List<InterfaceMethod> MethodsOf(InterfaceType type)
    {
        if (type.Methods is { } done) return done;
        type.Methods = [];
        var (symbols, substitution) = type.Self switch
        {
            DynType dyn => (dyn.Traits[0].Trait.Methods, new Substitution([dyn.Traits[0].Trait.Self, .. dyn.Traits[0].Trait.TypeParameters], [type.Self, .. dyn.Traits[0].Arguments])),
            NamedType opaque => (opaque.Definition.OpaqueMethods, new Substitution(opaque.Definition.TypeParameters, opaque.Arguments)),
            _ => throw new InternalEmitException($"{type.Self} has no interface"),
        };
        foreach (var symbol in symbols)
        {
            if (!symbol.TypeParameters.IsEmpty) continue;
            if (symbol.SelfKind == SelfKind.None && type.Self is DynType && !symbol.IsCapabilityMethod) continue;
            type.Methods.Add(Declare(type, symbol, substitution));
        }
        return type.Methods;
    }

    private InterfaceMethod Declare(InterfaceType owner, FunctionSymbol symbol, Substitution substitution)
    {
        SigilType Concrete(SigilType t) => graph.Concrete(t, substitution);
        ImmutableArray<SigilType> parameters =
        [
            .. symbol.Parameters.Select(p => Concrete(p.Type)),
            .. symbol.Uses.Where(u => !u.Trait.IsMarkerCapability).Select(u => (SigilType)new DynType([substitution.Apply(u)])),
        ];
        var result = Concrete(symbol.ReturnType);
        var waits = symbol.Uses.Any(u => IsWaiting(u.Trait)) || symbol.WaitsLikeCaller || symbol.Trait is { IsStandardCapability: true };
        const MethodAttributes attributes = MethodAttributes.Public | MethodAttributes.Abstract | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot;
        var plain = parameters.Select(p => PlainParameter(p)).ToArray();
        return new InterfaceMethod
        {
            Owner = owner,
            Symbol = symbol,
            Parameters = parameters,
            Result = result,
            Plain = owner.Type.DefineMethod(symbol.Name, attributes, map.ClrResult(result), plain),
            Suspending = waits ? owner.Type.DefineMethod(symbol.Name + " suspending", attributes, typeof(Status), SuspendingSignature(parameters, result)) : null,
        };
    }

    private Type PlainParameter(SigilType type) => type is BorrowType { IsMutable: true } ? map.Clr(type).MakeByRefType() : map.Clr(type);

    private Type[] SuspendingSignature(ImmutableArray<SigilType> parameters, SigilType result) =>
    [
        typeof(SigilTask),
        .. parameters.Select(p => p is BorrowType { IsMutable: true } ? map.Construct(typeof(Cell<>), [map.Clr(p)]) : map.Clr(p)),
        .. map.IsVoid(result) ? Array.Empty<Type>() : [map.Clr(result).MakeByRefType()],
        typeof(Frame),
    ];

    /// <summary>The method of a receiver's type that a call names.</summary>
    public InterfaceMethod Method(SigilType receiver, FunctionSymbol symbol)
    {
        foreach (var method in Methods(receiver))
            if (method.Symbol == symbol) return method;
        throw new InternalEmitException($"{receiver} has no method {symbol.Name}");
    }

    /// <summary>The class through which a value of <paramref name="implementer"/> becomes a <paramref name="target"/>.</summary>
    public AdapterClass Adapter(SigilType implementer, SigilType target)
    {
        if (adapters.TryGetValue((implementer, target), out var found)) return found;
        // A trait object whose methods change it is a value, copied when it has to be; an opaque value has identity.
        var changes = target is DynType && ChangesSelf(target);
        var parent = changes ? typeof(DynamicValue) : typeof(object);
        var builder = map.Define($"{implementer} as {target}", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, parent);
        var made = adapters[(implementer, target)] = new AdapterClass(implementer, builder);
        var clr = map.Clr(implementer);
        var cell = Methods(target).Any(m => m.ChangesSelf && m.Waits) ? map.Construct(typeof(Cell<>), [clr]) : null;
        made.InCell = cell is null ? null : Members.Field(cell, "Value");
        made.Value = builder.DefineField("Value", cell ?? clr, FieldAttributes.Public);
        made.Constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [clr]);
        var il = made.Constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, parent.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [])!);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        if (cell is not null) il.Emit(OpCodes.Newobj, Members.Constructor(cell, 1));
        il.Emit(OpCodes.Stfld, made.Value);
        il.Emit(OpCodes.Ret);
        if (changes) DefineCopy(made, clr);

        foreach (var type in InterfacesOf(target))
        {
            builder.AddInterfaceImplementation(type.Type);
            foreach (var method in MethodsOf(type)) made.Bodies.Add(Bodies(implementer, type, method));
        }
        return made;
    }

    private void DefineCopy(AdapterClass adapter, Type clr)
    {
        var copied = typeof(DynamicValue).GetMethod("Copy", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var method = adapter.Builder.DefineMethod("Copy", MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final, typeof(DynamicValue), []);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, adapter.Value);
        if (adapter.InCell is { } content) il.Emit(OpCodes.Ldfld, content);
        il.Emit(OpCodes.Call, Members.Method(map.Construct(typeof(Runtime.Values.Sharing<>), [clr]), "Mark"));
        il.Emit(OpCodes.Newobj, adapter.Constructor);
        il.Emit(OpCodes.Ret);
        adapter.Builder.DefineMethodOverride(method, copied);
    }

    private IEnumerable<InterfaceType> InterfacesOf(SigilType target)
    {
        var seen = new HashSet<InterfaceType>();
        var open = new Queue<InterfaceType>();
        if (target is DynType dyn)
            foreach (var trait in dyn.Traits.Where(t => HasValue(t.Trait))) open.Enqueue(Of(trait));
        else open.Enqueue(Of(target));
        while (open.TryDequeue(out var type))
        {
            if (!seen.Add(type)) continue;
            yield return type;
            foreach (var inherited in type.Bases) open.Enqueue(inherited);
        }
    }

    private IEnumerable<InterfaceMethod> Methods(SigilType target) => InterfacesOf(target).SelectMany(MethodsOf);

    private readonly Dictionary<SigilType, bool> changing = [];

    /// <summary>Whether a method of the trait object may change it.</summary>
    public bool ChangesSelf(SigilType type)
    {
        if (type is not DynType dyn) return false;
        if (changing.TryGetValue(type, out var known)) return known;
        return changing[type] = dyn.Traits.Any(t => Changes(t.Trait, []));
        static bool Changes(TraitSymbol trait, HashSet<TraitSymbol> seen) =>
            seen.Add(trait) && (trait.Methods.Any(m => m.SelfKind == SelfKind.Mutable) || trait.Supertraits.Any(s => Changes(s.Trait, seen)));
    }

    private (InterfaceMethod, Instance, Instance) Bodies(SigilType implementer, InterfaceType type, InterfaceMethod method)
    {
        var (function, arguments) = Implementation(implementer, type, method.Symbol);
        var plain = Forward(implementer, method, function, arguments, EffectVariant.Plain);
        var waitsLikeCaller = method.Waits && graph.Resolver.Resolve(function, arguments) is { Function.WaitsLikeCaller: true };
        return (method, plain, waitsLikeCaller ? Forward(implementer, method, function, arguments, EffectVariant.Suspending) : plain);
    }

    private Instance Forward(SigilType implementer, InterfaceMethod method, FunctionSymbol function, ImmutableArray<SigilType> arguments, EffectVariant variant)
    {
        var source = function.Source ?? method.Symbol.Source ?? Syntax.SourceText.FromString("<library>", "");
        var made = new Synthesis("@" + method.Symbol.Name, source, method.Result, method.Waits);
        var self = made.Parameter(implementer, method.ChangesSelf ? MirParameterMode.BorrowMutable : method.Symbol.SelfKind == SelfKind.Owned ? MirParameterMode.Value : MirParameterMode.Borrow);
        var passed = new List<MirArgument> { made.PassOn(self) };
        foreach (var parameter in method.Parameters) passed.Add(made.PassOn(made.Parameter(parameter)));
        var forwarder = made.Finish(new StaticCallee(function, arguments, variant), [.. passed], map.IsVoid(method.Result), method.Result, false);
        return graph.RequestSynthesised(forwarder, false, null);
    }

    private (FunctionSymbol, ImmutableArray<SigilType>) Implementation(SigilType implementer, InterfaceType type, FunctionSymbol symbol)
    {
        if (type.Self is DynType dyn) return (symbol, [implementer, .. dyn.Traits[0].Arguments]);
        var opaque = (NamedType)type.Self;
        foreach (var module in graph.Program.Semantics.Modules.Concat(graph.Program.Semantics.LibraryModules))
        {
            foreach (var impl in module.Impls)
            {
                if (impl.Opaque?.Definition != opaque.Definition) continue;
                var bound = new Dictionary<TypeParameterSymbol, SigilType>();
                if (!TypeMatching.Match(impl.SelfType, implementer, bound)) continue;
                if (impl.Methods.FirstOrDefault(m => m.Name == symbol.Name) is not { } method) continue;
                return (method, [.. method.AllTypeParameters.Select(p => bound.GetValueOrDefault(p) ?? graph.Types.Core.Void)]);
            }
        }
        throw new InternalEmitException($"no impl {opaque} for {implementer}");
    }

    /// <summary>The type behind the runtime's default provider of a standard capability, by the library's table.</summary>
    public SigilType StandardProvider(TraitReference capability)
    {
        var name = NameOfStandardProvider(capability) ?? throw new InternalEmitException($"the runtime provides no {capability.Trait.Name}");
        var module = capability.Trait.Module;
        var symbol = module?.Types.FirstOrDefault(t => t.Name == name) ?? graph.Types.Core.FindType(name)
            ?? throw new InternalEmitException($"the library declares no {name}");
        var type = new NamedType(symbol);
        Adapter(type, new DynType([capability]));
        if (!makers.ContainsKey(capability.Trait))
        {
            makers[capability.Trait] = module?.Functions.FirstOrDefault(f => f.Name == "standard_provider") is { } maker
                ? graph.Request(new MethodTarget(maker, [], false, graph.Types.Core.Void), false, null, default) : null;
        }
        return type;
    }

    private readonly Dictionary<TraitSymbol, Instance?> makers = [];

    /// <summary>The function of the library that makes the default provider of a standard capability, if it has fields.</summary>
    public Instance? MakerOf(TraitReference capability) => makers.GetValueOrDefault(capability.Trait);

    public static bool HasStandardProvider(TraitReference capability) => NameOfStandardProvider(capability) is not null;

    private static string? NameOfStandardProvider(TraitReference capability) => capability.Trait.Module is not { IsStandardLibrary: true } ? null : capability.Trait.Name switch
    {
        "IO" => "SystemIO",
        "FileSystem" => "LocalFileSystem",
        "Clock" => "SystemClock",
        "Random" => "SystemRandom",
        "Env" => "SystemEnv",
        "Http" => "HttpClient",
        "Process" => "SystemProcess",
        "Logger" => "StdoutLogger",
        "Cache" => "MemoryCache",
        "Network" => "SystemNetwork",
        _ => null,
    };

    // ---------- providers that go to other processes ----------

    /// <summary>A process is given the capability: its providers cross, if they can be written down.</summary>
    public void Carry(TraitReference capability)
    {
        carried.Add(capability);
        if (HasStandardProvider(capability)) StandardProvider(capability);
    }

    /// <summary>Finds providers of what processes are given; true when there are new ones, whose codecs may need further code.</summary>
    public bool RequestCarried()
    {
        if (carried.Count == 0) return false;
        var found = false;
        foreach (var ((implementer, target), adapter) in adapters.ToList())
        {
            if (adapter.IsCarried || target is not DynType dyn || !dyn.Traits.Any(Provides)) continue;
            if (graph.Types.WhyNotSerializable(implementer, endsMove: false) is not null) continue;
            adapter.IsCarried = true;
            graph.Codecs.Want(implementer);
            found = true;
        }
        return found;
    }

    private bool Provides(TraitReference trait) => carried.Any(c => c.Trait == trait.Trait) || trait.Trait.Supertraits.Any(Provides);

    private void EmitCarried(AdapterClass adapter)
    {
        adapter.Builder.AddInterfaceImplementation(typeof(ICarriedProvider));
        var codec = map.Construct(typeof(Codec<>), [map.Clr(adapter.Implementer)]);
        var il = Define(nameof(ICarriedProvider.Write), typeof(void), typeof(FrameWriter));
        graph.Codecs.Load(il, adapter.Implementer);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, adapter.Value);
        if (adapter.InCell is { } content) il.Emit(OpCodes.Ldfld, content);
        il.Emit(OpCodes.Callvirt, Members.Method(codec, "Write"));
        il.Emit(OpCodes.Ret);
        il = Define(nameof(ICarriedProvider.Read), typeof(object), typeof(FrameReader));
        graph.Codecs.Load(il, adapter.Implementer);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Callvirt, Members.Method(codec, "Read"));
        il.Emit(OpCodes.Newobj, adapter.Constructor);
        il.Emit(OpCodes.Ret);

        ILGenerator Define(string name, Type result, Type parameter)
        {
            var method = adapter.Builder.DefineMethod(name, MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Final,
                result, [parameter.MakeByRefType()]);
            adapter.Builder.DefineMethodOverride(method, typeof(ICarriedProvider).GetMethod(name)!);
            return method.GetILGenerator();
        }
    }

    public IEnumerable<Instance> BodiesOf(Type interfaceType) =>
        adapters.Values.SelectMany(a => a.Bodies).Where(b => b.Method.Owner.Type == interfaceType).SelectMany(b => new[] { b.Plain, b.Suspending });

    /// <summary>Writes an adapter's methods; the bodies' methods are declared by now.</summary>
    public void EmitAdapter(AdapterClass adapter)
    {
        if (adapter.IsCarried) EmitCarried(adapter);
        foreach (var (method, plain, waiting) in adapter.Bodies)
        {
            EmitEntry(adapter, method, plain, method.Plain, suspending: false);
            if (method.Suspending is { } entry) EmitEntry(adapter, method, waiting, entry, suspending: true);
        }
    }

    private void EmitEntry(AdapterClass adapter, InterfaceMethod method, Instance body, MethodBuilder declared, bool suspending)
    {
        Type[] signature = suspending ? SuspendingSignature(method.Parameters, method.Result) : [.. method.Parameters.Select(PlainParameter)];
        var isVoid = map.IsVoid(method.Result);
        var name = method.Owner.Type.Name + "." + declared.Name;
        var entry = adapter.Builder.DefineMethod(name, MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Final,
            suspending ? typeof(Status) : map.ClrResult(method.Result), signature);
        adapter.Builder.DefineMethodOverride(entry, declared);
        var il = entry.GetILGenerator();
        if (!suspending && body.Suspends)
        {
            BlockingCall.Emit(il, map, body, () =>
            {
                PushSelf(il, adapter, method, body);
                for (var i = 0; i < method.Parameters.Length; i++) il.Emit(OpCodes.Ldarg, (short)(i + 1));
            });
            il.Emit(OpCodes.Ret);
            return;
        }
        var first = suspending ? 2 : 1;
        var resultArgument = (short)(first + method.Parameters.Length);
        if (suspending && !body.Suspends && !isVoid) il.Emit(OpCodes.Ldarg, resultArgument);
        if (body.Suspends) il.Emit(OpCodes.Ldarg_1);
        PushSelf(il, adapter, method, body);
        for (var i = 0; i < method.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, (short)(first + i));
            // A plain body under a suspending entry gets the address inside the cell.
            if (suspending && !body.Suspends && method.Parameters[i] is BorrowType { IsMutable: true })
                il.Emit(OpCodes.Ldflda, Members.Field(signature[i + 1], "Value"));
        }
        if (body.Suspends)
        {
            if (!isVoid) il.Emit(OpCodes.Ldarg, resultArgument);
            il.Emit(OpCodes.Ldnull);
        }
        il.Emit(OpCodes.Call, body.Method);
        if (suspending && !body.Suspends)
        {
            if (!isVoid) il.Emit(OpCodes.Stobj, map.Clr(method.Result));
            il.Emit(OpCodes.Ldc_I4_0);
        }
        il.Emit(OpCodes.Ret);
    }

    private void PushSelf(ILGenerator il, AdapterClass adapter, InterfaceMethod method, Instance body)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (adapter.InCell is not { } content)
        {
            il.Emit(method.ChangesSelf ? OpCodes.Ldflda : OpCodes.Ldfld, adapter.Value);
            return;
        }
        il.Emit(OpCodes.Ldfld, adapter.Value);
        if (!method.ChangesSelf) il.Emit(OpCodes.Ldfld, content);
        // A body that waits works on the cell itself.
        else if (!body.Suspends) il.Emit(OpCodes.Ldflda, content);
    }
}
