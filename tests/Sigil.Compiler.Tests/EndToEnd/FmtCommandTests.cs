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

    [Fact]
    public void What_cannot_be_read_as_a_program_is_left_as_it_is()
    {
        byte[] invalid = [.. "@main () -> void = print(\""u8, 0xC3, 0x28, 0xFF, .. "\")\n"u8];
        byte[] marked = [0xEF, 0xBB, 0xBF, .. "@main()->void=print(\"x\")\n"u8];
        byte[] cut = [.. "@main () -> void = print(\"x\")\n// "u8, 0xE2, 0x82];
        using var folder = new Folder().With("deep.si", $"@f()->int={new string('(', 5_000)}1{new string(')', 5_000)}\n").With("nul.si", "@f()->int=\0 1\n");
        File.WriteAllBytes(folder.At("invalid.si"), invalid);
        File.WriteAllBytes(folder.At("marked.si"), marked);
        File.WriteAllBytes(folder.At("cut.si"), cut);
        foreach (var file in new[] { "invalid.si", "marked.si", "cut.si", "deep.si", "nul.si" })
        {
            var before = File.ReadAllBytes(folder.At(file));
            var result = SigilCommand.Run(folder.Path, "fmt", file);
            Assert.Equal((file, 1, ""), (file, result.ExitCode, result.Output));
            Assert.Contains("error[E", result.Error, StringComparison.Ordinal);
            Assert.Equal(before, File.ReadAllBytes(folder.At(file)));
        }
        var input = SigilCommand.RunWith(folder.Path, "@main()->void=run(\n", "fmt", "-");
        Assert.Equal((1, ""), (input.ExitCode, input.Output));
        Assert.Contains("stdin", input.Error, StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void Line_ends_and_the_last_line_become_those_of_canonical_text()
    {
        var wide = "@f()->[int]=[" + string.Concat(Enumerable.Repeat("1,", 100_000)) + "1]";
        using var folder = new Folder().With("empty.si", "").With("blank.si", " \r\n\t\n").With("windows.si", "@main()->void=print(`a\r\nb`)\r\n// end\r\n\r\n").With("old.si", "// a\r@main()->void=print(\"x\")").With("wide.si", wide);
        var result = SigilCommand.Run(folder.Path, "fmt", ".");
        Assert.Equal(new CommandResult(0, "blank.si\nold.si\nwide.si\nwindows.si\n", ""), result);
        Assert.Equal("", folder.Read("empty.si"));
        Assert.Equal("", folder.Read("blank.si"));
        Assert.Equal("@main () -> void = print(`a\nb`)\n// end\n", folder.Read("windows.si"));
        Assert.Equal("// a\n" + Canonical, folder.Read("old.si"));
        Assert.Equal(100_003, folder.Read("wide.si").Count(c => c == '\n'));
        Assert.Equal(new CommandResult(0, "", ""), SigilCommand.RunWith(folder.Path, "", "fmt", "-"));
    }

    [Fact]
    public void Links_and_modes_are_kept_and_nothing_is_left_beside()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new Folder().With("real/a.si", Ugly).With("fixed.si", Ugly).With("dir.si/b.si", Ugly);
        File.CreateSymbolicLink(folder.At("link.si"), folder.At("real/a.si"));
        File.CreateSymbolicLink(folder.At("dangling.si"), folder.At("nowhere.si"));
        File.CreateSymbolicLink(folder.At("round.si"), folder.At("round.si"));
        File.SetUnixFileMode(folder.At("real/a.si"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(folder.At("fixed.si"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal(new CommandResult(0, "link.si\n", ""), SigilCommand.Run(folder.Path, "fmt", "link.si"));
        Assert.Equal(folder.At("real/a.si"), new FileInfo(folder.At("link.si")).LinkTarget);
        Assert.Equal(Canonical, folder.Read("real/a.si"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.At("real/a.si")));

        var result = SigilCommand.Run(folder.Path, "fmt", "fixed.si", "dangling.si", "round.si", "dir.si");
        Assert.Equal((1, "dir.si/b.si\n"), (result.ExitCode, result.Output));
        foreach (var file in new[] { "fixed.si", "dangling.si", "round.si" }) Assert.Contains(file, result.Error, StringComparison.Ordinal);
        Assert.Contains("read-only", result.Error, StringComparison.Ordinal);
        Assert.Equal(Ugly, folder.Read("fixed.si"));
        Assert.Equal(Canonical, folder.Read("dir.si/b.si"));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories));
    }
}
