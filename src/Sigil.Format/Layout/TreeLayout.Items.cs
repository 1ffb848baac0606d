using Sigil.Format.Documents;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// Modules, imports, items.
internal sealed partial class TreeLayout
{
    private HashSet<string>? _boundNames;

    /// <summary>Lays the whole text out, a member after the other.</summary>
    public void Print(DocPrinter printer)
    {
        SyntaxNode? previous = null;
        foreach (var attribute in tree.Root.InnerAttributes)
        {
            if (previous is not null) printer.Print(HasBlankBefore(attribute) ? Doc.BlankAlways : Doc.LineAlways);
            printer.Print(Attribute(attribute));
            previous = attribute;
        }
        var above = false;
        foreach (var member in tree.Root.Members)
        {
            // What the printer has taken in it knows by its place in the source.
            _docs.Clear();
            _detached.Clear();
            _mayHaveComments = HasComments(member);
            var comments = Detach(member);
            var doc = Pin(Member(member), member, null);
            var tall = IsTall(doc, DocPrinter.Width);
            if (previous is not null) printer.Print(NeedsBlank(previous, above, member, tall) || HasBlankBefore(member) ? Doc.BlankAlways : Doc.LineAlways);
            printer.Print(comments);
            printer.Print(doc);
            previous = member;
            above = tall;
        }
        _mayHaveComments = true;
        var end = tree.Root.EndOfFile;
        if (CommentsBefore(end) is not { } last) return;
        if (previous is not null) printer.Print(HasBlankBefore(end) ? Doc.BlankAlways : Doc.LineAlways);
        printer.Print(last);
    }

    /// <summary>Whether there is a comment before a member, inside it, or at the end of its last line.</summary>
    private bool HasComments(SyntaxNode member)
    {
        var span = member.FullSpan;
        if (_source.AsSpan(span.Start, span.Length).Contains("//", StringComparison.Ordinal)) return true;
        var rest = _source.AsSpan(span.End).TrimStart(" \t");
        return rest.StartsWith("//", StringComparison.Ordinal);
    }

    /// <summary>Whether two neighbours are apart by an empty line even if the text has none.</summary>
    private static bool NeedsBlank(SyntaxNode previous, bool aboveIsTall, SyntaxNode next, bool isTall) =>
        SectionOf(previous) != SectionOf(next) || (SectionOf(next) > 2 && (aboveIsTall || isTall));

    private static int SectionOf(SyntaxNode member) => member switch
    {
        AttributeSyntax => 0,
        ImportDeclaration or ExtensionImportDeclaration => 1,
        ConfigDeclaration => 2,
        FunctionDeclaration or TestDeclaration => 4,
        _ => 3,
    };

    private bool IsTall(Doc doc, int width) => !_docs[doc].MayBeFlat || _docs[doc].FlatWidth > width;

    private Doc Member(SyntaxNode member) => member switch
    {
        ImportDeclaration import => Import(import),
        ExtensionImportDeclaration extension => Cat(
            Token(extension.ExtensionKeyword), Doc.Space, Path(extension.Path), Doc.Space,
            Bracketed(extension.OpenBrace, extension.Items, extension.CloseBrace, i => Cat(Token(i.Trait), Token(i.Dot), Token(i.Method)), Brackets.Spaced)),
        Item item => Declared(item),
        Statement statement => StatementOf(statement),
        _ => Verbatim(member),
    };

    private Doc Import(ImportDeclaration import)
    {
        var head = Cat(Word(import.PubKeyword), Token(import.UseKeyword), Doc.Space, Path(import.Path));
        if (import.OpenBrace is not null)
            head = Cat(head, Doc.Space, Bracketed(import.OpenBrace, import.Items, import.CloseBrace, ImportedItem, Brackets.Spaced));
        return import.AsKeyword is null ? head : Cat(head, Doc.Space, Token(import.AsKeyword), Doc.Space, Token(import.Alias));
    }

    private Doc ImportedItem(ImportItem item)
    {
        var name = Cat(Token(item.PrivateMarker), Token(item.Dollar), Token(item.Name));
        return item.AsKeyword is null ? name : Cat(name, Doc.Space, Token(item.AsKeyword), Doc.Space, Token(item.AliasDollar), Token(item.Alias));
    }

