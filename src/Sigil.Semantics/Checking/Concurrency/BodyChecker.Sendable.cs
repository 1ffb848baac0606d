using Sigil.Semantics.Sendability;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Sendable and Serializable as bounds.
public sealed partial class BodyChecker
{
    private Diagnostic NotSendable(SigilType type, TextSpan at, string? neededBy)
    {
        var path = Types.WhyNotSendable(type) ?? [];
        return ConcurrencyErrors.NotSendable(Source, at, type.ToString(), SendablePath.Describe(type, path), neededBy is null ? "it must be Sendable here" : $"{neededBy} needs it to be");
    }

    private Diagnostic? NotSerializable(SigilType type, TextSpan at, string? neededBy, bool endsMove) =>
        Types.WhyNotSerializable(type, endsMove) is not { } path ? null
        : ConcurrencyErrors.NotSerializable(Source, at, type.ToString(), SendablePath.Describe(type, path), neededBy is null ? "it must be Serializable here" : $"{neededBy} needs it to be");

    /// <summary>
    /// Whether a bound of a function was proved by whoever made the channel of which it takes an end. An end inside of something else proves
    /// nothing (an Option may hold none), nor does one of something else about the parameter (a function of it crosses whatever it is).
    /// </summary>
    private bool IsProvedByEnds(FunctionSymbol f, TypeParameterSymbol parameter, TraitReference bound)
    {
        bool betweenProcesses = bound.Trait == Core.FindTrait("Serializable");
        if (!betweenProcesses && bound.Trait != Core.FindTrait("Sendable")) return false;
        return (f.SelfType is { } self && IsEnd(self)) || f.Parameters.Any(p => IsEnd(p.Type));

        bool IsEnd(SigilType type) =>
            (type is BorrowType borrow ? borrow.Target : type) is NamedType { Definition.End: { } end, Arguments: [TypeParameterType content] }
            && content.Symbol == parameter && (end.CrossesProcesses || !betweenProcesses);
    }

    /// <summary>Whether what a type parameter stands for moves between processes through an end that the signature mentions: ends in it move along.</summary>
    private static bool IsImpliedByProcessEnds(FunctionSymbol f, TypeParameterSymbol parameter) =>
        f.Parameters.Select(p => p.Type).Append(f.ReturnType).Any(type => TypeWalk.Any(type, t =>
            t is NamedType { Definition.End.CrossesProcesses: true } end && TypeWalk.Any(end, part => part is TypeParameterType p && p.Symbol == parameter)));
}
