namespace Sigil.Semantics.Tests.Checking;

/// <summary>Larger texts: many ways to say things right, and one wrong thing a line.</summary>
public class ProgramTests
{
    [Fact]
    public void EverydayPrograms() => Checked.Program("""
        type Node = { val: int, next: Option<Node> = None }
        type Tree<T> = Leaf | Branch(left: Tree<T>, value: T, right: Tree<T>)
        impl<T: Comparable> Tree<T> {
            @insert (self, v: T) -> Tree<T> = match(self,
                Leaf -> Branch(Leaf, v, Leaf),
                Branch(l, x, r) -> if v < x then Branch(l.insert(v), x, r) else Branch(l, x, r.insert(v)),
            )
            @size (self) -> int = match(self, Leaf -> 0, Branch(l, _, r) -> l.size() + 1 + r.size())
        }
        trait Animal { @name (self) -> str  @speak (self) -> str = `I am {self.name()}` }
        type Dog = { n: str }
        impl Animal for Dog { @name (self) -> str = self.n }
        @loud<A: Animal> (a: A) -> str = a.speak() + "!"
        @compose<A, B, C> (f: A -> B, g: B -> C) -> (A -> C) = x -> g(f(x))
        @apply_n (f: int -> int, n: int, x: int) -> int = if n == 0 then x else apply_n(f, n - 1, f(x))
        @first_gap (ids: [int]) -> Option<int> = run(
            let sorted = ids.sort(),
            let mut seen: {int: bool} = {},
            for id in sorted do seen[id] = true,
            loop(
                let candidate = len(seen),
                if seen[candidate] == None then break Some(candidate),
                if candidate > 1_000 then break None,
                seen[candidate] = true,
            ),
        )
        type Countdown = { left: int }
        impl Iterator for Countdown {
            type Item = int
            @next (mut self) -> Option<int> =
                if self.left == 0 then None
                else run(
                    self.left = self.left - 1,
                    Some(self.left),
                )
        }
        @odd_squares (n: int) -> [int] = collect(1..=n, i -> i * i).filter(i -> i % 2 == 1)
        @spend (log: {str: [int]}) -> int = log.map((_, xs) -> xs.fold(0, +)).fold(0, +)
        @roomy (halls: [(str, int)]) -> str = find(
            .over: halls,
            .where: (_, seats) -> seats >= 200,
            .default: ("none", 0),
        ).0
        @lattice (right: int, down: int) -> int = recurse(
            .cond: right == 0 || down == 0,
            .base: 1,
            .step: self(right - 1, down) + self(right, down - 1),
            .memo: true,
        )
        @words (s: [str]) -> {str: int} = run(
            let mut counts = {},
            for w in s do counts[w] = (counts[w] ?? 0) + 1,
            counts,
        )
        @pipeline (xs: [int]) -> [str] = xs
            .filter(x -> x > 1)
            .map(x -> (x, x * x))
            .sort_by((a, b) -> a.1.compare(b.1))
            .map((a, b) -> `{a}: {b}`)
        @nested () -> [[int]] = for i in 0..3 yield for j in 0..i yield i * j
        @pick (o: Option<Option<int>>) -> int = match(o, Some(Some(n)) -> n, Some(None) -> 0, None -> -1)
        @opt_chain (m: {str: {str: int}}, a: str, b: str) -> Option<int> = m[a]?[b]
        @safe_div (a: int, b: int) -> Result<int, str> = if b == 0 then Err("div") else Ok(a / b)
        @calc () -> Result<int, str> = run(
            let a = safe_div(10, 2)?,
            let b = safe_div(a, 1)?,
            Ok(a + b),
        )
        @group (xs: [int]) -> {bool: [int]} = xs.group_by(x -> x > 2)
        @zipped () -> [(int, str)] = [1, 2].zip(["a", "b"])
        @parts () -> ([int], [int]) = [1, 2, 3].partition(x -> x > 1)
        @swap<A, B> (p: (A, B)) -> (B, A) = run(let (a, b) = p, (b, a))
        @total (xs: [float]) -> float = xs.sum()
        @m () -> Option<int> = [3, 1].max()
        @dflt () -> int = run(let x: Option<int> = None, x.unwrap_or(3))
        @fnlist () -> [int] = run(let fs = [x -> x + 1, x -> x * 2], fs.map(f -> f(10)))
        @set_ops () -> int = run(let s = Set<int>.from([1, 2]), let t = s.insert(3), t.len())
        @sum_list (xs: [int]) -> int = match(xs, [] -> 0, [x, ..rest] -> x + sum_list(rest))
        @traverse_it (xs: [str]) -> Result<[int], Error> = xs.traverse(parse_int)
        @traverse2 (xs: [str]) -> Result<[int], Error> = xs.traverse(x -> parse_int(x))
        @ite (c: Countdown) -> [int] = c.map(x -> x)
        @main () -> void = run(
            let p = { a: 1, b: "x" },
            print(p.a),
            print(compose(x -> x + 1, y -> str(y))(3)),
            print(loud(Dog { n: "Rex" })),
            let node = Node { val: 1, next: Some(Node { val: 2 }) },
            print(match(node.next, Some(n) -> n.val, None -> 0)),
            let t = Leaf.insert(3).insert(4),
            print(t.size()),
        )
        """);

