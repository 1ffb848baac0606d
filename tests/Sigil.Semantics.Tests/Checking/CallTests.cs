namespace Sigil.Semantics.Tests.Checking;

/// <summary>Calls, arguments, methods, generics.</summary>
public class CallTests
{
    [Fact]
    public void Arguments() => Checked.Program("""
        @fare (.km: int, .night: bool = false, base: int = 250) -> int = base + km * (if night then 45 else 30)
        @a () -> int = fare(12, .base: 300, night: true)
        @b () -> int = fare() //~ E3003
        @c () -> int = fare(1, true, 3, 4) //~ E3003
        @d () -> int = fare(.miles: 3) //~ E3004
        @e () -> int = fare(3, .km: 4) //~ E3005
        @f () -> int = 3(4) //~ E3006
        @g () -> int = fare("x") //~ E3001
        @h ((a, b): (int, int), c: int) -> int = a + b + c
        @i () -> int = h((1, 2), 3)
        @j (f: int -> int) -> int = f(.x: 1) //~ E3004
        @k (f: int -> int) -> int = f(1, 2) //~ E3003
        @main () -> void = ()
        """);

    [Fact]
    public void Members() => Checked.Program("""
        type P = { x: int, y: int }
        impl P { @sum (self) -> int = self.x + self.y  @origin () -> P = P { x: 0, y: 0 } }
        @a (p: P) -> int = p.z //~ E3007
        @b (p: P) -> int = p.sum()
        @c (p: P) -> int = p.shout() //~ E3008
        @d () -> int = P.origin().x
        @e (t: (int, int)) -> int = t.0 + t.1
        @f (t: (int, int)) -> int = t.5 //~ E3032
        @g (p: P) -> int = p.sum //~ E3007
        @h () -> int = 3.shout() //~ E3008
        @i (p: P) -> int = P.sum(p)
        @j () -> P = P.nothing() //~ E3008
        @k (r: { a: int, b: str }) -> str = r.b
        @l (r: { a: int, b: str }) -> str = r.c //~ E3007
        @main () -> void = ()
        """);

    [Fact]
    public void Bounds() => Checked.Program("""
        type P = { x: int }
        @same<T: Eq> (a: T, b: T) -> bool = a == b
        @a () -> bool = same(1, 2)
        @b (p: P) -> bool = same(p, p) //~ E3016
        @c (f: int -> int, g: int -> int) -> [int -> int] = [f, g].sort() //~ E3016
        @d<T> (a: T, b: T) -> bool = a == b //~ E3012
        @e<T: Comparable> (a: T, b: T) -> bool = a < b && a == b
        @f () -> bool = same<int>(1, 2)
        @g () -> bool = same<int, int>(1, 2) //~ E3015
        @h () -> bool = same(1, "a") //~ E3001
        @main () -> void = ()
        """);

    [Fact]
    public void Variants() => Checked.Program("""
        type Alarm = Quiet | Raised(level: int, reason: str)
        type Other = Quiet | Loud(int)
        type Celsius = float
        @a () -> Alarm = Quiet
        @b () -> Alarm = Raised(.reason: "x", .level: 1)
        @c () -> Alarm = Raised(1) //~ E3003
        @d () -> Alarm = Alarm.Raised(1, "x")
        @e () -> bool = run(let q = Quiet, true) //~ E2012
        @f () -> Celsius = Celsius(36.6)
        @g (c: Celsius) -> float = c.unwrap()
        @h () -> Celsius = 36.6 //~ E3001
        @i () -> [Option<int>] = [1, 2].map(Some)
        @j () -> Alarm = Raised(.wrong: 1, .reason: "x") //~ E3004
        @k () -> [Other] = [1].map(Loud)
        @main () -> void = ()
        """);

    [Fact]
    public void ConversionFunctions() => Checked.Program("""
        @a () -> int = int("12") + int(3.5) + int(true) + int('a')
        @b () -> int = int([1]) //~ E3001
        @c () -> byte = byte(256) //~ E3035
        @d () -> float = float(1) + float("2.5")
        @e () -> str = str(1) + str([1, 2]) + str(Some("x"))
        @f () -> char = char(65)
        @g () -> int = int("x") //~ E3035
        @main () -> void = ()
        """);

    [Fact]
    public void Structs() => Checked.Program("""
        type P = { x: int, y: int = 0 }
        type Q<T> = { v: T }
        @a () -> P = P { x: 1 }
        @b () -> P = P { y: 1 } //~ E3009
        @c () -> P = P { x: 1, z: 3 } //~ E3010
        @d () -> P = P { x: 1, x: 2 } //~ E3011
        @e (p: P) -> P = P { ...p, y: 3 }
        @f (q: Q<int>) -> P = P { ...q, y: 3 } //~ E3040
        @g () -> Q<str> = Q { v: "a" }
        @h () -> P = { x: 1 }
        @i (x: int) -> P = P { x }
        @j () -> { a: int, b: str } = { b: "x", a: 1 }
        @k (r: { a: int }) -> { a: int } = { ...r, a: 2 }
        @l (r: { x: int, y: int }) -> P = r //~ E3001
        @main () -> void = ()
        """);

    [Fact]
    public void Recursion() => Checked.Program("""
        @fact (n: int) -> int = if n < 2 then 1 else n * fact(n - 1)
        @even (n: int) -> bool = if n == 0 then true else odd(n - 1)
        @odd (n: int) -> bool = if n == 0 then false else even(n - 1)
        @main () -> void = print(fact(5))
        """);
}
