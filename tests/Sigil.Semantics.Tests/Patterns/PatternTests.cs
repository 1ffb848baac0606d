namespace Sigil.Semantics.Tests.Patterns;

/// <summary>Every rule about single patterns: what fits, what is bound, what is reported.</summary>
public class PatternTests
{
    private const string Types = """
        type Alarm = Quiet | Raised(level: int, reason: str) | Pair(int, int)
        type Celsius = float
        type Point = { x: int, y: int }
        """;

    [Fact]
    public void Patterns_of_every_kind_fit() => Checked.Program(Types + """

        @numbers (n: int) -> str = match(n, 0 -> "zero", 1..=9 -> "digit", -5..0 -> "little", _ -> "other")
        @bytes (b: byte) -> int = match(b, 0..128 -> 1, 128.. -> 2)
        @letters (c: char) -> int = match(c, 'a'..='z' -> 1, '\u{e9}' -> 2, _ -> 3)
        @alarms (a: Alarm) -> int = match(a, Quiet -> 0, Raised(level, _) -> level, Alarm.Pair(p, q) -> p + q)
        @named (a: Alarm) -> str = match(a, Raised(reason: "x", ..) -> "", Raised(reason: why, ..) -> why, Quiet -> "quiet", Pair(..) -> "pair")
        @opened (c: Celsius) -> float = match(c, Celsius(f) -> f)
        @structs (p: Point) -> int = match(p, Point { x: 0, y } -> y, { x, .. } -> x)
        @records (r: { a: int, b: str }) -> int = match(r, { a, b: "x" } -> a, { a, .. } -> a)
        @tuples (t: (int, (bool, str))) -> str = match(t, (_, (true, s)) -> s, (1, _) -> "one", _ -> "no")
        @lists (xs: [int]) -> int = match(xs, [] -> 0, [a] -> a, [a, .., b] -> a + b)
        @rest (xs: [int]) -> int = match(xs, [first, ..others] -> first + others.len(), [] -> 0)
        @both (r: Result<int, int>) -> int = match(r, Ok(n) | Err(n) -> n)
        @whole (o: Option<int>) -> Option<int> = match(o, all @ Some(1 | 2) -> all, (rest @ (None | Some(_))) -> rest)
        @units (u: void) -> int = match(u, () -> 1)
        @durations (d: Duration) -> int = match(d, 1s -> 1, _ -> 2)
        @strings (s: str) -> bool = match(s, "a" | "b" -> true, _ -> false)
        """);

    [Fact]
    public void Lets_take_apart() => Checked.Program(Types + """

        @f (p: Point, xs: [int]) -> int = run(
            let { x } = p,
            let (a, b) = (x, "s"),
            let [first, second] = xs,
            let [head, ..tail] = xs,
            let { n: renamed, m: _ } = { n: 1, m: 2 },
            a + b.len() + first + second + head + tail.len() + renamed,
        )
        """);

    [Fact]
    public void A_name_is_bound_once() => Checked.Program("""
        @f (t: (int, int)) -> int = match(t, (a, a) -> a) //~ E4004
        @g (t: (int, int)) -> int = match(t, (a, b) -> a + b)
        """);

    [Fact]
    public void Alternatives_bind_the_same_names_and_types() => Checked.Program("""
        @f (r: Result<int, int>) -> int = match(r, Ok(a) | Err(b) -> 1) //~ E4005
        @g (r: Result<int, str>) -> int = match(r, Ok(a) | Err(a) -> 1) //~ E4005
        @h (r: Result<int, int>) -> int = match(r, Ok(a) | Err(a) -> a)
        """);

    [Fact]
    public void Guards_are_bool() => Checked.Program("""
        @f (n: int) -> int = match(n, x if x -> 1, _ -> 2) //~ E4006
        @g (n: int) -> int = match(n, x.match(x > 1) -> 1, x if x < -1 -> 3, _ -> 2)
        """);

    [Fact]
    public void Payloads_have_their_number_of_parts() => Checked.Program(Types + """

        @f (o: Option<int>) -> int = match(o, Some(a, b) -> 1, None -> 2) //~ E4007
        @g (a: Alarm) -> int = match(a, Raised -> 1, Quiet -> 2, Pair(..) -> 3) //~ E4007
        @h (a: Alarm) -> int = match(a, Pair(x) -> x, Raised(..) -> 1, Quiet -> 2) //~ E4007
        @i (a: Alarm) -> int = match(a, Pair(x, ..) -> x, Raised(..) -> 1, Quiet -> 2)
        """);

    [Fact]
    public void Variants_are_those_of_the_type() => Checked.Program(Types + """

        @f (o: Option<int>) -> int = match(o, Nothing -> 1, _ -> 2) //~ E4008
        @g (a: Alarm) -> int = match(a, Quite -> 1, _ -> 2) //~ E4008
        """);

