namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>How strictly the kernel is to enforce what a task's type says: <c>.sandbox</c>.</summary>
public enum SandboxMode
{
    /// <summary>Fully, or the process does not start.</summary>
    ByEffects = 0,

    /// <summary>As far as this kernel can.</summary>
    BestEffort = 1,

    /// <summary>Not at all.</summary>
    None = 2,
}
