using System.Runtime.InteropServices;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>std.fs on the real file system. No operation throws; see <see cref="FileCodes"/>.</summary>
public static partial class Files
{
    private const long NanosPerTick = 100;

    /// <summary>The text of a file; invalid UTF-8 is an <c>IoError</c>.</summary>
    [Intrinsic("fs.read_text")]
    public static (long Code, string Value, string Text) ReadText(string path)
    {
        var (code, bytes, text) = Try(path, Array.Empty<byte>(), static path => File.ReadAllBytes(path));
        if (code != 0)
            return (code, "", text);
        var content = bytes.AsSpan();
        if (content.StartsWith("\uFEFF"u8))
            content = content[3..];
        var decoded = StringOps.FromUtf8(content);
        return decoded.Code == 0 ? decoded : (FileCodes.IoError, "", decoded.Text);
    }

    /// <summary>The bytes of a file.</summary>
    [Intrinsic("fs.read_bytes")]
    public static (long Code, SigilList<byte> Value, string Text) ReadBytes(string path)
    {
        var (code, bytes, text) = Try(path, Array.Empty<byte>(), static path => File.ReadAllBytes(path));
        return (code, code == 0 ? SigilList<byte>.Of(bytes) : SigilList<byte>.Empty, text);
    }

    /// <summary>Replaces a file's content, or makes the file.</summary>
    [Intrinsic("fs.write_text")]
    public static (long Code, string Text) WriteText(string path, string content) =>
        TryDo(path, () => File.WriteAllBytes(path, System.Text.Encoding.UTF8.GetBytes(content)));

    /// <summary>Replaces a file's content, or makes the file.</summary>
    [Intrinsic("fs.write_bytes"), ReadsOnly]
    public static (long Code, string Text) WriteBytes(string path, SigilList<byte> content) =>
        TryDo(path, () => File.WriteAllBytes(path, content.Span));

    /// <summary>Adds to a file's end, or makes the file.</summary>
    [Intrinsic("fs.append_text")]
    public static (long Code, string Text) AppendText(string path, string content) =>
        TryDo(path, () =>
        {
            using var file = SigilFile.OpenToWrite(path, appends: true);
            file.Write(System.Text.Encoding.UTF8.GetBytes(content));
        });

    /// <summary>Whether there is a file or directory.</summary>
    [Intrinsic("fs.path_exists")]
    public static bool Exists(string path) => Path.Exists(path);

