using System.Collections.Immutable;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Mir.Building;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Values;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// The right sides of assignments.
internal sealed partial class FunctionEmitter
{
    private void EmitAssign(AssignInstruction assign, MirBlock block)
    {
        if (TryAddText(assign)) return;
        var operands = Operands(assign.Value);
        // Also a copy panics when its place has an index.
        var canPanic = CanPanic(assign.Value) || Unwinding.MayUnwind(assign);
        var single = assign.Target.IsLocal && plan.IsSingleUse(assign.Target.Local);
        if (single && !IsOutOfLine(assign.Value))
        {
            Prepare(operands, deferred: true);
            Defer(assign.Target.Local, () =>
            {
                if (canPanic) Begin(assign);
                EmitValue(assign.Value, assign.Span);
            }, hasEffects: CanPanic(assign.Value) && assign.Value is not BinaryRvalue, writesLocals: false, assign.Value is BinaryRvalue binary ? FusedBranch(binary) : null,
                assign.Value is DiscriminantRvalue tag ? () => EmitTag(tag, assign.Span) : null);
            return;
        }
        Prepare(operands, deferred: false);
        if (canPanic || assign.Target.Path.Length > 0) Begin(assign);
        else positions.Mark(assign.Span);
        EmitStore(assign.Target, assign.Span, () => EmitValue(assign.Value, assign.Span), isSimple: assign.Value is UseRvalue { Operand: ConstantOperand or CopyOperand { Place.IsLocal: true } or MoveOperand { Place.IsLocal: true } } && operands.All(o => WholeLocal(o) is not { } l || !embedded.ContainsKey(l)));
    }

    // Values whose code needs the evaluation stack for itself, or that use their operands more than once.
    private static bool IsOutOfLine(MirRvalue value) => value is MapRvalue or ChannelRvalue or ProcessTaskRvalue;

    private static ImmutableArray<MirOperand> Operands(MirRvalue value) => value switch
    {
        UseRvalue u => [u.Operand],
        UnaryRvalue u => [u.Operand],
        BinaryRvalue b => [b.Left, b.Right],
        ProductRvalue p => p.Fields,
        VariantRvalue v => v.Fields,
        ListRvalue l => l.Elements,
        MapRvalue m => [.. m.Entries.SelectMany(e => new[] { e.Key, e.Value })],
        RangeRvalue r => [r.Start, r.End],
        ConcatRvalue c => c.Parts,
        ClosureRvalue c => [.. c.Captures.OfType<ValueArgument>().Select(a => a.Operand)],
        FunctionRvalue f => f.Capabilities,
        ProcessTaskRvalue t => [.. t.Providers.Select(p => p.Provider)],
        SliceRvalue s => s.Start is { } a ? s.End is { } b ? [a, b] : [a] : s.End is { } e ? [e] : [],
        LookupRvalue l => [l.Key],
        ConvertRvalue c => [c.Operand],
        MakeObjectRvalue m => [m.Operand],
        ChannelRvalue c => [c.Buffer],
        _ => [],
    };

