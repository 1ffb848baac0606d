namespace Sigil.Syntax;

/// <summary>How a text is to be read.</summary>
public sealed record ParseOptions
{
    /// <summary>A module.</summary>
    public static ParseOptions Module { get; } = new();

    /// <summary>A snippet: statements are allowed, and line ends separate them.</summary>
    public static ParseOptions Snippet { get; } = new() { IsSnippet = true };

    /// <summary>A module of the standard library: functions may lack a body, attributes are not checked.</summary>
    public static ParseOptions StandardLibrary { get; } = new() { IsStandardLibrary = true };

    /// <summary>Whether statements are allowed, as in the REPL, documentation examples and compile-fail files.</summary>
    public bool IsSnippet { get; init; }

    /// <summary>Whether functions may lack a body.</summary>
    public bool IsStandardLibrary { get; init; }
}
