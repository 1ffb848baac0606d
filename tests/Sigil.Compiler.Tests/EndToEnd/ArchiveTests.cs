using System.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>The archive that <c>scripts/make-archive</c> packs, made of the command under test instead of a published one.</summary>
public sealed class ArchiveTests
{
    [Fact]
    public void What_is_unpacked_elsewhere_runs_through_a_link()
    {
        using var folder = new Folder();
        folder.With("tree/scripts/make-archive", File.ReadAllText(Path.Combine(Repository.Root, "scripts", "make-archive")))
            .With("tree/sigil", $"#!/bin/sh\nexec dotnet '{SigilCommand.Path}' \"$@\"\n")
            .With("hello.si", "@main () -> void = print(\"hello\")\n");
        foreach (var file in new[] { "LICENSE", "README.md", "CHANGELOG.md", "Directory.Build.props" }) File.Copy(Path.Combine(Repository.Root, file), folder.At("tree/" + file));
        var script = $"""
            set -e
            mkdir -p tree/.sigil/bin packed elsewhere links
            cp '{Path.GetDirectoryName(SigilCommand.Path)}'/*.dll '{Path.GetDirectoryName(SigilCommand.Path)}'/*.json tree/.sigil/bin/
            chmod +x tree/sigil tree/scripts/make-archive
            tree/scripts/make-archive packed >/dev/null
            rm -rf tree
            tar -C elsewhere -xzf packed/sigil-*.tar.gz
            ln -s "$PWD"/elsewhere/sigil-*/bin/sigil links/sigil
            ls elsewhere/sigil-*/completions
            links/sigil run hello.si
            """;
        var start = new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = folder.Path, RedirectStandardOutput = true };
        start.Environment["SIGIL_CACHE"] = "off";
        using var process = Process.Start(start)!;
        Assert.Equal("sigil.bash\nsigil.fish\nsigil.zsh\nhello\n", process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
