namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Folders that the user may not look into: what is in them is a part of the program that nobody has checked.</summary>
public sealed class UnreadableFolderTests
{
    // What the superuser may not do without these two.
    private const string AsOrdinaryUser = "if [ \"$(id -u)\" = 0 ]; then exec setpriv --bounding-set -dac_override,-dac_read_search \"$@\"; else exec \"$@\"; fi";

    [Theory]
    [InlineData("check")]
    [InlineData("test")]
    [InlineData("fmt")]
    [InlineData("doc")]
    public void It_is_an_error_with_its_path(string command)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/setpriv")) return;
        using var folder = new Folder()
            .With("sigil.toml", "[project]\nname = \"tide\"\n")
            .With("src/main.si", "@main () -> void = print(\"x\")\n")
            .With("src/closed/deep/other.si", "@f () -> int = true\n");
        var closed = folder.At("src/closed");
        File.SetUnixFileMode(closed, UnixFileMode.None);
        try
        {
            var run = SigilCommand.RunInShell(folder.Path, AsOrdinaryUser, command);
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith("error[E9104]: the folder cannot be read: permission denied\n --> src/closed", run.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.SetUnixFileMode(closed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public void A_link_is_followed_once_and_never_back()
    {
        if (OperatingSystem.IsWindows()) return;
        using var elsewhere = new Folder().With("f.si", "@f () -> int = 1\n@test_f tests @f () -> void = assert_eq(f(), 1)\n");
        using var folder = new Folder().With("main.si", "@g () -> int = 1\n@test_g tests @g () -> void = assert_eq(g(), 1)\n");
        Directory.CreateSymbolicLink(folder.At("here"), ".");
        Directory.CreateSymbolicLink(folder.At("up"), "..");
        Directory.CreateSymbolicLink(folder.At("linked"), elsewhere.Path);
        Directory.CreateSymbolicLink(folder.At("again"), elsewhere.Path);
        Directory.CreateSymbolicLink(elsewhere.At("round"), elsewhere.Path);
        Assert.Contains("2 passed, 0 failed", SigilCommand.Run(folder.Path, "test").Output, StringComparison.Ordinal);
    }
}