    [Fact]
    public void TraitsGenericsAndLibrary() => Checked.Program("""
        use std.math
        use std.math { sqrt, pi }
        type Lease<T> = { @value () -> T, @release () -> void }
        type FileLease = { v: int }
        impl Lease<int> for FileLease { @value () -> int = self.v  @release () -> void = () }
        @use_lease (l: Lease<int>) -> int = l.value()
        @lease_it () -> int = use_lease(FileLease { v: 3 })
        trait Stack { type Item  @push_all (mut self, xs: [Self.Item]) -> void  @top (self) -> Option<Self.Item> }
        type IntStack = { items: [int] }
        impl Stack for IntStack {
            type Item = int
            @push_all (mut self, xs: [int]) -> void = self.items = self.items + xs
            @top (self) -> Option<int> = self.items.last()
        }
        @fill<S: Stack> (s: S, xs: [S.Item]) -> Option<S.Item> = run(
            let mut t = s,
            t.push_all(xs),
            t.top(),
        )
        @use_fill () -> Option<int> = fill(IntStack { items: [] }, [1, 2])
        @root (x: float) -> float = math.sqrt(x) + sqrt(pi)
        @iter_dyn (it: dyn Iterator<Item = int>) -> [int] = for x in it yield x * 2
        type Sampler = (int) -> float
        @sample (s: Sampler) -> float = s(3)
        @samp () -> float = sample(n -> float(n))
        @default_of<T: Default> () -> T = T.default()
        @dd () -> int = default_of<int>() + default_of()
        @conv (v: JsonError) -> Error = v.into()
        @from_it (v: JsonError) -> Error = Error.from(v)
        @clone_it (xs: [int]) -> [int] = xs.clone()
        @cmp (a: str, b: str) -> Ordering = a.compare(b).then(Less)
        @eqs () -> bool = [1, 2] == [1, 2] && (1, "a") != (2, "b") && { a: 1 } == { a: 1 }
        @hash_it<K: Hashable + Eq, V> (m: {K: V}, k: K) -> bool = m.has(k)
        @print_all<T: Printable> (xs: [T]) -> void = for x in xs do print(x)
        @maxes (xs: [int]) -> int = xs.fold(0, max)
        @nested_fn (n: int) -> int = run(
            let add = (a: int, b: int) -> int = a + b,
            let inc = x -> add(x, n),
            inc(2),
        )
        @closures () -> [int] = run(
            let k = 10,
            [1, 2].map(x -> run(let y = x * k, y + 1)),
        )
        @early (xs: [int]) -> Result<int, str> = run(
            let mut total = 0,
            for x in xs do run(
                if x < 0 then break,
                total = total + x,
            ),
            if total > 10 then Err(`too big: {total}`) else Ok(total),
        )
        @or_else_it () -> int = parse_int("x").or_else(_ -> Ok(3)).unwrap_or(1)
        @mapped_err () -> Result<int, str> = parse_int("x").map_err(e -> e.message)
        @and_then_it (o: Option<int>) -> Option<str> = o.and_then(n -> if n > 0 then Some(str(n)) else None)
        @retry_it () -> Result<int, Error> = retry(.op: parse_int("1"), .attempts: 3)
        @unit () -> void = ()
        @unit_list () -> [void] = [unit(), ()]
        @matchy (t: (int, Option<str>)) -> str = match(t,
            (0, None) -> "zero",
            (n, Some(s)) if n > 0 -> s,
            (n, _) -> str(n),
        )
        @lookup (m: {str: [int]}, k: str) -> int = (m[k] ?? []).fold(0, (a, b) -> a + b)
        @update_map () -> {str: [int]} = run(
            let mut m = {},
            m["a"] = [1],
            m["b"] = (m["a"] ?? []).append(2),
            m,
        )
        @update_nested () -> [[int]] = run(
            let mut g = [[0, 0], [0, 0]],
            for i in 0..2 do for j in 0..2 do g[i][j] = i * j,
            g,
        )
        @while_it () -> int = run(
            let i = 0,
            let sum = 0,
            while i < 10 do run(sum = sum + i, i = i + 1),
            sum,
        )
        @tuple_fn () -> int = run(
            let f = ((a, b): (int, int)) -> int = a + b,
            f((1, 2)),
        )
        @gen_pair<A: Clone, B> (a: A, b: B) -> (A, B) = (a.clone(), b)
        type Wrap<T> = T
        @wrapped () -> int = run(let w = Wrap(3), w.unwrap())
        type Op = Plus | Minus
        @apply (op: Op, a: int, b: int) -> int = match(op, Plus -> a + b, Minus -> a - b)
        @ops () -> [int] = [Plus, Minus].map(o -> apply(o, 3, 2))
        @byte_list (s: str) -> [byte] = for c in s if c < 'z' yield byte(c)
        @shadow (x: int) -> str = run(let x = str(x), x + "!")
        @generic_dyn (xs: [dyn Printable]) -> str = run(
            let out = "",
            for x in xs do out = out + x.to_string(),
            out,
        )
        @mixed () -> str = generic_dyn([1, "a", 2.5])
        @results (xs: [str]) -> [Result<int, Error>] = xs.map(x -> parse_int(x))
        @count_ok (xs: [Result<int, Error>]) -> int = xs.count(r -> r.is_ok())
        @compose2 (fs: [int -> int]) -> (int -> int) = x -> fs.fold(x, (acc, f) -> f(acc))
        @main () -> void = run(
            print(lease_it()),
            assert_eq(ops(), [5, 1]),
            assert(eqs()),
        )
        """);

