using System.Globalization;

namespace Sigil.Runtime.Scheduling;

/// <summary>Prints the task tree again and again while a program runs: <c>sigil run --dump-tasks</c>.</summary>
public sealed class RegularDump : IDisposable
{
    /// <summary>The variable that asks for it: milliseconds between two dumps.</summary>
    public const string Variable = "SIGIL_DUMP_TASKS";

    /// <summary>How often the option of the command asks for it.</summary>
    public const int UsualMillis = 1000;

    private readonly ManualResetEventSlim _end = new();
    private readonly Thread _thread;

    private RegularDump(int millis, Action dump)
    {
        _thread = new Thread(() =>
        {
            while (!_end.Wait(millis)) dump();
        })
        { IsBackground = true, Name = "sigil dump" };
        _thread.Start();
    }

    /// <summary>Null when nobody asks for it.</summary>
    internal static RegularDump? Start(Action dump) =>
        int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var millis) && millis > 0
            ? new RegularDump(millis, dump)
            : null;

    /// <summary>No dump begins any more, and the last one has ended.</summary>
    public void Dispose()
    {
        _end.Set();
        _thread.Join();
        _end.Dispose();
    }
}
