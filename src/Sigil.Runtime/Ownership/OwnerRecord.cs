namespace Sigil.Runtime.Ownership;

/// <summary>What is known of one object that may be changed in place. Guarded by its own monitor.</summary>
internal sealed class OwnerRecord
{
    private OwnerTask? _owner;
    private bool _isFrozen;
    private string _since = "";

    // Who has given it away and not received it back, with the positions: they may not touch it whoever has it now, if anybody.
    private List<(OwnerTask Task, string Site)>? _givers;

    /// <summary>An access by <paramref name="task"/>; null when it may, else what is wrong.</summary>
    internal string? Access(OwnerTask task, bool writes, string site)
    {
        lock (this)
        {
            if (_isFrozen) return writes ? $"it does not change any more since {_since}" : null;
            if (Refusal(task) is { } refusal) return refusal;
            _owner = task;
            _since = site;
            return null;
        }
    }

    /// <summary>The task gives it away; whoever is handed it owns it.</summary>
    internal string? Give(OwnerTask task, string site)
    {
        lock (this)
        {
            if (_isFrozen) return null;
            if (Refusal(task) is { } refusal) return refusal;
            _owner = null;
            _since = site;
            _givers ??= [];
            _givers.RemoveAll(static g => g.Task.HasEnded);
            _givers.Add((task, site));
            return null;
        }
    }

    /// <summary>It has arrived at the task.</summary>
    internal void Claim(OwnerTask task)
    {
        lock (this)
        {
            if (_isFrozen) return;
            _owner = task;
            _since = "";
            _givers?.RemoveAll(g => g.Task == task);
        }
    }

    /// <summary>The task ends with it as a part of its result: it is whose who takes the result.</summary>
    internal string? Leave(OwnerTask task)
    {
        lock (this)
        {
            if (_isFrozen) return null;
            if (Refusal(task) is { } refusal) return refusal;
            _owner = null;
            _since = "";
            _givers = null;
            return null;
        }
    }

    /// <summary>It will not be changed any more, so everybody may look at it.</summary>
    internal string? Freeze(OwnerTask task, string site)
    {
        lock (this)
        {
            if (_isFrozen) return null;
            var refusal = Refusal(task);
            _isFrozen = true;
            _since = site;
            return refusal;
        }
    }

    private string? Refusal(OwnerTask task)
    {
        foreach (var (giver, site) in _givers ?? [])
            if (giver == task) return $"it has given it away at {site}";
        if (_owner is not { HasEnded: false } owner || owner == task) return null;
        return $"it belongs to {owner.Description}{(_since.Length > 0 ? $", which used it at {_since}" : "")}";
    }
}
