using System.Collections.Immutable;
using Sigil.Semantics.Sendability;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Decides what types in signatures ask of their parts (E3016, E6002).</summary>
internal static class Obligations
{
    public static void Decide(DeclarationContext context, Obligation o, DiagnosticBag diagnostics)
    {
        using var _ = context.Types.Within(o.Owner);
        var type = context.Types.Normalize(o.Type);
        if (type is ErrorType or TypeVariable) return;
        if (o.IsShared)
        {
            if (context.Types.ExclusivePart(type) is { } part) diagnostics.Add(DeclarationErrors.ExclusiveInVal(o.At, type.ToString(), part.ToString()));
            return;
        }
        if (o.ContentOf is { } container)
        {
            if (container.End is { } end) Content(context, type, end, o, diagnostics);
            return;
        }
        if (o.Parameter is { } p)
        {
            if (p.IsCopyable && context.Types.KindOf(type) == ValueKind.Unique)
            {
                diagnostics.Add(DeclarationErrors.NotCopyable(o.At, type.ToString(), o.CopyableFor));
                return;
            }
            foreach (var b in p.Bounds)
                if (!Bound(context, type, o.Arguments.Apply(b), o, diagnostics)) return;
        }
        else if (o.Bound is { } bound) Bound(context, type, bound, o, diagnostics);
        else if (context.Types.KindOf(type) == ValueKind.Unique) diagnostics.Add(DeclarationErrors.NotCopyable(o.At, type.ToString(), o.CopyableFor));
    }

    // What a signature leaves open it implies (ImpliedBounds); what it says can be judged.
    private static void Content(DeclarationContext context, SigilType type, ChannelEnd end, Obligation o, DiagnosticBag diagnostics)
    {
        if (end.CrossesProcesses && context.Types.WhyNotSerializable(type, endsMove: true) is { } unwritable)
        {
            if (IsOpen(unwritable)) return;
            diagnostics.Add(ConcurrencyErrors.NotSerializable(o.At.Source, o.At.Span, type.ToString(), SendablePath.Describe(type, unwritable), "it must be Serializable here"));
        }
        else if (context.Types.WhyNotSendable(type) is { } path && !IsOpen(path))
            diagnostics.Add(DeclarationErrors.NotSendable(o.At, type.ToString(), SendablePath.Describe(type, path)));
    }

    private static bool IsOpen(ImmutableArray<FailureStep> path) => path is [.., { Type: TypeParameterType or ProjectionType }];

    private static bool Bound(DeclarationContext context, SigilType type, TraitReference bound, Obligation o, DiagnosticBag diagnostics)
    {
        if (!context.Types.Solve(type, bound).IsNo) return true;
        if (bound.Trait == context.Core.FindTrait("Sendable"))
        {
            var path = context.Types.WhyNotSendable(type) is { } why ? SendablePath.Describe(type, why) : "";
            diagnostics.Add(DeclarationErrors.NotSendable(o.At, type.ToString(), path));
        }
        else if (bound.Trait == context.Core.FindTrait("Serializable") && context.Types.WhyNotSerializable(type, endsMove: false) is { } path)
            diagnostics.Add(ConcurrencyErrors.NotSerializable(o.At.Source, o.At.Span, type.ToString(), SendablePath.Describe(type, path), "it must be Serializable here"));
        else diagnostics.Add(DeclarationErrors.BoundNotSatisfied(o.At, type.ToString(), bound.ToString(), o.Parameter is { Source: not null } p ? DeclarationContext.Place(p) : null));
        return false;
    }
}
