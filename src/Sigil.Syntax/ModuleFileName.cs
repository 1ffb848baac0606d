namespace Sigil.Syntax;

/// <summary>Which file names can name modules.</summary>
public static class ModuleFileName
{
    private const string Extension = ".si";
    private const string TestExtension = ".test.si";

    /// <summary>Whether a path ends in <c>.si</c> but in a name that is no identifier (E0014).</summary>
    public static bool IsUnusable(string path)
    {
        var name = Path.GetFileName(path);
        if (!name.EndsWith(Extension, StringComparison.Ordinal))
            return false;
        var stem = name.EndsWith(TestExtension, StringComparison.Ordinal) ? name[..^TestExtension.Length] : name[..^Extension.Length];
        return stem.Length == 0 || char.IsAsciiDigit(stem[0]) || !stem.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
    }
}
