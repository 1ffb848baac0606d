namespace Sigil.Properties.Tests.Generation;

// Expressions. Each has the wanted type also without a context that says so, except where Typed is asked for.
internal sealed partial class ProgramGenerator
{
    /// <summary>An expression whose type is given by its place: a declared variable, an argument, a result.</summary>
    private string Typed(GeneratedType type, int depth) => type switch
    {
        OptionOf when Chance(25) => "None",
        ResultOf when Chance(25) => $"Err({Expression(GeneratedType.Str, 0)})",
        ResultOf r when Chance(40) => $"Ok({Expression(r.Item, depth - 1)})",
        ListOf when Chance(10) => "[]",
        _ => Expression(type, depth),
    };

    private string Expression(GeneratedType type, int depth)
    {
        var known = scope.Where(v => v.Type.Equals(type)).ToList();
        if (known.Count > 0 && Chance(depth <= 0 ? 70 : 30)) return Pick(known).Name;
        if (depth <= 0) return Leaf(type);
        if (Chance(12)) return $"(if {Expression(GeneratedType.Bool, depth - 1)} then {Expression(type, depth - 1)} else {Expression(type, depth - 1)})";
        if (Chance(12) && Call(type, depth) is { } call) return call;
        if (Chance(6)) return Part(type, depth);
        if (Chance(15) && scope.Where(v => v.Type is FunctionOf f && f.Result.Equals(type)).ToList() is { Count: > 0 } callables && Pick(callables) is var callable)
            return $"{callable.Name}({Expression(((FunctionOf)callable.Type).Parameter, depth - 1)})";
        if (Chance(4)) return $"pick({Expression(GeneratedType.Bool, 0)}, {Expression(type, depth - 1)}, {Expression(type, depth - 1)})";
        if (Chance(3)) return $"twice({Lambda([type], type, 0)}, {Expression(type, depth - 1)})";
        if (Chance(5) && Match(type, depth) is { } match) return match;
        if (Chance(4)) return InnerRun(type, depth);
        return type switch
        {
            ScalarType { Name: "int" } => IntExpression(depth - 1),
            ScalarType { Name: "bool" } => BoolExpression(depth - 1),
            ScalarType { Name: "str" } => StrExpression(depth - 1),
            ScalarType { Name: "float" } => FloatExpression(depth - 1),
            ListOf list => ListExpression(list, depth - 1),
            MapOf map => MapExpression(map, depth - 1),
            OptionOf option => OptionExpression(option, depth - 1),
            _ => Constructed(type, depth - 1),
        };
    }

    private string Leaf(GeneratedType type) => type switch
    {
        ScalarType { Name: "int" } => IntLiteral(),
        ScalarType { Name: "bool" } => Chance(50) ? "true" : "false",
        ScalarType { Name: "str" } => Pick(["\"\"", "\"a\"", "\"b\"", "\"xyz\"", "\"é😀\"", "\"A B\""]),
        ScalarType { Name: "float" } => Pick(["0.0", "1.5", "2.25", "100.0", "(-3.5)", "0.1"]),
        ListOf list => $"[{string.Join(", ", Enumerable.Range(0, 1 + Pick(3)).Select(_ => Leaf(list.Item)))}]",
        MapOf map => $"{{{string.Join(", ", Enumerable.Range(0, 1 + Pick(3)).Select(i => $"{(map.Key == GeneratedType.Int ? i.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"\"k{i}\"")}: {Leaf(map.Value)}"))}}}",
        OptionOf option => $"Some({Leaf(option.Item)})",
        ResultOf result => $"(if {Pick(["true", "false"])} then Ok({Leaf(result.Item)}) else Err(\"e{Pick(3)}\"))",
        _ => Constructed(type, 0),
    };

