namespace Sigil.Semantics.Modules;

/// <summary>The names of the built-in patterns. They are ordinary names, which a definition of the user hides (W2005).</summary>
internal static class BuiltInPatternNames
{
    private static readonly HashSet<string> names =
    [
        "map", "filter", "fold", "find", "collect", "recurse", "retry", "cache", "parallel", "timeout", "nursery", "task_group", "channel", "ipc_channel",
        // Before a parenthesis these are always the forms.
        "run", "try", "select", "validate",
    ];

    public static bool Contains(string name) => names.Contains(name);
}
