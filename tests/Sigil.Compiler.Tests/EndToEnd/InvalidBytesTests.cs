namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Files whose bytes are no text.</summary>
public class InvalidBytesTests
{
    [Theory]
    [InlineData("check")]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData("build")]
    public void Bytes_that_are_not_UTF8_are_an_error_of_every_command(string command)
    {
        var folder = Directory.CreateTempSubdirectory("sigil-bytes").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "main.si"), [.. "@main () -> void = print(\""u8, 0xFF, .. "\")\n"u8]);
            var run = SigilCommand.Run(folder, command, "main.si");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("error[E0001]", run.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
