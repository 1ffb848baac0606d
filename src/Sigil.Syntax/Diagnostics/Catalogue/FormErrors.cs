namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E1024 and its kin: the properties of the built-in forms.</summary>
public static class FormErrors
{
    /// <summary>E1024: a property that the form does not have.</summary>
    public static Diagnostic UnknownProperty(SourceText source, TextSpan at, string form, string name, string? similar, string known)
    {
        var diagnostic = Diagnostic.Error("E1024", source, at, $"`{form}` has no property `.{name}`");
        return similar is null
            ? diagnostic.WithHelp($"it has {known}")
            : diagnostic.WithHelp($"did you mean `.{similar}`?");
    }

    /// <summary>E1024: a property given twice.</summary>
    public static Diagnostic RepeatedProperty(SourceText source, TextSpan at, string form, string name, TextSpan first) =>
        Diagnostic.Error("E1024", source, at, $"`{form}` has `.{name}` twice")
            .And(new SourceLocation(source, first), "the first one stands here");

    /// <summary>E1024: properties that must be given.</summary>
    public static Diagnostic MissingProperty(SourceText source, TextSpan at, string form, string names) =>
        Diagnostic.Error("E1024", source, at, $"`{form}` needs {names}");

    /// <summary>E1024: more positional values than properties.</summary>
    public static Diagnostic SurplusProperty(SourceText source, TextSpan at, string form, string known) =>
        Diagnostic.Error("E1024", source, at, $"this value belongs to no property of `{form}`")
            .WithHelp($"it has {known}");

    /// <summary>E1024: a value that a property cannot have.</summary>
    public static Diagnostic PropertyValue(SourceText source, TextSpan at, string form, string name, string wanted) =>
        Diagnostic.Error("E1024", source, at, $"`.{name}` of `{form}` must be {wanted}");

    /// <summary>E1024: an entry without name where every entry is a task.</summary>
    public static Diagnostic UnnamedEntry(SourceText source, TextSpan at, string form) =>
        Diagnostic.Error("E1024", source, at, $"every task of `{form}` has a name")
            .WithHelp($"write `{form}(.name: …)`, or `{form}(.tasks: […])` for a list");

    /// <summary>E1024: an arm of select that waits for nothing that select knows.</summary>
    public static Diagnostic NotAnArm(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1024", source, at, "an arm of `select` cannot wait for this")
            .WithHelp("it waits for `c.receive()`, `p.send(v)`, `task.wait()`, `token.cancelled()` or `sleep(d)`");

    /// <summary>E1024: a guard in an arm of select.</summary>
    public static Diagnostic GuardedArm(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1024", source, at, "an arm of `select` has no condition: what it has received could not be put back")
            .WithHelp("test the value in the body of the arm");

    /// <summary>E1024: a select without arms.</summary>
    public static Diagnostic NoArms(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1024", source, at, "`select` needs at least one arm");

    /// <summary>E1024: more arms than a select can have.</summary>
    public static Diagnostic TooManyArms(SourceText source, TextSpan at, int most) =>
        Diagnostic.Error("E1024", source, at, $"a `select` has at most {most} arms")
            .WithHelp("let several of the senders share one channel: `.share: Producers`");

    /// <summary>E1024: a time that is never waited for.</summary>
    public static Diagnostic TimeoutBesideDefault(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1024", source, at, "`.timeout` of this `select` never runs: `.default` does at once when nothing is ready")
            .WithHelp("keep one of the two");

    /// <summary>E1024: both orders at once.</summary>
    public static Diagnostic TwoOrders(SourceText source, TextSpan at, TextSpan first) =>
        Diagnostic.Error("E1024", source, at, "the arms of `select` are either `.priority` or `.fair`")
            .And(new SourceLocation(source, first), "the other order is asked for here");

    /// <summary>E1024: a form that this version of the compiler does not build.</summary>
    public static Diagnostic NotAvailable(SourceText source, TextSpan at, string form) =>
        Diagnostic.Error("E1024", source, at, $"`{form}` is not available in this version of the compiler");

    /// <summary>E3038.</summary>
    public static Diagnostic SelfArguments(SourceText source, TextSpan at, int takes, int given) =>
        Diagnostic.Error("E3038", source, at, $"`self(…)` takes the parameters of the function around: {takes}, not {given}");

    /// <summary>E3038: an argument of another type.</summary>
    public static Diagnostic SelfArgumentType(SourceText source, TextSpan at, string parameter, string expected, string found) =>
        Diagnostic.Error("E3038", source, at, $"`{parameter}` is `{expected}`, this is `{found}`");

    /// <summary>E3001: race and select take tasks of one type.</summary>
    public static Diagnostic DifferentTypes(SourceText source, TextSpan at, string form, string first, string second) =>
        Diagnostic.Error("E3001", source, at, $"the tasks of `{form}` must have one type; this is `{second}`, the first was `{first}`");
}