    [Fact]
    public void OneMistakeALine() => Checked.Program("""
        type P = { x: int, y: int }
        @a1 () -> int = fare(.km: 3) //~ E2001
        @a2 (p: P) -> int = p.w + p.q //~ E3007
        @a3 () -> int = match(3, x -> y) //~ E2001
        @a4 (xs: [int]) -> [int] = xs.map(x -> x.foo) //~ E3007
        @a5 (xs: [int]) -> int = xs.fold(0, (a, b) -> a + b.len()) //~ E3008
        @a6 () -> int = run(let x = 1 + "a", x + 2) //~ E3012
        @a7 () -> [int] = [1, 2].map(x -> str(x)) //~ E3001
        @a8 () -> Result<int, str> = Err(3) //~ E3001
        @a9 () -> Option<str> = Some(3) //~ E3001
        @b1 () -> int = Some(3) //~ E3001
        @b2 () -> Option<int> = 3 //~ E3001
        @b3 (r: Result<int, Error>) -> int = r + 1 //~ E3012
        @b4 () -> int = [1, 2] //~ E3001
        @b5 () -> str = 'a' //~ E3001
        @b6 (f: int -> str) -> str = f("x") //~ E3001
        @b7 (f: int -> str) -> int = f(1) //~ E3001
        @b8 () -> void = print() //~ E3003
        @b9 () -> void = print(1, 2) //~ E3003
        @c1 () -> P = P { x: 1, y: "2" } //~ E3001
        @c2 () -> P = P(1, 2) //~ E3001
        @c3 () -> P = P //~ E3001
        @c4 () -> int = P.x //~ E2001
        @c5 (p: P) -> int = p() //~ E3006
        @c6 (p: P) -> int = p.x() //~ E3006
        @c7 (t: (int, str)) -> int = t.x //~ E3007
        @c8 () -> int = if true then 1 else if false then "a" else 3 //~ E3001
        @c9 () -> {str: int} = {"a": 1, 2: 3} //~ E3001
        @d1 () -> {str: int} = {"a": "b"} //~ E3001
        @d2 (m: {str: int}) -> Option<int> = m[1] //~ E3031
        @d3 () -> int = run(let mut x = 1, x = "a", x) //~ E3001
        @d4 (n: int) -> int = n.x.y.z //~ E3007
        @d5 () -> int = loop(break "a") //~ E3001
        @d6 (a: int, b: str) -> bool = a == b //~ E3012
        @d7 (a: Option<int>) -> bool = a == 3 //~ E3012
        @d8 () -> [int] = for x in [1] yield "a" //~ E3001
        @d9 (x: int) -> int = match(x, 0 -> "a", _ -> 1) //~ E3001
        @e1 () -> void = run(let (a, b) = (1, 2, 3), ()) //~ E4010
        @e2 (x: str) -> int = int(x, 3) //~ E3003
        @e3<T> (x: T) -> str = x.to_string() //~ E3008
        @e4<T: Printable> (x: T) -> str = x.to_string()
        @e5<T> (x: T) -> str = `{x}` //~ E3036
        @e6 () -> int = max(1, "a") //~ E3001
        @e7 () -> int = len(3) //~ E3016
        @e8 (xs: [int]) -> int = xs.reduce((a, b) -> a + b) //~ E3001
        @e9 () -> int = (x -> x + 1)("a") //~ E3001
        @f1 () -> Set<int -> int> = Set<int -> int>.new() //~ E3016
        @f2 () -> int = std.math.nope(1) //~ E2001
        @f3 (x: int) -> int = -x.abs() + !x //~ E3012
        @f4 () -> int = run(let x: Nope = 3, x) //~ E2002
        @f5 () -> int = run(let x: Option<int, int> = None, 3) //~ E3015
        @f6 (x: int) -> void = x
        @f7 (x: int) -> int = run(x, let y = x)  //~ E3037
        @f8 (x: int) -> int = run(let y = x, x = 3, y) //~ E2015
        @f9 () -> str = "a" + 1 //~ E3012
        @g1 () -> bool = !!true && !(1 < 2) || 3 > 2.0 //~ E3012
        @g2 () -> Duration = 1s + 1 //~ E3012
        @g3 () -> int = 5 % 0 //~ E3035
        @g4 (f: float) -> float = f % 2.0 //~ E3012
        @g5 () -> int = 1..3 //~ E3001
        @g6 (xs: [int]) -> int = xs.map(x -> x)? //~ E3028
        @main () -> void = ()
        """);

