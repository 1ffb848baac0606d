using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Compiler.Projects;

/// <summary>The projects that a project depends on, directly and through others. Within one program a name means one project.</summary>
internal sealed class DependencyGraph(DiskSources sources, DiagnosticBag diagnostics)
{
    private readonly Dictionary<string, (string Home, PackageDependency Package)> found = new(StringComparer.Ordinal);

    /// <summary>All of them by name; what is wrong is reported where it is named.</summary>
    public ImmutableDictionary<string, PackageDependency> Of(Manifest manifest)
    {
        Visit(manifest, [Path.GetFullPath(manifest.Directory)]);
        return found.ToImmutableDictionary(d => d.Key, d => d.Value.Package);
    }

    private void Visit(Manifest manifest, ImmutableArray<string> path)
    {
        foreach (var dependency in manifest.Dependencies)
        {
            var home = Path.IsPathRooted(dependency.Path) ? dependency.Path : SourcePath.Join(manifest.Directory, dependency.Path);
            var full = Path.GetFullPath(home);
            if (path.Contains(full))
            {
                Complain(dependency, $"'{dependency.Name}' depends on itself", string.Join(" → ", path.SkipWhile(p => p != full).Append(full).Select(Path.GetFileName)));
                continue;
            }
            if (found.TryGetValue(dependency.Name, out var known))
            {
                if (known.Home != full) Complain(dependency, $"two projects are called '{dependency.Name}' in this program", $"the other is at {known.Home}");
                continue;
            }
            var file = SourcePath.Join(home, "sigil.toml");
            if (!File.Exists(file) || sources.Read(file, diagnostics) is not { } text)
            {
                Complain(dependency, $"there is no sigil.toml at {dependency.Path}", "the path is relative to the directory of this file");
                continue;
            }
            var bag = new DiagnosticBag();
            var other = ManifestReader.Read(text, home, bag);
            diagnostics.AddRange(bag.ToImmutable());
            if (other is null) continue;
            if (other.Name != dependency.Name)
            {
                Complain(dependency, $"the project at {dependency.Path} is called '{other.Name}'", $"write {other.Name} = {{ path = \"{dependency.Path}\" }}");
                continue;
            }
            found[dependency.Name] = (full, new PackageDependency(dependency.Name, [.. other.SourceRoots.Select(r => SourcePath.Join(home, r.Path))]));
            Visit(other, path.Add(full));
        }
    }

    private void Complain(ManifestDependency dependency, string message, string help) =>
        diagnostics.Add(ToolErrors.BadManifest(dependency.Place.Source, dependency.Place.Span, message) with { Help = help });
}
