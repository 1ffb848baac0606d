using Sigil.Runtime.Sync;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>Files and directories in memory, behind std.fs's <c>MockFileSystem</c>. Tasks may share them. Codes are those of <see cref="FileCodes"/>.</summary>
public sealed class MemoryFiles
{
    private readonly Lock gate = new();
    // Null stands for a directory.
    private readonly SortedDictionary<string, MemoryFile?> entries = new(StringComparer.Ordinal);

    /// <summary>No files.</summary>
    [Intrinsic("fs.memory_files")]
    public static MemoryFiles New() => new();

    /// <summary>The bytes of a file.</summary>
    [Intrinsic("MemoryFiles.read")]
    public (long Code, SigilList<byte> Value) Read(string path)
    {
        Control.Point();
        lock (gate)
        {
            var found = Find(path, out var file);
            return found != 0 ? (found, SigilList<byte>.Empty) : file == null ? (FileCodes.IsDirectory, SigilList<byte>.Empty) : (0, SigilList<byte>.CopyOf(file.Bytes));
        }
    }

    /// <summary>Makes or replaces a file, or adds to it. Directories above it come into being.</summary>
    [Intrinsic("MemoryFiles.write"), ReadsOnly]
    public long Write(string path, SigilList<byte> data, bool append)
    {
        Control.Point();
        lock (gate)
        {
            var code = Make(path, out var file);
            if (code != 0) return code;
            if (!append) file!.Clear();
            file!.Append(data.Span);
            return 0;
        }
    }

    /// <summary>0 nothing, 1 a file, 2 a directory; and the size of a file.</summary>
    [Intrinsic("MemoryFiles.look")]
    public (long Kind, long Size) Look(string path)
    {
        Control.Point();
        lock (gate)
            return Find(path, out var file) != 0 ? (0, 0) : file == null ? (2, 0) : (1, file.Length);
    }

    /// <summary>What a directory holds, by name: the name, the whole path, whether it is a directory.</summary>
    [Intrinsic("MemoryFiles.list")]
    public (long Code, SigilList<(string Name, string Path, bool IsDirectory)> Value) List(string path)
    {
        Control.Point();
        lock (gate)
        {
            var none = SigilList<(string, string, bool)>.Empty;
            var found = Find(path, out var file);
            if (found != 0) return (found, none);
            if (file != null) return (FileCodes.NotDirectory, none);
            var prefix = Prefix(path);
            var list = SigilList<(string, string, bool)>.WithCapacity(8);
            foreach (var (entry, content) in entries)
                if (IsBelow(entry, prefix) && !entry.AsSpan(prefix.Length).Contains('/')) list = list.Append((entry[prefix.Length..], entry, content == null));
            return (0, list);
        }
    }

    /// <summary>Every file with its bytes as text, by path.</summary>
    [Intrinsic("MemoryFiles.texts")]
    public SigilMap<string, string> Texts()
    {
        Control.Point();
        lock (gate)
        {
            var texts = SigilMap<string, string>.Empty;
            foreach (var (path, file) in entries)
                if (file != null) texts = texts.Insert(path, TextIndex.WellFormed(System.Text.Encoding.UTF8.GetString(file.Bytes)));
            return texts;
        }
    }

    /// <summary>Makes a directory, whose parent must be there.</summary>
    [Intrinsic("MemoryFiles.make_dir")]
    public long MakeDirectory(string path)
    {
        Control.Point();
        lock (gate)
        {
            path = Plain(path);
            if (Find(path, out _) == 0) return FileCodes.AlreadyExists;
            var above = Find(Parent(path), out var parent);
            if (above != 0) return above;
            if (parent != null) return FileCodes.NotDirectory;
            entries[path] = null;
            return 0;
        }
    }

    /// <summary>Removes a file or an empty directory.</summary>
    [Intrinsic("MemoryFiles.delete")]
    public long Delete(string path)
    {
        Control.Point();
        lock (gate)
        {
            path = Plain(path);
            var found = Find(path, out var file);
            if (found != 0) return found;
            if (file == null && entries.Keys.Any(e => IsBelow(e, Prefix(path)))) return FileCodes.IoError;
            entries.Remove(path);
            return 0;
        }
    }

