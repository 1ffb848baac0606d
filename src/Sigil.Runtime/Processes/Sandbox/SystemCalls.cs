using System.Runtime.InteropServices;

namespace Sigil.Runtime.Processes.Sandbox;

/// <summary>The numbers of the system calls that a confined process may not make, for one processor architecture.</summary>
/// <param name="Architecture">The audit architecture that a filter compares with.</param>
/// <param name="Never">What no task needs and what reaches into other processes or the kernel.</param>
/// <param name="Sockets">What opens a way to the network.</param>
/// <param name="Programs">What starts another program or copies this one.</param>
/// <param name="Copy">Also makes threads, so its flags decide.</param>
/// <param name="Signals">Whose first argument is a process.</param>
/// <param name="Seccomp">Installs a filter.</param>
internal sealed record SystemCalls(uint Architecture, uint[] Never, uint[] Sockets, uint[] Programs, uint Copy, uint[] Signals, uint Seccomp)
{
    /// <summary>Has its flags in memory, where no filter can look: said not to exist, so that the C library uses the older one.</summary>
    internal const uint Clone3 = 435;

    private static readonly uint[] s_newer =
    [
        425, 426, 427, // io_uring: does everything else on the caller's behalf, past the filter
        424, 438, // signals and descriptors through pidfds
        428, 429, 430, 431, 432, 442, // mounts
    ];

    /// <summary>Those of this machine; null on one that we do not know.</summary>
    internal static SystemCalls? OfThisMachine { get; } = RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => new SystemCalls(
            0xC000003E,
            [.. s_newer, 101, 310, 311, 312, 321, 298, 323, 165, 166, 272, 308, 155, 161, 248, 249, 250, 175, 176, 313, 246, 320, 169, 167, 168, 304, 200, 129],
            [41, 42, 43, 49, 50, 288],
            [57, 58, 59, 322],
            56,
            [62, 234],
            317),
        System.Runtime.InteropServices.Architecture.Arm64 => new SystemCalls(
            0xC00000B7,
            [.. s_newer, 117, 270, 271, 272, 280, 241, 282, 40, 39, 97, 268, 41, 51, 217, 218, 219, 105, 106, 273, 104, 294, 142, 224, 225, 265, 130, 138],
            [198, 200, 201, 202, 203, 242],
            [221, 281],
            220,
            [129, 131],
            277),
        _ => null,
    };
}
