using System.Collections.Immutable;

namespace Sigil.Syntax.Diagnostics.Catalogue;

/// <summary>E1xxx: the shape of the program.</summary>
public static class SyntaxErrors
{
    /// <summary>E1001.</summary>
    public static Diagnostic UnexpectedToken(SourceText source, TextSpan at, string found, string? help = null) =>
        Diagnostic.Error("E1001", source, at, $"{found} is not expected here") with { Help = help };

    /// <summary>E1002.</summary>
    public static Diagnostic ExpectedToken(SourceText source, TextSpan at, string expected, string found, string? help = null) =>
        Diagnostic.Error("E1002", source, at, $"{expected} is expected here, but there is {found}").Labelled($"expected {expected}") with { Help = help };

    /// <summary>E1003.</summary>
    public static Diagnostic ExpectedExpression(SourceText source, TextSpan at, string found) =>
        Diagnostic.Error("E1003", source, at, $"an expression is expected here, but there is {found}").Labelled("expected an expression");

    /// <summary>E1004.</summary>
    public static Diagnostic ExpectedType(SourceText source, TextSpan at, string found) =>
        Diagnostic.Error("E1004", source, at, $"a type is expected here, but there is {found}").Labelled("expected a type");

    /// <summary>E1005.</summary>
    public static Diagnostic ExpectedPattern(SourceText source, TextSpan at, string found, string? help = null) =>
        Diagnostic.Error("E1005", source, at, $"a pattern is expected here, but there is {found}").Labelled("expected a pattern") with { Help = help };

    /// <summary>E1006.</summary>
    public static Diagnostic ReservedWord(SourceText source, TextSpan at, string word) =>
        Diagnostic.Error("E1006", source, at, $"`{word}` is a reserved word and cannot be a name")
            .WithHelp($"choose another name, such as `{word}_`")
            .WithFix($"rename to `{word}_`", at, word + "_");

