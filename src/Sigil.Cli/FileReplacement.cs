using System.Text;

namespace Sigil.Cli;

/// <summary>Gives a file another text.</summary>
internal static class FileReplacement
{
    private const UnixFileMode anyWrite = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>
    /// At every moment the file has its old text or its new one: the new one is written beside it and put in its place.
    /// A link goes on pointing to the file, which keeps its mode; a file that nobody may write is left alone.
    /// </summary>
    /// <returns>Null, or why it failed.</returns>
    public static string? Replace(string file, string text)
    {
        string? beside = null;
        try
        {
            var target = File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
            var isReadOnly = OperatingSystem.IsWindows() ? File.GetAttributes(target).HasFlag(FileAttributes.ReadOnly) : (File.GetUnixFileMode(target) & anyWrite) == 0;
            if (isReadOnly) return "it is read-only";
            var name = $"{target}.{Environment.ProcessId}.tmp";
            using (var stream = new FileStream(name, FileMode.CreateNew, FileAccess.Write))
            {
                beside = name;
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16);
                writer.Write(text);
            }
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(beside, File.GetUnixFileMode(target));
            File.Move(beside, target, overwrite: true);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (beside is not null) Remove(beside);
            return e.Message;
        }
    }

    // What was being written is of no use, and neither is a second complaint.
    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }
}
