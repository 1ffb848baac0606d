namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E3xxx of expressions: types, calls, members, operators. Types come as text, as a user writes them.</summary>
public static class TypeErrors
{
    /// <summary>E3001.</summary>
    public static Diagnostic Mismatch(SourceText source, TextSpan at, string expected, string found, string? help = null) =>
        Diagnostic.Error("E3001", source, at, $"this has type `{found}`, but `{expected}` is needed here")
            .Labelled($"is `{found}`") with
        { Help = help };

    /// <summary>E3001: a function value whose shape differs.</summary>
    public static Diagnostic LambdaParameterCount(SourceText source, TextSpan at, int expected, int found) =>
        Diagnostic.Error("E3001", source, at, $"this function takes {Count(found, "parameter")}, but one with {expected} is needed here");

    /// <summary>E3001: a type would contain itself.</summary>
    public static Diagnostic InfiniteType(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E3001", source, at, $"the type of this would contain itself: `{type}`");

    /// <summary>E3001: a lend where the parameter takes the value.</summary>
    public static Diagnostic LendNotWanted(SourceText source, TextSpan at, string parameter, string type) =>
        Diagnostic.Error("E3001", source, at, $"`{parameter}` takes a `{type}` by value, but this lends one")
            .WithHelp("remove the `&`");

    /// <summary>E3001: a value where a mutable lend is needed.</summary>
    public static Diagnostic MutableLendNeeded(SourceText source, TextSpan at, string parameter, string type) =>
        Diagnostic.Error("E3001", source, at, $"`{parameter}` is written by the function: lend it with `&mut`")
            .Labelled($"`&mut {type}` is needed")
            .WithFix("lend it mutably", new TextSpan(at.Start, 0), "&mut ");

    /// <summary>E3002.</summary>
    /// <param name="source">The source text.</param>
    /// <param name="at">What has the type.</param>
    /// <param name="what">The same in words.</param>
    /// <param name="help">What to do about it.</param>
    /// <param name="known">What is known of the type.</param>
    public static Diagnostic CannotInfer(SourceText source, TextSpan at, string what, string? help = null, string? known = null) =>
        Diagnostic.Error("E3002", source, at, $"the type of {what} cannot be inferred{(known is null ? "" : $": of `{known}` a part is not known")}")
            with
        { Help = help ?? "write the type" };

    /// <summary>E3003: too few.</summary>
    public static Diagnostic MissingArgument(SourceText source, TextSpan at, string function, string parameter, string type, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E3003", source, at, $"the call of `{function}` lacks the argument `{parameter}: {type}`");
        return declared is { } place ? d.And(place, $"`{parameter}` is declared here") : d;
    }

    /// <summary>E3003: too many.</summary>
    public static Diagnostic SurplusArgument(SourceText source, TextSpan at, string function, int takes) =>
        Diagnostic.Error("E3003", source, at, $"`{function}` takes {Count(takes, "argument")}, this one is too many");

    /// <summary>E3003: a wrong count for a function value, variant or newtype.</summary>
    public static Diagnostic ArgumentCount(SourceText source, TextSpan at, string what, int takes, int given) =>
        Diagnostic.Error("E3003", source, at, $"{what} takes {Count(takes, "argument")}, but {given} {(given == 1 ? "is" : "are")} given");

    /// <summary>E3001: overloads of the library.</summary>
    public static Diagnostic NoFittingOverload(SourceText source, TextSpan at, string function, string given, IEnumerable<string> forms) =>
        Diagnostic.Error("E3001", source, at, $"`{function}` does not take ({given})")
            .WithHelp($"it takes {string.Join(" or ", forms)}");

    /// <summary>E3004.</summary>
    public static Diagnostic UnknownLabel(SourceText source, TextSpan at, string function, string label, string? similar, string? known)
    {
        var d = Diagnostic.Error("E3004", source, at, $"`{function}` has no parameter `{label}`");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar)
            : known is not null ? d.WithHelp($"its parameters are {known}")
            : d;
    }

