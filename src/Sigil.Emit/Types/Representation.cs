using System.Collections.Immutable;
using System.Reflection.Emit;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Types;

/// <summary>How values of a concrete type are held in .NET.</summary>
internal enum RepresentationKind
{
    Int, Float, Bool, Byte, Char, Str, Void, Never,
    List, Map, Set, Range, Option, Result, Tuple,
    /// <summary>An emitted value type.</summary>
    Struct,
    /// <summary>An emitted class for a recursive or large product; never changed in place, always replaced.</summary>
    StructObject,
    /// <summary>A payload-free sum: its tag.</summary>
    Tag,
    /// <summary>Any other sum: an emitted base class with one class per variant.</summary>
    Sum,
    Function,
    /// <summary>A trait object, capability or opaque value of user code: an emitted interface.</summary>
    Interface,
    /// <summary>A class of the runtime library.</summary>
    Runtime,
    /// <summary>iso, val, ref.</summary>
    Box,
    /// <summary>The interpreter variable of a type parameter was not replaced: an internal error.</summary>
    Unknown,
}

/// <summary>A concrete type with its .NET form and what the emitter has to know about its values.</summary>
internal sealed class Representation
{
    public required SigilType Type { get; init; }
    public required RepresentationKind Kind { get; init; }
    public required Type Clr { get; init; }
    /// <summary>Component types: elements, type arguments, tuple parts; fields of products are in <see cref="Product"/>.</summary>
    public ImmutableArray<Representation> Parts { get; init; } = [];
    public EmittedProduct? Product { get; init; }
    public EmittedSum? Sum { get; init; }

    /// <summary>Products and sums that are held as .NET references.</summary>
    public bool IsObject => !Clr.IsValueType;
}

/// <summary>An emitted product: a struct, a record, or a newtype that contains itself.</summary>
internal sealed class EmittedProduct(TypeBuilder type, ImmutableArray<SigilType> fieldTypes, ImmutableArray<string> names)
{
    public TypeBuilder Type { get; } = type;
    public ImmutableArray<SigilType> FieldTypes { get; } = fieldTypes;
    public ImmutableArray<string> Names { get; } = names;
    /// <summary>Defined on first use: field types may mention this very type.</summary>
    public FieldBuilder[]? Fields { get; set; }
    /// <summary>For objects: copies the object behind a slot so that it may be changed, and stores it back.</summary>
    public MethodBuilder? Renew { get; set; }
    public MethodBuilder? MarkShared { get; set; }
}

/// <summary>An emitted sum with payloads.</summary>
internal sealed class EmittedSum(TypeBuilder baseType, TypeSymbol symbol)
{
    public TypeBuilder Base { get; } = baseType;
    public TypeSymbol Symbol { get; } = symbol;
    public FieldBuilder Tag { get; set; } = null!;
    public ConstructorBuilder BaseConstructor { get; set; } = null!;
    public EmittedVariant[]? Variants { get; set; }
}

/// <summary>The class of one variant; a payload-free one has a single instance.</summary>
internal sealed class EmittedVariant(TypeBuilder type)
{
    public TypeBuilder Type { get; } = type;
    public FieldBuilder[] Fields { get; set; } = [];
    public SigilType[] FieldTypes { get; set; } = [];
    public ConstructorBuilder Constructor { get; set; } = null!;
    public FieldBuilder? Instance { get; set; }
}
