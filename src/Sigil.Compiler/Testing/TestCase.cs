using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Compiler.Testing;

/// <summary>A test as it stands in the source.</summary>
/// <param name="Name">Without the <c>@</c>.</param>
/// <param name="File">The path of its file.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Targets">The functions that it tests, without the <c>@</c>.</param>
/// <param name="SkipReason">Why it is not run; null when it is.</param>
public sealed record TestCase(string Name, string File, int Line, int Column, ImmutableArray<string> Targets, string? SkipReason)
{
    /// <summary>Of a test function.</summary>
    public static TestCase Of(FunctionSymbol test)
    {
        static string NameOf(FunctionSymbol f) => f.SelfType?.Resolve() is NamedType n ? $"{n.Definition.Name}.{f.Name}" : f.Trait is { } trait ? $"{trait.Name}.{f.Name}" : f.Name;
        var at = test.Source!.GetLinePosition(test.Span.Start);
        return new TestCase(test.Name, test.Source.Path, at.Line, at.Column, [.. test.TestTargets.Select(NameOf).Distinct()], test.SkipReason);
    }
}
