using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Dynamic;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Processes;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Functions that other processes run.
internal sealed partial class FunctionEmitter
{
    private const MethodAttributes OverrideAttributes = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final;

    private void EmitProcessTask(ProcessTaskRvalue task, Syntax.TextSpan span)
    {
        context.ProcessTasks.Add(new EmittedProcessTask(task.Name, SiteText(span), (ProcessRights)task.Rights));
        il.Emit(OpCodes.Newobj, DefineProcessTask(task));
        foreach (var (capability, provider) in task.Providers)
        {
            il.Emit(OpCodes.Dup);
            EmitOperand(provider);
            if (InterfaceTypes.HasStandardProvider(capability)) EmitStandardCapability(new StandardCapabilityRvalue(capability));
            else il.Emit(OpCodes.Ldnull);
            il.Emit(OpCodes.Ldstr, capability.ToString());
            il.Emit(OpCodes.Call, typeof(ProcessTask).GetMethod(nameof(ProcessTask.Carry))!);
        }
    }

    /// <summary>In the other process: the provider that came with the task, else the standard one.</summary>
    private void EmitCarriedCapability(StandardCapabilityRvalue capability)
    {
        var type = map.Clr(new DynType([capability.Capability]));
        var hasStandard = InterfaceTypes.HasStandardProvider(capability.Capability);
        il.Emit(OpCodes.Ldstr, capability.Capability.ToString());
        il.Emit(OpCodes.Call, typeof(CarriedProviders).GetMethod(hasStandard ? nameof(CarriedProviders.Find) : nameof(CarriedProviders.Need))!);
        il.Emit(OpCodes.Castclass, type);
        if (!hasStandard) return;
        var hasCome = il.DefineLabel();
        var provider = il.DeclareLocal(type);
        il.Emit(OpCodes.Stloc, provider);
        il.Emit(OpCodes.Ldloc, provider);
        il.Emit(OpCodes.Brtrue, hasCome);
        EmitStandardCapability(capability with { MayHaveCome = false });
        il.Emit(OpCodes.Stloc, provider);
        il.MarkLabel(hasCome);
        il.Emit(OpCodes.Ldloc, provider);
    }

    // The nearest first, and not all of a large program.
    private static List<Instantiation.Instance> Reachable(Instantiation.Instance from)
    {
        const int most = 40;
        var found = new List<Instantiation.Instance> { from };
        for (var i = 0; i < found.Count && found.Count < most; i++)
            foreach (var callee in found[i].Callees)
                if (!found.Contains(callee) && callee.Graph.Kind != MirFunctionKind.TaskSource) found.Add(callee);
        return found;
    }

    /// <summary>The class by whose name another process finds the function.</summary>
    private ConstructorBuilder DefineProcessTask(ProcessTaskRvalue task)
    {
        var body = context.Graph.RequestNested(task.Body, instance);
        var type = (NamedType)Concrete(task.Type);
        Type input = map.Clr(type.Arguments[0]), result = map.Clr(type.Arguments[1]);
        var based = map.Construct(typeof(ProcessTask<,>), [input, result]);
        var made = map.Define("process task", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, based);
        var constructor = made.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, Members.Constructor(based, 0));
        code.Emit(OpCodes.Ret);

        code = Override("get_Rights", typeof(ProcessRights), [], typeof(ProcessTask).GetProperty(nameof(ProcessTask.Rights))!.GetMethod!);
        code.Emit(OpCodes.Ldc_I4, task.Rights);
        code.Emit(OpCodes.Ret);

        code = Override("get_InputCodec", map.Construct(typeof(Runtime.Serialization.Codec<>), [input]), [], Members.Method(based, "get_InputCodec"));
        context.Codecs.Load(code, type.Arguments[0]);
        code.Emit(OpCodes.Ret);

        code = Override("get_ResultCodec", map.Construct(typeof(Runtime.Serialization.Codec<>), [result]), [], Members.Method(based, "get_ResultCodec"));
        context.Codecs.Load(code, type.Arguments[1]);
        code.Emit(OpCodes.Ret);

        code = Override("Enter", map.Construct(typeof(Runtime.Tasks.Frame<>), [result]), [input], Members.Method(based, "Enter"));
        code.Emit(OpCodes.Newobj, body.Frame!.Constructor);
        code.Emit(OpCodes.Dup);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, body.Frame.ParameterField(0));
        code.Emit(OpCodes.Ret);
        code = Override("PrepareCode", typeof(void), [], typeof(ProcessTask).GetMethod(nameof(ProcessTask.PrepareCode))!);
        foreach (var method in Reachable(body))
        {
            code.Emit(OpCodes.Ldtoken, method.Method);
            code.Emit(OpCodes.Call, typeof(System.Runtime.CompilerServices.RuntimeHelpers).GetMethod("PrepareMethod", [typeof(RuntimeMethodHandle)])!);
        }
        code.Emit(OpCodes.Ret);
        return constructor;

        ILGenerator Override(string name, Type returned, Type[] parameters, MethodInfo of)
        {
            var method = made.DefineMethod(name, OverrideAttributes, returned, parameters);
            made.DefineMethodOverride(method, of);
            return method.GetILGenerator();
        }
    }
}
