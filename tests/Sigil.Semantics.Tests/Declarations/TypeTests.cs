namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Types and signatures: E2002–E2005, E2019, E2022, E3001, E3015, E3016, E3024, E3025, E3041, E6008.</summary>
public class TypeTests
{
    [Fact]
    public void EveryFormOfType() => Checked.Declarations("""
        type P = { x: int, y: Option<P> = None }
        type Tree<T> = Leaf | Node(left: Tree<T>, value: T, right: Tree<T>)
        type Only = | Sole
        type Meters = float
        type Job = int -> int
        type Shared<T> = iso T
        type Lease<T> = { @value () -> T, @release () -> void }
        @f (a: [P], b: {str: int}, c: {k: int}, d: (int, str), e: () -> void, g: ((int, int)) -> int,
            h: dyn Printable + Sendable, i: Shared<P>, j: Set<int>, k: &[int], l: &mut P, m: Range<int>) -> Result<void, Error> = Ok(())
        """);

    [Fact]
    public void UnknownNames() => Checked.Declarations("""
        @a (x: Nope) -> int = 1 //~ E2002
        @b () -> Intt = 1 //~ E2002
        @c () -> int uses Nope = 1 //~ E2003
        @d<T: Nope> (x: T) -> int = 1 //~ E2003
        @e<T> (x: T.Item) -> int = 1 //~ E3024
        """);

    [Fact]
    public void Duplicates() => Checked.Declarations("""
        @f () -> int = 1
        @f () -> int = 2 //~ E2004
        type A = { n: int }
        type A = { n: int } //~ E2004
        trait A {} //~ E2004
        $c = 1
        $c = 2 //~ E2004
        @g (a: int, a: int) -> int = a //~ E2005
        type B = { x: int, x: int } //~ E2005
        type C = V | V //~ E2005
        type D<T, T> = { x: T } //~ E2005
        type E = X | Y(a: int, a: int) //~ E2005
        impl A {
            @m (self) -> int = 1
            @m (self) -> int = 2 //~ E2004
        }
        """);

    [Fact]
    public void VariantsOfTwoTypesMayShareAName() => Checked.Declarations("""
        type A = Empty | Full(int)
        type B = Empty | Closed
        """);

    [Fact]
    public void Case() => Checked.Declarations("""
        type money = int //~ E2022
        trait small {} //~ E2022
        type A = red | Green //~ E2022
        @f<t> (x: t) -> int = 1 //~ E2022
        """);

    [Fact]
    public void SelfOutside() => Checked.Declarations("""
        @f () -> Self = g() //~ E2019
        type Node = { next: Option<Self> } //~ E2019
        @h (self) -> int = 1 //~ E2018
        """);

    [Fact]
    public void TraitAsType() => Checked.Declarations("@f (x: Printable) -> int = 1 //~ E3001");

    [Fact]
    public void ArgumentCount() => Checked.Declarations("""
        @a (x: Option<int, int>) -> int = 1 //~ E3015
        @b (x: Option) -> int = 1 //~ E3015
        @c (x: int<int>) -> int = 1 //~ E3015
        @d<T: From> (x: T) -> int = 1 //~ E3015
        @e<T> (x: T<int>) -> int = 1 //~ E3015
        """);

    [Fact]
    public void BoundsOfTypeArguments() => Checked.Declarations("""
        @a (x: {float: int}) -> int = 1 //~ E3016
        type Sorted<T: Comparable> = { items: [T] }
        @b (x: Sorted<int>) -> int = 1
        @c (x: Sorted<int -> int>) -> int = 1 //~ E3016
        @d<T> (x: Sorted<T>) -> int = 1 //~ E3016
        @e<T: Comparable> (x: Sorted<T>) -> int = 1
        type Box<T> = { value: T }
        @f (x: Box<Producer<int>>) -> int = 1 //~ E3016
        type Owner<T: ~Copyable> = { value: T }
        @g (x: Owner<Producer<int>>) -> int = 1
        @h (x: ref Producer<int>) -> int = 1 //~ E3016
        """);

    [Fact]
    public void InfiniteSize() => Checked.Declarations("""
        type Node = { next: Node } //~ E3025
        type A = { b: B } //~ E3025
        type B = { a: (int, A) }
        type Fine = { next: Option<Fine>, more: [Fine], f: Fine -> Fine }
        type Sum = Leaf | Branch(Sum, Sum)
        """);

    [Fact]
    public void EndlessTypes() => Checked.Declarations("""
        type Nested<T> = Leaf(T) | Deeper(Nested<[T]>) //~ E3044
        type Swap<A, B> = Stop | Go(Swap<B, A>)
        type Pair<T> = { p: Option<Pair<(T, T)>> } //~ E3044
        """);

    [Fact]
    public void DefaultValues() => Checked.Declarations("""
        $base = 3
        @zero () -> int = 0
        @stamp () -> int uses Env = 1
        trait Env { @pid () -> int }
        @a (x: int, y: int = $base + zero()) -> int = x
        @b (x: int, y: int = x) -> int = x //~ E3041
        @c (y: int = stamp()) -> int = y //~ E3041
        @d (y: int = Env.pid()) -> int = y //~ E3041
        type P = { x: int, y: int = x } //~ E3041
        @e (x: int, f: int -> int = x -> x) -> int = x
        """);

    [Fact]
    public void BorrowsAreForParameters() => Checked.Declarations("""
        type A = { x: &int } //~ E6008
        type B = { x: &mut int }
        @f () -> &int = 1 //~ E6008
        @g (f: (&int, &mut int) -> int) -> int = 1
        """);

    [Fact]
    public void OldChannel() => Checked.Declarations("@f (c: Channel<int>) -> int = 1 //~ E6018");

    [Fact]
    public void HoleInSignature() => Checked.Declarations("@f (x: _) -> int = 1 //~ E3002");
}
