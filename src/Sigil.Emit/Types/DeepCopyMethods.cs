using System.Reflection;
using System.Reflection.Emit;
using Sigil.Runtime.Values;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>Copies object graphs for <c>clone()</c> of a <c>ref</c>: one method per concrete type that holds objects.</summary>
internal sealed class DeepCopyMethods(TypeMap map, TypeBuilder code, TypeCompletion completion)
{
    private readonly Dictionary<SigilType, MethodBuilder> methods = [];
    private readonly Dictionary<SigilType, bool> needed = [];
    private readonly Queue<SigilType> open = new();

    /// <summary>Replaces the object on the stack by a copy of the graph behind it.</summary>
    public void EmitClone(ILGenerator il, SigilType reference)
    {
        var shape = map.Of(reference);
        EmitFunction(il, shape.Parts[0].Type);
        il.Emit(OpCodes.Call, Generic(typeof(DeepCopy).GetMethod(nameof(DeepCopy.Of))!, shape.Parts[0].Clr));
    }

    /// <summary>Writes the bodies of all methods asked for; bodies ask for more.</summary>
    public void Complete()
    {
        while (open.TryDequeue(out var type)) EmitBody(methods[type].GetILGenerator(), map.Of(type));
    }

    // Whether a value can lead to an object that must be copied. Recursive types: no, unless another part says so.
    private bool IsNeeded(SigilType type)
    {
        if (needed.TryGetValue(type, out var found)) return found;
        var seen = new HashSet<SigilType>();
        var pending = new Stack<SigilType>([type]);
        var result = false;
        while (!result && pending.TryPop(out var part))
        {
            if (!seen.Add(part)) continue;
            var shape = map.Of(part);
            if (shape.Kind == RepresentationKind.Box)
            {
                result = IsReference(shape.Type);
                continue;
            }
            IEnumerable<SigilType> inner = shape.Kind switch
            {
                RepresentationKind.Struct or RepresentationKind.StructObject => shape.Product!.FieldTypes,
                RepresentationKind.Sum => map.VariantsOf(shape).SelectMany(v => v.FieldTypes),
                RepresentationKind.Function or RepresentationKind.Interface or RepresentationKind.Runtime => [],
                _ => shape.Parts.Select(p => p.Type),
            };
            foreach (var t in inner) pending.Push(t);
        }
        return needed[type] = result;
    }

    private static bool IsReference(SigilType type) => type is CapabilityType { Modifier: CapabilityModifier.Ref };

    private MethodBuilder MethodOf(SigilType type)
    {
        if (methods.TryGetValue(type, out var found)) return found;
        open.Enqueue(type);
        var clr = map.Clr(type);
        return methods[type] = code.DefineMethod($"deep copy {type}", MethodAttributes.Public | MethodAttributes.Static, clr, [clr, typeof(DeepCopy)]);
    }

    /// <summary>Pushes the function that copies values of a type.</summary>
    private void EmitFunction(ILGenerator il, SigilType type)
    {
        var clr = map.Clr(type);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldftn, IsNeeded(type) ? MethodOf(type) : Generic(typeof(DeepCopy).GetMethod(nameof(DeepCopy.Plain))!, clr));
        il.Emit(OpCodes.Newobj, Members.Constructor(map.Construct(typeof(Func<,,>), [clr, typeof(DeepCopy), clr]), 2));
    }

    private static MethodInfo Generic(MethodInfo method, params Type[] arguments) => Members.Construct(method, arguments);

    /// <summary>Copies the value on the stack; the argument 1 of the method is the copy in progress.</summary>
    private void EmitCopy(ILGenerator il, SigilType type)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, IsNeeded(type) ? MethodOf(type) : Generic(typeof(DeepCopy).GetMethod(nameof(DeepCopy.Plain))!, map.Clr(type)));
    }

    private void EmitBody(ILGenerator il, Representation shape)
    {
        if (shape.Kind is RepresentationKind.Sum or RepresentationKind.StructObject) il.Emit(OpCodes.Call, typeof(DeepCopy).GetMethod(nameof(DeepCopy.Enter))!);
        switch (shape.Kind)
        {
            case RepresentationKind.Struct or RepresentationKind.StructObject:
                {
                    var fields = map.FieldsOf(shape);
                    for (var i = 0; i < fields.Length; i++)
                    {
                        il.Emit(OpCodes.Ldarg_0);
                        il.Emit(OpCodes.Ldfld, fields[i]);
                        EmitCopy(il, shape.Product!.FieldTypes[i]);
                    }
                    il.Emit(OpCodes.Newobj, completion.ConstructorOf(shape));
                    break;
                }
            case RepresentationKind.Tuple:
                for (var i = 0; i < shape.Parts.Length; i++)
                {
                    il.Emit(OpCodes.Ldarg_0);
                    foreach (var field in TupleShape.PathTo(map, shape.Clr, i)) il.Emit(OpCodes.Ldfld, field);
                    EmitCopy(il, shape.Parts[i].Type);
                }
                TupleShape.EmitNew(il, shape.Clr);
                break;
            case RepresentationKind.Sum: EmitSum(il, shape); break;
            case RepresentationKind.Box: Call(il, nameof(DeepCopy.Object), shape, 0); break;
            case RepresentationKind.List: Call(il, nameof(DeepCopy.List), shape, 0); break;
            case RepresentationKind.Option: Call(il, nameof(DeepCopy.Option), shape, 0); break;
            case RepresentationKind.Map: Call(il, nameof(DeepCopy.Map), shape, 1); break;
            case RepresentationKind.Result: Call(il, nameof(DeepCopy.Result), shape, 0, 1); break;
            default: throw new InternalEmitException($"a value of {shape.Type} cannot be copied deeply");
        }
        il.Emit(OpCodes.Ret);
    }

    private void Call(ILGenerator il, string method, Representation shape, params int[] parts)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_0);
        foreach (var part in parts) EmitFunction(il, shape.Parts[part].Type);
        il.Emit(OpCodes.Call, Generic(typeof(DeepCopy).GetMethod(method)!, [.. shape.Parts.Select(p => p.Clr)]));
    }

    private void EmitSum(ILGenerator il, Representation shape)
    {
        var variants = map.VariantsOf(shape);
        var labels = variants.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, shape.Sum!.Tag);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ret);
        for (var v = 0; v < variants.Length; v++)
        {
            il.MarkLabel(labels[v]);
            if (variants[v].Instance is not null || variants[v].Fields.Length == 0)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ret);
                continue;
            }
            for (var i = 0; i < variants[v].Fields.Length; i++)
            {
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Castclass, variants[v].Type);
                il.Emit(OpCodes.Ldfld, variants[v].Fields[i]);
                EmitCopy(il, variants[v].FieldTypes[i]);
            }
            il.Emit(OpCodes.Newobj, variants[v].Constructor);
            il.Emit(OpCodes.Ret);
        }
        il.Emit(OpCodes.Ldarg_0);
    }
}
