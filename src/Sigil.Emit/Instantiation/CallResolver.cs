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
        if (function is { Name: "error_of", Container: null, Module.IsStandardLibrary: true })
            return types.ResolveMethod(types.Core.Trait("From").FindMethod("from")!, [types.Core.Type("Error").SelfType, arguments[0]]);
        if (function is { Name: "child_end", Container: null, Module.IsStandardLibrary: true }) (function, arguments) = ChildEnd(function, arguments[0]);
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

    // What the end of a supervised child means depends on the type of its value, which generic code does not know.
    private (FunctionSymbol, ImmutableArray<SigilType>) ChildEnd(FunctionSymbol function, SigilType value)
    {
        FunctionSymbol Other(string name) => function.Module.Functions.First(f => f.Name == name);
        if (value is not NamedType { Definition: var definition, Arguments: var arguments }) return (function, [value]);
        if (definition == types.Core.FindType("ProcessHandle")) return (Other("child_end_of_process"), arguments);
        if (definition != types.Core.FindType("Result")) return (function, [value]);
        if (types.Implements(types.Core.Type("Error").SelfType, new TraitReference(types.Core.Trait("From"), [arguments[1]], []))) return (Other("child_end_of_result"), arguments);
        return (Other(types.Implements(arguments[1], new TraitReference(types.Core.Trait("Printable"))) ? "child_end_of_printable" : "child_end_of_err"), arguments);
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
