namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E7xxx: tests.</summary>
public static class TestErrors
{
    /// <summary>E7001 where tests are required, else W7001.</summary>
    public static Diagnostic Untested(SourceLocation at, string name, bool required)
    {
        var message = $"no test targets `@{name}`";
        var d = required ? Diagnostic.Error("E7001", at, message) : Diagnostic.Warning("W7001", at, message);
        return d.WithHelp($"add `@test_{name} tests @{name} () -> void = …`");
    }

    /// <summary>E7002.</summary>
    public static Diagnostic TargetNotFound(SourceLocation at, string name, string? suggestion)
    {
        var d = Diagnostic.Error("E7002", at, $"there is no function `@{name}` to test");
        return suggestion is null ? d : d.WithHelp($"did you mean `@{suggestion}`?").WithFix($"write `{suggestion}`", at.Span, suggestion);
    }

    /// <summary>E7003.</summary>
    public static Diagnostic TestSignature(SourceLocation at, string problem) =>
        Diagnostic.Error("E7003", at, $"a test {problem}").WithHelp("the signature of a test is `() -> void`");

    /// <summary>E7004.</summary>
    public static Diagnostic SkipWithoutReason(SourceLocation at) =>
        Diagnostic.Error("E7004", at, "`#[skip]` needs a reason").WithHelp("write `#[skip(\"why\")]`");

    /// <summary>E7005.</summary>
    public static Diagnostic SkipNotOnTest(SourceLocation at) =>
        Diagnostic.Error("E7005", at, "only tests can be skipped").WithHelp("remove the attribute");

    /// <summary>E7006.</summary>
    public static Diagnostic DuplicateTest(SourceLocation at, string name, SourceLocation first) =>
        Diagnostic.Error("E7006", at, $"there are two tests `@{name}` in this module").And(first, "the first one");
}
