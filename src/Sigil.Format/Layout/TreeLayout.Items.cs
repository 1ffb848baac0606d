using Sigil.Format.Documents;
using Sigil.Syntax.Ast;

namespace Sigil.Format.Layout;

// Modules, imports, items.
internal sealed partial class TreeLayout
{
    private HashSet<string>? _boundNames;

    /// <summary>The whole text.</summary>
    public Doc Module()
    {
        var docs = new List<Doc>();
        foreach (var attribute in tree.Root.InnerAttributes)
        {
            if (docs.Count > 0) docs.Add(HasBlankBefore(attribute) ? Line.BlankAlways : Line.Always);
            docs.Add(Attribute(attribute));
        }
        SyntaxNode? previous = tree.Root.InnerAttributes.LastOrDefault();
        Doc? above = null;
        foreach (var member in tree.Root.Members)
        {
            var comments = Detach(member);
            var doc = Pin(Member(member), member, null);
            if (previous is not null) docs.Add(NeedsBlank(previous, above, member, doc) || HasBlankBefore(member) ? Line.BlankAlways : Line.Always);
            docs.Add(comments);
            docs.Add(doc);
            previous = member;
            above = doc;
        }
        var end = tree.Root.EndOfFile;
        if (CommentsBefore(end) is { } last)
        {
            if (docs.Count > 0) docs.Add(HasBlankBefore(end) ? Line.BlankAlways : Line.Always);
            docs.Add(last);
        }
        return new Concat([.. docs]);
    }

    /// <summary>Whether two neighbours are apart by an empty line even if the text has none.</summary>
    private static bool NeedsBlank(SyntaxNode previous, Doc? above, SyntaxNode next, Doc doc) =>
        SectionOf(previous) != SectionOf(next) || (SectionOf(next) > 2 && (IsTall(above) || IsTall(doc)));

    private static int SectionOf(SyntaxNode member) => member switch
    {
        AttributeSyntax => 0,
        ImportDeclaration or ExtensionImportDeclaration => 1,
        ConfigDeclaration => 2,
        FunctionDeclaration or TestDeclaration => 4,
        _ => 3,
    };

    private static bool IsTall(Doc? doc) => doc is not null && (!doc.MayBeFlat || doc.FlatWidth > DocPrinter.Width);

    private Doc Member(SyntaxNode member) => member switch
    {
        ImportDeclaration import => Import(import),
        ExtensionImportDeclaration extension => Cat(
            Token(extension.ExtensionKeyword), space, Path(extension.Path), space,
            Bracketed(extension.OpenBrace, extension.Items, extension.CloseBrace, i => Cat(Token(i.Trait), Token(i.Dot), Token(i.Method)), Brackets.Spaced)),
        Item item => Declared(item),
        Statement statement => StatementOf(statement),
        _ => Verbatim(member),
    };

    private Doc Import(ImportDeclaration import)
    {
        var head = Cat(Word(import.PubKeyword), Token(import.UseKeyword), space, Path(import.Path));
        if (import.OpenBrace is not null)
            head = Cat(head, space, Bracketed(import.OpenBrace, import.Items, import.CloseBrace, ImportedItem, Brackets.Spaced));
        return import.AsKeyword is null ? head : Cat(head, space, Token(import.AsKeyword), space, Token(import.Alias));
    }

    private Doc ImportedItem(ImportItem item)
    {
        var name = Cat(Token(item.PrivateMarker), Token(item.Dollar), Token(item.Name));
        return item.AsKeyword is null ? name : Cat(name, space, Token(item.AsKeyword), space, Token(item.AliasDollar), Token(item.Alias));
    }

    private Doc Path(ModulePath path) => new Concat([.. path.Tokens.Select(Token)]);

