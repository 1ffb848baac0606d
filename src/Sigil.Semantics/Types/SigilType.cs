using System.Collections.Immutable;
using Sigil.Semantics.Symbols;

namespace Sigil.Semantics.Types;

/// <summary>A type of the language. Types are immutable and compared by structure; only <see cref="TypeVariable"/> has identity.</summary>
/// <remarks>Transparent aliases never appear: they are expanded when a type is resolved.</remarks>
public abstract class SigilType
{
    /// <summary>The type as a user writes it.</summary>
    public sealed override string ToString() => TypePrinter.Print(this);

    /// <summary>This type with solved inference variables at its top replaced by their solution.</summary>
    public virtual SigilType Resolve() => this;

    public static bool operator ==(SigilType? a, SigilType? b) => a is null ? b is null : a.Equals(b);
    public static bool operator !=(SigilType? a, SigilType? b) => !(a == b);
    public override bool Equals(object? obj) => ReferenceEquals(this, obj);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>A declared or built-in type constructor applied to arguments: <c>int</c>, <c>[T]</c>, <c>Option&lt;T&gt;</c>, <c>Point</c>, <c>Producer&lt;T&gt;</c>.</summary>
public sealed class NamedType(TypeSymbol definition, ImmutableArray<SigilType> arguments) : SigilType
{
    private int hash;
    public NamedType(TypeSymbol definition) : this(definition, []) { }
    public TypeSymbol Definition { get; } = definition;
    public ImmutableArray<SigilType> Arguments { get; } = arguments;

