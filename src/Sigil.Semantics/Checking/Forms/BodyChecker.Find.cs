using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// find(.over, .where | .map, .default: d): the only data pattern with a lazy property.
public sealed partial class BodyChecker
{
    /// <summary>The default of a call of <c>find</c>, as a function or as a method; null for every other call.</summary>
    private Ast.Argument? DefaultOfFind(Ast.CallExpression call)
    {
        var arguments = call.Arguments.Arguments;
        // Seen a second time it is the search without its default.
        if (arguments.Count == 0 || siteOverrides.ContainsKey(call)) return null;
        switch (call.Callee)
        {
            case Ast.NameExpression { Name.Text: "find" } when LookupLocal("find") is null
                && scope.LookupValue("find").Candidates.All(c => c is FunctionSymbol { Module.IsStandardLibrary: true }):
                break;
            case Ast.MemberExpression { Name.Text: "find" }: break;
            default: return null;
        }
        foreach (var argument in arguments)
            if (argument.Label is { Text: not ("over" or "where" or "map" or "default") }) return null;
        return arguments.FirstOrDefault(a => a.Label?.Text == "default")
            ?? (call.Callee is Ast.NameExpression && arguments.Count == 3 ? arguments.LastOrDefault(a => a.Label is null) : null);
    }

    private TypedExpression FindOr(Ast.CallExpression call, Ast.Argument fallback, Expectation expected)
    {
        var at = At(call);
        siteOverrides[call] = new CallSite(call.Arguments.Arguments.Nodes.Remove(fallback), at);
        var found = Call(call, Expectation.None);
        if (IsError(found.Type))
        {
            InferLoosely(fallback.Value);
            return found;
        }
        RetryDeferred();
        var item = expected.Known ?? NewVariable();
        if (!Unify(found.Type, Core.Option(item)))
        {
            item = NewVariable();
            if (!Unify(found.Type, Core.Option(item)))
            {
                // A method of the program's own that happens to have these labels gives something else.
                Report(TypeErrors.Mismatch(Source, at, "Option<_>", Zonk(found.Type).ToString(), "`.default` belongs to a search that may find nothing"));
                InferLoosely(fallback.Value);
                return ErrorAt(at);
            }
        }
        return new CoalesceExpression { Left = found, Right = Check(fallback.Value, item), KeepsWrapper = false, Type = item, Span = at };
    }
}
