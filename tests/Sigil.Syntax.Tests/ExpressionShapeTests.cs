using static Sigil.Syntax.Tests.SyntaxErrorCheck;

namespace Sigil.Syntax.Tests;

/// <summary>Input and tree side by side, for what is easily read wrongly.</summary>
public sealed class ExpressionShapeTests
{
    [Theory]
    [InlineData("a + b * c - d", "(Binary (Binary (Name a) + (Binary (Name b) * (Name c))) - (Name d))")]
    [InlineData("a ?? b || c && d", "(Binary (Name a) ?? (Binary (Name b) || (Binary (Name c) && (Name d))))")]
    [InlineData("a | b ^ c & d == e", "(Binary (Name a) | (Binary (Name b) ^ (Binary (Name c) & (Binary (Name d) == (Name e)))))")]
    [InlineData("0..n + 1 < m", "(Binary (Range (Literal 0) .. (Binary (Name n) + (Literal 1))) < (Name m))")]
    [InlineData("a >> b >= c", "(Binary (Binary (Name a) > > (Name b)) > = (Name c))")]
    [InlineData("a > > b", "(Binary (Binary (Name a) > (Missing ?)) > (Name b))", true)]
    [InlineData("7 div 2", "(Binary (Literal 7) div (Literal 2))")]
    [InlineData("-a.b()", "(Unary - (Call (Member (Name a) b) (ArgumentList)))")]
    [InlineData("!-~x", "(Unary ! (Unary - (Unary ~ (Name x))))")]
    [InlineData("a = b = c", "(Assign (Name a) = (Assign (Name b) = (Name c)))")]
    [InlineData("p.0.1", "(TupleIndex (TupleIndex (Name p) 0) 1)")]
    [InlineData("5.twice()", "(Call (Member (Literal 5) twice) (ArgumentList))")]
    [InlineData("f()?", "(Question (Call (Name f) (ArgumentList)) ?)")]
    [InlineData("a ?? if p then x else y + 1", "(Binary (Name a) ?? (If if (Name p) then (Name x) else (Binary (Name y) + (Literal 1))))")]
    [InlineData("if a then if b then c else d", "(If if (Name a) then (If if (Name b) then (Name c) else (Name d)))")]
    [InlineData("1 + x -> x + 2", "(Binary (Literal 1) + (Lambda (LambdaParameter (Binding x)) -> (Binary (Name x) + (Literal 2))))")]
    [InlineData("channel<int>(1)", "(Call (Name channel (TypeArgumentList < (TypeArgument (Named int)) >)) (ArgumentList (Argument (Literal 1))))")]
    [InlineData("a < b", "(Binary (Name a) < (Name b))")]
    [InlineData("a<b && c>d", "(Binary (Binary (Name a) < (Name b)) && (Binary (Name c) > (Name d)))")]
    [InlineData("a<b>d", "(Binary (Binary (Name a) < (Name b)) > (Name d))")]
    [InlineData("f(a<b, c>(d))", "(Call (Name f) (ArgumentList (Argument (Call (Name a (TypeArgumentList < (TypeArgument (Named b)) (TypeArgument (Named c)) >)) (ArgumentList (Argument (Name d)))))))")]
    [InlineData("f(a <b, c>(d))", "(Call (Name f) (ArgumentList (Argument (Binary (Name a) < (Name b))) (Argument (Binary (Name c) > (Parenthesized (Name d))))))")]
    [InlineData("{}", "(Map)")]
    [InlineData("{ a }", "(Record (NamedFieldInitializer a))")]
    [InlineData("{ a: 1 }", "(Record (NamedFieldInitializer a (Literal 1)))")]
    [InlineData("{ (a): 1 }", "(Map (MapEntry (Parenthesized (Name a)) (Literal 1)))")]
    [InlineData("a.B { x }", "(Struct (Named a.B) (NamedFieldInitializer x))")]
    [InlineData("()", "(Unit)")]
    [InlineData("(a,)", "(Parenthesized (Name a))")]
    [InlineData("(a, b)", "(Tuple (Name a) (Name b))")]
    [InlineData("() -> str = \"x\"", "(Lambda -> (Named str) = (Literal \"x\"))")]
    [InlineData("() -> n", "(Lambda -> (Name n))")]
    [InlineData("(a) -> b = c", "(Lambda (LambdaParameter (Binding a)) -> (Assign (Name b) = (Name c)))")]
    [InlineData("(a: int) -> str uses A, B = c", "(Lambda (LambdaParameter (Binding a) (Named int)) -> (Named str) (UsesClause uses A B) = (Name c))")]
    [InlineData("xs[# - 1]", "(Index (Name xs) (Binary (Hash #) - (Literal 1)))")]
    [InlineData("xs[..]", "(Index (Name xs) (Range ..))")]
    [InlineData("xs[..=n]", "(Index (Name xs) (Range ..= (Name n)))")]
    [InlineData("f(-, - 1)", "(Call (Name f) (ArgumentList (Argument (Operator -)) (Argument (Unary - (Literal 1)))))")]
    [InlineData("f(&mut a.b, &)", "(Call (Name f) (ArgumentList (Argument (Lend & mut (Member (Name a) b))) (Argument (Operator &))))")]
    [InlineData("ref Node { n: 1 }", "(CapabilityPrefix ref (Struct (Named Node) (NamedFieldInitializer n (Literal 1))))")]
    [InlineData("ref(a)", "(Call (Name ref) (ArgumentList (Argument (Name a))))")]
    [InlineData("val = iso", "(Assign (Name val) = (Name iso))")]
    [InlineData("`a{x}b`", "(Template (TemplateText a) (TemplateHole (Name x)) (TemplateText b))")]
    [InlineData("with C = a in b", "(WithCapability with C = (Name a) in (Name b))")]
    [InlineData("with(.acquire: a)", "(Call (Name with) (ArgumentList (Argument acquire (Name a))))")]
    [InlineData("break -1", "(Break break (Unary - (Literal 1)))")]
    public void Shape(string text, string expected, bool hasErrors = false)
    {
        if (!hasErrors)
        {
            Assert.Equal(expected, TreeText.Of(ParseExpression(text)));
            return;
        }
        var tree = SyntaxTree.Parse(SourceText.FromString("test.si", text), ParseOptions.Snippet);
        Assert.NotEmpty(tree.Diagnostics);
        Assert.Equal(expected, TreeText.Of(Assert.IsType<ExpressionStatement>(tree.Root.Members[0]).Expression));
    }

