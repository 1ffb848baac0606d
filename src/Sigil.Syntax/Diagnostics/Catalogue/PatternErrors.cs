namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E4xxx: patterns and matches.</summary>
public static class PatternErrors
{
    /// <summary>E4001.</summary>
    public static Diagnostic NotExhaustive(SourceText source, TextSpan at, string witness) =>
        Diagnostic.Error("E4001", source, at, $"this match is not exhaustive: `{witness}` is not covered")
            .Labelled($"no arm matches `{witness}`")
            .WithHelp($"add an arm for `{witness}`, or a last arm `_ -> …`");

    /// <summary>E4001 where the patterns are too many to find out.</summary>
    public static Diagnostic TooComplex(SourceText source, TextSpan at) =>
        Diagnostic.Error("E4001", source, at, "this match is too complex to show that it is exhaustive")
            .WithHelp("add a last arm `_ -> …`, or match in several steps");

    /// <summary>E4002.</summary>
    public static Diagnostic UnreachableArm(SourceText source, TextSpan at, TextSpan? coveredBy)
    {
        var diagnostic = Diagnostic.Error("E4002", source, at, "this arm is never reached: the arms before it cover all that it matches")
            .WithHelp("remove it, or move it before the arm that covers it");
        return coveredBy is { } span ? diagnostic.And(new SourceLocation(source, span), "this arm already covers it") : diagnostic;
    }

    /// <summary>E4003.</summary>
    public static Diagnostic Refutable(SourceText source, TextSpan at, string witness, string place) =>
        Diagnostic.Error("E4003", source, at, $"this pattern may fail, which {place} does not allow: `{witness}` is not covered")
            .WithHelp("use match(…) and say what happens otherwise");

    /// <summary>E4004.</summary>
    public static Diagnostic BoundTwice(SourceText source, TextSpan at, TextSpan first, string name) =>
        Diagnostic.Error("E4004", source, at, $"the name `{name}` is bound twice in this pattern")
            .And(new SourceLocation(source, first), "first bound here")
            .WithHelp("use another name, and a guard to compare the two parts");

