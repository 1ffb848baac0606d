namespace Sigil.Runtime.Scheduling;

/// <summary>A task of the runtime's own that runs the tasks of a scope one after the other on the spot: see <see cref="Worker.Pump"/>.</summary>
internal interface IPump
{
    /// <summary>The task that it runs just now is about to block the thread: those behind it must not wait for that.</summary>
    void GiveUpPlace();
}
