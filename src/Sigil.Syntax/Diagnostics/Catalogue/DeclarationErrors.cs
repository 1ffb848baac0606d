namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E3015–E3027, E3041–E3045 and others of declarations: types, traits, impls, attributes, signatures.</summary>
public static class DeclarationErrors
{
    /// <summary>E1015.</summary>
    public static Diagnostic MalformedAttribute(SourceLocation at, string name, string expected) =>
        Diagnostic.Error("E1015", at, $"the argument of `#[{name}]` is malformed").WithHelp($"write `{expected}`");

    /// <summary>E1018.</summary>
    public static Diagnostic UnknownAttribute(SourceLocation at, string name, string? suggestion)
    {
        var d = Diagnostic.Error("E1018", at, $"there is no attribute `{name}`");
        return suggestion is null ? d.WithHelp("the attributes are derive, skip, allow and json") : d.WithHelp($"did you mean `{suggestion}`?").WithFix($"write `{suggestion}`", at.Span, suggestion);
    }

    /// <summary>E1019.</summary>
    public static Diagnostic MisplacedAttribute(SourceLocation at, string name, string place) =>
        Diagnostic.Error("E1019", at, $"`#[{name}]` is not allowed here").WithHelp($"it belongs {place}");

    /// <summary>E3001: a trait where a type is needed.</summary>
    public static Diagnostic TraitAsType(SourceLocation at, string name) =>
        Diagnostic.Error("E3001", at, $"`{name}` is a trait, not a type")
            .WithHelp($"write `dyn {name}` for any value that implements it, or use a type parameter bounded by it")
            .WithFix($"write `dyn {name}`", new TextSpan(at.Span.Start, 0), "dyn ");

    /// <summary>E3002: a hole in a signature.</summary>
    public static Diagnostic HoleInSignature(SourceLocation at) =>
        Diagnostic.Error("E3002", at, "a signature is written in full: `_` cannot stand here");

    /// <summary>E3015.</summary>
    public static Diagnostic TypeArgumentCount(SourceLocation at, string name, int expected, int given, int optional = 0)
    {
        var wanted = optional > 0 ? $"{expected - optional} to {expected} type arguments" : expected switch { 0 => "no type arguments", 1 => "1 type argument", _ => $"{expected} type arguments" };
        return Diagnostic.Error("E3015", at, $"`{name}` takes {wanted}, not {given}");
    }

    /// <summary>E3016.</summary>
    public static Diagnostic BoundNotSatisfied(SourceLocation at, string type, string bound, SourceLocation? required = null)
    {
        var d = Diagnostic.Error("E3016", at, $"`{type}` does not implement `{bound}`").Labelled($"`{bound}` is needed here");
        return required is { } r ? d.And(r, "required by this bound") : d;
    }

    /// <summary>E3016: a unique type where copies are made.</summary>
    public static Diagnostic NotCopyable(SourceLocation at, string type, string where) =>
        Diagnostic.Error("E3016", at, $"`{type}` is unique and cannot be copied, but {where} stands for copyable types")
            .WithHelp("declare the parameter `~Copyable` where it is yours");

    /// <summary>E6019: a val of something that one task alone may hold.</summary>
    public static Diagnostic ExclusiveInVal(SourceLocation at, string type, string part) =>
        Diagnostic.Error("E6019", at, part == type ? $"`{type}` has exactly one owner and cannot be shared as a `val`" : $"a `val {type}` would share its `{part}`, which has exactly one owner")
            .WithHelp("use a shared form of the end (`.share:`), or keep the value owned or `iso`");

    /// <summary>E3017.</summary>
    public static Diagnostic MissingMember(SourceLocation at, string trait, string type, string members, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E3017", at, $"this impl of `{trait}` for `{type}` lacks {members}");
        return declared is { } l ? d.And(l, "required here") : d;
    }

    /// <summary>E3018.</summary>
    public static Diagnostic ExtraMember(SourceLocation at, string trait, string member, string? suggestion)
    {
        var d = Diagnostic.Error("E3018", at, $"`{trait}` has no member `{member}`");
        return suggestion is null ? d.WithHelp("put it into an impl of the type itself") : d.WithHelp($"did you mean `{suggestion}`?").WithFix($"write `{suggestion}`", at.Span, suggestion);
    }

    /// <summary>E3019.</summary>
    public static Diagnostic SignatureDiffers(SourceLocation at, string method, string trait, string difference, string expected, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E3019", at, $"`{method}` differs from its declaration in `{trait}`: {difference}").WithHelp($"the signature there is `{expected}`");
        return declared is { } l ? d.And(l, "declared here") : d;
    }

    /// <summary>E3020.</summary>
    public static Diagnostic OverlappingImpl(SourceLocation at, string trait, string type, SourceLocation first, bool derived)
    {
        var d = Diagnostic.Error("E3020", at, $"`{trait}` is implemented twice for `{type}`").Labelled("second impl");
        return d.And(first, derived ? "already derived here" : "first impl");
    }

    /// <summary>E3021.</summary>
    public static Diagnostic OrphanImpl(SourceLocation at, string trait, string type) =>
        Diagnostic.Error("E3021", at, $"neither `{trait}` nor `{type}` belongs to this package")
            .WithHelp("wrap the type in one of your own: `type Mine = …`");

    /// <summary>E3021: methods for a foreign type.</summary>
    public static Diagnostic ForeignInherentImpl(SourceLocation at, string type) =>
        Diagnostic.Error("E3021", at, $"`{type}` does not belong to this package, so it cannot be given methods")
            .WithHelp("write functions, or extension methods of a trait");

