namespace Sigil.Semantics.Tests.Declarations;

/// <summary>Imports: E2006–E2012, E2023, E2024, E2026, E2027, W2002, W2004, W2005.</summary>
public class ModuleTests
{
    [Fact]
    public void ImportsByRelativePathAliasAndConfig() => Checked.Declarations("""
        //// main.si
        use './shop' { price, Item as Thing, $limit as $max }
        use './net/ping'
        use './deep' as d
        @f (t: Thing, r: ping.Reply, x: d.Far) -> int = price()
        //// shop.si
        pub $limit = 3
        pub type Item = { n: int }
        pub @price () -> int = 1
        //// net/ping.si
        use '../shop' { Item }
        pub type Reply = { item: Item }
        //// deep/mod.si
        pub type Far = { n: int }
        """);

    [Fact]
    public void ModuleNotFound() => Checked.Declarations("""
        use './nowhere' { a } //~ E2007
        use std.maths { pi } //~ E2007
        use nowhere.at.all //~ E2007
        """);

    [Fact]
    public void ItemNotFound() => Checked.Declarations("""
        //// main.si
        use './shop' { prize } //~ E2008
        use './shop' { $no } //~ E2008
        //// shop.si
        pub @price () -> int = 1
        """);

    [Fact]
    public void PrivateItems() => Checked.Declarations("""
        //// main.si
        use './shop' { secret } //~ E2006
        use './shop' { ::hidden }
        //// shop.si
        @secret () -> int = 1
        @hidden () -> int = 1
        //// _test/shop.test.si
        use '../shop' { secret }
        @test_secret tests @secret () -> void = ()
        """);

    [Fact]
    public void CycleIsReportedOnceWhereItWasEntered() => Checked.Declarations("""
        //// main.si
        use './a' { f }
        //// a.si
        use './b' { g } //~ E2009
        pub @f () -> int = 1
        //// b.si
        use './a' { f }
        pub @g () -> int = 1
        """);

    [Fact]
    public void SelfImport() => Checked.Declarations("""
        //// me.si
        use './me' { f } //~ E2010
        pub @f () -> int = 1
        """);

    [Fact]
    public void DuplicateImport() => Checked.Declarations("""
        //// main.si
        use './shop' { price, price } //~ E2011
        //// shop.si
        pub @price () -> int = 1
        """);

    [Fact]
    public void AmbiguousTypeIsReportedWhenUsed() => Checked.Declarations("""
        //// main.si
        use './a' { T }
        use './b' { T }
        @f (t: T) -> int = 1 //~ E2012
        //// a.si
        pub type T = { n: int }
        //// b.si
        pub type T = { n: int }
        """);

    [Fact]
    public void ReExports() => Checked.Declarations("""
        //// main.si
        use './front' { price, Color }
        @f (c: Color) -> int = price()
        //// front.si
        pub use './shop' { price, Color }
        pub use './shop' { secret } //~ E2026
        //// shop.si
        pub type Color = Red | Green
        pub @price () -> int = 1
        @secret () -> int = 1
        """);

    [Fact]
    public void ModuleFoundTwice() => Checked.Declarations("""
        //// main.si
        use './a' { f } //~ E2027
        //// a.si
        pub @f () -> int = 1
        //// a/mod.si
        pub @f () -> int = 1
        """);

    [Fact]
    public void Extensions() => Checked.Declarations("""
        //// main.si
        extension './ext' { Iterator.total, Iterator.nope } //~ E2023
        extension './ext' { Iterator.total } //~ E2024
        //// ext.si
        extend Iterator where Self.Item = int {
            @total (self) -> int = 1
        }
        """);

    [Fact]
    public void HidingIsAWarning() => Checked.Declarations("""
        //// main.si
        use './shop' { price }
        @price () -> int = 2 //~ W2004
        @retry () -> int = 2 //~ W2005
        //// shop.si
        pub @price () -> int = 1
        """);

    [Fact]
    public void PackageAndDependencyPaths() => Checked.Declarations("""
        //// main.si
        use app.shop { price }
        use charts { draw }
        use charts.pie { slice }
        //// shop.si
        pub @price () -> int = 1
        //// lib/charts/mod.si
        pub @draw () -> int = 1
        //// lib/charts/pie.si
        pub @slice () -> int = 1
        """, i => i with { RootFiles = ["main.si"], Dependencies = i.Dependencies.Add("charts", new("charts", ["lib/charts"])) });
}
