using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Mir;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

// Lengths, slices and look-ups.
internal sealed partial class FunctionEmitter
{
    private void EmitLength(LengthRvalue length, TextSpan span)
    {
        var shape = Shape(TypeOf(length.Place));
        if (length.Place.IsLocal && shape.Kind == RepresentationKind.List && ViewOf(length.Place.Local) is { } view)
        {
            il.Emit(OpCodes.Ldloc, view.Count);
            return;
        }
        EmitRead(length.Place, span);
        EmitContainerCheck(TypeOf(length.Place), writes: false, span);
        if (shape.Kind == RepresentationKind.Str)
        {
            il.Emit(OpCodes.Call, Members.Method(typeof(StringOps), "Length", 1));
            return;
        }
        if (shape.Kind == RepresentationKind.List)
        {
            il.Emit(OpCodes.Ldfld, Members.Field(shape.Clr, "Count"));
            il.Emit(OpCodes.Conv_I8);
            return;
        }
        il.Emit(OpCodes.Call, Members.Getter(shape.Clr, "Length"));
    }

    private void EmitRest(RestRvalue rest, TextSpan span)
    {
        var shape = Shape(TypeOf(rest.Place));
        EmitRead(rest.Place, span);
        EmitContainerCheck(TypeOf(rest.Place), writes: false, span);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Call, Members.Getter(shape.Clr, "Length"));
        var length = il.DeclareLocal(typeof(long));
        il.Emit(OpCodes.Stloc, length);
        il.Emit(OpCodes.Ldc_I8, (long)rest.Front);
        il.Emit(OpCodes.Ldloc, length);
        il.Emit(OpCodes.Ldc_I8, (long)rest.Back);
        il.Emit(OpCodes.Sub);
        EmitSite(span);
        il.Emit(OpCodes.Call, Members.Method(shape.Clr, "Slice"));
    }

    private void EmitSlice(SliceRvalue slice, TextSpan span)
    {
        var type = TypeOf(slice.Place);
        var shape = Shape(type);
        EmitRead(slice.Place, span);
        EmitContainerCheck(type, writes: false, span);
        var subject = il.DeclareLocal(shape.Clr);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Stloc, subject);
        if (slice.Start is { } start) EmitOperand(start, reads: true);
        else il.Emit(OpCodes.Ldc_I8, 0L);
        if (slice.End is { } end)
        {
            EmitOperand(end, reads: true);
            if (slice.EndInclusive)
            {
                il.Emit(OpCodes.Ldc_I8, 1L);
                EmitSite(span);
                il.Emit(OpCodes.Call, typeof(IntMath).GetMethod(nameof(IntMath.Add))!);
            }
        }
        else
        {
            il.Emit(OpCodes.Ldloc, subject);
            if (shape.Kind == RepresentationKind.Str) il.Emit(OpCodes.Call, Members.Method(typeof(StringOps), "Length", 1));
            else il.Emit(OpCodes.Call, Members.Getter(shape.Clr, "Length"));
        }
        EmitSite(span);
        il.Emit(OpCodes.Call, shape.Kind == RepresentationKind.Str ? Members.Method(typeof(StringOps), "Slice", 4) : Members.Method(shape.Clr, "Slice"));
    }

    private void EmitLookup(LookupRvalue lookup, TextSpan span)
    {
        var shape = Shape(TypeOf(lookup.Place));
        EmitRead(lookup.Place, span);
        EmitContainerCheck(TypeOf(lookup.Place), writes: false, span);
        EmitOperand(lookup.Key, reads: true);
        if (shape.Kind == RepresentationKind.Str)
        {
            EmitSite(span);
            il.Emit(OpCodes.Call, Members.Method(typeof(StringOps), "At", 3));
            return;
        }
        if (shape.Kind == RepresentationKind.List)
        {
            il.Emit(OpCodes.Call, Members.Method(shape.Clr, nameof(SigilList<int>.Find)));
            EmitMarkShared(map.Types.Core.Option(shape.Parts[0].Type));
            return;
        }
        il.Emit(OpCodes.Call, Members.Method(shape.Clr, "Get"));
        EmitMarkShared(map.Types.Core.Option(shape.Parts[1].Type));
    }
}
