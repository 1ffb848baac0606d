namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Traits, impls, coherence, derives, dyn: E3017–E3026, E3042, E3043, E5004, E5005, E6016.</summary>
public class TraitTests
{
    [Fact]
    public void WellFormedImpls() => Checked.Declarations("""
        trait Shape: Printable {
            type Unit
            @area (self) -> Self.Unit
            @name (self) -> str = "shape"
            @make () -> Self
        }
        type Square = { side: int }
        impl Printable for Square { @to_string (self) -> str = "square" }
        impl Shape for Square {
            type Unit = int
            @area (self) -> int = self.side * self.side
            @make () -> Square = Square { side: 1 }
        }
        trait Show { @show (self) -> str }
        impl<T: Printable> Show for [T] { @show (self) -> str = "list" }
        type Meters = int
        impl Add for Meters { type Output = Meters @add (self, rhs: Meters) -> Self.Output = self }
        impl<T> From<T> for Box<T> { @from (value: T) -> Box<T> = Box { value } }
        type Box<T> = { value: T }
        impl Iterator for Square { type Item = int @next (self) -> Option<int> = None }
        """);

    [Fact]
    public void MissingAndExtraMembers() => Checked.Declarations("""
        type P = { x: int }
        impl Eq for P { } //~ E3017
        type Q = { x: int }
        impl Eq for Q {
            @equals (self, other: Q) -> bool = true
            @equal (self) -> bool = true //~ E3018
        }
        impl Iterator for Q { @next (mut self) -> Option<int> = None } //~ E3017
        impl Printable for Q {
            type Item = int //~ E3018
            @to_string (self) -> str = "q"
        }
        """);

    [Fact]
    public void Signatures() => Checked.Declarations("""
        trait T {
            @a (self, n: int) -> int
            @b (self) -> str
            @c (mut self) -> int
            @d<U: Eq> (self, u: U) -> int
        }
        trait Net { @get () -> str }
        type P = { x: int }
        impl T for P {
            @a (self, n: str) -> int = 1 //~ E3019
            @b (self) -> str uses Net = "" //~ E3019
            @c (self) -> int = 1
            @d<V: Eq> (self, u: V) -> int = 1
        }
        type Q = { x: int }
        impl T for Q {
            @a (self) -> int = 1 //~ E3019
            @b () -> str = "" //~ E3019
            @c (own self) -> int = 1 //~ E3019
            @d<V: Comparable> (self, u: V) -> int = 1 //~ E3019
        }
        """);

    [Fact]
    public void Overlap() => Checked.Declarations("""
        trait T { @m (self) -> int }
        type P = { x: int }
        impl T for P { @m (self) -> int = 1 }
        impl T for P { @m (self) -> int = 1 } //~ E3020
        impl<A: Printable> T for [A] { @m (self) -> int = 1 }
        impl<A: Eq> T for [A] { @m (self) -> int = 1 } //~ E3020
        #[derive(Eq)]
        type Q = { x: int }
        impl Eq for Q { @equals (self, other: Q) -> bool = true } //~ E3020
        impl From<int> for P { @from (value: int) -> P = P { x: value } }
        impl From<str> for P { @from (value: str) -> P = P { x: 0 } }
        """);

    [Fact]
    public void BlanketOverlapsEverything() => Checked.Declarations("""
        trait T { @m (self) -> int }
        impl<A: Printable> T for A { @m (self) -> int = 1 }
        type P = { x: int }
        impl T for P { @m (self) -> int = 1 } //~ E3020
        """);

    [Fact]
    public void Orphans() => Checked.Declarations("""
        impl Printable for [int] { @to_string (self) -> str = "" } //~ E3021
        impl int { @twice (self) -> int = self * 2 } //~ E3021
        type Mine = | Bad
        impl From<Mine> for Error { @from (value: Mine) -> Error = Error.new("mine") }
        impl<A> Default for (A, A) { @default () -> (A, A) = todo() } //~ E3021
        """);

    [Fact]
    public void Supertraits() => Checked.Declarations("""
        type P = { x: int }
        impl Comparable for P { @compare (self, other: P) -> Ordering = Equal } //~ E3022
        """);

    [Fact]
    public void Objects() => Checked.Declarations("""
        @a (x: dyn Clone) -> int = 1 //~ E3023
        @b (x: dyn Iterator) -> int = 1 //~ E3024
        @c (x: dyn Iterator<Item = int>) -> int = 1
        @d (x: dyn Iterator<Itm = int>) -> int = 1 //~ E3024 E3024
        @e (x: dyn Eq) -> int = 1 //~ E3023
        trait G { @g<T> (self, x: T) -> int }
        @f (x: dyn G) -> int = 1 //~ E3023
        trait Child: Iterator {}
        @g (x: dyn Child) -> int = 1 //~ E3024
        trait Tariff { @rate () -> int }
        @h (x: dyn Tariff) -> int = 1 //~ E3023
        @i (x: &dyn Tariff) -> int = 1
        """);

    [Fact]
    public void Derives() => Checked.Declarations("""
        #[derive(Eq)]
        type F = { f: int -> int }
        #[derive(Default)]
        type S = A | B
        #[derive(Shiny)]
        type G = { n: int }
        #[derive(Iterator)]
        type H = { n: int }
        #[derive(Eq, Hashable, Comparable, Debug, Printable, Clone, Default)]
        type Fine<T> = { a: int, b: str, c: [T], d: Option<T> = None }
        #[derive(Comparable)]
        type NoEq = { n: int }
        """.Replace("#[derive(Eq)]", "#[derive(Eq)] //~ E3026").Replace("#[derive(Default)]", "#[derive(Default)] //~ E3026")
            .Replace("#[derive(Shiny)]", "#[derive(Shiny)] //~ E2003").Replace("#[derive(Iterator)]", "#[derive(Iterator)] //~ E3026")
            .Replace("#[derive(Comparable)]", "#[derive(Comparable)] //~ E3022").Replace("Hashable, ", ""));

    [Fact]
    public void ItemConflicts() => Checked.Declarations("""
        @f<I> (x: I) -> int where I: Iterator<Item = int>, I.Item = str = 1 //~ E3042
        """);

    [Fact]
    public void ExtensionHidesMethod() => Checked.Declarations("""
        extend Eq { @equals (self, o: Self) -> bool = true } //~ E3043
        """);

    [Fact]
    public void Capabilities() => Checked.Declarations("""
        trait Tariff { @rate (zone: str) -> Option<int> }
        @a () -> int uses Tariff, Async = 1
        @b () -> int uses Default = 1 //~ E5004
        @c () -> int uses Tariff, Tariff = 1 //~ E5005
        @d () -> int uses Comparable = 1 //~ E5004
        """);

    [Fact]
    public void Sendable() => Checked.Declarations("""
        type P = { x: int }
        impl Sendable for P {} //~ E6016
        type Q = { x: int }
        impl !Sendable for Q {}
        """);

    [Fact]
    public void OpaqueImpls() => Checked.Declarations("""
        type Lease<T> = { @value () -> T, @release () -> void }
        type Plain = { n: int }
        impl Lease<int> for Plain {
            @value () -> int = self.n
            @release () -> void = ()
        }
        type Other = { n: int }
        impl Lease<str> for Other { @value () -> int = 1 } //~ E3017 E3019
        """);
}
