using System.Runtime.InteropServices;

namespace Sigil.Runtime.Serialization;

/// <summary>File descriptors of the system.</summary>
internal static partial class Descriptor
{
    internal static void Close(int descriptor) => _ = CloseFile(descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int descriptor);
}
