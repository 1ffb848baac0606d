using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Mir.Building;

internal sealed partial class FunctionBuilder
{
    /// <summary>A provider in scope.</summary>
    /// <param name="Value">The local with the provider: of its own type inside <c>with</c>, of type <c>dyn C</c> elsewhere.</param>
    /// <param name="Object">The local with it as <c>dyn C</c>, to pass on.</param>
    private sealed record CapabilityScope(TraitReference Capability, int Value, int Object, CapabilityScope? Outer);

    private CapabilityScope? capabilities;

    /// <summary>The innermost provider of a capability, or of one that has it as supertrait; one of an enclosing body is captured.</summary>
    private CapabilityScope? FindCapability(TraitReference wanted)
    {
        for (var c = capabilities; c is not null; c = c.Outer)
            if (c.Capability.Equals(wanted)) return c;
        for (var c = capabilities; c is not null; c = c.Outer)
            if (EffectRules.Covers(c.Capability.Trait, wanted.Trait)) return c;
        if (parent?.FindCapability(wanted) is not { } outer) return null;
        var local = CaptureCapability(outer.Capability, outer.Object);
        // Captures belong to the whole body: they go behind whatever is provided inside it.
        var captured = new CapabilityScope(outer.Capability, local, local, null);
        capabilities = Append(capabilities, captured);
        return captured;
    }

    private static CapabilityScope Append(CapabilityScope? scope, CapabilityScope last) =>
        scope is null ? last : scope with { Outer = Append(scope.Outer, last) };

    /// <summary>The place of a provider as <c>dyn C</c>, to be passed to a callee.</summary>
    private MirPlace CapabilityObject(TraitReference wanted, TextSpan span)
    {
        var provider = FindCapability(wanted) ?? throw new InvalidOperationException($"no provider of {wanted} in '{Function.Name}'");
        if (provider.Capability.Equals(wanted)) return MirPlace.Of(provider.Object);
        var to = new DynType([wanted]);
        var converted = Compute(to, new ConvertRvalue(ConversionKind.ToDyn, CopyOf(provider.Object), TypeOf(provider.Object), to), span);
        Function.Locals[converted].IsLentProvider = Function.Locals[provider.Object].IsLentProvider;
        return MirPlace.Of(converted);
    }

    /// <summary><c>C</c> as a value: the provider itself, or as the trait object that is asked for.</summary>
    private MirPlace CapabilityPlace(TraitReference wanted, SigilType type, TextSpan span)
    {
        type = LoweringContext.Strip(type);
        if (FindCapability(wanted) is { } provider && TypeOf(provider.Value) == type) return MirPlace.Of(provider.Value);
        return CapabilityObject(wanted, span);
    }

    private void WithCapability(WithCapabilityExpression w, Action<TypedExpression> body)
    {
        var scope = EnterScope();
        var value = NewLocal(w.Value.Type, MirLocalKind.User, w.Value.Span, name: w.Capability.Trait.Name);
        Into(w.Value, value);
        scopeLocals.Add(value);
        ScheduleDrop(value, w.Value.Span);
        var @object = value;
        if (TypeOf(value) is not DynType)
        {
            var type = new DynType([w.Capability]);
            @object = Compute(type, new ConvertRvalue(ConversionKind.ToDyn, CopyOf(value), TypeOf(value), type), w.Value.Span);
            if (IsUnique(TypeOf(value)))
            {
                Function.Locals[@object].LentFrom = MirPlace.Of(value);
                Function.Locals[@object].IsLentProvider = true;
            }
        }
        var outer = capabilities;
        capabilities = new CapabilityScope(w.Capability, value, @object, outer);
        body(w.Body);
        // What was captured meanwhile stays known; the provider itself goes.
        capabilities = capabilities!.Outer;
        LeaveScope(scope, w.Span);
    }
}
