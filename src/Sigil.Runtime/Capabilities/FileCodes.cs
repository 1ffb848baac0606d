using System.Runtime.InteropServices;
using Sigil.Runtime.Text;

namespace Sigil.Runtime.Capabilities;

/// <summary>The codes that std.fs turns into <c>FileError</c>; the text is the path, or the message of <c>IoError</c>.</summary>
public static class FileCodes
{
    /// <summary><c>NotFound(path)</c>.</summary>
    public const long NotFound = 1;

    /// <summary><c>PermissionDenied(path)</c>.</summary>
    public const long PermissionDenied = 2;

    /// <summary><c>IsDirectory(path)</c>.</summary>
    public const long IsDirectory = 3;

    /// <summary><c>NotDirectory(path)</c>.</summary>
    public const long NotDirectory = 4;

    /// <summary><c>AlreadyExists(path)</c>.</summary>
    public const long AlreadyExists = 5;

    /// <summary><c>IoError(message)</c>.</summary>
    public const long IoError = 6;

    /// <summary>What went wrong with a path, told by .NET.</summary>
    internal static (long Code, string Text) Of(Exception problem, string path) => problem switch
    {
        FileNotFoundException => (NotFound, path),
        DirectoryNotFoundException => (HasFileAsParent(path) ? NotDirectory : NotFound, path),
        UnauthorizedAccessException => (Directory.Exists(path) ? IsDirectory : PermissionDenied, path),
        PathTooLongException => (IoError, "the path is too long"),
        IOException when (problem.HResult & 0xFFFF) == NativeFiles.Exists => (AlreadyExists, path),
        IOException when Directory.Exists(path) => (IsDirectory, path),
        IOException when HasFileAsParent(path) => (NotDirectory, path),
        ArgumentException => (path.Length == 0 ? NotFound : IoError, path.Length == 0 ? path : "the path is not valid"),
        OutOfMemoryException => (IoError, "the file is too large"),
        _ => (IoError, TextIndex.WellFormed(problem.Message)),
    };

    /// <summary>What went wrong with a path, told by the system.</summary>
    internal static (long Code, string Text) OfError(int error, string path) => error switch
    {
        0 => (0, ""),
        NativeFiles.NoEntry => (NotFound, path),
        NativeFiles.AccessDenied or NativeFiles.NotPermitted => (PermissionDenied, path),
        NativeFiles.Exists => (AlreadyExists, path),
        NativeFiles.NotDirectory => (NotDirectory, path),
        NativeFiles.IsDirectory => (IsDirectory, path),
        _ => (IoError, Marshal.GetPInvokeErrorMessage(error)),
    };

    /// <summary>Whether .NET may fail so and we answer with a code instead.</summary>
    internal static bool IsExpected(Exception problem) => problem
        is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
        or System.Security.SecurityException or OutOfMemoryException or ObjectDisposedException;

    private static bool HasFileAsParent(string path)
    {
        try
        {
            for (var parent = Path.GetDirectoryName(path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
            {
                if (Directory.Exists(parent))
                    return false;
                if (File.Exists(parent))
                    return true;
            }
        }
        catch (ArgumentException)
        {
            return false;
        }
        return false;
    }
}
