using System.Collections.Concurrent;
using Sigil.Runtime.Processes.Sandbox;
using Sigil.Runtime.Sync;

namespace Sigil.Runtime.Processes;

/// <summary>
/// Children that have been started before anybody asked: to start one takes many times as long as to give it a task. There is a pool for
/// each program and each profile, since a process cannot be widened afterwards; waiting children have given up already what their profile lacks.
/// </summary>
/// <remarks>
/// The number of waiting children follows demand: one more each time that a spawn finds none, one less for every
/// <see cref="PatienceNanos"/> in which one was to spare.
/// </remarks>
internal sealed class ChildPool
{
    private const long PatienceNanos = 10_000_000_000;

    private static readonly ConcurrentDictionary<(ProgramImage, ChildProfile), ChildPool> s_pools = new();

    // A short task has ended by then: the start of the next child takes no core away from it.
    private static readonly TimeSpan s_refillDelay = TimeSpan.FromMilliseconds(20);

    // More would only compete with each other for the cores that the tasks need.
    private static readonly int s_most = Math.Max(2, Environment.ProcessorCount);

    private readonly Lock _gate = new();
    private readonly Queue<ChildProcess> _waiting = new();
    private readonly ProgramImage _image;
    private readonly ChildProfile _profile;
    private readonly Spawner _spawner;
    private int _wanted = 1;
    private int _ordered;
    private long _lastShortage;

    private ChildPool(ProgramImage image, ChildProfile profile)
    {
        _image = image;
        _profile = profile;
        _spawner = Spawner.For(profile.OfSpawner);
    }

    internal static ChildPool Of(ProgramImage image, ChildProfile profile) =>
        s_pools.GetOrAdd((image, profile), static key => new ChildPool(key.Item1, key.Item2));

    /// <summary>A child that runs nothing yet; it may still be starting.</summary>
    internal ChildProcess Take()
    {
        var child = TakeWaiting() ?? _spawner.Start(_image, _profile);
        Refill();
        return child;
    }

    private ChildProcess? TakeWaiting()
    {
        var now = MonotonicClock.Instance.NowNanos;
        lock (_gate)
        {
            while (_waiting.TryDequeue(out var child))
            {
                if (!child.IsUsable) continue;
                if (_waiting.Count > 0 && now - _lastShortage > PatienceNanos && _wanted > 1)
                {
                    _wanted--;
                    _lastShortage = now;
                }

                return child;
            }

            if (_lastShortage != 0) _wanted = Math.Min(_wanted + 1, s_most);
            _lastShortage = now;
            return null;
        }
    }

    private void Refill()
    {
        lock (_gate)
        {
            if (_waiting.Count + _ordered >= _wanted) return;
            _ordered++;
        }

        _spawner.Later(s_refillDelay, () =>
        {
            ChildProcess? child = null;
            try
            {
                child = _spawner.StartHere(_image, _profile);
            }
            catch (ProcessStartException)
            {
                // The next spawn meets the same problem and reports it.
            }

            lock (_gate)
            {
                _ordered--;
                if (child is not null) _waiting.Enqueue(child);
            }
        });
    }
}