    /// <summary>E1007.</summary>
    public static Diagnostic MissingReturnType(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E1007", source, at, $"the signature of @{name} lacks its return type")
            .Labelled("expected `->` and a type")
            .WithHelp("write `-> T`, or `-> void` when nothing is returned");

    /// <summary>E1008.</summary>
    public static Diagnostic MissingParameterType(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E1008", source, at, $"the parameter {name} lacks its type")
            .WithHelp($"write `{name}: T`; parameter types are never inferred");

    /// <summary>E1009.</summary>
    public static Diagnostic UnclosedDelimiter(SourceText source, TextSpan at, string opener, string closer) =>
        Diagnostic.Error("E1009", source, at, $"this `{opener}` is never closed").Labelled($"the matching `{closer}` is missing");

    /// <summary>E1010.</summary>
    public static Diagnostic ImportAfterItem(SourceText source, TextSpan at, SourceLocation firstItem) =>
        Diagnostic.Error("E1010", source, at, "imports stand before all other items").And(firstItem, "the first item is here")
            .WithHelp("move the import to the top of the file");

    /// <summary>E1011.</summary>
    public static Diagnostic StatementInModule(SourceText source, TextSpan at, bool isLet, string? help = null) =>
        Diagnostic.Error("E1011", source, at, "a module holds declarations only, not statements")
            .WithHelp(help ?? (isLet ? "a constant is written `$name = literal`; other work belongs into a function" : "put it into a function, such as @main"));

    /// <summary>E1012.</summary>
    public static Diagnostic MisplacedLet(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1012", source, at, "`let` stands only directly inside run(…), try(…) or loop(…)")
            .WithHelp("write `run(let x = …, …)`");

    /// <summary>E1013.</summary>
    public static Diagnostic MixedLiteral(SourceText source, TextSpan at, bool isRecord) =>
        Diagnostic.Error("E1013", source, at, isRecord
                ? "this record literal contains an entry of a map"
                : "this map literal contains a field of a record")
            .WithHelp("in a map, a variable as key is written in parentheses: `{(key): value}`");

    /// <summary>E1014.</summary>
    public static Diagnostic PositionalAfterNamed(SourceText source, TextSpan at, SourceLocation named) =>
        Diagnostic.Error("E1014", source, at, "a positional argument cannot follow a named one").And(named, "the first named argument")
            .WithHelp("move it before the named arguments, or name it");

    /// <summary>E1015.</summary>
    public static Diagnostic MalformedAttribute(SourceText source, TextSpan at, string expected) =>
        Diagnostic.Error("E1015", source, at, "this attribute is not written as it should be").WithHelp($"write {expected}");

    /// <summary>E1016.</summary>
    public static Diagnostic Semicolon(SourceText source, TextSpan at, string replacement) =>
        replacement.Length > 0
            ? Diagnostic.Error("E1016", source, at, "statements are separated by commas, not semicolons")
                .WithHelp("write `,`").WithFix("replace `;` by `,`", at, replacement)
            : Diagnostic.Error("E1016", source, at, "nothing is ended by a semicolon")
                .WithHelp("leave it out").WithFix("remove `;`", at, replacement);

    /// <summary>E1016, in the header of a loop that counts.</summary>
    public static Diagnostic CountingFor(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1016", source, at, "the header of a `for` has no semicolons: it goes over a range, a list or what else gives items")
            .WithHelp("write `for i in 0..n do …`, or `while condition do …`");

    /// <summary>E1017.</summary>
    public static Diagnostic ForeignOperator(SourceText source, TextSpan at, string op, string help) =>
        Diagnostic.Error("E1017", source, at, $"`{op}` is not an operator of Sigil").WithHelp(help);

    /// <summary>E1018.</summary>
    public static Diagnostic UnknownAttribute(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E1018", source, at, $"there is no attribute `{name}`").WithHelp("the attributes are derive, skip, allow and json");

    /// <summary>E1019.</summary>
    public static Diagnostic MisplacedAttribute(SourceText source, TextSpan at, string name, string where) =>
        Diagnostic.Error("E1019", source, at, $"the attribute `{name}` is not allowed here").WithHelp($"`{name}` belongs {where}");

    /// <summary>E1020.</summary>
    public static Diagnostic OperatorAsValue(SourceText source, TextSpan at, string op) =>
        Diagnostic.Error("E1020", source, at, $"the operator `{op}` can stand alone only as an argument")
            .WithHelp($"write a lambda: `(a, b) -> a {op} b`").WithFix("write a lambda", at, $"(a, b) -> a {op} b");

    /// <summary>E1021.</summary>
    public static Diagnostic MisplacedHash(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1021", source, at, "`#` means a length only inside `xs[…]` and in the arguments of a method call")
            .WithHelp("write len(xs)");

    /// <summary>E1022.</summary>
    public static Diagnostic ForeignWord(SourceText source, TextSpan at, string word) => word switch
    {
        "return" => Diagnostic.Error("E1022", source, at, "Sigil has no `return`: the value of a function is its last expression")
            .WithHelp("leave `return` out; leave a function early with `?`, or with if … then … else"),
        "async" => Diagnostic.Error("E1022", source, at, "Sigil has no `async`: a function that waits says `uses Async`")
            .WithHelp("write `uses Async` after the return type"),
        _ => Diagnostic.Error("E1022", source, at, $"Sigil has no `{word}`: a call that waits is written like any other")
            .WithHelp($"leave `{word}` out"),
    };

    /// <summary>E1023.</summary>
    public static Diagnostic WildcardImport(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1023", source, at, "imports name what they import; there is no wildcard")
            .WithHelp("list the names, or import the module: `use path as m`");

    /// <summary>E1024, a property that must be there.</summary>
    public static Diagnostic MissingProperty(SourceText source, TextSpan at, string form, string property) =>
        Diagnostic.Error("E1024", source, at, $"this {form}(…) lacks its property .{property}");

    /// <summary>E1024, a property that the form does not have.</summary>
    public static Diagnostic UnknownProperty(SourceText source, TextSpan at, string form, string property, ImmutableArray<string> known) =>
        Diagnostic.Error("E1024", source, at, $"{form}(…) has no property .{property}")
            .WithHelp($"its properties are {string.Join(", ", known.Select(k => "." + k))}");

    /// <summary>E1024, a property given twice.</summary>
    public static Diagnostic RepeatedProperty(SourceText source, TextSpan at, string form, string property, SourceLocation first) =>
        Diagnostic.Error("E1024", source, at, $"{form}(…) has its property .{property} twice").And(first, "first given here");

    /// <summary>E1025.</summary>
    public static Diagnostic ChainedRange(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1025", source, at, "ranges do not chain").WithHelp("a step is written `(a..b).step_by(n)`");

    /// <summary>E1026.</summary>
    public static Diagnostic NotAPlace(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1026", source, at, "this cannot be assigned to")
            .WithHelp("the left side of `=` is a name, a field, a tuple part or an element; equality is written ==");

    /// <summary>E1027.</summary>
    public static Diagnostic HoleAsValue(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1027", source, at, "`_` has no value: it stands for what is ignored")
            .WithHelp("use a name; to ignore a result, write the call alone");

    /// <summary>E1028.</summary>
    public static Diagnostic MisplacedSpread(SourceText source, TextSpan at, bool isSecond) =>
        Diagnostic.Error("E1028", source, at, isSecond ? "a literal takes one spread only" : "the spread stands first in a literal")
            .WithHelp("fields written after the spread replace its values");

    /// <summary>E1029.</summary>
    public static Diagnostic EmptyForm(SourceText source, TextSpan at, string form) =>
        Diagnostic.Error("E1029", source, at, form == "match" ? "this match(…) has no arms" : $"this {form}(…) is empty")
            .WithHelp(form == "match" ? "write `match(value, pattern -> result, …)`" : "write () where nothing is to be done");

    /// <summary>E1030.</summary>
    public static Diagnostic MethodInType(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1030", source, at, "method signatures stand only in the body of a type declaration")
            .WithHelp("declare `type Name = { @method () -> T }` and use Name here");

    /// <summary>E1031.</summary>
    public static Diagnostic MissingBody(SourceText source, TextSpan at, string name) =>
        Diagnostic.Error("E1031", source, at, $"@{name} has no body").WithHelp("write `= expression` after the signature");

    /// <summary>E1032.</summary>
    public static Diagnostic ConfigNotLiteral(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1032", source, at, "a config is initialised by a literal")
            .WithHelp("for a computed value write a function without parameters");

    /// <summary>E1033.</summary>
    public static Diagnostic OpenRange(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1033", source, at, "a range without end stands only inside an index `xs[a..]`").WithHelp("write both ends");

    /// <summary>E1034.</summary>
    public static Diagnostic MixedPayload(SourceText source, TextSpan at, string variant) =>
        Diagnostic.Error("E1034", source, at, $"the payload of {variant} mixes named and unnamed parts")
            .WithHelp("name all parts or none");

    /// <summary>E1035.</summary>
    public static Diagnostic NestedTooDeeply(SourceText source, TextSpan at) =>
        Diagnostic.Error("E1035", source, at, "this is nested too deeply: the limit is 1,000 levels")
            .WithHelp("split it into functions or bindings");
}