    /// <summary>E3004: labels on a call through a function value.</summary>
    public static Diagnostic LabelOnValueCall(SourceText source, TextSpan at) =>
        Diagnostic.Error("E3004", source, at, "a call through a function value takes positional arguments only")
            .WithHelp("remove the label");

    /// <summary>E3005.</summary>
    public static Diagnostic ArgumentTwice(SourceText source, TextSpan at, string parameter, SourceLocation first) =>
        Diagnostic.Error("E3005", source, at, $"the argument `{parameter}` is given twice").And(first, "first given here");

    /// <summary>E3006.</summary>
    public static Diagnostic NotCallable(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E3006", source, at, $"this is a `{type}`, which cannot be called");

    /// <summary>E3007.</summary>
    public static Diagnostic NoSuchField(SourceText source, TextSpan at, string type, string field, string? similar, string? help = null)
    {
        var d = Diagnostic.Error("E3007", source, at, $"`{type}` has no field `{field}`");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar) : d with { Help = help };
    }

    /// <summary>E3007: a method without call on a value.</summary>
    public static Diagnostic MethodNotCalled(SourceText source, TextSpan at, string method) =>
        Diagnostic.Error("E3007", source, at, $"`{method}` is a method here, not a field")
            .WithHelp($"call it: `{method}(…)`; as a value write `x -> x.{method}(…)`");

