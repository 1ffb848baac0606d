using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>An open file of std.fs. Tasks may share it: each operation is atomic. Errors are those of <see cref="IoCodes"/>.</summary>
public sealed class SigilFile
{
    private const long Reading = 0, Appending = 2;
    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly InputStream input;
    private bool closed;

    internal SigilFile(Stream stream)
    {
        this.stream = stream;
        input = new InputStream(stream);
    }

    /// <summary>Opens a file: mode 0 reads, 1 creates or truncates, 2 appends.</summary>
    [Intrinsic("fs.open_file")]
    public static (long Code, Option<SigilFile> Value, string Text) Open(string path, long mode)
    {
        using var waiting = Files.WhileItMayWait(path);
        try
        {
            var stream = mode == Reading
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
                : OpenToWrite(path, mode == Appending);
            return (0, Option<SigilFile>.Some(new SigilFile(stream)), "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            var (code, text) = FileCodes.Of(problem, path);
            return (code, Option<SigilFile>.None, text);
        }
    }

    /// <summary>As <see cref="Open(string, long)"/>, for a task.</summary>
    [Intrinsic("fs.open_file")]
    public static Status Open(SigilTask task, string path, long mode, out (long Code, Option<SigilFile> Value, string Text) result, string site) =>
        Files.Open(task, path, () => Open(path, mode), out result, site);

    /// <summary>
    /// A file whose writes go to the system at once: the one that fails is the one that is told of it, and what has been written is there
    /// however the program ends. One that is appended to may be written by others too.
    /// </summary>
    internal static FileStream OpenToWrite(string path, bool appends)
    {
        var stream = new FileStream(path, appends ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        // .NET appends where the end was when it opened the file.
        if (appends && NativeFiles.CanAppend) NativeFiles.WriteAtEnd(stream.SafeFileHandle);
        return stream;
    }

    /// <summary>Some bytes; none at the end.</summary>
    [Intrinsic("File.read_raw")]
    public (long Code, SigilList<byte> Bytes, string Text) Read(long most)
    {
        lock (gate)
            return CannotRead() is { } problem ? (IoCodes.Other, SigilList<byte>.Empty, problem) : input.Read(most);
    }

    /// <summary>The rest of the file.</summary>
    [Intrinsic("File.read_all_raw")]
    public (long Code, SigilList<byte> Bytes, string Text) ReadAll()
    {
        lock (gate)
            return CannotRead() is { } problem ? (IoCodes.Other, SigilList<byte>.Empty, problem) : input.ReadAll();
    }

    /// <summary>A line without its end; None at the end.</summary>
    [Intrinsic("File.read_line_raw")]
    public (long Code, Option<string> Line, string Text) ReadLine()
    {
        lock (gate)
            return CannotRead() is { } problem ? (IoCodes.Other, Option<string>.None, problem) : input.ReadLine();
    }

    /// <summary>Writes bytes.</summary>
    [Intrinsic("File.write_raw"), ReadsOnly]
    public (long Code, string Text) Write(SigilList<byte> bytes) => Write(bytes.Span);

    /// <summary>Writes text as UTF-8.</summary>
    [Intrinsic("File.write_str_raw")]
    public (long Code, string Text) WriteText(string text) => Write(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Hands everything to the system.</summary>
    [Intrinsic("File.flush_raw")]
    public (long Code, string Text) Flush()
    {
        lock (gate)
            return closed ? (IoCodes.Other, "the file is closed") : Attempt(static stream => stream.Flush());
    }

    /// <summary>Closes the file; closing again does nothing.</summary>
    [Intrinsic("File.close")]
    public void Close()
    {
        lock (gate)
        {
            if (closed)
                return;
            closed = true;
            Attempt(static stream => stream.Dispose());
        }
    }

    private (long Code, string Text) Write(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            if (closed)
                return (IoCodes.Other, "the file is closed");
            if (!stream.CanWrite)
                return (IoCodes.Other, "the file is open for reading only");
            // A pipe may be full.
            using var waiting = stream.CanSeek ? default : Blocking.Section();
            try
            {
                stream.Write(bytes);
                return (0, "");
            }
            catch (Exception problem) when (FileCodes.IsExpected(problem))
            {
                return (IoCodes.Other, TextIndex.WellFormed(problem.Message));
            }
        }
    }

    private string? CannotRead() => closed ? "the file is closed" : stream.CanRead ? null : "the file is open for writing only";

    private (long, string) Attempt(Action<Stream> operation)
    {
        try
        {
            operation(stream);
            return (0, "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            return (IoCodes.Other, TextIndex.WellFormed(problem.Message));
        }
    }
}
