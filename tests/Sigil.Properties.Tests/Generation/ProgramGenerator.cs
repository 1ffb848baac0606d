namespace Sigil.Properties.Tests.Generation;

/// <summary>
/// Makes well-typed programs that end: loops are bounded, functions call earlier ones only. The seed alone decides. What is
/// generated is widened by adding productions to the parts of this class.
/// </summary>
internal sealed partial class ProgramGenerator : SeededGenerator
{
    /// <summary>How much a function may do, counted in calls and rounds of loops.</summary>
    private const int MostWork = 3000;

    private sealed record Variable(string Name, GeneratedType Type, bool CanAssign, bool CanUpdate);

    private sealed record Callable(string Name, GeneratedType[] Parameters, GeneratedType Result, int Work);

    private readonly GeneratedProgram program = new();
    private readonly List<GeneratedType> types = [GeneratedType.Int, GeneratedType.Int, GeneratedType.Bool, GeneratedType.Str, GeneratedType.Float];
    private readonly List<Callable> functions = [];
    private readonly List<Variable> scope = [];
    private int work;
    private int factor = 1;
    private GeneratedType? returns;

    private ProgramGenerator(int seed)
        : base(seed)
    {
    }

    public static GeneratedProgram Generate(int seed)
    {
        var generator = new ProgramGenerator(seed);
        generator.Run();
        return generator.program;
    }

    private void Run()
    {
        DeclareGenerics();
        for (var i = Pick(3); i > 0; i--) DeclareStruct();
        for (var i = Pick(3); i > 0; i--) DeclareSum();
        for (var i = 1 + Pick(5); i > 0; i--) DeclareFunction();
        if (Chance(40)) DeclareTailRecursion();
        if (Chance(25)) DeclareRecursion();
        DeclareMain(Chance(45));
    }

    private void DeclareGenerics()
    {
        program.Declarations.Add("#[derive(Eq, Printable, Debug)]\ntype Both<A, B> = { first: A, second: B }");
        program.Declarations.Add("@pick<T> (c: bool, a: T, b: T) -> T = if c then a else b");
        program.Declarations.Add("@id (n: int) -> int = n");
        program.Declarations.Add("@twice<T> (f: T -> T, x: T) -> T = f(f(x))");
        program.Declarations.Add("@push_to<T> (xs: &mut [T], x: T) -> void = xs = xs.append(x)");
        program.Declarations.Add("@each<T, U> (xs: [T], f: T -> U) -> [U] = for x in xs yield f(x)");
        program.Declarations.Add("@swap<A, B> (p: Both<A, B>) -> Both<B, A> = Both { first: p.second, second: p.first }");
    }

    private void DeclareStruct()
    {
        var name = Fresh("S");
        var fields = Enumerable.Range(0, 1 + Pick(4)).Select(i => ($"f{i}", AnyType(1))).ToArray();
        program.Declarations.Add($"#[derive(Eq, Printable, Debug)]\ntype {name} = {{ {string.Join(", ", fields.Select(f => $"{f.Item1}: {f.Item2.Text}"))} }}");
        var numbers = fields.Where(f => f.Item2 == GeneratedType.Int).Select(f => f.Item1).ToList();
        if (numbers.Count > 0)
        {
            var n = Pick(numbers);
            program.Declarations.Add($"impl {name} {{\n    @bump (mut self, n: int) -> int = run(self.{n} = self.{n} + n % 100, self.{n})\n    @reading (self) -> int = self.{n}\n}}");
        }
        types.Add(new StructType(name, fields) { HasMethods = numbers.Count > 0 });
    }

    private void DeclareSum()
    {
        var name = Fresh("U");
        var variants = Enumerable.Range(0, 2 + Pick(3)).Select(i => ($"{name}V{i}", Enumerable.Range(0, Pick(3)).Select(_ => AnyType(1)).ToArray())).ToArray();
        var text = string.Join(" | ", variants.Select(v => v.Item2.Length == 0 ? v.Item1 : $"{v.Item1}({string.Join(", ", v.Item2.Select(t => t.Text))})"));
        program.Declarations.Add($"#[derive(Eq, Printable, Debug)]\ntype {name} = {text}");
        types.Add(new SumType(name, variants));
    }

