using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Semantics.Types;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Reading and writing through paths. A step stands either on a value or on an address; addresses avoid copying structs.
internal sealed partial class FunctionEmitter
{
    /// <summary>Pushes the value of a place.</summary>
    private void EmitRead(MirPlace place, TextSpan span)
    {
        var root = StorageOf(place.Local);
        if (place.Path.IsEmpty)
        {
            root.Load(il);
            return;
        }
        var onAddress = EmitPath(place, span, place.Path.Length);
        if (onAddress) il.Emit(OpCodes.Ldobj, map.Clr(TypeOf(place)));
    }

    /// <summary>Pushes the first steps of a path for reading; true when an address is on the stack.</summary>
    private bool EmitPath(MirPlace place, TextSpan span, int steps)
    {
        var type = instance.LocalTypes[place.Local];
        var first = 0;
        for (var i = steps - 1; i >= 0 && first == 0; i--)
            if (place.Path[i] is ElementProjection or ConstantElementProjection) first = i + 1;
        var onAddress = false;
        if (first > 0)
        {
            // Everything up to the last element access: its list, then the element's address.
            type = Concrete(place.Path[first - 1].Type);
            EmitElementStep(place, first - 1, span);
            onAddress = true;
            if (first == steps && steps == place.Path.Length || !Shape(type).Clr.IsValueType)
            {
                il.Emit(OpCodes.Ldobj, Shape(type).Clr);
                onAddress = false;
            }
        }
        else
        {
            var root = StorageOf(place.Local);
            if (Shape(type).Clr.IsValueType && steps > 0)
            {
                root.LoadAddress(il);
                onAddress = true;
            }
            else root.Load(il);
        }
        for (var i = first; i < steps; i++)
        {
            var next = Concrete(place.Path[i].Type);
            var isLast = i == steps - 1 && steps == place.Path.Length;
            onAddress = EmitStep(place.Path[i], type, next, onAddress, wantsAddress: !isLast && Shape(next).Clr.IsValueType, span);
            type = next;
        }
        return onAddress;
    }

    private Type TypeBefore(MirPlace place, int step) => map.Clr(step == 0 ? instance.LocalTypes[place.Local] : Concrete(place.Path[step - 1].Type));

    /// <summary>Pushes the address of the element that one step of a path names, for reading.</summary>
    private void EmitElementStep(MirPlace place, int step, TextSpan span)
    {
        if (step == 0 && ViewOf(place.Local) is { } view)
        {
            if (place.Path[0] is ElementProjection viewed) EmitViewedAddress(view, IndexOf(viewed), viewed.Span.Length > 0 ? viewed.Span : span, writes: false);
            else EmitViewedElement(view, IndexOf((ConstantElementProjection)place.Path[0], view));
            return;
        }
        var list = ListForReading(place, step, span, TypeBefore(place, step));
        if (place.Path[step] is ElementProjection element) EmitElementAddress(list, IndexOf(element), element.Span.Length > 0 ? element.Span : span);
        else EmitUncheckedAddress(list, IndexOf((ConstantElementProjection)place.Path[step], list));
    }

    private bool EmitStep(MirProjection projection, SigilType type, SigilType next, bool onAddress, bool wantsAddress, TextSpan span)
    {
        var shape = Shape(type);
        switch (projection)
        {
            case FieldProjection field:
                if (map.IsTransparent(type)) return onAddress;
                var path = FieldPath(shape, field.Index);
                for (var i = 0; i < path.Length; i++)
                    il.Emit(i < path.Length - 1 || wantsAddress ? OpCodes.Ldflda : OpCodes.Ldfld, path[i]);
                return wantsAddress;
            case VariantProjection payload:
                il.Emit(wantsAddress ? OpCodes.Ldflda : OpCodes.Ldfld, PayloadField(shape, payload));
                return wantsAddress;
            case DereferenceProjection:
                if (onAddress) il.Emit(OpCodes.Ldobj, shape.Clr);
                EmitDereferenceCheck(type, writes: false, span);
                il.Emit(wantsAddress ? OpCodes.Ldflda : OpCodes.Ldfld, Members.Field(shape.Clr, "Value"));
                return wantsAddress;
            default: throw new InternalEmitException($"unknown projection {projection}");
        }
    }

    private FieldInfo[] FieldPath(Representation shape, int index) => shape.Kind switch
    {
        RepresentationKind.Struct or RepresentationKind.StructObject => [map.FieldsOf(shape)[index]],
        RepresentationKind.Tuple => [.. TupleShape.PathTo(map, shape.Clr, index)],
        RepresentationKind.Runtime => [RuntimeField(shape, index)],
        _ => throw new InternalEmitException($"{shape.Type} has no fields"),
    };