    /// <summary>Pushes the value.</summary>
    private void EmitValue(MirRvalue value, TextSpan span)
    {
        switch (value)
        {
            case UseRvalue use: EmitOperand(use.Operand); break;
            case UnaryRvalue unary: EmitUnary(unary, span); break;
            case BinaryRvalue binary: EmitBinary(binary, span); break;
            case ProductRvalue product: EmitProduct(product); break;
            case VariantRvalue variant: EmitVariant(variant); break;
            case ListRvalue list: EmitList(Concrete(list.ElementType), list.Elements); break;
            case MapRvalue literal: EmitMap(literal); break;
            case RangeRvalue range:
                {
                    var clr = map.Construct(typeof(Runtime.Values.Range<>), [map.Clr(Concrete(range.ElementType))]);
                    EmitOperand(range.Start);
                    EmitOperand(range.End);
                    il.Emit(OpCodes.Call, Members.Method(clr, range.IsInclusive ? "Closed" : "Exclusive"));
                    break;
                }
            case ConcatRvalue concat: EmitConcat(concat.Parts); break;
            case ClosureRvalue closure: EmitClosure(closure, [.. closure.Captures]); break;
            case FunctionRvalue named: EmitClosure(named, [.. SelectCaptured(named)]); break;
            case DiscriminantRvalue discriminant:
                EmitTag(discriminant, span);
                if (Shape(TypeOf(discriminant.Place)).Kind != RepresentationKind.Int) il.Emit(OpCodes.Conv_I8);
                break;
            case LengthRvalue length: EmitLength(length, span); break;
            case RestRvalue rest: EmitRest(rest, span); break;
            case SliceRvalue slice: EmitSlice(slice, span); break;
            case LookupRvalue lookup: EmitLookup(lookup, span); break;
            case ConvertRvalue convert: EmitConvert(convert, span); break;
            case MakeObjectRvalue made:
                EmitOperand(made.Operand);
                if (Concrete(made.Type) is FunctionType) break;
                il.Emit(OpCodes.Newobj, Members.Constructor(map.Clr(Concrete(made.Type)), 1));
                EmitFreeze(Concrete(made.Type), span);
                break;
            case ChannelRvalue channel: EmitChannel(channel, span); break;
            case ProcessTaskRvalue task: EmitProcessTask(task, span); break;
            case StandardCapabilityRvalue standard: EmitStandardCapability(standard); break;
            case ClockRvalue: il.Emit(OpCodes.Call, typeof(Runtime.Timers.Pausing).GetMethod(nameof(Runtime.Timers.Pausing.Now))!); break;
            default: throw new InternalEmitException($"unknown value {value.GetType().Name}");
        }
    }

    private void EmitProduct(ProductRvalue product)
    {
        var type = Concrete(product.Type);
        var shape = Shape(type);
        if (map.IsTransparent(type))
        {
            EmitOperand(product.Fields[0]);
            return;
        }
        if (shape.Kind == RepresentationKind.Tuple)
        {
            foreach (var field in product.Fields) EmitOperand(field);
            TupleShape.EmitNew(il, shape.Clr);
            return;
        }
        foreach (var field in product.Fields) EmitOperand(field);
        il.Emit(OpCodes.Newobj, context.Completion.ConstructorOf(shape));
    }

    private void EmitVariant(VariantRvalue variant)
    {
        var shape = Shape(Concrete(variant.Type));
        switch (shape.Kind)
        {
            case RepresentationKind.Tag: il.Emit(OpCodes.Ldc_I4, variant.Variant.Index); break;
            case RepresentationKind.Option when variant.Fields.IsEmpty: EmitDefault(shape.Clr); break;
            case RepresentationKind.Option:
                EmitOperand(variant.Fields[0]);
                il.Emit(OpCodes.Call, Members.Method(shape.Clr, "Some"));
                break;
            case RepresentationKind.Result:
                EmitOperand(variant.Fields[0]);
                il.Emit(OpCodes.Call, Members.Method(shape.Clr, variant.Variant.Name));
                break;
            case RepresentationKind.Sum:
                {
                    var emitted = map.VariantsOf(shape)[variant.Variant.Index];
                    if (emitted.Instance is { } instance)
                    {
                        il.Emit(OpCodes.Ldsfld, instance);
                        break;
                    }
                    foreach (var field in variant.Fields) EmitOperand(field);
                    il.Emit(OpCodes.Newobj, emitted.Constructor);
                    break;
                }
            default: throw new InternalEmitException($"{shape.Type} has no variants");
        }
    }

    private void EmitList(SigilType element, ImmutableArray<MirOperand> elements)
    {
        var clr = map.Clr(element);
        var list = map.Construct(typeof(SigilList<>), [clr]);
        if (elements.IsEmpty)
        {
            il.Emit(OpCodes.Ldsfld, Members.Field(list, "Empty"));
            return;
        }
        il.Emit(OpCodes.Ldc_I4, elements.Length);
        il.Emit(OpCodes.Newarr, clr);
        for (var i = 0; i < elements.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            EmitOperand(elements[i]);
            il.Emit(OpCodes.Stelem, clr);
        }
        il.Emit(OpCodes.Call, Members.Method(list, "Of"));
    }

