using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Sigil.Cli;

/// <summary>
/// How many files this process may still open. With too few, .NET cannot load its own parts, and not even say so: whoever finds out must do it
/// before, with calls that load nothing.
/// </summary>
internal static partial class DescriptorLimit
{
    // What compiling and running a small program opens, with some for the program itself.
    private const int Needed = 64;

    // Above this nobody has to count.
    private const ulong Ample = 512;

    private const int OpenFiles = 7, DescriptorFlags = 1;

    /// <summary>Whether too few are left, which is reported.</summary>
    public static bool IsTooLow()
    {
        if (!OperatingSystem.IsLinux()) return false;
        Span<ulong> limits = stackalloc ulong[2];
        if (GetLimit(OpenFiles, ref MemoryMarshal.GetReference(limits)) != 0 || limits[0] >= Ample) return false;
        var free = 0;
        for (var i = 0; i < (int)limits[0]; i++)
            if (Control(i, DescriptorFlags, 0) < 0) free++;
        if (free >= Needed) return false;
        var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"error[E9104]: too few files may be open: the limit is {limits[0]}, {free} of them are free, and sigil needs {Needed}\n  = help: raise it, for example with `ulimit -n 1024`\n"));
        _ = Write(2, ref MemoryMarshal.GetReference(message.AsSpan()), message.Length);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ref ulong softAndHard);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, ref byte data, nint length);
}
