using System.Runtime.InteropServices;
using Sigil.Runtime.Scheduling;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Cancellation;

/// <summary>A token that signals of the operating system cancel, instead of ending the program.</summary>
public sealed class SignalToken : CancellationToken
{
    private static SignalToken?[] s_listening = [];
    private static readonly object s_gate = new();
    private static PosixSignalRegistration? s_terminate;

    private readonly bool _interrupt;
    private readonly bool _terminate;
    private Scheduler? _listenedOn;

    private SignalToken(bool interrupt, bool terminate)
    {
        _interrupt = interrupt;
        _terminate = terminate;
    }

    /// <summary>A new token for Ctrl-C, SIGTERM or both.</summary>
    [Intrinsic("token_of_signals")]
    public static CancellationToken Listen(bool interrupt, bool terminate)
    {
        var token = new SignalToken(interrupt, terminate);
        lock (s_gate)
        {
            s_listening = [.. s_listening, token];
            if (terminate) s_terminate ??= PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnTerminate);
        }

        return token;
    }

    /// <summary>Ctrl-C: true when some token was cancelled by it, so that the program goes on.</summary>
    internal static bool TakeInterrupt() => Take(token => token._interrupt);

    private static void OnTerminate(PosixSignalContext context)
    {
        // A second one has its usual effect.
        context.Cancel = Take(token => token._terminate);
    }

    private static bool Take(Predicate<SignalToken> concerns)
    {
        List<SignalToken> cancelled = [];
        lock (s_gate)
        {
            foreach (var token in s_listening)
                if (token is not null && concerns(token)) cancelled.Add(token);
            s_listening = Array.FindAll(s_listening, token => token is not null && !cancelled.Contains(token));
        }

        foreach (var token in cancelled) token.CancelFromOutside();
        return cancelled.Count > 0;
    }

    private void CancelFromOutside()
    {
        // Between here and the woken task being queued nothing else may keep the program from being taken for stuck.
        var scheduler = _listenedOn;
        scheduler?.AddOutstanding(1);
        Cancel(CancelReason.Interrupted);
        scheduler?.AddOutstanding(-1);
    }

    private protected override CancellationToken? OnFirstRegistered(Scheduler scheduler)
    {
        _listenedOn = scheduler;
        scheduler.AddOutstanding(1);
        return null;
    }

    private protected override void OnLastDeregistered() => _listenedOn?.AddOutstanding(-1);
}