    [Fact]
    public void LendingOwningAndObjects() => Checked.Program("""
        type Counter = { n: int }
        impl Counter {
            @bump (mut self) -> void = self.n = self.n + 1
            @with_n (own self, n: int) -> Counter = Counter { n }
        }
        @lend (c: &Counter) -> int = c.n
        @lend_mut (c: &mut Counter) -> void = c.bump()
        @l1 () -> int = run(let mut c = Counter { n: 0 }, lend_mut(&mut c), lend(&c))
        @l2 () -> void = run(let c = Counter { n: 0 }, lend_mut(&mut c)) //~ E2016
        @l3 () -> void = run(let mut c = Counter { n: 0 }, lend_mut(c)) //~ E3001
        @l4 () -> int = lend(Counter { n: 3 })
        @take (c: Counter) -> int = c.n
        @l5 () -> int = run(let c = Counter { n: 0 }, take(&c)) //~ E3001
        @l6 (c: &Counter) -> int = take(c) + lend(c)
        @l7 (c: &mut Counter) -> void = run(c.n = 3, lend_mut(c))
        @l8 (c: &Counter) -> void = c.n = 3 //~ E2016
        @l9 (c: Counter) -> Counter = c.with_n(3).with_n(4)
        @own_prod (p: Producer<int>) -> void uses Async = p.send(1)
        @lend_prod (p: &Producer<int>) -> void uses Async = p.send(1)
        @o1 () -> void uses Async = run(
            let { producer, consumer } = channel<int>(.buffer: 1),
            lend_prod(&producer),
            own_prod(producer),
            for x in consumer do print(x),
        )
        @o2 () -> Option<int> uses Async = run(
            let { producer: out, consumer: inp } = channel(.buffer: 1, .share: Producers),
            let again = out.clone(),
            again.send(3),
            own_prod(out),
            inp.receive(),
        )
        @o3 (xs: [Producer<int>]) -> void uses Async = for p in xs do p.send(1)
        @o4 (c: Consumer<int>) -> [int] uses Async = c.map(x -> x + 1)
        @o5 (c: &Consumer<int>) -> [str] uses Async = for x in c yield str(x)
        @id<T> (x: T) -> T = x
        @o6 (p: Producer<int>) -> Producer<int> = id(p) //~ E3016
        @o7 (p: Producer<int>) -> dyn Printable = p //~ E3016 E3001
        @o8 () -> { a: int, b: str } uses Async = parallel(.a: 1 + 1, .b: "x")
        @o9 (urls: [str]) -> [int] uses Parallel = parallel(.tasks: map(urls, u -> len(u)), .max_concurrent: 3)
        @p1 (n: int) -> Result<int, TimeoutError> uses Async = timeout(.op: n, .after: 1s)
        type Obj = { v: int, next: Option<ref Obj> }
        @q1 () -> int = run(let o = ref Obj { v: 1, next: None }, let p = ref Obj { v: 2, next: Some(o) }, p.v = 5, o.v + p.v)
        @q2 (o: val Obj) -> int = o.v
        @q3 () -> int = run(let c = iso Counter { n: 1 }, c.n = 4, c.bump(), c.n)
        @q4 (c: iso Counter) -> int = lend(&c)
        @q5 (f: iso (int -> int)) -> int = f(3)
        @q6 () -> int = run(let k = ref 3, k.set(k.get() + 1), k.get())
        @q7 (p: Producer<int>) -> iso (int -> void uses Async) = x -> p.send(x)
        @q8 (p: Producer<int>) -> (int -> void uses Async) = x -> p.send(x) //~ E6019
        @q9 () -> int = run(let mut xs = [1, 2], xs[0] = 5, let ys = xs, xs[1] = 7, ys[1])
        @r1 (o: ref Obj) -> (int -> int) = x -> o.v + x //~ E6002
        @r2 (o: ref Obj) -> ref (int -> int) = x -> o.v + x
        @s1 () -> int = run(let n = 0, let r = parallel(.a: run(n = 1, 2)), r.a) //~ E5010 E6005
        @main () -> void = ()
        """);

