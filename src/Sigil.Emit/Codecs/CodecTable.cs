using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Values;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Codecs;

/// <summary>
/// The codecs of all types that cross between processes: one object per concrete type, in static fields of one class. Codecs of
/// scalars and containers are classes of the runtime; those of structs, tuples and sums are emitted.
/// </summary>
internal sealed class CodecTable(TypeMap map, TypeCompletion completion)
{
    private readonly Dictionary<SigilType, Entry> known = [];
    // Parts before what is composed of them; emitted codecs have no parts when they are made.
    private readonly List<Entry> composed = [];
    private readonly List<Entry> emitted = [];
    private TypeBuilder? holder;

    public TypeMap Map => map;
    public InstanceGraph Graph { get; set; } = null!;
    public TypeCompletion Completion => completion;

    private sealed class Entry
    {
        public required Representation Shape { get; init; }
        public required FieldBuilder Field { get; init; }
        /// <summary>Of the runtime: the class and the codecs that its constructor takes.</summary>
        public Type? Class { get; set; }
        public ImmutableArray<Entry> Parts { get; set; } = [];
        public int? Variants { get; set; }
        /// <summary>Of the program.</summary>
        public CodecClass? Emitted { get; set; }
    }

    /// <summary>Values of the type will be written or read.</summary>
    public void Want(SigilType type) => EntryOf(type);

    /// <summary>Puts the type's codec on the stack.</summary>
    public void Load(ILGenerator il, SigilType type) => il.Emit(OpCodes.Ldsfld, EntryOf(type).Field);

    private Entry EntryOf(SigilType type)
    {
        type = Settled(type);
        if (known.TryGetValue(type, out var found)) return found;
        holder ??= map.Define("Codecs", TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, typeof(object));
        var shape = map.Of(type);
        var entry = new Entry
        {
            Shape = shape,
            Field = holder.DefineField(type.ToString(), map.Construct(typeof(Codec<>), [shape.Clr]), FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly),
        };
        known[type] = entry;
        if (WrittenMethods(type) is { } written)
        {
            entry.Emitted = new CodecClass(this, shape) { Written = written };
            emitted.Add(entry);
            return entry;
        }
        switch (shape.Kind)
        {
            case RepresentationKind.Int: Compose(entry, typeof(IntCodec)); break;
            case RepresentationKind.Float: Compose(entry, typeof(FloatCodec)); break;
            case RepresentationKind.Bool: Compose(entry, typeof(BoolCodec)); break;
            case RepresentationKind.Byte: Compose(entry, typeof(ByteCodec)); break;
            case RepresentationKind.Char: Compose(entry, typeof(CharCodec)); break;
            case RepresentationKind.Str: Compose(entry, typeof(StrCodec)); break;
            case RepresentationKind.Void: Compose(entry, typeof(VoidCodec)); break;
            case RepresentationKind.Never: Compose(entry, typeof(NeverCodec)); break;
            case RepresentationKind.List when shape.Parts[0].Kind == RepresentationKind.Byte: Compose(entry, typeof(BytesCodec)); break;
            case RepresentationKind.List: Compose(entry, typeof(ListCodec<>)); break;
            case RepresentationKind.Map: Compose(entry, typeof(MapCodec<,>)); break;
            case RepresentationKind.Set: Compose(entry, typeof(SetCodec<>)); break;
            case RepresentationKind.Range: Compose(entry, typeof(RangeCodec<>)); break;
            case RepresentationKind.Option: Compose(entry, typeof(OptionCodec<>)); break;
            case RepresentationKind.Result: Compose(entry, typeof(ResultCodec<,>)); break;
            case RepresentationKind.Box: Compose(entry, shape.Clr.GetGenericTypeDefinition() == typeof(OwnedBox<>) ? typeof(OwnedBoxCodec<>) : typeof(BoxCodec<>)); break;
            case RepresentationKind.Runtime: Compose(entry, CodecOfRuntimeType(shape.Clr, type)); break;
            case RepresentationKind.Tag:
                entry.Variants = ((NamedType)type).Definition.Variants.Length;
                Compose(entry, typeof(TagCodec));
                break;
            case RepresentationKind.Struct or RepresentationKind.StructObject:
                Emit(entry, shape.Product!.FieldTypes);
                entry.Emitted!.Defaults = DefaultsOf(type);
                break;
            case RepresentationKind.Tuple:
                Emit(entry, [.. shape.Parts.Select(p => p.Type)]);
                break;
            case RepresentationKind.Sum:
                Emit(entry, [.. map.VariantsOf(shape).SelectMany(v => v.FieldTypes)]);
                break;
            default: throw new InternalEmitException($"the type {type} is not Serializable");
        }
        return entry;
    }