    private void EmitMap(MapRvalue literal)
    {
        var type = map.Types.Core.Map(Concrete(literal.KeyType), Concrete(literal.ValueType));
        var clr = map.Clr(type);
        if (literal.Entries.IsEmpty)
        {
            il.Emit(OpCodes.Ldsfld, Members.Field(clr, "Empty"));
            return;
        }
        context.Equality.Want(Concrete(literal.KeyType));
        il.Emit(OpCodes.Ldc_I8, (long)literal.Entries.Length);
        il.Emit(OpCodes.Call, Members.Method(clr, "WithCapacity"));
        foreach (var (key, value) in literal.Entries)
        {
            il.Emit(OpCodes.Dup);
            EmitOperand(key);
            EmitOperand(value);
            il.Emit(OpCodes.Call, Members.Method(clr, "Put"));
        }
    }

    private void EmitConcat(ImmutableArray<MirOperand> parts)
    {
        if (parts.Length is >= 1 and <= 4)
        {
            foreach (var part in parts) EmitOperand(part);
            if (parts.Length > 1) il.Emit(OpCodes.Call, typeof(string).GetMethod(nameof(string.Concat), [.. parts.Select(_ => typeof(string))])!);
            return;
        }
        il.Emit(OpCodes.Ldc_I4, parts.Length);
        il.Emit(OpCodes.Newarr, typeof(string));
        for (var i = 0; i < parts.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            EmitOperand(parts[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }
        il.Emit(OpCodes.Call, typeof(string).GetMethod(nameof(string.Concat), [typeof(string[])])!);
    }

    private void EmitClosure(object site, ImmutableArray<MirArgument> captures)
    {
        var closure = ((ClosureTarget)instance.Targets[site]).Class;
        if (closure.Single is { } single)
        {
            il.Emit(OpCodes.Ldsfld, single);
            return;
        }
        foreach (var capture in captures) EmitCapture(capture);
        il.Emit(OpCodes.Newobj, closure.Constructor);
    }

    // A named function captures those capabilities that its caller does not supply, in order.
    private IEnumerable<MirArgument> SelectCaptured(FunctionRvalue named) => named.Capabilities.Select(c => (MirArgument)new ValueArgument(c));

    private void EmitCapture(MirArgument capture)
    {
        switch (capture)
        {
            case ValueArgument value: EmitOperand(value.Operand); break;
            case BorrowArgument borrow:
                EmitRead(borrow.Place, borrow.Span);
                EmitMarkShared(borrow.Place);
                break;
            case BorrowMutableArgument borrow:
                EmitRead(borrow.Place, borrow.Span);
                break;
        }
    }

    /// <summary>Pushes a 32-bit tag.</summary>
    private void EmitTag(DiscriminantRvalue discriminant, TextSpan span)
    {
        var shape = Shape(TypeOf(discriminant.Place));
        switch (shape.Kind)
        {
            case RepresentationKind.Tag: EmitRead(discriminant.Place, span); break;
            case RepresentationKind.Option: EmitFieldOf(discriminant.Place, Members.Field(shape.Clr, "HasValue"), span); break;
            case RepresentationKind.Result:
                // Ok is variant 0.
                EmitFieldOf(discriminant.Place, Members.Field(shape.Clr, "IsOk"), span);
                EmitNot();
                break;
            case RepresentationKind.Sum:
                EmitRead(discriminant.Place, span);
                il.Emit(OpCodes.Ldfld, shape.Sum!.Tag);
                break;
            case RepresentationKind.Bool or RepresentationKind.Byte or RepresentationKind.Char or RepresentationKind.Int: EmitRead(discriminant.Place, span); break;
            default: throw new InternalEmitException($"{shape.Type} has no variants");
        }
    }

    private void EmitFieldOf(MirPlace place, System.Reflection.FieldInfo field, TextSpan span)
    {
        if (place.Path.IsEmpty) StorageOf(place.Local).LoadAddress(il);
        else if (!EmitPath(place, span, place.Path.Length))
        {
            var held = il.DeclareLocal(map.Clr(TypeOf(place)));
            il.Emit(OpCodes.Stloc, held);
            il.Emit(OpCodes.Ldloca, held);
        }
        il.Emit(OpCodes.Ldfld, field);
    }

    private void EmitConvert(ConvertRvalue convert, TextSpan span)
    {
        var from = Concrete(convert.From);
        var to = Concrete(convert.To);
        switch (convert.Kind)
        {
            case ConversionKind.ToDyn or ConversionKind.ToOpaque when from is not DynType:
                EmitOperand(convert.Operand);
                il.Emit(OpCodes.Newobj, map.Interfaces.Adapter(from, to).Constructor);
                break;
            case ConversionKind.ToDyn:
                EmitOperand(convert.Operand);
                if (map.Clr(from) != map.Clr(to)) il.Emit(OpCodes.Castclass, map.Clr(to));
                break;
            case ConversionKind.DeepCopy:
                EmitOperand(convert.Operand, reads: true);
                context.DeepCopies.EmitClone(il, from);
                break;
            case ConversionKind.Discard:
                EmitDiscarded(convert.Operand);
                EmitUnit();
                break;
            case ConversionKind.NeverToAny:
                EmitDefault(map.Clr(to));
                break;
            case ConversionKind.MakeObject when to is CapabilityType:
                EmitOperand(convert.Operand);
                il.Emit(OpCodes.Newobj, Members.Constructor(map.Clr(to), 1));
                EmitFreeze(to, span);
                break;
            case ConversionKind.Freeze:
                EmitOperand(convert.Operand);
                EmitFreeze(to, span);
                break;
            case ConversionKind.Function when instance.Targets.TryGetValue(convert, out var wrapper):
                EmitOperand(convert.Operand);
                il.Emit(OpCodes.Newobj, ((ClosureTarget)wrapper).Class.Constructor);
                break;
            default:
                EmitOperand(convert.Operand);
                break;
        }
    }

    private void EmitChannel(ChannelRvalue channel, TextSpan span)
    {
        var factory = (channel.IsInterProcess ? typeof(IpcChannel) : typeof(Channel)).GetMethod(channel.Sharing switch
        {
            _ when channel.OnLag is not null => nameof(Channel.CreateBroadcast),
            ChannelSharing.Producers => nameof(Channel.CreateSharedProducers),
            ChannelSharing.Consumers => nameof(Channel.CreateSharedConsumers),
            ChannelSharing.Both => nameof(Channel.CreateBoth),
            _ => nameof(Channel.CreateExclusive),
        })!;
        var element = map.Clr(Concrete(channel.ElementType));
        var record = Shape(Concrete(channel.Type));
        var fields = map.FieldsOf(record);
        // The record's fields are alphabetical: consumer, producer.
        var pairType = map.Construct(typeof(ChannelPair<,>), [fields[1].FieldType, fields[0].FieldType]);
        var pair = il.DeclareLocal(pairType);
        EmitOperand(channel.Buffer, reads: true);
        if (channel.IsInterProcess) context.Codecs.Load(il, Concrete(channel.ElementType));
        if (channel.OnLag is { } policy) il.Emit(policy == LagPolicy.DropOldest ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
        EmitSite(span);
        il.Emit(OpCodes.Call, Members.Construct(factory, element));
        il.Emit(OpCodes.Stloc, pair);
        il.Emit(OpCodes.Ldloc, pair);
        il.Emit(OpCodes.Ldfld, Members.Field(pairType, "Consumer"));
        il.Emit(OpCodes.Ldloc, pair);
        il.Emit(OpCodes.Ldfld, Members.Field(pairType, "Producer"));
        il.Emit(OpCodes.Newobj, context.Completion.ConstructorOf(record));
    }

    private void EmitStandardCapability(StandardCapabilityRvalue standard)
    {
        if (standard.MayHaveCome)
        {
            EmitCarriedCapability(standard);
            return;
        }
        if (map.Interfaces.IsForeign(standard.Capability))
        {
            il.Emit(OpCodes.Newobj, map.Interfaces.Foreign(standard.Capability).Constructor);
            return;
        }
        var provider = map.Interfaces.StandardProvider(standard.Capability);
        var shape = Shape(provider);
        // A provider with fields is made by a function of its module.
        if (map.Interfaces.MakerOf(standard.Capability) is { } maker) il.Emit(OpCodes.Call, maker.Method);
        else if (shape.Kind == RepresentationKind.Runtime) il.Emit(OpCodes.Newobj, Members.Constructor(shape.Clr, 0));
        else EmitDefault(shape.Clr);
        il.Emit(OpCodes.Newobj, map.Interfaces.Adapter(provider, new DynType([standard.Capability])).Constructor);
    }
}