    public override bool Equals(object? obj) =>
        ReferenceEquals(this, obj) || (obj is NamedType n && n.Definition == Definition && TypeSequence.Same(n.Arguments, Arguments));
    public override int GetHashCode() => hash != 0 ? hash : hash = TypeSequence.Hash(Definition.GetHashCode(), Arguments);
}

/// <summary>A tuple of two or more components.</summary>
public sealed class TupleType(ImmutableArray<SigilType> elements) : SigilType
{
    public ImmutableArray<SigilType> Elements { get; } = elements;
    public override bool Equals(object? obj) => obj is TupleType t && TypeSequence.Same(t.Elements, Elements);
    public override int GetHashCode() => TypeSequence.Hash(17, Elements);
}

/// <summary>A field of a structural record.</summary>
public readonly record struct RecordField(string Name, SigilType Type);

/// <summary>A structural record; fields are held in alphabetical (ordinal) order.</summary>
public sealed class RecordType : SigilType
{
    public RecordType(IEnumerable<RecordField> fields) => Fields = [.. fields.OrderBy(f => f.Name, StringComparer.Ordinal)];
    public ImmutableArray<RecordField> Fields { get; }
    public int IndexOf(string name)
    {
        for (int i = 0; i < Fields.Length; i++) if (Fields[i].Name == name) return i;
        return -1;
    }
    public override bool Equals(object? obj)
    {
        if (obj is not RecordType r || r.Fields.Length != Fields.Length) return false;
        for (int i = 0; i < Fields.Length; i++)
            if (r.Fields[i].Name != Fields[i].Name || !r.Fields[i].Type.Equals(Fields[i].Type)) return false;
        return true;
    }
    public override int GetHashCode()
    {
        int h = 31;
        foreach (var f in Fields) h = HashCode.Combine(h, f.Name, f.Type);
        return h;
    }
}

/// <summary>How a function value may be used (concurrency rules, "Lambdas").</summary>
public enum FunctionKind
{
    /// <summary><c>A -&gt; B</c>: a value; its captures are Sendable and copyable.</summary>
    Plain,
    /// <summary><c>&amp;(A -&gt; B)</c>: borrowed, effect-polymorphic, open to every lambda; parameters only.</summary>
    Borrowed,
    /// <summary><c>iso (A -&gt; B)</c>: unique, owns unique captures.</summary>
    Iso,
    /// <summary><c>ref (A -&gt; B)</c>: task-local.</summary>
    Ref,
}

/// <summary>A function type. A one-tuple parameter and several parameters are different types.</summary>
public sealed class FunctionType(ImmutableArray<SigilType> parameters, SigilType result, ImmutableArray<TraitReference> uses, FunctionKind kind = FunctionKind.Plain) : SigilType
{
    public ImmutableArray<SigilType> Parameters { get; } = parameters;
    public SigilType Result { get; } = result;
    /// <summary>Capabilities that the caller supplies.</summary>
    public ImmutableArray<TraitReference> Uses { get; } = uses;
    public FunctionKind Kind { get; } = kind;
    /// <summary>How many values a caller passes: parameters and capabilities that are values.</summary>
    public int Arity => Parameters.Length + Uses.Count(u => !u.Trait.IsMarkerCapability);
    /// <summary>As many as the runtime has function classes for.</summary>
    public const int MaximalArity = 16;
    public FunctionType WithKind(FunctionKind kind) => new(Parameters, Result, Uses, kind);
    public override bool Equals(object? obj) =>
        obj is FunctionType f && f.Kind == Kind && f.Result.Equals(Result) && TypeSequence.Same(f.Parameters, Parameters) && f.Uses.SequenceEqual(Uses);
    public override int GetHashCode() => TypeSequence.Hash(HashCode.Combine(41, Kind, Result), Parameters);
}

/// <summary><c>dyn A + B</c> with fixed associated types.</summary>
public sealed class DynType(ImmutableArray<TraitReference> traits) : SigilType
{
    public ImmutableArray<TraitReference> Traits { get; } = traits;
    // References are equal by trait and arguments; objects of different items are different types.
    public override bool Equals(object? obj) => obj is DynType d && d.Traits.SequenceEqual(Traits) && d.Traits.Zip(Traits).All(p => SameBindings(p.First, p.Second));
    private static bool SameBindings(TraitReference a, TraitReference b) => a.Bindings.Length == b.Bindings.Length && a.Bindings.All(b.Bindings.Contains);
    public override int GetHashCode() => Traits.Aggregate(43, (h, t) => HashCode.Combine(h, t.Trait));
}

/// <summary>The three reference capabilities.</summary>
public enum CapabilityModifier { Iso, Val, Ref }

/// <summary><c>iso T</c>, <c>val T</c> or <c>ref T</c> (function types carry theirs in <see cref="FunctionType.Kind"/>).</summary>
public sealed class CapabilityType(CapabilityModifier modifier, SigilType target) : SigilType
{
    public CapabilityModifier Modifier { get; } = modifier;
    public SigilType Target { get; } = target;
    public override bool Equals(object? obj) => obj is CapabilityType c && c.Modifier == Modifier && c.Target.Equals(Target);
    public override int GetHashCode() => HashCode.Combine(47, Modifier, Target);
}

/// <summary><c>&amp;T</c> or <c>&amp;mut T</c>: the type of a borrowed parameter or receiver, nowhere else.</summary>
public sealed class BorrowType(bool isMutable, SigilType target) : SigilType
{
    public bool IsMutable { get; } = isMutable;
    public SigilType Target { get; } = target;
    public override bool Equals(object? obj) => obj is BorrowType b && b.IsMutable == IsMutable && b.Target.Equals(Target);
    public override int GetHashCode() => HashCode.Combine(53, IsMutable, Target);
}

/// <summary>A type parameter (also <c>Self</c> inside a trait) used as a type.</summary>
public sealed class TypeParameterType(TypeParameterSymbol symbol) : SigilType
{
    public TypeParameterSymbol Symbol { get; } = symbol;
    public override bool Equals(object? obj) => obj is TypeParameterType p && p.Symbol == Symbol;
    public override int GetHashCode() => Symbol.GetHashCode();
}

/// <summary><c>T.Item</c> where <c>T</c> is not known yet: an associated type of the impl of <see cref="Trait"/> for <see cref="Self"/>.</summary>
public sealed class ProjectionType(SigilType self, TraitReference trait, AssociatedTypeSymbol associated) : SigilType
{
    public SigilType Self { get; } = self;
    public TraitReference Trait { get; } = trait;
    public AssociatedTypeSymbol Associated { get; } = associated;
    public override bool Equals(object? obj) => obj is ProjectionType p && p.Associated == Associated && p.Self.Equals(Self) && p.Trait.Equals(Trait);
    public override int GetHashCode() => HashCode.Combine(59, Self, Associated);
}

/// <summary>An inference variable; lives until the end of the enclosing function's check.</summary>
public sealed class TypeVariable(int id) : SigilType
{
    public int Id { get; } = id;
    /// <summary>The solution, once known. Set by the unifier only.</summary>
    public SigilType? Binding { get; set; }
    public override int GetHashCode() => Id;
    public override SigilType Resolve()
    {
        SigilType t = this;
        while (t is TypeVariable { Binding: { } next }) t = next;
        return t;
    }
}

/// <summary>The type of an expression that already has an error; fits everywhere and suppresses follow-ups.</summary>
public sealed class ErrorType : SigilType
{
    private ErrorType() { }
    public static ErrorType Instance { get; } = new();
}

/// <summary>A trait applied to its arguments, with fixed associated types where written (<c>Iterator&lt;Item = int&gt;</c>).</summary>
public sealed class TraitReference(TraitSymbol trait, ImmutableArray<SigilType> arguments, ImmutableArray<AssociatedBinding> bindings) : IEquatable<TraitReference>
{
    public TraitReference(TraitSymbol trait) : this(trait, [], []) { }
    public TraitSymbol Trait { get; } = trait;
    public ImmutableArray<SigilType> Arguments { get; } = arguments;
    public ImmutableArray<AssociatedBinding> Bindings { get; } = bindings;
    public bool Equals(TraitReference? other) => other is not null && other.Trait == Trait && TypeSequence.Same(other.Arguments, Arguments);
    public override bool Equals(object? obj) => Equals(obj as TraitReference);
    public override int GetHashCode() => TypeSequence.Hash(Trait.GetHashCode(), Arguments);
    public override string ToString() => TypePrinter.Print(this);
}

/// <summary><c>Item = int</c> inside a trait reference.</summary>
public readonly record struct AssociatedBinding(AssociatedTypeSymbol Associated, SigilType Type);

internal static class TypeSequence
{
    public static bool Same(ImmutableArray<SigilType> a, ImmutableArray<SigilType> b)
    {
        if (a.Length != b.Length) return false;
        for (int i = 0; i < a.Length; i++) if (!a[i].Equals(b[i])) return false;
        return true;
    }
    public static int Hash(int seed, ImmutableArray<SigilType> types)
    {
        foreach (var t in types) seed = HashCode.Combine(seed, t);
        return seed;
    }
}
