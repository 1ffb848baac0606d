using System.Reflection;
using System.Runtime.Loader;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;

namespace Sigil.Runtime.Interop;

/// <summary>An object of a C# class that stands for a capability of the program: <c>[capabilities]</c> of sigil.toml.</summary>
public sealed class ForeignProvider
{
    private static readonly Lock gate = new();
    private static readonly Dictionary<string, AssemblyLoadContext> contexts = [];
    private readonly string capability;
    private readonly object target;
    private readonly ForeignConversions conversions = new();

    private ForeignProvider(string capability, object target)
    {
        this.capability = capability;
        this.target = target;
    }

    /// <summary>Makes an object of a class of an assembly; a relative path is one below the program's directory.</summary>
    public static ForeignProvider Open(string capability, string assembly, string type)
    {
        var path = Path.GetFullPath(assembly, AppContext.BaseDirectory);
        try
        {
            AssemblyLoadContext? context;
            lock (gate)
            {
                if (!contexts.TryGetValue(path, out context)) contexts[path] = context = new ForeignContext(path);
            }

            var found = context.LoadFromAssemblyPath(path).GetType(type) ?? throw Failure(capability, $"{Path.GetFileName(path)} has no class {type}");
            return new ForeignProvider(capability, Activator.CreateInstance(found) ?? throw Failure(capability, $"{type} cannot be made"));
        }
        catch (Exception problem) when (problem is IOException or BadImageFormatException or MissingMethodException or MemberAccessException or TargetInvocationException or TypeLoadException)
        {
            throw Failure(capability, (problem as TargetInvocationException)?.InnerException?.Message ?? problem.Message);
        }
    }

    /// <summary>A method as a delegate. What has no value in Sigil is <c>void</c> or <c>ValueTask</c> in C#.</summary>
    public TDelegate Method<TDelegate>(string name) where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => p.ParameterType).ToArray();
        var type = target.GetType();
        var found = type.GetMethod(name, parameters) ?? type.GetInterfaces().Select(i => i.GetMethod(name, parameters)).FirstOrDefault(m => m is not null);
        if (found is null || !IsReturned(found.ReturnType, invoke.ReturnType)) return Converted<TDelegate>(name, parameters);
        try
        {
            if (found.ReturnType == typeof(void)) return (TDelegate)ForeignVoids.Wrap(target, found, parameters, waits: false);
            if (found.ReturnType == typeof(ValueTask)) return (TDelegate)ForeignVoids.Wrap(target, found, parameters[..^1], waits: true);
            return found.CreateDelegate<TDelegate>(target);
        }
        catch (ArgumentException)
        {
            throw Failure(capability, $"{type.FullName}.{name} does not return {invoke.ReturnType}");
        }
    }

    private static bool IsReturned(Type given, Type wanted) => given == wanted || given == typeof(void) || given == typeof(ValueTask);

    // The method speaks of types that were generated from the program's.
    private TDelegate Converted<TDelegate>(string name, Type[] parameters) where TDelegate : Delegate
    {
        var type = target.GetType();
        var why = "";
        foreach (var method in type.GetMethods().Concat(type.GetInterfaces().SelectMany(i => i.GetMethods())).Where(m => m.Name == name && !m.IsGenericMethod && m.GetParameters().Length == parameters.Length))
        {
            try
            {
                return conversions.Delegate<TDelegate>(target, method);
            }
            catch (ForeignMismatchException problem)
            {
                why = $": {problem.Message}";
            }
        }
        throw Failure(capability, $"{type.FullName} has no method {name}({string.Join(", ", parameters.Select(p => p.Name))}){why}");
    }

    /// <summary>Tells of a struct of the program: its C# type, and the property of each field, as <c>field:Property field:Property</c>.</summary>
    public void Struct(RuntimeTypeHandle type, string name, string members) => conversions.AddStruct(Type.GetTypeFromHandle(type)!, name, members);

    /// <summary>Tells of a variant of a sum of the program, as <see cref="Struct"/>.</summary>
    public void Variant(RuntimeTypeHandle sum, string name, int tag, RuntimeTypeHandle variant, string members) =>
        conversions.AddVariant(Type.GetTypeFromHandle(sum)!, name, tag, Type.GetTypeFromHandle(variant)!, members);

    internal static bool IsFault(Exception problem) => problem is not (SigilPanic or OperationCanceledException);

    internal static SigilPanic Fault(string name, Exception problem) =>
        new("E9001", TextIndex.WellFormed($"{name} threw {problem.GetType().Name}: {problem.Message}"), name);

    /// <summary>Runs an operation; whatever it throws but the answer to a cancellation becomes a panic.</summary>
    internal static async ValueTask<R> Guard<R>(string name, CancellationToken cancelled, Func<ValueTask<R>> operation)
    {
        try
        {
            return await operation().ConfigureAwait(false);
        }
        catch (Exception problem) when (IsFault(problem) || !cancelled.IsCancellationRequested)
        {
            throw problem as SigilPanic ?? Fault(name, problem);
        }
    }

    private static SigilPanic Failure(string capability, string why) =>
        new("E9001", TextIndex.WellFormed($"the provider of {capability} cannot be used: {why}"), "sigil.toml");

    /// <summary>Finds what an assembly needs beside it, as its .deps.json says; the runtime is the program's own.</summary>
    private sealed class ForeignContext(string path) : AssemblyLoadContext(Path.GetFileName(path))
    {
        private readonly AssemblyDependencyResolver resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name == typeof(ForeignProvider).Assembly.GetName().Name) return typeof(ForeignProvider).Assembly;
            return resolver.ResolveAssemblyToPath(name) is { } found ? LoadFromAssemblyPath(found) : null;
        }

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;
    }
}
