namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E91xx: findings about what surrounds a program: the command line, the manifest, files, the compiler itself.</summary>
public static class ToolErrors
{
    /// <summary>E9101: a defect of the compiler, never of the program.</summary>
    public static Diagnostic InternalError(SourceText source, TextSpan at, string phase, string what) => new("E9101", Severity.Error, source, at, $"the compiler failed while {phase}: {what}")
    {
        PrimaryLabel = "while it worked on this",
        Help = "this is a defect of the compiler, not of your program; please report it with the file",
    };

    /// <summary>E9103.</summary>
    public static Diagnostic BadManifest(SourceText source, TextSpan at, string what) => new("E9103", Severity.Error, source, at, what);

    /// <summary>E9104.</summary>
    public static Diagnostic Unreadable(SourceText source, string what) => new("E9104", Severity.Error, source, new TextSpan(0, 0), what);
}
