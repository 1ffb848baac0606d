using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sigil.Runtime.Capabilities;

/// <summary>The few calls of the C library for which .NET offers nothing with the same meaning (shared offsets, atomic directory operations).</summary>
internal static unsafe partial class NativeFiles
{
    public const int NoEntry = 2, Interrupted = 4, TryAgain = 11, AccessDenied = 13, Exists = 17, NotDirectory = 20, IsDirectory = 21,
        BrokenPipe = 32, NotPermitted = 1;

    public static bool IsAvailable { get; } = !OperatingSystem.IsWindows();

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* data, nint length);

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveDirectory(string path);

    /// <summary>Whether a file can be put into the mode in which each write goes to its end; the numbers are those of Linux.</summary>
    public static bool CanAppend { get; } = OperatingSystem.IsLinux();

    /// <summary>From now on each write to the file goes to its end, wherever that is by then.</summary>
    public static void WriteAtEnd(SafeFileHandle file)
    {
        const int SetFlags = 4, Append = 0x400;
        _ = Control(file, SetFlags, Append);
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollEntry* entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>Waits until a descriptor that somebody made non-blocking can go on.</summary>
    public static void WaitReady(int descriptor, bool forWriting)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = (short)(forWriting ? 4 : 1) };
        _ = Poll(&entry, 1, -1);
    }

    /// <summary>Waits until one of two descriptors can be read or has ended, or the time is up; says whether the first is one. A negative one never can.</summary>
    public static bool WaitReadable(int descriptor, int other, int millis)
    {
        const short readable = 1;
        var entries = stackalloc PollEntry[] { new() { Descriptor = descriptor, Events = readable }, new() { Descriptor = other, Events = readable } };
        return Poll(entries, 2, millis) > 0 && entries[0].Returned != 0;
    }
}
