using System.Collections.Immutable;
using System.Text;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Sendability;

/// <summary>Words the path to the part of a type that is not Sendable.</summary>
internal static class SendablePath
{
    /// <summary>For example <c>field mutable_ref is &amp;mut int, a mutable reference</c>.</summary>
    public static string Describe(SigilType type, ImmutableArray<FailureStep> path)
    {
        if (path.IsEmpty) return ReasonFor(type);
        var text = new StringBuilder();
        foreach (var step in path)
        {
            if (step.Part.Length > 0)
            {
                // "the elements are ref X, …", but "field f is [ref X], whose elements are …".
                var part = text.Length > 0 && step.Part.StartsWith("the ", StringComparison.Ordinal) ? step.Part[4..] : step.Part;
                if (text.Length > 0) text.Append(", whose ");
                text.Append(part).Append(IsPlural(part) ? " are " : " is ").Append(step.Type);
            }
            if (step.Reason.Length > 0)
            {
                if (text.Length > 0) text.Append(", ");
                else text.Append("it is ");
                text.Append(step.Reason);
            }
        }
        return text.ToString();
    }

    private static bool IsPlural(string part) => part is "elements" or "keys" or "values" or "the elements" or "the keys" or "the values";

    private static string ReasonFor(SigilType type) => type.Resolve() switch
    {
        CapabilityType { Modifier: CapabilityModifier.Ref } => "it is a mutable reference",
        TypeParameterType parameter => $"nothing says that `{parameter.Symbol.Name}` is",
        BorrowType => "it is a borrow",
        _ => "it stays in its task",
    };
}
