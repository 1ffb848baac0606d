namespace Sigil.Semantics.Tests.Checking;

/// <summary>Operators, control flow, indexes, places, `?` and `try`.</summary>
public class ExpressionTests
{
    [Fact]
    public void Operators() => Checked.Program("""
        @a () -> str = "a" - 1 //~ E3012
        @b () -> Duration = 1s * 3 + 2ms
        @c () -> float = 4s / 2s
        @d () -> bool = 1 == 2 && "a" < "b"
        @e () -> int = 1 + 2.0 //~ E3012
        @f (f: int -> int, g: int -> int) -> bool = f == g //~ E3013
        @g () -> [int] = [1] + [2]
        @h () -> bool = !1 //~ E3012
        @i () -> int = ~3 ^ 1 | 2 & 7 << 1
        @j () -> bool = 1 && true //~ E3012
        @k () -> int = None ?? 3
        @l (o: Option<int>) -> Option<int> = o ?? Some(2)
        @m (o: Option<int>) -> int = o ?? "x" //~ E3001
        @n (a: int) -> float = -a //~ E3001
        @o () -> bool = 'a' < 'b' && (1, "x") == (2, "y") && Some(1) < None
        @main () -> void = ()
        """);

    [Fact]
    public void OperatorTraits() => Checked.Program("""
        type V = { x: int, y: int }
        impl Add for V { type Output = V  @add (self, rhs: V) -> V = V { x: self.x + rhs.x, y: self.y + rhs.y } }
        impl Mul<int> for V { type Output = V  @mul (self, rhs: int) -> V = V { x: self.x * rhs, y: self.y * rhs } }
        impl Neg for V { type Output = V  @neg (self) -> V = V { x: -self.x, y: -self.y } }
        @a (v: V) -> V = v + v * 2
        @b (v: V) -> V = v - v //~ E3012
        @c (v: V) -> bool = v == v //~ E3012
        @d (v: V) -> V = -v
        @e (vs: [V]) -> V = vs.fold(V { x: 0, y: 0 }, +)
        @main () -> void = ()
        """);

    [Fact]
    public void Constants() => Checked.Program("""
        @a () -> int = 1 / 0 //~ E3035
        @b () -> int = 9223372036854775807 + 1 //~ E3035
        @c () -> int = -9223372036854775808
        @d () -> int = 1 << 64 //~ E3035
        @e () -> float = 1.0 / 0.0
        @f (n: int) -> int = n / 2
        @main () -> void = ()
        """);

    [Fact]
    public void Conditions() => Checked.Program("""
        @a () -> int = if 1 then 2 else 3 //~ E3014
        @b () -> void = while "x" do () //~ E3014
        @c (xs: [int]) -> [int] = for x in xs if x yield x //~ E3014
        @d () -> void = for x in 5 do print(x) //~ E3030
        @e () -> [int] = for x in 0..3, y in 0..x yield x * y
        @f () -> [char] = for c in "abc" yield c
        @g (m: {str: int}) -> [int] = for (_, v) in m yield v
        @h () -> void = for x in 0.0..1.0 do print(x) //~ E3030
        @main () -> void = ()
        """);

    [Fact]
    public void Loops() => Checked.Program("""
        @a () -> void = break //~ E2020
        @b (xs: [int]) -> void = for x in xs do break 1 //~ E2021
        @c () -> int = loop(break 3)
        @d () -> int = loop(break "x") //~ E3001
        @e (xs: [int]) -> void = for x in xs do xs.for_each(y -> run(break, ())) //~ E2020
        @f () -> void = loop(break)
        @g (xs: [int]) -> void = for x in xs do if x > 1 then continue
        @main () -> void = ()
        """);

    [Fact]
    public void Indexes() => Checked.Program("""
        @a (xs: [int]) -> int = xs["a"] //~ E3031
        @b (n: int) -> int = n[0] //~ E3031
        @c (m: {str: int}) -> Option<int> = m["a"]
        @d (m: {str: int}) -> int = m["a"] //~ E3001
        @e (xs: [int]) -> [int] = xs[1..# - 1] + xs[..2] + xs[..]
        @f (s: str) -> str = s[0] + s[1..]
        @g (xs: [int]) -> int = xs[# - 1]
        @h (s: str) -> str = s[0..#]
        @main () -> void = ()
        """);

    [Fact]
    public void Places() => Checked.Program("""
        type P = { x: int, t: (int, int) }
        $limit = 3
        @a (n: int) -> void = run(n = 1) //~ E2015
        @b () -> void = run(let p = [1], p[0] = 2) //~ E2016
        @c () -> void = run(let mut p = [1], p[0] = 2)
        @d (xs: [int]) -> void = run(let n = 0, xs.for_each(x -> n = x), print(n)) //~ E2017
        @e () -> int = run(let n = 1, n = 2, n)
        @f () -> void = run($limit = 4) //~ E2015
        @g () -> void = run(let mut p = P { x: 1, t: (1, 2) }, p.x = 2, p.t.0 = 3, print(p.x))
        @h () -> void = run(let mut g = [[1]], g[0][0] = 2, print(g))
        @i (p: P) -> void = run(p.x = 1) //~ E2016
        @j () -> void = run(let n = 1, n = "x") //~ E3001
        @k () -> void = run(let mut s = "abc", s[0] = "x") //~ E2016
        @l (xs: [int]) -> void = for x in xs do x = 1 //~ E2015
        @main () -> void = ()
        """);

