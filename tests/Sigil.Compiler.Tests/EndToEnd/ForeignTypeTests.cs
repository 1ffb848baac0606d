namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>
/// Structs and sums of a program in the methods of its foreign capabilities. The folder Shelves holds the C# files that are generated for the program below, and a class that implements them:
/// so it is held that they compile, and that values arrive as they were sent, both ways.
/// </summary>
public sealed class ForeignTypeTests
{
    private const string Declarations = """
        #[derive(Eq, Debug, Printable)]
        type Isbn = str
        #[derive(Eq, Hashable, Debug, Printable)]
        type Genre = Novel | Poetry | Drama
        #[derive(Eq, Debug, Printable)]
        type Book = { isbn: Isbn, title: str, genre: Genre, pages: int = 0, tags: [str] = [], next_part: Option<Isbn> = None }
        #[derive(Eq, Debug, Printable)]
        type ShelfError = Missing(isbn: Isbn) | Full | Damaged(str, int)
        #[derive(Debug, Printable)]
        type Section = { name: str, parts: [Section] }
        #[derive(Debug, Printable)]
        type Query = All | ByGenre(Genre) | Either(left: [Query], right: [Query])

        trait Shelf {
            @put (book: Book) -> Result<int, ShelfError>
            @find (isbn: str) -> Option<Book>
            @take (isbn: Isbn) -> Result<Book, ShelfError> uses Async
            @matching (query: Query) -> [Book] uses Async
            @counts () -> {str: (Genre, int)}
            @genres () -> Set<Genre>
            @outline () -> Section
            @rename (section: Section, name: str) -> Section uses Async
            @clear () -> void uses Async
            @spoiled () -> Book
            @unknown () -> Genre
        }


        """;

    private static Folder Project(string main, string type = "Shelves.WoodenShelf") => new Folder()
        .With("sigil.toml", $"[project]\nname = \"shelves\"\n\n[capabilities]\nShelf = {{ assembly = \"{typeof(Shelves.WoodenShelf).Assembly.Location}\", type = \"{type}\" }}\n")
        .With("src/main.si", Declarations + main);

    [Fact]
    public void Structs_and_sums_cross_both_ways()
    {
        using var folder = Project("""
            @depth (s: Section) -> int = 1 + s.parts.map(p -> depth(p)).fold(0, (a, b) -> max(a, b))

            @main () -> void uses Shelf, Async = run(
                let emma = Book { isbn: Isbn("1"), title: "Emma", genre: Novel, pages: 474, tags: ["old", "good"], next_part: Some(Isbn("2")) },
                print(Shelf.put(emma)),
                print(Shelf.put(Book { isbn: Isbn("2"), title: "Faust", genre: Drama })),
                print(Shelf.put(emma)),
                print(Shelf.put(Book { isbn: Isbn(""), title: "?", genre: Poetry, pages: 3 })),
                print(Shelf.find("1") == Some(emma)),
                print(Shelf.find("3").is_none()),
                print(Shelf.matching(Either(left: [ByGenre(Poetry)], right: [ByGenre(Novel), ByGenre(Drama)])).map(b -> b.title)),
                print(Shelf.counts()),
                print(Shelf.genres().contains(Drama)),
                print(Shelf.take(Isbn("2"))),
                print(Shelf.take(Isbn("2"))),
                print(Shelf.outline()),
                print(depth(Shelf.rename(Shelf.outline(), "attic"))),
                let all = parallel(.tasks: for _ in 0..10 yield Shelf.take(Isbn("1"))),
                print(all.filter(r -> r.is_ok()).len()),
                Shelf.clear(),
                print(Shelf.matching(All).len()),
            )
            """);
        Assert.Equal(new CommandResult(0, """
            Ok(1)
            Ok(2)
            Err(Full)
            Err(Damaged("?", 3))
            true
            true
            ["Emma", "Faust"]
            {"Emma": (Novel, 474), "Faust": (Drama, 0)}
            true
            Ok(Book { isbn: Isbn("2"), title: "Faust", genre: Drama, pages: 0, tags: [], next_part: None })
            Err(Missing(isbn: Isbn("2")))
            Section { name: "house", parts: [Section { name: "room", parts: [Section { name: "shelf", parts: [] }] }, Section { name: "cellar", parts: [] }] }
            3
            1
            0

            """, ""), SigilCommand.Run(folder.Path, "run"));
        foreach (var file in new[] { "IShelf.cs", "SigilTypes.cs" })
            Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "tests", "Sigil.Compiler.Tests", "EndToEnd", "Shelves", file)), folder.Read("interop/" + file));
    }

    [Theory]
    [InlineData("Shelf.spoiled()", "Shelf.spoiled threw InvalidOperationException: Book.Title is null")]
    [InlineData("Shelf.unknown()", "Shelf.unknown threw InvalidOperationException: Genre has no 7")]
    public void What_is_no_value_of_the_type_is_a_panic_that_names_the_method(string call, string message)
    {
        using var folder = Project($"@main () -> void uses Shelf = print({call})");
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(101, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_were_generated_for_another_program_are_told_when_it_starts()
    {
        using var folder = Project("@main () -> void uses Shelf = print(\"begun\")");
        folder.With("src/main.si", Declarations.Replace("title: str", "name: str", StringComparison.Ordinal) + "@main () -> void uses Shelf = print(\"begun\")");
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(101, run.ExitCode);
        Assert.Contains("Book has no constructor (Isbn, Name, Genre, Pages, Tags, NextPart): generate it anew", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("type Row = { f: int -> int }", "Row", "`f` of Row: int -> int is a function")]
    [InlineData("type Row = { out: Producer<int> }", "[Row]", "`out` of Row: Producer<int> is the end of a channel")]
    [InlineData("type Row = Some_row(inner: ref Inner)\ntype Inner = { n: int }", "Option<Row>", "`Some_row.inner` of Row: ref Inner is an object of one program")]
    [InlineData("type Row<T> = { value: T }", "Row<int>", "Row<int> has type parameters")]
    [InlineData("type Option2 = int\ntype Row = { n: { a: int } }", "Row", "has no name that C# could use: declare a struct")]
    [InlineData("type ValueTask = { n: int }", "ValueTask", "has a name that C# code needs for something else")]
    [InlineData("", "CancellationToken", "CancellationToken belongs to the program")]
    public void What_does_not_cross_is_told_with_its_place(string declaration, string type, string message)
    {
        using var folder = new Folder()
            .With("sigil.toml", "[project]\nname = \"p\"\n\n[capabilities]\nStore = { assembly = \"a.dll\", type = \"A\" }\n")
            .With("src/main.si", $"{declaration}\ntrait Store {{\n    @rows () -> {type}\n}}\n@take () -> void uses Store = run(let _ = Store.rows())\n@main () -> void uses Store = take()\n");
        var run = SigilCommand.Run(folder.Path, "run");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("E9103", run.Error, StringComparison.Ordinal);
        Assert.Contains("sigil.toml:5:1", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Contains("@rows () ->", run.Error, StringComparison.Ordinal);
    }
}
