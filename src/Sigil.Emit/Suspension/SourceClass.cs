using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Functions;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Suspension;

/// <summary>The class of a task source: captures, and the locals that live while it waits to be asked for the next task.</summary>
internal sealed class SourceClass : IEntryClass
{
    private readonly TypeMap map;
    private readonly Instance instance;
    private readonly Dictionary<object, FieldBuilder> fields = [];

    public SourceClass(TypeMap map, Instance instance, SigilType element)
    {
        this.map = map;
        this.instance = instance;
        Element = element;
        Entry = map.Construct(typeof(Frame<>), [map.Clr(element)]);
        Base = map.Construct(typeof(TaskSource<>), [map.Clr(element)]);
        Type = map.Define(instance.Name + " source", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, Base);
        Constructor = EntryClasses.DefineConstructor(Type, Base);
        State = Type.DefineField("State", typeof(int), FieldAttributes.Public);
        IsDropping = Type.DefineField("IsDropping", typeof(bool), FieldAttributes.Public);
    }

    public SigilType Element { get; }
    public Type Entry { get; }
    public Type Base { get; }
    public TypeBuilder Type { get; }
    public ConstructorBuilder Constructor { get; }
    /// <summary>0 before the start, -1 after the end.</summary>
    public FieldBuilder State { get; }
    public FieldBuilder IsDropping { get; }

    public FieldBuilder ParameterField(int index)
    {
        var local = instance.Signature[index];
        return Field(("parameter", index), map.Clr(instance.LocalTypes[local.Index]), local.Name ?? "p" + local.Index);
    }

    public FieldBuilder FieldOf(Slot slot) => Field(slot, slot.Type, "s" + fields.Count);

    private FieldBuilder Field(object key, Type type, string name)
    {
        if (fields.TryGetValue(key, out var found)) return found;
        return fields[key] = Type.DefineField(name, type, FieldAttributes.Public);
    }

    /// <summary>Writes <c>Next</c> and <c>Drop</c>; after the body.</summary>
    public void Complete(DropMethods drops)
    {
        const MethodAttributes attributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final;
        var next = Type.DefineMethod("Next", attributes, typeof(bool), [Entry.MakeByRefType()]);
        var il = next.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, instance.Method);
        il.Emit(OpCodes.Ret);
        Type.DefineMethodOverride(next, Members.Method(Base, "Next"));

        var drop = Type.DefineMethod("Drop", attributes, typeof(void), []);
        il = drop.GetILGenerator();
        var started = il.DefineLabel();
        var end = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, State);
        il.Emit(OpCodes.Brtrue, started);
        EntryClasses.DropParameters(il, instance, this, map, drops);
        il.Emit(OpCodes.Br, end);
        il.MarkLabel(started);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, State);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Blt, end);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Stfld, IsDropping);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloca, il.DeclareLocal(Entry));
        il.Emit(OpCodes.Call, instance.Method);
        il.Emit(OpCodes.Pop);
        il.MarkLabel(end);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Stfld, State);
        il.Emit(OpCodes.Ret);
        Type.DefineMethodOverride(drop, Members.Method(Base, "Drop"));
    }
}

/// <summary>A class whose objects start with the captures of nested code.</summary>
internal interface IEntryClass
{
    TypeBuilder Type { get; }
    ConstructorBuilder Constructor { get; }
    FieldBuilder ParameterField(int index);
}

internal static class EntryClasses
{
    /// <summary>A constructor without parameters; reflection cannot make one for a generic base.</summary>
    public static ConstructorBuilder DefineConstructor(TypeBuilder type, Type parent)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Members.Constructor(parent, 0));
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    /// <summary>Drops the unique captures of an entry that never starts; <c>this</c> is argument 0.</summary>
    public static void DropParameters(ILGenerator il, Instance instance, IEntryClass entry, TypeMap map, DropMethods drops)
    {
        for (var i = instance.Signature.Count - 1; i >= 0; i--)
        {
            var local = instance.Signature[i];
            if (local.Mode != Mir.MirParameterMode.Value || !drops.IsNeeded(instance.LocalTypes[local.Index])) continue;
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, entry.ParameterField(i));
            drops.Emit(il, instance.LocalTypes[local.Index]);
        }
    }

    public static bool OwnsParameters(Instance instance, DropMethods drops) =>
        instance.Signature.Any(l => l.Mode == Mir.MirParameterMode.Value && drops.IsNeeded(instance.LocalTypes[l.Index]));
}
