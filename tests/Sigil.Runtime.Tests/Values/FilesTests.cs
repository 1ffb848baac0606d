using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public sealed class FilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("sigil-files-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    private string At(string name) => Path.Combine(root, name);

    [Fact]
    public void WritesReadsAndAppends()
    {
        Assert.Equal((0, ""), Files.WriteText(At("a"), "héllo\n😀"));
        Assert.Equal((0, ""), Files.AppendText(At("a"), "!"));
        Assert.Equal((0, "héllo\n😀!", ""), Files.ReadText(At("a")));
        Assert.Equal(0, Files.WriteBytes(At("b"), SigilList<byte>.Of([1, 255, 3])).Code);
        Assert.Equal([1, 255, 3], Files.ReadBytes(At("b")).Value.Span.ToArray());
        Assert.Equal((FileCodes.IoError, "", "invalid UTF-8 at byte 1"), Files.ReadText(At("b")));
    }

    [Fact]
    public void MissingFilesDirectoriesAndBadPathsHaveCodes()
    {
        Files.WriteText(At("file"), "x");
        Assert.Equal((FileCodes.NotFound, "", At("none")), Files.ReadText(At("none")));
        Assert.Equal((FileCodes.NotFound, At("none/x")), Files.WriteText(At("none/x"), ""));
        Assert.Equal((FileCodes.NotDirectory, "", At("file/x")), Files.ReadText(At("file/x")));
        Assert.Equal((FileCodes.NotDirectory, At("file/x")), Files.WriteText(At("file/x"), ""));
        Assert.Equal((FileCodes.IsDirectory, "", root), Files.ReadText(root));
        Assert.Equal((FileCodes.IsDirectory, root), Files.WriteText(root, ""));
        Assert.Equal((FileCodes.IsDirectory, root), Files.Delete(root));
        Assert.Equal((FileCodes.NotFound, At("none")), Files.Delete(At("none")));
        Assert.Equal(FileCodes.NotFound, Files.ReadText("").Code);
        Assert.Equal(FileCodes.IoError, Files.ReadText("a\0b").Code);
        Assert.Equal(FileCodes.IoError, Files.Delete("a\0b").Code);
        Assert.Equal(FileCodes.IoError, Files.ReadText(At(new string('x', 300))).Code);
        Assert.Equal(FileCodes.IoError, Files.ReadText(new string('x', 70000)).Code);
        Assert.Equal(FileCodes.NotDirectory, Files.List(At("file")).Code);
        Assert.Equal(FileCodes.NotFound, Files.List(At("none")).Code);
        Assert.Equal(FileCodes.NotFound, Files.Metadata(At("none")).Code);
    }

    [Fact]
    public void PermissionsHaveACode()
    {
        if (OperatingSystem.IsWindows() || Environment.UserName == "root")
            return;
        Files.WriteText(At("a"), "x");
        File.SetUnixFileMode(At("a"), UnixFileMode.None);
        Assert.Equal((FileCodes.PermissionDenied, "", At("a")), Files.ReadText(At("a")));
    }

    [Fact]
    public void DirectoriesAreMadeListedAndRemoved()
    {
        Assert.Equal((0, ""), Files.CreateDirectory(At("d")));
        Assert.Equal((FileCodes.AlreadyExists, At("d")), Files.CreateDirectory(At("d")));
        Assert.Equal((FileCodes.NotFound, At("x/y")), Files.CreateDirectory(At("x/y")));
        Assert.Equal((0, ""), Files.CreateDirectory(At("d/e")));
        Files.WriteText(At("d/z"), "1");
        Files.WriteText(At("d/a"), "3");
        Assert.Equal([("a", At("d/a"), false), ("e", At("d/e"), true), ("z", At("d/z"), false)], Files.List(At("d")).Value.Span.ToArray());
        Assert.Equal(FileCodes.IoError, Files.DeleteDirectory(At("d")).Code);
        Assert.Equal(FileCodes.NotDirectory, Files.DeleteDirectory(At("d/a")).Code);
        Assert.Equal((0, ""), Files.DeleteDirectory(At("d/e")));
        Assert.Equal(FileCodes.NotFound, Files.DeleteDirectory(At("d/e")).Code);
        Assert.Equal(FileCodes.IsDirectory, Files.Delete(At("d")).Code);
    }

    [Fact]
    public void DeletingALinkLeavesItsTarget()
    {
        Files.CreateDirectory(At("d"));
        Directory.CreateSymbolicLink(At("link"), At("d"));
        Assert.Equal((0, ""), Files.Delete(At("link")));
        Assert.True(Files.Exists(At("d")));
        Assert.False(Files.Exists(At("link")));
    }

    [Fact]
    public void WhatIsWrittenIsThereBeforeTheFileIsClosed()
    {
        var one = SigilFile.Open(At("a"), 2).Value.Value;
        var two = SigilFile.Open(At("a"), 2).Value.Value;
        Assert.Equal((0, ""), one.WriteText("1"));
        Assert.Equal((0, ""), two.WriteText("2"));
        Assert.Equal((0, ""), one.WriteText("3"));
        Assert.Equal((0, ""), Files.AppendText(At("a"), "4"));
        Assert.Equal("1234", Files.ReadText(At("a")).Value);
        one.Close();
        two.Close();
        Assert.Equal("1234", Files.ReadText(At("a")).Value);
    }

    [Fact]
    public void AWriteToAFullDiskFailsAtOnce()
    {
        if (!OperatingSystem.IsLinux()) return;
        var file = SigilFile.Open("/dev/full", 1).Value.Value;
        Assert.Equal(IoCodes.Other, file.WriteText("1").Code);
        file.Close();
    }

    [Fact]
    public void MetadataTellsSizeKindAndTimes()
    {
        Files.WriteText(At("a"), "12345");
        File.CreateSymbolicLink(At("link"), At("a"));
        File.CreateSymbolicLink(At("dangling"), At("nowhere"));
        var (_, file, _) = Files.Metadata(At("a"));
        Assert.Equal((5, true, false, false), (file.Size, file.IsFile, file.IsDirectory, file.IsLink));
        Assert.InRange(WallClock.UnixNanos() - file.Modified, -1_000_000_000, 60_000_000_000);
        var (_, link, _) = Files.Metadata(At("link"));
        Assert.Equal((5, true, false, true), (link.Size, link.IsFile, link.IsDirectory, link.IsLink));
        Assert.True(Files.Metadata(At("dangling")).Value.IsLink);
        Assert.Equal((true, false), (Files.Metadata(root).Value.IsDirectory, Files.Metadata(root).Value.IsFile));
    }

    [Fact]
    public void RenamingReplaces()
    {
        Files.WriteText(At("a"), "1");
        Files.WriteText(At("b"), "2");
        Assert.Equal((0, ""), Files.Rename(At("a"), At("b")));
        Assert.Equal("1", Files.ReadText(At("b")).Value);
        Assert.Equal((FileCodes.NotFound, At("a")), Files.Rename(At("a"), At("c")));
        Assert.Equal((FileCodes.NotFound, At("no/c")), Files.Rename(At("b"), At("no/c")));
    }

    [Fact]
    public void OpenFilesReadWriteAndClose()
    {
        var file = SigilFile.Open(At("a"), 1).Value.Value;
        Assert.Equal((0, ""), file.WriteText("one\ntwo\r\nthree"));
        Assert.Equal(IoCodes.Other, file.ReadLine().Code);
        file.Close();
        file.Close();
        Assert.Equal((IoCodes.Other, "the file is closed"), file.WriteText("x"));

        var appended = SigilFile.Open(At("a"), 2).Value.Value;
        Assert.Equal((0, ""), appended.Write(SigilList<byte>.Of([(byte)'!'])));
        Assert.Equal((0, ""), appended.Flush());
        var input = SigilFile.Open(At("a"), 0).Value.Value;
        Assert.Equal(IoCodes.Other, input.WriteText("x").Code);
        Assert.Equal(Option<string>.Some("one"), input.ReadLine().Line);
        Assert.Equal(Option<string>.Some("two"), input.ReadLine().Line);
        Assert.Equal([(byte)'t', (byte)'h'], input.Read(2).Bytes.Span.ToArray());
        Assert.Equal(Option<string>.Some("ree!"), input.ReadLine().Line);
        Assert.Equal((0, Option<string>.None, ""), input.ReadLine());
        Assert.Equal(0, input.Read(5).Bytes.Length);
        Assert.Equal(FileCodes.NotFound, SigilFile.Open(At("none"), 0).Code);
        Assert.Equal(FileCodes.IsDirectory, SigilFile.Open(root, 1).Code);
    }
}
