namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E2xxx: names, modules and imports.</summary>
public static class NameErrors
{
    private static Diagnostic Suggesting(Diagnostic d, string? suggestion) => suggestion is null
        ? d
        : d.WithHelp($"did you mean `{suggestion}`?").WithFix($"write `{suggestion}`", d.Span, suggestion);

    /// <summary>E2001.</summary>
    public static Diagnostic UnknownName(SourceLocation at, string name, string? suggestion) =>
        Suggesting(Diagnostic.Error("E2001", at, $"there is no `{name}` in scope").Labelled("not defined here"), suggestion);

    /// <summary>E2002.</summary>
    public static Diagnostic UnknownType(SourceLocation at, string name, string? suggestion, string? help = null)
    {
        var d = Diagnostic.Error("E2002", at, $"there is no type `{name}` in scope").Labelled("unknown type");
        return help is null ? Suggesting(d, suggestion) : d.WithHelp(help);
    }

    /// <summary>E3024: an associated type that no bound provides.</summary>
    public static Diagnostic UnknownAssociatedType(SourceLocation at, string owner, string name) =>
        Diagnostic.Error("E3024", at, $"`{owner}` has no associated type `{name}`")
            .WithHelp($"bound `{owner}` by a trait that declares `type {name}`");

    /// <summary>E2003.</summary>
    public static Diagnostic UnknownTrait(SourceLocation at, string name, string? suggestion, string? help = null)
    {
        var d = Diagnostic.Error("E2003", at, $"there is no trait or capability `{name}` in scope").Labelled("unknown trait");
        return help is null ? Suggesting(d, suggestion) : d.WithHelp(help);
    }

    /// <summary>E2003: a type stands where a trait must.</summary>
    public static Diagnostic NotATrait(SourceLocation at, string name) =>
        Diagnostic.Error("E2003", at, $"`{name}` is a type, not a trait");

    /// <summary>E2004.</summary>
    public static Diagnostic Duplicate(SourceLocation at, string name, SourceLocation first) =>
        Diagnostic.Error("E2004", at, $"`{name}` is defined twice in this module")
            .Labelled("second definition").And(first, "first definition")
            .WithHelp("rename one of them; functions are not overloaded");

    /// <summary>E2004: a member of a trait or of impls of one type.</summary>
    public static Diagnostic DuplicateMember(SourceLocation at, string name, string owner, SourceLocation first) =>
        Diagnostic.Error("E2004", at, $"`{name}` is defined twice in {owner}").Labelled("second definition").And(first, "first definition");

    /// <summary>E2005.</summary>
    public static Diagnostic DuplicatePart(SourceLocation at, string kind, string name, SourceLocation? first)
    {
        var d = Diagnostic.Error("E2005", at, $"the {kind} `{name}` is declared twice").Labelled("declared again");
        return first is { } f ? d.And(f, "first declared here") : d;
    }

    /// <summary>E2006.</summary>
    public static Diagnostic PrivateImport(SourceLocation at, string name, string module, SourceLocation? declared, bool samePackage)
    {
        var d = Diagnostic.Error("E2006", at, $"`{name}` is private to `{module}`").Labelled("private");
        if (declared is { } l) d = d.And(l, "declared here without `pub`");
        return samePackage
            ? d.WithHelp($"write `::{name}` to import it nevertheless, or make it `pub`").WithFix($"write `::{name}`", new TextSpan(at.Span.Start, 0), "::")
            : d.WithHelp("private items of another package cannot be imported");
    }

    /// <summary>E2006: a private item behind the name of its module.</summary>
    public static Diagnostic PrivateMember(SourceLocation at, string name, string module, SourceLocation? declared, bool samePackage)
    {
        var d = Diagnostic.Error("E2006", at, $"`{name}` is private to `{module}`").Labelled("private");
        if (declared is { } l) d = d.And(l, "declared here without `pub`");
        return d.WithHelp(samePackage ? $"import it by name, as `::{name}`, or make it `pub`" : "private items of another package cannot be used");
    }

    /// <summary>E2007.</summary>
    public static Diagnostic ModuleNotFound(SourceLocation at, string path, string? looked, string? help) =>
        Diagnostic.Error("E2007", at, $"there is no module `{path}`").Labelled(looked is null ? "not found" : $"no file {looked}") with { Help = help };

    /// <summary>E2008.</summary>
    public static Diagnostic ItemNotFound(SourceLocation at, string name, string module, string? suggestion) =>
        Suggesting(Diagnostic.Error("E2008", at, $"the module `{module}` has no item `{name}`").Labelled("not in that module"), suggestion);

    /// <summary>E2009.</summary>
    public static Diagnostic ImportCycle(SourceLocation at, string chain, IEnumerable<SourceLocation> others)
    {
        var d = Diagnostic.Error("E2009", at, $"modules import each other: {chain}").Labelled("this import is part of the cycle");
        foreach (var o in others) d = d.And(o, "and so is this one");
        return d.WithHelp("move what both need into a third module");
    }

