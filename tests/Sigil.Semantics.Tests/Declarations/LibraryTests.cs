namespace Sigil.Semantics.Tests.Declarations;

public class LibraryTests
{
    [Fact]
    public void DeclaresWithoutErrors() => Checked.Declarations("@main () -> void = ()");
}