    private string Constructed(GeneratedType type, int depth)
    {
        string Of(GeneratedType t) => depth <= 0 ? Leaf(t) : Expression(t, depth);
        switch (type)
        {
            case PairOf pair: return $"({Of(pair.First)}, {Of(pair.Second)})";
            case BothOf both when depth > 0 && Chance(20): return $"swap({Expression(new BothOf(both.Second, both.First), depth - 1)})";
            case BothOf both: return $"Both {{ first: {Of(both.First)}, second: {Of(both.Second)} }}";
            case StructType s:
                {
                    var known = scope.Where(v => v.Type.Equals(type)).ToList();
                    if (known.Count > 0 && s.Fields.Length > 1 && Chance(40))
                    {
                        var (name, t) = Pick(s.Fields);
                        return $"{s.Name} {{ ...{Pick(known).Name}, {name}: {Of(t)} }}";
                    }
                    return $"{s.Name} {{ {string.Join(", ", s.Fields.Select(f => $"{f.Name}: {Of(f.Type)}"))} }}";
                }
            case SumType sum:
                {
                    var (name, payload) = Pick(sum.Variants);
                    return payload.Length == 0 ? name : $"{name}({string.Join(", ", payload.Select(Of))})";
                }
            case ResultOf result: return $"(if {(depth <= 0 ? "true" : Expression(GeneratedType.Bool, depth - 1))} then Ok({Of(result.Item)}) else Err({Leaf(GeneratedType.Str)}))";
            default: return Leaf(type);
        }
    }

    private string IntLiteral() => Pick(20) switch
    {
        // Behind calls: a constant expression that always panics is an error.
        0 => "id(9223372036854775807)",
        1 => "id(-9223372036854775807)",
        2 => "id(4611686018427387904)",
        3 => $"(-{1 + Pick(9)})",
        4 => $"id({Pick(100000)})",
        _ => $"{Pick(10)}",
    };

    private string IntExpression(int d)
    {
        string Int() => Expression(GeneratedType.Int, d);
        switch (Pick(17))
        {
            case 16 when scope.Where(v => v.Type is StructType { HasMethods: true }).ToList() is { Count: > 0 } readers: return $"{Pick(readers).Name}.reading()";
            case 0 or 1: return $"({Int()} + {Int()})";
            case 2: return $"({Int()} - {Int()})";
            case 3: return $"({Int()} * {Int()})";
            case 4: return $"({Int()} {Pick(["/", "%", "div"])} {(Chance(85) ? $"{1 + Pick(9)}" : $"id({Int()})")})";
            case 5: return $"({Int()} {Pick(["&", "|", "^"])} {Int()})";
            case 6: return $"(id({Int()}) {Pick(["<<", ">>"])} {(Chance(90) ? $"{Pick(12)}" : $"id({Int()})")})";
            case 7: return $"(-{Int()})";
            case 8: return $"{Expression(new ListOf(AnyType(1)), d)}.len()";
            case 9: return $"len({Expression(GeneratedType.Str, d)})";
            case 10: return $"{Pick(["min", "max"])}({Int()}, {Int()})";
            case 11: return $"{Expression(new ListOf(GeneratedType.Int), d)}.fold({Int()}, {Lambda([GeneratedType.Int, GeneratedType.Int], GeneratedType.Int, d)})";
            case 12: return $"({Expression(new MapOf(GeneratedType.Int, GeneratedType.Int), d)}[{Int()}] ?? {Int()})";
            case 13: return $"{Expression(new OptionOf(GeneratedType.Int), d)}.unwrap_or({Int()})";
            case 14: return $"{Expression(new ListOf(GeneratedType.Int), d)}[{(Chance(80) ? "0" : Int())}]";
            default: return $"({Pick(3)}..{Pick(8)}).fold({Int()}, {Lambda([GeneratedType.Int, GeneratedType.Int], GeneratedType.Int, 0)})";
        }
    }

    private string BoolExpression(int d)
    {
        switch (Pick(9))
        {
            case 0 or 1: return $"({Expression(GeneratedType.Int, d)} {Pick(["<", ">", "<=", ">=", "==", "!="])} {Expression(GeneratedType.Int, d)})";
            case 2: return $"({Expression(GeneratedType.Str, d)} {Pick(["<", ">", "==", "!="])} {Expression(GeneratedType.Str, d)})";
            case 3: return $"(!{Expression(GeneratedType.Bool, d)})";
            case 4: return $"({Expression(GeneratedType.Bool, d)} {Pick(["&&", "||"])} {Expression(GeneratedType.Bool, d)})";
            case 5:
                {
                    var t = AnyType(2);
                    return $"({Expression(t, d)} {Pick(["==", "!="])} {Expression(t, d)})";
                }
            case 6: return $"{Expression(new OptionOf(AnyType(1)), d)}.{Pick(["is_some()", "is_none()"])}";
            case 7: return $"{Expression(new ListOf(GeneratedType.Int), d)}.contains({Expression(GeneratedType.Int, d)})";
            default: return $"({Expression(GeneratedType.Float, d)} {Pick(["<", ">", "==", "<="])} {Expression(GeneratedType.Float, d)})";
        }
    }

