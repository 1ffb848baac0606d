namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E2xxx and W2xxx of names inside a body: unknown names, assignments, loops.</summary>
public static class LocalNameErrors
{
    /// <summary>E2001.</summary>
    public static Diagnostic UnknownName(SourceText source, TextSpan at, string name, string? similar, string? help = null)
    {
        var d = Diagnostic.Error("E2001", source, at, $"there is no `{name}` here");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar) : d with { Help = help };
    }

    /// <summary>E2001: a member of a module or type.</summary>
    public static Diagnostic UnknownMember(SourceText source, TextSpan at, string owner, string name, string? similar)
    {
        var d = Diagnostic.Error("E2001", source, at, $"`{owner}` has no `{name}`");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar) : d;
    }

    /// <summary>E2003.</summary>
    public static Diagnostic UnknownCapability(SourceText source, TextSpan at, string name, string? similar, string? help = null)
    {
        var d = Diagnostic.Error("E2003", source, at, $"there is no capability `{name}` here");
        return help is not null ? d.WithHelp(help) : similar is not null ? d.WithHelp($"did you mean `{similar}`?") : d;
    }

    /// <summary>E2005: a lambda with two parameters of one name.</summary>
    public static Diagnostic ParameterTwice(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E2005", source, at, $"this lambda has two parameters named `{name}`");

    /// <summary>E2012.</summary>
    public static Diagnostic Ambiguous(SourceText source, TextSpan at, string name, string candidates) =>
        Diagnostic.Error("E2012", source, at, $"`{name}` could be {candidates}")
            .WithHelp("qualify it, or import one of them under another name with `as`");

    /// <summary>E2013.</summary>
    public static Diagnostic UnknownConfig(SourceText source, TextSpan at, string name, string? similar)
    {
        var d = Diagnostic.Error("E2013", source, at, $"there is no config `${name}`");
        return similar is not null ? d.WithHelp($"did you mean `${similar}`?") : d;
    }

    /// <summary>E2014.</summary>
    public static Diagnostic UsedBeforeLet(SourceText source, TextSpan at, string name, SourceLocation declared) =>
        Diagnostic.Error("E2014", source, at, $"`{name}` is used before its `let`").And(declared, $"`{name}` is introduced only here");

    /// <summary>E2015.</summary>
    public static Diagnostic NotAssignable(SourceText source, TextSpan at, string name, string what, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E2015", source, at, $"`{name}` is {what} and cannot be assigned")
            .WithHelp($"make a name of your own: `let {name} = …`");
        return declared is { } place ? d.And(place, "introduced here") : d;
    }

    /// <summary>E2016: the binding is a plain <c>let</c>.</summary>
    public static Diagnostic NotMutable(SourceText source, TextSpan at, string name, SourceLocation? declared, TextSpan? insertMut)
    {
        var d = Diagnostic.Error("E2016", source, at, $"`{name}` cannot be updated in place: it is not `let mut`");
        if (declared is { } place) d = d.And(place, "introduced here without `mut`");
        return insertMut is { } span ? d.WithHelp($"write `let mut {name}`").WithFix("make it mutable", span, "mut ") : d.WithHelp($"write `let mut {name}`");
    }

    /// <summary>E2016: something that is no <c>let</c> binding.</summary>
    public static Diagnostic NotAMutablePlace(SourceText source, TextSpan at, string what, string help) =>
        Diagnostic.Error("E2016", source, at, $"{what} cannot be updated in place").WithHelp(help);

    /// <summary>E2017.</summary>
    public static Diagnostic AssignedCapture(SourceText source, TextSpan at, string name, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E2017", source, at, $"`{name}` belongs to the surrounding function: a lambda has a copy and cannot assign it")
            .WithHelp("return the new value from the lambda, or use `for … do` with the assignment in its body");
        return declared is { } place ? d.And(place, "introduced here") : d;
    }

    /// <summary>E6005.</summary>
    public static Diagnostic AssignedTaskCapture(SourceText source, TextSpan at, string name, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E6005", source, at, $"`{name}` is captured by this task, which has its own copy: the assignment would not be seen outside")
            .WithHelp("let the task yield the value and assign the task's result");
        return declared is { } place ? d.And(place, "introduced here, outside the task") : d;
    }

    /// <summary>E2018.</summary>
    public static Diagnostic NoSelf(SourceText source, TextSpan at) =>
        Diagnostic.Error("E2018", source, at, "there is no `self` here")
            .WithHelp("`self` exists in methods with a `self` parameter, and as `self(…)` in `recurse`");

    /// <summary>E2019.</summary>
    public static Diagnostic NoSelfType(SourceText source, TextSpan at) =>
        Diagnostic.Error("E2019", source, at, "there is no `Self` here").WithHelp("`Self` exists in traits, impls and extensions");

    /// <summary>E2020.</summary>
    public static Diagnostic OutsideLoop(SourceText source, TextSpan at, string word, bool inLambda) =>
        Diagnostic.Error("E2020", source, at, $"`{word}` stands in no loop") with
        {
            Help = inLambda ? $"`{word}` does not leave a lambda or task; use `for … do` instead of a function over the items" : null,
        };

    /// <summary>E2021.</summary>
    public static Diagnostic BreakValue(SourceText source, TextSpan at, string loop) =>
        Diagnostic.Error("E2021", source, at, $"a `{loop}` loop has no value, so `break` gives none here")
            .WithHelp("only `loop(…)` takes the value of a `break`");

    /// <summary>W2001.</summary>
    public static Diagnostic UnusedBinding(SourceText source, TextSpan at, string name) =>
        Diagnostic.Warning("W2001", source, at, $"`{name}` is never used")
            .WithHelp($"remove it, or name it `_{name}` when it is unused on purpose");

    /// <summary>W2003.</summary>
    public static Diagnostic UnusedParameter(SourceText source, TextSpan at, string name) =>
        Diagnostic.Warning("W2003", source, at, $"the parameter `{name}` is never used")
            .WithHelp($"remove it, or name it `_{name}` when it is unused on purpose");

    /// <summary>W2006.</summary>
    public static Diagnostic Shadows(SourceText source, TextSpan at, string name, SourceLocation hidden) =>
        Diagnostic.Warning("W2006", source, at, $"`{name}` hides another name").And(hidden, "the hidden one");
}
