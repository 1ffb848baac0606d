using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Capabilities;

/// <summary>std.env on the real process.</summary>
public static class ProgramEnvironment
{
    private static string? program;
    private static string[]? arguments;

    /// <summary>Tells what the program was called as and with; the launcher does this before <c>@main</c>.</summary>
    public static void Start(string name, string[] args)
    {
        program = TextIndex.WellFormed(name);
        arguments = Array.ConvertAll(args, TextIndex.WellFormed);
    }

    /// <summary>A variable.</summary>
    [Intrinsic("env.read_var")]
    public static Option<string> Get(string name) =>
        IsName(name) && Environment.GetEnvironmentVariable(name) is { } value ? Option<string>.Some(TextIndex.WellFormed(value)) : Option<string>.None;

    /// <summary>Sets a variable of this process; a name that the system cannot hold panics.</summary>
    [Intrinsic("env.write_var")]
    public static void Set(string name, string value, string site)
    {
        if (!IsName(name) || value.Contains('\0'))
            Panic.User($"{Literals.Quote(name)} cannot be set as an environment variable", site);
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Removes a variable of this process.</summary>
    [Intrinsic("env.delete_var")]
    public static void Remove(string name)
    {
        if (IsName(name))
            Environment.SetEnvironmentVariable(name, null);
    }

    /// <summary>All variables, by name.</summary>
    [Intrinsic("env.all_vars")]
    public static SigilMap<string, string> All()
    {
        var names = new List<(string Name, string Value)>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            names.Add((TextIndex.WellFormed((string)entry.Key), TextIndex.WellFormed((string?)entry.Value ?? "")));
        names.Sort(static (a, b) => StringOps.Compare(a.Name, b.Name));
        var map = SigilMap<string, string>.WithCapacity(names.Count);
        foreach (var (name, value) in names)
            map.Put(name, value);
        return map;
    }

    /// <summary>The arguments without the program's name.</summary>
    [Intrinsic("env.program_args")]
    public static SigilList<string> Arguments() => SigilList<string>.CopyOf(arguments ??= Array.ConvertAll(Environment.GetCommandLineArgs()[1..], TextIndex.WellFormed));

    /// <summary>The program's name.</summary>
    [Intrinsic("env.program_name")]
    public static string Program() => program ??= TextIndex.WellFormed(Environment.GetCommandLineArgs()[0]);

    /// <summary>The current directory; code 1 when it no longer exists, 3 without permission.</summary>
    [Intrinsic("env.read_current_dir")]
    public static (long Code, string Value, string Text) CurrentDirectory()
    {
        try
        {
            return (0, TextIndex.WellFormed(Environment.CurrentDirectory), "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            return (CodeOf(problem), "", ".");
        }
    }

    /// <summary>Changes the current directory; code 1 when there is none of the name, 2 without permission, 3 when it is no directory.</summary>
    [Intrinsic("env.write_current_dir")]
    public static (long Code, string Text) SetCurrentDirectory(string path)
    {
        try
        {
            Environment.CurrentDirectory = path;
            return (0, "");
        }
        catch (Exception problem) when (FileCodes.IsExpected(problem))
        {
            return (path.Length == 0 ? 1 : File.Exists(path) ? 3 : CodeOf(problem), path);
        }
    }

    private static long CodeOf(Exception problem) => problem switch
    {
        DirectoryNotFoundException or FileNotFoundException => 1,
        UnauthorizedAccessException => 2,
        _ => 3,
    };

    private static bool IsName(string name) => name.Length > 0 && !name.AsSpan().ContainsAny('=', '\0');
}
