namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E0xxx: bytes, characters and tokens.</summary>
public static class LexicalErrors
{
    /// <summary>E0001.</summary>
    public static Diagnostic InvalidUtf8(SourceText source, TextSpan at, int byteOffset) =>
        Diagnostic.Error("E0001", source, at, $"this file is not valid UTF-8: the byte at offset {byteOffset} fits no character")
            .WithHelp("save the file as UTF-8");

    /// <summary>E0002.</summary>
    public static Diagnostic ByteOrderMark(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0002", source, at, "this file starts with a byte order mark")
            .WithHelp("save the file as UTF-8 without byte order mark")
            .WithFix("remove the byte order mark", at, "");

    /// <summary>E0003.</summary>
    public static Diagnostic NulCharacter(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0003", source, at, "this file contains a NUL character")
            .WithHelp("a NUL in a string is written \\0; anywhere else remove it");

    /// <summary>E0004.</summary>
    public static Diagnostic StrayCharacter(SourceText source, TextSpan at, string character, string? help) =>
        Diagnostic.Error("E0004", source, at, $"the character `{character}` has no meaning here") with { Help = help };

    /// <summary>E0005.</summary>
    public static Diagnostic UnclosedString(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0005", source, at, "this string is not closed on its line")
            .Labelled("the closing `\"` is missing")
            .WithHelp("close it with `\"`; a line end inside a string is written \\n, or use a template `…`");

    /// <summary>E0006.</summary>
    public static Diagnostic UnknownEscape(SourceText source, TextSpan at, string escape) =>
        Diagnostic.Error("E0006", source, at, $"`{escape}` is not an escape")
            .WithHelp("the escapes are \\\\ \\\" \\' \\` \\n \\t \\r \\0 \\u{…}; a backslash itself is written \\\\");

    /// <summary>E0007.</summary>
    public static Diagnostic CharacterCount(SourceText source, TextSpan at, int count) =>
        Diagnostic.Error("E0007", source, at, count == 0
                ? "a character literal needs a character between its quotes"
                : $"a character literal holds exactly one character, this one holds {count}")
            .WithHelp(count == 0 ? "an empty string is written \"\"" : "a string is written with double quotes");

    /// <summary>E0008.</summary>
    public static Diagnostic UnclosedQuote(SourceText source, TextSpan at, bool isPath) =>
        Diagnostic.Error("E0008", source, at, isPath ? "this path is not closed on its line" : "this character literal is not closed on its line")
            .Labelled("the closing `'` is missing");

    /// <summary>E0009.</summary>
    public static Diagnostic UnclosedTemplate(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0009", source, at, "this template is not closed").Labelled("opened here, and no closing backquote follows");

    /// <summary>E0009.</summary>
    public static Diagnostic LoneBraceInTemplate(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0009", source, at, "this `}` closes nothing in the template")
            .WithHelp("a brace as text is doubled: `}}`")
            .WithFix("double the brace", at, "}}");

    /// <summary>E0010.</summary>
    public static Diagnostic MalformedNumber(SourceText source, TextSpan at, string text, string? help) =>
        Diagnostic.Error("E0010", source, at, $"`{text}` is not a number") with { Help = help };

    /// <summary>E0011.</summary>
    public static Diagnostic IntegerTooLarge(SourceText source, TextSpan at) =>
        Diagnostic.Error("E0011", source, at, "this number is too large for int")
            .WithHelp("the largest int is 9223372036854775807");

    /// <summary>E0011, for a duration or size.</summary>
    public static Diagnostic QuantityTooLarge(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E0011", source, at, $"this number is too large for {type}");

    /// <summary>E0012.</summary>
    public static Diagnostic UnknownUnit(SourceText source, TextSpan at, string unit) =>
        Diagnostic.Error("E0012", source, at, $"`{unit}` is not a unit")
            .WithHelp("durations end in ms, s, m or h, sizes in b, kb, mb or gb");

    /// <summary>E0013.</summary>
    public static Diagnostic NotAScalar(SourceText source, TextSpan at, string escape) =>
        Diagnostic.Error("E0013", source, at, $"`{escape}` names no Unicode character")
            .WithHelp("\\u{…} takes one to six hex digits, up to 10FFFF and outside D800 to DFFF");

    /// <summary>E0014.</summary>
    public static Diagnostic UnusableFileName(SourceText source, string fileName) =>
        Diagnostic.Error("E0014", source, new TextSpan(0, 0), $"the file name `{fileName}` cannot be a module name")
            .WithHelp("use letters, digits and `_`, not starting with a digit, and the ending .si or .test.si");
}