    /// <summary>A word and a blank, or nothing.</summary>
    private Doc Word(SyntaxToken? token) => token is null ? Doc.Empty : Cat(Token(token), space);

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
        return Cat(Token(argument.Name), space, Token(argument.EqualsToken), space, Value(argument.Value));
    }

    private Doc Declared(Item item)
    {
        var body = item switch
        {
            FunctionDeclaration f => Function(f),
            TestDeclaration t => Test(t),
            ConfigDeclaration c => Cat(Token(c.Dollar), Token(c.Name), space, Token(c.EqualsToken), Following(c.Value)),
            TypeDeclaration t => TypeDeclared(t),
            TraitDeclaration t => Trait(t),
            ImplDeclaration i => Impl(i),
            ExtendDeclaration e => Cat(
                Token(e.ExtendKeyword), space, TypePathOf(e.Trait), Where(e.Where), space, Members(e.OpenBrace, e.Members, e.CloseBrace)),
            AssociatedTypeDeclaration a => Associated(a),
            FieldDeclaration f => Field(f),
            _ => Verbatim(item),
        };
        if (item.PubKeyword is not null) body = Cat(Word(item.PubKeyword), body);
        if (item.Attributes.IsEmpty) return body;
        var docs = new List<Doc>();
        foreach (var attribute in item.Attributes)
        {
            docs.Add(Attribute(attribute));
            docs.Add(Line.OrSpace);
        }
        docs.Add(body);
        return new Group(new Concat([.. docs]), prefersBreak: item is not FieldDeclaration);
    }

    private Doc Function(FunctionDeclaration f)
    {
        var head = Cat(
            Token(f.At), Token(f.Name), f.TypeParameters is null ? Doc.Empty : TypeParameters(f.TypeParameters), space,
            Parameters(f.Parameters), space, Token(f.Arrow), space, Returned(f.ReturnType), Uses(f.Uses), Where(f.Where));
        return f.Body is null ? head : Cat(head, space, Token(f.EqualsToken), Following(f.Body, Place.Body));
    }

    private Doc Returned(TypeSyntax type) => TypeOf(type) is { FlatWidth: <= LabelledWidth, EndsInComment: false, MustBreak: false } doc ? new Flat(doc) : TypeOf(type);

    private Doc Test(TestDeclaration t)
    {
        var head = Cat(Token(t.At), Token(t.Name));
        foreach (var target in t.Targets)
            head = Cat(head, new Indent(new Group(Cat(Line.OrSpace, Token(target.TestsWord), space, Token(target.At), Token(target.Name)))));
        head = Cat(head, space, Parameters(t.Parameters), space, Token(t.Arrow), space, TypeOf(t.ReturnType), Uses(t.Uses));
        return t.Body is null ? head : Cat(head, space, Token(t.EqualsToken), Following(t.Body, Place.Body));
    }

    private Doc Parameters(ParameterList list) => Bracketed(list.OpenParen, list.Parameters, list.CloseParen, ParameterOf);

    private Doc ParameterOf(ParameterSyntax parameter)
    {
        if (parameter is SelfParameter self) return Cat(Word(self.Modifier), Token(self.SelfKeyword));
        var p = (Parameter)parameter;
        var head = Cat(Token(p.Dot), PatternOf(p.Pattern), Token(p.Colon), space, TypeOf(p.Type));
        return p.Default is null ? head : Cat(head, space, Token(p.EqualsToken), Following(p.Default));
    }

    private Doc TypeParameters(TypeParameterList list) => Bracketed(list.Less, list.Parameters, list.Greater, p =>
    {
        var doc = Token(p.Name);
        if (p.Bounds is not null) doc = Cat(doc, Token(p.Colon), space, Bounds(p.Bounds));
        return p.Default is null ? doc : Cat(doc, space, Token(p.EqualsToken), space, TypeOf(p.Default));
    });

    private Doc Bounds(BoundList list)
    {
        var docs = new List<Doc>();
        foreach (var element in list.Bounds.Elements)
        {
            docs.Add(element is Bound bound
                ? Cat(Token(bound.Tilde), TypeOf(bound.Type))
                : Cat(space, Token((SyntaxToken)element), space));
        }
        return new Concat([.. docs]);
    }

    // Where a header is too long, its parameters break first.
    private Doc Uses(UsesClause? uses)
    {
        if (uses is null) return Doc.Empty;
        var text = UsesText(uses);
        return text.FlatWidth <= LabelledWidth ? Cat(space, new Flat(text)) : new Indent(new Group(Cat(Line.OrSpace, text)));
    }

    private Doc UsesText(UsesClause uses) => Cat(Token(uses.UsesKeyword), space, new Indent(new Group(Row(uses.Capabilities, TypePathOf))));

    private Doc Where(WhereClause? where) => where is null
        ? Doc.Empty
        : new Indent(new Group(Cat(Line.OrSpace, Token(where.WhereKeyword), space, new Indent(new Group(Row(where.Constraints, Constraint))))));

    private Doc Constraint(WhereConstraint c) => c.Bounds is not null
        ? Cat(TypePathOf(c.Path), Token(c.Colon), space, Bounds(c.Bounds))
        : Cat(TypePathOf(c.Path), space, Token(c.EqualsToken), space, c.Type is null ? Doc.Empty : TypeOf(c.Type));

    private Doc TypeDeclared(TypeDeclaration t)
    {
        var head = Cat(
            Token(t.TypeKeyword), space, Token(t.Name), t.TypeParameters is null ? Doc.Empty : TypeParameters(t.TypeParameters),
            Where(t.Where), space, Token(t.EqualsToken));
        return t.Definition switch
        {
            StructDefinition s => Cat(head, space, Bracketed(s.OpenBrace, s.Members, s.CloseBrace, Declared, Brackets.Spaced)),
            SumDefinition s => Cat(head, Sum(s)),
            AliasDefinition a => Cat(head, space, TypeOf(a.Type)),
            _ => Verbatim(t),
        };
    }

    /// <summary>Variants on one line without a bar before the first, or one a line, each with its bar.</summary>
    private Doc Sum(SumDefinition sum)
    {
        var docs = new List<Doc> { Line.OrSpace };
        var bars = sum.LeadingBar is not null;
        if (bars) docs.Add(Cat(Token(sum.LeadingBar), space));
        else if (sum.Variants.Count > 1) docs.Add(new IfBroken("| ", wasThere: false));
        foreach (var element in sum.Variants.Elements)
        {
            if (element is VariantDeclaration variant) docs.Add(Pin(Variant(variant), variant, null));
            else
            {
                docs.Add(HasBlankBefore(element) ? Line.BlankOrSpace : Line.OrSpace);
                docs.Add(Cat(Token((SyntaxToken)element), space));
            }
        }
        return new Group(new Indent(new Concat([.. docs])), prefersBreak: bars && sum.Variants.Count > 1);
    }

    private Doc Variant(VariantDeclaration variant) => variant.OpenParen is null
        ? Token(variant.Name)
        : Cat(Token(variant.Name), Bracketed(variant.OpenParen, variant.Fields, variant.CloseParen, f => f.Name is null
            ? TypeOf(f.Type)
            : Cat(Token(f.Name), Token(f.Colon), space, TypeOf(f.Type))));

    private Doc Field(FieldDeclaration f)
    {
        var head = Cat(Token(f.Name), Token(f.Colon), space, TypeOf(f.Type));
        return f.Default is null ? head : Cat(head, space, Token(f.EqualsToken), Following(f.Default));
    }

    private Doc Trait(TraitDeclaration t)
    {
        var head = Cat(Token(t.TraitKeyword), space, Token(t.Name), t.TypeParameters is null ? Doc.Empty : TypeParameters(t.TypeParameters));
        if (t.Supertraits is not null) head = Cat(head, Token(t.Colon), space, Bounds(t.Supertraits));
        return Cat(head, Where(t.Where), space, Members(t.OpenBrace, t.Members, t.CloseBrace));
    }

    private Doc Impl(ImplDeclaration i)
    {
        var head = Cat(Token(i.ImplKeyword), i.TypeParameters is null ? Doc.Empty : TypeParameters(i.TypeParameters), space, Token(i.Bang));
        if (i.Trait is not null) head = Cat(head, TypeOf(i.Trait), space, Token(i.ForKeyword), space);
        return Cat(head, TypeOf(i.Type), Where(i.Where), space, Members(i.OpenBrace, i.Members, i.CloseBrace));
    }

    private Doc Associated(AssociatedTypeDeclaration a)
    {
        var doc = Cat(Token(a.TypeKeyword), space, Token(a.Name));
        if (a.Bounds is not null) doc = Cat(doc, Token(a.Colon), space, Bounds(a.Bounds));
        return a.Type is null ? doc : Cat(doc, space, Token(a.EqualsToken), space, TypeOf(a.Type));
    }

    /// <summary>The body of a trait, impl or extend: a member a line, no commas.</summary>
    private Doc Members(SyntaxToken? open, SeparatedList<Item> list, SyntaxToken? close)
    {
        var closing = ClosingComments(close);
        if (list.Elements.IsEmpty && closing is null) return Cat(Token(open), Token(close));
        var docs = new List<Doc> { Line.OrSpace };
        Item? previous = null;
        Doc? above = null;
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
            if (previous is not null)
            {
                var apart = HasBlankBefore(member) || (previous is FunctionDeclaration && member is FunctionDeclaration && (IsTallMember(above) || IsTallMember(doc)));
                docs.Add(apart ? Line.BlankOrSpace : Line.OrSpace);
            }
            docs.Add(comments);
            docs.Add(doc);
            previous = member;
            above = doc;
        }
        if (closing is not null) docs.Add(closing);
        return WithCommentAfter(
            new Group(Cat(Token(open), new Indent(new Concat([.. docs])), Line.OrSpace, CloserText(close)), prefersBreak: list.Count > 0), close);
    }

    private static bool IsTallMember(Doc? doc) => doc is not null && (!doc.MayBeFlat || doc.FlatWidth > DocPrinter.Width - DocPrinter.Step);

    /// <summary>What the formatter knows no layout for, as it stands. There is no such thing in a text without errors.</summary>
    private Doc Verbatim(SyntaxNode node) => Text(node.ToString());

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
