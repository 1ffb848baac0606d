using System.Text;
using Sigil.Runtime.Processes.Sandbox;

namespace Sigil.Runtime.Processes;

/// <summary>The <c>.limits</c> of a process; the largest value means no limit.</summary>
internal readonly record struct ProcessLimits(long Memory, long CpuNanos, long OpenFiles, long Processes)
{
    internal static ProcessLimits None { get; } = new(long.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue);

    /// <summary>What is wrong with them, or null.</summary>
    internal string? Mistake() =>
        Memory <= 0 ? "the memory limit must be positive"
        : CpuNanos <= 0 ? "the limit of processor time must be positive"
        : OpenFiles < 0 ? "the limit of open files must not be negative"
        : Processes < 0 ? "the limit of processes must not be negative"
        : null;
}

/// <summary>What the <c>Start</c> frame tells a child.</summary>
/// <param name="TaskClass">The class of the task in the program's assembly.</param>
/// <param name="Rights">What it may do.</param>
/// <param name="Mode">How strictly the kernel is to enforce that.</param>
/// <param name="Limits">How much it may use.</param>
/// <param name="Input">The encoded input.</param>
/// <param name="Providers">Providers of capabilities that go along.</param>
internal sealed record ProcessOrder(
    string TaskClass, ProcessRights Rights, SandboxMode Mode, ProcessLimits Limits, byte[] Input, IReadOnlyList<CarriedProvider> Providers)
{
    internal byte[] Encode()
    {
        using var buffer = new MemoryStream(Input.Length + 128);
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(TaskClass);
        writer.Write((byte)Rights);
        writer.Write((byte)Mode);
        writer.Write(Limits.Memory);
        writer.Write(Limits.CpuNanos);
        writer.Write(Limits.OpenFiles);
        writer.Write(Limits.Processes);
        writer.Write(Input.Length);
        writer.Write(Input);
        writer.Write(Providers.Count);
        foreach (var (capability, type, value) in Providers)
        {
            writer.Write(capability);
            writer.Write(type);
            writer.Write(value.Length);
            writer.Write(value);
        }

        writer.Flush();
        return buffer.ToArray();
    }

    internal static ProcessOrder Decode(byte[] data)
    {
        using var reader = new BinaryReader(new MemoryStream(data), Encoding.UTF8);
        var name = reader.ReadString();
        var rights = (ProcessRights)reader.ReadByte();
        var mode = (SandboxMode)reader.ReadByte();
        var limits = new ProcessLimits(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var input = reader.ReadBytes(reader.ReadInt32());
        var providers = new CarriedProvider[reader.ReadInt32()];
        for (var i = 0; i < providers.Length; i++) providers[i] = new CarriedProvider(reader.ReadString(), reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        return new ProcessOrder(name, rights, mode, limits, input, providers);
    }
}