    // Opaque library types may list data fields; the runtime class has them under the same name.
    private static FieldInfo RuntimeField(Representation shape, int index)
    {
        var name = ((NamedType)shape.Type).Definition.Fields[index].Name;
        return Members.Field(shape.Clr, Naming.Pascal(name));
    }

    private FieldInfo PayloadField(Representation shape, VariantProjection payload) => shape.Kind switch
    {
        RepresentationKind.Option => Members.Field(shape.Clr, "Value"),
        RepresentationKind.Result => Members.Field(shape.Clr, payload.Variant.Name == "Ok" ? "OkValue" : "ErrValue"),
        RepresentationKind.Sum => map.VariantsOf(shape)[payload.Variant.Index].Fields[payload.Index],
        _ => throw new InternalEmitException($"{shape.Type} has no payload"),
    };

    /// <summary>Pushes the address of a place that will be written through; lists and objects on the way are made this path's own.</summary>
    private void EmitAddress(MirPlace place, TextSpan span, int steps = -1)
    {
        if (steps < 0) steps = place.Path.Length;
        var type = instance.LocalTypes[place.Local];
        var first = 0;
        for (var i = steps - 1; i >= 0 && first == 0; i--)
            if (place.Path[i] is ElementProjection or ConstantElementProjection) first = i + 1;
        if (first == 1 && ViewOf(place.Local) is { } view)
        {
            var at = place.Path[0] is ElementProjection { Span.Length: > 0 } viewed ? viewed.Span : span;
            EmitViewedAddress(view, place.Path[0] is ElementProjection element ? IndexOf(element) : IndexOf((ConstantElementProjection)place.Path[0], view), at, writes: true);
            type = Concrete(place.Path[0].Type);
        }
        else if (first > 0)
        {
            var list = ListForWriting(place, first - 1, span, TypeBefore(place, first - 1));
            var at = place.Path[first - 1] is ElementProjection { Span.Length: > 0 } e ? e.Span : span;
            EmitElementAddress(list, place.Path[first - 1] is ElementProjection element ? IndexOf(element) : IndexOf((ConstantElementProjection)place.Path[first - 1], list), at);
            type = Concrete(place.Path[first - 1].Type);
        }
        else StorageOf(place.Local).LoadAddress(il);
        for (var i = first; i < steps; i++)
        {
            var shape = Shape(type);
            var next = Concrete(place.Path[i].Type);
            switch (place.Path[i])
            {
                case FieldProjection field:
                    if (map.IsTransparent(type)) break;
                    if (shape.Kind == RepresentationKind.StructObject) il.Emit(OpCodes.Call, context.Completion.RenewOf(shape));
                    else if (shape.Kind == RepresentationKind.Runtime) il.Emit(OpCodes.Ldobj, shape.Clr);
                    foreach (var step in FieldPath(shape, field.Index)) il.Emit(OpCodes.Ldflda, step);
                    break;
                case VariantProjection payload:
                    if (shape.Kind == RepresentationKind.Sum) il.Emit(OpCodes.Ldobj, shape.Clr);
                    il.Emit(OpCodes.Ldflda, PayloadField(shape, payload));
                    break;
                case DereferenceProjection:
                    il.Emit(OpCodes.Ldobj, shape.Clr);
                    EmitDereferenceCheck(type, writes: true, span);
                    il.Emit(OpCodes.Ldflda, Members.Field(shape.Clr, "Value"));
                    break;
                default: throw new InternalEmitException($"unknown projection {place.Path[i]}");
            }
            type = next;
        }
    }

    /// <summary>Whether taking the address touches only this frame: it may be pushed before the value is computed.</summary>
    private bool IsStableAddress(MirPlace place)
    {
        var type = instance.LocalTypes[place.Local];
        foreach (var projection in place.Path)
        {
            if (projection is not FieldProjection) return false;
            if (!Shape(type).Clr.IsValueType && !map.IsTransparent(type)) return false;
            type = Concrete(projection.Type);
        }
        return true;
    }

    /// <summary>Stores what <paramref name="value"/> pushes into a place.</summary>
    private void EmitStore(MirPlace place, TextSpan span, Action value, bool isSimple)
    {
        var type = TypeOf(place);
        if (place.Path.IsEmpty)
        {
            StorageOf(place.Local).Store(il, value);
            return;
        }
        var clr = map.Clr(type);
        if (!isSimple && !IsStableAddress(place))
        {
            // The right side may change what lies on the path.
            var held = il.DeclareLocal(clr);
            value();
            il.Emit(OpCodes.Stloc, held);
            value = () => il.Emit(OpCodes.Ldloc, held);
        }
        EmitAddress(place, span);
        value();
        il.Emit(OpCodes.Stobj, clr);
    }
}
