using System.Reflection;
using System.Reflection.Emit;
using Sigil.Runtime.Channels;
using Sigil.Semantics;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>Releases the unique parts of values: one method per concrete type that has any.</summary>
internal sealed class DropMethods(TypeMap map, TypeBuilder code)
{
    private readonly Dictionary<SigilType, MethodBuilder> methods = [];
    private readonly Dictionary<SigilType, bool> needed = [];
    private readonly Queue<SigilType> open = new();

    /// <summary>Whether the value can own something that has to be told when it goes.</summary>
    public bool IsNeeded(SigilType type)
    {
        if (needed.TryGetValue(type, out var found)) return found;
        if (map.Types.KindOf(type) != ValueKind.Unique) return needed[type] = false;
        // Recursive types: assume there is something until all parts have been seen.
        needed[type] = true;
        var shape = map.Of(type);
        var result = shape.Kind switch
        {
            RepresentationKind.Runtime => Members.FindMethod(shape.Clr, "Drop", 0) is not null,
            RepresentationKind.Struct or RepresentationKind.StructObject => shape.Product!.FieldTypes.Any(IsNeeded),
            RepresentationKind.Sum => map.VariantsOf(shape).Any(v => v.FieldTypes.Any(IsNeeded)),
            RepresentationKind.Function or RepresentationKind.Interface => true,
            _ => shape.Parts.Any(p => IsNeeded(p.Type)),
        };
        return needed[type] = result;
    }

