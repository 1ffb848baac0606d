using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Runtime.Serialization;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Codecs;

/// <summary>
/// The codec of one struct, tuple or sum. Fields are written by position: a reader skips what a newer writer added behind
/// the fields that it knows, and misses what an older writer did not have yet.
/// </summary>
internal sealed class CodecClass
{
    private const MethodAttributes Override = MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final;

    private readonly CodecTable codecs;
    private readonly Representation shape;
    private readonly TypeBuilder type;
    private readonly Type codec;

    public CodecClass(CodecTable codecs, Representation shape)
    {
        this.codecs = codecs;
        this.shape = shape;
        codec = Map.Construct(typeof(Codec<>), [shape.Clr]);
        type = Map.Define(shape.Type + " codec", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, codec);
        Constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, []);
        var il = Constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, Members.Constructor(codec, 0));
        il.Emit(OpCodes.Ret);
    }

    public ConstructorBuilder Constructor { get; }

    /// <summary>The methods of a hand-written impl, which stand for the structure.</summary>
    public (Instance ToText, Instance FromText)? Written { get; init; }

    /// <summary>What gives the default of each field of a struct, or null where none is declared.</summary>
    public ImmutableArray<Instance?> Defaults { get; set; } = [];

    private TypeMap Map => codecs.Map;

    public void Complete()
    {
        var write = type.DefineMethod("Write", Override, typeof(void), [typeof(FrameWriter).MakeByRefType(), shape.Clr]);
        var read = type.DefineMethod("Read", Override, shape.Clr, [typeof(FrameReader).MakeByRefType()]);
        var writer = write.GetILGenerator();
        var reader = read.GetILGenerator();
        switch (shape.Kind)
        {
            case var _ when Written is { } written:
                WriteText(writer, written.ToText);
                ReadText(reader, written.FromText);
                break;
            case RepresentationKind.Tuple:
                WriteTuple(writer);
                ReadTuple(reader);
                break;
            case RepresentationKind.Sum:
                WriteSum(writer);
                ReadSum(reader);
                break;
            default:
                WriteProduct(writer);
                ReadProduct(reader);
                break;
        }
        type.DefineMethodOverride(write, Members.Method(codec, "Write"));
        type.DefineMethodOverride(read, Members.Method(codec, "Read"));
    }

    // ---- parts ----

    /// <summary>Writes the part that <paramref name="load"/> puts on the stack.</summary>
    private void WritePart(ILGenerator il, SigilType part, Action load)
    {
        var inline = Map.Of(part).Kind switch
        {
            RepresentationKind.Int => nameof(FrameWriter.WriteInt),
            RepresentationKind.Float => nameof(FrameWriter.WriteFloat),
            RepresentationKind.Bool => nameof(FrameWriter.WriteBool),
            RepresentationKind.Str => nameof(FrameWriter.WriteStr),
            _ => null,
        };
        if (inline is null) codecs.Load(il, part);
        il.Emit(OpCodes.Ldarg_1);
        load();
        if (inline is null) il.Emit(OpCodes.Callvirt, Members.Method(CodecOf(part), "Write"));
        else il.Emit(OpCodes.Call, Members.Method(typeof(FrameWriter), inline));
    }

    /// <summary>Leaves the next part on the stack.</summary>
    private void ReadPart(ILGenerator il, SigilType part)
    {
        var inline = Map.Of(part).Kind switch
        {
            RepresentationKind.Int => nameof(FrameReader.ReadInt),
            RepresentationKind.Float => nameof(FrameReader.ReadFloat),
            RepresentationKind.Bool => nameof(FrameReader.ReadBool),
            RepresentationKind.Str => nameof(FrameReader.ReadStr),
            _ => null,
        };
        if (inline is null) codecs.Load(il, part);
        il.Emit(OpCodes.Ldarg_1);
        if (inline is null) il.Emit(OpCodes.Callvirt, Members.Method(CodecOf(part), "Read"));
        else il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), inline, 0));
    }

    private Type CodecOf(SigilType part) => Map.Construct(typeof(Codec<>), [Map.Clr(part)]);

    private static void Begin(ILGenerator il, int count)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameWriter), nameof(FrameWriter.BeginArray)));
    }

    private static void End(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameWriter), nameof(FrameWriter.End)));
    }

    // ---- hand-written impls ----

    private static void WriteText(ILGenerator il, Instance toText)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, toText.Method);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameWriter), nameof(FrameWriter.WriteStr)));
        il.Emit(OpCodes.Ret);
    }

    private void ReadText(ILGenerator il, Instance fromText)
    {
        var result = il.DeclareLocal(Map.Clr(fromText.ReturnType));
        var isThere = il.DefineLabel();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.ReadStr)));
        il.Emit(OpCodes.Call, fromText.Method);
        il.Emit(OpCodes.Stloc, result);
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ldfld, Members.Field(result.LocalType, "IsOk"));
        il.Emit(OpCodes.Brtrue, isThere);
        il.Emit(OpCodes.Ldstr, shape.Type.ToString());
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.ThrowText)));
        il.MarkLabel(isThere);
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ldfld, Members.Field(result.LocalType, "OkValue"));
        il.Emit(OpCodes.Ret);
    }

    // ---- structs and records ----

    private void WriteProduct(ILGenerator il)
    {
        var fields = Map.FieldsOf(shape);
        Begin(il, fields.Length);
        for (var i = 0; i < fields.Length; i++)
        {
            var field = fields[i];
            WritePart(il, shape.Product!.FieldTypes[i], () =>
            {
                if (shape.IsObject) il.Emit(OpCodes.Ldarg_2);
                else il.Emit(OpCodes.Ldarga_S, (byte)2);
                il.Emit(OpCodes.Ldfld, field);
            });
        }
        End(il);
        il.Emit(OpCodes.Ret);
    }

    private void ReadProduct(ILGenerator il)
    {
        var fields = Map.FieldsOf(shape);
        var count = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.BeginArray), 0));
        il.Emit(OpCodes.Stloc, count);
        var values = new LocalBuilder[fields.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            values[i] = il.DeclareLocal(fields[i].FieldType);
            var isRead = il.DefineLabel();
            if (i < Defaults.Length && Defaults[i] is { } otherwise) TakeDefault(il, count, i, otherwise, isRead);
            else RequireField(il, count, i, $"{shape.Product!.Names[i]} of {shape.Type}");
            ReadPart(il, shape.Product!.FieldTypes[i]);
            il.MarkLabel(isRead);
            il.Emit(OpCodes.Stloc, values[i]);
        }
        EndFields(il, count, fields.Length, nameof(FrameReader.EndFields));
        foreach (var value in values) il.Emit(OpCodes.Ldloc, value);
        il.Emit(OpCodes.Newobj, codecs.Completion.ConstructorOf(shape));
        il.Emit(OpCodes.Ret);
    }

    private static void TakeDefault(ILGenerator il, LocalBuilder count, int index, Instance otherwise, Label isRead)
    {
        var isThere = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Bgt, isThere);
        il.Emit(OpCodes.Call, otherwise.Method);
        il.Emit(OpCodes.Br, isRead);
        il.MarkLabel(isThere);
    }

    private static void RequireField(ILGenerator il, LocalBuilder count, int index, string name)
    {
        var isThere = il.DefineLabel();
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Bgt, isThere);
        il.Emit(OpCodes.Ldstr, name);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.ThrowMissing)));
        il.MarkLabel(isThere);
    }

    private static void EndFields(ILGenerator il, LocalBuilder count, int read, string method)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, count);
        il.Emit(OpCodes.Ldc_I4, read);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), method));
    }

    // ---- tuples ----

    private void WriteTuple(ILGenerator il)
    {
        Begin(il, shape.Parts.Length);
        for (var i = 0; i < shape.Parts.Length; i++)
        {
            var index = i;
            WritePart(il, shape.Parts[i].Type, () =>
            {
                il.Emit(OpCodes.Ldarga_S, (byte)2);
                foreach (var field in TupleShape.PathTo(Map, shape.Clr, index)) il.Emit(OpCodes.Ldfld, field);
            });
        }
        End(il);
        il.Emit(OpCodes.Ret);
    }

    private void ReadTuple(ILGenerator il)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, shape.Parts.Length);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.BeginArray), 1));
        var values = new LocalBuilder[shape.Parts.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = il.DeclareLocal(shape.Parts[i].Clr);
            ReadPart(il, shape.Parts[i].Type);
            il.Emit(OpCodes.Stloc, values[i]);
        }
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.End)));
        foreach (var value in values) il.Emit(OpCodes.Ldloc, value);
        TupleShape.EmitNew(il, shape.Clr);
        il.Emit(OpCodes.Ret);
    }

    // ---- sums ----

    private void WriteSum(ILGenerator il)
    {
        var variants = Map.VariantsOf(shape);
        var labels = variants.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldfld, shape.Sum!.Tag);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ret);
        for (var v = 0; v < variants.Length; v++)
        {
            var variant = variants[v];
            il.MarkLabel(labels[v]);
            if (variant.Fields.Length > 0) Begin(il, variant.Fields.Length + 1);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I8, (long)v);
            il.Emit(OpCodes.Call, Members.Method(typeof(FrameWriter), nameof(FrameWriter.WriteInt)));
            for (var i = 0; i < variant.Fields.Length; i++)
            {
                var field = variant.Fields[i];
                WritePart(il, variant.FieldTypes[i], () =>
                {
                    il.Emit(OpCodes.Ldarg_2);
                    il.Emit(OpCodes.Castclass, variant.Type);
                    il.Emit(OpCodes.Ldfld, field);
                });
            }
            if (variant.Fields.Length > 0) End(il);
            il.Emit(OpCodes.Ret);
        }
    }

    private void ReadSum(ILGenerator il)
    {
        var variants = Map.VariantsOf(shape);
        var labels = variants.Select(_ => il.DefineLabel()).ToArray();
        var tag = il.DeclareLocal(typeof(int));
        var count = il.DeclareLocal(typeof(int));
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloca, count);
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.BeginVariant)));
        il.Emit(OpCodes.Stloc, tag);
        il.Emit(OpCodes.Ldloc, tag);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldloc, tag);
        il.Emit(OpCodes.Ldstr, shape.Type.ToString());
        il.Emit(OpCodes.Call, Members.Method(typeof(FrameReader), nameof(FrameReader.ThrowVariant)));
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Ret);
        for (var v = 0; v < variants.Length; v++)
        {
            var variant = variants[v];
            il.MarkLabel(labels[v]);
            var values = new LocalBuilder[variant.Fields.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = il.DeclareLocal(variant.Fields[i].FieldType);
                RequireField(il, count, i, $"{variant.Fields[i].Name} of {shape.Type}.{shape.Sum!.Symbol.Variants[v].Name}");
                ReadPart(il, variant.FieldTypes[i]);
                il.Emit(OpCodes.Stloc, values[i]);
            }
            EndFields(il, count, values.Length, nameof(FrameReader.EndVariant));
            if (variant.Instance is not null) il.Emit(OpCodes.Ldsfld, variant.Instance);
            else
            {
                foreach (var value in values) il.Emit(OpCodes.Ldloc, value);
                il.Emit(OpCodes.Newobj, variant.Constructor);
            }
            il.Emit(OpCodes.Ret);
        }
    }
}
