using System.Text;

namespace Sigil.Emit.Functions;

/// <summary>Sigil names in C# spelling.</summary>
internal static class Naming
{
    /// <summary><c>try_parse_int</c> → <c>TryParseInt</c>.</summary>
    public static string Pascal(string name)
    {
        var text = new StringBuilder(name.Length);
        var upper = true;
        foreach (var c in name)
        {
            if (c == '_') upper = true;
            else
            {
                text.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
        }
        return text.ToString();
    }
}
