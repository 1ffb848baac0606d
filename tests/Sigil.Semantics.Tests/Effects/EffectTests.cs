using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests.Effects;

/// <summary>Which capabilities a body needs, and what declares, provides or captures them.</summary>
public class EffectTests
{
    private const string Tariff = """
        trait Tariff { @rate (zone: str) -> int }
        type Fixed = { n: int }
        impl Tariff for Fixed { @rate (zone: str) -> int = self.n }
        @price (zone: str) -> int uses Tariff = Tariff.rate(zone)
        """;

    [Fact]
    public void Capabilities_are_declared_or_provided() => Checked.Program(Tariff + """

        @own (z: str) -> int = Tariff.rate(z) //~ E5001
        @through (z: str) -> int = price(z) //~ E5002
        @declared (z: str) -> int uses Tariff = price(z) + Tariff.rate(z)
        @provided (z: str) -> int = with Tariff = Fixed { n: 1 } in price(z)
        @outside (z: str) -> int = (with Tariff = Fixed { n: 1 } in price(z)) + price(z) //~ E5002
        """);

    [Fact]
    public void The_value_of_with_implements_the_capability() => Checked.Program(Tariff + """

        @f () -> int = with Tariff = 5 in price("a") //~ E5003
        """);

    [Fact]
    public void Markers_have_no_value() => Checked.Program("""
        @f () -> int = with Async = 5 in 1 //~ E5011
        """);

    [Fact]
    public void Waiting_needs_Async() => Checked.Program("""
        @receive (c: &Consumer<int>) -> Option<int> = c.receive() //~ E5010
        @nap () -> void = sleep(1s) //~ E5010
        @scope () -> int = parallel(.a: 1, .b: 2).a //~ E5010
        @limit () -> Result<int, TimeoutError> = timeout(.op: 1, .after: 1s) //~ E5010
        @loops (c: Consumer<int>) -> void = for x in c do print(x) //~ E5010
        @maps (c: &Consumer<int>) -> [int] = c.map(x -> x + 1) //~ E5010
        @waits () -> void uses Async = sleep(1s)
        @calls () -> void = waits() //~ E5010
        @all (c: Consumer<int>) -> int uses Async = run(
            waits(),
            let r = parallel(.a: waits(), .b: 2),
            for x in c do print(x),
            r.b,
        )
        @makes () -> void = run(
            let { producer, consumer } = channel<int>(.buffer: 1),
            producer.close(),
            consumer.close(),
        )
        """);

    [Fact]
    public void Sub_capabilities_cover_what_they_extend() => Checked.Program("""
        @any () -> void uses Async = sleep(1s)
        @cpu () -> void uses Parallel = any()
        @io () -> void uses AsyncIO = any()
        @wrong () -> void uses Async = cpu() //~ E5002
        @other () -> void uses Parallel = io() //~ E5002
        @main () -> void uses Parallel, AsyncIO = run(cpu(), io())
        """);

    [Fact]
    public void What_waits_like_its_caller_needs_a_caller_that_suspends() => Checked.Program("""
        @patient () -> Result<int, str> uses Async = retry(.op: Err("no"), .attempts: 3, .backoff: constant(1ms))
        @hasty () -> Result<int, str> uses Async = retry(.op: Err("no"), .attempts: 3) //~ W5001
        @main () -> void uses Async = run(let _ = patient(), let _ = hasty())
        """);

    [Fact]
    public void A_function_with_an_error_is_not_said_to_need_nothing() => Checked.Program("""
        @peek (out: Producer<int>) -> Option<int> uses Async = out.receive() //~ E6004
        """);

    [Fact]
    public void What_nothing_needs_is_warned_about() => Checked.Program(Tariff + """

        @a () -> int uses Tariff = 1 //~ W5001
        @b () -> int uses Async = 1 //~ W5001
        @c () -> void uses Parallel = sleep(1s)
        @d () -> int uses Parallel = parallel(.x: 1).x
        @e () -> int uses Tariff = price("a")
        @main () -> void uses AsyncIO = ()
        """);

    [Fact]
    public void What_nothing_needs_is_shown_where_it_stands()
    {
        var text = "@f () -> int uses Parallel, Logger, Async, Clock = 1 //~ W5001 W5001 W5001 W5001";
        var found = Checked.DiagnosticsOf(Checked.Analyzed(text)).Where(d => d.Code == "W5001").Select(d => text.Substring(d.Span.Start, d.Span.Length));
        Assert.Equal(["Async", "Clock", "Logger", "Parallel"], found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tests_have_the_markers() => Checked.Program("""
        @f () -> int uses Async = run(sleep(1ms), 1)
        @g () -> int uses Parallel = parallel(.a: 1).a
        @test_f tests @f () -> void = assert_eq(f(), 1)
        @test_g tests @g () -> void uses Async = assert_eq(g(), 1)
        """, i => i with { ReportUntested = false });

    [Fact]
    public void Functions_that_are_only_called_take_the_effects_of_their_arguments() => Checked.Program(Tariff + """

        @twice<T> (f: T -> T, x: T) -> T = f(f(x))
        @pass<T> (f: T -> T, x: T) -> T = twice(f, x)
        @plain (n: int) -> int = twice(x -> x + 1, n)
        @suspending (n: int) -> int uses Async = pass(x -> run(sleep(1ms), x), n)
        @forgot (n: int) -> int = pass(x -> run(sleep(1ms), x), n) //~ E5010
        @prices (zones: [str]) -> [int] uses Tariff = zones.map(z -> Tariff.rate(z))
        @undeclared (zones: [str]) -> [int] = zones.map(z -> Tariff.rate(z)) //~ E5001
        @named (zones: [str]) -> [int] uses Tariff = zones.map(price)
        @unnamed (zones: [str]) -> [int] = zones.map(price) //~ E5008
        @slow (n: int) -> int uses Async = run(sleep(1ms), n)
        @given (n: int) -> int uses Async = twice(slow, n)
        @missing (n: int) -> int = twice(slow, n) //~ E5010
        """);

    [Fact]
    public void Function_values_take_capabilities_from_where_they_are_made() => Checked.Program(Tariff + """

        @made () -> (str -> int) = price //~ E5008
        @lambda () -> (str -> int) = z -> price(z) //~ E5008
        @captured () -> (str -> int) uses Tariff = z -> price(z)
        @written () -> (str -> int uses Tariff) = z -> price(z)
        @waiting () -> (int -> void) uses Async = n -> sleep(1ms) //~ E5010 W5001
        @typed () -> (int -> void uses Async) = n -> sleep(1ms)
        @calls (f: &(int -> void uses Async)) -> void uses Async = f(1)
        @wrong (f: &(int -> void uses Async)) -> void = f(1) //~ E5010
        """);

    [Fact]
    public void Messages_say_where_an_effect_comes_from()
    {
        var program = Checked.Analyze("""
            @c () -> int uses Parallel = parallel(.a: 1).a
            @b () -> int uses Parallel = c()
            @a () -> int = b()
            """);
        var found = Checked.DiagnosticsOf(program).Single(d => d.Code == "E5002");
        Assert.Equal("`Parallel` is needed because `b` (line 2) calls `c` (line 1), which uses `parallel`", found.PrimaryLabel);
    }
}