    private GeneratedType AnyType(int depth)
    {
        if (depth <= 0 || Chance(50)) return Pick(types);
        return Pick(8) switch
        {
            0 or 1 or 2 => new ListOf(AnyType(depth - 1)),
            3 => new MapOf(Chance(50) ? GeneratedType.Int : GeneratedType.Str, AnyType(depth - 1)),
            4 => new OptionOf(AnyType(depth - 1)),
            5 => new PairOf(AnyType(depth - 1), AnyType(depth - 1)),
            6 => new BothOf(AnyType(depth - 1), AnyType(depth - 1)),
            _ => new ResultOf(AnyType(depth - 1)),
        };
    }

    private void DeclareFunction()
    {
        scope.Clear();
        work = 1;
        var name = Fresh("fun");
        var parameters = Enumerable.Range(0, Pick(4)).Select(_ => AnyType(2)).ToArray();
        returns = Chance(30) ? new ResultOf(AnyType(1)) : AnyType(2);
        var given = parameters.Select(t => new Variable(Fresh("p"), t, false, false)).ToArray();
        scope.AddRange(given);
        var body = new Block();
        Fill(body, 1 + Pick(5), 2);
        body.Result = Typed(returns, 2);
        program.Functions.Add(new GeneratedFunction($"@{name} ({string.Join(", ", given.Select(p => $"{p.Name}: {p.Type.Text}"))}) -> {returns.Text}", body));
        functions.Add(new Callable(name, parameters, returns, work));
        returns = null;
    }

    // A self call in tail position runs in constant stack.
    private void DeclareTailRecursion()
    {
        scope.Clear();
        work = 1;
        var name = Fresh("rec");
        var result = Chance(60) ? GeneratedType.Int : AnyType(1);
        var n = Fresh("p");
        var sum = Fresh("p");
        scope.Add(new Variable(n, GeneratedType.Int, false, false));
        scope.Add(new Variable(sum, result, false, false));
        factor = 20;
        var body = new Block();
        Fill(body, Pick(3), 1);
        var step = result == GeneratedType.Int ? $"({sum} + {n}) % 1000003" : Typed(result, 1);
        body.Result = $"if {n} <= 0 then {sum} else {name}({n} - 1, {step})";
        factor = 1;
        program.Functions.Add(new GeneratedFunction($"@{name} ({n}: int, {sum}: {result.Text}) -> {result.Text}", body));
        // Calls give the number of rounds as a small literal: see Call.
        functions.Add(new Callable(name, [GeneratedType.Int, result], result, work * 20));
    }

    // Two self calls, not in tail position: depth of at most five.
    private void DeclareRecursion()
    {
        scope.Clear();
        work = 1;
        var name = Fresh("dep");
        var result = AnyType(1);
        var n = Fresh("p");
        scope.Add(new Variable(n, GeneratedType.Int, false, false));
        factor = 32;
        var body = new Block();
        var (a, b) = (Fresh("v"), Fresh("v"));
        body.Statements.Add(Statement.Of($"let {a}: {result.Text} = {Typed(result, 1)}"));
        scope.Add(new Variable(a, result, true, false));
        Fill(body, Pick(2), 1);
        scope.RemoveAll(v => v.Name == a);
        scope.Add(new Variable(a, result, false, false));
        scope.Add(new Variable(b, result, false, false));
        body.Result = $"if {n} <= 0 || {n} > 4 then {a} else run(let {a} = {name}({n} - 1), let {b} = {name}({n} - 2), {Typed(result, 2)})";
        factor = 1;
        program.Functions.Add(new GeneratedFunction($"@{name} ({n}: int) -> {result.Text}", body));
        functions.Add(new Callable(name, [GeneratedType.Int], result, work * 32));
    }

    private void DeclareMain(bool withTasks)
    {
        scope.Clear();
        work = 1;
        var body = new Block();
        Fill(body, 3 + Pick(6), 3);
        if (withTasks)
            for (var i = 1 + Pick(2); i > 0; i--) AddExchange(body);
        foreach (var v in scope.Where(v => v.Type is not FunctionOf).ToList()) body.Statements.Add(Print(v.Name));
        program.Functions.Add(new GeneratedFunction($"@main () -> void{(withTasks ? " uses Async" : "")}", body));
    }

    private static Statement Print(string expression) => Statement.Of(expression.All(c => char.IsLetterOrDigit(c) || c == '.') ? $"print(`{{{expression}}}`)" : $"print({expression})");
}
