using System.Collections.Immutable;

namespace Sigil.Syntax.Diagnostics;

/// <summary>How much a diagnostic weighs. Only errors stop a program from being built.</summary>
public enum Severity
{
    /// <summary>Additional information.</summary>
    Note,

    /// <summary>Suspicious, but the program has a meaning.</summary>
    Warning,

    /// <summary>The program is rejected.</summary>
    Error,
}

/// <summary>A secondary place with what is to say about it.</summary>
public sealed record DiagnosticLabel(SourceText Source, TextSpan Span, string Message);

/// <summary>The replacement of one span; an empty span inserts.</summary>
public sealed record TextEdit(SourceText Source, TextSpan Span, string NewText);

/// <summary>A change that a machine can apply to remove the problem.</summary>
public sealed record DiagnosticFix(string Message, ImmutableArray<TextEdit> Edits);

/// <summary>
/// One finding about a program, as data: where, what, and how to go on. Made only by the catalogue's typed
/// constructors; the wording lives there, the drawing in <see cref="DiagnosticRenderer"/>.
/// </summary>
public sealed record Diagnostic
{
    /// <summary>Creates a diagnostic without labels, help or fix.</summary>
    public Diagnostic(string code, Severity severity, SourceText source, TextSpan span, string message)
    {
        Code = code;
        Severity = severity;
        Source = source;
        Span = span;
        Message = message;
    }

    /// <summary>The stable code, such as <c>E3001</c>.</summary>
    public string Code { get; init; }

    /// <summary>The weight; settings may turn a warning into an error.</summary>
    public Severity Severity { get; init; }

    /// <summary>What is wrong, in one sentence, without code and place.</summary>
    public string Message { get; init; }

    /// <summary>The text that <see cref="Span"/> belongs to.</summary>
    public SourceText Source { get; init; }

    /// <summary>The place to underline.</summary>
    public TextSpan Span { get; init; }

    /// <summary>What the compiler saw there, in a few words.</summary>
    public string? PrimaryLabel { get; init; }

    /// <summary>Other places that explain the problem.</summary>
    public ImmutableArray<DiagnosticLabel> Labels { get; init; } = [];

    /// <summary>What to write instead.</summary>
    public string? Help { get; init; }

    /// <summary>The help as an edit, where a machine can do it.</summary>
    public DiagnosticFix? Fix { get; init; }

    /// <summary>The place, with its text.</summary>
    public SourceLocation Location => new(Source, Span);

    /// <summary>An error at a place.</summary>
    public static Diagnostic Error(string code, SourceText source, TextSpan span, string message) =>
        new(code, Severity.Error, source, span, message);

    /// <summary>An error at a place.</summary>
    public static Diagnostic Error(string code, SourceLocation at, string message) =>
        new(code, Severity.Error, at.Source, at.Span, message);

    /// <summary>A warning at a place.</summary>
    public static Diagnostic Warning(string code, SourceText source, TextSpan span, string message) =>
        new(code, Severity.Warning, source, span, message);

    /// <summary>A warning at a place.</summary>
    public static Diagnostic Warning(string code, SourceLocation at, string message) =>
        new(code, Severity.Warning, at.Source, at.Span, message);

    /// <summary>The same with a label at the primary place.</summary>
    public Diagnostic Labelled(string label) => this with { PrimaryLabel = label };

    /// <summary>The same with one more secondary label.</summary>
    public Diagnostic And(SourceLocation at, string message) =>
        this with { Labels = Labels.Add(new DiagnosticLabel(at.Source, at.Span, message)) };

    /// <summary>The same with a help text.</summary>
    public Diagnostic WithHelp(string help) => this with { Help = help };

    /// <summary>The same with a fix that replaces one span of the primary text.</summary>
    public Diagnostic WithFix(string message, TextSpan span, string newText) =>
        this with { Fix = new DiagnosticFix(message, [new TextEdit(Source, span, newText)]) };

    /// <summary>The same with a fix of several edits.</summary>
    public Diagnostic WithFix(string message, params ReadOnlySpan<TextEdit> edits) =>
        this with { Fix = new DiagnosticFix(message, [.. edits]) };

    /// <summary>Order of report: file, place, code.</summary>
    public static int Compare(Diagnostic left, Diagnostic right)
    {
        var order = string.CompareOrdinal(left.Source.Path, right.Source.Path);
        if (order == 0)
            order = left.Span.Start.CompareTo(right.Span.Start);
        if (order == 0)
            order = string.CompareOrdinal(left.Code, right.Code);
        return order != 0 ? order : left.Span.Length.CompareTo(right.Span.Length);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Location}: {Code}: {Message}";
}
