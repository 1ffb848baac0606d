using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Sigil.Emit;

namespace Sigil.Cli;

/// <summary>
/// How the ahead-of-time compiled command runs what needs a just-in-time compiler: it becomes another program of its directory.
/// Process id, standard streams, terminal and signals stay as they are.
/// </summary>
internal static partial class HostProcess
{
    /// <summary>Becomes <c>sigil-host</c> with a program that was just compiled. It is handed over in memory.</summary>
    /// <returns>Only when it fails: the exit code.</returns>
    public static int Run(EmittedProgram program, string path, string[] arguments)
    {
        int descriptor = FileInMemory(program.Image.AsSpan(), program.Symbols.AsSpan());
        if (descriptor < 0) return ExitCodes.InternalError;
        return Become("sigil-host", [Text(descriptor), Text(program.Image.Length), path, .. arguments]);
    }

    /// <summary>An open file without a name that outlives this program's end in the one that this process becomes.</summary>
    /// <returns>Its descriptor; negative when there is none, which is reported.</returns>
    public static int FileInMemory(ReadOnlySpan<byte> content, ReadOnlySpan<byte> more = default)
    {
        int descriptor = CreateMemoryFile("sigil", 0);
        if (descriptor < 0) Fail("memfd_create");
        else if (!TryWrite(descriptor, content) || !TryWrite(descriptor, more))
        {
            Fail("write");
            return -1;
        }
        return descriptor;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryWrite(int descriptor, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var written = Write(descriptor, in MemoryMarshal.GetReference(content), (nuint)content.Length);
            if (written < 0) return false;
            content = content[(int)written..];
        }
        return true;
    }

    /// <summary>Becomes a program of the same directory.</summary>
    /// <returns>Only when it fails: the exit code.</returns>
    public static int Become(string name, string[] arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, name);
        var vector = new nint[arguments.Length + 2];
        vector[0] = Marshal.StringToCoTaskMemUTF8(file);
        for (var i = 0; i < arguments.Length; i++) vector[i + 1] = Marshal.StringToCoTaskMemUTF8(arguments[i]);
        Console.Out.Flush();
        Execute(file, vector);
        return Fail(file);
    }

    private static int Fail(string what)
    {
        var message = new StringBuilder("error[E9101]: ").Append(what).Append(": ").Append(Marshal.GetLastPInvokeErrorMessage());
        Console.Error.WriteLine(message);
        return ExitCodes.InternalError;
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int descriptor, ref readonly byte data, nuint length);

    [LibraryImport("libc", EntryPoint = "execv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Execute(string file, nint[] arguments);
}
