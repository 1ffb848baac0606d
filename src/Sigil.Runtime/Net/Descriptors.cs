using Sigil.Runtime.Processes;

namespace Sigil.Runtime.Net;

/// <summary>
/// The descriptors that connections must leave to the program and to .NET, which ends the process when it finds none for the start of a thread.
/// </summary>
internal static unsafe class Descriptors
{
    private const int OpenFiles = 7, CloseOnExec = 0x80000;
    private const long Kept = 16;
    private static readonly long highest = FindHighest();

    /// <summary>Whether a connection that has just been accepted is one too many.</summary>
    public static bool AreFew()
    {
        if (!OperatingSystem.IsLinux()) return false;
        // The system gives the lowest number that is free.
        var next = Posix.Open("/dev/null", CloseOnExec, 0);
        Posix.CloseQuietly(next);
        return next < 0 || next > highest;
    }

    private static long FindHighest()
    {
        Posix.Limit limit;
        return Posix.GetLimit(OpenFiles, &limit) == 0 && limit.Soft < long.MaxValue ? (long)limit.Soft - Kept : long.MaxValue;
    }
}
