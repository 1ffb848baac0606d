namespace Sigil.Compiler;

/// <summary>Looks for sources below folders, some of which may be closed to us.</summary>
public static class SourceFolder
{
    private static readonly EnumerationOptions entries = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.System };

    /// <summary>The .si files below a folder, in no order.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <param name="enters">Which of the folders below it are looked into.</param>
    /// <param name="unreadable">Is told of folders that cannot be looked into, and why.</param>
    public static List<string> Files(string folder, Predicate<DirectoryInfo> enters, Action<string, string> unreadable)
    {
        var files = new List<string>();
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var next))
        {
            try
            {
                files.AddRange(Directory.EnumerateFiles(next, "*.si", entries));
                foreach (var child in new DirectoryInfo(next).EnumerateDirectories("*", entries))
                    if (enters(child)) pending.Push(Path.Combine(next, child.Name));
            }
            catch (DirectoryNotFoundException)
            {
                // It has gone meanwhile.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                unreadable(next, e is UnauthorizedAccessException ? "permission denied" : e.Message);
            }
        }
        return files;
    }
}
