namespace Sigil.Semantics.Symbols;

/// <summary>What makes a type of the library an end of a channel (std only: <c>#[end("producer", "shared", "processes")]</c>).</summary>
/// <param name="IsProducer">It sends; otherwise it receives.</param>
/// <param name="IsShared">It may be cloned, and converts to the plain end of the same role.</param>
/// <param name="CrossesProcesses">An end of <c>ipc_channel</c>: it travels to other processes, and so do the values.</param>
public sealed record ChannelEnd(bool IsProducer, bool IsShared, bool CrossesProcesses)
{
    /// <summary>The end that a shared one converts to.</summary>
    public ChannelEnd Plain => this with { IsShared = false };

    /// <summary>The other, plain end of the same channel.</summary>
    public ChannelEnd Counterpart => new(!IsProducer, IsShared: false, CrossesProcesses);
}
