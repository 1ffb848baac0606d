using System.Reflection;
using System.Reflection.Emit;
using Sigil.Runtime.Panics;

namespace Sigil.Emit.Functions;

/// <summary>
/// The panics of operators and element accesses: their cold paths pass a number in place of the site's text. A text would be fetched by
/// a call, and what lives across that call could not stay in a register in the loop around it.
/// </summary>
internal sealed class PanicSites(TypeBuilder code)
{
    private readonly Dictionary<string, int> numbers = [];
    private readonly Dictionary<string, MethodBuilder> overflows = [];
    private MethodBuilder? texts, index;

    /// <summary>The number of a site.</summary>
    public int Of(string site)
    {
        if (numbers.TryGetValue(site, out var known)) return known;
        return numbers[site] = numbers.Count;
    }

    /// <summary>Takes the operands and the site of an operator whose result is no int; never returns.</summary>
    public MethodInfo Overflow(string op)
    {
        if (overflows.TryGetValue(op, out var found)) return found;
        var method = code.DefineMethod($"overflow {op}", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(long), typeof(long), typeof(int)]);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldstr, op);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        End(il, typeof(Panic).GetMethod(nameof(Panic.Overflow), [typeof(long), typeof(string), typeof(long), typeof(string)])!);
        return overflows[op] = method;
    }

    /// <summary>Takes an index, the length it does not fit and the site; never returns.</summary>
    public MethodInfo IndexOutOfRange()
    {
        if (index is not null) return index;
        index = code.DefineMethod("index out of range", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(long), typeof(long), typeof(int)]);
        var il = index.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        End(il, typeof(Panic).GetMethod(nameof(Panic.IndexOutOfRange))!);
        return index;
    }

    // No way out but the exception: the JIT sees that callers need nothing afterwards.
    private void End(ILGenerator il, MethodInfo panic)
    {
        il.Emit(OpCodes.Call, Texts);
        il.Emit(OpCodes.Call, panic);
        il.Emit(OpCodes.Ldnull);
        il.Emit(OpCodes.Throw);
    }

    private MethodBuilder Texts => texts ??= code.DefineMethod("site", MethodAttributes.Public | MethodAttributes.Static, typeof(string), [typeof(int)]);

    /// <summary>Writes the table of texts, when all code has been emitted.</summary>
    public void Complete()
    {
        if (texts is null) return;
        var il = texts.GetILGenerator();
        var labels = numbers.Select(_ => il.DefineLabel()).ToArray();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Switch, labels);
        il.Emit(OpCodes.Ldstr, "");
        il.Emit(OpCodes.Ret);
        foreach (var (site, number) in numbers)
        {
            il.MarkLabel(labels[number]);
            il.Emit(OpCodes.Ldstr, site);
            il.Emit(OpCodes.Ret);
        }
    }
}