    private string StrExpression(int d) => Pick(6) switch
    {
        0 or 1 => $"({Expression(GeneratedType.Str, d)} + {Expression(GeneratedType.Str, d)})",
        2 => $"str({Expression(AnyType(1), d)})",
        3 => $"{Expression(GeneratedType.Str, d)}.upper()",
        4 => $"{Expression(new ListOf(GeneratedType.Str), d)}.join(\"-\")",
        _ => Variables() is { Length: > 0 } known ? $"`<{{{Pick(known)}}}|{{{Pick(known)}}}>`" : Leaf(GeneratedType.Str),
    };

    private string[] Variables() => [.. scope.Where(v => v.Type is not FunctionOf).Select(v => v.Name)];

    private string FloatExpression(int d) => Pick(3) switch
    {
        0 => $"float({Expression(GeneratedType.Int, d)})",
        1 => $"({Expression(GeneratedType.Float, d)} {Pick(["+", "-", "*", "/"])} {Expression(GeneratedType.Float, d)})",
        _ => $"(-{Expression(GeneratedType.Float, d)})",
    };

    private string ListExpression(ListOf list, int d)
    {
        string Item() => Expression(list.Item, d);
        switch (Pick(11))
        {
            case 0 or 1: return $"[{string.Join(", ", Enumerable.Range(0, 1 + Pick(4)).Select(_ => Item()))}]";
            case 2: return $"{Expression(list, d)}.append({Item()})";
            case 3: return $"({Expression(list, d)} + {Leaf(list)})";
            case 4: return $"{Expression(list, d)}.{Pick(["reverse()", $"take({Pick(4)})", $"drop({Pick(3)})"])}";
            case 5: return $"{Expression(list, d)}.filter({Lambda([list.Item], GeneratedType.Bool, d)})";
            case 6:
                {
                    var from = AnyType(1);
                    return $"{Expression(new ListOf(from), d)}.map({Lambda([from], list.Item, d)})";
                }
            case 7:
                {
                    var from = AnyType(0);
                    return $"each({Expression(new ListOf(from), d)}, {Lambda([from], list.Item, d)})";
                }
            case 8:
                {
                    var x = Fresh("x");
                    var range = $"{Pick(3)}..{(Chance(40) ? "=" : "")}{Pick(6)}";
                    return Within([new Variable(x, GeneratedType.Int, false, false)], 6, () =>
                        $"(for {x} in {range}{(Chance(50) ? $" if {Expression(GeneratedType.Bool, d)}" : "")} yield {Expression(list.Item, d)})");
                }
            case 9 when list.Item is ScalarType { Name: "int" or "str" }: return $"{Expression(list, d)}.sort()";
            case 10 when list.Item is PairOf { First: ScalarType { Name: "int" } key } pair: return $"{Expression(new MapOf(key, pair.Second), d)}.entries()";
            default: return $"{Expression(list, d)}.prepend({Item()})";
        }
    }

    private string MapExpression(MapOf map, int d) => Pick(3) switch
    {
        0 => Leaf(map),
        1 => $"{Expression(map, d)}.insert({Expression(map.Key, d)}, {Expression(map.Value, d)})",
        _ => $"{Expression(map, d)}.remove({Expression(map.Key, d)})",
    };

    private string OptionExpression(OptionOf option, int d)
    {
        switch (Pick(6))
        {
            case 0 or 1: return $"Some({Expression(option.Item, d)})";
            case 2: return $"{Expression(new ListOf(option.Item), d)}.{Pick(["first()", "last()", $"get({Pick(4)})"])}";
            case 3: return $"{Expression(new MapOf(GeneratedType.Int, option.Item), d)}[{Expression(GeneratedType.Int, d)}]";
            case 4:
                {
                    var from = AnyType(1);
                    return $"{Expression(new OptionOf(from), d)}.map({Lambda([from], option.Item, d)})";
                }
            default: return $"(if {Expression(GeneratedType.Bool, d)} then Some({Expression(option.Item, d)}) else None)";
        }
    }

    private string? Call(GeneratedType type, int depth)
    {
        var fitting = functions.Where(f => f.Result.Equals(type) && (long)f.Work * factor + work < MostWork).ToList();
        if (fitting.Count == 0) return null;
        var f = Pick(fitting);
        work += f.Work * factor;
        var arguments = f.Parameters.Select((p, i) => f.Name.StartsWith("rec", StringComparison.Ordinal) && i == 0 ? $"{Pick(20)}" : Typed(p, depth - 1));
        return $"{f.Name}({string.Join(", ", arguments)})";
    }

