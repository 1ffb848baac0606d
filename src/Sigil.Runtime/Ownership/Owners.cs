using System.Runtime.CompilerServices;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;

namespace Sigil.Runtime.Ownership;

/// <summary>
/// The checking runtime: every object that may be changed in place knows the task that owns it, and an access by another one is a violation.
/// It tests the compiler's ownership rules, not programs: an accepted program never violates them.
/// </summary>
/// <remarks>
/// <para>
/// <b>What is watched.</b> The objects of <c>iso</c> and <c>ref</c>, lists, maps and sets that one owner may update in place, and the exclusive ends
/// of channels. Emitted code asks before each access (<see cref="Read"/>, <see cref="Write"/>) only when the program was compiled to be checked;
/// the runtime's own part (who runs, what passes through channels, which task has ended) stands behind <see cref="IsOn"/>, which the
/// just-in-time compiler knows to be false.
/// </para>
/// <para>
/// <b>How ownership passes on.</b> An object belongs to the task that first touches it. Sending it, capturing it in a task and giving it to a
/// parallel recursion walk the graph below it and mark each object as given: from then on the giver may not touch it, even if
/// nobody else ever does. What is received belongs to the receiver; what a child captured belongs to whoever touches it first and is not
/// the giver. What a task leaves behind when it ends, its results above all, belongs to whoever touches it next: a scope ends after its tasks, so
/// only the waiting side can reach it. What is captured as a copy or lent as a capability, and everything below a <c>val</c>, is frozen: all
/// may read, nobody may write. A list marked as shared is never written in place, so reading it is always right.
/// </para>
/// <para>
/// <b>Why a violation is true.</b> Each rule lets an object pass where the program makes the passing visible, so two accesses in different owners
/// without one of them between are two tasks that reach one mutable object, and nothing orders them but luck. And an access after giving
/// away is a use after move whatever the other side does. <b>Why an accepted program has none:</b> a task reaches mutable objects by
/// making them, its captures, receiving, and results of tasks that have ended; each of these is one of the rules.
/// </para>
/// </remarks>
public static class Owners
{
    /// <summary>The switch of a process that checks; the variable does the same, also for the processes that a program starts.</summary>
    public const string Switch = "Sigil.Runtime.CheckOwners";

    /// <inheritdoc cref="Switch"/>
    public const string Variable = "SIGIL_CHECK_OWNERS";

    /// <summary>The code of a violation.</summary>
    internal const string Code = "E9204";

