using System.Runtime.CompilerServices;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>
/// Standard input, output and error of the program. Output is written out at exit, before a panic is reported, before standard
/// input is read and before the program waits; error output goes out at once.
/// </summary>
public static class StandardStreams
{
    /// <summary>The exit code of a program whose reader has gone, as if the signal had ended it.</summary>
    private const int ReaderGone = 141;

    private const int OutputLost = 1;

    static StandardStreams() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Flush();

    /// <summary>Standard output; tests may put another stream in its place.</summary>
    public static OutputStream Out { get; set; } = new(Sink(1));

    /// <summary>Standard error.</summary>
    public static OutputStream Error { get; set; } = new(Sink(2));

    /// <summary>Standard input.</summary>
    public static InputStream In { get; set; } = NativeFiles.IsAvailable ? new(0) : new(Console.OpenStandardInput());

    /// <summary><c>print</c>.</summary>
    [Intrinsic("print_line")]
    public static void Print(string text)
    {
        var error = Out.WriteLine(text);
        PendingOutput.IsPossible = true;
        if (error != 0 || readerGone) Lose(error != 0 ? error : NativeFiles.BrokenPipe);
    }

    /// <summary><c>eprint</c> and <c>dbg</c>: a line on standard error.</summary>
    [Intrinsic("debug_line"), Intrinsic("io.eprint_line")]
    public static void PrintError(string text)
    {
        Error.WriteLine(text);
        Error.Flush();
    }

    /// <summary>Writes out what is buffered.</summary>
    public static void Flush()
    {
        Note(Out.Flush());
        Error.Flush();
    }

    /// <summary>At the end of the program: writes out what is buffered. Output that could not be written is reported, and the program has then failed.</summary>
    /// <returns>The exit code.</returns>
    public static int Finish(int code)
    {
        Flush();
        var error = Interlocked.Exchange(ref lost, 0);
        if (error == 0) return code;
        PrintError($"error[E9104]: cannot write to standard output: {IoCodes.Text(error)}");
        return code == 0 ? OutputLost : code;
    }

    // The first error of output that nobody else has been told of.
    private static int lost;

    /// <summary>Writes out what is buffered before the program waits: whoever reads it should not wait too.</summary>
    internal static void FlushPending()
    {
        if (Out.HasPending) Note(Out.Flush());
    }

    // Set when output was written out while the program waited and nobody reads it any more: the next `print` ends the program.
    private static volatile bool readerGone;

    private static void Note(int error)
    {
        if (error == NativeFiles.BrokenPipe) readerGone = true;
        else if (error != 0) Interlocked.CompareExchange(ref lost, error, 0);
    }

    /// <summary>A line of standard input without its end; None at the end of the input.</summary>
    [Intrinsic("io.stdin_line")]
    public static (long Code, Option<string> Line, string Text) ReadLine()
    {
        Note(Out.Flush());
        return In.ReadLine();
    }

    /// <summary>As <see cref="ReadLine()"/>, for a task; one that is cancelled has taken nothing.</summary>
    [Intrinsic("io.stdin_line")]
    public static Status ReadLine(SigilTask task, out (long Code, Option<string> Line, string Text) result, string site)
    {
        Note(Out.Flush());
        return In.ReadLine(task, out result, site);
    }

    /// <summary>Some bytes of standard input; none at its end.</summary>
    [Intrinsic("io.stdin_read")]
    public static (long Code, SigilList<byte> Bytes, string Text) Read(long most)
    {
        Note(Out.Flush());
        return In.Read(most);
    }

    /// <summary>As <see cref="Read(long)"/>, for a task; one that is cancelled has taken nothing.</summary>
    [Intrinsic("io.stdin_read")]
    public static Status Read(SigilTask task, long most, out (long Code, SigilList<byte> Bytes, string Text) result, string site)
    {
        Note(Out.Flush());
        return In.Read(task, most, out result, site);
    }

    /// <summary>All of standard input.</summary>
    [Intrinsic("io.stdin_all")]
    public static (long Code, SigilList<byte> Bytes, string Text) ReadAll()
    {
        Note(Out.Flush());
        return In.ReadAll();
    }

    /// <summary>As <see cref="ReadAll()"/>, for a task; one that is cancelled has taken nothing.</summary>
    [Intrinsic("io.stdin_all")]
    public static Status ReadAll(SigilTask task, out (long Code, SigilList<byte> Bytes, string Text) result, string site)
    {
        Note(Out.Flush());
        return In.ReadAll(task, out result, site);
    }

    /// <summary>Bytes to standard output.</summary>
    [Intrinsic("io.stdout_write"), ReadsOnly]
    public static (long Code, string Text) Write(SigilList<byte> bytes)
    {
        PendingOutput.IsPossible = true;
        return Answer(Out.Write(bytes.Span));
    }

    /// <summary>Text to standard output.</summary>
    [Intrinsic("io.stdout_write_str")]
    public static (long Code, string Text) WriteText(string text)
    {
        PendingOutput.IsPossible = true;
        return Answer(Out.Write(text));
    }

    /// <summary>Writes out buffered output.</summary>
    [Intrinsic("io.stdout_flush")]
    public static (long Code, string Text) FlushOut() => Answer(Out.Flush());

    /// <summary>Bytes to standard error.</summary>
    [Intrinsic("io.stderr_write"), ReadsOnly]
    public static (long Code, string Text) WriteError(SigilList<byte> bytes)
    {
        var error = Error.Write(bytes.Span);
        return Answer(error != 0 ? error : Error.Flush());
    }

    /// <summary>Text to standard error.</summary>
    [Intrinsic("io.stderr_write_str")]
    public static (long Code, string Text) WriteErrorText(string text)
    {
        var error = Error.Write(text);
        return Answer(error != 0 ? error : Error.Flush());
    }

    private static (long, string) Answer(int error) => (IoCodes.Of(error), IoCodes.Text(error));

    private static ByteSink Sink(int descriptor)
    {
        if (NativeFiles.IsAvailable)
            return new DescriptorSink(descriptor);
        return descriptor == 1
            ? new StreamSink(Console.OpenStandardOutput(), !Console.IsOutputRedirected)
            : new StreamSink(Console.OpenStandardError(), !Console.IsErrorRedirected);
    }

    // `program | head`: nobody will read what follows, so the program ends quietly.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(int error)
    {
        if (error == NativeFiles.BrokenPipe)
            EndQuietly();
        Note(error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndQuietly() => Environment.Exit(ReaderGone);
}