    // An older writer did not know the field yet: what its declaration says stands for it.
    private ImmutableArray<Instance?> DefaultsOf(SigilType type) =>
        type is NamedType { Definition: { Kind: TypeKind.Struct, Fields: var fields } } named
            ? [.. fields.Select(f => f.Default is null ? null : Graph.RequestDefault(f, named))] : [];

    /// <summary>A hand-written impl of Serializable stands for the structure: the value crosses as its text.</summary>
    private (Instance ToText, Instance FromText)? WrittenMethods(SigilType type)
    {
        if (type is not NamedType || map.Types.Core.FindTrait("Serializable") is not { } trait) return null;
        if (map.Types.FindImpl(type, new TraitReference(trait)) is not { Impl.IsDerived: false }) return null;
        return Method("to_json") is { } to && Method("from_json") is { } from ? (to, from) : null;

        Instance? Method(string name) =>
            trait.FindMethod(name) is { } symbol && Graph.Resolver.Resolve(symbol, [type]) is { IsStructural: false } target && !target.Function.IsIntrinsic
                ? Graph.Request(target, false, null, default) : null;
    }

    // Ends of channels between processes have their codecs beside them, named after them.
    private static Type CodecOfRuntimeType(Type clr, SigilType type)
    {
        var definition = clr.IsConstructedGenericType ? clr.GetGenericTypeDefinition() : clr;
        var name = definition.FullName!;
        var tick = name.IndexOf('`');
        var codec = tick < 0 ? name + "Codec" : name[..tick] + "Codec" + name[tick..];
        return definition.Assembly.GetType(codec) ?? throw new InternalEmitException($"the type {type} is not Serializable");
    }

    private void Compose(Entry entry, Type definition)
    {
        entry.Class = definition;
        if (definition.IsGenericTypeDefinition)
        {
            entry.Parts = [.. entry.Shape.Parts.Select(p => EntryOf(p.Type))];
            entry.Class = map.Construct(definition, [.. entry.Shape.Parts.Select(p => p.Clr)]);
        }
        composed.Add(entry);
    }

    private void Emit(Entry entry, ImmutableArray<SigilType> parts)
    {
        entry.Emitted = new CodecClass(this, entry.Shape);
        emitted.Add(entry);
        foreach (var part in parts) EntryOf(part);
    }

    // Newtypes that are held as their content and aliases have no codec of their own.
    private SigilType Settled(SigilType type)
    {
        type = type.Resolve();
        while (true)
        {
            if (type is BorrowType borrow) type = borrow.Target.Resolve();
            else if (type is NamedType { Definition.Kind: TypeKind.Alias } || map.IsTransparent(type)) type = map.Types.Normalize(map.Types.FieldTypes(type)[0]).Resolve();
            else return type;
        }
    }

    /// <summary>Writes the classes; nothing asks for codecs after that.</summary>
    public void Complete()
    {
        if (holder is null) return;
        foreach (var entry in emitted) entry.Emitted!.Complete();
        var il = holder.DefineTypeInitializer().GetILGenerator();
        foreach (var entry in emitted)
        {
            il.Emit(OpCodes.Newobj, entry.Emitted!.Constructor);
            il.Emit(OpCodes.Stsfld, entry.Field);
        }
        foreach (var entry in composed)
        {
            foreach (var part in entry.Parts) il.Emit(OpCodes.Ldsfld, part.Field);
            if (entry.Variants is { } variants) il.Emit(OpCodes.Ldc_I4, variants);
            il.Emit(OpCodes.Newobj, Members.Constructor(entry.Class!, entry.Variants is null ? entry.Parts.Length : 1));
            il.Emit(OpCodes.Stsfld, entry.Field);
        }
        il.Emit(OpCodes.Ret);
    }
}
