using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// Traits that the language decides from the structure of a type.
public sealed partial class TypeSystem
{
    // Types that grow without end are reported as such (E3044); they need not be walked for long.
    private const int ContentLimit = 10_000;

    // Nobody writes types of so many different parts; what cannot be decided is refused.
    private const int MostParts = 4_000;

    private static readonly HashSet<string> partwise = ["Eq", "Comparable", "Hashable", "Printable", "Debug", "Default"];

    private Solution Structural(SigilType type, TraitReference trait, Unifier u, int depth, bool mayBind)
    {
        var t = trait.Trait;
        if (t.Module is { Name: not "std.prelude" }) return Solution.No;
        switch (t.Name)
        {
            case "Sendable" when Is(t, "Sendable"):
                return Holds(WhyNotSendable(type) is null, type);
            case "Copyable" when Is(t, "Copyable"):
                return Holds(KindOf(type) != ValueKind.Unique, type);
            case "Clone" when Is(t, "Clone"):
                return Holds(KindOf(type) != ValueKind.Unique && !HoldsReference(type), type);
            case "Sequence" when Is(t, "Sequence"):
                return Iteration(type) is not null ? Solution.Structural : Solution.No;
            case "Serializable" when Is(t, "Serializable"):
                return Serializable(type, trait, u, depth);
            case "From" when Is(t, "From") && trait.Arguments.Length == 1:
                return Reflexive(type, trait.Arguments[0], u, mayBind);
            case "Into" when Is(t, "Into") && trait.Arguments.Length == 1:
                return Search(trait.Arguments[0], new TraitReference(Core.Trait("From"), [type], []), u, depth + 1, mayBind) is { IsNo: false } s
                    ? s.IsYes ? Solution.Structural : s : Solution.No;
            case var name when partwise.Contains(name) && Is(t, name):
                return type switch
                {
                    TupleType tuple => All(tuple.Elements, trait, u, depth),
                    RecordType record => All(record.Fields.Select(f => f.Type), trait, u, depth),
                    NamedType { Definition.Kind: TypeKind.Never } => Solution.Structural,
                    _ => Solution.No,
                };
            default: return Solution.No;
        }
    }

    // A rule looked at what is known; with unknown parts a refusal stands, an approval may not.
    private static Solution Holds(bool yes, SigilType type) => !yes ? Solution.No : Unifier.HasVariables(type) ? Solution.Ambiguous : Solution.Structural;

    private static Solution Reflexive(SigilType type, SigilType from, Unifier u, bool mayBind)
    {
        var mark = u.Snapshot();
        if (!u.Unify(type, from)) { u.Rollback(mark); return Solution.No; }
        bool bound = !u.Snapshot().Equals(mark);
        if (!bound) return Solution.Structural;
        u.Rollback(mark);
        return Solution.Ambiguous;
    }

    private Solution All(IEnumerable<SigilType> parts, TraitReference trait, Unifier u, int depth)
    {
        bool ambiguous = false;
        foreach (var part in parts)
        {
            var answer = Search(part, trait, u, depth + 1);
            if (answer.IsNo) return answer;
            ambiguous |= answer.IsAmbiguous;
        }
        return ambiguous ? Solution.Ambiguous : Solution.Structural;
    }

    // Every part must be fit; each type is looked at once, however the types refer to each other.
    private Solution Serializable(SigilType type, TraitReference trait, Unifier u, int depth)
    {
        var seen = new HashSet<SigilType>();
        var pending = new Stack<SigilType>([type]);
        bool ambiguous = false;
        while (pending.TryPop(out var part) && seen.Count < ContentLimit)
        {
            part = NormalizeTop(part.Resolve());
            if (!seen.Add(part)) continue;
            bool fits = part switch
            {
                TypeVariable => ambiguous = true,
                ErrorType or TupleType or RecordType => true,
                CapabilityType c => c.Modifier != CapabilityModifier.Ref,
                NamedType n => n.Definition.Kind is not (TypeKind.Opaque or TypeKind.Alias),
                TypeParameterType or ProjectionType => FromBounds(part, trait, u).IsYes,
                _ => false,
            };
            bool isWhole = ReferenceEquals(part, type);
            // A hand-written impl answers for all that the type contains.
            if (!isWhole && part is NamedType && FromImpls(part, trait, u, depth + 1, mayBind: false, or: Solution.No) is { IsYes: true, Match.Impl.IsDerived: false }) continue;
            if (!fits) return Solution.No;
            if (part is not (TypeParameterType or ProjectionType))
                foreach (var inner in ContentTypes(part)) pending.Push(inner);
        }
        return ambiguous ? Solution.Ambiguous : Solution.Structural;
    }

