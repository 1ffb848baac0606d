using Sigil.Semantics.Types;

namespace Sigil.Mir.Tests;

/// <summary>Methods that the structure of a type gives.</summary>
public class StructuralTests
{
    private const string Source = """
        #[derive(Eq, Comparable, Hashable, Printable, Debug, Default)]
        type Key = { a: int = 7, b: str }
        #[derive(Eq, Printable)]
        type Shape = Circle(int) | Rect(w: int, h: str) | Empty
        @main () -> void = ()
        """;

    private static MirFunction Graph(string type, string trait, string method)
    {
        var lowered = Lowered.Raw(Source);
        var definition = lowered.Program.Modules.SelectMany(m => m.Types).First(t => t.Name == type);
        var symbol = lowered.Program.Core.Trait(trait).FindMethod(method)!;
        var target = lowered.Program.Types.ResolveMethod(symbol, [definition.SelfType]);
        Assert.True(target.IsStructural);
        return lowered.Mir.StructuralGraphOf(target);
    }

    [Fact]
    public void Text_of_a_struct() => Lowered.Same(
        """
        bb0:
          _1 = call Printable.nested_text<int>(&self_0.0)
          _2 = call Printable.nested_text<str>(&self_0.1)
          _3 = concat("Key { a: ", take _1, ", b: ", take _2, " }")
          return take _3
        """, Lowered.Blocks(Graph("Key", "Printable", "to_string")));

    [Fact]
    public void Equality_of_a_sum() => Lowered.Same(
        """
        bb0:
          _2 = discriminant self_0
          _3 = discriminant other_1
          _4 = Equal(_2, take _3)
          if take _4 then bb1 else bb2
        bb1:
          switch _2 [0: bb3, 1: bb4, else: bb5]
        bb2:
          return false
        bb3:
          _5 = Equal(self_0.Circle.0, other_1.Circle.0)
          if take _5 then bb6 else bb7
        bb4:
          _6 = Equal(self_0.Rect.0, other_1.Rect.0)
          if take _6 then bb8 else bb9
        bb5:
          return true
        bb6:
          return true
        bb7:
          return false
        bb8:
          _7 = Equal(self_0.Rect.1, other_1.Rect.1)
          if take _7 then bb10 else bb11
        bb9:
          return false
        bb10:
          return true
        bb11:
          return false
        """, Lowered.Blocks(Graph("Shape", "Eq", "equals")));

    [Theory]
    [InlineData("compare", "Comparable")]
    [InlineData("hash", "Hashable")]
    [InlineData("debug", "Debug")]
    [InlineData("default", "Default")]
    [InlineData("clone", "Clone")]
    public void Other_methods_verify(string method, string trait) => Assert.NotEmpty(Graph("Key", trait, method).Blocks);

    [Fact]
    public void A_default_uses_the_values_written_at_the_fields() => Lowered.Same(
        """
        bb0:
          _1 = call Default.default<str>()
          _0 = Key {7, take _1}
          return take _0
        """, Lowered.Blocks(Graph("Key", "Default", "default")));
}
