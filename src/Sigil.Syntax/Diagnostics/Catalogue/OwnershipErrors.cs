namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E6001, E6008 and E6014: what the ownership check of the flow graph reports.</summary>
public static class OwnershipErrors
{
    /// <summary>E6001. <paramref name="again"/>: the move itself is what runs a second time (a loop).</summary>
    public static Diagnostic UseAfterMove(SourceText source, TextSpan at, string name, TextSpan movedAt, string movedLabel, bool again, bool cloneable, string type, bool isMove)
    {
        var message = again
            ? $"`{name}` is given away in a loop: the second time there is nothing left"
            : $"`{name}` is used after it was given away";
        var help = cloneable
            ? $"to keep `{name}`, give away a copy: `{name}.clone()`"
            : $"`{type}` has one owner: restructure so that `{name}` is used before it is given away, or lend it with `&{name}`";
        return new Diagnostic("E6001", Severity.Error, source, at, message)
        {
            PrimaryLabel = again ? movedLabel + ", in every iteration" : isMove ? "given away a second time here" : "used here",
            Labels = again ? [] : [new DiagnosticLabel(source, movedAt, movedLabel)],
            Help = help,
            Fix = cloneable ? new DiagnosticFix("give away a copy", [new TextEdit(source, new TextSpan(movedAt.End, 0), ".clone()")]) : null,
        };
    }

    /// <summary>E6001 for a unique element of a list.</summary>
    public static Diagnostic MoveOutOfElement(SourceText source, TextSpan at, string name) => new Diagnostic("E6001", Severity.Error, source, at, $"a unique value cannot be taken out of {name}")
    {
        PrimaryLabel = "this would leave a hole in the list",
        Help = "iterate over the list, take the element out with `remove`, or put another one in its place with `replace`",
    };

    /// <summary>E6001 for a captured unique value that a lambda would give away each time it runs.</summary>
    public static Diagnostic ConsumedInLambda(SourceText source, TextSpan at, string name, TextSpan declaredAt) => new Diagnostic("E6001", Severity.Error, source, at, $"`{name}` is given away in a lambda that may run more than once")
    {
        PrimaryLabel = "the second run would have nothing to give",
        Labels = declaredAt.Length > 0 ? [new DiagnosticLabel(source, declaredAt, "it belongs to the function around the lambda")] : [],
        Help = "use it without giving it away, or take it into a `for` loop that leaves after the first time",
    };

    /// <summary>E6008 for a move out of a borrow.</summary>
    public static Diagnostic MoveOutOfBorrow(SourceText source, TextSpan at, string name, string borrow, TextSpan declaredAt) => new Diagnostic("E6008", Severity.Error, source, at, $"`{name}` is only lent here and cannot be given away")
    {
        PrimaryLabel = "a borrow ends with the call that lent it",
        Labels = declaredAt.Length > 0 ? [new DiagnosticLabel(source, declaredAt, $"`{borrow}` is borrowed here")] : [],
        Help = $"take `{borrow}` by value, without `&`, to own it",
    };

    /// <summary>E6008 for an impl that keeps a function of which the trait says that nothing does.</summary>
    public static Diagnostic KeptHandler(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E6008", source, at, $"`{name}` would outlive the call, and the trait says that it does not")
            .WithHelp("call it, lend it, or let tasks have it that this body waits for");

    /// <summary>E6008 for something that may go on using a provider that its <c>with</c> drops.</summary>
    public static Diagnostic KeptProvider(SourceText source, TextSpan at, string capability, string what, TextSpan givenAt) => new Diagnostic("E6008", Severity.Error, source, at, $"{what} may outlive the provider of `{capability}`")
    {
        PrimaryLabel = "it could use the provider after that has been dropped",
        Labels = givenAt.Length > 0 ? [new DiagnosticLabel(source, givenAt, "has channel ends or `iso` parts, so it is dropped where this `with` ends")] : [],
        Help = "call it inside the `with` only, or give a provider without unique parts",
    };

    /// <summary>E6014.</summary>
    public static Diagnostic ConflictingBorrows(SourceText source, TextSpan at, string name, TextSpan lentAt) => new Diagnostic("E6014", Severity.Error, source, at, $"`{name}` is changed or given away while it is lent")
    {
        PrimaryLabel = "this touches it again",
        Labels = [new DiagnosticLabel(source, lentAt, "lent from here")],
        Help = "finish with one before the other: put one of them into a `let` of its own first",
    };
}
