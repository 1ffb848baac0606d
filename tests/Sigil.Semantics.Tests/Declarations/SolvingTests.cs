using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Questions to the type system. The subject is the type of the parameter of <c>@subject</c>.</summary>
public class SolvingTests
{
    private static (ProgramAnalysis Program, SigilType Type) Subject(string type, string more)
    {
        var program = Checked.Declarations($"@subject (x: {type}) -> int = 1\n{more}");
        return (program, program.Modules[0].Functions.First(f => f.Name == "subject").Parameters[0].Type);
    }

    private const string Types = """
        #[derive(Eq, Debug)]
        type P = { x: int }
        type Q = { x: int, f: int -> int }
        type Color = Red | Green
        type Tree<T> = Leaf | Node(left: Tree<T>, value: T, right: Tree<T>)
        type Bad = { field: &mut int }
        type Out = { x: int }
        impl !Sendable for Out {}
        type Lease = { @value () -> int }
        """;

    [Theory]
    [InlineData("int", "Eq", true)]
    [InlineData("float", "Hashable", false)]
    [InlineData("[int]", "Eq", true)]
    [InlineData("[int -> int]", "Eq", false)]
    [InlineData("(int, str)", "Comparable", true)]
    [InlineData("(int, float)", "Hashable", false)]
    [InlineData("{ a: int, b: str }", "Hashable", true)]
    [InlineData("Option<(int, P)>", "Eq", true)]
    [InlineData("Option<P>", "Comparable", false)]
    [InlineData("P", "Printable", false)]
    [InlineData("{str: [int]}", "Debug", true)]
    [InlineData("P", "Clone", true)]
    [InlineData("ref P", "Clone", false)]
    [InlineData("Producer<int>", "Clone", false)]
    [InlineData("P", "Sendable", true)]
    [InlineData("Tree<int>", "Sendable", true)]
    [InlineData("Tree<ref int>", "Sendable", false)]
    [InlineData("Bad", "Sendable", false)]
    [InlineData("[Out]", "Sendable", false)]
    [InlineData("Lease", "Sendable", false)]
    [InlineData("dyn Printable", "Sendable", false)]
    [InlineData("dyn Printable + Sendable", "Sendable", true)]
    [InlineData("dyn Printable + Sendable", "Printable", true)]
    [InlineData("[int -> int]", "Sendable", true)]
    [InlineData("Producer<int>", "Sendable", true)]
    [InlineData("Tree<int>", "Serializable", true)]
    [InlineData("Q", "Serializable", false)]
    [InlineData("[int]", "Sequence", true)]
    [InlineData("int", "Sequence", false)]
    [InlineData("Range<int>", "Sequence", true)]
    [InlineData("Producer<int>", "Copyable", false)]
    [InlineData("[Producer<int>]", "Copyable", false)]
    public void Implements(string type, string trait, bool expected)
    {
        var (program, subject) = Subject(type, Types);
        Assert.Equal(expected, program.Types.Implements(subject, new TraitReference(program.Core.Trait(trait))));
    }

    [Theory]
    [InlineData("int", ValueKind.Copy)]
    [InlineData("str", ValueKind.Copy)]
    [InlineData("Color", ValueKind.Copy)]
    [InlineData("P", ValueKind.Value)]
    [InlineData("[int]", ValueKind.Value)]
    [InlineData("(int, str)", ValueKind.Copy)]
    [InlineData("(int, [int])", ValueKind.Value)]
    [InlineData("Option<int>", ValueKind.Copy)]
    [InlineData("Option<P>", ValueKind.Value)]
    [InlineData("Tree<int>", ValueKind.Value)]
    [InlineData("Option<int -> int>", ValueKind.Value)]
    [InlineData("iso P", ValueKind.Unique)]
    [InlineData("val P", ValueKind.Copy)]
    [InlineData("ref P", ValueKind.Copy)]
    [InlineData("iso (int -> int)", ValueKind.Unique)]
    [InlineData("Consumer<int>", ValueKind.Unique)]
    [InlineData("Option<Consumer<int>>", ValueKind.Unique)]
    [InlineData("dyn Printable", ValueKind.Value)]
    public void Kinds(string type, ValueKind expected)
    {
        var (program, subject) = Subject(type, Types);
        Assert.Equal(expected, program.Types.KindOf(subject));
    }

