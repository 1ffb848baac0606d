using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Sigil.Runtime.Processes;
using Sigil.Runtime.Tasks;

namespace Sigil.Emit;

/// <summary>An emitted program loaded into this process. Its code stays: collectible code would be slower.</summary>
public sealed class LoadedProgram
{
    private readonly Assembly assembly;
    private readonly Type code;

    private LoadedProgram(Assembly assembly)
    {
        this.assembly = assembly;
        code = assembly.GetType("Sigil.Program.Code", throwOnError: true)!;
    }

    /// <summary>Loads image and symbols; the runtime library is the one of this process.</summary>
    public static LoadedProgram Load(EmittedProgram program)
    {
        if (!program.Succeeded) throw new InvalidOperationException("a program with errors cannot be loaded");
        var context = new AssemblyLoadContext(program.AssemblyName, isCollectible: false);
        context.Resolving += (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        using var image = new MemoryStream([.. program.Image]);
        using var symbols = new MemoryStream([.. program.Symbols]);
        var assembly = context.LoadFromStream(image, symbols);
        ProgramImage.Register(assembly, program.Image.AsMemory(), program.Symbols.AsMemory());
        return new LoadedProgram(assembly);
    }

    /// <summary>Runs <c>@main</c> to its end; the result is the exit code.</summary>
    public int RunMain() => ((Func<int>)Delegate.CreateDelegate(typeof(Func<int>), code.GetMethod("Main")!))();

    /// <summary>A new entry frame of a test.</summary>
    public Frame StartTest(EmittedTest test) => ((Func<Frame>)Delegate.CreateDelegate(typeof(Func<Frame>), code.GetMethod(test.Starter)!))();

    /// <summary>Compiles every method now, so that a mistake of the emitter shows at once; for tests.</summary>
    public void PrepareAll()
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in assembly.GetTypes())
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            foreach (var method in type.GetMethods(all).Cast<MethodBase>().Concat(type.GetConstructors(all)))
                if (!method.IsAbstract) RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }
}
