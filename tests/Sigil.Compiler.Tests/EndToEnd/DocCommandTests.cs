namespace Sigil.Compiler.Tests.EndToEnd;

public sealed class DocCommandTests
{
    private const string Money = """
        // # Amounts of money. Never negative.

        // # An amount.
        // @field cents in hundredths
        #[derive(Eq, Printable)]
        pub type Money = {
            // not for readers
            cents: int,
        }

        impl Money {
            // # The sum of both.
            @add (self, other: Money) -> Money = Money { cents: self.cents + other.cents }
        }

        impl From<int> for Money { @from (value: int) -> Self = Money { cents: value } }

        // # Something priced.
        pub trait Priced {
            @price (self) -> Money
        }

        // # Reads an amount.
        // @param text digits
        // ! Error: no number
        // > read("12") -> Ok(Money(12))
        pub @read (
            text: str,
        ) -> Result<Money, Error> = run(let n = parse_int(text)?, Ok(Money { cents: n }))

        pub $limit = 100
        @hidden () -> int = 1

        """;

    [Fact]
    public void Pages_show_what_a_module_offers()
    {
        using var folder = new Folder().With("money.si", Money).With("sub/inner.si", "@secret () -> int = 1\n").With("main.si", "@main () -> void = print(1)\n");
        var run = SigilCommand.Run(folder.Path, "doc", ".", "--out", "pages");
        Assert.Equal(new CommandResult(0, "wrote 1 page and README.md in pages/\n", ""), run);
        Assert.EndsWith("\n\n- [money](money.md): Amounts of money.\n", folder.Read("pages/README.md"));
        var page = folder.Read("pages/money.md");
        Assert.StartsWith("# money\n\nAmounts of money. Never negative.\n\n## Traits\n\n### Priced\n", page);
        Assert.Contains("```sigil\n#[derive(Eq, Printable)]\ntype Money = {\n    cents: int,\n}\n```\n\nAn amount.\n\n- `cents`: in hundredths\n\nImplements `From<int>`.\n\n- `@add (self, other: Money) -> Money`: The sum of both.\n", page);
        Assert.Contains("### @read\n\n```sigil\n@read (text: str) -> Result<Money, Error>\n```\n\nReads an amount.\n\n- `text`: digits\n\nFails with:\n\n- `Error`: no number\n\n```sigil\nread(\"12\") -> Ok(Money(12))\n```\n", page);
        Assert.Contains("### $limit\n\n```sigil\n$limit = 100\n```\n", page);
        Assert.DoesNotContain("hidden", page);
    }

    [Fact]
    public void Pages_of_a_project_stand_below_it_wherever_one_is()
    {
        using var folder = new Folder().With("sigil.toml", "[project]\nname = \"p\"\nversion = \"0.1.0\"\n").With("src/a.si", "pub @f () -> int = 1\n");
        Assert.Equal("wrote 1 page and README.md in ../docs/reference/\n", SigilCommand.Run(folder.At("src"), "doc").Output);
        Assert.Contains("### @f\n", folder.Read("docs/reference/a.md"));
        Assert.Equal("wrote 1 page and README.md in here/\n", SigilCommand.Run(folder.At("src"), "doc", "--out", "here").Output);
    }

    [Fact]
    public void The_library_has_pages()
    {
        using var folder = new Folder();
        Assert.Equal(0, SigilCommand.Run(folder.Path, "doc", "--library").ExitCode);
        Assert.Contains("- [std.json](std.json.md): JSON: text to values and back.\n", folder.Read("docs/reference/README.md"));
        Assert.Contains("### Clock\n", folder.Read("docs/reference/std.time.md"));
    }

    [Fact]
    public void What_cannot_be_read_is_told()
    {
        using var folder = new Folder().With("bad.si", "@f (\n");
        Assert.Equal(1, SigilCommand.Run(folder.Path, "doc", "bad.si").ExitCode);
        Assert.Equal(1, SigilCommand.Run(folder.Path, "doc", "nowhere").ExitCode);
        Assert.Equal(2, SigilCommand.Run(folder.Path, "doc", "bad.si", "--library").ExitCode);
        Assert.False(Directory.Exists(folder.At("docs")));
    }
}
