using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>
/// Pass 9, "no function-colour duplication": a function parameter that the body only calls, or passes on to another such
/// parameter, is borrowed. Decided from the syntax of the bodies, as a greatest fixpoint: all parameters are taken for borrowed
/// until a use says otherwise. Of most receivers the type is not known yet, so all methods of that name must agree.
/// </summary>
/// <remarks>
/// The same is then asked once more of those that are not borrowed, with tasks of scopes that the body itself opens allowed: such a parameter is copied into tasks,
/// but stays in the call (<see cref="ParameterSymbol.StaysInCall"/>).
/// </remarks>
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
    /// <summary>Those of them whose tasks mention it directly and have ended when the form has.</summary>
    private static readonly HashSet<string> innerTaskForms = ["parallel", "race"];

    // A use that is fine as long as one of the callees' parameters at that place stays borrowed; all that are functions must.
    private sealed record PassedOn(ParameterSymbol Parameter, ImmutableArray<ParameterSymbol> To, TextSpan At);

    private readonly DeclarationContext context = context;
    private readonly HashSet<ParameterSymbol> candidates = [];
    private readonly Dictionary<ParameterSymbol, TextSpan> escapes = [];
    private readonly List<PassedOn> passed = [];
    private Dictionary<string, List<FunctionSymbol>> methods = [];
    // Whether tasks that end within the call may take a function along.
    private bool allowsTasks;

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
        Decide(functions);
        foreach (var p in candidates)
        {
            if (escapes.TryGetValue(p, out var at)) p.EscapesAt = at;
            else p.Type = ((FunctionType)p.Type).WithKind(FunctionKind.Borrowed);
        }
        candidates.RemoveWhere(p => p.EscapesAt is null);
        allowsTasks = true;
        var promised = functions.SelectMany(Promised).ToList();
        candidates.UnionWith(promised);
        Decide(functions);
        foreach (var p in candidates) p.StaysInCall |= !escapes.ContainsKey(p);
        foreach (var p in promised)
            if (escapes.TryGetValue(p, out var at)) context.Diagnostics.Add(OwnershipErrors.KeptHandler(p.Source!, at, p.Name));
    }

    // Parameters of an impl for which the trait says that they stay.
    private static IEnumerable<ParameterSymbol> Promised(FunctionSymbol f) =>
        f is { Body: not null, Impl.Trait.Trait: var trait } && trait.Methods.FirstOrDefault(m => m.Name == f.Name) is { } declared
            ? f.Parameters.Where(p => p.Type is FunctionType && p.Index < declared.Parameters.Length && declared.Parameters[p.Index].StaysInCall)
            : [];

    private void Decide(List<FunctionSymbol> functions)
    {
        escapes.Clear();
        passed.Clear();
        foreach (var f in functions)
            if (f.Parameters.Any(candidates.Contains)) new Uses(this, f).Walk();
        while (passed.RemoveAll(Fails) > 0) { }
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
        if (escapes.ContainsKey(use.Parameter)) return true;
        if (use.To.All(IsBorrowed)) return false;
        escapes[use.Parameter] = use.At;
        return true;
    }

    private bool IsBorrowed(ParameterSymbol p) =>
        p.Type is FunctionType { Kind: FunctionKind.Borrowed } || (allowsTasks && p.StaysInCall) || (candidates.Contains(p) && !escapes.ContainsKey(p));

    /// <summary>What a local name stands for: a parameter of the function, one of a lambda, or something else.</summary>
    private readonly record struct Local(ParameterSymbol? Parameter, bool IsOfLambda, bool IsOwnGroup = false);

    /// <summary>Walks one body and notes how its function parameters are used.</summary>
    private sealed class Uses(BorrowedParameters pass, FunctionSymbol function)
    {
        private readonly Dictionary<string, Local> names = [];
        private readonly ModuleScope scope = pass.context.ByModule[function.Module].Scope;
        // For each lambda or task around: the parameters that must stay borrowed for it not to capture for good; null when it does anyway.
        private readonly Stack<ImmutableArray<ParameterSymbol>?> around = [];

        public void Walk()
        {
            foreach (var p in function.Parameters) names[p.Name] = new Local(p, IsOfLambda: false);
            Visit(function.Body!);
        }

        private ParameterSymbol? Named(Expression e) => e switch
        {
            NameExpression { Name: var n } => Candidate(n.Text),
            ParenthesizedExpression p => Named(p.Expression),
            _ => null,
        };

        private ParameterSymbol? Candidate(string name) => names.GetValueOrDefault(name).Parameter is { } p && pass.candidates.Contains(p) ? p : null;

        private void Visit(SyntaxNode node)
        {
            switch (node)
            {
                case NameExpression n:
                    if (Named(n) is { } p) pass.escapes.TryAdd(p, n.Span);
                    return;
                case NamedFieldInitializer { Value: null, Name: var field }:
                    if (Candidate(field.Text) is { } stored) pass.escapes.TryAdd(stored, field.Span);
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
                    Hide(let.Pattern);
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
            foreach (var name in BoundNames(pattern)) names[name] = new Local(null, IsOfLambda: false);
        }

        private static IEnumerable<string> BoundNames(SyntaxNode pattern) => pattern.DescendantNodesAndSelf().Select(n => n switch
        {
            BindingPattern b => b.Name.Text,
            AsPattern a => a.Name.Text,
            RestPattern { Name: { } r } => r.Text,
            FieldPattern { Pattern: null } f => f.Name.Text,
            _ => null,
        }).OfType<string>();

        private void Lambda(LambdaExpression l, ImmutableArray<ParameterSymbol>? lentTo, bool opensGroup = false)
        {
            var before = names.ToList();
            foreach (var p in l.Parameters)
                foreach (var name in BoundNames(p.Pattern)) names[name] = new Local(null, IsOfLambda: true, IsOwnGroup: opensGroup);
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
                if (lambda is null) pass.escapes.TryAdd(p, at);
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
            var form = call.Callee is NameExpression n && !names.ContainsKey(n.Name.Text) && scope.LookupValue(n.Name.Text).Candidates.All(c => c is FunctionSymbol { Module.IsStandardLibrary: true }) ? n.Name.Text : null;
            bool isTask = form is not null && taskForms.Contains(form) && !(pass.allowsTasks && innerTaskForms.Contains(form))
                || call.Callee is MemberExpression { Name.Text: "spawn", Receiver: var spawner } && MayBeGroup(spawner) && !(pass.allowsTasks && IsOwnGroup(spawner));
            if (call.Callee is MemberExpression member) Visit(member.Receiver);
            if (isTask) around.Push(null);
            int position = 0;
            foreach (var a in call.Arguments.Arguments)
            {
                var targets = callees.Select(f => Target(f, a, position, shift(f))).OfType<ParameterSymbol>()
                    .Where(p => p.Type is FunctionType).ToImmutableArray();
                bool formLends = form is not null && borrowingForms.TryGetValue(form, out var lending)
                    && (a.Label is { } label ? lending.Contains(label.Text) : form is not ("with" or "retry") && position == call.Arguments.Arguments.Count - 1);
                if (formLends && form is "nursery" or "task_group" && a.Value is LambdaExpression body) Lambda(body, targets, opensGroup: true);
                else if (targets.IsEmpty && !formLends) Visit(a.Value);
                else Argument(a.Value, targets);
                if (a.Label is null) position++;
            }
            if (isTask) around.Pop();
        }

        // The group of a scope that this body opens.
        private bool IsOwnGroup(Expression receiver) => receiver is NameExpression n && names.GetValueOrDefault(n.Name.Text).IsOwnGroup;

        // Groups stand in parameters only, of functions or of lambdas, whose types are not known here.
        private bool MayBeGroup(Expression receiver) => receiver switch
        {
            ParenthesizedExpression p => MayBeGroup(p.Expression),
            NameExpression n when names.TryGetValue(n.Name.Text, out var local) => local.IsOfLambda || local.Parameter is { } p && DefinitionOf(p.Type) is { Name: "TaskGroup" or "Nursery", Module.IsStandardLibrary: true },
            _ => false,
        };

        /// <summary>The declared type that a receiver has, as far as that can be seen without checking the body.</summary>
        private TypeSymbol? ReceiverOf(Expression receiver) => receiver switch
        {
            ParenthesizedExpression p => ReceiverOf(p.Expression),
            SelfExpression when function.SelfType is { } self => DefinitionOf(self),
            NameExpression n when names.TryGetValue(n.Name.Text, out var local) => local.Parameter is { } p ? DefinitionOf(p.Type) : null,
            MemberExpression m when ReceiverOf(m.Receiver)?.Fields.FirstOrDefault(f => f.Name == m.Name.Text) is { } field => DefinitionOf(field.Type),
            _ => null,
        };

        private static TypeSymbol? DefinitionOf(SigilType type) => type.Resolve() switch
        {
            BorrowType borrow => DefinitionOf(borrow.Target),
            CapabilityType object_ => DefinitionOf(object_.Target),
            NamedType named => named.Definition,
            _ => null,
        };

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
                    var receiver = ReceiverOf(m.Receiver);
                    var candidates = (pass.methods.GetValueOrDefault(m.Name.Text) ?? [])
                        .Where(f => receiver is null || f.SelfType is not { } self || DefinitionOf(self) is not { } other || other == receiver).ToList();
                    // Functions over iterables take the receiver as their first parameter.
                    return (candidates, f => f.Container is null ? 1 : 0);
                default: return ([], _ => 0);
            }
        }
    }
}
