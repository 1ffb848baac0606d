using System.Security.Cryptography;
using System.Text;
using Sigil.Semantics.Modules;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Caching;

/// <summary>What a compilation asked about the disk.</summary>
internal enum SourceQuestion : byte
{
    /// <summary>Whether a file is there: "1" or "0".</summary>
    Exists,

    /// <summary>What a file holds: the hash of its bytes.</summary>
    Read,

    /// <summary>Which sources lie below a directory: the hash of their paths.</summary>
    List,
}

/// <summary>A question with the answer that it had.</summary>
internal readonly record struct SourceAnswer(SourceQuestion Question, string Path, string Answer)
{
    /// <summary>Whether the disk would answer the same now.</summary>
    public bool StillHolds()
    {
        try
        {
            return Answer == Question switch
            {
                SourceQuestion.Exists => OfExists(File.Exists(Path)),
                SourceQuestion.Read => OfBytes(SourceFile.Read(Path)),
                _ => OfList(new DiskSources().List(Path)),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException) { return false; }
    }

    public static string OfExists(bool exists) => exists ? "1" : "0";

    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    public static string OfList(IEnumerable<string> paths) => OfBytes(Encoding.UTF8.GetBytes(string.Join('\n', paths)));
}

/// <summary>Sources that remember what they were asked. What was not asked cannot have made a difference.</summary>
public sealed class RecordingSources(ISourceProvider inner) : ISourceProvider
{
    private readonly Dictionary<(SourceQuestion, string), string> answers = [];

    /// <summary>Whether a file could not be read as text: what came of it is not worth keeping.</summary>
    internal bool HasFailures { get; private set; }

    internal IEnumerable<SourceAnswer> Answers => answers.Select(a => new SourceAnswer(a.Key.Item1, a.Key.Item2, a.Value));

    public bool Exists(string path)
    {
        var exists = inner.Exists(path);
        answers[(SourceQuestion.Exists, path)] = SourceAnswer.OfExists(exists);
        return exists;
    }

    public SourceText? Read(string path, DiagnosticBag diagnostics)
    {
        var text = inner.Read(path, diagnostics);
        if (text is null || text.HasInvalidBytes) HasFailures = true;
        // The text that was compiled counts, not the file as it may be by now.
        else answers[(SourceQuestion.Read, path)] = SourceAnswer.OfBytes(Encoding.UTF8.GetBytes(text.Text));
        return text;
    }

    public IEnumerable<string> List(string directory)
    {
        var paths = inner.List(directory).ToList();
        answers[(SourceQuestion.List, directory)] = SourceAnswer.OfList(paths);
        return paths;
    }
}