    internal static readonly bool IsOn = (AppContext.TryGetSwitch(Switch, out var on) && on)
        || Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } and not "0";

    private static readonly ConditionalWeakTable<object, OwnerRecord> _records = [];
    private static readonly ConditionalWeakTable<SigilTask, OwnerTask> _tasks = [];
    // Those that run on behalf of another one, which goes on after them.
    private static readonly ConditionalWeakTable<SigilTask, OwnerTask> _bridges = [];
    private static readonly List<string> _violations = [];

    [ThreadStatic]
    private static OwnerTask? t_current;

    /// <summary>Who runs on this thread.</summary>
    internal static OwnerTask Current => t_current ??= new OwnerTask("the main program");

    /// <summary>How many violations there were in this process.</summary>
    public static int Count
    {
        get
        {
            lock (_violations) return _violations.Count;
        }
    }

    /// <summary>The violations since they were last taken, for tests that run several programs.</summary>
    public static IReadOnlyList<string> Take()
    {
        lock (_violations)
        {
            var taken = _violations.ToArray();
            _violations.Clear();
            return taken;
        }
    }

    // ---- what emitted code asks ----

    /// <summary>Before an object is read in place.</summary>
    public static void Read(object target, string type, string site) => Check(target, type, writes: false, site);

    /// <summary>Before an object is changed in place, or lent to be changed.</summary>
    public static void Write(object target, string type, string site) => Check(target, type, writes: true, site);

    /// <summary>Before a value moves into a task.</summary>
    public static void Give(object? value, string site)
    {
        if (IsOn) Give(value, Current, site);
    }

    /// <summary>What was captured as a copy or lent, and what lies below a <c>val</c>: it is only read from now on.</summary>
    public static void Freeze(object? value, string site)
    {
        if (!IsOn || value is null) return;
        var task = Current;
        new MutableGraph(isFrozen: true).Walk(value, (target, _) =>
        {
            if (target is not IExclusive && RecordOf(target).Freeze(task, site) is { } refusal) Report(task, target, null, "shares", refusal, site);
        });
    }

    private static void Check(object? target, string type, bool writes, string site)
    {
        if (!IsOn || target is null) return;
        OwnerRecord? record;
        if (target is IUpdatable list)
        {
            // Shared: a write makes a copy of its own. Reading makes nobody the owner: what is inside a shared list is not marked.
            if (list.IsShared) return;
            if (!writes)
            {
                if (!_records.TryGetValue(target, out record)) return;
            }
            else record = RecordOf(target);
        }
        else if (target is IExclusive)
        {
            if (!_records.TryGetValue(target, out record)) return;
        }
        else record = RecordOf(target);

        var task = Current;
        if (record.Access(task, writes, site) is not { } refusal) return;
        Report(task, target, type, writes ? "changes" : "uses", refusal, site);
        throw new SigilPanic(Code, $"{task.Description} {(writes ? "changes" : "uses")} {type} although {refusal}", site);
    }

    // ---- what the runtime tells ----

    /// <summary>An end that one task has at a time.</summary>
    internal static T Exclusive<T>(T end) where T : class
    {
        if (IsOn) RecordOf(end).Claim(Current);
        return end;
    }

    /// <summary>A value goes into a channel.</summary>
    internal static void Sent<T>(T value, SigilTask? sender)
    {
        if (!MutableGraph.MayHold<T>()) return;
        Give(value, sender is null ? Current : Of(sender), "a send");
    }

    /// <summary>A value has come out of a channel.</summary>
    internal static void Received<T>(T value, SigilTask? receiver)
    {
        if (!MutableGraph.MayHold<T>()) return;
        var task = receiver is null ? Current : Of(receiver);
        new MutableGraph(isFrozen: false).Walk(value, (target, isFrozen) =>
        {
            if (Arriving(target, isFrozen) is { } record) record.Claim(task);
        });
    }

    /// <summary>The task runs on this thread from now on; the result is who ran before.</summary>
    internal static OwnerTask? Enter(SigilTask task) => Enter(Of(task));

    /// <inheritdoc cref="Enter(SigilTask)"/>
    internal static OwnerTask? Enter(OwnerTask task)
    {
        var before = t_current;
        t_current = task;
        return before;
    }

    /// <summary>Undoes <see cref="Enter(SigilTask)"/>.</summary>
    internal static void Leave(OwnerTask? before) => t_current = before;

    /// <summary>The task runs on behalf of the one that runs on this thread: a blocking call.</summary>
    internal static SigilTask RunsFor(SigilTask task)
    {
        if (!IsOn) return task;
        _tasks.AddOrUpdate(task, Current);
        _bridges.Add(task, Current);
        return task;
    }

    /// <summary>The object of a task is used for the next one.</summary>
    internal static void Renew(SigilTask task) => _tasks.Remove(task);

    /// <summary>The task has ended, and nobody has been told yet.</summary>
    internal static void Ended(SigilTask task, bool hasResult)
    {
        if (_bridges.TryGetValue(task, out _)) return;
        if (hasResult) task.Entry.LeaveResult(task);
        Of(task).End();
    }

    /// <summary>The result of a task that ends: also what was only handed through is the task's, and so nobody's once it has ended.</summary>
    internal static void Left<T>(T result, SigilTask task)
    {
        if (!IsOn || !MutableGraph.MayHold<T>()) return;
        var owner = Of(task);
        new MutableGraph(isFrozen: false).Walk(result, (target, isFrozen) =>
        {
            if (Arriving(target, isFrozen)?.Leave(owner) is { } refusal) Report(owner, target, null, "returns", refusal, "its end");
        });
    }

    private static OwnerTask Of(SigilTask task) =>
        _tasks.GetValue(task, static t => new OwnerTask(t.SpawnSite is { } site ? $"the task created at {site}" : "the main task"));

    private static void Give(object? value, OwnerTask task, string site)
    {
        if (value is null) return;
        new MutableGraph(isFrozen: false).Walk(value, (target, isFrozen) =>
        {
            if (isFrozen)
            {
                // Below something shared: what was written before is read only from now on.
                if (_records.TryGetValue(target, out var known) && known.Freeze(task, site) is { } shared) Report(task, target, null, "shares", shared, site);
            }
            else if (Tracked(target)?.Give(task, site) is { } refusal) Report(task, target, null, "gives away", refusal, site);
        });
    }

    // Of the ends of channels only those that one task has at a time: the others are one object for all.
    private static OwnerRecord? Tracked(object target) => target is not IExclusive ? RecordOf(target) : _records.TryGetValue(target, out var known) ? known : null;

    // A list may have come to lie below something shared since it was given away: then its record is brought up to date, but none is made.
    private static OwnerRecord? Arriving(object target, bool isFrozen) =>
        !isFrozen ? Tracked(target) : _records.TryGetValue(target, out var known) ? known : null;

    private static OwnerRecord RecordOf(object target) => _records.GetValue(target, static _ => new OwnerRecord());

    private static void Report(OwnerTask task, object target, string? type, string does, string refusal, string site)
    {
        var text = $"error[{Code}]: ownership violated: {task.Description} {does} {type ?? MutableGraph.NameOf(target)} at {site}, although {refusal}";
        lock (_violations) _violations.Add(text);
        StandardStreams.PrintError(text);
    }
}
