using System.Collections.Immutable;
using System.Security.Cryptography;
using Sigil.Compiler.Testing;
using Sigil.Emit;

namespace Sigil.Compiler.Caching;

/// <summary>An entry of the cache and its form on disk: a mark, the hash of the rest, the rest.</summary>
internal sealed record CacheEntry(ImmutableArray<SourceAnswer> Answers, Executable Program)
{
    private static ReadOnlySpan<byte> Mark => "sigil-program-1\n"u8;

    public static byte[] Write(ImmutableArray<SourceAnswer> answers, Executable program)
    {
        var code = program.Code;
        using var buffer = new MemoryStream((code?.Image.Length ?? 0) + (code?.Symbols.Length ?? 0) + 4096);
        buffer.Write(Mark);
        buffer.Write(new byte[SHA256.HashSizeInBytes]);
        using (var writer = new BinaryWriter(buffer, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(answers.Length);
            foreach (var answer in answers)
            {
                writer.Write((byte)answer.Question);
                writer.Write(answer.Path);
                writer.Write(answer.Answer);
            }
            Write(writer, program.Tests);
            Write(writer, program.Skipped);
            writer.Write(code is not null);
            if (code is not null)
            {
                writer.Write(code.AssemblyName);
                writer.Write(code.HasMain);
                writer.Write(code.Tests.Length);
                foreach (var test in code.Tests)
                {
                    writer.Write(test.Name);
                    writer.Write(test.Starter);
                }
                writer.Write(code.Image.Length);
                writer.Write(code.Image.AsSpan());
                writer.Write(code.Symbols.Length);
                writer.Write(code.Symbols.AsSpan());
            }
        }
        var content = buffer.ToArray();
        SHA256.HashData(content.AsSpan(Mark.Length + SHA256.HashSizeInBytes), content.AsSpan(Mark.Length, SHA256.HashSizeInBytes));
        return content;
    }

    /// <summary>Null when the content is no whole entry.</summary>
    public static CacheEntry? Read(byte[] content)
    {
        var head = Mark.Length + SHA256.HashSizeInBytes;
        if (content.Length < head || !content.AsSpan().StartsWith(Mark)) return null;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content.AsSpan(head), hash);
        if (!hash.SequenceEqual(content.AsSpan(Mark.Length, SHA256.HashSizeInBytes))) return null;
        // What has its hash was written by `Write`.
        using var reader = new BinaryReader(new MemoryStream(content, head, content.Length - head), System.Text.Encoding.UTF8);
        var answers = ImmutableArray.CreateBuilder<SourceAnswer>();
        for (var n = reader.ReadInt32(); n > 0; n--) answers.Add(new SourceAnswer((SourceQuestion)reader.ReadByte(), reader.ReadString(), reader.ReadString()));
        var tests = ReadTests(reader);
        var skipped = ReadTests(reader);
        EmittedProgram? code = null;
        if (reader.ReadBoolean())
        {
            var name = reader.ReadString();
            var hasMain = reader.ReadBoolean();
            var emitted = ImmutableArray.CreateBuilder<EmittedTest>();
            for (var n = reader.ReadInt32(); n > 0; n--) emitted.Add(new EmittedTest(reader.ReadString(), reader.ReadString()));
            code = new EmittedProgram
            {
                AssemblyName = name,
                HasMain = hasMain,
                Tests = emitted.ToImmutable(),
                Image = ReadBytes(reader),
                Symbols = ReadBytes(reader),
            };
        }
        return new CacheEntry(answers.ToImmutable(), Executable.FromCache(code, tests, skipped));
    }

    private static void Write(BinaryWriter writer, ImmutableArray<TestCase> tests)
    {
        writer.Write(tests.Length);
        foreach (var test in tests)
        {
            writer.Write(test.Name);
            writer.Write(test.File);
            writer.Write(test.Line);
            writer.Write(test.Column);
            writer.Write(test.Targets.Length);
            foreach (var target in test.Targets) writer.Write(target);
            writer.Write(test.SkipReason is not null);
            writer.Write(test.SkipReason ?? "");
        }
    }

    private static ImmutableArray<TestCase> ReadTests(BinaryReader reader)
    {
        var tests = ImmutableArray.CreateBuilder<TestCase>();
        for (var n = reader.ReadInt32(); n > 0; n--)
        {
            var (name, file, line, column) = (reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
            var targets = ImmutableArray.CreateBuilder<string>();
            for (var m = reader.ReadInt32(); m > 0; m--) targets.Add(reader.ReadString());
            var skipped = reader.ReadBoolean();
            var reason = reader.ReadString();
            tests.Add(new TestCase(name, file, line, column, targets.ToImmutable(), skipped ? reason : null));
        }
        return tests.ToImmutable();
    }

    private static ImmutableArray<byte> ReadBytes(BinaryReader reader) =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(reader.ReadBytes(reader.ReadInt32()));
}
