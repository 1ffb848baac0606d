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
    // Beside the interfaces: the program's own types that they mention.
    private const string TypesFile = "SigilTypes.cs";

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
        // Capabilities whose interfaces lie in one directory are implemented together: they share the types of the program.
        var typesByDirectory = new SortedDictionary<string, CSharpTypes>(StringComparer.Ordinal);
        var refused = new HashSet<CSharpTypes>();
        foreach (var capability in manifest.Capabilities)
        {
            Diagnostic Problem(string message) => ToolErrors.BadManifest(capability.Place.Source, capability.Place.Span, message);
            var trait = program.Modules.SelectMany(m => m.Traits).FirstOrDefault(t => t.Name == capability.Name && program.ForeignProviderOf(t) is not null);
            // A program that does not mention the capability needs no provider.
            if (trait is null) continue;
            var path = Path.GetFullPath(Path.Combine(manifest.Directory, capability.Interface));
            var directory = Path.GetDirectoryName(path)!;
            if (!typesByDirectory.TryGetValue(directory, out var types)) typesByDirectory[directory] = types = new CSharpTypes(program.Types);
            if (CSharpInterface.WhyNot(trait, types) is var (at, why))
            {
                refused.Add(types);
                var problem = Problem($"`{capability.Name}` cannot be provided by a C# class: {why}");
                found.Add(at.Source is { } source ? problem with { Labels = [new DiagnosticLabel(source, at.Span, "does not cross")] } : problem);
                continue;
            }
            Directory.CreateDirectory(directory);
            WriteChanged(path, CSharpInterface.Of(trait, manifest.Name, program.Types));
            PlaceRuntime(directory);
            if (!File.Exists(Path.Combine(manifest.Directory, capability.Assembly)))
                found.Add(Problem($"there is no {capability.Assembly}") with { Help = $"build the C# class with the interface that is in {capability.Interface}" });
        }
        foreach (var (directory, types) in typesByDirectory)
            if (types.HasDeclared && !refused.Contains(types)) WriteChanged(Path.Combine(directory, TypesFile), types.Text(manifest.Name));
        return found.ToImmutable();
    }

    private static void WriteChanged(string path, string text)
    {
        if (!File.Exists(path) || File.ReadAllText(path) != text) File.WriteAllText(path, text);
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
                Replace(file, target);
            }
        }
    }

    // A program that runs has the old file mapped: it keeps that one, and the next run gets the new one.
    private static void Replace(string file, string target)
    {
        var beside = $"{target}.{Environment.ProcessId}.tmp";
        try
        {
            File.Copy(file, beside, overwrite: true);
            File.Move(beside, target, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
