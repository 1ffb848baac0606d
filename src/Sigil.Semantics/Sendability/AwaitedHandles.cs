using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>Finds handles of processes that nobody waits for, ends or gives away (W6001): their processes are killed at the end of the scope.</summary>
public sealed class AwaitedHandles : TypedTreeWalker
{
    private readonly TypeSymbol? handle;
    private readonly Dictionary<LocalSymbol, TextSpan> unused = [];
    private readonly List<TextSpan> dropped = [];

    private AwaitedHandles(TypeSymbol? handle) => this.handle = handle;

    /// <summary>Checks a body.</summary>
    public static void Check(TypedBody body, CoreSymbols core, SourceText source, DiagnosticBag diagnostics)
    {
        if (body.Function.Module.IsStandardLibrary) return;
        var found = new AwaitedHandles(core.FindType("ProcessHandle"));
        found.Visit(body.Root);
        foreach (var (local, at) in found.unused) diagnostics.Add(ConcurrencyErrors.HandleNotAwaited(source, at, local.Name));
        foreach (var at in found.dropped) diagnostics.Add(ConcurrencyErrors.HandleNotAwaited(source, at, null));
    }

    /// <inheritdoc/>
    protected override void VisitStatement(TypedStatement statement)
    {
        switch (statement)
        {
            case LetStatement { Pattern: BindingPattern { Local: var local } } when IsHandle(local.Type):
                unused[local] = local.Span;
                break;
            case LetStatement { Pattern: WildcardPattern, Value: var value } when IsHandle(value.Type):
                dropped.Add(value.Span);
                break;
            case ExpressionStatement { Expression: ConversionExpression { Kind: ConversionKind.Discard, Operand: var value } } when IsHandle(value.Type):
                dropped.Add(value.Span);
                break;
        }
        base.VisitStatement(statement);
    }

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case LocalExpression mention:
                unused.Remove(mention.Local);
                return;
            case CallExpression { Function: { Name: "is_alive" or "id", Module.IsStandardLibrary: true } } call:
                // Only looking at it leaves the process to its fate.
                foreach (var argument in call.Arguments)
                    if (argument.Value is not LocalExpression { Local: var local } || !unused.ContainsKey(local)) Visit(argument.Value);
                return;
        }
        base.Visit(expression);
    }

    private bool IsHandle(SigilType type) => type.Resolve() is NamedType { Definition: var d } && d == handle;
}
