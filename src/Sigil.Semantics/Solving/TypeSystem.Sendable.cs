using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// Sendable: structural and coinductive, with the path to the part that is not.
public sealed partial class TypeSystem
{
    public ImmutableArray<FailureStep>? WhyNotSendable(SigilType type)
    {
        var path = new List<FailureStep>();
        return IsSendable(type, path, [], insideObject: false) ? null : [.. path];
    }

    // On failure the path holds the steps from the outermost part to the culprit.
    private bool IsSendable(SigilType type, List<FailureStep> path, HashSet<(SigilType Type, bool InsideObject)> assumed, bool insideObject)
    {
        type = NormalizeTop(type.Resolve());
        // Recursive types: what holds for all other parts holds for the whole. A type behind an object may hold what the same type elsewhere may not.
        if (!assumed.Add((type, insideObject))) return true;
        // What grows by way of associated types has no end either.
        if (assumed.Count > MostParts) return Fail(path, type, "one of more parts than are looked at");
        switch (type)
        {
            case NamedType n: return IsSendable(n, path, assumed, insideObject);
            case TupleType t: return Parts(t.Elements.Select((e, i) => ($"component {i}", e)), path, assumed, insideObject);
            case RecordType r: return Parts(r.Fields.Select(f => ($"field {f.Name}", f.Type)), path, assumed, insideObject);
            case FunctionType f:
                return f.Kind switch
                {
                    FunctionKind.Plain or FunctionKind.Iso => true,
                    FunctionKind.Ref => Fail(path, type, "a function that belongs to its task"),
                    _ => Fail(path, type, "a borrowed function"),
                };
            case CapabilityType c:
                if (c.Modifier == CapabilityModifier.Ref && !insideObject) return Fail(path, type, "a mutable reference");
                // Behind iso and val a ref is fine when what it refers to is: only `recover` can have made it.
                return Parts([("the content", c.Target)], path, assumed, insideObject: true);
            case BorrowType: return Fail(path, type, "a borrow");
            case DynType d:
                return BoundsOf(d).Any(b => Is(b.Trait, "Sendable")) || Fail(path, type, "of unknown type; write `+ Sendable`");
            case TypeParameterType or ProjectionType:
                return BoundsOf(type).Any(b => Is(b.Trait, "Sendable")) || Fail(path, type, "a type parameter without the bound `Sendable`");
            default: return true;
        }
    }

    private bool IsSendable(NamedType n, List<FailureStep> path, HashSet<(SigilType Type, bool InsideObject)> assumed, bool insideObject)
    {
        var d = n.Definition;
        if (optedOut.Contains(d)) return Fail(path, n, "a type that opts out with `impl !Sendable`");
        switch (d.Kind)
        {
            case TypeKind.List or TypeKind.Set: return Parts([("the elements", n.Arguments[0])], path, assumed, insideObject);
            case TypeKind.Map: return Parts([("the keys", n.Arguments[0]), ("the values", n.Arguments[1])], path, assumed, insideObject);
            case TypeKind.Struct: return Parts(d.Fields.Select(f => $"field {f.Name}").Zip(FieldTypes(n)), path, assumed, insideObject);
            case TypeKind.Newtype: return Parts([("the content", FieldTypes(n)[0])], path, assumed, insideObject);
            case TypeKind.Sum:
                return Parts(d.Variants.SelectMany(v => v.Fields.Select((f, i) => $"{f.Name ?? $"part {i}"} of {v.Name}").Zip(PayloadTypes(n, v))), path, assumed, insideObject);
            case TypeKind.Opaque:
                if (d.RuntimeType is null && !vouchedFor.Contains(d)) return Fail(path, n, "an opaque type");
                return Parts(n.Arguments.Select(a => ("the values", a)), path, assumed, insideObject);
            default: return true;
        }
    }

    private bool Parts(IEnumerable<(string Name, SigilType Type)> parts, List<FailureStep> path, HashSet<(SigilType Type, bool InsideObject)> assumed, bool insideObject)
    {
        foreach (var (name, type) in parts)
        {
            int length = path.Count;
            if (IsSendable(type, path, assumed, insideObject)) continue;
            // The leaf said why; this step says where.
            if (path.Count > length && path[length].Part.Length == 0) path[length] = path[length] with { Part = name };
            else path.Insert(length, new FailureStep(name, type, ""));
            return false;
        }
        return true;
    }

    private static bool Fail(List<FailureStep> path, SigilType type, string reason)
    {
        path.Add(new FailureStep("", type, reason));
        return false;
    }
}
