using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics;

/// <summary>The three kinds of type of the ownership rules.</summary>
public enum ValueKind
{
    /// <summary>Every use copies; send copies too.</summary>
    Copy,
    /// <summary>Uses copy; send moves the binding.</summary>
    Value,
    /// <summary>Uses move.</summary>
    Unique,
}

/// <summary>An impl that applies, with the arguments for <see cref="ImplSymbol.TypeParameters"/>; <see cref="Impl"/> is null when a structural rule of the compiler applies (tuples, records, derives, markers).</summary>
public sealed record ImplMatch(ImplSymbol? Impl, ImmutableArray<SigilType> TypeArguments);

/// <summary>A method to run: after instantiation every trait method call ends here.</summary>
/// <param name="Function">An impl method, a trait's default method (with Self among the arguments), or the trait requirement itself when <paramref name="IsStructural"/>.</param>
/// <param name="TypeArguments">One per <see cref="FunctionSymbol.AllTypeParameters"/> of <paramref name="Function"/>.</param>
/// <param name="IsStructural">The compiler makes the body from the structure of <paramref name="Self"/> (derive, tuples, records, clone).</param>
public sealed record MethodTarget(FunctionSymbol Function, ImmutableArray<SigilType> TypeArguments, bool IsStructural, SigilType Self);

/// <summary>Why a type fails a structural bound, for the path in the message: <c>field mutable_ref</c> is <c>ref int</c>, a mutable reference.</summary>
public sealed record FailureStep(string Part, SigilType Type, string Reason);

/// <summary>Questions about types that later phases ask. All arguments may be generic; a type parameter is known by its bounds (in its owner's environment).</summary>
public interface ITypeSystem
{
    CoreSymbols Core { get; }

    /// <summary>Makes the where clauses of a declaration and of its container known until the result is disposed of.</summary>
    IDisposable Within(Symbol? owner);

    /// <summary>Copy, value or unique. Type parameters are Value, or Unique when <c>~Copyable</c>.</summary>
    ValueKind KindOf(SigilType type);

    /// <summary>Replaces every projection that can be resolved.</summary>
    SigilType Normalize(SigilType type);

    /// <summary>Whether the type implements the trait (impls, structural rules, bounds of type parameters).</summary>
    bool Implements(SigilType type, TraitReference trait);

    /// <summary>The impl by which a concrete type implements a trait, or null.</summary>
    ImplMatch? FindImpl(SigilType type, TraitReference trait);

    /// <summary>Resolves a trait method for a concrete Self; called by instantiation.</summary>
    MethodTarget ResolveMethod(FunctionSymbol traitMethod, ImmutableArray<SigilType> typeArguments);

    /// <summary>Null when the type is Sendable, else the path to the part that is not, outermost first.</summary>
    ImmutableArray<FailureStep>? WhyNotSendable(SigilType type);

    /// <summary>Null when values of the type can be written down, else the path to the part that cannot. Ends of channels between processes can only where they move to another process.</summary>
    ImmutableArray<FailureStep>? WhyNotSerializable(SigilType type, bool endsMove);

    /// <summary>A part that one task alone may reach: unique, and neither an <c>iso</c> (its content is looked at) nor a shared channel end; null when there is none.</summary>
    SigilType? ExclusivePart(SigilType type);

    /// <summary>Null when the object behind a <c>ref</c> can be copied with everything behind it, else a part that cannot.</summary>
    SigilType? WhyNotDeepCopyable(SigilType reference);

    /// <summary>The types of the fields of a struct, record, tuple or newtype, in index order, with arguments substituted.</summary>
    ImmutableArray<SigilType> FieldTypes(SigilType type);

    /// <summary>The payload types of a variant, with arguments substituted.</summary>
    ImmutableArray<SigilType> PayloadTypes(SigilType sumType, VariantSymbol variant);

    /// <summary>The item type of an iteration over the type, with its kind; null when it is not iterable.</summary>
    (Typed.IterationKind Kind, SigilType Item)? Iteration(SigilType type);
}
