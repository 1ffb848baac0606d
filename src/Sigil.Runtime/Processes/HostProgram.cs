using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Sigil.Runtime.Processes;

/// <summary>The command that starts a child: this library itself, under the .NET host of the running process.</summary>
internal static class HostProgram
{
    private static readonly Lazy<string> s_host = new(FindHost);
    private static readonly Lazy<string> s_configuration = new(FindConfiguration);
    private static readonly Lazy<string[]> s_folders = new(FindFolders);

    /// <summary>The library whose entry point is <see cref="ChildProgram"/>.</summary>
    internal static string Library { get; } = typeof(HostProgram).Assembly.Location;

    internal static string Host => s_host.Value;

    /// <summary>The directories with .NET and the runtime library, which every child has to read.</summary>
    internal static IReadOnlyList<string> Folders => s_folders.Value;

    internal static string[] Arguments(int parent) => [Host, "exec", "--runtimeconfig", s_configuration.Value, Library, parent.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The environment of a child: the parent's, tuned for programs that start often and live shortly.</summary>
    internal static List<string> Environment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in System.Environment.GetEnvironmentVariables()) variables[(string)entry.Key] = (string?)entry.Value ?? "";
        // Debuggers and profilers talk through sockets and files, which a confined process may not have.
        variables["DOTNET_EnableDiagnostics"] = "0";
        variables["DOTNET_gcConcurrent"] = "0";
        variables["DOTNET_TieredPGO"] = "0";
        variables["DOTNET_NOLOGO"] = "1";
        variables.Remove("DOTNET_STARTUP_HOOKS");
        return [.. variables.Select(v => $"{v.Key}={v.Value}")];
    }

    private static string FindHost()
    {
        var process = System.Environment.ProcessPath;
        if (process is not null && Path.GetFileNameWithoutExtension(process) == "dotnet") return Path.GetFullPath(Resolve(process));
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, "dotnet");
        return File.Exists(host) ? host : throw new ProcessStartException($"the .NET host is not where it should be: {host}");
    }

    private static string Resolve(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private static string[] FindFolders() => [.. FoldersOf(Path.GetDirectoryName(Host)!), FolderOf(typeof(object).Assembly.Location), Path.GetDirectoryName(Library)!, FolderOf(Library)];

    // Packagers put .NET together of links, to directories at any of these places: who may read only a directory may not read where its links lead.
    internal static IEnumerable<string> FoldersOf(string dotnetRoot)
    {
        yield return dotnetRoot;
        foreach (var part in new[] { "host", "host/fxr", "shared", "shared/Microsoft.NETCore.App" })
        {
            var directory = new DirectoryInfo(Path.Combine(dotnetRoot, part));
            if (!directory.Exists) continue;
            if (directory.LinkTarget is not null) yield return directory.FullName;
            foreach (var below in directory.EnumerateDirectories())
                if (below.LinkTarget is not null) yield return below.FullName;
        }
    }

    // Where a file really is.
    private static string FolderOf(string file) => Path.GetDirectoryName(Resolve(file))!;

    private static string FindConfiguration()
    {
        if (Library.Length == 0) throw new ProcessStartException("the runtime library is not a file of its own");
        var own = Path.ChangeExtension(Library, ".runtimeconfig.json");
        if (File.Exists(own)) return own;
        var entry = Assembly.GetEntryAssembly()?.Location is { Length: > 0 } program ? Path.ChangeExtension(program, ".runtimeconfig.json") : "";
        return File.Exists(entry) ? entry : throw new ProcessStartException($"there is no {Path.GetFileName(own)} beside the runtime library");
    }
}

/// <summary>Strings and arrays of strings as C wants them.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<nint> _blocks = [];

    internal byte** Array(IReadOnlyList<string> items)
    {
        var array = (byte**)Keep((nint)NativeMemory.Alloc((nuint)(items.Count + 1) * (nuint)sizeof(byte*)));
        for (var i = 0; i < items.Count; i++) array[i] = String(items[i]);
        array[items.Count] = null;
        return array;
    }

    private byte* String(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var bytes = (byte*)Keep((nint)NativeMemory.Alloc((nuint)length + 1));
        Encoding.UTF8.GetBytes(text, new Span<byte>(bytes, length));
        bytes[length] = 0;
        return bytes;
    }

    private nint Keep(nint block)
    {
        _blocks.Add(block);
        return block;
    }

    public void Dispose()
    {
        foreach (var block in _blocks) NativeMemory.Free((void*)block);
    }
}
