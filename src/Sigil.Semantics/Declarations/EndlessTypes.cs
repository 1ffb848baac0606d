using Sigil.Semantics.Solving;

namespace Sigil.Semantics.Declarations;

/// <summary>Declared types whose parts are ever larger instances of themselves (E3044).</summary>
internal sealed class EndlessTypes(DeclarationContext context)
{
    public void Run()
    {
        var graph = new InstantiationGraph();
        foreach (var m in context.Modules)
            foreach (var t in m.Symbol.Types)
            {
                if (t.TypeParameters.IsEmpty || t.Source is null) continue;
                foreach (var f in t.Fields) graph.AddTypes(f.Type, new(t.Source, f.Span));
                foreach (var v in t.Variants)
                    foreach (var f in v.Fields) graph.AddTypes(f.Type, new(t.Source, v.Span));
                if (t.Target is { } target) graph.AddTypes(target, new(t.Source, t.Span));
            }
        var growing = graph.Report(context.Diagnostics);
        if (growing.Count == 0) return;
        foreach (var m in context.Modules)
            foreach (var t in m.Symbol.Types) t.IsEndless = t.TypeParameters.Any(growing.Contains);
    }
}
