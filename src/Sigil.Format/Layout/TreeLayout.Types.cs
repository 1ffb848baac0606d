using Sigil.Format.Documents;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// Types and patterns.
internal sealed partial class TreeLayout
{
    private Doc TypePathOf(TypePath path) => path.IsSimple ? Token(path.First) : AllOf(path.Tokens);

    private Doc TypeOf(TypeSyntax type) => type switch
    {
        NamedType n => n.Arguments is null ? TypePathOf(n.Path) : Cat(TypePathOf(n.Path), TypeArguments(n.Arguments)),
        VoidType v => Token(v.VoidKeyword),
        InferredType i => Token(i.Underscore),
        ListType l => Cat(Token(l.OpenBracket), TypeOf(l.Element), Token(l.CloseBracket)),
        MapType m => Cat(Token(m.OpenBrace), TypeOf(m.Key), Token(m.Colon), Doc.Space, TypeOf(m.Value), Token(m.CloseBrace)),
        RecordType r => Bracketed(r.OpenBrace, r.Fields, r.CloseBrace, f => Cat(Token(f.Name), Token(f.Colon), Doc.Space, TypeOf(f.Type)), Brackets.Spaced),
        TupleType t => Bracketed(t.OpenParen, t.Elements, t.CloseParen, TypeOf, obeysComma: false),
        ParenthesizedType p => Cat(Token(p.OpenParen), TypeOf(p.Type), CommentsOf(p.Comma), Token(p.CloseParen)),
        FunctionType f => Cat(
            TypeOf(f.Left), Doc.Space, Token(f.Arrow), Doc.Space, TypeOf(f.Result), f.Uses is null ? Doc.Empty : Cat(Doc.Space, UsesText(f.Uses))),
        DynType d => Cat(Token(d.DynKeyword), Doc.Space, Bounds(d.Bounds)),
        BorrowType b => Cat(Token(b.Ampersand), b.MutKeyword is null ? NeedsGap(b.Type) : Word(b.MutKeyword), TypeOf(b.Type)),
        CapabilityType c => Cat(Token(c.Word), Doc.Space, TypeOf(c.Type)),
        _ => Verbatim(type),
    };

    /// <summary>Two ampersands side by side would be one token.</summary>
    private static Doc NeedsGap(TypeSyntax type) => type.FirstElement.Kind == TokenKind.Ampersand ? Doc.Space : Doc.Empty;

    private Doc TypeArguments(TypeArgumentList list) => Bracketed(list.Less, list.Arguments, list.Greater, a => a.Name is null
        ? TypeOf(a.Type)
        : Cat(Token(a.Name), Doc.Space, Token(a.EqualsToken), Doc.Space, TypeOf(a.Type)), obeysComma: false);

    private Doc PatternOf(Pattern pattern) => pattern switch
    {
        WildcardPattern w => Token(w.Underscore),
        BindingPattern b => Token(b.Name),
        AsPattern a => Cat(Token(a.Name), Doc.Space, Token(a.At), Doc.Space, PatternOf(a.Pattern)),
        VariantPattern v => v.OpenParen is null
            ? TypePathOf(v.Path)
            : Cat(TypePathOf(v.Path), Bracketed(v.OpenParen, v.Arguments, v.CloseParen, a => a.Name is null
                ? PatternOf(a.Pattern)
                : Cat(Token(a.Name), Token(a.Colon), Doc.Space, PatternOf(a.Pattern)), obeysComma: false)),
        RecordPattern r => Cat(
            r.Path is null ? Doc.Empty : Cat(TypePathOf(r.Path), Doc.Space),
            Bracketed(r.OpenBrace, r.Fields, r.CloseBrace, FieldPatternOf, Brackets.Spaced, obeysComma: false)),
        TuplePattern t => Bracketed(t.OpenParen, t.Elements, t.CloseParen, PatternOf, obeysComma: false),
        ParenthesizedPattern p => Cat(Token(p.OpenParen), PatternOf(p.Pattern), CommentsOf(p.Comma), Token(p.CloseParen)),
        ListPattern l => Bracketed(l.OpenBracket, l.Elements, l.CloseBracket, PatternOf, obeysComma: false),
        RestPattern r => Cat(Token(r.DotDot), Token(r.Name)),
        LiteralPattern l => Cat(Token(l.Minus), Token(l.Token)),
        RangePattern r => Cat(
            r.Start is null ? Doc.Empty : PatternOf(r.Start), Token(r.Operator), r.End is null ? Doc.Empty : PatternOf(r.End)),
        OrPattern o => Alternatives(o),
        _ => Verbatim(pattern),
    };

    private Doc FieldPatternOf(SyntaxNode field) => field switch
    {
        FieldPattern { Pattern: null } f => Token(f.Name),
        FieldPattern f => Cat(Token(f.Name), Token(f.Colon), Doc.Space, PatternOf(f.Pattern)),
        Pattern p => PatternOf(p),
        _ => Verbatim(field),
    };

    private Doc Alternatives(OrPattern or)
    {
        var docs = NewList();
        foreach (var element in or.Alternatives.Elements)
        {
            if (element is Pattern p) docs.Add(PatternOf(p));
            else
            {
                docs.Add(Doc.LineOrSpace);
                docs.Add(Token((SyntaxToken)element));
                docs.Add(Doc.Space);
            }
        }
        return _docs.Group(Joined(docs));
    }

    private Doc Guarded(GuardedPattern guarded)
    {
        var pattern = PatternOf(guarded.Pattern);
        if (guarded.Guard is null) return pattern;
        return guarded.Dot is not null
            ? Cat(pattern, Token(guarded.Dot), Token(guarded.GuardKeyword), Token(guarded.OpenParen), Value(guarded.Guard), Token(guarded.CloseParen))
            : Cat(pattern, Doc.Space, Token(guarded.GuardKeyword), Doc.Space, Value(guarded.Guard));
    }
}
