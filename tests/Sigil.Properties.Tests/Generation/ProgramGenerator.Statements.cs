namespace Sigil.Properties.Tests.Generation;

// Statements.
internal sealed partial class ProgramGenerator
{
    private void Fill(Block block, int count, int depth)
    {
        for (var i = 0; i < count; i++) block.Statements.Add(OneStatement(depth));
    }

    private Statement OneStatement(int depth)
    {
        if (depth > 0 && Chance(35))
        {
            switch (Pick(6))
            {
                case 0: return For(depth);
                case 1: return While(depth);
                case 2: return If(depth);
                case 3: return Loop(depth);
                case 4: return ForOver(depth);
                default: break;
            }
        }
        return Pick(11) switch
        {
            9 => LetFunction(),
            10 => Mutate() ?? LetFunction(),
            0 or 1 => Let(AnyType(2), mutable: false),
            2 => Let(new ListOf(AnyType(1)), mutable: true),
            3 => Let(Chance(50) ? AnyType(2) : new MapOf(GeneratedType.Str, AnyType(1)), mutable: true),
            4 => Alias() ?? Let(AnyType(1), mutable: false),
            5 or 6 => Update() ?? Assign() ?? Print(Expression(AnyType(1), 1)),
            7 => Question() ?? Assign() ?? Let(GeneratedType.Int, mutable: false),
            _ => Variables() is { Length: > 0 } known ? Print(Pick(known)) : Let(GeneratedType.Int, mutable: false),
        };
    }

    private Statement Let(GeneratedType type, bool mutable)
    {
        var name = Fresh("v");
        var statement = Statement.Of($"let {(mutable ? "mut " : "")}{name}: {type.Text} = {Typed(type, 3)}");
        scope.Add(new Variable(name, type, true, mutable));
        return statement;
    }

    /// <summary>A function value that captures what is in scope, as it is now.</summary>
    private Statement LetFunction()
    {
        var type = new FunctionOf(AnyType(0), AnyType(1));
        var name = Fresh("g");
        var before = scope.ToList();
        scope.RemoveAll(v => v.Type is FunctionOf);
        var statement = Statement.Of($"let {name}: {type.Text} = {Lambda([type.Parameter], type.Result, 1)}");
        scope.Clear();
        scope.AddRange(before);
        scope.Add(new Variable(name, type, false, false));
        return statement;
    }

    /// <summary>A change through <c>mut self</c> or <c>&amp;mut</c>.</summary>
    private Statement? Mutate()
    {
        var known = scope.Where(v => v.CanUpdate && v.Type is ListOf or StructType { HasMethods: true }).Where(v => v.CanUpdate).ToList();
        if (known.Count == 0) return null;
        var v = Pick(known);
        return v.Type switch
        {
            ListOf { Item: StructType { HasMethods: true } } when Chance(60) => Statement.Of($"if {v.Name}.len() > 0 then print(`{{{v.Name}[0].bump({Expression(GeneratedType.Int, 1)})}}`)"),
            ListOf list => Statement.Of($"push_to(&mut {v.Name}, {Leaf(list.Item)})"),
            _ => Statement.Of($"print(`{{{v.Name}.bump({Expression(GeneratedType.Int, 1)})}}`)"),
        };
    }

    /// <summary>A second name for what is then updated through one of them.</summary>
    private Statement? Alias()
    {
        var known = scope.Where(v => v.CanUpdate).ToList();
        if (known.Count == 0) return null;
        var original = Pick(known);
        var name = Fresh("v");
        var statement = Statement.Of($"let mut {name} = {original.Name}");
        scope.Add(new Variable(name, original.Type, true, true));
        return statement;
    }

    private Statement? Assign()
    {
        var known = scope.Where(v => v.CanAssign && v.Type is not (ListOf or MapOf or ScalarType { Name: "str" })).ToList();
        if (known.Count == 0) return null;
        var target = Pick(known);
        return Statement.Of($"{target.Name} = {Typed(target.Type, 2)}");
    }

    private Statement? Update()
    {
        var known = scope.Where(v => v.CanUpdate && v.Type is ListOf or MapOf or StructType or PairOf or BothOf).Where(v => v.CanUpdate).ToList();
        if (known.Count == 0) return null;
        var v = Pick(known);
        return v.Type switch
        {
            // Only literals are appended: lists stay small.
            ListOf list when Chance(40) => Statement.Of($"{v.Name} = {v.Name}.append({Leaf(list.Item)})"),
            ListOf { Item: StructType { Fields: var fields } } when Chance(50) && Pick(fields) is var f => Statement.Of($"if {v.Name}.len() > 0 then {v.Name}[0].{f.Name} = {Typed(f.Type, 1)}"),
            ListOf { Item: ListOf inner } when Chance(50) => Statement.Of($"if {v.Name}.len() > 0 && {v.Name}[0].len() > 0 then {v.Name}[0][0] = {Typed(inner.Item, 1)}"),
            ListOf list => Statement.Of($"if {v.Name}.len() > 1 then {v.Name}[{(Chance(80) ? "1" : $"{v.Name}.len() - 1")}] = {Typed(list.Item, 2)}"),
            MapOf map => Statement.Of($"{v.Name}[{Expression(map.Key, 1)}] = {Typed(map.Value, 2)}"),
            StructType s when Pick(s.Fields) is var f => Statement.Of($"{v.Name}.{f.Name} = {Typed(f.Type, 2)}"),
            PairOf p => Statement.Of(Chance(50) ? $"{v.Name}.0 = {Typed(p.First, 2)}" : $"{v.Name}.1 = {Typed(p.Second, 2)}"),
            BothOf b => Statement.Of(Chance(50) ? $"{v.Name}.first = {Typed(b.First, 2)}" : $"{v.Name}.second = {Typed(b.Second, 2)}"),
            _ => null,
        };
    }