    private Doc Path(ModulePath path) => AllOf(path.Tokens);

    /// <summary>A word and a blank, or nothing.</summary>
    private Doc Word(SyntaxToken? token) => token is null ? Doc.Empty : Cat(Token(token), Doc.Space);

    private Doc Attribute(AttributeSyntax attribute)
    {
        var arguments = attribute.OpenParen is null
            ? Doc.Empty
            : Bracketed(attribute.OpenParen, attribute.Arguments, attribute.CloseParen, AttributeArgument);
        return Cat(Token(attribute.Hash), Token(attribute.Bang), Token(attribute.OpenBracket), Token(attribute.Name), arguments, Token(attribute.CloseBracket));
    }

    private Doc AttributeArgument(AttributeArgument argument)
    {
        if (argument.Value is null) return Token(argument.Name);
        if (argument.Name is null) return Value(argument.Value);
        return Cat(Token(argument.Name), Doc.Space, Token(argument.EqualsToken), Doc.Space, Value(argument.Value));
    }

    private Doc Declared(Item item)
    {
        var body = item switch
        {
            FunctionDeclaration f => Function(f),
            TestDeclaration t => Test(t),
            ConfigDeclaration c => Cat(Token(c.Dollar), Token(c.Name), Doc.Space, Token(c.EqualsToken), Following(c.Value)),
            TypeDeclaration t => TypeDeclared(t),
            TraitDeclaration t => Trait(t),
            ImplDeclaration i => Impl(i),
            ExtendDeclaration e => Cat(
                Token(e.ExtendKeyword), Doc.Space, TypePathOf(e.Trait), Where(e.Where), Doc.Space, Members(e.OpenBrace, e.Members, e.CloseBrace)),
            AssociatedTypeDeclaration a => Associated(a),
            FieldDeclaration f => Field(f),
            _ => Verbatim(item),
        };
        if (item.PubKeyword is not null) body = Cat(Word(item.PubKeyword), body);
        if (item.Attributes.IsEmpty) return body;
        var docs = NewList();
        foreach (var attribute in item.Attributes)
        {
            docs.Add(Attribute(attribute));
            docs.Add(Doc.LineOrSpace);
        }
        docs.Add(body);
        return _docs.Group(Joined(docs), prefersBreak: item is not FieldDeclaration);
    }

    private Doc Function(FunctionDeclaration f)
    {
        var head = Cat(
            Token(f.At), Token(f.Name), f.TypeParameters is null ? Doc.Empty : TypeParameters(f.TypeParameters), Doc.Space,
            Parameters(f.Parameters), Doc.Space, Token(f.Arrow), Doc.Space, Returned(f.ReturnType), Uses(f.Uses), Where(f.Where));
        return f.Body is null ? head : Cat(head, Doc.Space, Token(f.EqualsToken), Following(f.Body, Place.Body));
    }

    private Doc Returned(TypeSyntax type)
    {
        var doc = TypeOf(type);
        return _docs[doc].FlatWidth <= LabelledWidth && !_docs[doc].Is(DocTraits.EndsInComment | DocTraits.MustBreak) ? _docs.Flat(doc) : doc;
    }

    private Doc Test(TestDeclaration t)
    {
        var head = Cat(Token(t.At), Token(t.Name));
        foreach (var target in t.Targets)
            head = Cat(head, _docs.Indent(_docs.Group(Cat(Doc.LineOrSpace, Token(target.TestsWord), Doc.Space, Token(target.At), Token(target.Type), Token(target.Dot), Token(target.Name)))));
        head = Cat(head, Doc.Space, Parameters(t.Parameters), Doc.Space, Token(t.Arrow), Doc.Space, TypeOf(t.ReturnType), Uses(t.Uses));
        return t.Body is null ? head : Cat(head, Doc.Space, Token(t.EqualsToken), Following(t.Body, Place.Body));
    }

    private Doc Parameters(ParameterList list) => Bracketed(list.OpenParen, list.Parameters, list.CloseParen, ParameterOf);

