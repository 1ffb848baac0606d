using System.CommandLine;
using Sigil.Semantics.Modules;

namespace Sigil.Cli;

/// <summary>
/// The words of the command line, before they are given a meaning. A word that begins with a dash is an option, never the name of a file, unless it
/// stands behind <c>--</c>; what stands behind the program of <c>sigil run</c> is the program's, whatever it looks like.
/// </summary>
internal sealed class CommandLine
{
    private CommandLine(string[] words) => Words = words;

    /// <summary>The words in the form in which the parser takes nothing for something else.</summary>
    public string[] Words { get; }

    /// <summary>What is wrong; null when nothing is, empty when there is no word at all.</summary>
    public string? Complaint { get; private init; }

    /// <summary>What to do about it.</summary>
    public string Help { get; private init; } = "";

    /// <summary>Takes the words apart.</summary>
    /// <param name="root">The commands that there are.</param>
    /// <param name="words">As they were given.</param>
    public static CommandLine Read(RootCommand root, string[] words)
    {
        if (words is not [var first, .. var rest]) return new CommandLine([]) { Complaint = "" };
        if (first.StartsWith('-')) return Find(root, first) is not null ? new CommandLine(words) : Unknown(root, "sigil", first);
        if (root.Subcommands.FirstOrDefault(c => c.Name == first) is not { } command) return UnknownCommand(root, first);
        for (var i = 0; i < rest.Length; i++)
        {
            var word = rest[i];
            if (word == "--") return command.Name == "run" ? Run(rest[..i], ".", rest[(i + 1)..]) : new CommandLine(words);
            if (word is "-" or [not '-', ..] or "")
            {
                if (command.Name == "run") return Run(rest[..i], word, rest[(i + 1)..] is ["--", .. var given] ? given : rest[(i + 1)..]);
                continue;
            }
            if (Find(command, word) is not { } option && (option = Find(root, word)) is null) return Unknown(command, $"sigil {command.Name}", word);
            if (TakesValue(option) && option.Name != word && !option.Aliases.Contains(word)) continue;
            if (TakesValue(option)) i++;
        }
        return new CommandLine(words);
    }

    private static CommandLine Run(string[] options, string program, string[] arguments) => new(["run", .. options, "--", program, .. arguments]);

    // Switches may be followed by true or false, which nobody writes.
    private static bool TakesValue(Option option) => option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);

    private static Option? Find(Command command, string word)
    {
        var name = word.Split('=', ':')[0];
        return command.Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name))
            // The value may stand right behind a letter: -oDIR.
            ?? (word is ['-', not '-', _, ..] ? command.Options.FirstOrDefault(o => TakesValue(o) && o.Aliases.Contains(word[..2])) : null);
    }

    private static CommandLine Unknown(Command command, string called, string word)
    {
        var name = word.Split('=')[0];
        var known = command.Options.Where(o => !o.Hidden).SelectMany(o => (string[])[o.Name, .. o.Aliases]).Where(o => o.StartsWith("--", StringComparison.Ordinal));
        var purpose = command.Name == "run" ? "; what is for the program stands behind its file: sigil run FILE " + word : "";
        return new CommandLine([])
        {
            Complaint = $"{called} has no option '{name}'",
            Help = Spelling.Closest(name, known) is { } close ? $"did you mean {close}?" : $"`{called} --help` lists its options{purpose}",
        };
    }

    private static CommandLine UnknownCommand(RootCommand root, string word)
    {
        var close = Spelling.Closest(word, root.Subcommands.Select(c => c.Name));
        return new CommandLine([])
        {
            Complaint = $"there is no command '{word}'",
            Help = close is not null ? $"did you mean `sigil {close}`?"
                : word.EndsWith(".si", StringComparison.Ordinal) ? $"to run a program: sigil run {word}"
                : $"the commands are {string.Join(", ", root.Subcommands.Where(c => !c.Hidden).Select(c => c.Name))}",
        };
    }
}