    /// <summary>Gives a file, or a directory with what is in it, another path; a file there gives way.</summary>
    [Intrinsic("MemoryFiles.rename")]
    public long Rename(string from, string to)
    {
        Control.Point();
        lock (gate)
        {
            (from, to) = (Plain(from), Plain(to));
            var found = Find(from, out var file);
            if (found != 0) return found;
            if (Find(to, out var there) == 0 && (there == null || file == null)) return FileCodes.AlreadyExists;
            foreach (var (path, content) in entries.Where(e => e.Key == from || IsBelow(e.Key, Prefix(from))).ToList())
            {
                entries.Remove(path);
                entries[to + path[from.Length..]] = content;
            }
            return 0;
        }
    }

    /// <summary>Opens a file: mode 0 reads, 1 creates or truncates, 2 appends.</summary>
    [Intrinsic("MemoryFiles.open")]
    public (long Code, Option<SigilFile> Value) Open(string path, long mode)
    {
        Control.Point();
        lock (gate)
        {
            var code = mode == 0 ? Find(path, out var file) : Make(path, out file);
            if (code == 0 && file == null) code = FileCodes.IsDirectory;
            if (code != 0) return (code, Option<SigilFile>.None);
            if (mode == 1) file!.Clear();
            return (0, Option<SigilFile>.Some(new SigilFile(new MemoryFileStream(file!, forWriting: mode != 0))));
        }
    }

    private static string Plain(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static string Prefix(string path) => Plain(path) is "" or "." ? "" : Plain(path) == "/" ? "/" : Plain(path) + "/";

    private static bool IsBelow(string path, string prefix) => path.Length > prefix.Length && path.StartsWith(prefix, StringComparison.Ordinal) && (prefix.Length > 0 || path[0] != '/');

    private static string Parent(string path) => path.LastIndexOf('/') switch { < 0 => "", 0 => "/", var at => path[..at] };

    private long Find(string path, out MemoryFile? file)
    {
        path = Plain(path);
        file = null;
        if (path is "" or "/" or ".") return 0;
        if (entries.TryGetValue(path, out file)) return 0;
        for (var above = Parent(path); above is not ("" or "/"); above = Parent(above))
            if (entries.TryGetValue(above, out var parent)) return parent == null ? FileCodes.NotFound : FileCodes.NotDirectory;
        return FileCodes.NotFound;
    }

    private long Make(string path, out MemoryFile? file)
    {
        path = Plain(path);
        var found = Find(path, out file);
        if (found == 0) return file == null ? FileCodes.IsDirectory : 0;
        if (found != FileCodes.NotFound || path.Length == 0) return found;
        for (var above = Parent(path); above is not ("" or "/"); above = Parent(above)) entries.TryAdd(above, null);
        entries[path] = file = new MemoryFile();
        return 0;
    }
}

/// <summary>The bytes of a file in memory.</summary>
internal sealed class MemoryFile
{
    private readonly Lock gate = new();
    private byte[] bytes = [];
    private int length;

    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            lock (gate) return bytes.AsSpan(0, length).ToArray();
        }
    }

    public int Length
    {
        get
        {
            lock (gate) return length;
        }
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        lock (gate)
        {
            if (length + data.Length > bytes.Length) Array.Resize(ref bytes, Math.Max(length + data.Length, bytes.Length * 2));
            data.CopyTo(bytes.AsSpan(length));
            length += data.Length;
        }
    }

    public void Clear()
    {
        lock (gate) length = 0;
    }

    public int ReadAt(int position, Span<byte> target)
    {
        lock (gate)
        {
            var count = Math.Clamp(length - position, 0, target.Length);
            bytes.AsSpan(position, count).CopyTo(target);
            return count;
        }
    }
}

/// <summary>A file in memory that has been opened.</summary>
internal sealed class MemoryFileStream(MemoryFile file, bool forWriting) : Stream
{
    private int position;

    public override bool CanRead => !forWriting;
    public override bool CanSeek => false;
    public override bool CanWrite => forWriting;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush()
    {
    }

    public override int Read(Span<byte> buffer)
    {
        var count = file.ReadAt(position, buffer);
        position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public override void Write(ReadOnlySpan<byte> buffer) => file.Append(buffer);
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
