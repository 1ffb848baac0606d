using System.Security.Cryptography;
using System.Text;
using Sigil.Semantics.Modules;

namespace Sigil.Compiler.Caching;

/// <summary>
/// Compiled programs on disk, and which checks found nothing (<see cref="CheckMemory"/>). An entry holds what the compilation asked about the disk with the answers, and counts only
/// while the disk answers the same: the manifest, every source that was read, and every place where one was looked for.
/// Entries appear by an atomic rename and carry a hash of themselves, so that readers see whole entries or none; anything
/// that goes wrong is a miss.
/// </summary>
public sealed class ProgramCache(string directory, long limit = ProgramCache.DefaultLimit)
{
    /// <summary>Where the cache lies, or <c>off</c>.</summary>
    public const string Variable = "SIGIL_CACHE";

    private const long DefaultLimit = 256L << 20;
    private const string Extension = ".sigilc";
    private const string MemoryExtension = ".sigilm";

    private static readonly TimeSpan forgotten = TimeSpan.FromHours(1);

    /// <summary>The directory in which programs are compiled, when it is not the process's: all paths must be absolute then.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The cache of this user; null when there is none to be.</summary>
    public static ProgramCache? OfUser()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (named == "off") return null;
        if (named is { Length: > 0 }) return new ProgramCache(Path.GetFullPath(named));
        var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (home is not { Length: > 0 } || !Path.IsPathRooted(home))
        {
            var user = Environment.GetEnvironmentVariable("HOME");
            if (user is not { Length: > 0 }) return null;
            home = Path.Combine(user, ".cache");
        }
        return new ProgramCache(Path.Combine(home, "sigil"));
    }

    /// <summary>The name of an entry: everything besides the content of files that decides what is compiled.</summary>
    /// <param name="purpose">What is made of the program, with the options that matter.</param>
    /// <param name="input">The program.</param>
    /// <param name="workingDirectory">What relative paths are relative to; the process's when left out.</param>
    public static string KeyOf(string purpose, ProgramInput input, string? workingDirectory = null)
    {
        var text = new StringBuilder();
        void Add(string part) => text.Append(part.Length).Append(':').Append(part).Append('\n');
        Add(CompilerIdentity.Text);
        Add(workingDirectory ?? Environment.CurrentDirectory);
        Add(purpose);
        Add(input.Package);
        Add(input.EntryFile ?? "");
        Add($"{input.RequireTests} {input.ReportUntested} {input.IsSnippet}");
        foreach (var list in new IEnumerable<string>[] { input.SourceRoots, input.RootFiles, input.EnabledWarnings.Order(StringComparer.Ordinal) })
        {
            Add("list");
            foreach (var item in list) Add(item);
        }
        foreach (var (name, package) in input.Dependencies.OrderBy(d => d.Key, StringComparer.Ordinal))
        {
            Add(name);
            foreach (var root in package.SourceRoots) Add(root);
        }
        foreach (var (capability, assembly, type) in input.ForeignCapabilities)
        {
            Add(capability);
            Add(assembly);
            Add(type);
        }
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>The program of a name, if it is there and nothing has changed; null otherwise.</summary>
    public Executable? Find(string key)
    {
        var file = FileOf(key);
        try
        {
            var content = File.ReadAllBytes(file);
            if (CacheEntry.Read(content) is not { } entry)
            {
                File.Delete(file);
                return null;
            }
            if (!entry.Answers.All(a => a.StillHolds())) return null;
            // Entries that are used stay longest.
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow);
            return entry.Program;
        }
        catch (Exception e) when (IsExpected(e)) { return null; }
    }

    /// <summary>Keeps a program that compiled.</summary>
    public void Store(string key, RecordingSources sources, Executable program)
    {
        if (sources.HasFailures) return;
        try
        {
            Prepare();
            Put(FileOf(key), CacheEntry.Write([.. sources.Answers], program));
        }
        catch (Exception e) when (IsExpected(e)) { }
    }

    /// <summary>Runs a compilation that passes over the checks of modules that are known to find nothing, and remembers those that it has found sound.</summary>
    public T WithMemory<T>(ProgramInput input, Func<ProgramInput, T> compile)
    {
        var file = Path.Combine(directory, KeyOfMemory(input) + MemoryExtension);
        CheckMemory? memory = null;
        try
        {
            if (File.Exists(file))
            {
                memory = CheckMemory.Read(File.ReadAllBytes(file));
                if (memory is null) File.Delete(file);
            }
        }
        catch (Exception e) when (IsExpected(e)) { }
        memory ??= CheckMemory.Empty();
        var result = compile(input with { Memory = memory });
        if (memory.HasChanged)
            try
            {
                Prepare();
                Put(file, memory.Write());
            }
            catch (Exception e) when (IsExpected(e)) { }
        return result;
    }

    // One file per project and compiler, for all that is made of the project. Which keys it holds is decided by what they were made of.
    private string KeyOfMemory(ProgramInput input) =>
        KeyOf("checks", new ProgramInput { Sources = input.Sources, Library = input.Library, Package = input.Package, SourceRoots = input.SourceRoots, RootFiles = [] }, WorkingDirectory);

    private void Prepare()
    {
        if (Directory.Exists(directory)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private void Put(string file, byte[] content)
    {
        if (content.Length > limit) return;
        var beside = $"{file}.{Environment.ProcessId}.{Guid.NewGuid():n}.tmp";
        try
        {
            File.WriteAllBytes(beside, content);
            File.Move(beside, file, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
        Trim();
    }

    private string FileOf(string key) => Path.Combine(directory, key + Extension);

    /// <summary>Removes the entries that were not used for longest, and what writers left that were killed.</summary>
    private void Trim()
    {
        var entries = new List<FileInfo>();
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
        {
            if (file.Extension is Extension or MemoryExtension) entries.Add(file);
            else if (file.Extension == ".tmp" && DateTime.UtcNow - file.LastWriteTimeUtc > forgotten) file.Delete();
        }
        var size = entries.Sum(e => e.Length);
        if (size <= limit) return;
        foreach (var entry in entries.OrderBy(e => e.LastWriteTimeUtc))
        {
            if (size <= limit / 4 * 3) break;
            entry.Delete();
            size -= entry.Length;
        }
    }

    private static bool IsExpected(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;
}
