using System.CommandLine;

namespace Sigil.Cli.Commands;

/// <summary><c>sigil completions</c>: a script by which a shell completes the command's words.</summary>
internal static class CompletionsCommand
{
    /// <param name="root">The commands that are completed; read when the command runs.</param>
    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completions", "Print a script that makes a shell complete the words of this command.") { shell };
        command.SetAction(parsed =>
        {
            var commands = root.Subcommands.Where(c => !c.Hidden).Select(c => new Words(c)).ToList();
            Console.Out.Write(parsed.GetValue(shell) switch
            {
                "bash" => Bash(commands),
                "zsh" => Zsh(commands),
                _ => Fish(commands),
            });
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>What can follow one command.</summary>
    private sealed class Words(Command command)
    {
        public string Name { get; } = command.Name;

        public string Description { get; } = command.Description ?? "";

        public List<(string Name, string Description)> Options { get; } =
            [.. command.Options.Where(o => !o.Hidden).Select(o => (o.Name, o.Description ?? ""))];

        public List<string> Values { get; } = command.Name switch
        {
            "completions" => ["bash", "zsh", "fish"],
            "explain" or "new" => [],
            _ => [],
        };

        public bool TakesFiles { get; } = command.Name is not ("completions" or "explain" or "new");
    }

    private static string Bash(List<Words> commands)
    {
        var cases = string.Concat(commands.Select(c =>
            $"        {c.Name}) words=\"{string.Join(' ', c.Options.Select(o => o.Name).Concat(c.Values))}\"; files={(c.TakesFiles ? 1 : 0)} ;;\n"));
        return $$"""
            # Completion of sigil for bash: source it, or put it into a directory of bash-completion.
            _sigil() {
                local current=${COMP_WORDS[COMP_CWORD]} words="" files=0
                if [ "$COMP_CWORD" -eq 1 ]; then
                    COMPREPLY=($(compgen -W "{{string.Join(' ', commands.Select(c => c.Name))}} --help --version" -- "$current"))
                    return
                fi
                case ${COMP_WORDS[1]} in
            {{cases}}    esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
                if [ "$files" -eq 1 ] && [[ $current != -* ]]; then
                    COMPREPLY+=($(compgen -d -S / -- "$current") $(compgen -f -X '!*.si' -- "$current"))
                    compopt -o nospace 2>/dev/null
                fi
            }
            complete -F _sigil sigil

            """;
    }

    private static string Zsh(List<Words> commands)
    {
        static string Quoted(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
        var names = string.Concat(commands.Select(c => $"        '{c.Name}:{Quoted(c.Description)}'\n"));
        var cases = string.Concat(commands.Select(c =>
        {
            var options = string.Concat(c.Options.Select(o => $" '{o.Name}[{Quoted(o.Description)}]'"));
            var rest = c.TakesFiles ? " '*:file:_files -g \"*.si(-.) *(-/)\"'" : c.Values.Count > 0 ? $" '*:value:({string.Join(' ', c.Values)})'" : "";
            return $"        {c.Name}) _arguments{options}{rest} ;;\n";
        }));
        return $$"""
            #compdef sigil
            # Completion of sigil for zsh: put it as _sigil into a directory of $fpath, or source it.
            _sigil() {
                local -a commands
                commands=(
            {{names}}    )
                if (( CURRENT == 2 )); then
                    _describe 'command' commands
                    return
                fi
                local command=$words[2]
                shift words
                (( CURRENT-- ))
                case $command in
            {{cases}}    esac
            }
            compdef _sigil sigil

            """;
    }

    private static string Fish(List<Words> commands)
    {
        static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal);
        var lines = new List<string>
        {
            "# Completion of sigil for fish: put it as sigil.fish into ~/.config/fish/completions.",
            "complete -c sigil -f",
        };
        foreach (var c in commands)
        {
            lines.Add($"complete -c sigil -n __fish_use_subcommand -a {c.Name} -d '{Quoted(c.Description)}'");
            var here = $"complete -c sigil -n '__fish_seen_subcommand_from {c.Name}'";
            foreach (var (name, description) in c.Options)
                lines.Add($"{here} {(name.StartsWith("--", StringComparison.Ordinal) ? "-l " + name[2..] : "-s " + name[1..])} -d '{Quoted(description)}'");
            if (c.Values.Count > 0) lines.Add($"{here} -a '{string.Join(' ', c.Values)}'");
            if (c.TakesFiles) lines.Add($"{here} -F");
        }
        return string.Join('\n', lines) + "\n";
    }
}
