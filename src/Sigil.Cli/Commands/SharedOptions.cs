using System.CommandLine;

namespace Sigil.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Option<OutputFormat> Format() => new("--format")
    {
        Description = "human or json",
        DefaultValueFactory = _ => OutputFormat.Human,
    };
}
