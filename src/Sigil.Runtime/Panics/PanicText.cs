using System.Text;

namespace Sigil.Runtime.Panics;

/// <summary>How a panic is written to standard error.</summary>
public static class PanicText
{
    /// <summary>
    /// <c>panic[CODE]: message</c>, then one <c>  at site</c> line per frame (only the first one when
    /// <c>SIGIL_BACKTRACE=0</c>), then what else went wrong on the way.
    /// </summary>
    public static string Describe(SigilPanic panic)
    {
        var text = new StringBuilder();
        var brief = Environment.GetEnvironmentVariable("SIGIL_BACKTRACE") == "0";
        Append(text, panic, brief);
        foreach (var other in panic.Suppressed)
        {
            text.Append("also: ");
            Append(text, other, brief);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, SigilPanic panic, bool brief)
    {
        text.Append($"panic[{panic.Info.Code}]: {panic.Info.Message}\n  at {panic.Info.Site}\n");
        if (brief) return;
        foreach (var frame in panic.Frames) text.Append($"  at {frame}\n");
        if (panic.Info.SpawnedAt is { } spawned) text.Append($"  in the task created at {spawned}\n");
    }
}
