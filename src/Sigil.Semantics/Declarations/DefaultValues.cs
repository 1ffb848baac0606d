using Sigil.Semantics.Symbols;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Default values see names of the module only, and no capability (E3041).</summary>
internal sealed class DefaultValues(DeclarationContext context)
{
    public void Run()
    {
        foreach (var m in context.Modules)
        {
            if (m.IsLibrary) continue;
            foreach (var t in m.Symbol.Types)
                foreach (var f in t.Fields)
                    if (f.Default is { } value) Check(value, t.Fields.Select(o => o.Name), "field", context.Scopes[t]);
            var functions = m.Symbol.Functions
                .Concat(m.Symbol.Impls.SelectMany(i => i.Methods)).Concat(m.Symbol.Traits.SelectMany(t => t.Methods))
                .Concat(m.Symbol.Extensions.SelectMany(e => e.Methods)).Concat(m.Symbol.Types.SelectMany(t => t.OpaqueMethods));
            foreach (var f in functions)
                foreach (var p in f.Parameters)
                    if (p.Default is { } value) Check(value, f.Parameters.Select(o => o.Name), "parameter", context.Scopes[f]);
        }
    }

    private void Check(Expression value, IEnumerable<string> hidden, string kind, TypeScope scope)
    {
        var forbidden = hidden.Where(h => h.Length > 0).ToHashSet();
        Visit(value, []);

        void Reject(SyntaxNode at, string what)
        {
            context.RejectedDefaults.Add(value);
            context.Report(DeclarationErrors.BadDefault(at.Location, what));
        }

        void Visit(SyntaxNode node, HashSet<string> locals)
        {
            switch (node)
            {
                case SelfExpression s: Reject(s, "`self`"); return;
                case NameExpression n when locals.Contains(n.Name.Text): return;
                case NameExpression n when forbidden.Contains(n.Name.Text) && !scope.Module.LookupValue(n.Name.Text).IsFound:
                    Reject(n, $"the {kind} `{n.Name.Text}`");
                    return;
                case NameExpression n when forbidden.Contains(n.Name.Text) && kind == "parameter":
                    Reject(n, $"the parameter `{n.Name.Text}`");
                    return;
                case CallExpression { Callee: NameExpression f } call when scope.Module.LookupValue(f.Name.Text).Single is FunctionSymbol { Uses.IsEmpty: false } needs:
                    Reject(f, $"the capability `{needs.Uses[0].Trait.Name}` (needed by `{f.Name.Text}`)");
                    Visit(call.Arguments, locals);
                    return;
                case MemberExpression { Receiver: NameExpression c } m when !locals.Contains(c.Name.Text) && scope.Module.LookupType(c.Name.Text).Single is TraitSymbol trait
                    && trait.FindMethod(m.Name.Text) is { IsCapabilityMethod: true }:
                    Reject(c, $"the capability `{trait.Name}`");
                    return;
            }
            var inner = locals;
            if (node is LambdaExpression or RunExpression or TryExpression or LoopExpression or MatchArm or Ast.ForExpression)
                inner = [.. locals, .. node.DescendantNodesAndSelf().OfType<BindingPattern>().Select(b => b.Name.Text)];
            foreach (var child in node.ChildNodes()) Visit(child, inner);
        }
    }
}