    [Theory]
    [InlineData("c.receive() -> v -> f(v)", "(SelectArm (Call (Member (Name c) receive) (ArgumentList)) -> (Guarded (Binding v)) -> (Call (Name f) (ArgumentList (Argument (Name v)))))")]
    [InlineData("c.receive() -> Some(v) if v > 1 -> v", "(SelectArm (Call (Member (Name c) receive) (ArgumentList)) -> (Guarded (Variant Some (PatternArgument (Binding v))) if (Binary (Name v) > (Literal 1))) -> (Name v))")]
    [InlineData("p.send(1) -> f(x)", "(SelectArm (Call (Member (Name p) send) (ArgumentList (Argument (Literal 1)))) -> (Call (Name f) (ArgumentList (Argument (Name x)))))")]
    public void Select_arms(string text, string expected)
    {
        var select = Assert.IsType<SelectExpression>(ParseExpression($"select({text})"));
        Assert.Equal(expected, TreeText.Of(Assert.Single(select.Entries.Nodes)));
    }

    [Theory]
    [InlineData("{str: int}", "(Map (Named str) (Named int))")]
    [InlineData("{T: int}", "(Map (Named T) (Named int))")]
    [InlineData("{key: int}", "(Record (RecordTypeField key (Named int)))")]
    [InlineData("{(k): int}", "(Map (Parenthesized (Named k)) (Named int))")]
    [InlineData("{[int]: int}", "(Map (List (Named int)) (Named int))")]
    [InlineData("A -> B -> C", "(FunctionType (Named A) -> (FunctionType (Named B) -> (Named C)))")]
    [InlineData("(A, B) -> C uses X", "(FunctionType (TupleType (Named A) (Named B)) -> (Named C) (UsesClause uses X))")]
    [InlineData("(A -> B uses X, Y)", "(Parenthesized (FunctionType (Named A) -> (Named B) (UsesClause uses X Y)))")]
    [InlineData("(A -> B uses X, int)", "(TupleType (FunctionType (Named A) -> (Named B) (UsesClause uses X)) (Named int))")]
    [InlineData("iso (A -> B)", "(Capability iso (Parenthesized (FunctionType (Named A) -> (Named B))))")]
    [InlineData("&mut [T]", "(Borrow & mut (List (Named T)))")]
    [InlineData("dyn A + B<Item = int>", "(Dyn dyn (BoundList (Bound (Named A)) + (Bound (Named B (TypeArgumentList < (TypeArgument Item = (Named int)) >)))))")]
    [InlineData("List<List<int>>", "(Named List (TypeArgumentList < (TypeArgument (Named List (TypeArgumentList < (TypeArgument (Named int)) >))) >))")]
    public void Types(string text, string expected)
    {
        var let = Assert.IsType<LetStatement>(ParseCleanly($"let x: {text} = y", ParseOptions.Snippet).Root.Members[0]);
        Assert.Equal(expected, TreeText.Of(let.Type!));
    }

    [Theory]
    [InlineData("@f () -> A -> B uses X, Y = z", "(Function @ f (ParameterList) -> (FunctionType (Named A) -> (Named B)) (UsesClause uses X Y) = (Name z))")]
    [InlineData("type T = A -> B uses X, Y", "(Type type T = (AliasDefinition (FunctionType (Named A) -> (Named B) (UsesClause uses X Y))))")]
    [InlineData("type T = { str: int }", "(Type type T = (AliasDefinition (Map (Named str) (Named int))))")]
    [InlineData("type T = { str: int, n: int }", "(Type type T = (StructDefinition (Field str (Named int)) (Field n (Named int))))")]
    [InlineData("type T = A(int)", "(Type type T = (SumDefinition (Variant A (VariantField (Named int)))))")]
    [InlineData("type T = A", "(Type type T = (AliasDefinition (Named A)))")]
    [InlineData("type T = | A", "(Type type T = (SumDefinition | (Variant A)))")]
    public void Items(string text, string expected) =>
        Assert.Equal(expected, TreeText.Of(Assert.Single(ParseCleanly(text).Root.Members)));
}
