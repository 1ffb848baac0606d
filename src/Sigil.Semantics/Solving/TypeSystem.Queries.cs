using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// What later phases ask: parts of types, iteration, which method runs.
public sealed partial class TypeSystem
{
    public ImmutableArray<SigilType> FieldTypes(SigilType type)
    {
        switch (type.Resolve())
        {
            case NamedType n:
                var s = new Substitution(n.Definition.TypeParameters, n.Arguments);
                if (n.Definition.IsEndless) return [.. Enumerable.Repeat<SigilType>(ErrorType.Instance, n.Definition.Kind == TypeKind.Newtype ? 1 : n.Definition.Fields.Length)];
                var fields = n.Definition.Kind == TypeKind.Newtype
                    ? n.Definition.Target is { } target ? [s.Apply(target)] : []
                    : n.Definition.Fields.Select(f => s.Apply(f.Type)).ToImmutableArray();
                return [.. fields.Select(Normalize)];
            case TupleType t: return t.Elements;
            case RecordType r: return [.. r.Fields.Select(f => f.Type)];
            case CapabilityType c: return FieldTypes(c.Target);
            case BorrowType b: return FieldTypes(b.Target);
            default: return [];
        }
    }

    public ImmutableArray<SigilType> PayloadTypes(SigilType sumType, VariantSymbol variant)
    {
        var type = sumType.Resolve();
        while (type is CapabilityType or BorrowType) type = (type is CapabilityType c ? c.Target : ((BorrowType)type).Target).Resolve();
        if (type is not NamedType n) return [.. variant.Fields.Select(f => f.Type)];
        if (n.Definition.IsEndless) return [.. variant.Fields.Select(_ => ErrorType.Instance)];
        var s = new Substitution(n.Definition.TypeParameters, n.Arguments);
        return [.. variant.Fields.Select(f => Normalize(s.Apply(f.Type)))];
    }

    public (IterationKind Kind, SigilType Item)? Iteration(SigilType type)
    {
        type = NormalizeTop(type.Resolve());
        while (type is BorrowType or CapabilityType) type = NormalizeTop((type is BorrowType b ? b.Target : ((CapabilityType)type).Target).Resolve());
        if (type is NamedType n)
        {
            switch (n.Definition.Kind)
            {
                case TypeKind.List: return (IterationKind.List, n.Arguments[0]);
                case TypeKind.Set: return (IterationKind.Set, n.Arguments[0]);
                case TypeKind.Map: return (IterationKind.Map, new TupleType([n.Arguments[0], n.Arguments[1]]));
                case TypeKind.Str: return (IterationKind.Str, Core.Char);
                case TypeKind.Range:
                    return n.Arguments[0].Resolve() is NamedType { Definition.Kind: TypeKind.Int or TypeKind.Char or TypeKind.Byte } or TypeVariable ? (IterationKind.Range, n.Arguments[0]) : null;
                case TypeKind.Opaque when n.Definition.End is { IsProducer: false }:
                    return (IterationKind.Consumer, n.Arguments[0]);
            }
        }
        if (type is TypeVariable or ErrorType || Core.FindTrait("Iterator") is not { } iterator || Core.FindTrait("Iterable") is not { } iterable) return null;
        if (type is TypeParameterType or ProjectionType)
        {
            foreach (var b in BoundsOf(type))
            {
                if (b.Trait == iterator) return (IterationKind.Iterator, Item(type, iterator));
                if (b.Trait == iterable) return (IterationKind.Iterable, Item(type, iterable));
                if (Is(b.Trait, "Sequence")) return (IterationKind.Generic, SequenceItem(type, b));
            }
            return null;
        }
        if (Implements(type, new TraitReference(iterator))) return (IterationKind.Iterator, Item(type, iterator));
        if (Implements(type, new TraitReference(iterable))) return (IterationKind.Iterable, Item(type, iterable));
        return null;
    }

    private SigilType Item(SigilType self, TraitSymbol trait) => Normalize(new ProjectionType(self, new TraitReference(trait), trait.AssociatedTypes[0]));

    // Not through Normalize, which asks Iteration for this very item.
    private SigilType SequenceItem(SigilType self, TraitReference sequence)
    {
        var item = sequence.Trait.AssociatedTypes[0];
        foreach (var b in BoundsOf(self))
            if (b.Trait == sequence.Trait)
                foreach (var binding in b.Bindings) if (binding.Associated == item) return binding.Type;
        var open = new ProjectionType(self, new TraitReference(sequence.Trait), item);
        return EqualTo(open) ?? open;
    }

    public MethodTarget ResolveMethod(FunctionSymbol traitMethod, ImmutableArray<SigilType> typeArguments)
    {
        var trait = traitMethod.Trait ?? throw new ArgumentException("not a trait method", nameof(traitMethod));
        var self = typeArguments[0].Resolve();
        int count = trait.TypeParameters.Length;
        var reference = new TraitReference(trait, [.. typeArguments.Skip(1).Take(count)], []);
        var own = typeArguments.RemoveRange(0, 1 + count);
        var match = FindImpl(self, reference);
        if (match?.Impl is { } impl)
        {
            foreach (var m in impl.Methods)
                if (m.Name == traitMethod.Name) return new MethodTarget(m, [.. match.TypeArguments, .. own], false, self);
            if (!impl.IsDerived || traitMethod.Body is not null) return new MethodTarget(traitMethod, typeArguments, IsStructural: traitMethod.Body is null, self);
            return new MethodTarget(traitMethod, typeArguments, IsStructural: true, self);
        }
        // `x.into()` is `T.from(x)`.
        if (Is(trait, "Into") && reference.Arguments is [var target] && !target.Resolve().Equals(self)
            && Core.Trait("From").FindMethod("from") is { } from)
            return ResolveMethod(from, [target, self]);
        return new MethodTarget(traitMethod, typeArguments, IsStructural: traitMethod.Body is null, self);
    }
}
