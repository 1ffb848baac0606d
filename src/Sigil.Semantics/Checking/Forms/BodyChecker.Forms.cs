using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// The built-in patterns that look like calls: which call is one, and the simple ones.
public sealed partial class BodyChecker
{
    internal partial bool TryCheckForm(Ast.CallExpression call, Expectation expected, out TypedExpression result)
    {
        var found = DefaultOfFind(call) is { } fallback ? FindOr(call, fallback, expected) : call.Callee switch
        {
            Ast.NameExpression name => Form(name, call, expected),
            Ast.SelfExpression => SelfCall(call),
            _ => null,
        };
        result = found!;
        return found is not null;
    }

    /// <summary>The name of the form that a call is, or null: a definition in scope hides a form of its name.</summary>
    private string? FormName(Ast.CallExpression call)
    {
        if (call.Callee is not Ast.NameExpression { IsSelfType: false } name) return null;
        var text = name.Name.Text;
        if (!Forms.Contains(text) || LookupLocal(text) is not null) return null;
        var found = scope.LookupValue(text);
        return found.Candidates.All(c => c is FunctionSymbol { Module.IsStandardLibrary: true }) ? text : null;
    }

    private static readonly HashSet<string> Forms =
    [
        "panic", "assert_panics", "assert_panics_with", "retry", "cache", "with", "recurse", "recover", "replace",
        "channel", "ipc_channel", "broadcast", "parallel", "race", "timeout", "task_group", "nursery", "spawn",
    ];

    private TypedExpression? Form(Ast.NameExpression name, Ast.CallExpression call, Expectation expected) => FormName(call) switch
    {
        "panic" => Panic(call),
        "assert_panics" => AssertPanics(call, "assert_panics", withMessage: false),
        "assert_panics_with" => AssertPanics(call, "assert_panics_with", withMessage: true),
        "retry" => Retry(call, expected),
        "cache" => Cache(call, expected),
        "with" => WithResource(call, expected),
        "recurse" => Recurse(call, expected),
        "recover" => Recover(call, expected),
        "replace" => Replace(call),
        "channel" or "ipc_channel" => Channel(name, call, FormName(call)!),
        "broadcast" => Broadcast(name, call),
        "parallel" => Parallel(call, expected),
        "race" => Race(call, expected),
        "timeout" => Timeout(call, expected),
        "task_group" or "nursery" => Group(call, FormName(call)!, expected),
        "spawn" => DetachedSpawn(call),
        _ => null,
    };

    private TypedExpression Panic(Ast.CallExpression call)
    {
        if (Properties(call, "panic", new FormProperty("msg", true)) is not { } given) return ErrorAt(At(call));
        return new PanicExpression { Message = Check(given["msg"], Core.Str), Type = Core.Never, Span = At(call) };
    }

    private TypedExpression AssertPanics(Ast.CallExpression call, string form, bool withMessage)
    {
        var given = withMessage
            ? Properties(call, form, new FormProperty("expr", true), new FormProperty("msg", true))
            : Properties(call, form, new FormProperty("expr", true));
        if (given is null) return new ErrorExpression { Type = Core.Void, Span = At(call) };
        // The value is never seen: a Result counts as used.
        var operand = InferValue(given["expr"]);
        var message = withMessage ? Check(given["msg"], Core.Str) : null;
        return new AssertPanicsExpression { Operand = operand, Message = message, Type = Core.Void, Span = At(call) };
    }

    /// <summary>Checks a function given to a form, which only calls it: a lambda lends what it mentions.</summary>
    private TypedExpression BorrowedFunction(Ast.Expression value, ImmutableArray<SigilType> parameters, SigilType result, string property, bool runsAtMostOnce)
    {
        var type = new FunctionType(parameters, result, [], FunctionKind.Borrowed);
        var function = CheckArgument(value, type, 0, $"`.{property}`").Value;
        if (runsAtMostOnce && (function as LambdaExpression ?? (function as ConversionExpression)?.Operand as LambdaExpression) is { } lambda)
            lambda.RunsAtMostOnce = true;
        return function;
    }

    /// <summary>Result&lt;T, E&gt; of the prelude that a value must have; null after an error.</summary>
    private NamedType? ResultTypeOf(TypedExpression value, Ast.Expression at, string what)
    {
        RetryDeferred();
        var type = value.Type.Resolve();
        if (IsError(type)) return null;
        if (IsNever(type)) return Core.Result(NewVariable(), NewVariable());
        if (IsUnknown(type))
        {
            var guess = Core.Result(NewVariable(), NewVariable());
            Unify(type, guess);
            return guess;
        }
        if (AsPrelude(type, "Result") is { } result) return result;
        Report(TypeErrors.Mismatch(Source, At(at), "Result<_, _>", Zonk(type).ToString(), $"{what} must be a `Result`, so that it can fail"));
        return null;
    }

