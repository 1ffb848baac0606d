using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>A file that has the name of a source and is none: a pipe that nobody writes into, a device without end, something huge.</summary>
public sealed class OddFileTests
{
    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData("fmt")]
    [InlineData("build")]
    [InlineData("doc")]
    public void It_is_refused_in_words(string command)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new Folder();
        Directory.CreateDirectory(folder.Path);
        using (var made = Process.Start("mkfifo", folder.At("pipe.si"))) made.WaitForExit();
        File.CreateSymbolicLink(folder.At("endless.si"), "/dev/zero");
        Refused(folder, command, "pipe.si", "it is no ordinary file");
        Refused(folder, command, "endless.si", "it is larger than 64 MB");
    }

    [Fact]
    public void A_size_of_gigabytes_is_not_read()
    {
        using var folder = new Folder();
        using (var file = File.Create(folder.At("huge.si"))) file.SetLength(2L << 30);
        Refused(folder, "test", "huge.si", "it is larger than 64 MB");
    }

    private static void Refused(Folder folder, string command, string file, string why)
    {
        var run = SigilCommand.Run(folder.Path, command, file);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"error[E9104]: cannot be read: {why}", run.Error + run.Output);
    }
}
