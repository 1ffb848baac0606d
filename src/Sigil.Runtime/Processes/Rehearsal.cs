using System.Reflection;
using System.Text;
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
        Converse();
        var order = ProcessOrder.Decode(new ProcessOrder("", ProcessRights.None, SandboxMode.ByEffects, ProcessLimits.None, [0]).Encode());
        if (SystemCalls.OfThisMachine is { } calls) _ = SeccompFilter.Build(calls, order.Rights, 0);
        new Echo().Execute(order.Input, [], new ChildEnd());
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

    // Both directions of the control socket, with nobody at the other end.
    private static void Converse()
    {
        var (mine, theirs) = Posix.SocketPair();
        var (here, there) = (new ControlSocket(mine), new ControlSocket(theirs));
        here.Send(FrameKind.Result, Encoding.UTF8.GetBytes("x"));
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
