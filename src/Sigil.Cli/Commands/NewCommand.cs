using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil new</c>: a project to start from.</summary>
internal static partial class NewCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The project's name, also the name of its directory: lower-case letters, digits and _. A path may stand before it." };
        var library = new Option<bool>("--lib") { Description = "A library, to be used by other projects, instead of a program." };
        var command = new Command("new", "Make a project with sources, a test and a sigil.toml.") { name, library };
        command.SetAction(parsed => Make(parsed.GetValue(name)!, parsed.GetValue(library) ? "lib" : "app"));
        return command;
    }

    private static int Make(string path, string template)
    {
        var directory = path.TrimEnd('/');
        var project = Path.GetFileName(directory);
        if (!ProjectName().IsMatch(project) || project == "std")
        {
            Console.Error.WriteLine($"error[E9102]: '{project}' is not a project name: a lower-case letter, then lower-case letters, digits and _");
            if (Corrected(project) is { Length: > 0 } better) Console.Error.WriteLine($"  = help: for example: sigil new {better}");
            return ExitCodes.WrongUsage;
        }
        if (File.Exists(directory) || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            Console.Error.WriteLine($"error[E9104]: {directory} is there already");
            return ExitCodes.Failed;
        }
        try
        {
            var home = typeof(NewCommand).Assembly;
            var prefix = $"templates/{template}/";
            foreach (var resource in home.GetManifestResourceNames().Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                var relative = resource[prefix.Length..].Replace('\\', '/');
                if (relative == "gitignore") relative = ".gitignore";
                using var reader = new StreamReader(home.GetManifestResourceStream(resource)!);
                var file = Path.Combine(directory, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, reader.ReadToEnd().Replace("NAME", project, StringComparison.Ordinal), new UTF8Encoding(false));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error[E9104]: cannot write to {directory}: {e.Message}");
            return ExitCodes.Failed;
        }
        Console.WriteLine($"made {(template == "lib" ? "the library" : "the program")} {project} in {directory}/");
        Console.WriteLine(template == "lib" ? $"next: cd {directory} && sigil test" : $"next: cd {directory} && sigil run && sigil test");
        return ExitCodes.Ok;
    }

    private static string Corrected(string name)
    {
        var text = new string([.. name.ToLowerInvariant().Select(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '_')]).Trim('_');
        return text.Length > 0 && ProjectName().IsMatch(text) ? text : "";
    }

    [GeneratedRegex("^[a-z][a-z0-9_]*$")]
    private static partial Regex ProjectName();
}
