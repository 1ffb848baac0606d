using System.CommandLine;
using System.Text;
using Sigil.Compiler;
using Sigil.Compiler.Documentation;
using Sigil.Compiler.Projects;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil doc</c>: reference pages from the doc comments.</summary>
internal static class DocCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "A project, a directory or a file; the current project when none is given.", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--out") { Description = "The directory for the pages; docs/reference of the project when none is given.", };
        var library = new Option<bool>("--library") { Description = "Document the standard library instead of a project." };
        var command = new Command("doc", "Write reference pages in Markdown from the doc comments.") { path, output, library };
        command.SetAction(parsed =>
        {
            var given = parsed.GetValue(path);
            if (given is not null && parsed.GetValue(library))
            {
                Console.Error.WriteLine("error[E9102]: --library goes without a path");
                return ExitCodes.WrongUsage;
            }
            var diagnostics = new DiagnosticBag();
            var (title, modules, home) = parsed.GetValue(library) ? ("The standard library", Library(), ".") : Project(given, diagnostics);
            diagnostics.AddRange(modules.SelectMany(m => m.Tree.Diagnostics));
            if (DiagnosticOutput.Write(diagnostics.ToImmutable(), OutputFormat.Human)) return ExitCodes.Failed;
            return Write(title, modules, parsed.GetValue(output) ?? Path.GetRelativePath(".", Path.Combine(home, "docs/reference")));
        });
        return command;
    }

    private static List<(string Name, SyntaxTree Tree)> Library()
    {
        var library = new EmbeddedLibrary();
        return [.. library.ModuleNames.Where(m => !m.Contains("._test", StringComparison.Ordinal)).Select(m => (m, SyntaxTree.Parse(library.Find(m)!, ParseOptions.StandardLibrary)))];
    }

    private static (string Title, List<(string Name, SyntaxTree Tree)> Modules, string Home) Project(string? path, DiagnosticBag diagnostics)
    {
        var target = ProgramTarget.Find(path ?? ".", TargetPurpose.Check, new EmbeddedLibrary(), wholeProject: path is null);
        diagnostics.AddRange(target.Diagnostics);
        var modules = new List<(string, SyntaxTree)>();
        var home = target.Manifest?.Directory is { Length: > 0 } d ? d : ".";
        if (target.Input is not { } input) return (target.Name, modules, home);
        foreach (var file in input.RootFiles.Where(f => !f.EndsWith(".test.si", StringComparison.Ordinal)))
        {
            if (target.Sources.Read(file, diagnostics) is { } text) modules.Add((ModuleName(file, input.SourceRoots), SyntaxTree.Parse(text)));
            else diagnostics.Add(ToolErrors.Unreadable(SourceText.FromString(file, ""), "cannot be read"));
        }
        return (target.Name, modules, home);
    }

    /// <summary>A module is named by its path below its source root; <c>mod.si</c> stands for its directory.</summary>
    private static string ModuleName(string file, IEnumerable<string> roots)
    {
        var root = roots.Where(r => r.Length > 0 && file.StartsWith(r + "/", StringComparison.Ordinal)).MaxBy(r => r.Length);
        var relative = (root is null ? file : file[(root.Length + 1)..])[..^".si".Length];
        return (relative.EndsWith("/mod", StringComparison.Ordinal) ? relative[..^"/mod".Length] : relative).Replace('/', '.');
    }

    private static int Write(string title, List<(string Name, SyntaxTree Tree)> modules, string directory)
    {
        var index = new StringBuilder($"# {title}\n\n");
        int pages = 0;
        try
        {
            Directory.CreateDirectory(directory);
            foreach (var (name, tree) in modules.OrderBy(m => m.Name, StringComparer.Ordinal))
            {
                if (ReferencePage.Of(name, tree) is not { } page) continue;
                File.WriteAllText(Path.Combine(directory, name + ".md"), page, new UTF8Encoding(false));
                index.Append($"- [{name}]({name}.md){(ReferencePage.Summary(tree) is { Length: > 0 } s ? ": " + s : "")}\n");
                pages++;
            }
            if (pages == 0) index.Append("Nothing is `pub` here.\n");
            File.WriteAllText(Path.Combine(directory, "README.md"), index.ToString(), new UTF8Encoding(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error[E9104]: cannot write to {directory}: {e.Message}");
            return ExitCodes.Failed;
        }
        Console.WriteLine($"wrote {pages} {(pages == 1 ? "page" : "pages")} and README.md in {directory}/");
        return ExitCodes.Ok;
    }
}
