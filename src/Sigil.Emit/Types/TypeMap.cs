using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Dynamic;
using Sigil.Runtime.Values;
using Sigil.Semantics;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>Concrete Sigil types to .NET types. Emitted types are declared on first use and completed by <see cref="TypeCompletion"/>.</summary>
internal sealed class TypeMap(ModuleBuilder module, ITypeSystem types)
{
    private const int LargestValueType = 128;

    private readonly Dictionary<SigilType, Representation> known = [];
    private readonly Dictionary<string, int> names = [];
    private readonly HashSet<SigilType> recursiveNewtypes = [];
    private readonly HashSet<SigilType> openNewtypes = [];
    private TypeSymbol? option, result;

    public ModuleBuilder Module => module;
    public ITypeSystem Types => types;
    /// <summary>Set once by the emitter: trait objects need instances of their methods' signatures.</summary>
    public InterfaceTypes Interfaces { get; set; } = null!;
    public List<Representation> Products { get; } = [];
    public List<Representation> Sums { get; } = [];
    public List<TypeBuilder> Emitted { get; } = [];
    /// <summary>Keys of maps and elements of sets: the runtime compares them.</summary>
    public List<SigilType> KeyTypes { get; } = [];

    /// <summary>The .NET type of values.</summary>
    public Type Clr(SigilType type) => Of(type).Clr;

    /// <summary>The .NET type of a function's result.</summary>
    public Type ClrResult(SigilType type) => IsVoid(type) ? typeof(void) : Clr(type);

    public bool IsVoid(SigilType type) => Of(type).Kind is RepresentationKind.Void or RepresentationKind.Never;

    public Representation Of(SigilType type)
    {
        type = type.Resolve();
        if (known.TryGetValue(type, out var found)) return found;
        var made = Make(type);
        // Making a type's parts may have made the type itself.
        return known.TryGetValue(type, out found) ? found : known[type] = made;
    }

    /// <summary>An emitted type's name, made unique.</summary>
    public string UniqueName(string wanted)
    {
        wanted = wanted.Replace('.', '/').Replace('+', '-').Replace('[', '⟦').Replace(']', '⟧').Replace(',', ';').Replace('&', '＆').Replace('*', '∗');
        if (wanted.Length > 200) wanted = wanted[..200];
        var count = names.GetValueOrDefault(wanted);
        names[wanted] = count + 1;
        return count == 0 ? wanted : $"{wanted}~{count}";
    }

    public TypeBuilder Define(string name, TypeAttributes attributes, Type? parent)
    {
        var type = module.DefineType("Sigil.Program." + UniqueName(name), attributes | TypeAttributes.Public, parent);
        Emitted.Add(type);
        return type;
    }

    /// <summary>A constructed type, the same object every time: reflection does not unify constructions over emitted types.</summary>
    public Type Construct(Type definition, Type[] arguments)
    {
        var key = new ConstructionKey(definition, arguments);
        return constructions.TryGetValue(key, out var found) ? found : constructions[key] = Members.Construct(definition, arguments);
    }

    private readonly Dictionary<ConstructionKey, Type> constructions = [];

    private readonly struct ConstructionKey(Type definition, Type[] arguments) : IEquatable<ConstructionKey>
    {
        private readonly Type definition = definition;
        private readonly Type[] arguments = arguments;
        public bool Equals(ConstructionKey other) => definition == other.definition && arguments.AsSpan().SequenceEqual(other.arguments);
        public override bool Equals(object? obj) => obj is ConstructionKey other && Equals(other);
        public override int GetHashCode()
        {
            var hash = definition.GetHashCode();
            foreach (var argument in arguments) hash = HashCode.Combine(hash, argument);
            return hash;
        }
    }

    private Representation Make(SigilType type)
    {
        switch (type)
        {
            case NamedType named: return MakeNamed(named);
            case TupleType tuple:
                {
                    var parts = tuple.Elements.Select(Of).ToImmutableArray();
                    return new() { Type = type, Kind = RepresentationKind.Tuple, Clr = TupleShape.ClrOf(this, [.. parts.Select(p => p.Clr)]), Parts = parts };
                }
            case RecordType record: return DeclareProduct(record, record.ToString(), [.. record.Fields.Select(f => f.Type)], [.. record.Fields.Select(f => f.Name)]);
            case FunctionType function: return new() { Type = type, Kind = RepresentationKind.Function, Clr = FunctionShape(function) };
            case DynType dyn: return new() { Type = type, Kind = RepresentationKind.Interface, Clr = Interfaces.ClrOf(dyn) };
            case CapabilityType capability:
                {
                    var target = Of(capability.Target);
                    var owns = capability.Modifier == CapabilityModifier.Iso && types.KindOf(capability.Target) == ValueKind.Unique;
                    return new() { Type = type, Kind = RepresentationKind.Box, Clr = Construct(owns ? typeof(OwnedBox<>) : typeof(Box<>), [target.Clr]), Parts = [target] };
                }
            case BorrowType borrow: return Of(borrow.Target);
            default:
                throw new InternalEmitException($"the type {type} ({type.GetType().Name}) is not concrete");
        }
    }

