using System.Reflection;

namespace Sigil.Cli;

/// <summary>Which build of the tool this is.</summary>
internal static class ToolVersion
{
    /// <summary>The version for people, such as 0.1.0.</summary>
    public static string Text { get; } = (typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
