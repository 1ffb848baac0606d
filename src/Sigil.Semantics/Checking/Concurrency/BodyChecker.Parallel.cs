using System.Collections.Immutable;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// parallel, race and timeout.
public sealed partial class BodyChecker
{
    private static readonly string[] ScopeOptionNames = ["on_error", "timeout", "max_concurrent", "token"];

    private TypedExpression Parallel(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        if (Entries(call, "parallel", ScopeOptionNames, out var optionValues) is not { } written)
        {
            Broken(call);
            return ErrorAt(at);
        }
        var options = Options("parallel", optionValues.ToDictionary(o => o.Key, o => o.Value.Value));
        var collects = options.Policy == ErrorPolicy.CollectAll;
        var isList = written is [{ Label.Text: "tasks" }];
        var mayFail = !collects && (options.Timeout is not null || options.Token is not null);
        var shape = expected.Known;
        if (mayFail && shape is not null) shape = AsPrelude(shape, "Result")?.Arguments[0].Resolve();
        var entries = ScopeEntries(written, name => WantedOf(name, shape, isList, collects));
        foreach (var entry in entries) entry.ValueType = collects ? Collected(entry) : entry.ValueType;
        SigilType type = isList ? entries[0].ValueType : new RecordType(entries.Select(e => new RecordField(e.Name, e.ValueType)));
        if (mayFail) type = Core.Result(type, Core.Type("TaskError").SelfType);
        return new ParallelExpression { Entries = entries, IsList = isList, Options = options, Type = type, Span = at };
    }

    /// <summary>What the position of the whole says of an entry: its value type, or the element type of its list.</summary>
    private (SigilType? Value, SigilType? Element) WantedOf(string name, SigilType? shape, bool isList, bool collects)
    {
        // Under collect_all the values are wrapped afterwards: nothing can be said before.
        if (collects || shape is null) return default;
        var value = isList ? shape : shape is RecordType record && record.IndexOf(name) is >= 0 and var index ? record.Fields[index].Type.Resolve() : null;
        if (value is null or TypeVariable) return default;
        return (value, value is NamedType list && list.Definition == Core.ListSymbol ? list.Arguments[0] : null);
    }

    private SigilType Collected(ScopeEntry entry)
    {
        var error = Core.Type("TaskError").SelfType;
        return entry.FanOut is { } fanOut ? Core.List(Core.Result(fanOut.ElementType, error)) : Core.Result(entry.ValueType, error);
    }

    /// <summary>The arguments of a scope that are tasks; the options are sorted out. Null after an error.</summary>
    private List<Ast.Argument>? Entries(Ast.CallExpression call, string form, string[] optionNames, out Dictionary<string, Ast.Argument> options)
    {
        var entries = new List<Ast.Argument>();
        options = [];
        var seen = new Dictionary<string, Ast.Argument>();
        var isGood = true;
        foreach (var argument in call.Arguments.Arguments)
        {
            if (argument.Label is not { } label)
            {
                Report(FormErrors.UnnamedEntry(Source, At(argument), form));
                isGood = false;
                continue;
            }
            if (!seen.TryAdd(label.Text, argument))
            {
                Report(FormErrors.RepeatedProperty(Source, At(argument), form, label.Text, At(seen[label.Text])));
                isGood = false;
                continue;
            }
            // What calls nothing is no work: whoever names it as an option resembles wanted the option.
            if (argument.Value is Ast.LiteralExpression or Ast.NameExpression && !optionNames.Contains(label.Text) && Modules.Spelling.Closest(label.Text, optionNames) is { } meant)
            {
                Report(FormErrors.UnknownProperty(Source, At(argument), form, label.Text, meant, ""));
                isGood = false;
                continue;
            }
            if (optionNames.Contains(label.Text)) options.Add(label.Text, argument);
            else entries.Add(argument);
        }
        if (isGood && entries.Count == 0)
        {
            Report(FormErrors.MissingProperty(Source, At(call.Callee), form, "at least one task"));
            isGood = false;
        }
        return isGood ? entries : null;
    }

