using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Solving;

// Serializable: structural and coinductive like Sendable, with the path to the part that is not.
public sealed partial class TypeSystem
{
    public ImmutableArray<FailureStep>? WhyNotSerializable(SigilType type, bool endsMove)
    {
        var path = new List<FailureStep>();
        return IsSerializable(type, path, [], endsMove) ? null : [.. path];
    }

    // On failure the path holds the steps from the outermost part to the culprit.
    private bool IsSerializable(SigilType type, List<FailureStep> path, HashSet<SigilType> assumed, bool endsMove)
    {
        type = NormalizeTop(type.Resolve());
        if (!assumed.Add(type)) return true;
        if (assumed.Count > MostParts) return Fail(path, type, "one of more parts than are looked at");
        bool Parts(IEnumerable<(string Name, SigilType Type)> parts) => AreSerializable(parts, path, assumed, endsMove);
        switch (type)
        {
            case NamedType n:
                {
                    var d = n.Definition;
                    // A hand-written impl answers for all that the type contains.
                    if (IsWrittenSerializable(n)) return true;
                    return d.Kind switch
                    {
                        TypeKind.List or TypeKind.Set or TypeKind.Range => Parts([("the elements", n.Arguments[0])]),
                        TypeKind.Map => Parts([("the keys", n.Arguments[0]), ("the values", n.Arguments[1])]),
                        TypeKind.Struct => Parts(d.Fields.Select(f => $"field {f.Name}").Zip(FieldTypes(n))),
                        TypeKind.Newtype => Parts([("the content", FieldTypes(n)[0])]),
                        TypeKind.Sum => Parts(d.Variants.SelectMany(v => v.Fields.Select((f, i) => $"{f.Name ?? $"part {i}"} of {v.Name}").Zip(PayloadTypes(n, v)))),
                        TypeKind.Opaque when d.End is { CrossesProcesses: true } => (endsMove || Fail(path, n, "a channel end, which moves only to another process"))
                            && Parts([("the values", n.Arguments[0])]),
                        TypeKind.Opaque when d.End is not null => Fail(path, n, "a channel end inside this process; between processes use `ipc_channel`"),
                        TypeKind.Opaque => Fail(path, n, "an opaque type"),
                        _ => true,
                    };
                }
            case TupleType t: return Parts(t.Elements.Select((e, i) => ($"component {i}", e)));
            case RecordType r: return Parts(r.Fields.Select(f => ($"field {f.Name}", f.Type)));
            case FunctionType: return Fail(path, type, "a function");
            case CapabilityType { Modifier: CapabilityModifier.Ref }: return Fail(path, type, "a mutable reference");
            case CapabilityType c: return Parts([("the content", c.Target)]);
            case BorrowType: return Fail(path, type, "a borrow");
            case DynType: return Fail(path, type, "of unknown type");
            case TypeParameterType or ProjectionType:
                return BoundsOf(type).Any(b => Is(b.Trait, "Serializable")) || Fail(path, type, "a type parameter without the bound `Serializable`");
            default: return true;
        }
    }

    private bool AreSerializable(IEnumerable<(string Name, SigilType Type)> parts, List<FailureStep> path, HashSet<SigilType> assumed, bool endsMove)
    {
        foreach (var (name, type) in parts)
        {
            int length = path.Count;
            if (IsSerializable(type, path, assumed, endsMove)) continue;
            if (path.Count > length && path[length].Part.Length == 0) path[length] = path[length] with { Part = name };
            else path.Insert(length, new FailureStep(name, type, ""));
            return false;
        }
        return true;
    }

    private bool IsWrittenSerializable(NamedType type) =>
        Core.FindTrait("Serializable") is { } serializable && !Unifier.HasVariables(type)
        && FromImpls(type, new TraitReference(serializable), new Unifier(), 1, mayBind: false, or: Solution.No) is { IsYes: true, Match.Impl.IsDerived: false };
}