    [Fact]
    public void MethodsAndCollections() => Checked.Program("""
        trait Speak { @say (self) -> str  @twice (self) -> str = self.say() + self.say() }
        trait Shout { @say (self) -> str }
        type D = {}
        impl Speak for D { @say (self) -> str = "a" }
        impl Shout for D { @say (self) -> str = "b" }
        @a1 (d: D) -> str = d.say() //~ E3027
        @a2 (d: D) -> str = Speak.say(d) + Shout.say(d)
        @a3 () -> Self = 3 //~ E2019
        @a4 (s: dyn Speak) -> str = s.twice()
        @a5 (xs: [dyn Speak]) -> [str] = xs.map(x -> x.say())
        @a6 (f: (int, int) -> int) -> int = [1, 2].fold(0, f)
        @a7 () -> int = [(1, 2), (3, 4)].map((a, b) -> a * b).sum()
        @a8 (xs: [int]) -> [int] = xs.sort_by((a, b) -> b.compare(a))
        @a9 (xs: [str]) -> {str: int} = xs.map(x -> (x, len(x))).to_map()
        @b1 (o: Option<str>) -> str = match(o, Some(s) -> s, None -> "none")
        @b2 (xs: [Option<int>]) -> [int] = xs.filter_map(x -> x)
        @b3 (n: int) -> str = if n > 0 then "pos" else if n < 0 then "neg" else "zero"
        @b4 (n: int) -> Option<str> = if n > 0 then Some("x") else None
        @b5 (n: int) -> Result<int, str> = if n > 0 then Ok(n) else Err(`bad {n}`)
        @b6 (xs: [int]) -> Result<[int], str> = xs.traverse(b5)
        @b7 () -> int = run(let x = b5(3)?, x) //~ E3028
        @b8 (xs: [int]) -> bool = xs.any(x -> x > 3) && xs.all(x -> x < 10) && !xs.is_empty()
        @b9 (xs: [int]) -> int = len(xs) + xs.len()
        @c1 () -> [str] = ["a", "b"].enumerate().map((i, s) -> `{i}{s}`)
        @c2 () -> int = "abc".len() + "a".compare("b").reverse().then(Equal).is_less().debug_len() //~ E3008
        @c3 (m: {str: int}) -> [str] = m.keys().sort()
        @c4 (m: {str: int}) -> int = m.values().sum()
        @c5 (m: {str: int}) -> {str: int} = m.insert("a", 1).remove("b").map_values(v -> v + 1)
        @c6 (a: [int], b: [int]) -> [(int, int)] = a.zip(b).filter((x, y) -> x < y)
        @c7 () -> int = run(
            let mut best = None,
            for x in [3, 1, 2] do best = match(best, None -> Some(x), Some(b) -> if x > b then Some(x) else Some(b)),
            best.unwrap_or(0),
        )
        @c8 () -> [int] = run(let acc = [], for i in 0..3 do acc = acc.append(i), acc)
        @c9 () -> {int: [str]} = run(let mut m = {}, m[1] = ["a"], m)
        @d1 () -> int = run(let p = (1, "a", 2.0), p.0)
        @d2 () -> str = run(let { name, age } = { name: "x", age: 3 }, `{name}{age}`)
        @d3 () -> (int, int) = run(let (a, b) = (1, 2), (b, a))
        @d4 (xs: [int]) -> int = run(let [a, b] = xs, a + b)
        @d5 () -> int = run(let f = (n: int) -> int = n + 1, f(f(1)))
        @d6<T> (xs: [T], f: T -> bool) -> [T] = for x in xs if f(x) yield x
        @d7 () -> [int] = d6([1, 2, 3], x -> x > 1)
        @d8<K: Eq + Hashable, V> (xs: [(K, V)]) -> {K: V} = run(let mut m = {}, for (k, v) in xs do m[k] = v, m)
        @d9 () -> {str: int} = d8([("a", 1)])
        @e1<T: Add<Output = T> + Default> (xs: [T]) -> T = xs.fold(T.default(), (a, b) -> a + b)
        @e2 () -> float = e1([1.0, 2.0])
        @e3<I: Iterator> (it: I) -> Option<I.Item> = run(let mut i = it, i.next())
        @e4<I: Iterable<Item = int>> (it: I) -> int = run(let s = 0, for x in it do s = s + x, s)
        @e5 () -> Duration = 5s - 200ms
        @e6 () -> Size = 3kb * 2 + 1b
        @e7 (a: Ordering) -> int = match(a, Less -> -1, Equal -> 0, Greater -> 1)
        @e8 () -> Never = panic("x")
        @e9 (x: int) -> int = if x > 0 then x else e8()
        @f1 () -> int = run(let x = if true then 1 else e8(), x)
        @f2 () -> Error = Error { message: "x" }
        @f3 () -> Error = Error.new("x").with_source(f2())
        @f4 () -> Result<void, Error> = Ok(())
        @f5 () -> Result<void, Error> = run(f4()?, Ok(()))
        @f6 () -> void = run(let r = f4(), assert_ok(r))
        @f7 () -> void = assert_eq(c8(), [0, 1, 2])
        @f8 () -> void = assert_panics(panic("x"))
        @f9 () -> void = f5() //~ W3001
        @main () -> void = ()
        """);

