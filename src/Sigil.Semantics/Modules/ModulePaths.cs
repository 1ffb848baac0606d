namespace Sigil.Semantics.Modules;

/// <summary>Arithmetic on module paths; all use <c>/</c>.</summary>
internal static class ModulePaths
{
    public static string DirectoryOf(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash < 0 ? "" : slash == 0 ? "/" : path[..slash];
    }

    /// <summary>Joins and removes <c>.</c> and <c>..</c>; leading <c>..</c> of relative paths stay.</summary>
    public static string Combine(string directory, string relative)
    {
        if (relative.StartsWith('/')) directory = "";
        bool rooted = directory.StartsWith('/') || (directory.Length == 0 && relative.StartsWith('/'));
        var parts = new List<string>();
        foreach (var part in directory.Split('/').Concat(relative.Split('/')))
        {
            if (part is "" or ".") continue;
            if (part == ".." && parts.Count > 0 && parts[^1] != "..") parts.RemoveAt(parts.Count - 1);
            else if (part != ".." || !rooted) parts.Add(part);
        }
        return (rooted ? "/" : "") + string.Join('/', parts);
    }

    /// <summary>The module name of a file below a source root: <c>net/ping.si</c> is <c>net.ping</c>, <c>net/mod.si</c> is <c>net</c>.</summary>
    public static string ModuleName(string path, IEnumerable<string> roots)
    {
        var relative = path;
        foreach (var root in roots.Select(r => Combine(r, "")).OrderByDescending(r => r.Length))
        {
            if (root.Length > 0 && path.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                relative = path[(root.TrimEnd('/').Length + 1)..];
                break;
            }
        }
        if (relative.EndsWith(".si", StringComparison.Ordinal)) relative = relative[..^3];
        if (relative.EndsWith("/mod", StringComparison.Ordinal)) relative = relative[..^4];
        return relative.TrimStart('.', '/').Replace('/', '.');
    }
}
