using System.Collections.Immutable;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    // As Sigil.Runtime.Processes.ProcessRights numbers them.
    private const int MayOpenFiles = 1, MayOpenSockets = 2, MayStartProcesses = 4;

    /// <summary>The object that stands for a function to be run by another process, which has nothing of this one but the input.</summary>
    private void ProcessTask(ProcessTaskExpression p, int target)
    {
        var nested = Nest(MirFunctionKind.Task, p.Body.Type, p.Span, "process", maySuspend: true);
        var input = nested.NewLocal(p.Input.Type, MirLocalKind.Capture, p.Span, p.Input);
        nested.names[p.Input] = input;
        nested.ScheduleDrop(input, p.Span);
        var providers = ImmutableArray.CreateBuilder<(TraitReference, MirOperand)>();
        foreach (var use in EffectRules.Values(p.Function.Uses))
        {
            providers.Add((use, new CopyOperand(CapabilityObject(use, p.Span))));
            var own = nested.Compute(new DynType([use]), new StandardCapabilityRvalue(use, MayHaveCome: true), p.Span);
            nested.capabilities = new CapabilityScope(use, own, own, nested.capabilities);
        }
        nested.BuildTail(p.Body);
        nested.RemoveUnreachableBlocks();
        Assign(target, new ProcessTaskRvalue(p.Function.Name, nested.Function, RightsOf(p.Function.Uses), providers.ToImmutable(), LoweringContext.Strip(p.Type)), p.Span);
    }

    private static int RightsOf(ImmutableArray<TraitReference> uses)
    {
        var rights = 0;
        foreach (var use in uses)
            rights |= use.Trait.Name switch
            {
                "FileSystem" => MayOpenFiles,
                "Http" or "Network" => MayOpenSockets,
                "Process" or "ProcessIsolation" => MayStartProcesses,
                _ => 0,
            };
        return rights;
    }
}
