namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>What is an option, what is a file, and what belongs to the program.</summary>
public sealed class CommandLineTests
{
    private const string Arguments = "use std.env { Env, args }\n\n@main () -> void uses Env = print(args().join(\"|\"))\n";

    [Theory]
    [InlineData("sigil run has no option '--nope'", "sigil run FILE --nope", "run", "--nope")]
    [InlineData("sigil check has no option '--formt'", "did you mean --format?", "check", "main.si", "--formt", "json")]
    [InlineData("sigil test has no option '--filtr'", "did you mean --filter?", "test", "--filtr=x")]
    [InlineData("sigil build has no option '--nope'", "`sigil build --help` lists its options", "build", "--nope", "main.si")]
    [InlineData("sigil fmt has no option '--chek'", "did you mean --check?", "fmt", "--chek", ".")]
    [InlineData("sigil doc has no option '--libary'", "did you mean --library?", "doc", "--libary")]
    [InlineData("sigil explain has no option '-x'", "`sigil explain --help`", "explain", "-x")]
    [InlineData("sigil new has no option '--lbi'", "did you mean --lib?", "new", "--lbi", "tide")]
    [InlineData("sigil completions has no option '--bash'", "`sigil completions --help`", "completions", "--bash")]
    [InlineData("sigil has no option '--versoin'", "did you mean --version?", "--versoin")]
    [InlineData("there is no command 'chek'", "did you mean `sigil check`?", "chek")]
    [InlineData("there is no command 'main.si'", "sigil run main.si", "main.si")]
    [InlineData("there is no command 'frobnicate'", "the commands are run, check, test", "frobnicate")]
    public void What_is_not_known_is_named(string said, string help, params string[] arguments)
    {
        using var folder = new Folder().With("main.si", Arguments);
        var run = SigilCommand.Run(folder.Path, arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"error[E9102]: {said}\n  = help: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(help, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format json|-x|--|a", "main.si", "--format", "json", "-x", "--", "a")]
    [InlineData("--help", "main.si", "--help")]
    [InlineData("--|-1", "main.si", "--", "--", "-1")]
    [InlineData("@main.si", "--format", "json", "main.si", "@main.si")]
    [InlineData("-1|b c", "--", "-1", "b c")]
    [InlineData("", "--deny=W2001")]
    public void What_stands_behind_the_program_is_the_programs(string expected, params string[] arguments)
    {
        using var folder = new Folder().With("main.si", Arguments);
        Assert.Equal(new CommandResult(0, expected.Replace("--format json", "--format|json", StringComparison.Ordinal) + "\n", ""), SigilCommand.Run(folder.Path, ["run", .. arguments]));
    }

    [Fact]
    public void A_word_behind_two_dashes_is_a_file()
    {
        using var folder = new Folder().With("-x/main.si", "@main () -> void = print(\"x\")\n");
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(folder.Path, "check", "--allow", "W7001", "--", "-x"));
        Assert.Contains("has no option '-x'", SigilCommand.Run(folder.Path, "check", "-x").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_may_be_named_as_it_is_declared()
    {
        using var folder = new Folder().With("main.si", "@f () -> int = 1\n@test_f tests @f () -> void = assert_eq(f(), 1)\n@g () -> int = 1\n@test_g tests @g () -> void = assert_eq(g(), 1)\n");
        Assert.Contains("1 passed, 0 failed", SigilCommand.Run(folder.Path, "test", "--function", "@f", "main.si").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_command_there_is_the_list_of_them()
    {
        var run = SigilCommand.Run(Path.GetTempPath());
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Commands:", run.Error, StringComparison.Ordinal);
    }
}
