namespace Sigil.Compiler.Projects;

/// <summary>Paths as they appear in diagnostics: relative where the user's are, with slashes, without <c>./</c>.</summary>
internal static class SourcePath
{
    public static string Normal(string path) => path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path.TrimEnd('/') is "" ? "/" : path.TrimEnd('/');

    public static string DirectoryOf(string path) => Normal(path).LastIndexOf('/') is >= 0 and var slash ? slash == 0 ? "/" : Normal(path)[..slash] : "";

    public static string Join(string directory, string relative) =>
        directory is "" or "." ? relative : relative.Length == 0 ? directory : $"{directory.TrimEnd('/')}/{relative}";
}
