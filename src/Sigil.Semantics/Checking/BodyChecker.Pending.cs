using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Checking;

// Until Patterns/, Forms/ and Concurrency/ are merged: this file goes then.
public sealed partial class BodyChecker
{
    internal partial TypedPattern CheckPattern(Ast.Pattern p, SigilType expected, LocalKind kind) => p is Ast.BindingPattern b
        ? new BindingPattern { Local = Declare(b.Name.Text, kind, expected, b.Name.Span), Type = expected, Span = p.Span }
        : new WildcardPattern { Type = expected, Span = p.Span };
    internal partial bool TryCheckForm(Ast.CallExpression call, Expectation expected, out TypedExpression result) { result = null!; return false; }
    internal partial TypedExpression CheckMatch(Ast.MatchExpression e, Expectation expected) => ErrorAt(e.Span);
    internal partial TypedExpression CheckSelect(Ast.SelectExpression e, Expectation expected) => ErrorAt(e.Span);
    internal partial TypedExpression CheckValidate(Ast.ValidateExpression e, Expectation expected) => ErrorAt(e.Span);
    internal partial TypedExpression CheckForSearch(Ast.ForSearchExpression e, Expectation expected) => ErrorAt(e.Span);
}
