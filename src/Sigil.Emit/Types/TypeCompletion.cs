using System.Reflection;
using System.Reflection.Emit;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Values;

namespace Sigil.Emit.Types;

/// <summary>The members of emitted products and sums besides their fields: constructors, sharing, renewal of objects.</summary>
internal sealed class TypeCompletion(TypeMap map, SharingRules sharing)
{
    private readonly Dictionary<EmittedProduct, ConstructorBuilder> constructors = [];

    /// <summary>The constructor that takes all fields in order.</summary>
    public ConstructorBuilder ConstructorOf(Representation shape)
    {
        var product = shape.Product!;
        if (constructors.TryGetValue(product, out var found)) return found;
        var fields = map.FieldsOf(shape);
        var constructor = constructors[product] = product.Type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [.. fields.Select(f => f.FieldType)]);
        var il = constructor.GetILGenerator();
        if (shape.IsObject)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        }
        for (var i = 0; i < fields.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, fields[i]);
        }
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    /// <summary>
    /// For products held as objects: replaces the object in a slot by a copy that may be changed, and returns it. The
    /// copied parts become reachable from both.
    /// </summary>
    public MethodBuilder RenewOf(Representation shape)
    {
        var product = shape.Product!;
        if (product.Renew is { } found) return found;
        var fields = map.FieldsOf(shape);
        var method = product.Renew = product.Type.DefineMethod("Renew", MethodAttributes.Public | MethodAttributes.Static, product.Type, [product.Type.MakeByRefType()]);
        var il = method.GetILGenerator();
        var old = il.DeclareLocal(product.Type);
        var copy = il.DeclareLocal(product.Type);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldind_Ref);
        il.Emit(OpCodes.Stloc, old);
        for (var i = 0; i < fields.Length; i++)
        {
            il.Emit(OpCodes.Ldloc, old);
            il.Emit(OpCodes.Ldfld, fields[i]);
            if (sharing.Matters(product.FieldTypes[i])) il.Emit(OpCodes.Call, Members.Method(map.Construct(typeof(Sharing<>), [fields[i].FieldType]), "Mark"));
        }
        il.Emit(OpCodes.Newobj, ConstructorOf(shape));
        il.Emit(OpCodes.Stloc, copy);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, copy);
        il.Emit(OpCodes.Stind_Ref);
        il.Emit(OpCodes.Ldloc, copy);
        il.Emit(OpCodes.Ret);
        return method;
    }

    /// <summary>Finishes every declared type's fields and interfaces.</summary>
    public void Complete(DropMethods drops)
    {
        for (var i = 0; i < map.Sums.Count; i++) map.VariantsOf(map.Sums[i]);
        for (var i = 0; i < map.Products.Count; i++)
        {
            var shape = map.Products[i];
            map.FieldsOf(shape);
            if (shape.Kind == RepresentationKind.Struct && sharing.Matters(shape.Type)) DefineMarkShared(shape);
        }
        foreach (var shape in map.Products.Concat(map.Sums).ToArray())
            if (drops.IsNeeded(shape.Type)) DefineDrop(shape, drops);
    }

    private void DefineMarkShared(Representation shape)
    {
        var product = shape.Product!;
        var fields = map.FieldsOf(shape);
        product.Type.AddInterfaceImplementation(typeof(ISharable));
        var method = product.MarkShared = product.Type.DefineMethod("MarkShared", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot, typeof(void), []);
        var il = method.GetILGenerator();
        for (var i = 0; i < fields.Length; i++)
        {
            if (!sharing.Matters(product.FieldTypes[i])) continue;
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, fields[i]);
            il.Emit(OpCodes.Call, Members.Method(map.Construct(typeof(Sharing<>), [fields[i].FieldType]), "Mark"));
            il.Emit(OpCodes.Pop);
        }
        il.Emit(OpCodes.Ret);
        product.Type.DefineMethodOverride(method, typeof(ISharable).GetMethod("MarkShared")!);
    }

    private static void DefineDrop(Representation shape, DropMethods drops)
    {
        var type = shape.Product?.Type ?? shape.Sum!.Base;
        type.AddInterfaceImplementation(typeof(IDroppable));
        var method = type.DefineMethod("Drop", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot, typeof(void), []);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        if (!shape.IsObject) il.Emit(OpCodes.Ldobj, type);
        drops.Emit(il, shape.Type);
        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(method, typeof(IDroppable).GetMethod("Drop")!);
    }
}