    /// <summary>Drops the value on the stack.</summary>
    public void Emit(ILGenerator il, SigilType type)
    {
        var shape = map.Of(type);
        if (shape.Kind == RepresentationKind.Runtime)
        {
            var drop = Members.Method(shape.Clr, "Drop", 0);
            if (shape.Clr.IsValueType)
            {
                il.Emit(OpCodes.Call, drop);
                return;
            }
            // A list may have holes.
            var there = il.DefineLabel();
            var end = il.DefineLabel();
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Brtrue, there);
            il.Emit(OpCodes.Pop);
            il.Emit(OpCodes.Br, end);
            il.MarkLabel(there);
            il.Emit(OpCodes.Call, drop);
            il.MarkLabel(end);
            return;
        }
        il.Emit(OpCodes.Call, MethodOf(type));
    }

    private MethodBuilder MethodOf(SigilType type)
    {
        if (methods.TryGetValue(type, out var found)) return found;
        open.Enqueue(type);
        return methods[type] = code.DefineMethod($"drop {type}", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [map.Clr(type)]);
    }

    /// <summary>Writes the bodies of all methods asked for; bodies ask for more.</summary>
    public void Complete()
    {
        while (open.TryDequeue(out var type)) EmitBody(methods[type].GetILGenerator(), type, map.Of(type));
    }

    private void EmitBody(ILGenerator il, SigilType type, Representation shape)
    {
        var end = il.DefineLabel();
        if (!shape.Clr.IsValueType)
        {
            // What has been moved out of may be null.
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Brfalse, end);
        }
        switch (shape.Kind)
        {
            case RepresentationKind.Struct or RepresentationKind.StructObject:
                {
                    var fields = map.FieldsOf(shape);
                    // Reverse order of declaration, like locals.
                    for (var i = fields.Length - 1; i >= 0; i--)
                    {
                        if (!IsNeeded(shape.Product!.FieldTypes[i])) continue;
                        il.Emit(OpCodes.Ldarg_0);
                        il.Emit(OpCodes.Ldfld, fields[i]);
                        Emit(il, shape.Product.FieldTypes[i]);
                    }
                    break;
                }
            case RepresentationKind.Tuple:
                for (var i = shape.Parts.Length - 1; i >= 0; i--)
                {
                    if (!IsNeeded(shape.Parts[i].Type)) continue;
                    il.Emit(OpCodes.Ldarg_0);
                    foreach (var field in TupleShape.PathTo(map, shape.Clr, i)) il.Emit(OpCodes.Ldfld, field);
                    Emit(il, shape.Parts[i].Type);
                }
                break;
            case RepresentationKind.Option:
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, Members.Field(shape.Clr, "HasValue"));
                il.Emit(OpCodes.Brfalse, end);
                EmitPart(il, shape, "Value", 0);
                break;
            case RepresentationKind.Result:
                {
                    var isError = il.DefineLabel();
                    il.Emit(OpCodes.Ldarg_0);
                    il.Emit(OpCodes.Ldfld, Members.Field(shape.Clr, "IsOk"));
                    il.Emit(OpCodes.Brfalse, isError);
                    EmitPart(il, shape, "OkValue", 0);
                    il.Emit(OpCodes.Br, end);
                    il.MarkLabel(isError);
                    EmitPart(il, shape, "ErrValue", 1);
                    break;
                }
            case RepresentationKind.Box: EmitPart(il, shape, "Value", 0); break;
            case RepresentationKind.Sum: EmitSum(il, shape, end); break;
            case RepresentationKind.List: EmitLoop(il, shape, () => EmitListElement(il, shape), "Count"); break;
            case RepresentationKind.Map or RepresentationKind.Set: EmitEntries(il, shape); break;
            default:
                // A closure or trait object that owns unique values says so itself.
                {
                    var skip = il.DefineLabel();
                    il.Emit(OpCodes.Ldarg_0);
                    il.Emit(OpCodes.Isinst, typeof(IDroppable));
                    il.Emit(OpCodes.Brfalse, skip);
                    il.Emit(OpCodes.Ldarg_0);
                    il.Emit(OpCodes.Castclass, typeof(IDroppable));
                    il.Emit(OpCodes.Callvirt, typeof(IDroppable).GetMethod("Drop")!);
                    il.MarkLabel(skip);
                    break;
                }
        }
        il.MarkLabel(end);
        il.Emit(OpCodes.Ret);
    }

    private void EmitPart(ILGenerator il, Representation shape, string field, int part)
    {
        if (!IsNeeded(shape.Parts[part].Type)) return;
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.Field(shape.Clr, field));
        Emit(il, shape.Parts[part].Type);
    }

    private void EmitSum(ILGenerator il, Representation shape, Label end)
    {
        var variants = map.VariantsOf(shape);
        var labels = variants.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, shape.Sum!.Tag);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Br, end);
        for (var v = 0; v < variants.Length; v++)
        {
            il.MarkLabel(labels[v]);
            for (var i = 0; i < variants[v].Fields.Length; i++)
            {
                if (!IsNeeded(variants[v].FieldTypes[i])) continue;
                il.Emit(OpCodes.Ldarg_0);
                il.Emit(OpCodes.Ldfld, variants[v].Fields[i]);
                Emit(il, variants[v].FieldTypes[i]);
            }
            il.Emit(OpCodes.Br, end);
        }
    }

    private void EmitListElement(ILGenerator il, Representation shape)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Call, Members.Method(shape.Clr, "ItemAt"));
        Emit(il, shape.Parts[0].Type);
    }

    private static void EmitLoop(ILGenerator il, Representation shape, Action body, string count)
    {
        _ = il.DeclareLocal(typeof(int));
        var test = il.DefineLabel();
        var again = il.DefineLabel();
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(again);
        body();
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc_0);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldloc_0);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, Members.Field(shape.Clr, count));
        il.Emit(OpCodes.Blt, again);
    }

    private void EmitEntries(ILGenerator il, Representation shape)
    {
        var index = il.DeclareLocal(typeof(int));
        var test = il.DefineLabel();
        var again = il.DefineLabel();
        il.Emit(OpCodes.Br, test);
        il.MarkLabel(again);
        for (var part = 0; part < shape.Parts.Length; part++)
        {
            if (!IsNeeded(shape.Parts[part].Type)) continue;
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldloc, index);
            il.Emit(OpCodes.Call, Members.Method(shape.Clr, shape.Kind == RepresentationKind.Set ? "ItemAt" : part == 0 ? "KeyAt" : "ValueAt"));
            Emit(il, shape.Parts[part].Type);
        }
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, index);
        il.MarkLabel(test);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, index);
        il.Emit(OpCodes.Call, Members.Method(shape.Clr, "NextIndex"));
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Stloc, index);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Bge, again);
    }
}
