using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Solving;

/// <summary>
/// Finds generic declarations whose instances need ever larger instances (E3044). An edge leads from a type parameter to one that
/// it is an argument for, at a call or inside a declared type; it grows when the parameter is only a part of the argument.
/// A cycle with a growing edge has no end (the rule by which .NET, too, tells such types: ECMA-335 II.9.2).
/// </summary>
internal sealed class InstantiationGraph
{
    private sealed record Edge(TypeParameterSymbol To, bool Grows, SourceLocation At, string Name, string Example);

    private readonly Dictionary<TypeParameterSymbol, List<Edge>> edges = [];

    /// <summary>A use of a generic declaration with arguments that may mention the parameters in scope.</summary>
    public void AddUse(ImmutableArray<TypeParameterSymbol> parameters, ImmutableArray<SigilType> arguments, SourceLocation at, string name)
    {
        for (int i = 0; i < parameters.Length && i < arguments.Length; i++)
        {
            var argument = arguments[i].Resolve();
            var to = parameters[i];
            TypeWalk.Any(argument, t =>
            {
                if (t is TypeParameterType p)
                {
                    if (!edges.TryGetValue(p.Symbol, out var list)) edges[p.Symbol] = list = [];
                    bool grows = !ReferenceEquals(t, argument);
                    if (!list.Any(e => e.To == to && e.Grows == grows)) list.Add(new Edge(to, grows, at, name, argument.ToString()));
                }
                return false;
            });
        }
    }

    /// <summary>Adds the uses of types inside a type.</summary>
    public void AddTypes(SigilType type, SourceLocation at) => TypeWalk.Any(type, t =>
    {
        if (t is NamedType { Arguments.IsEmpty: false } n) AddUse(n.Definition.TypeParameters, n.Arguments, at, n.Definition.Name);
        return false;
    });

    /// <summary>Reports every growing edge that lies on a cycle.</summary>
    /// <returns>The parameters from which they lead.</returns>
    public IReadOnlySet<TypeParameterSymbol> Report(DiagnosticBag diagnostics)
    {
        var growing = new HashSet<TypeParameterSymbol>();
        foreach (var (from, list) in edges)
            foreach (var e in list)
            {
                if (!e.Grows || !Reaches(e.To, from)) continue;
                diagnostics.Add(DeclarationErrors.EndlessInstantiation(e.At, e.Name, $"{e.Name}<{e.Example}>"));
                growing.Add(from);
            }
        return growing;
    }

    private bool Reaches(TypeParameterSymbol start, TypeParameterSymbol goal)
    {
        var seen = new HashSet<TypeParameterSymbol> { start };
        var pending = new Stack<TypeParameterSymbol>([start]);
        while (pending.TryPop(out var p))
        {
            if (p == goal) return true;
            if (!edges.TryGetValue(p, out var list)) continue;
            foreach (var e in list) if (seen.Add(e.To)) pending.Push(e.To);
        }
        return false;
    }
}

/// <summary>Collects the uses of generic functions in a body.</summary>
internal sealed class InstantiationCollector(InstantiationGraph graph, SourceText source) : TypedTreeWalker
{
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case CallExpression c: graph.AddUse(c.Function.AllTypeParameters, c.TypeArguments, new(source, c.Span), c.Function.Name); break;
            case FunctionValueExpression f: graph.AddUse(f.Function.AllTypeParameters, f.TypeArguments, new(source, f.Span), f.Function.Name); break;
            case DynCallExpression d: graph.AddUse(d.Method.AllTypeParameters, d.TypeArguments, new(source, d.Span), d.Method.Name); break;
        }
        VisitParts(expression);
    }
}