    /// <summary>E3008.</summary>
    public static Diagnostic NoSuchMethod(SourceText source, TextSpan at, string type, string method, string? similar, string? help = null)
    {
        var d = Diagnostic.Error("E3008", source, at, $"`{type}` has no method `{method}`");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar) : d with { Help = help };
    }

    /// <summary>E3009.</summary>
    public static Diagnostic MissingFields(SourceText source, TextSpan at, string type, string fields, bool several) =>
        Diagnostic.Error("E3009", source, at, $"this `{type}` lacks the field{(several ? "s" : "")} {fields}")
            .WithHelp(several ? "give each of them a value, or a default in the type" : "give it a value, or a default in the type");

    /// <summary>E3010.</summary>
    public static Diagnostic UnknownField(SourceText source, TextSpan at, string type, string field, string? similar)
    {
        var d = Diagnostic.Error("E3010", source, at, $"`{type}` has no field `{field}`");
        return similar is not null ? d.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar) : d;
    }

    /// <summary>E3011.</summary>
    public static Diagnostic FieldTwice(SourceText source, TextSpan at, string field, SourceLocation first) =>
        Diagnostic.Error("E3011", source, at, $"the field `{field}` is given twice").And(first, "first given here");

    /// <summary>E3012.</summary>
    public static Diagnostic OperatorUndefined(SourceText source, TextSpan at, string op, string left, string right, string? help = null) =>
        Diagnostic.Error("E3012", source, at, $"`{op}` is not defined for `{left}` and `{right}`") with { Help = help };

    /// <summary>E3012: prefix operators.</summary>
    public static Diagnostic UnaryUndefined(SourceText source, TextSpan at, string op, string operand) =>
        Diagnostic.Error("E3012", source, at, $"`{op}` is not defined for `{operand}`");

    /// <summary>E3013.</summary>
    public static Diagnostic FunctionsCompared(SourceText source, TextSpan at) =>
        Diagnostic.Error("E3013", source, at, "functions cannot be compared");

    /// <summary>E3014.</summary>
    public static Diagnostic ConditionNotBool(SourceText source, TextSpan at, string found, string? help = null) =>
        Diagnostic.Error("E3014", source, at, $"a condition is a `bool`, this is `{found}`") with { Help = help };

    /// <summary>E3015.</summary>
    public static Diagnostic TypeArgumentCount(SourceText source, TextSpan at, string what, int takes, int given) =>
        Diagnostic.Error("E3015", source, at, $"`{what}` takes {Count(takes, "type argument")}, but {given} {(given == 1 ? "is" : "are")} written");

    /// <summary>E3016.</summary>
    public static Diagnostic BoundNotSatisfied(SourceText source, TextSpan at, string type, string trait, string? neededBy, string? help = null)
    {
        var d = Diagnostic.Error("E3016", source, at, neededBy is null
            ? $"`{type}` does not implement `{trait}`"
            : $"`{type}` does not implement `{trait}`, which {neededBy} needs");
        return d with { Help = help };
    }

    /// <summary>E3016: a unique type where a copyable one is needed.</summary>
    public static Diagnostic UniqueNotAllowed(SourceText source, TextSpan at, string type, string where, string? help = null) =>
        Diagnostic.Error("E3016", source, at, $"`{type}` has exactly one owner and cannot be used {where}") with { Help = help };

    /// <summary>E3027.</summary>
    public static Diagnostic AmbiguousMethod(SourceText source, TextSpan at, string method, string first, string second) =>
        Diagnostic.Error("E3027", source, at, $"`{method}` could be the method of `{first}` or of `{second}`")
            .WithHelp($"write `{first}.{method}(…)` with the value as first argument");

    /// <summary>E3028.</summary>
    public static Diagnostic QuestionBoundary(SourceText source, TextSpan at, string boundary, string found, string needed) =>
        Diagnostic.Error("E3028", source, at, $"`?` here would leave {boundary} with `{needed}`, but its type is `{found}`")
            .WithHelp("match on the value, or let the enclosing function return a Result or Option");

    /// <summary>E3028: <c>?</c> in a task of a scope that stands outside of what it would leave.</summary>
    public static Diagnostic QuestionLeavesForeignScope(SourceText source, TextSpan at) =>
        Diagnostic.Error("E3028", source, at, "`?` here would end the scope of this task, which begins outside of what `?` leaves to")
            .WithHelp("spawn a call whose Err is the task's result, as in `g.spawn(f(x))`, or handle the error inside the task with `try` or `match`");

    /// <summary>E3028: <c>?</c> on something else.</summary>
    public static Diagnostic QuestionOperand(SourceText source, TextSpan at, string found) =>
        Diagnostic.Error("E3028", source, at, $"`?` is for Result and Option, this is `{found}`");

    /// <summary>E3029.</summary>
    public static Diagnostic NoErrorConversion(SourceText source, TextSpan at, string from, string to) =>
        Diagnostic.Error("E3029", source, at, $"the error `{from}` does not convert into `{to}`")
            .WithHelp($"convert it with `.map_err(…)`, or write `impl From<{from}> for {to}`");

    /// <summary>E3030.</summary>
    public static Diagnostic NotIterable(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E3030", source, at, $"`{type}` cannot be iterated over")
            .WithHelp("lists, maps, sets, ranges of int, char or byte, strings, consumers, and types with Iterator or Iterable can");

    /// <summary>E3031.</summary>
    public static Diagnostic NotIndexable(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E3031", source, at, $"`{type}` cannot be indexed");

    /// <summary>E3031: the index is of the wrong type.</summary>
    public static Diagnostic IndexType(SourceText source, TextSpan at, string type, string needed, string found) =>
        Diagnostic.Error("E3031", source, at, $"`{type}` is indexed by `{needed}`, this is `{found}`");

    /// <summary>E3032.</summary>
    public static Diagnostic NoSuchComponent(SourceText source, TextSpan at, string type, string index, int? count) =>
        Diagnostic.Error("E3032", source, at, count is { } n
            ? $"`{type}` has the components .0 to .{n - 1}, not .{index}"
            : $"`{type}` is not a tuple and has no component .{index}");

    /// <summary>E3033.</summary>
    public static Diagnostic LiteralOutsideByte(SourceText source, TextSpan at, string literal) =>
        Diagnostic.Error("E3033", source, at, $"a byte is 0 to 255, `{literal}` does not fit");

    /// <summary>E3034.</summary>
    public static Diagnostic OpaqueUse(SourceText source, TextSpan at, string type, string what) =>
        Diagnostic.Error("E3034", source, at, $"`{type}` is opaque: {what}");

    /// <summary>E3035.</summary>
    public static Diagnostic ConstantPanics(SourceText source, TextSpan at, string why) =>
        Diagnostic.Error("E3035", source, at, $"this constant expression would always panic: {why}");

    /// <summary>E3036.</summary>
    public static Diagnostic NotPrintable(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E3036", source, at, $"`{type}` has no text form: it does not implement `Printable`")
            .WithHelp("derive or implement `Printable`, or print a part of it");

    /// <summary>E3037.</summary>
    public static Diagnostic VoidValue(SourceText source, TextSpan at, string needed, string? help = null) =>
        Diagnostic.Error("E3037", source, at, $"this gives no value, but a `{needed}` is needed here") with { Help = help };

    /// <summary>E3039.</summary>
    public static Diagnostic TryResult(SourceText source, TextSpan at, string found) =>
        Diagnostic.Error("E3039", source, at, $"a `try` ends in a Result or Option, this ends in `{found}`")
            .WithHelp("wrap the last value in `Ok(…)` or `Some(…)`, or use `run`");

    /// <summary>E3040.</summary>
    public static Diagnostic SpreadType(SourceText source, TextSpan at, string needed, string found) =>
        Diagnostic.Error("E3040", source, at, $"the rest of a `{needed}` cannot come from a `{found}`");

    /// <summary>E3001: a type, trait or module where a value is needed.</summary>
    public static Diagnostic NotAValue(SourceText source, TextSpan at, string name, string what, string? help = null) =>
        Diagnostic.Error("E3001", source, at, $"`{name}` is {what}, not a value") with { Help = help };

    /// <summary>E5003.</summary>
    public static Diagnostic NotACapabilityValue(SourceText source, TextSpan at, string type, string capability) =>
        Diagnostic.Error("E5003", source, at, $"`{type}` does not implement `{capability}`, so it cannot provide it");

    /// <summary>E5011.</summary>
    public static Diagnostic MarkerInWith(SourceText source, TextSpan at, string capability) =>
        Diagnostic.Error("E5011", source, at, $"`{capability}` has no value: it is declared with `uses`, not provided with `with`");

    /// <summary>W3001.</summary>
    public static Diagnostic ResultDropped(SourceText source, TextSpan at, string type) =>
        Diagnostic.Warning("W3001", source, at, $"this `{type}` is dropped: an error in it would go unnoticed")
            .WithHelp("handle it with `?` or `match`, or drop it on purpose with `let _ = …`");

    /// <summary>W3004.</summary>
    public static Diagnostic TypeHole(SourceText source, TextSpan at, string type) =>
        Diagnostic.Warning("W3004", source, at, $"the inferred type is `{type}`").WithFix($"write `{type}`", at, type);

    /// <summary>E6003.</summary>
    public static Diagnostic NotClone(SourceText source, TextSpan at, string type, string? detail, string? help) =>
        Diagnostic.Error("E6003", source, at, $"{type} is not Clone{(detail is null ? "" : $" ({detail})")}") with { Help = help };

    /// <summary>E6004.</summary>
    public static Diagnostic WrongRole(SourceText source, TextSpan at, string type, string method, string owner) =>
        Diagnostic.Error("E6004", source, at, $"{type} has no method '{method}'")
            .Labelled($"`{method}` belongs to {owner}")
            .WithHelp($"call it on the {owner} end of the channel");

    /// <summary>E6006.</summary>
    public static Diagnostic WriteThroughVal(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E6006", source, at, $"`{type}` is immutable: nothing is written through a `val`");

    /// <summary>E6019: a function that owns unique captures where a shareable one is needed.</summary>
    public static Diagnostic OwningFunction(SourceText source, TextSpan at, string found, string expected) =>
        Diagnostic.Error("E6019", source, at, $"this function owns a value that has exactly one owner: it is `{found}`, but `{expected}` is needed here")
            .WithHelp($"take a `{found}`, or lend the function as `&`");

    /// <summary>E6018.</summary>
    public static Diagnostic OldChannel(SourceText source, TextSpan at) =>
        Diagnostic.Error("E6018", source, at, "`Channel` is the old interface and is gone")
            .WithHelp("make the two ends with `let { producer, consumer } = channel<T>(.buffer: n)`; their types are `Producer<T>` and `Consumer<T>`");

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";
}
