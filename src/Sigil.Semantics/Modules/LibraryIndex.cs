using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Semantics.Modules;

/// <summary>Where the library declares what a program names without importing it. It reads all of the library, so only an error asks.</summary>
internal sealed class LibraryIndex(ILibrarySource library)
{
    private readonly Lazy<Dictionary<string, List<(string Module, string Item)>>> places = new(() => Read(library));

    /// <summary>The import that brings a name into scope; null when the library has no such name.</summary>
    /// <param name="name">Of a function, a constructor, a type or a trait.</param>
    public string? ImportOf(string name) =>
        places.Value.TryGetValue(name, out var found) ? string.Join("` or `", found.Distinct().Select(f => $"use {f.Module} {{ {f.Item} }}")) : null;

    private static Dictionary<string, List<(string, string)>> Read(ILibrarySource library)
    {
        var places = new Dictionary<string, List<(string, string)>>(StringComparer.Ordinal);
        foreach (var module in library.ModuleNames.Where(m => !Prelude.IsPart(m) && !m.Contains("._test", StringComparison.Ordinal)))
        {
            foreach (var item in SyntaxTree.Parse(library.Find(module)!, ParseOptions.StandardLibrary).Root.Items.Where(i => i.PubKeyword is not null))
                switch (item)
                {
                    case FunctionDeclaration f: Add(f.Name.Text, f.Name.Text); break;
                    case TraitDeclaration t: Add(t.Name.Text, t.Name.Text); break;
                    case TypeDeclaration t:
                        Add(t.Name.Text, t.Name.Text);
                        if (t.Definition is SumDefinition sum)
                            foreach (var v in sum.Variants) Add(v.Name.Text, t.Name.Text);
                        break;
                }

            void Add(string name, string item)
            {
                if (!places.TryGetValue(name, out var known)) places[name] = known = [];
                known.Add((module, item));
            }
        }
        return places;
    }
}
