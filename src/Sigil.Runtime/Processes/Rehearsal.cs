using System.Reflection;
using System.Runtime.CompilerServices;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>
/// What a waiting child does with its time: it goes through a whole task once, so that the code which the real one needs has been
/// compiled and loaded by then. That is most of what a start costs.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Runs a task of no meaning, and prepares those that the program is likely to ask for.</summary>
    internal static void Run(Assembly program, IEnumerable<string> likely)
    {
        Prepare(typeof(SeccompFilter), nameof(SeccompFilter.Install));
        Prepare(typeof(Confinement), nameof(Confinement.Apply), "Limit");
        Prepare(typeof(ChildProgram), "Run");
        var order = ProcessOrder.Decode(new ProcessOrder("", ProcessRights.None, SandboxMode.ByEffects, ProcessLimits.None, [0], []).Encode());
        if (SystemCalls.OfThisMachine is { } calls) _ = SeccompFilter.Build(calls, order.Rights, 0).ToArray();
        // The stubs of the calls that the filter needs; these two only ask.
        const int getNoNewPrivileges = 39, nothing = -1;
        _ = Posix.ProcessControl(getNoNewPrivileges, 0, 0, 0, 0);
        _ = Posix.SystemCall(nothing, 0, 0, 0, 0);
        var end = new ChildEnd { IsRehearsal = true };
        ((ProcessTask)Activator.CreateInstance(typeof(Echo), nonPublic: true)!).Execute(order.Input, [], end);
        Converse(end);
        foreach (var name in likely) Prepare(program, name);
    }

    private static void Prepare(Assembly program, string name)
    {
        try
        {
            if (program.GetType(name) is { } type && Activator.CreateInstance(type) is ProcessTask task) task.Rehearse();
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // Nobody has asked for it yet; if somebody does, they will hear of it.
        }
    }

    private static void Prepare(Type type, params ReadOnlySpan<string> methods)
    {
        foreach (var name in methods)
            if (type.GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic) is { } method) RuntimeHelpers.PrepareMethod(method.MethodHandle);
    }

    // Both directions of the control socket, with nobody at the other end.
    private static void Converse(ChildEnd end)
    {
        var (mine, theirs) = Posix.SocketPair();
        var (here, there) = (new ControlSocket(mine), new ControlSocket(theirs));
        ChildProgram.Tell(end, here);
        there.Read(wait: true, out _);
        here.Close();
        there.Close();
    }

    private sealed class Echo : ProcessTask<long, long>
    {
        public override ProcessRights Rights => ProcessRights.None;

        public override Codec<long> InputCodec { get; } = new IntCodec();

        public override Codec<long> ResultCodec => InputCodec;

        public override Frame<long> Enter(long input) => new EchoFrame { Result = input };
    }

    private sealed class EchoFrame : Frame<long>
    {
        public override Status Resume(SigilTask task) => Status.Completed;
    }
}
