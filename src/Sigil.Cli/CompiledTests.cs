using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using Sigil.Compiler;

namespace Sigil.Cli;

/// <summary>
/// Compiled tests on their way from the ahead-of-time compiled command, which compiles several times as fast as a compiler that is itself compiled
/// while it runs, to the managed one, which can load them.
/// </summary>
internal static class CompiledTests
{
    /// <summary>The option of <c>sigil test</c> by which the managed command learns of them: an open file.</summary>
    public const string Option = "--compiled";

    /// <summary>Whether this process compiles tests for another one.</summary>
    public static bool AreForAnother => !RuntimeFeature.IsDynamicCodeSupported;

    /// <summary>Becomes the managed command with the same arguments and with programs in the order of the paths.</summary>
    /// <returns>Only when it fails: the exit code.</returns>
    public static int HandOver(IReadOnlyList<Executable> programs)
    {
        // Behind its name and before all that was given, which may end with `--`. What stands before the name is left to the other.
        var given = Environment.GetCommandLineArgs()[1..];
        if (given is not ["test", .. var arguments]) return HostProcess.Become("sigil", given);
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, System.Text.Encoding.UTF8, leaveOpen: true))
            foreach (var program in programs)
            {
                var packed = program.Pack();
                writer.Write(packed.Length);
                writer.Write(packed);
            }
        int descriptor = HostProcess.FileInMemory(content.GetBuffer().AsSpan(0, (int)content.Length));
        return descriptor < 0
            ? ExitCodes.InternalError
            : HostProcess.Become("sigil", ["test", Option, descriptor.ToString(CultureInfo.InvariantCulture), .. arguments]);
    }

    /// <summary>The programs in the open file; fewer than there are paths when it is none of ours.</summary>
    public static Queue<Executable> Receive(int descriptor)
    {
        var programs = new Queue<Executable>();
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var content = new byte[RandomAccess.GetLength(handle)];
        for (int done = 0, read; done < content.Length; done += read)
            if ((read = RandomAccess.Read(handle, content.AsSpan(done), done)) == 0) return programs;
        using var reader = new BinaryReader(new MemoryStream(content));
        while (reader.BaseStream.Position + sizeof(int) <= content.Length)
        {
            if (Executable.Unpack(reader.ReadBytes(Math.Max(0, reader.ReadInt32()))) is not { } program) return programs;
            programs.Enqueue(program);
        }
        return programs;
    }
}