    [Fact]
    public void SelfDefaultsAndQualifiedNames() => Checked.Program("""
        use std.time
        type Pair<A, B> = { a: A, b: B }
        impl<A, B> Pair<A, B> {
            @swap (self) -> Pair<B, A> = Pair { a: self.b, b: self.a }
            @make (a: A, b: B) -> Self = Self { a, b }
            @same (self) -> Self = Self.make(self.a, self.b)
            @map_a<C> (self, f: A -> C) -> Pair<C, B> = Pair { a: f(self.a), b: self.b }
        }
        type Meters = float
        impl Meters { @double (self) -> Self = Self(self.unwrap() * 2.0) }
        @p1 () -> Pair<int, str> = Pair<int, str> { a: 1, b: "x" }
        @p2 () -> Pair<int, str> = Pair.make(1, "x")
        @p3 () -> Pair<int, str> = Pair<int, str>.make(1, "x").same()
        @p4 () -> Pair<str, str> = p1().map_a(n -> str(n))
        @p5 () -> Pair<str, int> = p1().swap()
        type A1 = Q | R1(int)
        type A2 = Q | R2
        @v1 () -> void = assert_eq(Q, A1.Q) //~ E3016
        @v2 (x: A1) -> bool = match(x, Q -> true, R1(_) -> false)
        @v3 (xs: [A1]) -> int = xs.count(x -> match(x, Q -> true, _ -> false))
        @t1 (d: time.Date) -> int = d.year
        @t2 () -> time.Weekday = time.Monday
        @t3 () -> time.Weekday = time.Weekday.Monday
        @r1 (t: { a: int, b: { c: str } }) -> str = t.b.c
        @r2 () -> str = r1({ a: 1, b: { c: "x" } })
        @f1 (f: (int) -> int = x -> x + 1) -> int = f(3)
        @f2 () -> int = f1() + f1(.f: x -> x * 2)
        @g1<T> (xs: [T], cmp: (T, T) -> bool = (a, b) -> true) -> bool = cmp(xs[0], xs[1])
        @g2 () -> bool = g1([1, 2]) && g1(["a"], (a, b) -> a == b)
        @h1 (n: int = 3, .label: str = "x") -> str = `{label}{n}`
        @h2 () -> str = h1() + h1(4) + h1(.label: "y") + h1(2, .label: "z")
        @i1 () -> [int] = for x in [1, 2, 3] if x % 2 == 1 yield x * x
        @i2 (rows: [[int]]) -> [int] = for row in rows, x in row if x > 0 yield x
        @j1 (x: int) -> str = match(x, 0 -> "zero", 1..9 -> "small", _ if x < 0 -> "neg", _ -> "big")
        @k1 () -> (int -> (int -> int)) = x -> y -> x + y
        @k2 () -> int = k1()(1)(2)
        @l1 (xs: [int]) -> int = xs[xs.len() - 1]
        @m1 (s: str) -> [str] = s.split(",").map(x -> x.trim())
        @n1 () -> Option<int> = "a=1".split_once("=").map((_, v) -> int(v))
        @o1 (xs: [int]) -> Option<int> = run(
            let first = xs.first()?,
            let last = xs.last()?,
            Some(first + last),
        )
        @q1 (n: int) -> int = loop(
            let x = n + 1,
            if x > 3 then break x,
        )
        @main () -> void = ()
        """);
}
