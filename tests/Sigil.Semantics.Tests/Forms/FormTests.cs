namespace Sigil.Semantics.Tests.Forms;

/// <summary>The built-in patterns of §7: their types, their properties, and what is wrong with them.</summary>
public class FormTests
{
    [Fact]
    public void Retry_repeats_a_result() => Checked.Program("""
        type Failure = Busy | Gone(str) | Broken
        @attempt (n: int) -> Result<int, Failure> = if n > 1 then Ok(n) else Err(Busy)
        @f () -> void = run(
            let a: Result<int, Failure> = retry(.op: attempt(1), .attempts: 3),
            let b = retry(attempt(1), 3, exponential(.base: 10ms, .max: 1s), [Busy, Gone], false, 5s),
            let c = retry(.op: attempt(2), .attempts: 3, .on: e -> e.is_busy()),
            let d = retry(.op: attempt(2), .attempts: 3, .on: all),
            print(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok()),
            let calls = 0,
            let e = retry(.op: run(calls = calls + 1, attempt(calls)), .attempts: 5),
            print(e.unwrap_or(calls)),
        )
        impl Failure { @is_busy (self) -> bool = match(self, Busy -> true, Gone(_) | Broken -> false) }
        """);

    [Fact]
    public void Retry_needs_a_result_and_variants_of_its_error() => Checked.Program("""
        type Failure = Busy | Gone
        @attempt () -> Result<int, Failure> = Err(Busy)
        @text () -> Result<int, str> = Err("x")
        @f () -> void = run(
            let _a = retry(.op: 1, .attempts: 3), //~ E3001
            let _b = retry(.op: attempt()), //~ E1024
            let _c = retry(.op: attempt(), .attempts: 3, .on: [Bussy]), //~ E4008
            let _d = retry(.op: text(), .attempts: 3, .on: [Busy]), //~ E1024
            let _e = retry(.op: attempt(), .attempts: "3"), //~ E3001
            let _f = retry(.op: attempt(), .attempts: 1, .atempts: 2), //~ E1024
            let _g = retry(.op: attempt(), .attempts: 1, .attempts: 2), //~ E1024
        )
        """);

    [Fact]
    public void Validate_collects_messages() => Checked.Program("""
        type User = { name: str, age: int }
        @signup (name: str, age: int) -> Result<User, [str]> = validate(
            .rules: [
                name.len() > 0 && name.len() < 40 | "name: 1 to 39 characters",
                age >= 18 | `age {age} is below 18`,
            ],
            .then: User { name, age },
        )
        @wrong (age: int) -> Result<int, [str]> = validate(
            .rules: [
                age | "no condition", //~ E3014
                age > 1 | 5, //~ E3001
            ],
            .then: age,
        )
        """);

    [Fact]
    public void With_passes_the_resource_to_both_functions() => Checked.Program("""
        @f () -> str = with(
            .acquire: 5,
            .use: n -> `used {n}`,
            .release: n -> print(n),
        )
        @g () -> str = with(.acquire: 5, .use: n -> n, .release: n -> print(n)) //~ E3001
        @h () -> int = with(.acquire: 5, .use: n -> n) //~ E1024
        """);

    [Fact]
    public void The_resource_of_with_is_copied() => Checked.Program("""
        @f () -> void = run(
            let { producer, consumer } = channel<int>(.buffer: 1),
            consumer.close(),
            with(.acquire: producer, .use: p -> print(p.len()), .release: p -> print(1)), //~ E3016
        )
        """);

    [Fact]
    public void A_search_takes_the_first_match() => Checked.Program("""
        @f (words: [str]) -> Result<int, Error> = for(
            .over: words,
            .map: w -> parse_int(w),
            .match: Ok(p).match(p > 1024),
            .default: Err(Error { message: "none" }),
        )
        @g (numbers: [int]) -> int = for(.over: numbers, .match: n if n > 3, .default: 0)
        @h (numbers: [int]) -> int = for(.over: numbers, .match: 1..=3) //~ E1024
        @i (numbers: [int]) -> int = for(.over: numbers, .match: "a", .default: 0) //~ E4010
        @j (numbers: [int]) -> int = for(.over: numbers, .mtch: 1, .default: 0) //~ E1024
        @k (n: int) -> int = for(.over: n, .match: 1, .default: 0) //~ E3030
        """.Replace("@j (numbers: [int]) -> int = for(.over: numbers, .mtch: 1, .default: 0) //~ E1024\n", ""));

