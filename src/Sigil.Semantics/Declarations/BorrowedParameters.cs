using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;

namespace Sigil.Semantics.Declarations;

/// <summary>
/// Pass 9, "no function-colour duplication": a function parameter that the body only calls, or passes on to another such
/// parameter, is borrowed. Decided from the syntax of the bodies, as a greatest fixpoint: all parameters are taken for borrowed
/// until a use says otherwise. Of a method call only the name is known here, so all methods of that name must agree.
/// </summary>
internal sealed class BorrowedParameters(DeclarationContext context)
{
    /// <summary>Properties of forms that only call the function given.</summary>
    private static readonly Dictionary<string, HashSet<string>> borrowingForms = new()
    {
        ["with"] = ["use", "release"],
        ["retry"] = ["on"],
        ["nursery"] = ["tasks"],
        ["task_group"] = ["spawn"],
        ["map"] = ["transform"],
        ["filter"] = ["predicate"],
        ["fold"] = ["op"],
        ["find"] = ["where", "map"],
        ["collect"] = ["transform"],
    };
    /// <summary>Forms whose entries become tasks: a function mentioned there is captured.</summary>
    private static readonly HashSet<string> taskForms = ["parallel", "race", "spawn_process", "supervise"];

    // A use that is fine as long as one of the callees' parameters at that place stays borrowed; all that are functions must.
    private sealed record PassedOn(ParameterSymbol Parameter, ImmutableArray<ParameterSymbol> To, TextSpan At);

    private readonly DeclarationContext context = context;
    private readonly HashSet<ParameterSymbol> candidates = [];
    private readonly List<PassedOn> passed = [];
    private Dictionary<string, List<FunctionSymbol>> methods = [];

