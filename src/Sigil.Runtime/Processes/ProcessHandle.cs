using Sigil.Runtime.Channels;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Processes;

/// <summary>A process that runs one task. Whoever holds the handle owns the process: when the handle is dropped, it ends.</summary>
public abstract class ProcessHandle : IDroppable
{
    private protected ProcessHandle(ProcessRun run) => Run = run;

    internal ProcessRun Run { get; }

    /// <summary>The operating system's number of the process; 0 for one that never came to be.</summary>
    [Intrinsic("ProcessHandle.id")]
    public long Id => Run.Process?.Id ?? 0;

    /// <summary>Whether the task has not ended yet.</summary>
    [Intrinsic("ProcessHandle.is_alive")]
    public bool IsAlive => Run.Outcome is null;

    /// <summary>Ends the process at once, if the task has not ended.</summary>
    [Intrinsic("ProcessHandle.kill")]
    public void Kill()
    {
        if (Run.Process is not null) Run.Kill(OutcomeKind.Killed);
    }

    /// <summary>Nobody will ask for the outcome any more.</summary>
    public void Drop()
    {
        Kill();
        Run.Outcome?.Discard();
    }
}

/// <summary>A process that runs a task whose value is an <typeparamref name="R"/>.</summary>
public sealed class ProcessHandle<R> : ProcessHandle
{
    private readonly Codec<R> _codec;
    private bool _hadDescriptors;

    internal ProcessHandle(ProcessRun run, Codec<R> codec)
        : base(run) => _codec = codec;

    /// <summary>Blocks until the task has ended.</summary>
    [Intrinsic("ProcessHandle.await_end")]
    public void AwaitEnd()
    {
        if (Run.Outcome is not null) return;
        using (Blocking.Section()) Run.Await();
    }

    /// <summary>Waits until the task has ended, as a leaf operation.</summary>
    [Intrinsic("ProcessHandle.await_end")]
    public Status AwaitEnd(SigilTask task, string site) => ProcessEndFrame.Begin(task, Run, site);

    /// <summary>
    /// After the end: which variant of <c>ProcessError</c> describes it, 0 for a value; the value; message, code, file and place of
    /// creation of a panic; and line and column of it, or the exit code or signal and 0.
    /// </summary>
    [Intrinsic("ProcessHandle.take_end")]
    public (long Kind, Option<R> Value, (string, string, string, string) Texts, (long, long) Numbers) TakeEnd()
    {
        var outcome = Run.Outcome!;
        if (outcome.Kind != OutcomeKind.Finished)
        {
            var panic = outcome.Panicked;
            return ((long)outcome.Kind, default, (outcome.Text, panic?.Code ?? "", panic?.File ?? "", panic?.SpawnedAt ?? ""),
                panic is null ? (outcome.Number, 0) : (panic.Line, panic.Column));
        }

        var descriptors = outcome.Descriptors;
        outcome.Descriptors = [];
        // A plain value can be read again; channel ends have gone to whoever asked first.
        if (_hadDescriptors) return Broken("the channel ends in the value have been taken already");
        _hadDescriptors = descriptors.Length > 0;
        try
        {
            using var attachments = new Attachments();
            foreach (var descriptor in descriptors) attachments.Add(descriptor);
            return (0, Option<R>.Some(Frames.Decode(_codec, outcome.Payload, attachments)), ("", "", "", ""), (0, 0));
        }
        catch (FrameException problem)
        {
            return Broken($"the value that came back cannot be read: {problem.Message}");
        }
    }

    private static (long, Option<R>, (string, string, string, string), (long, long)) Broken(string why) =>
        ((long)OutcomeKind.Protocol, default, (why, "", "", ""), (0, 0));
}
