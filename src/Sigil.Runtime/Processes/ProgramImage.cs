using System.Collections.Concurrent;
using System.Reflection;

namespace Sigil.Runtime.Processes;

/// <summary>
/// The code of the running program, as its children get it: the file that it was loaded from, or, of a program compiled in
/// memory, sealed memory files with the image and its symbols. Nothing is compiled again.
/// </summary>
public sealed class ProgramImage
{
    private const uint CloseOnExec = 1, AllowSealing = 2;
    private const int AddSeals = 1033, AllSeals = 1 | 2 | 4 | 8;

    private static readonly ConcurrentDictionary<Assembly, ProgramImage> s_images = new();

    private readonly ReadOnlyMemory<byte> _image;
    private readonly ReadOnlyMemory<byte> _symbols;
    private readonly Lock _gate = new();
    private (int Image, int Symbols)? _files;

    private ProgramImage(string path, ReadOnlyMemory<byte> image, ReadOnlyMemory<byte> symbols)
    {
        Path = path;
        _image = image;
        _symbols = symbols;
    }

    /// <summary>Where the assembly lies; empty for one that is only in memory.</summary>
    internal string Path { get; }

    /// <summary>Tells what a program that was loaded from memory consists of.</summary>
    public static void Register(Assembly program, ReadOnlyMemory<byte> image, ReadOnlyMemory<byte> symbols) =>
        s_images[program] = new ProgramImage("", image, symbols);

    internal static ProgramImage Of(Assembly program) => s_images.GetOrAdd(program, static assembly =>
        assembly.Location.Length > 0
            ? new ProgramImage(assembly.Location, default, default)
            : throw new ProcessStartException("the code of the program is not known"));

    /// <summary>The classes of the tasks that have been asked for, latest first.</summary>
    internal IReadOnlyList<string> LikelyTasks { get; private set; } = [];

    /// <summary>A task has been asked for: it may well be again.</summary>
    internal void Remember(string taskClass)
    {
        const int most = 8;
        if (LikelyTasks is [var first, ..] && first == taskClass) return;
        lock (_gate) LikelyTasks = [taskClass, .. LikelyTasks.Where(t => t != taskClass).Take(most - 1)];
    }

    /// <summary>Descriptors to hand to a child; they stay open here. Empty when the path says it all.</summary>
    internal int[] Descriptors()
    {
        if (Path.Length > 0) return [];
        lock (_gate)
        {
            _files ??= (MemoryFile("program", _image.Span), MemoryFile("symbols", _symbols.Span));
            return [_files.Value.Image, _files.Value.Symbols];
        }
    }

    private static unsafe int MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        var file = Posix.MemoryFile(name, CloseOnExec | AllowSealing);
        if (file < 0) throw new ProcessStartException($"no memory file: {Posix.Describe(Posix.LastError)}");
        fixed (byte* start = content)
        {
            for (nint done = 0; done < content.Length;)
            {
                var written = Posix.Write(file, start + done, content.Length - done);
                if (written < 0 && Posix.LastError == Posix.Interrupted) continue;
                if (written <= 0) throw new ProcessStartException($"a memory file cannot be written: {Posix.Describe(Posix.LastError)}");
                done += written;
            }
        }

        // A child maps or reads it: nobody may change it any more.
        _ = Posix.Control(file, AddSeals, AllSeals);
        return file;
    }
}
