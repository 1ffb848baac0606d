using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>
/// What a child does: it loads the program, gives up everything that its tasks do not declare, waits until it is given one,
/// runs it, and says how it ended. It ends with its parent, however that ends.
/// </summary>
internal static class ChildProgram
{
    private const int ControlDescriptor = 3;

    // Never seen by anybody who is still there.
    private const int Orphaned = 1;

    private static int Main(string[] arguments)
    {
        if (arguments is not [var parent] || !int.TryParse(parent, out var parentId))
        {
            Console.Error.WriteLine("This library runs the isolated processes of Sigil programs; it is no program to be started by hand.");
            return 2;
        }

        DieWith(parentId);
        var control = new ControlSocket(ControlDescriptor);
        const int setFlags = 2, closeOnExec = 1;
        _ = Posix.Control(ControlDescriptor, setFlags, closeOnExec);
        if (control.Read(wait: true, out var load) != ReadOutcome.Frame || load.Kind != FrameKind.Load) return Orphaned;
        var program = Load(load, out var filter, out var likely);
        StandardStreams.Out = new OutputStream(new DescriptorSink(1, isInteractive: true));
        using var hasTask = new ManualResetEvent(false);
        WatchParent(control, hasTask);
        // Whoever is in a hurry has sent the task already.
        if (control.Read(wait: false, out var start) == ReadOutcome.Incomplete)
        {
            Rehearsal.Run(program, likely);
            if (filter is { } rights) Confinement.Filter(rights);
        }

        if (start.Payload is null && (control.Read(wait: true, out start) != ReadOutcome.Frame) || start.Kind != FrameKind.Start) return Orphaned;
        hasTask.Set();
        Run(program, start, control);
        StandardStreams.Flush();
        // Nothing of this process is needed any more: no finalizer, no waiting for threads.
        Posix.Exit(0);
        return 0;
    }

    // The signal follows the thread that started us, and comes only if it had not gone before we asked.
    private static void DieWith(int parent)
    {
        const int parentDeathSignal = 1;
        _ = Posix.ProcessControl(parentDeathSignal, Posix.SigKill, 0, 0, 0);
        if (Posix.ParentId() != parent) Posix.Exit(Orphaned);
    }

    // The end of the socket tells the same where the signal does not reach. Until the task has come, the main thread reads the socket;
    // the watcher waits then, since to start a thread takes longer than to let one go.
    private static void WatchParent(ControlSocket control, ManualResetEvent hasTask) =>
        new Thread(() =>
        {
            hasTask.WaitOne();
            if (control.Read(wait: true, out _) != ReadOutcome.Frame) Posix.Exit(Orphaned);
        }, 256 * 1024)
        { Name = "sigil parent", IsBackground = true }.Start();

    private static Assembly Load(ControlFrame load, out ProcessRights? filter, out string[] likely)
    {
        var lines = Encoding.UTF8.GetString(load.Payload).Split('\n');
        var path = lines[0];
        filter = ChildProfile.DecodeFilter(lines[1]);
        likely = lines[2..];
        if (path.Length > 0) return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        var context = new AssemblyLoadContext("program");
        context.Resolving += static (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        using var image = new MemoryStream(ReadAll(load.Descriptors[0]));
        using var symbols = new MemoryStream(ReadAll(load.Descriptors[1]));
        var program = context.LoadFromStream(image, symbols);
        // Processes that this one starts get the same code.
        ProgramImage.Register(program, image.ToArray(), symbols.ToArray());
        return program;
    }

    // By position: all children share the offset of one open file.
    private static byte[] ReadAll(int descriptor)
    {
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var content = new byte[RandomAccess.GetLength(file)];
        for (var done = 0; done < content.Length;)
        {
            var count = RandomAccess.Read(file, content.AsSpan(done), done);
            if (count == 0) break;
            done += count;
        }

        return content;
    }

    private static void Run(Assembly program, ControlFrame start, ControlSocket control)
    {
        var end = new ChildEnd();
        try
        {
            var order = ProcessOrder.Decode(start.Payload);
            if (Confinement.Apply(order) is { } refusal)
            {
                control.Send(FrameKind.Refused, Encoding.UTF8.GetBytes(refusal));
                return;
            }

            var task = (ProcessTask)Activator.CreateInstance(program.GetType(order.TaskClass, throwOnError: true)!)!;
            if (order.Providers.Count > 0) CarriedProviders.Arrive(order.Providers, program);
            task.Execute(order.Input, start.Descriptors, end);
        }
        catch (OutOfMemoryException)
        {
            control.Send(FrameKind.OutOfMemory, default);
            return;
        }
        catch (Exception problem) when (problem is FrameException)
        {
            control.Send(FrameKind.Refused, Encoding.UTF8.GetBytes($"a value cannot cross between processes: {problem.Message}"));
            return;
        }
        catch (Exception problem)
        {
            end.Status = Status.Panicked;
            end.Panic = InternalFault.AsPanic(problem);
        }

        Tell(end, control);
    }

    /// <summary>Says how the task ended.</summary>
    internal static void Tell(ChildEnd end, ControlSocket control)
    {
        // What the task has written is there before its end is known.
        StandardStreams.Flush();
        switch (end.Status)
        {
            case Status.Completed:
                control.Send(FrameKind.Result, end.Value, [.. end.Attachments.Descriptors]);
                end.Attachments.Sent();
                break;
            case Status.Panicked when end.Panic!.Info.Code == "E9202":
                control.Send(FrameKind.OutOfMemory, default);
                break;
            case Status.Panicked:
                var info = end.Panic!.Info;
                control.Send(FrameKind.Panicked, new PanicFacts(info.Code, info.Message, info.File, info.Line, info.Column, info.SpawnedAt ?? "").Encode());
                break;
        }
    }
}