    private Representation MakeNamed(NamedType type)
    {
        var symbol = type.Definition;
        Representation Simple(RepresentationKind kind, Type clr) => new() { Type = type, Kind = kind, Clr = clr };
        Representation Generic(RepresentationKind kind, Type definition)
        {
            var parts = type.Arguments.Select(Of).ToImmutableArray();
            return new() { Type = type, Kind = kind, Clr = Construct(definition, [.. parts.Select(p => p.Clr)]), Parts = parts };
        }

        switch (symbol.Kind)
        {
            case TypeKind.Int or TypeKind.Duration or TypeKind.Size: return Simple(RepresentationKind.Int, typeof(long));
            case TypeKind.Float: return Simple(RepresentationKind.Float, typeof(double));
            case TypeKind.Bool: return Simple(RepresentationKind.Bool, typeof(bool));
            case TypeKind.Byte: return Simple(RepresentationKind.Byte, typeof(byte));
            case TypeKind.Char: return Simple(RepresentationKind.Char, typeof(int));
            case TypeKind.Str: return Simple(RepresentationKind.Str, typeof(string));
            case TypeKind.Void: return Simple(RepresentationKind.Void, typeof(Unit));
            case TypeKind.Never: return Simple(RepresentationKind.Never, typeof(Unit));
            case TypeKind.List: return Generic(RepresentationKind.List, typeof(SigilList<>));
            case TypeKind.Map:
                KeyTypes.Add(type.Arguments[0]);
                return Generic(RepresentationKind.Map, typeof(SigilMap<,>));
            case TypeKind.Set:
                KeyTypes.Add(type.Arguments[0]);
                return Generic(RepresentationKind.Set, typeof(SigilSet<>));
            case TypeKind.Range: return Generic(RepresentationKind.Range, typeof(Runtime.Values.Range<>));
            case TypeKind.Struct: return DeclareProduct(type, type.ToString(), types.FieldTypes(type), [.. symbol.Fields.Select(f => f.Name)]);
            case TypeKind.Newtype: return MakeNewtype(type);
            case TypeKind.Alias: return Of(types.Normalize(types.FieldTypes(type)[0]));
            case TypeKind.Opaque when symbol.RuntimeType is { } name:
                return Generic2(type, RuntimeTypes.Find(name, type.Arguments.Length));
            case TypeKind.Opaque: return Simple(RepresentationKind.Interface, Interfaces.ClrOf(type));
            case TypeKind.Sum:
                if (symbol == (option ??= types.Core.FindType("Option"))) return Generic(RepresentationKind.Option, typeof(Option<>));
                if (symbol == (result ??= types.Core.FindType("Result"))) return Generic(RepresentationKind.Result, typeof(Result<,>));
                if (symbol.RuntimeType is { } runtime) return Generic2(type, RuntimeTypes.Find(runtime, type.Arguments.Length));
                if (symbol.Variants.All(v => v.Fields.IsEmpty)) return Simple(RepresentationKind.Tag, typeof(int));
                return DeclareSum(type);
            default: throw new InternalEmitException($"the type {type} has no representation");
        }
    }

    private Representation Generic2(NamedType type, Type definition)
    {
        var parts = type.Arguments.Select(Of).ToImmutableArray();
        var clr = definition.IsGenericTypeDefinition ? Construct(definition, [.. parts.Select(p => p.Clr)]) : definition;
        return new() { Type = type, Kind = RepresentationKind.Runtime, Clr = clr, Parts = parts };
    }

    // A newtype is its content, unless the content leads back to it without an emitted type in between.
    private Representation MakeNewtype(NamedType type)
    {
        var content = types.Normalize(types.FieldTypes(type)[0]);
        if (!openNewtypes.Add(type))
        {
            recursiveNewtypes.Add(type);
            return known[type] = DeclareProduct(type, type.ToString(), [content], ["value"]);
        }
        var inner = Of(content);
        openNewtypes.Remove(type);
        if (recursiveNewtypes.Contains(type)) return known[type];
        return new() { Type = type, Kind = inner.Kind, Clr = inner.Clr, Parts = inner.Parts, Product = inner.Product, Sum = inner.Sum };
    }

