using System.Runtime.InteropServices;

namespace Sigil.Runtime.Ipc;

/// <summary>The system calls behind channels between processes. Constants are those of Linux.</summary>
internal static unsafe partial class Libc
{
    internal const int ProtRead = 1;
    internal const int ProtReadWrite = 3;
    internal const int MapShared = 1;
    internal const int MapFixed = 0x10;
    internal const int MapPrivateAnonymousNoReserve = 0x02 | 0x20 | 0x4000;
    internal const uint MemfdCloseOnExecAllowSealing = 3;
    internal const int AddSeals = 1033;
    internal const int GetSeals = 1034;
    internal const int SealSealShrinkGrow = 1 | 2 | 4;
    internal const int SealShrink = 2;
    internal const int OfdGetLock = 36;
    internal const int OfdSetLock = 37;
    internal const int DuplicateCloseOnExec = 1030;
    internal const int OpenReadOnlyCloseOnExec = 0x80000;
    internal const int OpenReadWriteCloseOnExec = 0x80002;
    internal const int AddressFamilyUnix = 1;
    internal const int SequencedPacketsNonBlockingCloseOnExec = 5 | 0x800 | 0x80000;
    internal const int EventNonBlockingCloseOnExec = 0x800 | 0x80000;
    internal const int MessageNoSignal = 0x4000;
    internal const int MessageDontWait = 0x40;
    internal const int MessageCloseOnExec = 0x40000000;
    internal const int Again = 11;
    internal const int Interrupted = 4;
    internal const int SeekEnd = 2;
    internal const int Kill9 = 9;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate(int file, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(int file, long offset, int origin);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    internal static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    internal static partial int Unmap(nint address, nuint length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    internal static partial int Control(int file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "socketpair", SetLastError = true)]
    internal static partial int SocketPair(int domain, int type, int protocol, int* sockets);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    internal static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    internal static partial nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int file, void* bytes, nuint count);

    [LibraryImport("libc", EntryPoint = "pread", SetLastError = true)]
    internal static partial nint ReadAt(int file, void* bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    internal static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    internal static partial int ControlPoll(int poll, int operation, int file, byte* change);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    internal static partial int WaitPoll(int poll, byte* events, int max, int timeoutMillis);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollEntry* entries, nuint count, int timeoutMillis);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "getpid")]
    internal static partial int ProcessId();

    /// <summary>The result of a call that must not fail.</summary>
    internal static int Checked(int result, string what) =>
        result >= 0 ? result : throw new IpcSystemException(what, Marshal.GetLastPInvokeError());

    internal static int Duplicate(int file) => Checked(Control(file, DuplicateCloseOnExec, 3), "duplicate a descriptor");

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int File;
        internal short Wanted;
        internal short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Vector
    {
        internal void* Base;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct MessageHeader
    {
        internal void* Name;
        internal uint NameLength;
        internal Vector* Vectors;
        internal nuint VectorCount;
        internal void* Control;
        internal nuint ControlLength;
        internal int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct FileLock
    {
        internal short Type;
        internal short Whence;
        internal long Start;
        internal long Length;
        internal int Process;
    }
}

/// <summary>The system refused something that a channel between processes needs.</summary>
internal sealed class IpcSystemException(string what, int error)
    : Exception($"cannot {what}: {Marshal.GetPInvokeErrorMessage(error)}")
{
    internal int Error => error;
}