    private TypedExpression Retry(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        var given = Properties(call, "retry", new FormProperty("op", true), new FormProperty("attempts", true), new FormProperty("backoff", false),
            new FormProperty("on", false), new FormProperty("jitter", false), new FormProperty("timeout", false));
        if (given is null) return ErrorAt(at);
        var operation = Decay(Visit(given["op"], new Expectation(expected.Type)));
        var attempts = Check(given["attempts"], Core.Int);
        var backoff = given.TryGetValue("backoff", out var b) && Core.FindType("Backoff") is { } backoffType ? Check(b, backoffType.SelfType) : null;
        var jitter = given.TryGetValue("jitter", out var j) ? Check(j, Core.Bool) : null;
        var timeout = given.TryGetValue("timeout", out var t) ? Check(t, Core.Duration) : null;
        var result = ResultTypeOf(operation, given["op"], "`.op` of `retry`");
        var variants = ImmutableArray<VariantSymbol>.Empty;
        TypedExpression? predicate = null;
        if (given.TryGetValue("on", out var on))
        {
            if (result is null) InferLoosely(on);
            else if (Unparenthesized(on) is Ast.ListExpression list) variants = RetriedVariants(list, result.Arguments[1].Resolve());
            else if (on is not Ast.NameExpression { Name.Text: "all" } || LookupLocal("all") is not null)
                predicate = BorrowedFunction(on, [result.Arguments[1]], Core.Bool, "on", runsAtMostOnce: false);
        }
        if (result is null) return ErrorAt(at);
        return new RetryExpression
        {
            Operation = operation,
            Attempts = attempts,
            Backoff = backoff,
            OnVariants = variants,
            OnPredicate = predicate,
            Jitter = jitter,
            Timeout = timeout,
            Type = result,
            Span = at,
        };
    }

    private ImmutableArray<VariantSymbol> RetriedVariants(Ast.ListExpression list, SigilType error)
    {
        if (Underlying(error) is not NamedType { Definition: { Kind: TypeKind.Sum } sum })
        {
            if (!HasError(error)) Report(FormErrors.PropertyValue(Source, At(list), "retry", "on", $"a predicate: `{Zonk(error)}` has no variants to list"));
            return [];
        }
        var variants = ImmutableArray.CreateBuilder<VariantSymbol>();
        foreach (var element in list.Elements)
        {
            var token = element switch
            {
                Ast.NameExpression name => name.Name,
                Ast.MemberExpression member => member.Name,
                _ => null,
            };
            if (token is not null && sum.FindVariant(token.Text) is { } variant) variants.Add(variant);
            else if (token is not null) Report(PatternErrors.UnknownVariant(Source, At(element), token.Text, sum.Name, Modules.Spelling.Closest(token.Text, sum.Variants.Select(v => v.Name))));
            else Report(FormErrors.PropertyValue(Source, At(element), "retry", "on", "a list of variant names, or a function"));
        }
        return variants.ToImmutable();
    }

    private TypedExpression Cache(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        var given = Properties(call, "cache", new FormProperty("key", true), new FormProperty("op", true), new FormProperty("ttl", false));
        if (given is null) return ErrorAt(at);
        var key = TextOf(Infer(given["key"]), At(given["key"]));
        var operation = Decay(Visit(given["op"], new Expectation(expected.Type)));
        var ttl = given.TryGetValue("ttl", out var t) ? Check(t, Core.Duration) : null;
        if (Core.FindTrait("Serializable") is { } serializable && !IsNever(operation.Type))
            Require(operation.Type, new TraitReference(serializable), At(given["op"]), "`cache`");
        return new CacheExpression { Key = key, Operation = operation, TimeToLive = ttl, Type = operation.Type, Span = at };
    }

    private TypedExpression WithResource(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        var given = Properties(call, "with", new FormProperty("acquire", true), new FormProperty("use", true), new FormProperty("release", true));
        if (given is null) return ErrorAt(at);
        var acquire = InferValue(given["acquire"]);
        RetryDeferred();
        RequireCopyable(acquire.Type, At(given["acquire"]), "as the resource of `with`", "`.use` and `.release` both need it");
        SigilType result = expected.Type ?? NewVariable();
        var use = BorrowedFunction(given["use"], [acquire.Type], result, "use", runsAtMostOnce: true);
        var release = BorrowedFunction(given["release"], [acquire.Type], Core.Void, "release", runsAtMostOnce: true);
        return new WithResourceExpression { Acquire = acquire, Use = use, Release = release, Type = result, Span = at };
    }