    [Fact]
    public void MutableSelf() => Checked.Program("""
        type C = { n: int }
        impl C {
            @bump (mut self) -> int = run(self.n = self.n + 1, self.n)
            @peek (self) -> int = run(self.n = 2, self.n) //~ E2016
        }
        @a () -> int = run(let mut c = C { n: 0 }, c.bump())
        @b () -> int = run(let c = C { n: 0 }, c.bump()) //~ E2016
        @c (c: C) -> int = c.bump() //~ E2016
        @d () -> int = C { n: 1 }.bump() //~ E2016
        @main () -> void = ()
        """);

    [Fact]
    public void Question() => Checked.Program("""
        type E1 = A | B
        type E2 = Wrapped(E1)
        impl From<E1> for E2 { @from (value: E1) -> E2 = Wrapped(value) }
        @one () -> Result<int, E1> = Ok(1)
        @a () -> int = parse_int("1")? //~ E3028
        @b () -> Result<int, str> = Ok(parse_int("1")?) //~ E3029
        @c () -> Result<int, E2> = Ok(one()?)
        @d () -> Result<int, E2> = one()
        @e () -> Result<int, Error> = one() //~ E3029
        @f (o: Option<int>) -> Option<int> = Some(o? + 1)
        @g (o: Option<int>) -> Result<int, E1> = Ok(o?) //~ E3028
        @h () -> int = 3? //~ E3028
        @main () -> void = ()
        """);

    [Fact]
    public void Try() => Checked.Program("""
        @a (raw: str, qty: str) -> Result<int, Error> = try(
            let price = parse_int(raw),
            let n = parse_int(qty)?,
            let doubled = if n > 10 then n * 2 else n,
            Ok(price * doubled),
        )
        @b () -> int = run(let r = try(1), 2) //~ E3039
        @c () -> Result<int, Error> = try(
            let r: Result<int, Error> = parse_int("1"),
            r,
        )
        @d () -> int = run(
            let r = try(let n = parse_int("1"), Ok(n + 1)),
            r.unwrap_or(0),
        )
        @main () -> void = ()
        """);

    [Fact]
    public void Templates() => Checked.Program("""
        type P = { x: int }
        @a (n: int, xs: [str]) -> str = `{n} of {len(xs)} {xs}`
        @b (f: int -> int) -> str = `{f}` //~ E3036
        @c (p: P) -> str = `{p} {p.x}` //~ E3036
        @main () -> void = ()
        """);

    [Fact]
    public void Names() => Checked.Program("""
        @a () -> int = nope //~ E2001
        @b () -> int = run(let x = y, let y = 1, x) //~ E2014
        @c () -> int = $nope //~ E2013
        @d () -> int = self.n //~ E2018
        @e () -> int = int //~ E2012
        @f (x: int) -> int = run(let x = "a", let x = len(x), x)
        @g () -> int = run(
            let unused = 1, //~ W2001
            let _quiet = 2,
            3,
        )
        @main () -> void = ()
        """);

    [Fact]
    public void Capabilities() => Checked.Program("""
        trait Tariff { @rate (zone: str) -> Option<int> }
        type Fixed = { rates: {str: int} }
        impl Tariff for Fixed { @rate (zone: str) -> Option<int> = self.rates[zone] }
        @bill (zone: str, kwh: int) -> Result<int, str> uses Tariff = run(
            let cents = Tariff.rate(zone).ok_or(`no tariff for {zone}`)?,
            Ok(cents * kwh),
        )
        @a () -> Result<int, str> = with Tariff = Fixed { rates: {"north": 31} } in bill("north", 10)
        @b () -> int = with Tariff = 5 in 1 //~ E5003
        @c () -> Option<int> = with Tariff = Fixed { rates: {} } in Tariff.rates["x"]
        @d () -> int = with Async = 5 in 1 //~ E5011
        @e () -> int uses Tariff = Tariff.nothing() //~ E3008
        @main () -> void = ()
        """);

    [Fact]
    public void ChannelRoles() => Checked.Program("""
        @a (p: Producer<int>) -> Option<int> uses Async = p.receive() //~ E6004
        @b (c: Consumer<int>) -> void uses Async = c.send(1) //~ E6004
        @c (c: &Consumer<int>) -> Consumer<int> = c.clone() //~ E6003
        @d (p: &SharedProducer<int>) -> Producer<int> = p.clone()
        @e (p: Producer<int>) -> void uses Async = run(p.send(1), p.close())
        @f (p: Producer<int>) -> void uses Async = p.send("x") //~ E3001
        @main () -> void = ()
        """);

    [Fact]
    public void Objects() => Checked.Program("""
        type P = { x: int }
        @a () -> int = run(let p = ref P { x: 1 }, p.x = 2, p.x)
        @b () -> int = run(let p = val P { x: 1 }, p.x = 2, p.x) //~ E6006
        @c () -> iso P = P { x: 1 }
        @d () -> ref P = P { x: 1 } //~ E3001
        @e (p: ref P) -> P = p.get()
        @f (p: ref P) -> iso P = p.clone()
        @g (p: iso P) -> val P = p
        @h (n: ref int) -> int = n.get() + 1
        @i (n: ref int) -> void = n.set(4)
        @main () -> void = ()
        """);
}
