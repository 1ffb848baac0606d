using System.Collections.Immutable;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Instantiation;

/// <summary>Which function a call with concrete types runs.</summary>
internal sealed class CallResolver(ITypeSystem types)
{
    /// <summary>The function to run; null when the receiver decides at run time (trait objects).</summary>
    public MethodTarget? Resolve(FunctionSymbol function, ImmutableArray<SigilType> arguments)
    {
        if (function.Container is TraitSymbol)
        {
            if (arguments.Length > 0 && IsDynamic(arguments[0], function)) return null;
            return types.ResolveMethod(function, arguments);
        }
        if (function.Container is TypeSymbol { Kind: TypeKind.Opaque, RuntimeType: null }) return null;
        var self = function.Impl is { } impl
            ? types.Normalize(new Substitution(function.AllTypeParameters, arguments).Apply(impl.SelfType))
            : (SigilType)types.Core.Void;
        return new MethodTarget(function, arguments, function.IsDerived, self);
    }

    private static bool IsDynamic(SigilType self, FunctionSymbol method) => self switch
    {
        DynType dyn => dyn.Traits.Any(t => Provides(t.Trait, method.Trait!)),
        _ => false,
    };

    /// <summary>Whether the trait is the wanted one or has it as a supertrait.</summary>
    public static bool Provides(TraitSymbol trait, TraitSymbol wanted) =>
        trait == wanted || trait.Supertraits.Any(s => Provides(s.Trait, wanted));
}