    /// <summary>Whether a value of the type may contain a <c>ref</c>.</summary>
    private bool HoldsReference(SigilType type) => PartsAny(type, t => t is CapabilityType { Modifier: CapabilityModifier.Ref } or FunctionType { Kind: FunctionKind.Ref });

    /// <summary>Whether a test holds for the type or anything that a value of it contains.</summary>
    private bool PartsAny(SigilType type, Func<SigilType, bool> test, Func<SigilType, bool>? isClosed = null)
    {
        var seen = new HashSet<SigilType>();
        var pending = new Stack<SigilType>([type]);
        while (pending.TryPop(out var t) && seen.Count < ContentLimit)
        {
            t = NormalizeTop(t.Resolve());
            if (!seen.Add(t)) continue;
            if (test(t)) return true;
            if (isClosed?.Invoke(t) == true) continue;
            foreach (var part in ContentTypes(t)) pending.Push(part);
        }
        return false;
    }

    /// <inheritdoc/>
    public SigilType? ExclusivePart(SigilType type)
    {
        SigilType? found = null;
        PartsAny(type, t =>
        {
            if (KindOf(t) != ValueKind.Unique) return false;
            var isExclusive = t switch
            {
                CapabilityType { Modifier: CapabilityModifier.Iso } => false,
                NamedType { Definition: { IsUnique: true } d } => d.End is not { IsShared: true },
                // Made of parts, which are looked at themselves.
                NamedType or TupleType or RecordType => false,
                _ => true,
            };
            if (isExclusive) found = t;
            return isExclusive;
            // What is sent through a shared end belongs to one task before and one task after.
        }, t => t is NamedType { Definition.End.IsShared: true });
        return found;
    }

    /// <inheritdoc/>
    public SigilType? WhyNotDeepCopyable(SigilType reference)
    {
        SigilType? found = null;
        PartsAny(((CapabilityType)reference).Target, t =>
        {
            var isCopied = t switch
            {
                // What is Sendable is reached by nobody else in a way that matters, and what is made of parts is asked about its parts.
                CapabilityType { Modifier: CapabilityModifier.Ref } => true,
                FunctionType or DynType or TypeParameterType or ProjectionType => WhyNotSendable(t) is null,
                NamedType { Definition.Kind: TypeKind.Opaque } => KindOf(t) != ValueKind.Unique && WhyNotSendable(t) is null,
                _ => KindOf(t) != ValueKind.Unique,
            };
            if (!isCopied) found = t;
            return !isCopied;
        });
        return found;
    }

    /// <summary>The types of what a value contains: fields, payloads, elements; for opaque types their arguments.</summary>
    public IEnumerable<SigilType> ContentTypes(SigilType type) => type switch
    {
        NamedType n => n.Definition.Kind switch
        {
            TypeKind.Struct or TypeKind.Newtype => FieldTypes(n),
            TypeKind.Sum => n.Definition.Variants.SelectMany(v => PayloadTypes(n, v)),
            TypeKind.Opaque => n.Arguments.Concat(FieldTypes(n)),
            _ => n.Arguments,
        },
        TupleType t => t.Elements,
        RecordType r => r.Fields.Select(f => f.Type),
        CapabilityType c => [c.Target],
        _ => [],
    };
}