    /// <summary>E3022.</summary>
    public static Diagnostic MissingSupertrait(SourceLocation at, string trait, string type, string supertrait) =>
        Diagnostic.Error("E3022", at, $"`{trait}` needs `{supertrait}`, which `{type}` does not implement").WithHelp($"implement or derive `{supertrait}` for `{type}`");

    /// <summary>E3023.</summary>
    public static Diagnostic NotObjectSafe(SourceLocation at, string trait, string reason) =>
        Diagnostic.Error("E3023", at, $"`dyn {trait}` is not possible: {reason}").WithHelp("use a type parameter bounded by the trait instead");

    /// <summary>E3024.</summary>
    public static Diagnostic MissingAssociatedType(SourceLocation at, string trait, string associated) =>
        Diagnostic.Error("E3024", at, $"`dyn {trait}` leaves the associated type `{associated}` open").WithHelp($"write `dyn {trait}<{associated} = …>`");

    /// <summary>E3024: no such associated type.</summary>
    public static Diagnostic UnknownAssociatedBinding(SourceLocation at, string trait, string name, string? suggestion)
    {
        var d = Diagnostic.Error("E3024", at, $"`{trait}` has no associated type `{name}`");
        return suggestion is null ? d : d.WithHelp($"did you mean `{suggestion}`?").WithFix($"write `{suggestion}`", at.Span, suggestion);
    }

    /// <summary>E3025.</summary>
    public static Diagnostic InfiniteSize(SourceLocation at, string type, string path) =>
        Diagnostic.Error("E3025", at, $"`{type}` contains itself without end: {path}")
            .WithHelp("put it below an Option, a list, a map or a variant of a sum type");

    /// <summary>E3026.</summary>
    public static Diagnostic CannotDerive(SourceLocation at, string trait, string type, string reason) =>
        Diagnostic.Error("E3026", at, $"`{trait}` cannot be derived for `{type}`: {reason}");

    /// <summary>E3041.</summary>
    public static Diagnostic BadDefault(SourceLocation at, string what) =>
        Diagnostic.Error("E3041", at, $"a default value cannot use {what}").WithHelp("it sees names of the module only, and no capability");

    /// <summary>E3042.</summary>
    public static Diagnostic ConflictingItems(SourceLocation at, string associated, string first, string second) =>
        Diagnostic.Error("E3042", at, $"`{associated}` cannot be both `{first}` and `{second}`");

    /// <summary>E3043.</summary>
    public static Diagnostic ExtensionHidesMethod(SourceLocation at, string trait, string method, SourceLocation? declared)
    {
        var d = Diagnostic.Error("E3043", at, $"`{trait}` already has a method `{method}`");
        return (declared is { } l ? d.And(l, "declared here") : d).WithHelp("give the extension method another name");
    }

    /// <summary>E3045.</summary>
    public static Diagnostic TooManyParameters(SourceLocation at, int count, int limit) =>
        Diagnostic.Error("E3045", at, $"a function value takes at most {limit} parameters, capabilities included; this one takes {count}")
            .WithHelp("pass a struct or a tuple instead of many values; functions that are only called by name have no limit");

    /// <summary>E3044.</summary>
    public static Diagnostic EndlessInstantiation(SourceLocation at, string name, string example) =>
        Diagnostic.Error("E3044", at, $"`{name}` would be instantiated without end").Labelled($"each call needs a new instance, such as `{example}`")
            .WithHelp("a generic function may call itself only with type arguments that do not grow");

    /// <summary>E5004.</summary>
    public static Diagnostic UnfitCapability(SourceLocation at, string trait, string reason) =>
        Diagnostic.Error("E5004", at, $"`{trait}` cannot serve as a capability: {reason}");

    /// <summary>E5005.</summary>
    public static Diagnostic CapabilityTwice(SourceLocation at, string trait) =>
        Diagnostic.Error("E5005", at, $"the capability `{trait}` is listed twice").WithHelp("remove one of them");

    /// <summary>E5007.</summary>
    public static Diagnostic MainCapability(SourceLocation at, string trait) =>
        Diagnostic.Error("E5007", at, $"the runtime does not provide `{trait}` to `@main`").WithHelp($"provide it inside with `with {trait} = … in …`");

    /// <summary>E6002: in a signature, where a bound asks for it.</summary>
    public static Diagnostic NotSendable(SourceLocation at, string type, string path) =>
        Diagnostic.Error("E6002", at, path.Length == 0 ? $"`{type}` is not Sendable" : $"`{type}` is not Sendable: {path}").Labelled("may not move to another task");

    /// <summary>E6008: a borrow outside parameters.</summary>
    public static Diagnostic BorrowOutsideParameter(SourceLocation at, string type) =>
        Diagnostic.Error("E6008", at, $"`{type}` is a borrow and can only be the type of a parameter").WithHelp("store the value itself, or `ref T` for a shared mutable object");

    /// <summary>E6016.</summary>
    public static Diagnostic HandWrittenSendable(SourceLocation at, string type) =>
        Diagnostic.Error("E6016", at, $"`Sendable` cannot be implemented by hand for `{type}`")
            .WithHelp("it is derived from the parts of the type; only `impl !Sendable` is possible");

    /// <summary>E6018.</summary>
    public static Diagnostic OldChannel(SourceLocation at) =>
        Diagnostic.Error("E6018", at, "`Channel` of the old interface is gone")
            .WithHelp("`channel<T>(.buffer: n)` gives `{ producer, consumer }`, of types `Producer<T>` and `Consumer<T>`");
}
