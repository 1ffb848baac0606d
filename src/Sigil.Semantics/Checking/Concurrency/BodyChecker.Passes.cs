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
        new TaskCompletion(Types, Source, diagnostics).Visit(body.Root);
        ExhaustivenessChecker.Check(body, Types, Source, diagnostics, program.IsEnabled("W4002"));
        EffectChecker.Check(body, Types, Source, diagnostics, program.KnownBodyOf);
        SendabilityChecker.Check(body, Types, Source, diagnostics);
        ScopeEscapeChecker.Check(body, Types, Source, diagnostics);
        TaskExitChecker.Check(body, Source, diagnostics);
        AwaitedHandles.Check(body, Core, Source, diagnostics);
        IsolationChecker.Check(body, Types, Source, diagnostics);
    }
}