    /// <summary>E2010.</summary>
    public static Diagnostic SelfImport(SourceLocation at) =>
        Diagnostic.Error("E2010", at, "this module imports itself").WithHelp("items of the module are in scope without an import");

    /// <summary>E2011.</summary>
    public static Diagnostic DuplicateImport(SourceLocation at, string name, SourceLocation first) =>
        Diagnostic.Error("E2011", at, $"`{name}` is imported twice").Labelled("second import").And(first, "first import").WithHelp("remove one of them");

    /// <summary>E2012.</summary>
    public static Diagnostic AmbiguousName(SourceLocation at, string name, IEnumerable<string> meanings) =>
        Diagnostic.Error("E2012", at, $"`{name}` could mean several things: {string.Join(", ", meanings.Select(m => $"`{m}`"))}")
            .Labelled("ambiguous").WithHelp("say which one: qualify it, or import it under another name with `as`");

    /// <summary>E2013.</summary>
    public static Diagnostic UnknownConfig(SourceLocation at, string name, string? suggestion) =>
        Suggesting(Diagnostic.Error("E2013", at, $"there is no config `${name}` in scope"), suggestion is null ? null : "$" + suggestion);

    /// <summary>E2018.</summary>
    public static Diagnostic SelfOutsideMethod(SourceLocation at) =>
        Diagnostic.Error("E2018", at, "`self` has a meaning only in methods and in `recurse`");

    /// <summary>E2019.</summary>
    public static Diagnostic SelfTypeOutside(SourceLocation at) =>
        Diagnostic.Error("E2019", at, "`Self` has a meaning only in traits, impls and extensions").Labelled("there is no implementing type here");

    /// <summary>E2022.</summary>
    public static Diagnostic WrongCase(SourceLocation at, string kind, string name, bool wantUpper)
    {
        var fixedName = name.Length == 0 ? name : (wantUpper ? char.ToUpperInvariant(name[0]) : char.ToLowerInvariant(name[0])) + name[1..];
        return Diagnostic.Error("E2022", at, $"the name of a {kind} starts with {(wantUpper ? "an upper-case" : "a lower-case")} letter")
            .Labelled($"`{name}` does not").WithHelp($"write `{fixedName}`").WithFix($"rename to `{fixedName}`", at.Span, fixedName);
    }

    /// <summary>E2023.</summary>
    public static Diagnostic UnknownExtension(SourceLocation at, string name, string module, string? suggestion) =>
        Suggesting(Diagnostic.Error("E2023", at, $"the module `{module}` has no extension `{name}`"), suggestion);

    /// <summary>E2024.</summary>
    public static Diagnostic ExtensionImportedTwice(SourceLocation at, string name, SourceLocation first) =>
        Diagnostic.Error("E2024", at, $"the extension `{name}` is imported twice").And(first, "first import");

    /// <summary>E2025: there is none.</summary>
    public static Diagnostic NoMain(SourceLocation at) =>
        Diagnostic.Error("E2025", at, "this module has no `@main`").WithHelp("add `@main () -> void = …`");

    /// <summary>E2025: there is one of the wrong shape.</summary>
    public static Diagnostic MainSignature(SourceLocation at, string problem) =>
        Diagnostic.Error("E2025", at, $"`@main` {problem}").WithHelp("`@main () -> void` or `@main () -> Result<void, E>` with a printable E");

    /// <summary>E2026.</summary>
    public static Diagnostic PrivateReExport(SourceLocation at, string name, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E2026", at, $"`{name}` is private and cannot be re-exported");
        return (declared is { } l ? d.And(l, "declared here without `pub`") : d).WithHelp("make it `pub` where it is declared");
    }

    /// <summary>E2027.</summary>
    public static Diagnostic ModuleFoundTwice(SourceLocation at, string first, string second) =>
        Diagnostic.Error("E2027", at, $"this module is found twice: {first} and {second}").WithHelp("keep one of the two files");

    /// <summary>W2002.</summary>
    public static Diagnostic UnusedImport(SourceLocation at, string name) =>
        Diagnostic.Warning("W2002", at, $"`{name}` is imported but not used").WithHelp("remove the import");

    /// <summary>W2004.</summary>
    public static Diagnostic HidesImport(SourceLocation at, string name, SourceLocation import) =>
        Diagnostic.Warning("W2004", at, $"`{name}` hides an import of the same name").And(import, "imported here");

    /// <summary>W2005.</summary>
    public static Diagnostic HidesPattern(SourceLocation at, string name) =>
        Diagnostic.Warning("W2005", at, $"`{name}` hides the built-in pattern of the same name").WithHelp("rename it, if the pattern is wanted in this module");
}
