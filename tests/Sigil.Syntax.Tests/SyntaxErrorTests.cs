using static Sigil.Syntax.Tests.SyntaxErrorCheck;

namespace Sigil.Syntax.Tests;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("@f () -> int = ⟦E1001|)⟧")]
    [InlineData("⟦E1001|]⟧\n@f () -> int = 1")]
    [InlineData("@f (a: int -> int = a⟦E1002|⟧")]
    [InlineData("@f () -> int ⟦E1002|{⟧}")]
    [InlineData("@f () -> int = f(1 ⟦E1002|2⟧)")]
    [InlineData("@f () -> int = run(\n    a()⟦E1002|⟧\n    b(),\n)")]
    [InlineData("type P = { x⟦E1002|,⟧ y: int }")]
    [InlineData("@f () -> int = 1 +⟦E1003|⟧")]
    [InlineData("@f () -> int = 1 +⟦E1003|⟧\n@g () -> int = 2")]
    [InlineData("@f () -> int = g(⟦E1003|,⟧ 1)")]
    [InlineData("@f () -> int = 1 + ⟦E1003|*⟧ 2")]
    [InlineData("@f (a: ⟦E1004|)⟧ -> int = 1")]
    [InlineData("@f () -> ⟦E1004|=⟧ 1")]
    [InlineData("@f (n: int) -> int = match(n, ⟦E1005|->⟧ 1)")]
    [InlineData("@⟦E1006|match⟧ () -> int = 1")]
    [InlineData("@f () -> int = run(let ⟦E1006|type⟧ = 1, 2)")]
    [InlineData("type P = { ⟦E1006|type⟧: str }")]
    [InlineData("@⟦E1007|f⟧ () = 1")]
    [InlineData("@⟦E1007|f⟧ (): int = 1")]
    [InlineData("@f (⟦E1008|a⟧) -> int = a")]
    [InlineData("@f (⟦E1008|a⟧, ⟦E1008|b⟧) -> int = a")]
    [InlineData("@f () -> [int] = ⟦E1009|[⟧1, 2")]
    [InlineData("@f () -> int = run⟦E1009|(⟧\n    g(),\n\n@g () -> int = 2\n@h () -> int = 3")]
    [InlineData("@f () -> int = g(⟦E1009|[⟧1, 2)")]
    [InlineData("$a = 1 ⟦E1010|use std.math { pi }⟧")]
    [InlineData("⟦E1011|let a = 1⟧")]
    [InlineData("@f () -> int = 1\n⟦E1011|print(2)⟧")]
    [InlineData("@f () -> int = ⟦E1012|let⟧ a = 1")]
    [InlineData("@f () -> R = { a: 1, ⟦E1013|\"b\"⟧: 2 }")]
    [InlineData("@f () -> R = { \"a\": 1, ⟦E1013|b⟧: 2 }")]
    [InlineData("@f () -> int = fare(.km: 3, ⟦E1014|1⟧)")]
    [InlineData("#[skip(⟦E1015|why⟧)] @test_a tests @a () -> void = ()")]
    [InlineData("⟦E1015|#[derive]⟧ type A = B | C")]
    [InlineData("@f () -> void = run(a()⟦E1016|;⟧ b())")]
    [InlineData("@f () -> void = a()⟦E1016|;⟧\n@g () -> void = b()")]
    [InlineData("@f () -> void = run(n ⟦E1017|+=⟧ 1)")]
    [InlineData("@f () -> void = run(n⟦E1017|++⟧)")]
    [InlineData("@f () -> str = a ⟦E1017|++⟧ b")]
    [InlineData("@f () -> str = x ⟦E1017||>⟧ g")]
    [InlineData("@f () -> str = match(x, a ⟦E1017|=>⟧ a)")]
    [InlineData("@f () -> str = xs.map(x ⟦E1017|=>⟧ x)")]
    [InlineData("@f () -> void = run(n ⟦E1017|>>=⟧ 1)")]
    [InlineData("#[⟦E1018|inline⟧] @f () -> int = 1")]
    [InlineData("⟦E1019|#[derive(Eq)]⟧ @f () -> int = 1")]
    [InlineData("type P = { ⟦E1019|#[derive(Eq)]⟧ x: int }")]
    [InlineData("@f () -> int = run(let f = ⟦E1020|+⟧, 1)")]
    [InlineData("@f () -> int = (⟦E1020|>=⟧)")]
    [InlineData("@f () -> int = len(⟦E1021|#⟧)")]
    [InlineData("@f () -> int = ⟦E1022|return⟧ 1")]
    [InlineData("@f () -> int = ⟦E1022|await⟧ g()")]
    [InlineData("⟦E1022|async⟧ @f () -> int = g()")]
    [InlineData("use std.math { ⟦E1023|*⟧ }")]
    [InlineData("use std.math.⟦E1023|*⟧")]
    [InlineData("@f () -> int = ⟦E1024|for⟧(.over: xs, .match: Some(x))")]
    [InlineData("@f () -> int = for(.over: xs, .match: Some(x), .default: 1, .⟦E1024|orelse⟧: 2)")]
    [InlineData("@f () -> int = for(.over: xs, .match: Some(x), .default: 1, .⟦E1024|default⟧: 2)")]
    [InlineData("@f () -> int = ⟦E1024|validate⟧(.then: 1)")]
    [InlineData("@f () -> int = ⟦E1024|select⟧(.closed: 1)")]
    [InlineData("@f () -> R = 1..2⟦E1025|..⟧3")]
    [InlineData("@f () -> void = ⟦E1026|f()⟧ = 1")]
    [InlineData("@f () -> int = run(let a = ⟦E1027|_⟧, a)")]
    [InlineData("@f () -> P = P { x: 1, ⟦E1028|...p⟧ }")]
    [InlineData("@f () -> P = P { ...q, ⟦E1028|...p⟧ }")]
    [InlineData("@f () -> void = ⟦E1029|run()⟧")]
    [InlineData("@f () -> void = ⟦E1029|match(x)⟧")]
    [InlineData("@f (a: { ⟦E1030|@f⟧ () -> int }) -> int = b")]
    [InlineData("⟦E1031|@f⟧ () -> int")]
    [InlineData("⟦E1031|@f⟧ () -> int\n@g () -> int = 1")]
    [InlineData("impl A for B { ⟦E1031|@f⟧ (self) -> int }")]
    [InlineData("$a = ⟦E1032|f()⟧")]
    [InlineData("@f () -> R = run(let r = ⟦E1033|1..⟧, r)")]
    [InlineData("@f () -> R = xs[g(⟦E1033|..⟧)]")]
    [InlineData("type A = ⟦E1034|B(int, n: int⟧) | C")]
    public void Is_reported_at_its_place(string marked) => Check(marked);

    [Theory]
    [InlineData("let n = 1 ⟦E1002|let⟧ m = 2")]
    [InlineData("let a = 1⟦E1016|;⟧\nlet b = 2")]
    [InlineData("⟦E1001|,⟧\nlet b = 2")]
    [InlineData("@f (a: int -> int = a⟦E1002|⟧")]
    [InlineData("let ⟦E1006|loop⟧ = 1")]
    public void Is_reported_in_a_snippet(string marked) => Check(marked, ParseOptions.Snippet);

    [Fact]
    public void Depth_is_limited()
    {
        Assert.Empty(Codes("@f () -> int = " + new string('(', 1_000) + "1" + new string(')', 1_000)));
        Assert.Equal(["E1035"], Codes("@f () -> int = " + new string('(', 1_001) + "1" + new string(')', 1_001)));
        Assert.Equal(["E1035"], Codes("@f (a: " + new string('[', 2_000) + "int" + new string(']', 2_000) + ") -> int = 1"));
        Assert.Equal(["E1035"], Codes("@f () -> int = " + new string('-', 20_000) + "1"));
        Assert.Empty(Codes("@f () -> int = 1" + string.Concat(Enumerable.Repeat(" + 1", 3_000))));
        Assert.Equal(["E1035"], Codes("@f () -> int = 1" + string.Concat(Enumerable.Repeat(" + 1", 20_000))));
        Assert.Equal(["E1035"], Codes("@f () -> int = x" + string.Concat(Enumerable.Repeat(".f()", 20_000))));
    }

    [Fact]
    public void Standard_library_functions_may_lack_a_body() =>
        Check("#[intrinsic] pub @f () -> int\ntype L = { @g () -> int }\nimpl L { @h (self) -> int }", ParseOptions.StandardLibrary);

    [Theory]
    [InlineData("@f () -> void = run(a(); b())", "@f () -> void = run(a(), b())")]
    [InlineData("@f () -> void = run(n += 1)", "@f () -> void = run(n = n + 1)")]
    [InlineData("@f () -> void = run(n *= a + 1)", "@f () -> void = run(n = n * (a + 1))")]
    [InlineData("@f () -> void = run(n++)", "@f () -> void = run(n = n + 1)")]
    [InlineData("@f () -> int = return 1", "@f () -> int = 1")]
    [InlineData("@f () -> str = match(x, a => a)", "@f () -> str = match(x, a -> a)")]
    [InlineData("@match () -> int = 1", "@match_ () -> int = 1")]
    [InlineData("@f () -> int = run(\n    a()\n    b(),\n)", "@f () -> int = run(\n    a(),\n    b(),\n)")]
    [InlineData("@f () = 1", "@f () -> void = 1")]
    public void Fixes_repair(string wrong, string right)
    {
        var diagnostic = Assert.Single(SyntaxTree.Parse(SourceText.FromString("test.si", wrong)).Diagnostics);
        Assert.NotNull(diagnostic.Fix);
        var repaired = wrong;
        foreach (var edit in diagnostic.Fix.Edits.OrderByDescending(e => e.Span.Start))
            repaired = repaired[..edit.Span.Start] + edit.NewText + repaired[edit.Span.End..];
        Assert.Equal(right, repaired);
        ParseCleanly(right);
    }

    private static IEnumerable<string> Codes(string text) =>
        SyntaxTree.Parse(SourceText.FromString("test.si", text)).Diagnostics.Select(d => d.Code);
}
