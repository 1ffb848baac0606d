using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>
/// A function that can run in another process: the compiler emits one class for each that a program gives to <c>spawn_process</c>. The
/// parent names the class, the child makes an instance of it.
/// </summary>
public abstract class ProcessTask
{
    /// <summary>What the function declares to need, which is what the kernel lets its process do.</summary>
    public abstract ProcessRights Rights { get; }

    /// <summary>Runs the task in this process, which was started for it; the result is the encoded value.</summary>
    internal abstract ChildEnd Execute(byte[] input, int[] descriptors);
}

/// <summary>What a process may do beside computing.</summary>
[Flags]
public enum ProcessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Open files: the function declares <c>FileSystem</c>.</summary>
    Files = 1,

    /// <summary>Open sockets: <c>Http</c> or <c>Network</c>.</summary>
    Network = 2,

    /// <summary>Start processes: <c>Process</c> or <c>ProcessIsolation</c>.</summary>
    Processes = 4,
}

/// <summary>A function that can run in another process.</summary>
/// <typeparam name="T">Its input.</typeparam>
/// <typeparam name="R">Its result.</typeparam>
public abstract class ProcessTask<T, R> : ProcessTask
{
    /// <summary>The frame that runs the function.</summary>
    public abstract Frame<R> Enter(T input);

    /// <summary>Writes an input; the channel ends in it leave this process.</summary>
    public abstract Crossing EncodeInput(T input);

    /// <summary>Reads an input.</summary>
    public abstract T DecodeInput(Crossing crossing);

    /// <summary>Writes a result; the channel ends in it leave this process.</summary>
    public abstract Crossing EncodeResult(R result);

    /// <summary>Reads a result.</summary>
    public abstract R DecodeResult(Crossing crossing);

    internal override ChildEnd Execute(byte[] input, int[] descriptors)
    {
        var frame = Enter(DecodeInput(new Crossing(input, descriptors)));
        var end = ChildRun.ToEnd(frame);
        return end with { Value = end.Status == Status.Completed ? EncodeResult(frame.Result) : default };
    }
}

/// <summary>A value on its way between processes: bytes, and the descriptors of the channel ends in it.</summary>
/// <param name="Bytes">The encoded value.</param>
/// <param name="Descriptors">What travels beside it, in the order in which it is mentioned.</param>
public readonly record struct Crossing(byte[] Bytes, int[] Descriptors);