    private Doc ParameterOf(ParameterSyntax parameter)
    {
        if (parameter is SelfParameter self) return Cat(Word(self.Modifier), Token(self.SelfKeyword));
        var p = (Parameter)parameter;
        var head = Cat(Token(p.Dot), PatternOf(p.Pattern), Token(p.Colon), Doc.Space, TypeOf(p.Type));
        return p.Default is null ? head : Cat(head, Doc.Space, Token(p.EqualsToken), Following(p.Default));
    }

    private Doc TypeParameters(TypeParameterList list) => Bracketed(list.Less, list.Parameters, list.Greater, p =>
    {
        var doc = Token(p.Name);
        if (p.Bounds is not null) doc = Cat(doc, Token(p.Colon), Doc.Space, Bounds(p.Bounds));
        return p.Default is null ? doc : Cat(doc, Doc.Space, Token(p.EqualsToken), Doc.Space, TypeOf(p.Default));
    });

    private Doc Bounds(BoundList list)
    {
        var docs = NewList();
        foreach (var element in list.Bounds.Elements)
        {
            docs.Add(element is Bound bound
                ? Cat(Token(bound.Tilde), TypeOf(bound.Type))
                : Cat(Doc.Space, Token((SyntaxToken)element), Doc.Space));
        }
        return Joined(docs);
    }

    // Where a header is too long, its parameters break first.
    private Doc Uses(UsesClause? uses)
    {
        if (uses is null) return Doc.Empty;
        var text = UsesText(uses);
        return _docs[text].FlatWidth <= LabelledWidth ? Cat(Doc.Space, _docs.Flat(text)) : _docs.Indent(_docs.Group(Cat(Doc.LineOrSpace, text)));
    }

    private Doc UsesText(UsesClause uses) => Cat(Token(uses.UsesKeyword), Doc.Space, _docs.Indent(_docs.Group(Row(uses.Capabilities, TypePathOf))));

    private Doc Where(WhereClause? where) => where is null
        ? Doc.Empty
        : _docs.Indent(_docs.Group(Cat(Doc.LineOrSpace, Token(where.WhereKeyword), Doc.Space, _docs.Indent(_docs.Group(Row(where.Constraints, Constraint))))));

    private Doc Constraint(WhereConstraint c) => c.Bounds is not null
        ? Cat(TypePathOf(c.Path), Token(c.Colon), Doc.Space, Bounds(c.Bounds))
        : Cat(TypePathOf(c.Path), Doc.Space, Token(c.EqualsToken), Doc.Space, c.Type is null ? Doc.Empty : TypeOf(c.Type));

    private Doc TypeDeclared(TypeDeclaration t)
    {
        var head = Cat(
            Token(t.TypeKeyword), Doc.Space, Token(t.Name), t.TypeParameters is null ? Doc.Empty : TypeParameters(t.TypeParameters),
            Where(t.Where), Doc.Space, Token(t.EqualsToken));
        return t.Definition switch
        {
            StructDefinition s => Cat(head, Doc.Space, Bracketed(s.OpenBrace, s.Members, s.CloseBrace, Declared, Brackets.Spaced)),
            SumDefinition s => Cat(head, Sum(s)),
            AliasDefinition a => Cat(head, Doc.Space, TypeOf(a.Type)),
            _ => Verbatim(t),
        };
    }

    /// <summary>Variants on one line without a bar before the first, or one a line, each with its bar.</summary>
    private Doc Sum(SumDefinition sum)
    {
        var docs = NewList(Doc.LineOrSpace);
        var bars = sum.LeadingBar is not null;
        if (bars) docs.Add(Cat(Token(sum.LeadingBar), Doc.Space));
        else if (sum.Variants.Count > 1) docs.Add(Doc.AddedBar);
        foreach (var element in sum.Variants.Elements)
        {
            if (element is VariantDeclaration variant) docs.Add(Pin(Variant(variant), variant, null));
            else
            {
                docs.Add(HasBlankBefore(element) ? Doc.BlankOrSpace : Doc.LineOrSpace);
                docs.Add(Cat(Token((SyntaxToken)element), Doc.Space));
            }
        }
        return _docs.Group(_docs.Indent(Joined(docs)), prefersBreak: bars && sum.Variants.Count > 1);
    }

