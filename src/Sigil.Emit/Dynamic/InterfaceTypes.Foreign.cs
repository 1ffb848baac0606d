using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Runtime.Interop;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Dynamic;

/// <summary>The class through which an object of a C# class serves as a capability: a delegate per method.</summary>
internal sealed class ForeignClass(TypeBuilder builder)
{
    public TypeBuilder Builder { get; } = builder;
    public ConstructorBuilder Constructor { get; set; } = null!;
    public List<(InterfaceMethod Method, FieldBuilder Delegate)> Methods { get; } = [];
}

// Capabilities that C# classes provide. What their signatures hold crosses; that has been checked.
internal sealed partial class InterfaceTypes
{
    private readonly Dictionary<TraitReference, ForeignClass> foreign = [];

    public bool IsForeign(TraitReference capability) => graph.Program.Semantics.ForeignProviderOf(capability.Trait) is not null;

    public ForeignClass Foreign(TraitReference capability)
    {
        if (foreign.TryGetValue(capability, out var found)) return found;
        var provider = graph.Program.Semantics.ForeignProviderOf(capability.Trait)!;
        var contract = Of(capability);
        var builder = map.Define($"{capability} by {provider.Type}", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, typeof(object));
        var made = foreign[capability] = new ForeignClass(builder);
        made.Constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var il = made.Constructor.GetILGenerator();
        var opened = il.DeclareLocal(typeof(ForeignProvider));
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        il.Emit(OpCodes.Ldstr, capability.Trait.Name);
        il.Emit(OpCodes.Ldstr, provider.Assembly);
        il.Emit(OpCodes.Ldstr, provider.Type);
        il.Emit(OpCodes.Call, typeof(ForeignProvider).GetMethod(nameof(ForeignProvider.Open))!);
        il.Emit(OpCodes.Stloc, opened);
        var shapes = new ForeignShapes(map, graph.Types, il, opened);
        var open = new Queue<InterfaceType>([contract]);
        var seen = new HashSet<InterfaceType>();
        while (open.TryDequeue(out var type))
        {
            if (!seen.Add(type)) continue;
            builder.AddInterfaceImplementation(type.Type);
            foreach (var inherited in type.Bases) open.Enqueue(inherited);
            foreach (var method in MethodsOf(type))
            {
                var field = builder.DefineField(method.Symbol.Name, DelegateOf(method), FieldAttributes.Private | FieldAttributes.InitOnly);
                made.Methods.Add((method, field));
                foreach (var mentioned in method.Parameters.Append(method.Result)) shapes.Describe(mentioned);
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldloc, opened);
                il.Emit(OpCodes.Ldstr, CSharpNames.Of(method.Symbol.Name));
                il.Emit(OpCodes.Call, Members.Construct(typeof(ForeignProvider).GetMethod(nameof(ForeignProvider.Method))!, field.FieldType));
                il.Emit(OpCodes.Stfld, field);
            }
        }
        il.Emit(OpCodes.Ret);
        return made;
    }

    private Type[] ForeignArguments(InterfaceMethod method) => [.. method.Parameters.Select(map.Clr), map.Of(method.Result).Clr];

    private Type DelegateOf(InterfaceMethod method)
    {
        var name = $"Sigil.Runtime.Interop.Foreign{(method.Waits ? "Operation" : "Call")}{method.Parameters.Length}`{method.Parameters.Length + 1}";
        return map.Construct(typeof(ForeignProvider).Assembly.GetType(name) ?? throw new InternalEmitException($"{method.Symbol.Name} has too many parameters"), ForeignArguments(method));
    }

    public void EmitForeign()
    {
        foreach (var made in foreign.Values)
        {
            foreach (var (method, field) in made.Methods)
            {
                EmitForeignEntry(made, method, field, method.Plain, [.. method.Parameters.Select(PlainParameter)], suspending: false);
                if (method.Suspending is { } entry) EmitForeignEntry(made, method, field, entry, SuspendingSignature(method.Parameters, method.Result), suspending: true);
            }
        }
    }

    private void EmitForeignEntry(ForeignClass made, InterfaceMethod method, FieldBuilder field, MethodBuilder declared, Type[] signature, bool suspending)
    {
        var isVoid = map.IsVoid(method.Result);
        var entry = made.Builder.DefineMethod(method.Owner.Type.Name + "." + declared.Name, MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.NewSlot | MethodAttributes.Final,
            suspending ? typeof(Runtime.Tasks.Status) : map.ClrResult(method.Result), signature);
        made.Builder.DefineMethodOverride(entry, declared);
        var helper = suspending ? isVoid ? nameof(ForeignCalls.AwaitVoid) : nameof(ForeignCalls.Await) : method.Waits ? nameof(ForeignCalls.Block) : nameof(ForeignCalls.Call);
        var count = method.Parameters.Length;
        var definition = typeof(ForeignCalls).GetMethods().First(m => m.Name == helper && m.GetGenericArguments().Length == count + 1);
        var il = entry.GetILGenerator();
        if (suspending) il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, field);
        il.Emit(OpCodes.Ldstr, $"{method.Symbol.Trait!.Name}.{method.Symbol.Name}");
        var first = suspending ? 2 : 1;
        for (var i = 0; i < count; i++) il.Emit(OpCodes.Ldarg, (short)(first + i));
        if (suspending && !isVoid) il.Emit(OpCodes.Ldarg, (short)(first + count));
        il.Emit(OpCodes.Call, Members.Construct(definition, ForeignArguments(method)));
        // An operation is a leaf: its status and its frame are the method's own.
        if (!suspending && isVoid && map.ClrResult(method.Result) == typeof(void)) il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ret);
    }
}