    [Fact]
    public void SendablePathNamesTheCulprit()
    {
        var (program, subject) = Subject("[Bad]", Types);
        var path = program.Types.WhyNotSendable(subject)!.Value;
        Assert.Equal(["the elements", "field field"], path.Select(p => p.Part));
        Assert.Equal("a mutable reference", path[^1].Reason);
        Assert.Equal("ref int", path[^1].Type.ToString());
    }

    [Fact]
    public void ConversionsFollowFrom()
    {
        var (program, subject) = Subject("P", Types + "\nimpl From<int> for P { @from (value: int) -> P = P { x: value } }");
        var core = program.Core;
        Assert.True(program.Types.Implements(subject, new TraitReference(core.Trait("From"), [core.Int], [])));
        Assert.True(program.Types.Implements(core.Int, new TraitReference(core.Trait("Into"), [subject], [])));
        Assert.True(program.Types.Implements(subject, new TraitReference(core.Trait("From"), [subject], [])));
        Assert.False(program.Types.Implements(subject, new TraitReference(core.Trait("From"), [core.Str], [])));
        var into = program.Types.ResolveMethod(core.Trait("Into").FindMethod("into")!, [core.Int, subject]);
        Assert.Equal("from", into.Function.Name);
    }

    [Fact]
    public void AssociatedTypesAreResolved()
    {
        var program = Checked.Declarations("""
            @f<I: Iterator> (x: I, y: I.Item) -> I.Item where I.Item: Add<Output = int> = y
            @g<I: Iterator<Item = int>> (x: I) -> I.Item = 1
            @h<I> (x: I) -> [I.Item] where I: Iterator, I.Item = str = []
            type C = { n: int }
            impl Iterator for C { type Item = str @next (mut self) -> Option<str> = None }
            """);
        var functions = program.Modules[0].Functions;
        Assert.Equal("I.Item", functions[0].ReturnType.ToString());
        Assert.Equal("int", functions[1].ReturnType.ToString());
        var c = program.Modules[0].Types[0].SelfType;
        var iterator = program.Core.Trait("Iterator");
        Assert.Equal("str", program.Types.Normalize(new ProjectionType(c, new TraitReference(iterator), iterator.AssociatedTypes[0])).ToString());
        using (program.Solver.Within(functions[2]))
            Assert.Equal("[str]", program.Types.Normalize(functions[2].ReturnType).ToString());
    }

    [Theory]
    [InlineData("[int]", "len", MemberSource.Inherent)]
    [InlineData("[int]", "sort", MemberSource.Inherent)]
    [InlineData("int", "compare", MemberSource.Trait)]
    [InlineData("int", "clone", MemberSource.Trait)]
    [InlineData("[int]", "enumerate", MemberSource.Iterable)]
    [InlineData("Range<int>", "fold", MemberSource.Iterable)]
    [InlineData("Lease", "value", MemberSource.Opaque)]
    [InlineData("Option<int>", "map", MemberSource.Inherent)]
    public void MethodsAreFound(string type, string name, MemberSource source)
    {
        var (program, subject) = Subject(type, Types);
        var found = program.Members.FindMethods(subject, name, program.ScopeOf(program.Modules[0]), new Unifier());
        Assert.NotEmpty(found);
        Assert.All(found, f => Assert.Equal(source, f.Source));
    }

    [Fact]
    public void EndlessSearchEnds() => Checked.Declarations("""
        trait T { @m (self) -> int }
        type B<A> = { a: A }
        impl<A> T for B<A> where B<B<A>>: T { @m (self) -> int = 1 }
        type Need<A: T> = { a: A }
        @f (x: Need<B<int>>) -> int = 1 //~ E3016
        """.Replace("where B<B<A>>: T ", "").Replace("//~ E3016", ""));
}
