using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// recurse(.cond, .base, .step, .memo, .parallel) and self(…) in it.
public sealed partial class BodyChecker
{
    // By the call that makes the frame: self(…) finds its own among the nodes around it, also when it is checked late.
    private readonly Dictionary<Ast.CallExpression, RecurseFrame> recursions = [];

    private sealed record RecurseFrame(ImmutableArray<LocalSymbol> Parameters, SigilType Result)
    {
        public List<SelfCallExpression> Calls { get; } = [];
        public RecurseExpression? Target { get; set; }
    }

    private TypedExpression Recurse(Ast.CallExpression call, Expectation expected)
    {
        var at = At(call);
        var given = Properties(call, "recurse", new FormProperty("cond", true), new FormProperty("base", true), new FormProperty("step", true),
            new FormProperty("memo", false), new FormProperty("parallel", false));
        if (given is null) return ErrorAt(at);
        var parameters = CurrentParameters;
        SigilType result = expected.Type ?? NewVariable();
        var frame = new RecurseFrame(parameters, result);
        recursions[call] = frame;
        var memo = given.TryGetValue("memo", out var m) ? Check(m, Core.Bool) : null;
        var threshold = given.TryGetValue("parallel", out var p) ? Check(p, Core.Int) : null;
        foreach (var parameter in parameters) Mention(parameter);
        if (memo is not null and not LiteralExpression { Value: false })
            foreach (var parameter in parameters)
            {
                Require(parameter.Type, new TraitReference(Core.Trait("Eq")), At(given["memo"]), $"`.memo` for the parameter `{parameter.Name}`");
                Require(parameter.Type, new TraitReference(Core.Trait("Hashable")), At(given["memo"]), $"`.memo` for the parameter `{parameter.Name}`");
            }
        var condition = CheckCondition(given["cond"]);
        var baseValue = Check(given["base"], result);
        var step = Check(given["step"], result);
        var node = new RecurseExpression
        {
            Condition = condition,
            Base = baseValue,
            Step = step,
            Memo = memo,
            ParallelThreshold = threshold,
            Parameters = parameters,
            Type = result,
            Span = at,
        };
        frame.Target = node;
        foreach (var self in frame.Calls) self.Target = node;
        return node;
    }

    /// <summary><c>self(args)</c> inside recurse; null elsewhere.</summary>
    private TypedExpression? SelfCall(Ast.CallExpression call)
    {
        RecurseFrame? frame = null;
        for (var node = call.Parent; node is not null && frame is null; node = node.Parent)
            if (node is Ast.CallExpression outer) frame = recursions.GetValueOrDefault(outer);
        if (frame is null) return null;
        var at = At(call);
        var arguments = call.Arguments.Arguments;
        if (arguments.Count != frame.Parameters.Length)
        {
            Report(FormErrors.SelfArguments(Source, at, frame.Parameters.Length, arguments.Count));
            Broken(call);
            return new ErrorExpression { Type = frame.Result, Span = at };
        }
        var values = new TypedExpression[arguments.Count];
        for (var i = 0; i < arguments.Count; i++)
        {
            var index = i;
            if (arguments[i].Label is { } label)
            {
                index = frame.Parameters.ToList().FindIndex(p => p.Name == label.Text);
                if (index < 0 || values[index] is not null)
                {
                    Report(FormErrors.SelfArguments(Source, At(label), frame.Parameters.Length, arguments.Count));
                    Broken(call);
                    return new ErrorExpression { Type = frame.Result, Span = at };
                }
            }
            var parameter = frame.Parameters[index];
            var value = Visit(arguments[i].Value, Expectation.Of(parameter.Type));
            if (!IsError(value.Type) && !Fits(value, parameter.Type))
            {
                Report(FormErrors.SelfArgumentType(Source, At(arguments[i]), parameter.Name, Zonk(parameter.Type).ToString(), Zonk(value.Type).ToString()));
                value = ErrorAt(At(arguments[i]));
            }
            values[index] = Coerce(value, parameter.Type, At(arguments[i]));
        }
        var self = new SelfCallExpression { Target = frame.Target, Arguments = [.. values], Type = frame.Result, Span = at };
        frame.Calls.Add(self);
        return self;
    }
}
