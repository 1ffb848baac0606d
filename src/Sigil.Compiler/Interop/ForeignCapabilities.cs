using System.Collections.Immutable;
using Sigil.Compiler.Projects;
using Sigil.Semantics;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Compiler.Interop;

/// <summary>The capabilities of a project that C# classes provide: where they are, their interfaces, what is copied beside a program.</summary>
public static class ForeignCapabilities
{
    private const string Folder = "capabilities";

    /// <summary>What the program is told about them. A program that is built finds the assemblies beside itself, others where they are.</summary>
    public static ImmutableArray<ForeignCapability> Of(Manifest manifest, bool isBuilt) =>
    [
        .. manifest.Capabilities.Select(c => new ForeignCapability(
            c.Name, isBuilt ? $"{Folder}/{c.Name}/{Path.GetFileName(c.Assembly)}" : Path.GetFullPath(Path.Combine(manifest.Directory, c.Assembly)), c.Type)),
    ];

    /// <summary>Writes the interfaces that have changed, and says what stands in the way of a program.</summary>
    /// <exception cref="IOException">An interface cannot be written.</exception>
    public static ImmutableArray<Diagnostic> Prepare(Manifest manifest, SemanticProgram program)
    {
        var found = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var capability in manifest.Capabilities)
        {
            Diagnostic Problem(string message) => ToolErrors.BadManifest(capability.Place.Source, capability.Place.Span, message);
            var trait = program.Modules.SelectMany(m => m.Traits).FirstOrDefault(t => t.Name == capability.Name && program.ForeignProviderOf(t) is not null);
            // A program that does not mention the capability needs no provider.
            if (trait is null) continue;
            if (CSharpInterface.WhyNot(trait, program.Types) is { } why)
            {
                found.Add(Problem($"`{capability.Name}` cannot be provided by a C# class: {why}"));
                continue;
            }
            var path = Path.Combine(manifest.Directory, capability.Interface);
            var text = CSharpInterface.Of(trait, manifest.Name, program.Types);
            if (!File.Exists(path) || File.ReadAllText(path) != text)
            {
                if (Path.GetDirectoryName(path) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
                File.WriteAllText(path, text);
            }
            PlaceRuntime(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (!File.Exists(Path.Combine(manifest.Directory, capability.Assembly)))
                found.Add(Problem($"there is no {capability.Assembly}") with { Help = $"build the C# class with the interface that is in {capability.Interface}" });
        }
        return found.ToImmutable();
    }

    // The interface speaks of the runtime's types: whoever compiles it needs the runtime.
    private static void PlaceRuntime(string directory)
    {
        const string runtime = "Sigil.Runtime.dll";
        var ours = new FileInfo(Path.Combine(AppContext.BaseDirectory, runtime));
        var theirs = new FileInfo(Path.Combine(directory, runtime));
        if (ours.Exists && (!theirs.Exists || theirs.Length != ours.Length || theirs.LastWriteTimeUtc < ours.LastWriteTimeUtc)) ours.CopyTo(theirs.FullName, overwrite: true);
    }

    /// <summary>Copies the assemblies, with everything that lies beside them, to where a built program looks.</summary>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    public static void CopyBeside(Manifest manifest, string output)
    {
        foreach (var capability in manifest.Capabilities)
        {
            var assembly = Path.GetFullPath(Path.Combine(manifest.Directory, capability.Assembly));
            if (!File.Exists(assembly)) continue;
            var from = Path.GetDirectoryName(assembly)!;
            var to = Path.Combine(output, Folder, capability.Name);
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }
        }
    }
}
