using Sigil.Semantics.Effects;
using Sigil.Semantics.Exhaustiveness;
using Sigil.Semantics.Sendability;
using Sigil.Semantics.Typed;

namespace Sigil.Semantics.Checking;

// What is checked of a body once all its types are known.
public sealed partial class BodyChecker
{
    partial void RunPasses(TypedBody body)
    {
        // These two also complete the tree.
        new TaskCompletion(Types, Source, diagnostics).Visit(body.Root);
        EffectChecker.Check(body, Types, Source, diagnostics, program.KnownBodyOf);
        // The rest only reports.
        if (program.IsKnownSound(body.Function)) return;
        ExhaustivenessChecker.Check(body, Types, Source, diagnostics, program.IsEnabled("W4002"));
        SendabilityChecker.Check(body, Types, Source, diagnostics);
        ScopeEscapeChecker.Check(body, Types, Source, diagnostics);
        TaskExitChecker.Check(body, Source, diagnostics);
        AwaitedHandles.Check(body, Core, Source, diagnostics);
        IsolationChecker.Check(body, Types, Source, diagnostics);
    }
}
