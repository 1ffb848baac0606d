using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Types that would contain themselves without an indirection (E3025).</summary>
internal sealed class SizeCheck(DeclarationContext context)
{
    private readonly HashSet<TypeSymbol> finished = [];

    public void Run()
    {
        foreach (var m in context.Modules)
            foreach (var t in m.Symbol.Types) Visit(t, []);
    }

    private void Visit(TypeSymbol type, List<(TypeSymbol Type, string Part)> path)
    {
        int start = path.FindIndex(p => p.Type == type);
        if (start >= 0)
        {
            var cycle = path.Skip(start).ToList();
            // Report once, at the type of the cycle that is declared first.
            var first = cycle.Select(c => c.Type).OrderBy(t => t.Source?.Path, StringComparer.Ordinal).ThenBy(t => t.Span.Start).First();
            context.Report(DeclarationErrors.InfiniteSize(new(first.Source!, first.Span), first.Name, string.Join(" → ", cycle.Select(c => $"`{c.Type.Name}.{c.Part}`").Append($"`{type.Name}`"))));
            return;
        }
        if (finished.Contains(type) || type.Kind is not (TypeKind.Struct or TypeKind.Newtype)) return;
        var parts = type.Kind == TypeKind.Newtype ? [("0", type.Target ?? ErrorType.Instance)] : type.Fields.Select(f => (f.Name, f.Type));
        foreach (var (name, part) in parts)
            foreach (var inner in Direct(part))
                Visit(inner, [.. path, (type, name)]);
        finished.Add(type);
    }

    // Lists, maps, sets, sum types and functions hold their parts elsewhere; iso, val and ref are objects of their own.
    private static IEnumerable<TypeSymbol> Direct(SigilType type) => type switch
    {
        NamedType { Definition.Kind: TypeKind.Struct or TypeKind.Newtype } n => [n.Definition],
        TupleType t => t.Elements.SelectMany(Direct),
        RecordType r => r.Fields.SelectMany(f => Direct(f.Type)),
        _ => [],
    };
}