    /// <summary>Whether the newtype is held as its content.</summary>
    public bool IsTransparent(SigilType type)
    {
        _ = Of(type);
        return type is NamedType { Definition.Kind: TypeKind.Newtype } && !recursiveNewtypes.Contains(type);
    }

    private Representation DeclareProduct(SigilType type, string name, ImmutableArray<SigilType> fields, ImmutableArray<string> fieldNames)
    {
        fields = [.. fields.Select(types.Normalize)];
        var isObject = IsInlineRecursive(type, fields) || InlineSize(fields, 0) > LargestValueType;
        var attributes = TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit | (isObject ? TypeAttributes.Class : TypeAttributes.SequentialLayout);
        var builder = Define(name, attributes, isObject ? typeof(object) : typeof(ValueType));
        var made = new Representation
        {
            Type = type,
            Kind = isObject ? RepresentationKind.StructObject : RepresentationKind.Struct,
            Clr = builder,
            Product = new EmittedProduct(builder, fields, fieldNames),
        };
        known[type] = made;
        Products.Add(made);
        return made;
    }

    /// <summary>The fields of a product, defined when first asked for.</summary>
    public FieldBuilder[] FieldsOf(Representation product)
    {
        var p = product.Product!;
        if (p.Fields is { } done) return done;
        var fields = new FieldBuilder[p.FieldTypes.Length];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = p.Type.DefineField(p.Names[i], Clr(p.FieldTypes[i]), FieldAttributes.Public);
        return p.Fields = fields;
    }

    private Representation DeclareSum(NamedType type)
    {
        var builder = Define(type.ToString(), TypeAttributes.Abstract | TypeAttributes.BeforeFieldInit, typeof(object));
        var made = new Representation { Type = type, Kind = RepresentationKind.Sum, Clr = builder, Sum = new EmittedSum(builder, type.Definition) };
        made.Sum!.Tag = builder.DefineField("Tag", typeof(int), FieldAttributes.Public | FieldAttributes.InitOnly);
        known[type] = made;
        Sums.Add(made);
        return made;
    }

    /// <summary>The variant classes of a sum, defined when first asked for.</summary>
    public EmittedVariant[] VariantsOf(Representation sum)
    {
        var s = sum.Sum!;
        if (s.Variants is { } done) return done;
        var constructor = s.Base.DefineConstructor(MethodAttributes.Family, CallingConventions.Standard, [typeof(int)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(object).GetConstructor([])!);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, s.Tag);
        il.Emit(OpCodes.Ret);
        s.BaseConstructor = constructor;

        s.Variants = [.. s.Symbol.Variants.Select(v => new EmittedVariant(Define($"{sum.Type}.{v.Name}", TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, s.Base)))];
        foreach (var symbol in s.Symbol.Variants) DefineVariant(sum, symbol, s.Variants[symbol.Index]);
        return s.Variants;
    }

