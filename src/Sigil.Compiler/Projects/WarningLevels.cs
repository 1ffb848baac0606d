using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Compiler.Projects;

/// <summary>What becomes of a warning.</summary>
public enum WarningLevel
{
    /// <summary>It is not reported.</summary>
    Allow,

    /// <summary>It is reported, even if it is off by default.</summary>
    Warn,

    /// <summary>It is an error.</summary>
    Deny,
}

/// <summary>The levels of the manifest, overridden by those of the command line.</summary>
public sealed record WarningLevels(ImmutableDictionary<string, WarningLevel> ByCode)
{
    /// <summary>As the catalogue has them.</summary>
    public static WarningLevels Default { get; } = new(ImmutableDictionary<string, WarningLevel>.Empty);

    /// <summary>The warnings that are to be looked for though they are off by default.</summary>
    public IEnumerable<string> Enabled => ByCode.Where(l => l.Value != WarningLevel.Allow).Select(l => l.Key);

    /// <summary>Why a code has no level; null when it has one.</summary>
    public static string? Complaint(string code)
    {
        var warnings = DiagnosticCatalogue.All.Where(d => d.Code.StartsWith('W')).Select(d => d.Code);
        if (warnings.Contains(code)) return null;
        if (DiagnosticCatalogue.All.Any(d => d.Code == code)) return $"{code} is an error: only warnings have a level";
        var closest = Spelling.Closest(code, warnings);
        return $"there is no warning '{code}'{(closest is null ? "; a code is a W and four digits, such as W4001" : $"; did you mean {closest}?")}";
    }

    /// <summary>These, with others that win.</summary>
    public WarningLevels With(WarningLevels stronger) => new(ByCode.SetItems(stronger.ByCode));

    /// <summary>A finding at its level; null when it is not reported.</summary>
    public Diagnostic? Apply(Diagnostic d)
    {
        if (d.Severity != Severity.Warning || !ByCode.TryGetValue(d.Code, out var level)) return d;
        return level switch
        {
            WarningLevel.Allow => null,
            WarningLevel.Deny => d with { Severity = Severity.Error },
            _ => d,
        };
    }
}
