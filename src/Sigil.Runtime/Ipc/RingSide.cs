using System.Runtime.CompilerServices;

namespace Sigil.Runtime.Ipc;

/// <summary>What writing and reading a ring have in common.</summary>
internal abstract unsafe class RingSide(RingEnd end)
{
    internal RingEnd End => end;

    /// <inheritdoc cref="TransportSide.IsReady"/>
    internal abstract bool IsReady { get; }

    protected ref long OwnPosition => ref Unsafe.AsRef<long>(end.Own + RingLayout.PositionAt);

    protected ref long OtherPosition => ref Unsafe.AsRef<long>(end.Other + RingLayout.PositionAt);

    protected void Enter() => end.Lock?.Enter();

    protected void Exit() => end.Lock?.Exit();

    /// <summary>The other side's word makes no sense: it is not to be followed anywhere.</summary>
    protected static Exception Corrupt(string what) => new Serialization.FrameException($"the shared memory is corrupt: {what}");
}
