namespace Sigil.Mir.Tests;

/// <summary>The shape of flow graphs, as text.</summary>
public class BuildingTests
{
    private static void Builds(string source, string name, string expected) => Lowered.Same(expected, Lowered.Raw(source).Blocks(name));

    [Fact]
    public void Self_call_in_tail_position_is_a_jump() => Builds(
        "@sum (n: int, acc: int) -> int = if n == 0 then acc else sum(n - 1, acc + n)", "sum",
        """
        bb0:
          _2 = Equal(n_0, 0)
          if take _2 then bb1 else bb2
        bb1:
          return acc_1
        bb2:
          _3 = Subtract(n_0, 1)
          _4 = Add(acc_1, n_0)
          tail call (take _3, take _4)
        """);

    [Fact]
    public void An_argument_is_copied_before_a_later_one_writes_its_place() => Builds(
        """
        @three (a: int, b: int, c: int) -> int = a + b * c
        @swap (b: int) -> int = run(let x = 1, three(x, run(x = b, x), x))
        """, "swap",
        """
        bb0:
          x_1 = 1
          _3 = x_1
          x_1 = b_0
          _4 = x_1
          _2 = call three(take _3, take _4, x_1)
          return take _2
        """);

    [Fact]
    public void Indices_of_a_target_are_evaluated_before_the_value() => Builds(
        "@f () -> int = run(let mut xs = [1, 2], let i = 0, xs[i] = run(i = 1, 7), xs[0])", "f",
        """
        bb0:
          xs_0 = [1, 2]
          i_1 = 0
          _2 = i_1
          i_1 = 1
          _3 = 7
          xs_0[_2] = take _3
          _4 = 0
          return xs_0[_4]
        """);

    [Fact]
    public void Match_on_constants_and_variants_switches() => Builds(
        """
        type Shape = Circle(int) | Rect(w: int, h: int) | Empty
        @f (s: Shape, n: int) -> int = match((s, n), (Circle(r), 0 | 1) -> r, (Circle(r), _) -> r * 2, (Rect(w, h), _) -> w * h, (Empty, _) -> 0)
        """, "f",
        """
        bb0:
          _2 = discriminant s_0
          switch take _2 [0: bb2, 1: bb3, else: bb1]
        bb1:
          return 0
        bb2:
          switch n_1 [0: bb5, 1: bb7, else: bb4]
        bb3:
          w_5 = s_0.Rect.0
          h_6 = s_0.Rect.1
          _8 = Multiply(w_5, h_6)
          return take _8
        bb4:
          r_4 = s_0.Circle.0
          _7 = Multiply(r_4, 2)
          return take _7
        bb5:
          r_3 = s_0.Circle.0
          goto bb6
        bb6:
          return r_3
        bb7:
          r_3 = s_0.Circle.0
          goto bb6
        """);

    [Fact]
    public void Question_leaves_with_the_error() => Builds(
        "@f (s: str) -> Result<int, Error> = run(let n = parse_int(s)?, Ok(n + 1))", "f",
        """
        bb0:
          _2 = call parse_int(s_0)
          _3 = discriminant _2
          switch take _3 [0: bb1, else: bb2]
        bb1:
          n_1 = take _2.Ok.0
          _6 = Add(n_1, 1)
          _5 = Ok(take _6)
          return take _5
        bb2:
          _4 = Err(take _2.Err.0)
          return take _4
        """);

    [Fact]
    public void A_resource_is_released_on_both_ways_out() => Builds(
        "@f (n: int) -> int = with(.acquire: n, .use: r -> 10 / r, .release: r -> print(r))", "f",
        """
        bb0:
          _2 = n_0
          r_3 = _2
          _1 = Divide(10, r_3) unwind bb1
          dead r_3
          shield
          r_5 = _2
          call print<int>(r_5)
          dead r_5
          unshield
          return take _1
        bb1 (cleanup):
          shield
          r_4 = _2
          call print<int>(r_4)
          dead r_4
          unshield
          resume unwind
        """);

    [Fact]
    public void Unique_values_are_dropped_on_every_way_out()
    {
        const string source = """
            @f (c: bool) -> int uses Async = run(
                let { producer, consumer } = channel<int>(.buffer: 1),
                if c then producer.close(),
                let n = consumer.receive(),
                n ?? 0,
            )
            """;
        var graph = Lowered.Of(source).Graph("f");
        var drops = graph.Blocks.SelectMany(b => b.Instructions.OfType<DropInstruction>().Select(d => (b.IsCleanup, graph.Locals[d.Place.Local].Name, d.Flag >= 0))).ToList();
        Assert.Contains((false, "producer", true), drops);
        Assert.Contains((false, "consumer", false), drops);
        Assert.Contains(drops, d => d is { IsCleanup: true, Name: "producer" });
        Assert.Contains(drops, d => d is { IsCleanup: true, Name: "consumer" });
    }

