using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics.Tests.Concurrency;

/// <summary>Channels, scopes and what may cross between tasks.</summary>
public class ConcurrencyTests
{
    [Fact]
    public void Channel_ends_have_the_types_of_the_sharing() => Checked.Program("""
        @main () -> void uses Async = run(
            let { producer, consumer } = channel<int>(.buffer: 1, .share: Both),
            let p: SharedProducer<int> = producer.clone(),
            let c: SharedConsumer<int> = consumer.clone(),
            let { producer: q, consumer: d } = channel<int>(.buffer: 1),
            let plain: Producer<int> = q,
            plain.send(1),
            p.close(),
            c.close(),
            d.close(),
            let { producer: inferred, consumer: _ } = channel(.buffer: 0),
            inferred.send("text"),
        )
        """);

    [Fact]
    public void Sharing_is_a_constant() => Checked.Program("""
        @f (mode: Sharing) -> void = run(
            let pair = channel<int>(.buffer: 1, .share: mode), //~ E6015
        )
        @g () -> void = run(
            let pair = channel<int>(.buffer: 1, .share: Sharing.Producers),
            pair.producer.close(),
            pair.consumer.close(),
        )
        """);

    [Fact]
    public void Channel_arguments_are_checked() => Checked.Program("""
        @f () -> void = run(
            let a = channel<int>(), //~ E6009
            let b = channel<int>(.buffer: -1), //~ E6009
            let c = channel<int>(.size: 1, .buffer: 1), //~ E6009
            let d = channel<int, str>(.buffer: 1), //~ E3015
            let e = channel(.buffer: 1), //~ E3002
        )
        """.Replace("let a", "let _a").Replace("let b", "let _b").Replace("let c", "let _c").Replace("let d", "let _d").Replace("let e", "let _e"));

    [Fact]
    public void Values_of_channels_are_Sendable() => Checked.Program("""
        type Bad = { cell: &mut int }
        type Ticket = { id: int }
        impl !Sendable for Ticket {}
        @a () -> void = run(let _c = channel<Bad>(.buffer: 1), ()) //~ E6002
        @b () -> void = run(let _c = channel<[Ticket]>(.buffer: 1), ()) //~ E6002
        @c<T> (x: T) -> void = run(let _c = channel<T>(.buffer: 1), ()) //~ E6002
        @d<T: Sendable> (x: T) -> void = run(let _c = channel<T>(.buffer: 1), ())
        """);

    [Fact]
    public void The_path_to_what_is_not_Sendable_is_shown()
    {
        var program = Checked.Analyze("""
            type Inner = { cell: ref int }
            type Outer = { name: str, inner: [Inner] }
            @f () -> void = run(let _c = channel<Outer>(.buffer: 1), ())
            """);
        var found = Checked.DiagnosticsOf(program).Single(d => d.Code == "E6002");
        Assert.StartsWith("Outer is not Sendable: field inner is", found.Message);
        Assert.EndsWith("a mutable reference", found.Message);
    }

    [Fact]
    public void Parallel_has_the_record_of_its_entries() => Checked.Program("""
        @one () -> int uses Async = 1
        @main () -> void uses Async = run(
            let r: { a: int, b: str, c: [int] } = parallel(.b: "x", .a: one(), .c: map([1, 2], n -> n + 1)),
            print(r.a + r.c.len()),
            print(r.b),
            let list: [int] = parallel(.tasks: [one(), 2]),
            let loop_list: [int] = parallel(.tasks: for n in 0..3 if n > 0 yield n * 2, .max_concurrent: 2),
            let named: [int] = parallel(.tasks: map([1], double)),
            print(list.len() + loop_list.len() + named.len()),
            let limited: Result<{ x: int }, TaskError> = parallel(.x: one(), .timeout: 1s),
            let collected: { x: Result<int, TaskError> } = parallel(.x: one(), .on_error: collect_all),
            print(limited.is_ok()),
            print(collected.x.is_ok()),
        )
        @double (n: int) -> int = n * 2
        """);

    [Fact]
    public void Wrong_properties_are_reported() => Checked.Program("""
        @f (mode: int) -> void uses Async = run(
            let _a = parallel(1, 2), //~ E1024
            let _b = parallel(.a: 1, .a: 2), //~ E1024
            let _c = parallel(.a: 1, .on_error: mode), //~ E1024
            let _d = timeout(.op: 1), //~ E1024
            let _e = timeout(.op: 1, .after: 1s, .afterr: 2), //~ E1024
            let _g = parallel(.max_concurrent: 1), //~ E1024
        )
        """);

    [Fact]
    public void Timeouts_give_a_result_or_the_fallback() => Checked.Program("""
        @f () -> void uses Async = run(
            let a: Result<int, TimeoutError> = timeout(.op: 1, .after: 1s),
            let b: int = timeout(.op: 1, .after: 1s, .on_timeout: 2),
            print(a.is_ok()),
            print(b),
            let total = 0,
            timeout(.op: total = total + 1, .after: 1s).unwrap(),
            print(total),
        )
        """);

