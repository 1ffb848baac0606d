using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Scopes;

/// <summary>The entry of a child that runs a lazily started list of tasks and yields the list of their results.</summary>
public sealed class ListEntry<R> : Frame<SigilList<R>>
{
    private readonly TaskSource<R> _source;
    private readonly long _maxConcurrent;
    private readonly ErrorMode _mode;
    private readonly string _site;
    private readonly bool _isCpuBound;
    private ListScope<R>? _scope;

    /// <summary>An entry over a source that nobody else asks.</summary>
    public ListEntry(TaskSource<R> source, long maxConcurrent, ErrorMode mode, string site, bool isCpuBound = false)
    {
        _source = source;
        _maxConcurrent = maxConcurrent;
        _mode = mode;
        _site = site;
        _isCpuBound = isCpuBound;
    }

    /// <summary>How each element ended; only under <see cref="ErrorMode.CollectAll"/>.</summary>
    public ChildEnd[] Ends => _scope?.Ends ?? [];

    /// <summary>The values of the elements, with gaps where one failed; only under <see cref="ErrorMode.CollectAll"/>.</summary>
    public SigilList<R> Collected => _scope is null ? SigilList<R>.Empty : SigilList<R>.Of(_scope.Collected);

    /// <inheritdoc/>
    public override string WaitSite => _site;

    /// <inheritdoc/>
    public override Status Resume(SigilTask task)
    {
        Status status;
        if (_scope is null)
        {
            _scope = ListScope<R>.Open(task, _source, _site, _maxConcurrent, _mode, isCpuBound: _isCpuBound);
            status = _scope.Join(task, _site);
            if (status == Status.Suspended) return Unwinding.Suspend(task, this, 1);
        }
        else
        {
            status = CalleeStatus;
            if (status == Status.Panicked) throw task.TakePanic();
        }

        if (status == Status.Completed)
        {
            if (_scope.HasExit) LeaveOuter(task);
            else Result = SigilList<R>.Of(_scope.Results);
        }

        return status;
    }

    /// <inheritdoc/>
    public override void Abandon() => _source.Drop();

    // A ? in an element ends the form that the list stands in.
    private void LeaveOuter(SigilTask task) => ChildScope.LeaveEarly(task, _scope!.ExitValue);
}
