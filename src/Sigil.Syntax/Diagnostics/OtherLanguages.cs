namespace Sigil.Syntax.Diagnostics;

/// <summary>Words that other languages have for something, and how Sigil says it: what a newcomer writes is seldom misspelt.</summary>
public static class OtherLanguages
{
    /// <summary>What to write instead of a word that stands where a value does; null when it is no such word.</summary>
    public static string? Name(string word) => word switch
    {
        "null" or "nil" or "undefined" or "nullptr" or "NULL" or "Nothing" => "there is no null: `None` is the Option that holds nothing",
        "True" or "TRUE" => "write `true`",
        "False" or "FALSE" => "write `false`",
        "new" => "a struct is made without `new`: `Name { field: value }`",
        "this" => "the receiver of a method is its parameter `self`",
        "elif" or "elsif" or "elseif" => "write `else if … then …`",
        "lambda" or "fn" or "func" or "function" or "fun" or "def" => "a function without name is written `x -> …`, one with a name stands in the module: `@name (x: int) -> int = …`",
        "var" or "const" or "auto" => "write `let name = …`, or `let mut name = …` to change it in place",
        "throw" or "raise" => "what may fail returns `Err(…)`; a mistake in the program is `panic(\"…\")`",
        "catch" or "except" or "finally" => "errors are values: `match` on the Result, or leave with `?`",
        "switch" or "case" or "when" => "write `match(value, pattern -> result, …)`",
        "println" or "printf" or "puts" or "echo" or "console" or "System" or "fmt" or "Console" => "`print(…)` writes a line",
        "go" or "spawn_task" or "thread" or "Thread" => "tasks live in a scope: `parallel(.a: f(), .b: g())`, or `nursery`",
        "typeof" or "sizeof" or "instanceof" => "types are known before the program runs; take a sum apart with `match`",
        "range" => "a range is written `0..n`",
        "and" => "write `&&`",
        "or" => "write `||`",
        "not" => "write `!`",
        _ => null,
    };

    /// <summary>The type that a word stands for; null when it is no such word.</summary>
    public static string? Type(string word) => word switch
    {
        "string" or "String" or "Str" or "text" or "Text" => "str",
        "Int" or "integer" or "Integer" or "long" or "Long" or "number" or "Number" or "i64" or "i32" or "u64" or "u32" or "int64" or "int32" or "uint" or "usize" or "short" => "int",
        "Float" or "double" or "Double" or "f64" or "f32" or "float64" or "float32" or "decimal" or "real" => "float",
        "boolean" or "Boolean" or "Bool" => "bool",
        "u8" or "uint8" or "Byte" => "byte",
        "rune" or "Char" or "character" => "char",
        "unit" or "Unit" or "Void" or "None" or "nothing" => "void",
        "Array" or "array" or "List" or "list" or "Vec" or "Seq" or "slice" or "Slice" => "[T]",
        "Map" or "map" or "HashMap" or "Dict" or "dict" or "Dictionary" or "object" or "Object" => "{K: V}",
        "HashSet" or "set" => "Set<T>",
        "Optional" or "Maybe" or "Nullable" => "Option<T>",
        "Either" => "Result<T, E>",
        "Exception" or "error" => "Error",
        "Sender" or "Tx" => "Producer<T>",
        "Receiver" or "Rx" => "Consumer<T>",
        "never" => "Never",
        _ => null,
    };

    /// <summary>The names that the library's types may have for what another language calls a method or property so.</summary>
    public static IReadOnlyList<string> Members(string word) => word.ToLowerInvariant().Replace("_", "", StringComparison.Ordinal) switch
    {
        "length" or "lenght" or "size" or "count" or "getlength" => ["len"],
        "add" or "addlast" or "pushback" or "appendelement" => ["push", "insert"],
        "touppercase" or "toupper" or "uppercase" or "upcase" => ["upper"],
        "tolowercase" or "tolower" or "lowercase" or "downcase" => ["lower"],
        "substring" or "substr" or "sub" or "subsequence" or "sublist" => ["slice"],
        "includes" or "has" or "containskey" or "haskey" or "exists" => ["contains", "has"],
        "indexof" or "position" => ["index_of", "find_index"],
        "startswith" or "hasprefix" => ["starts_with"],
        "endswith" or "hassuffix" => ["ends_with"],
        "strip" or "trimspace" => ["trim"],
        "reduce" or "foldl" or "foldleft" or "aggregate" or "inject" => ["fold"],
        "select" or "transform" => ["map"],
        "where" or "filterby" => ["filter"],
        "foreach" or "each" => ["for_each"],
        "selectmany" or "concatmap" => ["flat_map"],
        "orderby" or "sortby" or "sorted" => ["sort_by_key", "sort"],
        "distinct" or "uniq" or "dedup" => ["unique"],
        "tolist" or "toarray" or "tovec" => ["to_list"],
        "tostring" or "string" or "str" or "tostr" => ["to_string"],
        "put" or "setitem" => ["insert"],
        "delete" or "erase" or "removeat" or "removeall" => ["remove"],
        "isnullorempty" or "empty" => ["is_empty"],
        "getordefault" or "orelse" or "unwrapordefault" => ["unwrap_or"],
        "issome" or "ispresent" or "hasvalue" => ["is_some"],
        "recv" or "read" or "take" or "next" => ["receive"],
        "write" or "post" or "emit" => ["send"],
        "join" or "await" => ["wait"],
        "every" => ["all"],
        "some" => ["any"],
        "skip" => ["drop"],
        "head" or "front" => ["first"],
        "tail" or "back" => ["last"],
        _ => [],
    };

    /// <summary>What to write instead of a line of a module that begins with this word; null when it is no such word.</summary>
    public static string? Item(string word) => word switch
    {
        "fn" or "func" or "function" or "fun" or "def" or "proc" or "sub" or "public" or "private" or "static" or "export" => "a function is written `@name (parameter: type) -> type = …`, with `pub` before it for other modules",
        "import" or "from" or "using" or "include" or "require" or "open" => "an import is written `use std.math { sqrt }`, or `use './file' { name }`",
        "struct" or "class" or "record" or "data" => "a struct is written `type Name = { field: type }`",
        "enum" or "union" or "variant" => "a sum is written `type Name = One | Two(int)`",
        "interface" or "protocol" => "write `trait Name { @method (self) -> type }`",
        "const" or "var" or "val" or "final" => "a constant is written `$name = literal`; other work belongs into a function",
        "package" or "module" or "namespace" or "mod" => "a file is a module and has the file's name; there is nothing to declare",
        _ => null,
    };
}
