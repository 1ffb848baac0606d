namespace Sigil.Compiler.Tests.EndToEnd;

public sealed class FmtCommandTests
{
    private const string Ugly = "@main()->void=print(\"x\")\n";
    private const string Canonical = "@main () -> void = print(\"x\")\n";

    [Fact]
    public void Files_and_folders_are_rewritten()
    {
        using var folder = new Folder().With("a.si", Ugly).With("sub/b.si", Ugly).With("sub/c.si", Canonical).With(".hidden/d.si", Ugly);
        Assert.Equal(new CommandResult(0, "a.si\nsub/b.si\n", ""), SigilCommand.Run(folder.Path, "fmt", "."));
        Assert.Equal(Canonical, folder.Read("a.si"));
        Assert.Equal(Canonical, folder.Read("sub/b.si"));
        Assert.Equal(Ugly, folder.Read(".hidden/d.si"));
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.Run(folder.Path, "fmt", "--check", "."));
        Assert.Equal(2, Directory.GetFiles(folder.At("sub")).Length);
    }

    [Fact]
    public void Check_and_diff_write_nothing_and_fail()
    {
        using var folder = new Folder().With("a.si", Ugly);
        Assert.Equal(new CommandResult(1, "a.si\n", ""), SigilCommand.Run(folder.Path, "fmt", "--check", "a.si"));
        var diff = SigilCommand.Run(folder.Path, "fmt", "--diff", "a.si");
        Assert.Equal((1, $"--- a.si\n+++ a.si\n@@ -1,1 +1,1 @@\n-{Ugly}+{Canonical}"), (diff.ExitCode, diff.Output));
        Assert.Equal(new CommandResult(0, Canonical, ""), SigilCommand.Run(folder.Path, "fmt", "--stdout", "a.si"));
        Assert.Equal(Ugly, folder.Read("a.si"));
    }

    [Fact]
    public void Standard_input_goes_to_standard_output()
    {
        using var folder = new Folder();
        Assert.Equal(new CommandResult(0, Canonical, ""), SigilCommand.RunWith(folder.Path, Ugly, "fmt", "-"));
        Assert.Equal(1, SigilCommand.RunWith(folder.Path, Ugly, "fmt", "--check", "-").ExitCode);
    }

    [Fact]
    public void A_file_with_errors_is_left_alone_and_its_errors_are_told()
    {
        const string Bad = "@main()->void=run(\n";
        using var folder = new Folder().With("bad.si", Bad).With("good.si", Ugly);
        var result = SigilCommand.Run(folder.Path, "fmt", ".");
        Assert.Equal((1, "good.si\n"), (result.ExitCode, result.Output));
        Assert.Contains("bad.si:1", result.Error, StringComparison.Ordinal);
        Assert.Equal(Bad, folder.Read("bad.si"));
        Assert.Equal(Canonical, folder.Read("good.si"));
    }

    [Fact]
    public void What_is_not_there_is_an_error()
    {
        using var folder = new Folder();
        var result = SigilCommand.Run(folder.Path, "fmt", "nowhere.si");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("E9104", result.Error, StringComparison.Ordinal);
    }
}
