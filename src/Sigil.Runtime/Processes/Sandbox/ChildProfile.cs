using System.Globalization;

namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>What a child gives up for good before it is given a task: it can only ever become stricter.</summary>
/// <param name="Rights">What it keeps.</param>
/// <param name="IsFiltered">Whether a filter keeps it from the system calls of other rights.</param>
internal readonly record struct ChildProfile(ProcessRights Rights, bool IsFiltered)
{
    private const ProcessRights BySpawner = ProcessRights.Files | ProcessRights.Network;

    /// <summary>What is decided by the thread that starts the child.</summary>
    internal ProcessRights OfSpawner => Rights & BySpawner;

    /// <summary>The profile of a task.</summary>
    /// <exception cref="ProcessStartException">The kernel lacks what the mode demands.</exception>
    internal static ChildProfile Of(ProcessRights rights, SandboxMode mode)
    {
        if (mode == SandboxMode.None) return new ChildProfile(BySpawner, IsFiltered: false);
        if (rights.HasFlag(ProcessRights.Files) || Landlock.IsSupported) return new ChildProfile(rights, IsFiltered: true);
        return mode == SandboxMode.BestEffort ? new ChildProfile(rights | ProcessRights.Files, IsFiltered: true) : throw new ProcessStartException(Landlock.Missing);
    }

    /// <summary>As a child is told it.</summary>
    internal string Encode() => IsFiltered ? ((int)Rights).ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>The rights that the filter leaves; null when there is none.</summary>
    internal static ProcessRights? DecodeFilter(string text) => int.TryParse(text, CultureInfo.InvariantCulture, out var rights) ? (ProcessRights)rights : null;
}