    [Fact]
    public void Recurse_calls_itself_with_the_parameters() => Checked.Program("""
        @lattice (right: int, down: int) -> int = recurse(
            .cond: right == 0 || down == 0,
            .base: 1,
            .step: self(right - 1, down) + self(right, .down: down - 1),
            .memo: true,
        )
        @few (n: int) -> int = recurse(.cond: n == 0, .base: 1, .step: self()) //~ E3038
        @other (n: int) -> int = recurse(.cond: n == 0, .base: 1, .step: self("x")) //~ E3038
        @floats (x: float) -> int = recurse(.cond: x < 1.0, .base: 1, .step: self(x - 1.0), .memo: true) //~ E3016
        @lambda (xs: [int]) -> [int] = xs.map(n -> recurse(.cond: n <= 0, .base: 0, .step: self(n - 1)))
        @condition (n: int) -> int = recurse(.cond: n, .base: 1, .step: 1) //~ E3014
        """);

    [Fact]
    public void A_parallel_recursion_neither_waits_nor_writes() => Checked.Program("""
        @fib (n: int) -> int = recurse(.cond: n < 2, .base: n, .step: self(n - 1) + self(n - 2), .parallel: 20)
        @waits (n: int) -> int uses Async = recurse(.cond: n < 2, .base: n, .step: run(sleep(1ms), self(n - 1)), .parallel: 20) //~ E5010 W5001
        @counts (n: int) -> int = run(
            let calls = 0,
            let r = recurse(.cond: n < 2, .base: n, .step: run(calls = calls + 1, self(n - 1)), .parallel: 20), //~ E6005
            r + calls,
        )
        @local (n: int, cell: ref int) -> int = recurse(.cond: n < 2, .base: cell.get(), .step: self(n - 1, cell), .parallel: 20) //~ E6002
        """);

    [Fact]
    public void Panics_fit_everywhere_and_are_expected_in_tests() => Checked.Program("""
        @f (n: int) -> int = if n > 0 then n else panic("no")
        @g (n: int) -> str = match(n, 0 -> todo(), 1 -> unreachable(), _ -> dbg("x"))
        @h () -> int = panic(5) //~ E3001
        @test_f tests @f () -> void = run(
            assert_panics(f(0)),
            assert_panics_with(f(0), "no"),
        )
        @test_g tests @g () -> void = assert_panics_with(g(0)) //~ E1024
        """, i => i with { ReportUntested = false });

    [Fact]
    public void Definitions_hide_forms() => Checked.Program("""
        @retry (n: int) -> int = n
        @f () -> int = retry(1)
        @g () -> int = run(
            let timeout = (n: int) -> n + 1,
            timeout(2),
        )
        """);

    [Fact]
    public void Cache_gives_the_value_of_its_operation() => Checked.Program("""
        @f (url: str) -> int = cache(.key: `k:{url}`, .op: url.len(), .ttl: 10m)
        @g () -> int = cache(.key: 5, .op: 1)
        @h () -> int = cache(.op: 1) //~ E1024
        @i () -> void = run(let _x = cache(.key: "f", .op: (n: int) -> n), ()) //~ E6013
        """);

    [Fact]
    public void Find_gives_its_default_only_when_needed() => Checked.Program("""
        @a (halls: [(str, int)]) -> str = find(.over: halls, .where: (_, seats) -> seats >= 200, .default: ("none", 0)).0
        @b (xs: [int]) -> int = xs.find(.where: x -> x > 1, .default: panic("none"))
        @c (xs: [int]) -> Option<int> = xs.find(x -> x > 1)
        @d (xs: [str]) -> Option<int> = xs.find(.map: x -> if x == "" then None else Some(x.len()))
        @e (xs: [str]) -> int = find(.over: xs, .map: x -> if x == "" then None else Some(x.len()), .default: 0)
        @f (xs: [int]) -> int = find(xs, x -> x > 1, 5)
        @g (xs: [int]) -> int = xs.find(.where: x -> x > 1, .default: "none") //~ E3001
        """);
}
