using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// The same for suspending code: each operation is a point at which a cancelled task ends. Files of a disk are never "not ready", so the call
/// is made at once; what may wait for somebody else (a named pipe) is left to a thread that may block, and the task suspends.
/// </summary>
public static partial class Files
{
    /// <summary>As <see cref="ReadText(string)"/>, for a task.</summary>
    [Intrinsic("fs.read_text")]
    public static Status ReadText(SigilTask task, string path, out (long Code, string Value, string Text) result, string site) =>
        Open(task, path, () => ReadText(path), out result, site);

    /// <summary>As <see cref="ReadBytes(string)"/>, for a task.</summary>
    [Intrinsic("fs.read_bytes")]
    public static Status ReadBytes(SigilTask task, string path, out (long Code, SigilList<byte> Value, string Text) result, string site) =>
        Open(task, path, () => ReadBytes(path), out result, site);

    /// <summary>As <see cref="WriteText(string, string)"/>, for a task.</summary>
    [Intrinsic("fs.write_text")]
    public static Status WriteText(SigilTask task, string path, string content, out (long Code, string Text) result, string site) =>
        Open(task, path, () => WriteText(path, content), out result, site);

    /// <summary>As <see cref="WriteBytes(string, SigilList{byte})"/>, for a task.</summary>
    [Intrinsic("fs.write_bytes"), ReadsOnly]
    public static Status WriteBytes(SigilTask task, string path, SigilList<byte> content, out (long Code, string Text) result, string site) =>
        Open(task, path, () => WriteBytes(path, content), out result, site);

    /// <summary>As <see cref="AppendText(string, string)"/>, for a task.</summary>
    [Intrinsic("fs.append_text")]
    public static Status AppendText(SigilTask task, string path, string content, out (long Code, string Text) result, string site) =>
        Open(task, path, () => AppendText(path, content), out result, site);

    /// <summary>As <see cref="Exists(string)"/>, for a task.</summary>
    [Intrinsic("fs.path_exists")]
    public static Status Exists(SigilTask task, string path, out bool result, string site) =>
        AtOnce(task, () => Exists(path), out result);

    /// <summary>As <see cref="Metadata(string)"/>, for a task.</summary>
    [Intrinsic("fs.path_metadata")]
    public static Status Metadata(SigilTask task, string path, out (long Code, (long Size, bool IsFile, bool IsDirectory, bool IsLink, long Modified, long Created) Value, string Text) result, string site) =>
        AtOnce(task, () => Metadata(path), out result);

    /// <summary>As <see cref="List(string)"/>, for a task.</summary>
    [Intrinsic("fs.list_dir")]
    public static Status List(SigilTask task, string directory, out (long Code, SigilList<(string Name, string Path, bool IsDirectory)> Value, string Text) result, string site) =>
        AtOnce(task, () => List(directory), out result);

    /// <summary>As <see cref="CreateDirectory(string)"/>, for a task.</summary>
    [Intrinsic("fs.make_dir")]
    public static Status CreateDirectory(SigilTask task, string path, out (long Code, string Text) result, string site) =>
        AtOnce(task, () => CreateDirectory(path), out result);

    /// <summary>As <see cref="Delete(string)"/>, for a task.</summary>
    [Intrinsic("fs.delete_file")]
    public static Status Delete(SigilTask task, string path, out (long Code, string Text) result, string site) =>
        AtOnce(task, () => Delete(path), out result);

    /// <summary>As <see cref="DeleteDirectory(string)"/>, for a task.</summary>
    [Intrinsic("fs.delete_dir")]
    public static Status DeleteDirectory(SigilTask task, string path, out (long Code, string Text) result, string site) =>
        AtOnce(task, () => DeleteDirectory(path), out result);

    /// <summary>As <see cref="Rename(string, string)"/>, for a task.</summary>
    [Intrinsic("fs.move_path")]
    public static Status Rename(SigilTask task, string from, string to, out (long Code, string Text) result, string site) =>
        AtOnce(task, () => Rename(from, to), out result);

    /// <summary>What opens a file. It is not given up: who opens a pipe later would take what was meant for another.</summary>
    internal static Status Open<R>(SigilTask task, string path, Func<R> operation, out R result, string site) =>
        !task.IsCancellationRequested && MayWait(path) ? Blocking.Run(task, operation, out result, site) : AtOnce(task, operation, out result);

    private static Status AtOnce<R>(SigilTask task, Func<R> operation, out R result)
    {
        result = default!;
        if (task.IsCancellationRequested) return Status.Cancelled;
        result = operation();
        return Status.Completed;
    }
}
