using System.Text;

namespace Sigil.Syntax.Diagnostics;

/// <summary>Appends text in colours, or without them.</summary>
internal sealed class AnsiPainter(StringBuilder output, bool useColor)
{
    public const string Bold = "\e[1m";
    public const string Blue = "\e[1;34m";
    private const string Red = "\e[1;31m";
    private const string Yellow = "\e[1;33m";
    private const string Cyan = "\e[1;36m";
    private const string Reset = "\e[0m";

    public string ColorOf(Severity severity) => severity switch
    {
        Severity.Error => Red,
        Severity.Warning => Yellow,
        _ => Cyan,
    };

    public void Write(string color, string text)
    {
        if (useColor && color.Length > 0)
            output.Append(color).Append(text).Append(Reset);
        else
            output.Append(text);
    }

    public void Line() => output.Append('\n');
}
