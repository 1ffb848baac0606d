using System.Runtime.CompilerServices;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Processes;

/// <summary>What a process may do beside computing.</summary>
[Flags]
public enum ProcessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Open files: the function declares <c>FileSystem</c>.</summary>
    Files = 1,

    /// <summary>Open sockets: <c>Http</c>.</summary>
    Network = 2,

    /// <summary>Start processes: <c>Process</c> or <c>ProcessIsolation</c>.</summary>
    Processes = 4,
}

/// <summary>
/// A function that can run in another process: the compiler emits one class for each that a program gives to <c>spawn_process</c>. The
/// parent names the class, the child makes an instance of it.
/// </summary>
public abstract class ProcessTask
{
    /// <summary>What the function declares to need, which is what the kernel lets its process do.</summary>
    public abstract ProcessRights Rights { get; }

    /// <summary>What prevents the task from being run elsewhere, or null.</summary>
    internal string? Obstacle { get; private set; }

    /// <summary>The providers that go along, because they are not what the other process has anyway.</summary>
    internal List<CarriedProvider> Providers { get; } = [];

    /// <summary>
    /// Has the provider of a capability go along with the task, unless it is the <paramref name="standard"/> one (null where there is none),
    /// which the other process makes for itself.
    /// </summary>
    public void Carry(object provider, object? standard, string capability)
    {
        try
        {
            if (standard is not null && CarriedProvider.AreSame(provider, standard)) return;
            if (provider is ICarriedProvider carried) Providers.Add(CarriedProvider.Of(carried, capability));
            else Obstacle ??= $"the provider of `{capability}` that `with` gives here cannot cross between processes, because its type is not Serializable";
        }
        catch (FrameException problem)
        {
            Obstacle ??= $"the provider of `{capability}` that `with` gives here cannot cross between processes: {problem.Message}";
        }
    }

    /// <summary>Compiles the code of the task, without running it.</summary>
    public virtual void PrepareCode()
    {
    }

    /// <summary>Makes ready for <see cref="Execute"/>.</summary>
    internal abstract void Rehearse();

    /// <summary>Runs the task in this process, which was started for it; the encoded value goes into <paramref name="end"/>.</summary>
    internal abstract void Execute(ReadOnlyMemory<byte> input, int[] descriptors, ChildEnd end);
}

/// <summary>A function that can run in another process.</summary>
/// <typeparam name="T">Its input.</typeparam>
/// <typeparam name="R">Its result.</typeparam>
public abstract class ProcessTask<T, R> : ProcessTask
{
    /// <summary>Writes and reads the input.</summary>
    public abstract Codec<T> InputCodec { get; }

    /// <summary>Writes and reads the result.</summary>
    public abstract Codec<R> ResultCodec { get; }

    /// <summary>The frame that runs the function.</summary>
    public abstract Frame<R> Enter(T input);

    internal override void Rehearse()
    {
        PrepareCode();
        if (Enter(default!).GetType().GetMethod(nameof(Frame.Resume)) is { } resume) RuntimeHelpers.PrepareMethod(resume.MethodHandle);
        using var attachments = new Attachments();
        _ = Frames.Decode(InputCodec, Frames.Encode(InputCodec, default!, attachments), attachments);
        _ = Frames.Encode(ResultCodec, default!, attachments);
    }

    internal override void Execute(ReadOnlyMemory<byte> input, int[] descriptors, ChildEnd end)
    {
        using var attachments = new Attachments();
        foreach (var descriptor in descriptors) attachments.Add(descriptor);
        var frame = Enter(Frames.Decode(InputCodec, input, attachments));
        ChildRun.ToEnd(frame, end);
        if (end.Status == Status.Completed) end.Value = Frames.Encode(ResultCodec, frame.Result, end.Attachments);
    }
}