    private ImmutableArray<ScopeEntry> ScopeEntries(List<Ast.Argument> written, Func<string, (SigilType? Value, SigilType? Element)> wantedOf)
    {
        var order = written.Select(a => a.Label!.Text).Order(StringComparer.Ordinal).ToList();
        var entries = ImmutableArray.CreateBuilder<ScopeEntry>(written.Count);
        foreach (var argument in written)
        {
            var name = argument.Label!.Text;
            var wanted = wantedOf(name);
            var fanOut = FanOutOf(argument.Value, wanted.Element);
            var task = fanOut is null ? Task(argument.Value, wanted.Value) : null;
            entries.Add(new ScopeEntry
            {
                Name = name,
                Task = task,
                FanOut = fanOut,
                Span = At(argument),
                ResultIndex = order.IndexOf(name),
                // A task that never comes to an end has no value to speak of.
                ValueType = fanOut is not null ? Core.List(fanOut.ElementType) : IsNever(task!.Body.Type) ? Core.Void : task.Body.Type,
            });
        }
        return entries.MoveToImmutable();
    }

    private ScopeOptions Options(string form, Dictionary<string, Ast.Expression> values)
    {
        var policy = ErrorPolicy.CancelAll;
        if (values.TryGetValue("on_error", out var onError))
        {
            var word = onError is Ast.NameExpression { TypeArguments: null } name && LookupLocal(name.Name.Text) is null ? name.Name.Text : null;
            switch (word)
            {
                case "cancel_all": break;
                case "cancel_remaining": policy = ErrorPolicy.CancelRemaining; break;
                case "collect_all": policy = ErrorPolicy.CollectAll; break;
                default:
                    // The types of the results depend on it, so it is written as a constant.
                    Report(FormErrors.PropertyValue(Source, At(onError), form, "on_error", "one of `cancel_all`, `cancel_remaining` and `collect_all`"));
                    break;
            }
        }
        return new ScopeOptions
        {
            Policy = policy,
            Timeout = values.TryGetValue("timeout", out var timeout) ? Check(timeout, Core.Duration) : null,
            MaxConcurrent = values.TryGetValue("max_concurrent", out var limit) ? Check(limit, Core.Int) : null,
            Token = values.TryGetValue("token", out var token) ? Check(token, Core.Type("CancellationToken").SelfType) : null,
        };
    }

    private TypedExpression Race(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        if (Entries(call, "race", [], out _) is not { } written)
        {
            Broken(call);
            return ErrorAt(at);
        }
        var result = expected.Known;
        var entries = ScopeEntries(written, _ => (result, result));
        foreach (var entry in entries)
        {
            // A task that never comes to an end, or panics, says nothing about the value.
            var type = entry.FanOut?.ElementType ?? entry.Task!.Body.Type;
            if (result is null || IsNever(result)) result = type;
            else if (!IsNever(type) && !Unify(result, type) && !HasError(type))
                Report(FormErrors.DifferentTypes(Source, entry.Span, "race", Zonk(result).ToString(), Zonk(type).ToString()));
        }
        return new RaceExpression { Entries = entries, Type = result ?? Core.Void, Span = at };
    }

    private TypedExpression Timeout(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        var given = Properties(call, "timeout", new FormProperty("op", true), new FormProperty("after", true), new FormProperty("on_timeout", false));
        if (given is null) return ErrorAt(at);
        if (given.TryGetValue("on_timeout", out var fallback))
        {
            var join = new BranchJoin(this, expected);
            var operation = join.Add(given["op"]);
            var after = Check(given["after"], Core.Duration);
            var onTimeout = join.Add(fallback);
            return new TimeoutExpression { Operation = join.Fit(operation), After = after, OnTimeout = join.Fit(onTimeout), Type = join.ResultType, Span = at };
        }
        var wanted = expected.Known is { } known ? AsPrelude(known, "Result")?.Arguments[0] : null;
        var value = wanted is not null ? Check(given["op"], wanted) : InferValue(given["op"]);
        var limit = Check(given["after"], Core.Duration);
        SigilType type = wanted ?? (IsNever(value.Type) ? NewVariable() : value.Type);
        if (wanted is null) value = Coerce(value, type, value.Span);
        return new TimeoutExpression { Operation = value, After = limit, Type = Core.Result(type, Core.Type("TimeoutError").SelfType), Span = at };
    }

    private TypedExpression DetachedSpawn(Ast.CallExpression call)
    {
        Report(ConcurrencyErrors.DetachedSpawn(Source, At(call)));
        foreach (var argument in call.Arguments.Arguments) InferLoosely(argument.Value);
        return ErrorAt(At(call));
    }
}
