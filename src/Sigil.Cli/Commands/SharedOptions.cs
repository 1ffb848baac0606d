using System.Collections.Immutable;
using System.CommandLine;
using Sigil.Compiler.Projects;
using Sigil.Runtime.Ownership;

namespace Sigil.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    /// <param name="more">What the command can write besides text for people and JSON.</param>
    public static Option<OutputFormat> Format(params OutputFormat[] more)
    {
        OutputFormat[] known = [OutputFormat.Human, OutputFormat.Json, .. more];
        var names = known.Select(f => f.ToString().ToLowerInvariant()).ToArray();
        var option = new Option<OutputFormat>("--format")
        {
            Description = $"{string.Join(", ", names[..^1])} or {names[^1]}",
            DefaultValueFactory = _ => OutputFormat.Human,
        };
        option.AcceptOnlyFromAmong(names);
        return option;
    }
}

/// <summary><c>--check-owners</c>, or the variable of the same meaning.</summary>
internal static class OwnerOption
{
    public static Option<bool> Create() => new("--check-owners")
    {
        Description = "Watch at run time which task owns each mutable object, to test the compiler; slow.",
        Hidden = true,
    };

    /// <summary>Whether to check. What runs from now on, also in other processes, is told by the variable.</summary>
    public static bool Read(ParseResult parsed, Option<bool> option)
    {
        if (parsed.GetValue(option)) Environment.SetEnvironmentVariable(Owners.Variable, "1");
        return Environment.GetEnvironmentVariable(Owners.Variable) is { Length: > 0 } and not "0";
    }
}

/// <summary>The levels of warnings on the command line: <c>--allow</c>, <c>--warn</c>, <c>--deny</c>.</summary>
internal sealed class LevelOptions
{
    private readonly Option<string[]> allow = Of("--allow", "Do not report a warning; may be given several times.");
    private readonly Option<string[]> warn = Of("--warn", "Report a warning that is off by default, or that sigil.toml allows.");
    private readonly Option<string[]> deny = Of("--deny", "Make an error of a warning.");

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(allow);
        command.Options.Add(warn);
        command.Options.Add(deny);
    }

    /// <summary>What was given; null when a code is none, which is reported.</summary>
    public WarningLevels? Read(ParseResult parsed)
    {
        var levels = ImmutableDictionary.CreateBuilder<string, WarningLevel>(StringComparer.Ordinal);
        foreach (var (option, level) in new[] { (allow, WarningLevel.Allow), (warn, WarningLevel.Warn), (deny, WarningLevel.Deny) })
            foreach (var code in (parsed.GetValue(option) ?? []).SelectMany(c => c.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
            {
                if (WarningLevels.Complaint(code) is { } complaint)
                {
                    Console.Error.WriteLine($"error[E9102]: {option.Name}: {complaint}");
                    return null;
                }
                if (!levels.TryAdd(code, level) && levels[code] != level)
                {
                    Console.Error.WriteLine($"error[E9102]: {code} has two levels on the command line");
                    return null;
                }
            }
        return new WarningLevels(levels.ToImmutable());
    }

    private static Option<string[]> Of(string name, string description) => new(name) { Description = description, HelpName = "CODE" };
}