    /// <summary>
    /// Size in bytes, whether a file, a directory, a symbolic link, and the times of change and creation in nanoseconds since 1970.
    /// A link is followed for all but the third.
    /// </summary>
    [Intrinsic("fs.path_metadata")]
    public static (long Code, (long Size, bool IsFile, bool IsDirectory, bool IsLink, long Modified, long Created) Value, string Text) Metadata(string path) =>
        Try(path, default((long, bool, bool, bool, long, long)), static path =>
        {
            FileSystemInfo info = new FileInfo(path);
            if (!info.Exists && (info.Attributes == (FileAttributes)(-1) || (info.Attributes & FileAttributes.Directory) != 0))
                info = new DirectoryInfo(path);
            if (!info.Exists && info.LinkTarget == null)
                throw new FileNotFoundException();
            var target = info.LinkTarget == null ? info : info.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true } end ? end : info;
            var isDirectory = target is DirectoryInfo;
            return (isDirectory || !target.Exists ? 0 : new FileInfo(target.FullName).Length, !isDirectory, isDirectory, info.LinkTarget != null,
                UnixNanos(target.LastWriteTimeUtc), UnixNanos(target.CreationTimeUtc));
        });

    /// <summary>Name, path and whether it is a directory, of everything in a directory, by name.</summary>
    [Intrinsic("fs.list_dir")]
    public static (long Code, SigilList<(string Name, string Path, bool IsDirectory)> Value, string Text) List(string directory)
    {
        var (code, entries, text) = Try(directory, Array.Empty<(string, string, bool)>(), static directory =>
        {
            if (File.Exists(directory))
                throw new DirectoryNotFoundException();
            return new DirectoryInfo(directory).EnumerateFileSystemInfos()
                .Select(entry => (TextIndex.WellFormed(entry.Name), TextIndex.WellFormed(Path.Combine(directory, entry.Name)), entry is DirectoryInfo))
                .ToArray();
        });
        if (code == FileCodes.NotFound && File.Exists(directory))
            return (FileCodes.NotDirectory, SigilList<(string, string, bool)>.Empty, directory);
        if (code != 0)
            return (code, SigilList<(string, string, bool)>.Empty, text);
        Array.Sort(entries, static (a, b) => StringOps.Compare(a.Item1, b.Item1));
        return (0, SigilList<(string, string, bool)>.Of(entries), "");
    }

    /// <summary>Makes one directory; its parent must be there.</summary>
    [Intrinsic("fs.make_dir")]
    public static (long Code, string Text) CreateDirectory(string path)
    {
        if (NativeFiles.IsAvailable)
            return Call(path, static path => NativeFiles.MakeDirectory(path, 0x1FF));
        if (Path.Exists(path))
            return (FileCodes.AlreadyExists, path);
        return Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))
            ? TryDo(path, () => Directory.CreateDirectory(path))
            : (FileCodes.NotFound, path);
    }

    /// <summary>Removes a file.</summary>
    [Intrinsic("fs.delete_file")]
    public static (long Code, string Text) Delete(string path)
    {
        if (!NativeFiles.IsAvailable)
            return File.Exists(path) ? TryDo(path, () => File.Delete(path)) : (Directory.Exists(path) ? FileCodes.IsDirectory : FileCodes.NotFound, path);
        var outcome = Call(path, NativeFiles.Unlink);
        return outcome.Code == FileCodes.PermissionDenied && Directory.Exists(path) ? (FileCodes.IsDirectory, path) : outcome;
    }

    /// <summary>Removes an empty directory.</summary>
    [Intrinsic("fs.delete_dir")]
    public static (long Code, string Text) DeleteDirectory(string path)
    {
        if (NativeFiles.IsAvailable)
            return Call(path, NativeFiles.RemoveDirectory);
        return File.Exists(path) ? (FileCodes.NotDirectory, path) : TryDo(path, () => Directory.Delete(path));
    }

    /// <summary>Renames or moves within a file system; an existing file is replaced.</summary>
    [Intrinsic("fs.move_path")]
    public static (long Code, string Text) Rename(string from, string to)
    {
        if (!NativeFiles.IsAvailable)
            return TryDo(from, () => (Directory.Exists(from) ? (Action)(() => Directory.Move(from, to)) : () => File.Move(from, to, overwrite: true))());
        if (IsUnusable(from) || IsUnusable(to))
            return Unusable(IsUnusable(from) ? from : to);
        if (NativeFiles.Rename(from, to) == 0)
            return (0, "");
        var error = Marshal.GetLastPInvokeError();
        return FileCodes.OfError(error, error == NativeFiles.NoEntry && !Path.Exists(from) ? from : error == NativeFiles.NoEntry ? to : from);
    }

    internal static long UnixNanos(DateTime utc) => (utc.Ticks - DateTime.UnixEpoch.Ticks) * NanosPerTick;

    /// <summary>Around what opens a file by plain code.</summary>
    internal static BlockingSection WhileItMayWait(string path) => MayWait(path) ? Blocking.Section() : default;

    /// <summary>Whether to open a file may take long: a pipe keeps one waiting for the other side. What has a length, or is not there, is none.</summary>
    internal static bool MayWait(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: 0 };
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            return false;
        }
    }

    private static (long Code, string Text) Call(string path, Func<string, int> call)
    {
        if (IsUnusable(path))
            return Unusable(path);
        return call(path) == 0 ? (0, "") : FileCodes.OfError(Marshal.GetLastPInvokeError(), path);
    }

    private static bool IsUnusable(string path) => path.Length == 0 || path.Contains('\0');

    private static (long, string) Unusable(string path) =>
        path.Length == 0 ? (FileCodes.NotFound, path) : (FileCodes.IoError, "the path is not valid");

    private static (long Code, T Value, string Text) Try<T>(string path, T otherwise, Func<string, T> operation)
    {
        using var waiting = WhileItMayWait(path);
        try
        {
            return (0, operation(path), "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            var (code, text) = FileCodes.Of(problem, path);
            return (code, otherwise, text);
        }
    }

    private static (long Code, string Text) TryDo(string path, Action operation)
    {
        using var waiting = WhileItMayWait(path);
        try
        {
            operation();
            return (0, "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            return FileCodes.Of(problem, path);
        }
    }
}
