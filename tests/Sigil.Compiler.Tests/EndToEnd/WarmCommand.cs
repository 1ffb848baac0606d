using System.Runtime.ExceptionServices;
using Sigil.Compiler.Caching;
using Sigil.Compiler.Projects;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>
/// Runs programs by the built <c>sigil</c> in a process of its own, as <see cref="SigilCommand"/> does, but compiles them before in this one, where
/// the compiler is warm: the command finds them in a cache. For tests of what programs do, not of the command. What does not compile, or is not
/// found in the cache, the command compiles itself.
/// </summary>
internal static class WarmCommand
{
    private static readonly Folder shared = new();

    static WarmCommand() => AppDomain.CurrentDomain.ProcessExit += (_, _) => shared.Dispose();

    /// <summary><c>sigil run</c> of a file, by its absolute path.</summary>
    public static CommandResult Run(string workingDirectory, string path, Folder? cache = null)
    {
        cache ??= shared;
        Compile(path, TargetPurpose.Run, target => Executable.MainOf(target, Cache(workingDirectory, cache)));
        return SigilCommand.RunCached(workingDirectory, cache.Path, "run", path);
    }

    /// <summary><c>sigil test</c> of a file, by its absolute path.</summary>
    public static CommandResult Test(string workingDirectory, string path, Folder? cache = null)
    {
        cache ??= shared;
        Compile(path, TargetPurpose.Test, target => Executable.TestsOf(target, Cache(workingDirectory, cache)));
        return SigilCommand.RunCached(workingDirectory, cache.Path, "test", path);
    }

    /// <summary>What <c>sigil check</c> of a file reports.</summary>
    public static IReadOnlyList<Diagnostic> Check(string path)
    {
        IReadOnlyList<Diagnostic> found = [];
        Compile(path, TargetPurpose.Check, target => found = [.. Compilation.Check(target.Input!).Diagnostics.Select(target.Levels.Apply).OfType<Diagnostic>()]);
        return found;
    }

    private static ProgramCache Cache(string workingDirectory, Folder cache) => new(cache.Path) { WorkingDirectory = workingDirectory };

    // The phases recurse over what may be nested deeply, as in the command.
    private static void Compile(string path, TargetPurpose purpose, Action<ProgramTarget> compile)
    {
        Assert.True(Path.IsPathFullyQualified(path));
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                var target = ProgramTarget.Find(path, purpose, new EmbeddedLibrary());
                Assert.Empty(target.Diagnostics);
                compile(target);
            }
            catch (Exception e) { failure = ExceptionDispatchInfo.Capture(e); }
        }, 256 << 20);
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}