    [Fact]
    public void Fields_exist_and_are_all_listed_in_arms() => Checked.Program(Types + """

        @f (p: Point) -> int = match(p, { x } -> x) //~ E4009
        @g (p: Point) -> int = match(p, { x, z, .. } -> x) //~ E4009
        @h (a: Alarm) -> int = match(a, Raised(level: n) -> n, Quiet -> 1, Pair(..) -> 2) //~ E4009
        @i (a: Alarm) -> int = match(a, Raised(depth: n, ..) -> 1, Quiet -> 1, Pair(..) -> 2) //~ E4009
        @j (p: Point) -> int = match(p, { x, .. } -> x)
        """);

    [Fact]
    public void Patterns_have_the_type_of_the_value() => Checked.Program(Types + """

        @f (n: int) -> int = match(n, "a" -> 1, _ -> 2) //~ E4010
        @g (n: int) -> int = match(n, Some(x) -> 1, _ -> 2) //~ E4010
        @h (t: (int, int)) -> int = match(t, (a, b, c) -> 1) //~ E4010
        @i (p: Point) -> int = match(p, Celsius(c) -> 1, _ -> 2) //~ E4010
        @k (n: int) -> int = match(n, 'a'..'c' -> 1, _ -> 2) //~ E4010
        @l (n: int) -> int = match(n, [a] -> 1, _ -> 2) //~ E4010
        """);

    [Fact]
    public void New_names_start_in_lower_case() => Checked.Program(Types + """

        @a () -> int = run(let X = 1, X + 1) //~ E2022
        @b () -> int = run(let (A, b) = (1, 2), A + b) //~ E2022
        @c () -> void = for Z in [1] do print(Z) //~ E2022
        @d (n: int) -> int = match(n, 0 -> 1, Other -> Other + 1) //~ E2022
        @e (W: int) -> int = W //~ E2022
        @f () -> int = run(let g = R -> R + 1, let h = (P: int) -> P, g(1) + h(2)) //~ E2022
        @g (o: Option<int>) -> int = match(o, All @ Some(_) -> All.unwrap_or(0), None -> 0) //~ E2022
        @h (xs: [int]) -> int = match(xs, [_, ..Rest] -> Rest.len(), _ -> 0) //~ E2022
        @i () -> int = run(let None = 4, 1) //~ E4010
        @j (o: Option<int>) -> int = match(o, Nothing -> 1, _ -> 2) //~ E4008
        @k () -> int = run(let Y = Some(3), Y.unwrap_or(1)) //~ E4008
        @l () -> int = run(let x = 1, let _X = 2, let (a, _) = (x, 3), a + _X)
        @m (o: Option<int>) -> int = match(o, all @ Some(_) -> all.unwrap_or(0), None -> 0)
        """);

    [Fact]
    public void Bytes_take_small_numbers_only() => Checked.Program("""
        @f (b: byte) -> int = match(b, 256 -> 1, _ -> 2) //~ E3033
        @g (b: byte) -> int = match(b, 255 -> 1, 0..=254 -> 2)
        """);

    [Fact]
    public void A_list_pattern_has_one_rest() => Checked.Program("""
        @f (xs: [int]) -> int = match(xs, [.., a, ..] -> a, _ -> 0) //~ E4011
        """);

    [Fact]
    public void Intervals_hold_something() => Checked.Program("""
        @f (n: int) -> int = match(n, 9..3 -> 1, _ -> 2) //~ E4012
        @g (n: int) -> int = match(n, 3..3 -> 1, _ -> 2) //~ E4012
        @h (n: int) -> int = match(n, 3..=3 -> 1, _ -> 2)
        """);

    [Fact]
    public void Binding_places_take_only_patterns_that_cannot_fail() => Checked.Program(Types + """

        @f (o: Option<int>) -> int = run(let Some(x) = o, x) //~ E4003
        @g (xs: [Option<int>]) -> void = for Some(x) in xs do print(x) //~ E4003
        @h (Some(x): Option<int>) -> int = x //~ E4003
        @i (xs: [(int, int)]) -> [int] = xs.map((1, b) -> b) //~ E4003
        @j (xs: [Option<int>]) -> int = run(let [Some(a), None] = xs, a) //~ E4003
        @k (xs: [[int]]) -> void = for [a] in xs do print(a) //~ E4003
        @ok (xs: [(int, Celsius)], (a, b): (int, int)) -> float = run(
            let total = 0.0,
            for (n, Celsius(c)) in xs do total = total + c + float(n),
            total + float(a + b),
        )
        """);

    [Fact]
    public void A_pattern_says_what_an_unknown_value_is() => Checked.Program("""
        @f () -> int = run(
            let g = o -> match(o, Some(n) -> n, None -> 0),
            g(Some(1)),
        )
        """);
}