    /// <summary><c>?</c>, in functions that return a Result.</summary>
    private Statement? Question()
    {
        if (returns is not ResultOf) return null;
        var type = AnyType(1);
        var result = new ResultOf(type);
        var source = Call(result, 2) ?? Expression(result, 1);
        var name = Fresh("v");
        var statement = Statement.Of($"let {name}: {type.Text} = {source}?");
        scope.Add(new Variable(name, type, true, false));
        return statement;
    }

    private Block Inner(int depth, int rounds, Variable[] bound, params Statement[] last) => Within(bound, rounds, () =>
    {
        var block = new Block();
        work += factor;
        Fill(block, 1 + Pick(3), depth - 1);
        block.Statements.AddRange(last);
        return block;
    });

    private Statement For(int depth)
    {
        var i = Fresh("i");
        var end = 1 + Pick(5);
        var guard = Chance(25) ? $" if {Within([new Variable(i, GeneratedType.Int, false, false)], end, () => Expression(GeneratedType.Bool, 1))}" : "";
        var exit = Chance(30) ? [Statement.Of($"if {i} {Pick(["==", ">"])} {Pick(4)} then {Pick(["break", "continue"])}")] : Array.Empty<Statement>();
        var body = Inner(depth, end, [new Variable(i, GeneratedType.Int, false, false)], exit);
        return new Statement(new TextPiece($"for {i} in 0..{end}{guard} do "), new BlockPiece(body));
    }

    private Statement ForOver(int depth)
    {
        if (Chance(25))
        {
            var map = new MapOf(GeneratedType.Int, AnyType(1));
            var (k, v) = (Fresh("k"), Fresh("x"));
            var pairs = Expression(map, 1);
            return new Statement(new TextPiece($"for ({k}, {v}) in {pairs} do "), new BlockPiece(Inner(depth, 4, [new Variable(k, map.Key, false, false), new Variable(v, map.Value, false, false)])));
        }
        var x = Fresh("x");
        var type = AnyType(1);
        var list = Expression(new ListOf(type), 1);
        return new Statement(new TextPiece($"for {x} in {list}.take(4) do "), new BlockPiece(Inner(depth, 4, [new Variable(x, type, false, false)])));
    }

    private Statement While(int depth)
    {
        var n = Fresh("n");
        var rounds = 1 + Pick(5);
        var body = Inner(depth, rounds, [new Variable(n, GeneratedType.Int, false, false)]);
        // First, so that `continue` cannot leave it out.
        body.Statements.Insert(0, Statement.Of($"{n} = {n} + 1"));
        if (Chance(25)) body.Statements.Add(Statement.Of($"if {n} > {Pick(4)} then break"));
        return new Statement(new TextPiece($"run(let {n} = 0, while {n} < {rounds} do "), new BlockPiece(body), new TextPiece(")"));
    }

    /// <summary><c>loop</c> that gives a value to <c>break</c>.</summary>
    private Statement Loop(int depth)
    {
        var n = Fresh("n");
        var name = Fresh("v");
        var type = AnyType(1);
        var rounds = 1 + Pick(4);
        var value = Expression(type, 1);
        var body = Inner(depth, rounds, [new Variable(n, GeneratedType.Int, false, false)]);
        body.Statements.Insert(0, Statement.Of($"{n} = {n} + 1"));
        body.Statements.Insert(1, Statement.Of($"if {n} >= {rounds} then break {value}"));
        var statement = new Statement(new TextPiece($"let {name}: {type.Text} = run(let {n} = 0, loop("), new BlockPiece(body), new TextPiece("))"));
        scope.Add(new Variable(name, type, true, false));
        return statement;
    }

    private Statement If(int depth)
    {
        var condition = Expression(GeneratedType.Bool, 2);
        var then = Inner(depth, 1, []);
        return Chance(50)
            ? new Statement(new TextPiece($"if {condition} then "), new BlockPiece(then))
            : new Statement(new TextPiece($"if {condition} then "), new BlockPiece(then), new TextPiece(" else "), new BlockPiece(Inner(depth, 1, [])));
    }
}
