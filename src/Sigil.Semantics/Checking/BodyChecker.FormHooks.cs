using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Checking;

// What other files of this class implement: patterns (Patterns/), built-in forms (Forms/), concurrency (Concurrency/).
public sealed partial class BodyChecker
{
    /// <summary>Checks a pattern against the type of what it matches and declares its names with the given kind. Variables in the type may be solved by it.</summary>
    internal partial TypedPattern CheckPattern(Ast.Pattern p, SigilType expected, LocalKind kind);

    /// <summary>Called first for every call: true when the callee is the bare name of a prelude form (not hidden by a user definition), or a member call that is a form (<c>g.spawn(e)</c>).</summary>
    internal partial bool TryCheckForm(Ast.CallExpression call, Expectation expected, out TypedExpression result);

    internal partial TypedExpression CheckMatch(Ast.MatchExpression e, Expectation expected);
    internal partial TypedExpression CheckSelect(Ast.SelectExpression e, Expectation expected);
    internal partial TypedExpression CheckValidate(Ast.ValidateExpression e, Expectation expected);
    internal partial TypedExpression CheckForSearch(Ast.ForSearchExpression e, Expectation expected);
}