    /// <summary>A field or component of something.</summary>
    private string Part(GeneratedType type, int depth)
    {
        var holders = scope.SelectMany(v => v.Type switch
        {
            StructType s => s.Fields.Where(f => f.Type.Equals(type)).Select(f => $"{v.Name}.{f.Name}"),
            PairOf p => new[] { (p.First, ".0"), (p.Second, ".1") }.Where(x => x.Item1.Equals(type)).Select(x => v.Name + x.Item2),
            BothOf b => new[] { (b.First, ".first"), (b.Second, ".second") }.Where(x => x.Item1.Equals(type)).Select(x => v.Name + x.Item2),
            _ => [],
        }).ToList();
        return holders.Count > 0 ? Pick(holders) : Leaf(type);
    }

    private string Lambda(GeneratedType[] parameters, GeneratedType result, int depth)
    {
        var given = parameters.Select(t => new Variable(Fresh("a"), t, false, false)).ToArray();
        // Functions of the library call a lambda once per element.
        return Within(given, 6, () => $"{(given.Length == 1 ? given[0].Name : $"({string.Join(", ", given.Select(g => g.Name))})")} -> {Expression(result, Math.Min(depth, 1))}");
    }

    private string InnerRun(GeneratedType type, int depth)
    {
        var name = Fresh("v");
        var inner = AnyType(1);
        var first = Typed(inner, depth - 1);
        return $"run(let {name}: {inner.Text} = {first}, {Within([new Variable(name, inner, false, false)], 1, () => Expression(type, depth - 1))})";
    }

    private string? Match(GeneratedType type, int depth)
    {
        var subjects = scope.Where(v => v.Type is SumType or OptionOf or ResultOf or PairOf or ListOf || v.Type == GeneratedType.Int).ToList();
        if (subjects.Count == 0) return null;
        var subject = Pick(subjects);
        string Arm(string pattern, params Variable[] bound) => Within(bound, 1, () => $"{pattern} -> {Expression(type, depth - 1)}");
        Variable Bind(GeneratedType t) => new(Fresh("m"), t, false, false);
        var arms = new List<string>();
        switch (subject.Type)
        {
            case SumType sum:
                foreach (var (name, payload) in sum.Variants)
                {
                    var bound = payload.Select(Bind).ToArray();
                    arms.Add(Arm(payload.Length == 0 ? name : $"{name}({string.Join(", ", bound.Select(b => b.Name))})", bound));
                }
                break;
            case OptionOf option:
                {
                    var some = Bind(option.Item);
                    arms.Add(Arm($"Some({some.Name})", some));
                    arms.Add(Arm("None"));
                    break;
                }
            case ResultOf result:
                {
                    var ok = Bind(result.Item);
                    var error = Bind(GeneratedType.Str);
                    arms.Add(Arm($"Ok({ok.Name})", ok));
                    arms.Add(Arm($"Err({error.Name})", error));
                    break;
                }
            case PairOf pair:
                {
                    var (a, b) = (Bind(pair.First), Bind(pair.Second));
                    arms.Add(Arm($"({a.Name}, {b.Name})", a, b));
                    break;
                }
            case ListOf list:
                {
                    var (first, rest, last) = (Bind(list.Item), Bind(list), Bind(list.Item));
                    arms.Add(Arm("[]"));
                    arms.Add(Arm($"[{first.Name}]", first));
                    if (Chance(50)) arms.Add(Arm($"[{first.Name}, ..{rest.Name}, {last.Name}]", first, rest, last));
                    else arms.Add(Arm($"[{first.Name}, ..{rest.Name}]", first, rest));
                    break;
                }
            default:
                arms.Add(Arm("..0"));
                arms.Add(Arm($"0 | {1 + Pick(3)}"));
                arms.Add(Arm("4..=9"));
                arms.Add(Arm("_"));
                break;
        }
        return $"match({subject.Name}, {string.Join(", ", arms)})";
    }

    /// <summary>Generates with more names in scope, for code that runs several times.</summary>
    private T Within<T>(Variable[] bound, int rounds, Func<T> generate)
    {
        var before = scope.Count;
        scope.AddRange(bound);
        factor *= rounds;
        var result = generate();
        factor /= rounds;
        scope.RemoveRange(before, scope.Count - before);
        return result;
    }
}
