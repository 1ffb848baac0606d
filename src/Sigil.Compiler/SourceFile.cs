using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sigil.Compiler;

/// <summary>Reads files that are meant to be sources, whatever they turn out to be: a pipe, a device, something endless.</summary>
public static partial class SourceFile
{
    /// <summary>The size that no source has.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>The bytes of a file.</summary>
    /// <exception cref="IOException">It cannot be read, is no ordinary file, or is larger than <see cref="MaxLength"/>.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path)
    {
        using var file = Open(path);
        var bytes = new byte[Math.Min(file.Length, MaxLength) + 1];
        var length = 0;
        while (file.Read(bytes, length, bytes.Length - length) is > 0 and var count)
        {
            length += count;
            if (length > MaxLength) throw new IOException($"it is larger than {MaxLength >> 20} MB");
            if (length == bytes.Length) Array.Resize(ref bytes, Math.Min(Math.Max(2 * length, 4096), MaxLength + 1));
        }
        Array.Resize(ref bytes, length);
        return bytes;
    }

    /// <summary>The beginning of a file's first line, as far as a short comment reaches, without blanks around it; empty when it cannot be read.</summary>
    public static string FirstLine(string path)
    {
        try
        {
            using var file = Open(path);
            Span<byte> bytes = stackalloc byte[256];
            var text = Encoding.UTF8.GetString(bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)]);
            return text.Split('\n', 2)[0].Trim('\uFEFF').Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return ""; }
    }

    // Opening a pipe waits for somebody who writes into it, unless it is opened so.
    private static FileStream Open(string path)
    {
        if (OperatingSystem.IsWindows()) return File.OpenRead(path);
        var descriptor = Open(path, OperatingSystem.IsLinux() ? LinuxNonBlocking : BsdNonBlocking);
        if (descriptor < 0 || Directory.Exists(path))
        {
            if (descriptor >= 0) new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
            // .NET knows best what to say.
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        var file = new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), FileAccess.Read, bufferSize: 0);
        if (file.CanSeek) return file;
        file.Dispose();
        throw new IOException("it is no ordinary file");
    }

    // O_NONBLOCK | O_CLOEXEC.
    private const int LinuxNonBlocking = 0x800 | 0x80000, BsdNonBlocking = 0x4 | 0x1000000;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
