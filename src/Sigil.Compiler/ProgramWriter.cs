using System.Text;
using Sigil.Emit;

namespace Sigil.Compiler;

/// <summary>Writes a program to a directory: assembly, symbols, runtime library, configuration, launcher.</summary>
public static class ProgramWriter
{
    // The runtime and what it needs.
    private static readonly string[] libraries = ["Sigil.Runtime.dll", "MessagePack.dll", "MessagePack.Annotations.dll", "Microsoft.NET.StringTools.dll"];

    /// <summary>Everything is written beside the destination first and moved there at the end, so that a failure leaves nothing half-written.</summary>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static void Write(EmittedProgram program, string name, string directory)
    {
        var isNew = !Directory.Exists(directory);
        Directory.CreateDirectory(directory);
        var staging = Path.Combine(directory, $".{name}.{Environment.ProcessId}");
        var isDone = false;
        try
        {
            Directory.CreateDirectory(staging);
            File.WriteAllBytes(Path.Combine(staging, name + ".dll"), [.. program.Image]);
            File.WriteAllBytes(Path.Combine(staging, name + ".pdb"), [.. program.Symbols]);
            File.WriteAllText(Path.Combine(staging, name + ".runtimeconfig.json"), RuntimeConfig());
            foreach (var library in libraries) File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(staging, library));
            var launcher = Path.Combine(staging, name);
            File.WriteAllText(launcher, Launcher(name), new UTF8Encoding(false));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(launcher, (UnixFileMode)0b111_101_101);
            foreach (var file in Directory.EnumerateFiles(staging))
                File.Move(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
            isDone = true;
        }
        finally
        {
            if (Directory.Exists(staging)) Directory.Delete(staging, recursive: true);
            if (!isDone && isNew && !Directory.EnumerateFileSystemEntries(directory).Any()) Directory.Delete(directory);
        }
    }

    // Arrays of up to two megabytes, the largest values that go through a ring between processes, are ordinary objects to the collector: as large ones
    // they would cost a full collection every few of them, and fresh pages each.
    private static string RuntimeConfig() => """
        {
          "runtimeOptions": {
            "tfm": "net10.0",
            "framework": { "name": "Microsoft.NETCore.App", "version": "10.0.0" },
            "rollForward": "LatestMinor",
            "configProperties": {
              "System.Globalization.Invariant": true,
              "System.GC.Server": false,
              "System.GC.LOHThreshold": 2162688,
              "System.Runtime.TieredPGO": true,
              "System.Runtime.TieredCompilation.CallCountingDelayMs": 10
            }
          }
        }

        """;

    private static string Launcher(string name) => $"""
        #!/bin/sh
        self=$(readlink -f "$0")
        exec dotnet "$(dirname "$self")/{name}.dll" "$@"

        """.Replace("\r", "");
}