    private void DefineVariant(Representation sum, VariantSymbol symbol, EmittedVariant variant)
    {
        variant.FieldTypes = [.. types.PayloadTypes(sum.Type, symbol).Select(types.Normalize)];
        var clr = variant.FieldTypes.Select(Clr).ToArray();
        variant.Fields = [.. clr.Select((t, i) => variant.Type.DefineField(symbol.Fields[i].Name ?? "item" + i, t, FieldAttributes.Public))];
        var isSingle = clr.Length == 0;
        variant.Constructor = variant.Type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, clr);
        var il = variant.Constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, symbol.Index);
        il.Emit(OpCodes.Call, sum.Sum!.BaseConstructor);
        for (var i = 0; i < clr.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg, (short)(i + 1));
            il.Emit(OpCodes.Stfld, variant.Fields[i]);
        }
        il.Emit(OpCodes.Ret);
        if (!isSingle) return;
        variant.Instance = variant.Type.DefineField("Instance", variant.Type, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly);
        var initializer = variant.Type.DefineTypeInitializer().GetILGenerator();
        initializer.Emit(OpCodes.Newobj, variant.Constructor);
        initializer.Emit(OpCodes.Stsfld, variant.Instance);
        initializer.Emit(OpCodes.Ret);
    }

    /// <summary>The .NET function class: capabilities that the caller supplies come after the parameters.</summary>
    public Type FunctionShape(FunctionType function)
    {
        var arguments = ParametersOf(function).Select(PassedToFunction).Append(Clr(function.Result)).ToArray();
        if (!FunctionClasses.TryGetValue(arguments.Length, out var definition))
            throw new InternalEmitException($"function values of {arguments.Length - 1} parameters are not supported");
        return Construct(definition, arguments);
    }

    /// <summary>How a function value takes a parameter: what is lent for writing in a cell, since the two entries of <c>Fn</c> have the same.</summary>
    public Type PassedToFunction(SigilType parameter) =>
        parameter is BorrowType { IsMutable: true } ? Construct(typeof(Sigil.Runtime.Tasks.Cell<>), [Clr(parameter)]) : Clr(parameter);

    /// <summary>Declared parameters, then capabilities that are values.</summary>
    public ImmutableArray<SigilType> ParametersOf(FunctionType function) =>
        [.. function.Parameters, .. function.Uses.Where(u => !u.Trait.IsMarkerCapability).Select(u => (SigilType)new DynType([u]))];

    private static readonly Dictionary<int, Type> FunctionClasses = new()
    {
        [1] = typeof(Fn<>),
        [2] = typeof(Fn<,>),
        [3] = typeof(Fn<,,>),
        [4] = typeof(Fn<,,,>),
        [5] = typeof(Fn<,,,,>),
        [6] = typeof(Fn<,,,,,>),
        [7] = typeof(Fn<,,,,,,>),
        [8] = typeof(Fn<,,,,,,,>),
        [9] = typeof(Fn<,,,,,,,,>),
        [10] = typeof(Fn<,,,,,,,,,>),
        [11] = typeof(Fn<,,,,,,,,,,>),
        [12] = typeof(Fn<,,,,,,,,,,,>),
        [13] = typeof(Fn<,,,,,,,,,,,,>),
        [14] = typeof(Fn<,,,,,,,,,,,,,>),
        [15] = typeof(Fn<,,,,,,,,,,,,,,>),
        [16] = typeof(Fn<,,,,,,,,,,,,,,,>),
        [17] = typeof(Fn<,,,,,,,,,,,,,,,,>),
    };

    // ---- layout ----

    private bool IsInlineRecursive(SigilType start, ImmutableArray<SigilType> fields)
    {
        var seen = new HashSet<SigilType>();
        var open = new Stack<SigilType>(fields);
        while (open.TryPop(out var type))
        {
            type = type.Resolve();
            if (type.Equals(start)) return true;
            if (!seen.Add(type)) continue;
            foreach (var part in InlineParts(type)) open.Push(types.Normalize(part));
        }
        return false;
    }

    // Parts that lie inside the value itself, not behind a reference.
    private ImmutableArray<SigilType> InlineParts(SigilType type) => type switch
    {
        TupleType t => t.Elements,
        RecordType r => [.. r.Fields.Select(f => f.Type)],
        NamedType { Definition.Kind: TypeKind.Struct or TypeKind.Newtype or TypeKind.Alias } n => types.FieldTypes(n),
        NamedType { Definition.Kind: TypeKind.Range } n => n.Arguments,
        NamedType { Definition.Kind: TypeKind.Sum } n when n.Definition == types.Core.FindType("Option") || n.Definition == types.Core.FindType("Result") => n.Arguments,
        _ => [],
    };

    private int InlineSize(ImmutableArray<SigilType> parts, int depth)
    {
        var size = 0;
        foreach (var part in parts)
        {
            size += InlineSize(types.Normalize(part.Resolve()), depth + 1);
            if (size > 4 * LargestValueType) break;
        }
        return size;
    }

    private int InlineSize(SigilType type, int depth)
    {
        if (depth > 64) return LargestValueType + 1;
        if (known.TryGetValue(type, out var r) && r.Kind == RepresentationKind.StructObject) return 8;
        switch (type)
        {
            case NamedType { Definition.Kind: TypeKind.Bool or TypeKind.Byte or TypeKind.Void or TypeKind.Never }: return 1;
            case NamedType { Definition.Kind: TypeKind.Char }: return 4;
            case RecordType or NamedType { Definition.Kind: TypeKind.Struct }:
                {
                    var parts = InlineParts(type);
                    if (IsInlineRecursive(type, parts)) return 8;
                    var size = InlineSize(parts, depth);
                    return size > LargestValueType ? 8 : size;
                }
            default:
                {
                    var parts = InlineParts(type);
                    if (parts.IsEmpty) return 8;
                    return InlineSize(parts, depth) + (type is TupleType or NamedType { Definition.Kind: TypeKind.Newtype or TypeKind.Alias } ? 0 : 8);
                }
        }
    }
}

/// <summary>A mistake of the compiler, not of the program.</summary>
public sealed class InternalEmitException(string message) : Exception(message);