    /// <summary>E4005: a name that one alternative lacks.</summary>
    public static Diagnostic AlternativeLacksName(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E4005", source, at, $"the alternatives bind different names: this one does not bind `{name}`")
            .WithHelp("every alternative must bind the same names; write `_` for a part that is not needed");

    /// <summary>E4005: a name with two types.</summary>
    public static Diagnostic AlternativeTypes(SourceText source, TextSpan at, string name, string first, string second) =>
        Diagnostic.Error("E4005", source, at, $"the alternatives bind `{name}` with different types: `{first}` and `{second}`");

    /// <summary>E4006.</summary>
    public static Diagnostic GuardNotBool(SourceText source, TextSpan at, string type) =>
        Diagnostic.Error("E4006", source, at, $"a guard must be `bool`, this is `{type}`");

    /// <summary>E4007.</summary>
    public static Diagnostic PayloadCount(SourceText source, TextSpan at, string variant, int expected, int found) =>
        Diagnostic.Error("E4007", source, at, $"`{variant}` has {Parts(expected)}, this pattern lists {found}")
            .WithHelp(expected == 0 ? $"write `{variant}`" : $"write `{variant}(..)` to skip the rest");

    /// <summary>E4007 for a variant whose payload is not mentioned.</summary>
    public static Diagnostic PayloadNotMentioned(SourceText source, TextSpan at, string variant, int expected) =>
        Diagnostic.Error("E4007", source, at, $"`{variant}` has {Parts(expected)}, this pattern lists none")
            .WithHelp($"write `{variant}(..)` when they do not matter")
            .WithFix("skip the payload", new TextSpan(at.End, 0), "(..)");

    /// <summary>E4010 for a tuple of another size.</summary>
    public static Diagnostic TupleSize(SourceText source, TextSpan at, string type, int expected, int found) =>
        Diagnostic.Error("E4010", source, at, $"this pattern has {Parts(found)}, the tuple `{type}` has {expected}");

    /// <summary>E4008.</summary>
    public static Diagnostic UnknownVariant(SourceText source, TextSpan at, string name, string type, string? similar)
    {
        var diagnostic = Diagnostic.Error("E4008", source, at, $"`{type}` has no variant `{name}`");
        return similar is null ? diagnostic : diagnostic.WithHelp($"did you mean `{similar}`?").WithFix($"write `{similar}`", at, similar);
    }

    /// <summary>E4009: no such field.</summary>
    public static Diagnostic UnknownField(SourceText source, TextSpan at, string name, string owner, string? similar)
    {
        var diagnostic = Diagnostic.Error("E4009", source, at, $"`{owner}` has no field `{name}`");
        return similar is null ? diagnostic : diagnostic.WithHelp($"did you mean `{similar}`?");
    }

    /// <summary>E4009: fields not listed where all must be.</summary>
    public static Diagnostic UnlistedFields(SourceText source, TextSpan at, IReadOnlyList<string> names, string owner) =>
        Diagnostic.Error("E4009", source, at, $"this pattern does not list {(names.Count == 1 ? "the field" : "the fields")} {Names(names)} of `{owner}`")
            .WithHelp("list them, or end the pattern with `..`");

    /// <summary>E4009: a field listed twice.</summary>
    public static Diagnostic FieldTwice(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E4009", source, at, $"the field `{name}` is listed twice in this pattern");

    /// <summary>E4009: names and positions mixed, or names where the payload has none.</summary>
    public static Diagnostic PayloadStyle(SourceText source, TextSpan at, string variant, bool isNamed) =>
        Diagnostic.Error("E4009", source, at, isNamed
            ? $"the parts of `{variant}` are listed either all by name or all by position"
            : $"the parts of `{variant}` have no names; list them by position");

    /// <summary>E4010.</summary>
    public static Diagnostic OtherType(SourceText source, TextSpan at, string pattern, string type) =>
        Diagnostic.Error("E4010", source, at, $"{pattern} cannot match a value of type `{type}`");

    /// <summary>E4011.</summary>
    public static Diagnostic SeveralRests(SourceText source, TextSpan at, TextSpan first) =>
        Diagnostic.Error("E4011", source, at, "a list pattern can hold only one `..`")
            .And(new SourceLocation(source, first), "the first one stands here");

    /// <summary>E4012.</summary>
    public static Diagnostic EmptyInterval(SourceText source, TextSpan at, bool isExclusive) =>
        Diagnostic.Error("E4012", source, at, "this interval holds no value")
            .WithHelp(isExclusive ? "the end of `..` does not belong to the interval; `..=` includes it" : "write the smaller bound first");

    /// <summary>W4001.</summary>
    public static Diagnostic CatchAllHidesVariants(SourceText source, TextSpan at, string type, IReadOnlyList<string> variants) =>
        Diagnostic.Warning("W4001", source, at, $"this arm catches {(variants.Count == 1 ? "the variant" : "the variants")} {Names(variants)} of `{type}` without naming {(variants.Count == 1 ? "it" : "them")}")
            .WithHelp("name them, so that a variant added later is not caught by accident");

    /// <summary>W4002.</summary>
    public static Diagnostic ArmsOverlap(SourceText source, TextSpan at, SourceLocation earlier) =>
        Diagnostic.Warning("W4002", source, at, "this arm shares values with an earlier one, which takes them").And(earlier, "the earlier arm");

    private static string Parts(int count) => count == 1 ? "1 part" : $"{count} parts";

    private static string Names(IReadOnlyList<string> names) => names.Count switch
    {
        1 => $"`{names[0]}`",
        > 5 => string.Join(", ", names.Take(4).Select(n => $"`{n}`")) + $" and {names.Count - 4} more",
        _ => string.Join(", ", names.Take(names.Count - 1).Select(n => $"`{n}`")) + $" and `{names[^1]}`",
    };
}