    [Fact]
    public void Call_tasks_evaluate_their_arguments_outside() => Builds(
        """
        @work (n: int) -> int uses Async = n
        @f (n: int) -> int uses Async = parallel(.a: work(n + 1), .b: run(let k = n, k * 2)).a
        """, "f",
        """
        bb0:
          _2 = scope CancelAll
          _3 = Add(n_0, 1) unwind bb1
          spawn _2[0] f.task0(take _3) unwind bb1
          spawn _2[1] f.task1(n_0) unwind bb1
          join _2
          _4 = result _2[0]
          _5 = result _2[1]
          _6 = { a: int, b: int } {take _4, take _5}
          _1 = take _6
          return take _1.0
        bb1 (cleanup):
          abandon _2
          resume unwind
        """);

    [Fact]
    public void A_borrowed_function_parameter_makes_the_callee_polymorphic()
    {
        var lowered = Lowered.Raw("""
            @work (n: int) -> int uses Async = n
            @twice (xs: [int], f: int -> int) -> [int] = xs.map(x -> f(x) + 1)
            @waits (xs: [int]) -> [int] uses Async = twice(xs, x -> work(x))
            @plain (xs: [int]) -> [int] = twice(xs, x -> x + 1)
            """);
        Assert.True(lowered.Graph("twice").IsEffectPolymorphic);
        Assert.Equal(EffectVariant.Inherit, VariantOf(lowered.Graph("twice"), "map"));
        Assert.Equal(EffectVariant.Suspending, VariantOf(lowered.Graph("waits"), "twice"));
        Assert.Equal(EffectVariant.Plain, VariantOf(lowered.Graph("plain"), "twice"));
        Assert.False(lowered.Graph("plain").IsEffectPolymorphic);
    }

    private static EffectVariant VariantOf(MirFunction graph, string callee) =>
        graph.Blocks.SelectMany(b => b.Instructions).OfType<CallInstruction>().Select(c => c.Callee).OfType<StaticCallee>().First(c => c.Function.Name == callee).Variant;

    [Fact]
    public void A_lexical_provider_is_called_statically_and_passed_on_as_object() => Builds(
        """
        trait Tariff { @rate (zone: str) -> int }
        type Fixed = { r: int }
        impl Tariff for Fixed { @rate (zone: str) -> int = self.r }
        @bill (z: str) -> int uses Tariff = Tariff.rate(z) + 1
        @f () -> int = with Tariff = Fixed { r: 3 } in bill("a") + Tariff.rate("b")
        """, "f",
        """
        bb0:
          Tariff_0 = Fixed {3}
          _1 = ToDyn(Tariff_0) as dyn Tariff
          _3 = call bill("a", &_1)
          _4 = call Tariff.rate<Fixed>(&Tariff_0, "b")
          _2 = Add(take _3, take _4)
          return take _2
        """);

    [Fact]
    public void A_task_takes_only_the_part_that_it_mentions()
    {
        var lowered = Lowered.Of("""
            @feed (p: Producer<int>) -> void uses Async = p.send(1)
            @f () -> int uses Async = run(
                let ends = channel<int>(.buffer: 1),
                let r = parallel(.a: feed(ends.producer), .b: run(let n = 0, for x in ends.consumer do n = n + x, n)),
                r.b,
            )
            """);
        Assert.Empty(lowered.Mir.Check(lowered.Function("f")));
    }

    [Fact]
    public void Every_function_of_the_library_builds_and_verifies()
    {
        var lowered = Lowered.Of("@main () -> void = ()");
        var functions = lowered.Program.LibraryModules.SelectMany(m => m.Functions.Concat(m.Impls.SelectMany(i => i.Methods)).Concat(m.Traits.SelectMany(t => t.Methods)))
            .Where(f => f.Body is not null).ToList();
        Assert.NotEmpty(functions);
        foreach (var f in functions) Assert.DoesNotContain(lowered.Mir.Check(f), d => d.Severity == Syntax.Diagnostics.Severity.Error);
    }

    [Fact]
    public void Many_statements_that_may_leave_share_their_way_out()
    {
        var text = new System.Text.StringBuilder("@f (s: str) -> Result<int, Error> = run(\n    let n = 0,\n");
        for (var i = 0; i < 2_000; i++) text.Append("    n = n + parse_int(s)?,\n");
        text.Append("    Ok(n),\n)\n");
        var graph = Lowered.Raw(text.ToString()).Graph("f");
        var instructions = graph.Blocks.Sum(b => b.Instructions.Count);
        Assert.InRange(instructions, 2_000, 24_000);
    }
}
