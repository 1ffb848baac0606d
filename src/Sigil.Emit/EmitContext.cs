using Sigil.Emit.Codecs;
using Sigil.Emit.Functions;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Suspension;
using Sigil.Emit.Types;
using Sigil.Mir;

namespace Sigil.Emit;

/// <summary>What all parts of one emission share.</summary>
internal sealed class EmitContext
{
    public required InstanceGraph Graph { get; init; }
    public required TypeMap Map { get; init; }
    public required SharingRules Sharing { get; init; }
    public required DropMethods Drops { get; init; }
    public required DeepCopyMethods DeepCopies { get; init; }
    public required TypeCompletion Completion { get; init; }
    public required EqualityMethods Equality { get; init; }
    public required DocumentTable Documents { get; init; }
    public required TaskOutcomes Outcomes { get; init; }
    public required PanicSites Panics { get; init; }
    public required CodecTable Codecs { get; init; }

    /// <summary>The program asks the runtime who owns what it touches.</summary>
    public required bool ChecksOwners { get; init; }

    /// <summary>The functions that the program gives to processes.</summary>
    public List<EmittedProcessTask> ProcessTasks { get; } = [];

    /// <summary>Instances that the scheduler starts from a frame.</summary>
    public HashSet<Instance> Roots { get; } = [];

    public bool IsTaskEntry(Instance instance) =>
        instance.Graph.Kind is MirFunctionKind.Task or MirFunctionKind.TaskSource || Roots.Contains(instance);
}