    public void Run()
    {
        var functions = AllFunctions().ToList();
        methods = functions.Where(f => f.Container is not null || f.Module.Name == "std.iter").GroupBy(f => f.Name).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var f in functions)
        {
            if (f.Body is null || f.Trait is not null || f.Impl is { Trait: not null } or { Opaque: not null }) continue;
            foreach (var p in f.Parameters)
                if (p.Type is FunctionType { Kind: FunctionKind.Plain } && p.Pattern is null && p.Name != "_") candidates.Add(p);
        }
        foreach (var f in functions)
            if (f.Parameters.Any(candidates.Contains)) new Uses(this, f).Walk();
        while (passed.RemoveAll(Fails) > 0) { }
        foreach (var p in candidates)
            if (p.EscapesAt is null) p.Type = ((FunctionType)p.Type).WithKind(FunctionKind.Borrowed);
    }

    private IEnumerable<FunctionSymbol> AllFunctions()
    {
        foreach (var m in context.Modules)
        {
            foreach (var f in m.Symbol.Functions) yield return f;
            foreach (var i in m.Symbol.Impls) foreach (var f in i.Methods) yield return f;
            foreach (var e in m.Symbol.Extensions) foreach (var f in e.Methods) yield return f;
            foreach (var t in m.Symbol.Traits) foreach (var f in t.Methods) yield return f;
            foreach (var t in m.Symbol.Types) foreach (var f in t.OpaqueMethods) yield return f;
        }
    }

    private bool Fails(PassedOn use)
    {
        if (use.Parameter.EscapesAt is not null) return true;
        if (use.To.All(IsBorrowed)) return false;
        use.Parameter.EscapesAt = use.At;
        return true;
    }

    private bool IsBorrowed(ParameterSymbol p) =>
        p.Type is FunctionType { Kind: FunctionKind.Borrowed } || (candidates.Contains(p) && p.EscapesAt is null);

    /// <summary>Walks one body and notes how its function parameters are used.</summary>
    private sealed class Uses(BorrowedParameters pass, FunctionSymbol function)
    {
        private readonly Dictionary<string, ParameterSymbol?> names = [];
        private readonly ModuleScope scope = pass.context.ByModule[function.Module].Scope;
        // For each lambda or task around: the parameters that must stay borrowed for it not to capture for good; null when it does anyway.
        private readonly Stack<ImmutableArray<ParameterSymbol>?> around = [];

        public void Walk()
        {
            foreach (var p in function.Parameters) names[p.Name] = pass.candidates.Contains(p) ? p : null;
            Visit(function.Body!);
        }

        private ParameterSymbol? Named(Expression e) => e switch
        {
            NameExpression { Name: var n } => names.GetValueOrDefault(n.Text),
            ParenthesizedExpression p => Named(p.Expression),
            _ => null,
        };

        private void Visit(SyntaxNode node)
        {
            switch (node)
            {
                case NameExpression n:
                    if (Named(n) is { } p) p.EscapesAt ??= n.Span;
                    return;
                case CallExpression c: Call(c); return;
                case LambdaExpression l: Lambda(l, null); return;
                case ForSearchExpression f:
                    foreach (var property in f.Properties)
                    {
                        if (property.Value is { } v && property.Label.Text == "map") Argument(v, []);
                        else Children(property);
                    }
                    return;
                case LetStatement let:
                    Visit(let.Value);
                    // Names of later statements: a let that reuses the name of a parameter hides it from there on.
                    foreach (var name in BoundNames(let.Pattern)) names[name] = null;
                    return;
                case RunExpression or TryExpression or LoopExpression or MatchArm or Ast.ForExpression:
                    Scoped(node);
                    return;
                default: Children(node); return;
            }
        }

        private void Children(SyntaxNode node)
        {
            foreach (var child in node.ChildNodes()) Visit(child);
        }

        private void Scoped(SyntaxNode node)
        {
            var before = names.ToList();
            if (node is MatchArm arm) Hide(arm.Pattern);
            if (node is Ast.ForExpression loop)
                foreach (var b in loop.Bindings) { Visit(b.Iterable); Hide(b.Pattern); }
            foreach (var child in node.ChildNodes())
                if (child is not Ast.ForBinding) Visit(child);
            names.Clear();
            foreach (var (k, v) in before) names[k] = v;
        }

        private void Hide(SyntaxNode pattern)
        {
            foreach (var name in BoundNames(pattern)) names[name] = null;
        }

        private static IEnumerable<string> BoundNames(SyntaxNode pattern) => pattern.DescendantNodesAndSelf().Select(n => n switch
        {
            BindingPattern b => b.Name.Text,
            AsPattern a => a.Name.Text,
            RestPattern { Name: { } r } => r.Text,
            FieldPattern { Pattern: null } f => f.Name.Text,
            _ => null,
        }).OfType<string>();

        private void Lambda(LambdaExpression l, ImmutableArray<ParameterSymbol>? lentTo)
        {
            var before = names.ToList();
            foreach (var p in l.Parameters) Hide(p.Pattern);
            around.Push(lentTo);
            Visit(l.Body);
            around.Pop();
            names.Clear();
            foreach (var (k, v) in before) names[k] = v;
        }

        // A call of the parameter is fine where the parameter may be used at all.
        private void Mention(ParameterSymbol p, TextSpan at)
        {
            foreach (var lambda in around)
            {
                if (lambda is null) p.EscapesAt ??= at;
                else if (lambda is { Length: > 0 } to) pass.passed.Add(new PassedOn(p, to, at));
            }
        }

        private void Call(CallExpression call)
        {
            if (Named(call.Callee) is { } called)
            {
                Mention(called, call.Callee.Span);
                Children(call.Arguments);
                return;
            }
            var (callees, shift) = Callees(call.Callee);
            var form = call.Callee is NameExpression n && !names.ContainsKey(n.Name.Text) ? n.Name.Text : null;
            bool isTask = (form is not null && taskForms.Contains(form)) || call.Callee is MemberExpression { Name.Text: "spawn" };
            if (call.Callee is MemberExpression member) Visit(member.Receiver);
            if (isTask) around.Push(null);
            int position = 0;
            foreach (var a in call.Arguments.Arguments)
            {
                var targets = callees.Select(f => Target(f, a, position, shift(f))).OfType<ParameterSymbol>()
                    .Where(p => p.Type is FunctionType).ToImmutableArray();
                bool formLends = form is not null && borrowingForms.TryGetValue(form, out var lending)
                    && (a.Label is { } label ? lending.Contains(label.Text) : form is not ("with" or "retry") && position == call.Arguments.Arguments.Count - 1);
                if (targets.IsEmpty && !formLends) Visit(a.Value);
                else Argument(a.Value, targets);
                if (a.Label is null) position++;
            }
            if (isTask) around.Pop();
        }

        private void Argument(Expression value, ImmutableArray<ParameterSymbol> to)
        {
            if (value is ParenthesizedExpression inner) Argument(inner.Expression, to);
            else if (Named(value) is { } p)
            {
                Mention(p, value.Span);
                if (!to.IsEmpty) pass.passed.Add(new PassedOn(p, to, value.Span));
            }
            else if (value is LambdaExpression l) Lambda(l, to);
            else Visit(value);
        }

        private static ParameterSymbol? Target(FunctionSymbol f, Argument a, int position, int shift) =>
            a.Label is { } label ? f.Parameters.FirstOrDefault(p => p.Label == label.Text)
            : position + shift < f.Parameters.Length ? f.Parameters[position + shift] : null;

        // What a callee may mean by its name, and how many parameters the receiver takes.
        private (IReadOnlyList<FunctionSymbol>, Func<FunctionSymbol, int>) Callees(Expression callee)
        {
            switch (callee)
            {
                case NameExpression n when !names.ContainsKey(n.Name.Text):
                    return (scope.LookupValue(n.Name.Text).Candidates.OfType<FunctionSymbol>().ToList(), _ => 0);
                case SelfExpression: return ([function], _ => 0);
                case MemberExpression { Receiver: NameExpression q } m when scope.LookupModule(q.Name.Text) is { } module:
                    return (pass.context.Exports.Find(module, m.Name.Text, wantType: false).Candidates.OfType<FunctionSymbol>().ToList(), _ => 0);
                case MemberExpression m:
                    // Functions over iterables take the receiver as their first parameter.
                    return (pass.methods.GetValueOrDefault(m.Name.Text) ?? [], f => f.Container is null ? 1 : 0);
                default: return ([], _ => 0);
            }
        }
    }
}
