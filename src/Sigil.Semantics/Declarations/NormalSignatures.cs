using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Declarations;

/// <summary>Last pass over signatures: associated types that can be known are written out.</summary>
internal sealed class NormalSignatures(DeclarationContext context)
{
    public void Run()
    {
        foreach (var m in context.Modules)
        {
            foreach (var f in m.Symbol.Functions) Function(f);
            foreach (var i in m.Symbol.Impls) foreach (var f in i.Methods) Function(f);
            foreach (var e in m.Symbol.Extensions) foreach (var f in e.Methods) Function(f);
            foreach (var t in m.Symbol.Types)
            {
                foreach (var f in t.Fields) f.Type = context.Types.Normalize(f.Type);
                if (t.Target is { } target) t.Target = context.Types.Normalize(target);
            }
        }
    }

    // Where clauses such as `T = [U]` stay out of it: a caller sees T as declared.
    private void Function(FunctionSymbol f)
    {
        foreach (var p in f.Parameters) p.Type = context.Types.Normalize(p.Type);
        f.ReturnType = context.Types.Normalize(f.ReturnType);
        if (f.SelfType is { } self) f.SelfType = context.Types.Normalize(self);
    }
}
