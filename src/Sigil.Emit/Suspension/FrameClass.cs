using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Functions;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit.Suspension;

/// <summary>The class that keeps a suspended call of one instance: a field for every slot that was live at some suspension.</summary>
internal sealed class FrameClass : IEntryClass
{
    private readonly TypeMap map;
    private readonly Instance instance;
    private readonly Dictionary<object, FieldBuilder> fields = [];
    private readonly List<(int State, string Site)> sites = [];
    private Type? capturesType;
    private FieldBuilder? model;

    public FrameClass(TypeMap map, Instance instance)
    {
        this.map = map;
        this.instance = instance;
        HasResult = !map.IsVoid(instance.ReturnType);
        // A task is always asked for a result, if only a unit.
        Base = HasResult || instance.Graph.Kind == MirFunctionKind.Task ? map.Construct(typeof(Frame<>), [map.Clr(instance.ReturnType)]) : typeof(Frame);
        Type = map.Define(instance.Name + " frame", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, Base);
        Constructor = EntryClasses.DefineConstructor(Type, Base);
    }

    public TypeBuilder Type { get; }
    public Type Base { get; }
    public bool HasResult { get; }
    public ConstructorBuilder Constructor { get; }

    /// <summary>The fields of the parameters and captures, for entry frames of tasks.</summary>
    public FieldBuilder ParameterField(int index)
    {
        var local = instance.Signature[index];
        return Field(("parameter", index), map.Clr(instance.LocalTypes[local.Index]), local.Name ?? "p" + local.Index);
    }

    /// <summary>The captures together, as they wait in the queue of a group.</summary>
    public Type CapturesType => capturesType ??= instance.Signature.Count == 0
        ? typeof(ValueTuple)
        : TupleShape.ClrOf(map, [.. instance.Signature.Select(local => map.Clr(instance.LocalTypes[local.Index]))]);

    /// <summary>An entry that never runs and makes the others; see <see cref="Frame.Another"/>.</summary>
    public FieldBuilder Model => model ??= DefineModel();

    private FieldBuilder DefineModel()
    {
        var field = Type.DefineField("Model", Type, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly);
        var il = Type.DefineTypeInitializer().GetILGenerator();
        il.Emit(OpCodes.Newobj, Constructor);
        il.Emit(OpCodes.Stsfld, field);
        il.Emit(OpCodes.Ret);
        il = Override(nameof(Frame.Another), typeof(Frame), []);
        il.Emit(OpCodes.Newobj, Constructor);
        il.Emit(OpCodes.Ret);
        il = Override(nameof(Frame.Load), typeof(void), [typeof(object), typeof(int)]);
        if (instance.Signature.Count > 0)
        {
            var captures = il.DeclareLocal(CapturesType.MakeByRefType());
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Castclass, CapturesType.MakeArrayType());
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Ldelema, CapturesType);
            il.Emit(OpCodes.Stloc, captures);
            EmitFill(il, () => il.Emit(OpCodes.Ldarg_0), () => il.Emit(OpCodes.Ldloc, captures));
        }

        il.Emit(OpCodes.Ret);
        return field;
    }

    /// <summary>Fills the captures, of which the address is given, into an entry.</summary>
    public void EmitFill(ILGenerator il, Action loadEntry, Action loadCaptures)
    {
        for (var i = 0; i < instance.Signature.Count; i++)
        {
            loadEntry();
            loadCaptures();
            var path = TupleShape.PathTo(map, CapturesType, i).ToList();
            foreach (var part in path.SkipLast(1)) il.Emit(OpCodes.Ldflda, part);
            il.Emit(OpCodes.Ldfld, path[^1]);
            il.Emit(OpCodes.Stfld, ParameterField(i));
        }
    }

    private ILGenerator Override(string name, Type returns, Type[] parameters)
    {
        var method = Type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final, returns, parameters);
        Type.DefineMethodOverride(method, typeof(Frame).GetMethod(name)!);
        return method.GetILGenerator();
    }

    /// <summary>Holds what a <c>?</c> left the scope with.</summary>
    public FieldBuilder ExitField(Type type) => Field("exit", type, "exit");

    public FieldBuilder FieldOf(Slot slot) => Field(slot, slot.Type, "s" + fields.Count);

    private FieldBuilder Field(object key, Type type, string name)
    {
        if (fields.TryGetValue(key, out var found)) return found;
        return fields[key] = Type.DefineField(name, type, FieldAttributes.Public);
    }

    public void AddSite(int state, string site) => sites.Add((state, site));

    /// <summary>Writes <c>Resume</c> and the table of places; after the body.</summary>
    public void Complete(DropMethods drops)
    {
        if (instance.Graph.Kind == MirFunctionKind.Task && EntryClasses.OwnsParameters(instance, drops)) EmitAbandon(drops);
        var resume = Type.DefineMethod("Resume", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final, typeof(Status), [typeof(SigilTask)]);
        var il = resume.GetILGenerator();
        if (instance.Suspends) EmitResume(il);
        else EmitRun(il);
        Type.DefineMethodOverride(resume, typeof(Frame).GetMethod(nameof(Frame.Resume))!);
        if (sites.Count > 0) EmitSites();
    }

    private void EmitResume(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        foreach (var local in instance.Signature)
        {
            var clr = map.Clr(instance.LocalTypes[local.Index]);
            if (local.Mode == MirParameterMode.BorrowMutable || !clr.IsValueType) il.Emit(OpCodes.Ldnull);
            else il.Emit(OpCodes.Ldloc, il.DeclareLocal(clr));
        }
        if (HasResult)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, Members.Field(Base, "Result"));
        }
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, instance.Method);
        il.Emit(OpCodes.Ret);
    }

    // A task whose body never suspends.
    private void EmitRun(ILGenerator il)
    {
        if (HasResult) il.Emit(OpCodes.Ldarg_0);
        for (var i = 0; i < instance.Signature.Count; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, ParameterField(i));
        }
        il.Emit(OpCodes.Call, instance.Method);
        if (HasResult) il.Emit(OpCodes.Stfld, Members.Field(Base, "Result"));
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Ret);
    }

    private void EmitAbandon(DropMethods drops)
    {
        var il = Override(nameof(Frame.Abandon), typeof(void), []);
        EntryClasses.DropParameters(il, instance, this, map, drops);
        il.Emit(OpCodes.Ret);
    }

    private void EmitSites()
    {
        var declared = typeof(Frame).GetProperty(nameof(Frame.WaitSite))!.GetMethod!;
        var getter = Type.DefineMethod("get_WaitSite", MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, typeof(string), []);
        var il = getter.GetILGenerator();
        var labels = new Label[sites.Max(s => s.State) + 1];
        var none = il.DefineLabel();
        Array.Fill(labels, none);
        var targets = sites.Select(s => (Label: labels[s.State] = il.DefineLabel(), s.Site)).ToList();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, typeof(Frame).GetField(nameof(Frame.State))!);
        il.Emit(OpCodes.Switch, labels);
        il.MarkLabel(none);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
        foreach (var (label, site) in targets)
        {
            il.MarkLabel(label);
            il.Emit(OpCodes.Ldstr, site);
            il.Emit(OpCodes.Ret);
        }
        Type.DefineMethodOverride(getter, declared);
    }
}