    [Fact]
    public void What_a_task_takes_is_Sendable() => Checked.Program("""
        type Counter = { n: int }
        @bump (c: ref Counter) -> void = c.n = c.n + 1
        @keep (c: ref Counter) -> ref Counter = c
        @f () -> void uses Async = run(
            let counter = ref Counter { n: 0 },
            parallel(
                .a: bump(counter), //~ E6002
                .b: run(print(1), counter.n), //~ E6002
                .c: run(let fresh = ref Counter { n: 1 }, fresh), //~ E6002
                .d: (() -> 1)(),
            ),
        )
        """);

    [Fact]
    public void Captured_names_are_not_assigned_in_tasks() => Checked.Program("""
        @f () -> void uses Async = run(
            let total = 0,
            let mut xs = [1],
            parallel(
                .a: (total = 1), //~ E6005
                .b: run(xs[0] = 2), //~ E6005
                .c: run(let mine = 1, mine = 2, mine),
                .d: (for i in 0..3 do total = total + i), //~ E6005
            ),
            print(total + xs[0]),
        )
        """);

    [Fact]
    public void A_question_mark_in_a_task_leaves_the_scope() => Checked.Program("""
        @ok () -> Result<int, Error> uses Async = Ok(1)
        @f () -> Result<int, Error> uses Async = run(
            let r = parallel(.a: ok()?, .b: ok()),
            Ok(r.a + r.b.unwrap_or(0)),
        )
        @g () -> int uses Async = parallel(.a: ok()?).a //~ E3028
        """);

    [Fact]
    public void Lambdas_that_hold_task_local_things_are_no_plain_functions() => Checked.Program("""
        type Counter = { n: int }
        @store (f: () -> int) -> [() -> int] = [f]
        @call (f: () -> int) -> int = f()
        @f () -> void = run(
            let counter = ref Counter { n: 0 },
            print(call(() -> counter.n)),
            print(store(() -> counter.n).len()), //~ E6002
        )
        """);

    [Fact]
    public void Detached_tasks_do_not_exist() => Checked.Program("""
        @work () -> int uses Async = 1
        @f () -> void uses Async = run(spawn(work())) //~ E6012
        """);

    [Fact]
    public void A_capability_value_is_shared_by_tasks() => Checked.Program("""
        trait Clock2 { @now () -> int }
        type Fake = { cell: ref int }
        impl Clock2 for Fake { @now () -> int = 1 }
        @f () -> int uses Clock2 = Clock2.now()
        @g () -> int = run(
            let cell = ref 1,
            with Clock2 = Fake { cell } in f(), //~ E6002
        )
        """);

    [Fact]
    public void Aliases_stay_out_of_isolated_objects() => Checked.Program("""
        type Node = { n: int }
        type Graph = { root: ref Node, size: int }
        @good () -> iso Graph = recover(run(
            let node = ref Node { n: 1 },
            node.n = 2,
            Graph { root: node, size: 1 },
        ))
        @bad () -> iso Graph = run(
            let node = ref Node { n: 1 },
            recover(Graph { root: node, size: 1 }), //~ E6007
        )
        @made (node: ref Node) -> iso Graph = iso Graph { root: node, size: 1 } //~ E6007
        @read (g: iso Graph) -> int = g.root.n + g.size
        @leak (g: iso Graph) -> ref Node = g.root //~ E6007
        @copy (g: iso Graph) -> Graph = g.get() //~ E6007
        """);

    [Fact]
    public void Nothing_is_lent_to_a_task() => Checked.Program("""
        @recv (c: &Consumer<int>) -> int uses Async = c.receive().unwrap_or(0)
        @size (xs: &[int]) -> int = xs.len()
        @grow (xs: &mut [int]) -> void = xs[0] = 1
        @lends (c: Consumer<int>) -> int uses Async = parallel(.a: recv(&c)).a //~ E6008
        @copies (xs: [int]) -> int uses Async = parallel(.a: size(&xs), .b: size(xs)).a
        @writes () -> void uses Async = run(
            let mut xs = [0],
            parallel(.a: grow(&mut xs)), //~ E6005
            print(xs),
        )
        @inside (c: Consumer<int>) -> int uses Async = parallel(.a: run(recv(&c) + recv(&c))).a
        """);

    [Fact]
    public void Generic_values_need_the_bound_to_cross() => Checked.Program("""
        @id<T> (x: T) -> T = x
        @bad<T> (x: T) -> T uses Async = parallel(.a: id(x)).a //~ E6002
        @good<T: Sendable> (x: T) -> T uses Async = parallel(.a: id(x)).a
        @pipe<A, B> (input: Consumer<A>, output: Producer<B>, f: A -> B) -> void uses Async = for x in input do output.send(f(x))
        @start<A, B> (input: Consumer<A>, output: Producer<B>, f: A -> B) -> void uses Async = parallel(.a: pipe(input, output, f))
        @task_function (f: int -> int) -> int uses Async = parallel(.a: f(1)).a
        @gives () -> int uses Async = task_function(x -> x + 1)
        @gives_local () -> int uses Async = run(
            let cell = ref 1,
            task_function(x -> x + cell.get()), //~ E6002
        )
        """);

    [Fact]
    public void Loops_outside_a_task_are_out_of_reach() => Checked.Program("""
        @f () -> void uses Async = for i in 0..3 do run(
            parallel(
                .a: (if i > 1 then break), //~ E2020
                .b: (for j in 0..2 do if j == 1 then break),
            ),
            timeout(.op: (if i > 1 then break), .after: 1s, .on_timeout: continue),
        )
        """);
}
