using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Functions;

// Values of single-use temporaries are not computed where they are defined but where they are consumed, on the IL stack,
// as long as that keeps the order of evaluation: the consumer's deferred operands must be the last deferred values, in
// order. Everything else is computed into IL locals first.
internal sealed partial class FunctionEmitter
{
    private sealed record Deferred(int Local, Action Emit, bool HasEffects, bool WritesLocals, Action<Label, bool>? Branch)
    {
        /// <summary>For discriminants: pushes the tag as a 32-bit number.</summary>
        public Action? Tag { get; init; }
    }

    private readonly List<Deferred> pending = [];
    private readonly Dictionary<int, Deferred> embedded = [];

    /// <summary>Settles which deferred values the next instruction consumes on the stack; the others are computed now unless it is deferred itself.</summary>
    private bool Prepare(IReadOnlyList<MirOperand> operands, bool deferred)
    {
        var wanted = new List<int>();
        foreach (var operand in operands)
            if (WholeLocal(operand) is { } local && pending.Exists(p => p.Local == local)) wanted.Add(local);
        if (wanted.Count > 0 && (!IsTail(wanted) || !MayReorder(operands)))
        {
            FlushAll();
            wanted.Clear();
        }
        var kept = pending.Count - wanted.Count;
        consumedEffects = consumedWrites = false;
        for (var i = kept; i < pending.Count; i++)
        {
            embedded[pending[i].Local] = pending[i];
            consumedEffects |= pending[i].HasEffects;
            consumedWrites |= pending[i].WritesLocals;
        }
        pending.RemoveRange(kept, wanted.Count);
        if (!deferred) FlushAll();
        return wanted.Count > 0;
    }

    private bool IsTail(List<int> wanted)
    {
        if (wanted.Count > pending.Count) return false;
        for (var i = 0; i < wanted.Count; i++)
            if (pending[pending.Count - wanted.Count + i].Local != wanted[i]) return false;
        return true;
    }

