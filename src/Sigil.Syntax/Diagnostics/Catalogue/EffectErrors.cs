namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E5xxx: capabilities and waiting.</summary>
public static class EffectErrors
{
    /// <summary>E5001.</summary>
    public static Diagnostic NotDeclared(SourceText source, TextSpan at, string capability, string function, bool isMarker) =>
        Diagnostic.Error("E5001", source, at, $"`{capability}` is used here, but {function} does not declare it")
            .WithHelp(HowToProvide(capability, isMarker));

    /// <summary>E5002.</summary>
    public static Diagnostic NeededThroughCall(SourceText source, TextSpan at, string capability, string callee, string function, string? because, bool isMarker) =>
        Because(Diagnostic.Error("E5002", source, at, $"calling {callee} needs `{capability}`, which {function} does not declare"), because)
            .WithHelp(HowToProvide(capability, isMarker));

    /// <summary>E5008.</summary>
    public static Diagnostic FunctionValueNeeds(SourceText source, TextSpan at, string capability, string function, string? because) =>
        Because(Diagnostic.Error("E5008", source, at, $"this function value needs `{capability}`, which is not in scope where it is made"), because)
            .WithHelp($"{function} must declare `uses {capability}`, or provide it with `with {capability} = … in …`, or the function type must say `uses {capability}`");

    /// <summary>E5010: a waiting operation or a suspending call in a function without Async.</summary>
    public static Diagnostic SuspendsWithoutAsync(SourceText source, TextSpan at, string what, string function, string? because) =>
        Because(Diagnostic.Error("E5010", source, at, $"{what} may wait, so it needs `Async`, which {function} does not declare"), because)
            .WithHelp("add `uses Async` to the signature; the callers then need it too");

    /// <summary>E5010: a suspending function where the type says that it does not wait.</summary>
    public static Diagnostic SuspendingFunctionValue(SourceText source, TextSpan at, string type, SourceLocation? waitsAt, SourceLocation? escapesAt)
    {
        var diagnostic = Diagnostic.Error("E5010", source, at, $"this function may wait, but its type `{type}` has no `uses Async`")
            .WithHelp("write `uses Async` in the function type, or give the function directly to a parameter that is only called");
        if (waitsAt is { } wait) diagnostic = diagnostic.And(wait, "it waits here");
        if (escapesAt is { } escape) diagnostic = diagnostic.And(escape, "the parameter leaves the function here, so it has exactly the effects written");
        return diagnostic;
    }

    /// <summary>E5010 inside the parts of a parallel <c>recurse</c>.</summary>
    public static Diagnostic SuspendsInParallelRecursion(SourceText source, TextSpan at, string what) =>
        Diagnostic.Error("E5010", source, at, $"{what} may wait, which the parts of a parallel `recurse` must not")
            .WithHelp("leave out `.parallel:`, or wait before and after `recurse`");

    /// <summary>E3041 for a default value that needs a capability.</summary>
    public static Diagnostic DefaultNeedsCapability(SourceText source, TextSpan at, string capability) =>
        Diagnostic.Error("E3041", source, at, $"a default value must not need a capability, this one needs `{capability}`")
            .WithHelp("let the caller pass the value");

    /// <summary>W5001.</summary>
    public static Diagnostic NeverNeeded(SourceText source, TextSpan at, string capability, string function) =>
        Diagnostic.Warning("W5001", source, at, $"{function} declares `{capability}`, but nothing in it needs it")
            .WithHelp("remove it from the `uses` clause");

    private static string HowToProvide(string capability, bool isMarker) => isMarker
        ? $"add `uses {capability}` to the signature"
        : $"add `uses {capability}` to the signature, or provide it with `with {capability} = … in …`";

    private static Diagnostic Because(Diagnostic diagnostic, string? because) =>
        because is null ? diagnostic : diagnostic.Labelled(because);
}
