using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Sigil.Emit.Codecs;
using Sigil.Emit.Dynamic;
using Sigil.Emit.Functions;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Intrinsics;
using Sigil.Emit.Suspension;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Emit;

/// <summary>A function that is started from outside: <c>@main</c> or a test.</summary>
/// <param name="Name">How it is found in the emitted program.</param>
/// <param name="Graph">A concrete function without parameters; of kind Entry for <c>@main</c>.</param>
public sealed record EmitEntry(string Name, MirFunction Graph);

/// <summary>Turns the code reachable from some entries into one .NET assembly.</summary>
public sealed class AssemblyEmitter
{
    private const int StackBytes = 256 * 1024 * 1024;

    private readonly MirProgram program;
    private readonly string name;
    private readonly DiagnosticBag diagnostics = new();

    private readonly bool checksOwners;

    private AssemblyEmitter(MirProgram program, string name, bool checksOwners)
    {
        this.checksOwners = checksOwners;
        this.program = program;
        this.name = name;
    }

    /// <summary>Emits <paramref name="main"/> (if any) and the tests. On errors the result has diagnostics and no image.</summary>
    /// <param name="program">The graphs.</param>
    /// <param name="name">The assembly's.</param>
    /// <param name="main">What runs.</param>
    /// <param name="tests">What else can be started.</param>
    /// <param name="checksOwners">The program asks the runtime who owns what it touches: <see cref="Runtime.Ownership.Owners"/>.</param>
    public static EmittedProgram Emit(MirProgram program, string name, EmitEntry? main, IReadOnlyList<EmitEntry> tests, bool checksOwners = false)
    {
        // Types and bodies nest as deeply as programs do; the caller's stack may be small.
        EmittedProgram? result = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = new AssemblyEmitter(program, name, checksOwners).Run(main, tests);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }, StackBytes)
        { Name = "sigil emit" };
        thread.Start();
        thread.Join();
        if (failure is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        return result!;
    }

    private EmittedProgram Run(EmitEntry? main, IReadOnlyList<EmitEntry> tests)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        // Optimised code also when a debugger's defaults would say otherwise.
        var module = assembly.DefineDynamicModule(name);
        var code = module.DefineType("Sigil.Program.Code", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit);

        var map = new TypeMap(module, program.Semantics.Types);
        var graph = new InstanceGraph(program, map, diagnostics);
        var sharing = new SharingRules(map);
        var equality = new EqualityMethods(map) { Graph = graph };
        var completion = new TypeCompletion(map, sharing);
        map.Interfaces = new InterfaceTypes(graph, map);
        graph.Closures = new ClosureClasses(graph);
        var codecs = new CodecTable(map, completion) { Graph = graph };
        graph.Codecs = codecs;
        graph.Intrinsics = new IntrinsicTable(map, equality, codecs);
        var context = new EmitContext
        {
            Graph = graph,
            Map = map,
            Sharing = sharing,
            Drops = new DropMethods(map, code),
            DeepCopies = new DeepCopyMethods(map, code, completion),
            Completion = completion,
            Equality = equality,
            Documents = new DocumentTable(module),
            Outcomes = new TaskOutcomes(map, code, completion),
            Panics = new PanicSites(code),
            Codecs = codecs,
            ChecksOwners = checksOwners,
        };

        var roots = new List<(EmitEntry Entry, Instance Instance)>();
        foreach (var entry in main is null ? tests : [main, .. tests])
        {
            var instance = graph.RequestSynthesised(entry.Graph, false, null);
            context.Roots.Add(instance);
            roots.Add((entry, instance));
        }
        Discover(graph, equality);
        if (diagnostics.HasErrors) return new EmittedProgram { Diagnostics = diagnostics.ToImmutable() };

        EmitAll(context, code);
        var entryPoints = roots.Select(r => EmitStarter(r.Entry, r.Instance, code, context)).ToImmutableArray();
        MethodBuilder? start = null;
        if (main is not null) start = EmitMain(code, roots[0].Instance, entryPoints[0].Method);
        Finish(context, code);

        var (pe, pdb) = Serialize(assembly, start);
        return new EmittedProgram
        {
            Image = pe,
            Symbols = pdb,
            AssemblyName = name,
            HasMain = main is not null,
            ProcessTasks = [.. context.ProcessTasks],
            Tests = [.. tests.Select((t, i) => new EmittedTest(t.Name, entryPoints[i + (main is null ? 0 : 1)].Method.Name))],
        };
    }

    private void Discover(InstanceGraph graph, EqualityMethods equality)
    {
        do graph.Drain();
        while (!diagnostics.HasErrors && (equality.Request() | graph.Map.Interfaces.RequestCarried()));
        if (diagnostics.HasErrors) return;
        CallGraph.SpreadSuspension(graph.All);
        CallGraph.MarkCycles(graph.All, type => graph.Closures.BodiesOf(type).Concat(graph.Map.Interfaces.BodiesOf(type)));
    }

    private void EmitAll(EmitContext context, TypeBuilder code)
    {
        var graph = context.Graph;
        var declared = 0;
        var emitted = 0;
        // Emission may find that further types are compared; their impls never suspend.
        while (true)
        {
            for (; declared < graph.All.Count; declared++) Declare(graph.All[declared], context, code);
            if (emitted == graph.All.Count)
            {
                if (!context.Equality.Request()) break;
                Discover(graph, context.Equality);
                continue;
            }
            for (; emitted < declared; emitted++) new FunctionEmitter(context, graph.All[emitted]).Emit();
        }
    }

    private static void Declare(Instance instance, EmitContext context, TypeBuilder code)
    {
        var map = context.Map;
        if (instance.Graph.Kind == MirFunctionKind.TaskSource)
        {
            instance.Source = new SourceClass(map, instance, instance.ElementType!);
            instance.Method = code.DefineMethod(instance.Name, MethodAttributes.Public | MethodAttributes.Static, typeof(bool), [instance.Source.Type, instance.Source.Entry.MakeByRefType()]);
            return;
        }
        var isVoid = map.IsVoid(instance.ReturnType);
        var parameters = new List<Type>();
        if (instance.Suspends) parameters.Add(typeof(SigilTask));
        foreach (var local in instance.Signature)
        {
            var type = map.Clr(instance.LocalTypes[local.Index]);
            parameters.Add(local.Mode != MirParameterMode.BorrowMutable ? type
                : instance.Suspends ? map.Construct(typeof(Cell<>), [type]) : type.MakeByRefType());
        }
        if (instance.Suspends)
        {
            if (!isVoid) parameters.Add(map.Clr(instance.ReturnType).MakeByRefType());
            parameters.Add(typeof(Frame));
        }
        if (instance.Suspends || context.IsTaskEntry(instance)) instance.Frame = new FrameClass(map, instance);
        instance.Method = code.DefineMethod(instance.Name, MethodAttributes.Public | MethodAttributes.Static,
            instance.Suspends ? typeof(Status) : map.ClrResult(instance.ReturnType), [.. parameters]);
        // The body of a lambda has one caller, its object's entry.
        if (instance.Graph.Kind == MirFunctionKind.Lambda && !instance.Suspends) instance.Method.SetImplementationFlags(MethodImplAttributes.AggressiveInlining);
    }

    /// <summary>A method that makes the entry frame of a root.</summary>
    private static (EmitEntry Entry, MethodBuilder Method) EmitStarter(EmitEntry entry, Instance instance, TypeBuilder code, EmitContext context)
    {
        var method = code.DefineMethod("start " + context.Map.UniqueName(entry.Name), MethodAttributes.Public | MethodAttributes.Static, typeof(Frame), []);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Newobj, instance.Frame!.Constructor);
        il.Emit(OpCodes.Ret);
        return (entry, method);
    }

    private static MethodBuilder EmitMain(TypeBuilder code, Instance main, MethodBuilder starter)
    {
        var method = code.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []);
        var il = method.GetILGenerator();
        if (main.Suspends)
        {
            il.Emit(OpCodes.Call, starter);
            il.Emit(OpCodes.Call, typeof(SigilProgram).GetMethod(nameof(SigilProgram.RunMain), [typeof(Frame)])!);
            il.Emit(OpCodes.Ret);
            return method;
        }
        var plain = code.DefineMethod("RunPlain", MethodAttributes.Public | MethodAttributes.Static, typeof(int), []);
        var body = plain.GetILGenerator();
        body.Emit(OpCodes.Call, main.Method);
        if (main.Method.ReturnType == typeof(void)) body.Emit(OpCodes.Ldc_I4_0);
        else body.Emit(OpCodes.Conv_I4);
        body.Emit(OpCodes.Ret);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ldftn, plain);
        il.Emit(OpCodes.Newobj, typeof(Func<int>).GetConstructors()[0]);
        il.Emit(OpCodes.Call, typeof(SigilProgram).GetMethod(nameof(SigilProgram.RunMain), [typeof(Func<int>)])!);
        il.Emit(OpCodes.Ret);
        return method;
    }

    private static void Finish(EmitContext context, TypeBuilder code)
    {
        var map = context.Map;
        context.Equality.Complete();
        context.Codecs.Complete();
        foreach (var closure in context.Graph.Closures.All) context.Graph.Closures.EmitEntries(closure, context.Drops);
        foreach (var adapter in map.Interfaces.Adapters) map.Interfaces.EmitAdapter(adapter);
        map.Interfaces.EmitForeign();
        foreach (var instance in context.Graph.All)
        {
            instance.Frame?.Complete(context.Drops);
            instance.Source?.Complete(context.Drops);
        }
        context.DeepCopies.Complete();
        context.Completion.Complete(context.Drops);
        context.Drops.Complete();
        context.Panics.Complete();
        code.CreateType();
        for (var i = 0; i < map.Emitted.Count; i++) map.Emitted[i].CreateType();
    }

    private static (ImmutableArray<byte> Image, ImmutableArray<byte> Symbols) Serialize(PersistedAssemblyBuilder assembly, MethodBuilder? start)
    {
        var metadata = assembly.GenerateMetadata(out var ilStream, out var fieldData, out var pdb);
        var entry = start is null ? default : MetadataTokens.MethodDefinitionHandle(start.MetadataToken);
        var symbols = new BlobBuilder();
        var portable = new PortablePdbBuilder(pdb, metadata.GetRowCounts(), entry);
        var id = portable.Serialize(symbols);
        var debug = new DebugDirectoryBuilder();
        debug.AddCodeViewEntry("program.pdb", id, portable.FormatVersion);
        var pe = new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: start is null ? Characteristics.ExecutableImage | Characteristics.Dll : Characteristics.ExecutableImage),
            new MetadataRootBuilder(metadata), ilStream, fieldData, debugDirectoryBuilder: debug, entryPoint: entry);
        var image = new BlobBuilder();
        pe.Serialize(image);
        return (image.ToImmutableArray(), symbols.ToImmutableArray());
    }
}