    // An operand read from memory before a deferred value with effects would be read too early.
    private bool MayReorder(IReadOnlyList<MirOperand> operands)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            if (operands[i] is ConstantOperand) continue;
            if (WholeLocal(operands[i]) is { } own && pending.Exists(p => p.Local == own)) continue;
            var isWhole = WholeLocal(operands[i]) is { } whole && StorageOf(whole) is DirectStorage;
            for (var j = i + 1; j < operands.Count; j++)
            {
                if (WholeLocal(operands[j]) is not { } local || pending.Find(p => p.Local == local) is not { } later) continue;
                if (later.WritesLocals || (later.HasEffects && !isWhole)) return false;
            }
        }
        return true;
    }

    private static int? WholeLocal(MirOperand operand) => operand switch
    {
        CopyOperand { Place.IsLocal: true } copy => copy.Place.Local,
        MoveOperand { Place.IsLocal: true } move => move.Place.Local,
        _ => null,
    };

    private bool consumedEffects, consumedWrites;

    private void Defer(int local, Action emit, bool hasEffects, bool writesLocals, Action<Label, bool>? branch = null, Action? tag = null) =>
        pending.Add(new Deferred(local, emit, hasEffects || consumedEffects, writesLocals || consumedWrites, branch) { Tag = tag });

    /// <summary>Computes all deferred values into their locals.</summary>
    private void FlushAll()
    {
        if (pending.Count == 0) return;
        var all = pending.ToArray();
        pending.Clear();
        foreach (var value in all) StorageOf(value.Local).Store(il, value.Emit);
    }

    private bool TryEmitEmbedded(int local)
    {
        if (!embedded.Remove(local, out var value)) return false;
        value.Emit();
        return true;
    }

    // ---- operands ----

    private SigilType TypeOf(MirPlace place) => place.Path.IsEmpty ? instance.LocalTypes[place.Local] : Concrete(place.Path[^1].Type);

    private SigilType OperandType(MirOperand operand) => operand switch
    {
        CopyOperand copy => TypeOf(copy.Place),
        MoveOperand move => TypeOf(move.Place),
        ConstantOperand constant => Concrete(constant.Type),
        _ => throw new InternalEmitException("unknown operand"),
    };

    /// <summary>Pushes the operand; a copy of something updatable is marked as shared unless the consumer only <paramref name="reads"/>.</summary>
    private void EmitOperand(MirOperand operand, bool reads = false)
    {
        switch (operand)
        {
            case ConstantOperand constant: EmitConstant(constant.Value, Concrete(constant.Type)); break;
            case CopyOperand copy:
                if (copy.Place.IsLocal && TryEmitEmbedded(copy.Place.Local)) break;
                EmitRead(copy.Place, copy.Span);
                if (!reads) EmitMarkShared(copy.Place);
                break;
            case MoveOperand move:
                if (move.Place.IsLocal && TryEmitEmbedded(move.Place.Local)) break;
                EmitRead(move.Place, move.Span);
                // What lies behind an object that was itself copied by reference may be reachable twice.
                if (!reads && CrossesObject(move.Place)) EmitMarkShared(TypeOf(move.Place));
                break;
            default: throw new InternalEmitException("unknown operand");
        }
    }

    private bool CrossesObject(MirPlace place)
    {
        var type = instance.LocalTypes[place.Local];
        foreach (var projection in place.Path)
        {
            var kind = Shape(type).Kind;
            if (kind is RepresentationKind.Sum or RepresentationKind.StructObject or RepresentationKind.List or RepresentationKind.Box) return true;
            type = Concrete(projection.Type);
        }
        return function.Locals[place.Local].Kind == MirLocalKind.Capture || function.Locals[place.Local].Mode == MirParameterMode.Borrow;
    }

    private void EmitConstant(object? value, SigilType type)
    {
        switch (Shape(type).Kind)
        {
            case RepresentationKind.Int: il.Emit(OpCodes.Ldc_I8, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            case RepresentationKind.Float: il.Emit(OpCodes.Ldc_R8, Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture)); break;
            case RepresentationKind.Bool: il.Emit((bool)value! ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0); break;
            case RepresentationKind.Byte or RepresentationKind.Char or RepresentationKind.Tag:
                il.Emit(OpCodes.Ldc_I4, Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case RepresentationKind.Str: il.Emit(OpCodes.Ldstr, (string)value!); break;
            case RepresentationKind.Void or RepresentationKind.Never: EmitUnit(); break;
            default:
                // A placeholder for a value that is never read.
                if (value is not null) throw new InternalEmitException($"a constant of type {type}");
                EmitDefault(map.Clr(type));
                break;
        }
    }

    private LocalBuilder? unit;

    private void EmitUnit() => il.Emit(OpCodes.Ldloc, unit ??= il.DeclareLocal(typeof(Runtime.Values.Unit)));

    private void EmitDefault(Type clr)
    {
        if (!clr.IsValueType)
        {
            il.Emit(OpCodes.Ldnull);
            return;
        }
        var zero = il.DeclareLocal(clr);
        il.Emit(OpCodes.Ldloca, zero);
        il.Emit(OpCodes.Initobj, clr);
        il.Emit(OpCodes.Ldloc, zero);
    }

    /// <summary>Marks a value that has just been pushed from a place as shared.</summary>
    private void EmitMarkShared(MirPlace place)
    {
        EmitMarkShared(TypeOf(place));
        RefreshWritable(place);
    }

    /// <summary>Tells the lists, maps and sets in the value on the stack that a second reference exists.</summary>
    private void EmitMarkShared(SigilType type)
    {
        if (!context.Sharing.Matters(type)) return;
        var shape = Shape(type);
        if (shape.Kind is RepresentationKind.List or RepresentationKind.Map or RepresentationKind.Set)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Call, Members.Method(shape.Clr, "MarkShared"));
            return;
        }
        if (shape.Kind == RepresentationKind.Interface)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Call, typeof(Runtime.Values.DynamicValue).GetMethod(nameof(Runtime.Values.DynamicValue.Mark))!);
            return;
        }
        il.Emit(OpCodes.Call, Members.Method(map.Construct(typeof(Runtime.Values.Sharing<>), [shape.Clr]), "Mark"));
    }
}
