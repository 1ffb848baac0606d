using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary><c>cache(key, op, ttl)</c>: the value that the provider holds under the key; otherwise the operation's, which is then kept unless it is an <c>Err</c>.</summary>
    private void Cache(CacheExpression c, int target)
    {
        var scope = EnterScope();
        var type = LoweringContext.Strip(c.Type);
        var capability = new TraitReference(Context.Core.Trait("Cache"));
        var option = Context.Core.Option(type);
        var optionalTime = Context.Core.Option(Context.Core.Duration);
        var key = NewTemporary(StrType, c.Key.Span);
        Into(c.Key, key);
        var time = NewTemporary(optionalTime, c.Span);
        Assign(time, c.TimeToLive is { } ttl
            ? new VariantRvalue(optionalTime, Variant("Option", "Some"), [Operand(ttl)])
            : new VariantRvalue(optionalTime, Variant("Option", "None"), []), c.Span);
        var found = NewTemporary(option, c.Span);
        Provided(found, "cached", type, option, capability, c.Span, new ValueArgument(CopyOf(key)));

        var some = Variant("Option", "Some");
        var hit = NewBlock();
        var miss = NewBlock();
        var end = NewBlock();
        Terminate(new Switch(Take(Compute(IntType, new DiscriminantRvalue(MirPlace.Of(found), option), c.Span)), [(some.Index, hit.Index)], miss.Index));
        StartBlock(hit);
        if (!Context.IsVoid(type)) Assign(target, Read(MirPlace.Of(found).With(new VariantProjection(some, 0, type)), type, c.Span), c.Span);
        Goto(end);

        StartBlock(miss);
        var value = NewVariable(type, c.Operation.Span);
        Scoped(c.Operation, o => Into(o, value));
        if (type is NamedType { Definition: var d } && d == Context.Core.Type("Result"))
        {
            var keep = NewBlock();
            var done = NewBlock();
            Terminate(new Switch(Take(Compute(IntType, new DiscriminantRvalue(MirPlace.Of(value), type), c.Span)), [(Variant("Result", "Ok").Index, keep.Index)], done.Index));
            StartBlock(keep);
            Keep(c, key, time, value, type, capability);
            Goto(done);
            StartBlock(done);
        }
        else Keep(c, key, time, value, type, capability);
        Assign(target, Read(MirPlace.Of(value), type, c.Span), c.Span);
        Goto(end);
        StartBlock(end);
        LeaveScope(scope, c.Span);
    }

    private void Keep(CacheExpression c, int key, int time, int value, SigilType type, TraitReference capability) =>
        Provided(-1, "keep", type, Context.Core.Void, capability, c.Span, new ValueArgument(CopyOf(key)), new BorrowArgument(MirPlace.Of(value)), new ValueArgument(CopyOf(time)));

    // A function of std.cache over the provider in force; it waits when the provider does and this function may.
    private void Provided(int target, string name, SigilType type, SigilType result, TraitReference capability, TextSpan span, params ReadOnlySpan<MirArgument> arguments)
    {
        var function = Context.Core.Function($"cache.{name}");
        Emit(new CallInstruction
        {
            Target = target < 0 ? null : MirPlace.Of(target),
            Callee = new StaticCallee(function, [type], LikeCaller(function.WaitsLikeCaller)),
            Arguments = [.. arguments, new BorrowArgument(CapabilityObject(capability, span))],
            ResultType = result,
            Span = span,
        });
    }
}
