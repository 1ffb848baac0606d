using System.Reflection;
using System.Reflection.Emit;

namespace Sigil.Emit.Types;

/// <summary>Tuples as <see cref="ValueTuple"/>s; the eighth argument nests the rest.</summary>
internal static class TupleShape
{
    private static readonly Type[] Definitions =
    [
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(ValueTuple<,,,,,>), typeof(ValueTuple<,,,,,,>), typeof(ValueTuple<,,,,,,,>),
    ];

    public static Type ClrOf(TypeMap map, ReadOnlySpan<Type> parts)
    {
        if (parts.Length <= 7) return map.Construct(Definitions[parts.Length - 1], parts.ToArray());
        return map.Construct(Definitions[7], [.. parts[..7], ClrOf(map, parts[7..])]);
    }

    /// <summary>The fields to go through for one component.</summary>
    public static IEnumerable<FieldInfo> PathTo(TypeMap map, Type tuple, int index)
    {
        for (; index >= 7; index -= 7)
        {
            yield return Members.Field(tuple, "Rest");
            tuple = tuple.GetGenericArguments()[7];
        }
        yield return Members.Field(tuple, "Item" + (index + 1));
    }

    /// <summary>Makes the tuple from the components on the stack: constructors from the innermost outwards.</summary>
    public static void EmitNew(ILGenerator il, Type tuple)
    {
        var arguments = tuple.GetGenericArguments();
        if (arguments.Length == 8) EmitNew(il, arguments[7]);
        il.Emit(OpCodes.Newobj, Members.Constructor(tuple, arguments.Length));
    }
}
