using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Runtime.Values;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>
/// <c>Equals</c> and <c>GetHashCode</c> of emitted types, for the runtime's maps, sets and list searches. They run the program's
/// own Eq and Hashable impls; only types that are compared that way get them.
/// </summary>
internal sealed class EqualityMethods(TypeMap map)
{
    private readonly HashSet<SigilType> wanted = [];
    private readonly Queue<SigilType> open = new();
    private readonly List<(Representation Shape, Instance? Equality, Instance? Hash)> found = [];
    private int keyed;

    public InstanceGraph Graph { get; set; } = null!;

    /// <summary>Values of the type will be compared by the runtime.</summary>
    public void Want(SigilType type)
    {
        if (wanted.Add(type)) open.Enqueue(type);
    }

    /// <summary>Asks for the instances of the impls; more types may turn up until the queue is empty.</summary>
    public bool Request()
    {
        for (; keyed < map.KeyTypes.Count; keyed++) Want(map.KeyTypes[keyed]);
        if (open.Count == 0) return false;
        while (open.TryDequeue(out var type))
        {
            var shape = map.Of(type);
            if (shape.Product is null && shape.Sum is null)
            {
                foreach (var part in shape.Parts) Want(part.Type);
                continue;
            }
            found.Add((shape, Method(type, "Eq", "equals"), Method(type, "Hashable", "hash")));
        }
        return true;
    }

    private Instance? Method(SigilType type, string traitName, string method)
    {
        var trait = map.Types.Core.FindTrait(traitName);
        if (trait?.FindMethod(method) is not { } symbol || !map.Types.Implements(type, new TraitReference(trait))) return null;
        return Graph.Resolver.Resolve(symbol, [type]) is { } target && !target.Function.IsIntrinsic ? Graph.Request(target, false, null, default) : null;
    }

    /// <summary>Writes the methods; the instances' methods are declared by now.</summary>
    public void Complete()
    {
        foreach (var (shape, equals, hash) in found)
        {
            var type = shape.Product?.Type ?? shape.Sum!.Base;
            if (equals is not null) DefineEquals(shape, type, equals);
            if (hash is not null) DefineHash(shape, type, hash);
        }
        found.Clear();
    }

    private void DefineEquals(Representation shape, TypeBuilder type, Instance body)
    {
        var contract = map.Construct(typeof(IEquatable<>), [type]);
        type.AddInterfaceImplementation(contract);
        const MethodAttributes attributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig;
        var typed = type.DefineMethod("Equals", attributes | MethodAttributes.NewSlot | MethodAttributes.Final, typeof(bool), [type]);
        var il = typed.GetILGenerator();
        LoadSelf(il, shape, type);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, body.Method);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(typed, Members.Method(contract, "Equals"));

        var general = type.DefineMethod("Equals", attributes, typeof(bool), [typeof(object)]);
        il = general.GetILGenerator();
        var no = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Isinst, type);
        il.Emit(OpCodes.Brfalse, no);
        LoadSelf(il, shape, type);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Unbox_Any, type);
        il.Emit(OpCodes.Call, body.Method);
        il.Emit(OpCodes.Ret);
        il.MarkLabel(no);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(general, typeof(object).GetMethod(nameof(Equals), [typeof(object)])!);
    }

    private static void DefineHash(Representation shape, TypeBuilder type, Instance body)
    {
        var method = type.DefineMethod("GetHashCode", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(int), []);
        var il = method.GetILGenerator();
        LoadSelf(il, shape, type);
        il.Emit(OpCodes.Call, body.Method);
        il.Emit(OpCodes.Call, typeof(HashOps).GetMethod(nameof(HashOps.ToInt32))!);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(method, typeof(object).GetMethod(nameof(GetHashCode))!);
    }

    private static void LoadSelf(ILGenerator il, Representation shape, TypeBuilder type)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (!shape.IsObject) il.Emit(OpCodes.Ldobj, type);
    }
}