    private Doc Variant(VariantDeclaration variant) => variant.OpenParen is null
        ? Token(variant.Name)
        : Cat(Token(variant.Name), Bracketed(variant.OpenParen, variant.Fields, variant.CloseParen, f => f.Name is null
            ? TypeOf(f.Type)
            : Cat(Token(f.Name), Token(f.Colon), Doc.Space, TypeOf(f.Type))));

    private Doc Field(FieldDeclaration f)
    {
        var head = Cat(Token(f.Name), Token(f.Colon), Doc.Space, TypeOf(f.Type));
        return f.Default is null ? head : Cat(head, Doc.Space, Token(f.EqualsToken), Following(f.Default));
    }

    private Doc Trait(TraitDeclaration t)
    {
        var head = Cat(Token(t.TraitKeyword), Doc.Space, Token(t.Name), t.TypeParameters is null ? Doc.Empty : TypeParameters(t.TypeParameters));
        if (t.Supertraits is not null) head = Cat(head, Token(t.Colon), Doc.Space, Bounds(t.Supertraits));
        return Cat(head, Where(t.Where), Doc.Space, Members(t.OpenBrace, t.Members, t.CloseBrace));
    }

    private Doc Impl(ImplDeclaration i)
    {
        var head = Cat(Token(i.ImplKeyword), i.TypeParameters is null ? Doc.Empty : TypeParameters(i.TypeParameters), Doc.Space, Token(i.Bang));
        if (i.Trait is not null) head = Cat(head, TypeOf(i.Trait), Doc.Space, Token(i.ForKeyword), Doc.Space);
        return Cat(head, TypeOf(i.Type), Where(i.Where), Doc.Space, Members(i.OpenBrace, i.Members, i.CloseBrace));
    }

    private Doc Associated(AssociatedTypeDeclaration a)
    {
        var doc = Cat(Token(a.TypeKeyword), Doc.Space, Token(a.Name));
        if (a.Bounds is not null) doc = Cat(doc, Token(a.Colon), Doc.Space, Bounds(a.Bounds));
        return a.Type is null ? doc : Cat(doc, Doc.Space, Token(a.EqualsToken), Doc.Space, TypeOf(a.Type));
    }

    /// <summary>The body of a trait, impl or extend: a member a line, no commas.</summary>
    private Doc Members(SyntaxToken? open, SeparatedList<Item> list, SyntaxToken? close)
    {
        var closing = ClosingComments(close);
        if (list.Elements.IsEmpty && closing is null) return Cat(Token(open), Token(close));
        var docs = NewList(Doc.LineOrSpace);
        Item? previous = null;
        var above = false;
        foreach (var element in list.Elements)
        {
            if (element is SyntaxToken separator)
            {
                docs.Add(CommentsOf(separator));
                continue;
            }
            var member = (Item)element;
            var comments = Detach(member);
            var doc = Pin(Declared(member), member, null);
            var tall = IsTall(doc, DocPrinter.Width - DocPrinter.Step);
            if (previous is not null)
            {
                var apart = HasBlankBefore(member) || (previous is FunctionDeclaration && member is FunctionDeclaration && (above || tall));
                docs.Add(apart ? Doc.BlankOrSpace : Doc.LineOrSpace);
            }
            docs.Add(comments);
            docs.Add(doc);
            previous = member;
            above = tall;
        }
        if (closing is { } rest) docs.Add(rest);
        return WithCommentAfter(
            _docs.Group(Cat(Token(open), _docs.Indent(Joined(docs)), Doc.LineOrSpace, CloserText(close)), prefersBreak: list.Count > 0), close);
    }

    /// <summary>What the formatter knows no layout for, as it stands. There is no such thing in a text without errors.</summary>
    private Doc Verbatim(SyntaxNode node) => _docs.Source(node.Span.Start, node.Span.Length);

    /// <summary>The names that patterns bind anywhere in the text.</summary>
    private HashSet<string> BoundNames => _boundNames ??=
        [.. tree.Root.DescendantNodesAndSelf().Select(n => n switch
        {
            BindingPattern b => b.Name.Text,
            AsPattern a => a.Name.Text,
            RestPattern { Name: { } rest } => rest.Text,
            FieldPattern f => f.Name.Text,
            _ => "",
        })];
}
