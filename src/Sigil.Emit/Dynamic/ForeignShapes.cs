using System.Reflection.Emit;
using Sigil.Emit.Types;
using Sigil.Runtime.Interop;
using Sigil.Semantics;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Dynamic;

/// <summary>Emits what tells the runtime of the program's own types in a capability's signatures: it converts them to the C# types of the same shape.</summary>
internal sealed class ForeignShapes(TypeMap map, ITypeSystem types, ILGenerator il, LocalBuilder provider)
{
    private readonly HashSet<SigilType> seen = [];

    public void Describe(SigilType type)
    {
        type = types.Normalize(type.Resolve()).Resolve();
        if (!seen.Add(type)) return;
        switch (type)
        {
            case TupleType tuple:
                foreach (var element in tuple.Elements) Describe(element);
                break;
            case NamedType named:
                foreach (var argument in named.Arguments) Describe(argument);
                DescribeDeclared(named);
                break;
        }
    }

    private void DescribeDeclared(NamedType type)
    {
        var shape = map.Of(type);
        if (map.IsTransparent(type) && type.Definition.Kind == Semantics.Symbols.TypeKind.Newtype)
        {
            Describe(types.FieldTypes(type)[0]);
            return;
        }
        if (shape.Product is { } product)
        {
            var fields = map.FieldsOf(shape);
            var name = type.Definition.Name;
            Start(product.Type, name);
            il.Emit(OpCodes.Ldstr, string.Join(' ', fields.Select((f, i) => $"{f.Name}:{CSharpNames.Property(product.Names[i], i, fields.Length, name)}")));
            Call(nameof(ForeignProvider.Struct));
            foreach (var field in product.FieldTypes) Describe(field);
        }
        else if (shape.Sum is { } sum)
        {
            var variants = map.VariantsOf(shape);
            for (var i = 0; i < variants.Length; i++)
            {
                var symbol = sum.Symbol.Variants[i];
                var variant = variants[symbol.Index];
                var name = CSharpNames.Variant(symbol.Name, type.Definition.Name);
                Start(sum.Base, name);
                il.Emit(OpCodes.Ldc_I4, symbol.Index);
                il.Emit(OpCodes.Ldtoken, variant.Type);
                il.Emit(OpCodes.Ldstr, string.Join(' ', variant.Fields.Select((f, k) => $"{f.Name}:{CSharpNames.Property(symbol.Fields[k].Name, k, variant.Fields.Length, name)}")));
                Call(nameof(ForeignProvider.Variant));
            }
            foreach (var part in sum.Symbol.Variants.SelectMany(v => types.PayloadTypes(type, v))) Describe(part);
        }
    }

    private void Start(TypeBuilder type, string name)
    {
        il.Emit(OpCodes.Ldloc, provider);
        il.Emit(OpCodes.Ldtoken, type);
        il.Emit(OpCodes.Ldstr, name);
    }

    private void Call(string method) => il.Emit(OpCodes.Call, typeof(ForeignProvider).GetMethod(method)!);
}