    internal partial TypedExpression CheckValidate(Ast.ValidateExpression e, Expectation expected)
    {
        var at = At(e);
        var rules = ImmutableArray.CreateBuilder<(TypedExpression, TypedExpression)>();
        foreach (var property in e.Properties.OfType<Ast.Argument>())
            if (property.Label is not { Text: "then" } && property.Label is { } label)
                Report(FormErrors.UnknownProperty(Source, At(label), "validate", label.Text, null, "`.rules` and `.then`"));
        foreach (var rule in e.Rules?.Rules ?? Ast.SeparatedList<Ast.ValidateRule>.Empty)
            rules.Add((CheckCondition(rule.Condition), Check(rule.Message, Core.Str)));
        if (e.Then is not { } then)
        {
            Report(FormErrors.MissingProperty(Source, At(e.ValidateWord), "validate", "`.then`"));
            return ErrorAt(at);
        }
        if (e.Rules is null)
        {
            Report(FormErrors.MissingProperty(Source, At(e.ValidateWord), "validate", "`.rules`"));
            Infer(then);
            return ErrorAt(at);
        }
        var wanted = expected.Known is { } known ? AsPrelude(known, "Result") : null;
        var value = wanted is not null ? Check(then, wanted.Arguments[0]) : InferValue(then);
        SigilType valueType = wanted is not null ? wanted.Arguments[0] : IsNever(value.Type) ? NewVariable() : value.Type;
        if (wanted is null) value = Coerce(value, valueType, value.Span);
        return new ValidateExpression { Rules = rules.ToImmutable(), Then = value, Type = Core.Result(valueType, Core.List(Core.Str)), Span = at };
    }

    internal partial TypedExpression CheckForSearch(Ast.ForSearchExpression e, Expectation expected)
    {
        var at = At(e);
        var known = new[] { "over", "map", "match", "default" };
        var seen = new Dictionary<string, Ast.SearchProperty>();
        var isGood = true;
        foreach (var property in e.Properties)
        {
            var name = property.Label.Text;
            if (!known.Contains(name))
            {
                Report(FormErrors.UnknownProperty(Source, At(property.Label), "for", name, Modules.Spelling.Closest(name, known), "`.over`, `.map`, `.match` and `.default`"));
                isGood = false;
            }
            else if (!seen.TryAdd(name, property))
            {
                Report(FormErrors.RepeatedProperty(Source, At(property), "for", name, At(seen[name])));
                isGood = false;
            }
        }
        var missing = new[] { "over", "match", "default" }.Where(n => !seen.ContainsKey(n)).ToList();
        if (missing.Count > 0 && isGood) Report(FormErrors.MissingProperty(Source, At(e.ForKeyword), "for", Listed(missing)));
        if (missing.Count > 0 || !isGood || seen["over"].Value is not { } overValue || seen["match"].Pattern is not { } guarded || seen["default"].Value is not { } fallback)
            return ErrorAt(at);

        var over = Infer(overValue);
        var (kind, item) = IterationOf(ref over, At(overValue));
        TypedExpression? map = null;
        SigilType mapped = item;
        if (seen.TryGetValue("map", out var mapProperty) && mapProperty.Value is { } mapValue)
        {
            mapped = NewVariable();
            map = BorrowedFunction(mapValue, [item], mapped, "map", runsAtMostOnce: false);
        }
        PushScope();
        var itemLocal = new LocalSymbol("item", LocalKind.Pattern) { Type = mapped, Source = Source, Span = At(guarded), DeclaringLambda = CurrentTracker };
        var pattern = CheckPattern(guarded.Pattern, mapped, LocalKind.Pattern);
        var guard = guarded.Guard is { } g ? Guard(g) : null;
        PopScope();
        var value = Coerce(Visit(fallback, new Expectation(mapped)), mapped, At(fallback));
        return new ForSearchExpression
        {
            Over = over,
            Kind = kind,
            ItemType = item,
            Map = map,
            Pattern = pattern,
            Guard = guard,
            Item = itemLocal,
            Default = value,
            Type = mapped,
            Span = at,
        };
    }

    private TypedExpression Recover(Ast.CallExpression call, Expectation expected)
    {
        if (Properties(call, "recover", new FormProperty("expr", true)) is not { } given) return ErrorAt(At(call));
        var body = InferValue(given["expr"]);
        if (IsError(body.Type)) return body;
        // A graph that was built with ref inside is handed out as iso.
        var target = body.Type.Resolve() is CapabilityType c ? c.Target : body.Type;
        return new RecoverExpression { Body = body, Type = CapabilityTypes.Make(CapabilityModifier.Iso, target), Span = At(call) };
    }

    private TypedExpression Replace(Ast.CallExpression call)
    {
        if (Properties(call, "replace", new FormProperty("place", true), new FormProperty("new", true)) is not { } given) return ErrorAt(At(call));
        var place = Infer(given["place"]);
        if (IsError(place.Type)) return place;
        CheckMutablePlace(place, At(given["place"]));
        var value = Check(given["new"], place.Type);
        return new ReplaceExpression { Place = place, Value = value, Type = place.Type, Span = At(call) };
    }
}
