using System.Linq.Expressions;
using System.Reflection;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Interop;

/// <summary>
/// Conversions between the types of a program and the C# types that were generated from them. Both have one shape: they are
/// matched part by part, once, when the program starts; then a conversion is a delegate.
/// </summary>
internal sealed class ForeignConversions
{
    private sealed record Member(FieldInfo Field, string Property);
    private sealed record StructShape(string Name, Member[] Members);
    private sealed record VariantShape(string Name, int Tag, Type Type, Member[] Members);

    /// <summary>A conversion that recursive types may mention before it is there.</summary>
    internal sealed class Conversion<TFrom, TTo>
    {
        public Func<TFrom, TTo> Function = null!;
    }

    private readonly Dictionary<Type, StructShape> structs = [];
    private readonly Dictionary<Type, List<VariantShape>> sums = [];
    private readonly Dictionary<(Type From, Type To), object> known = [];

    public void AddStruct(Type type, string name, string members) => structs[type] = new StructShape(name, MembersOf(type, members));

    public void AddVariant(Type sum, string name, int tag, Type variant, string members)
    {
        if (!sums.TryGetValue(sum, out var variants)) sums[sum] = variants = [];
        variants.Add(new VariantShape(name, tag, variant, MembersOf(variant, members)));
    }

    private static Member[] MembersOf(Type type, string members) =>
    [
        .. members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(m => m.Split(':')).Select(m => new Member(type.GetField(m[0])!, m[1])),
    ];

    /// <summary>The value as the other type.</summary>
    /// <exception cref="ForeignMismatchException">The types have not one shape.</exception>
    public Expression Convert(Expression value, Type to) =>
        value.Type == to ? value : Expression.Invoke(Expression.Field(Expression.Constant(Between(value.Type, to)), "Function"), value);

    /// <summary>The conversion between two types: a <see cref="Conversion{TFrom, TTo}"/>.</summary>
    public object Between(Type from, Type to)
    {
        if (known.TryGetValue((from, to), out var found)) return found;
        var type = typeof(Conversion<,>).MakeGenericType(from, to);
        var made = known[(from, to)] = Activator.CreateInstance(type)!;
        var function = type.GetField("Function")!;
        function.SetValue(made, Build(from, to, function.FieldType));
        return made;
    }

    private Delegate Build(Type from, Type to, Type function)
    {
        var value = Expression.Parameter(from, "value");
        Delegate Compiled(Expression body) => Expression.Lambda(function, body, value).Compile();
        if (from == to) return Compiled(value);
        if (from.IsGenericType && to.IsGenericType && from.GetGenericTypeDefinition() == to.GetGenericTypeDefinition())
        {
            var a = from.GetGenericArguments();
            var b = to.GetGenericArguments();
            var definition = from.GetGenericTypeDefinition();
            if (definition == typeof(SigilList<>)) return Generic(nameof(List), a, b, function);
            if (definition == typeof(SigilSet<>)) return Generic(nameof(Set), a, b, function);
            if (definition == typeof(Option<>)) return Generic(nameof(Optional), a, b, function);
            if (definition == typeof(SigilMap<,>)) return Generic(nameof(Map), a, b, function);
            if (definition == typeof(Result<,>)) return Generic(nameof(Outcome), a, b, function);
            if (from.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) && a.Length < 8)
                return Compiled(Expression.New(to.GetConstructor(b)!, a.Select((_, i) => Convert(Expression.Field(value, "Item" + (i + 1)), b[i]))));
        }
        if (structs.TryGetValue(from, out var given)) return Compiled(ToRecord(value, given.Members, RecordOf(to, given.Name)));
        if (structs.TryGetValue(to, out var wanted)) return Compiled(FromRecord(value, to, wanted.Members, RecordOf(from, wanted.Name)));
        if (sums.TryGetValue(from, out var variants)) return Compiled(ToVariant(value, variants, to));
        if (sums.TryGetValue(to, out variants)) return Compiled(FromVariant(value, variants, to));
        if (from == typeof(int) && to.IsEnum && Enum.GetUnderlyingType(to) == typeof(int)) return Compiled(Expression.Convert(value, to));
        if (from.IsEnum && to == typeof(int)) return Compiled(Expression.Call(typeof(ForeignConversions), nameof(TagOf), [from], value));
        throw new ForeignMismatchException($"{from.Name} is no {to.Name}");
    }

    // ---------- structs and sums ----------

    private static Type RecordOf(Type type, string name) => type.Name == name ? type : throw new ForeignMismatchException($"{type.Name} stands where {name} is needed");

    private NewExpression ToRecord(Expression value, Member[] members, Type record)
    {
        var constructor = record.GetConstructors().FirstOrDefault(c => c.GetParameters().Select(p => p.Name).SequenceEqual(members.Select(m => m.Property)))
            ?? throw new ForeignMismatchException($"{record.Name} has no constructor ({string.Join(", ", members.Select(m => m.Property))}): generate it anew");
        return Expression.New(constructor, constructor.GetParameters().Select((p, i) => Convert(Expression.Field(value, members[i].Field), p.ParameterType)));
    }

    private IEnumerable<Expression> Parts(Expression value, Member[] members, Type record)
    {
        foreach (var member in members)
        {
            var property = record.GetProperty(member.Property) ?? throw new ForeignMismatchException($"{record.Name} has no {member.Property}: generate it anew");
            Expression part = Expression.Property(value, property);
            if (!property.PropertyType.IsValueType)
                part = Expression.Call(typeof(ForeignConversions), nameof(Present), [property.PropertyType], part, Expression.Constant($"{record.Name}.{property.Name}"));
            yield return Convert(part, member.Field.FieldType);
        }
    }

    private BlockExpression FromRecord(Expression value, Type type, Member[] members, Type record)
    {
        var made = Expression.Variable(type, "made");
        var created = type.IsValueType ? (Expression)Expression.Default(type)
            : Expression.Convert(Expression.Call(typeof(System.Runtime.CompilerServices.RuntimeHelpers), nameof(System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject), [], Expression.Constant(type)), type);
        return Expression.Block([made],
        [
            Expression.Assign(made, created),
            .. Parts(value, members, record).Select((p, i) => Expression.Assign(Expression.Field(made, members[i].Field), p)),
            made,
        ]);
    }

    private static Type NestedOf(Type sum, string variant) =>
        sum.GetNestedType(variant) is { } found && found.IsSubclassOf(sum) ? found : throw new ForeignMismatchException($"{sum.Name} has no variant {variant}: generate it anew");

    private SwitchExpression ToVariant(Expression value, List<VariantShape> variants, Type sum) => Expression.Switch(
        Expression.Field(value, "Tag"),
        Expression.Throw(Expression.New(typeof(InvalidOperationException)), sum),
        [.. variants.Select(v => Expression.SwitchCase(Expression.Convert(ToRecord(Expression.Convert(value, v.Type), v.Members, NestedOf(sum, v.Name)), sum), Expression.Constant(v.Tag)))]);

    private Expression FromVariant(Expression value, List<VariantShape> variants, Type sum)
    {
        Expression otherwise = Expression.Throw(Expression.Call(typeof(ForeignConversions), nameof(NoVariant), [], Expression.Convert(value, typeof(object)), Expression.Constant(value.Type.Name)), sum);
        foreach (var variant in variants)
        {
            var record = NestedOf(value.Type, variant.Name);
            Expression made = variant.Members.Length == 0 && variant.Type.GetField("Instance") is { } single
                ? Expression.Field(null, single)
                : Expression.New(variant.Type.GetConstructor([.. variant.Members.Select(m => m.Field.FieldType)])!, Parts(Expression.Convert(value, record), variant.Members, record));
            otherwise = Expression.Condition(Expression.TypeIs(value, record), Expression.Convert(made, sum), otherwise, sum);
        }
        return otherwise;
    }

    private static Exception NoVariant(object? value, string sum) => new InvalidOperationException(value is null ? $"{sum} is null" : $"{value.GetType().Name} is no variant of {sum}");

    private static int TagOf<T>(T value) where T : struct, Enum =>
        Enum.IsDefined(value) ? System.Runtime.CompilerServices.Unsafe.As<T, int>(ref value) : throw new InvalidOperationException($"{typeof(T).Name} has no {value}");

    private static T Present<T>(T? value, string what) where T : class => value switch
    {
        null => throw new InvalidOperationException($"{what} is null"),
        string text => (T)(object)TextIndex.WellFormed(text),
        _ => value,
    };

    // ---------- containers ----------

    private Delegate Generic(string name, Type[] from, Type[] to, Type function)
    {
        var conversions = from.Select((f, i) => Between(f, to[i])).ToArray();
        Type[] arguments = [.. from.Zip(to).SelectMany(p => new[] { p.First, p.Second })];
        var method = typeof(ForeignConversions).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(arguments);
        var value = Expression.Parameter(function.GetMethod("Invoke")!.GetParameters()[0].ParameterType, "value");
        return Expression.Lambda(function, Expression.Call(method, [value, .. conversions.Select(Expression.Constant)]), value).Compile();
    }

    private static SigilList<T> List<F, T>(SigilList<F> list, Conversion<F, T> item)
    {
        var items = new T[list.Count];
        for (var i = 0; i < items.Length; i++) items[i] = item.Function(list.ItemAt(i));
        return SigilList<T>.Of(items);
    }

    private static SigilSet<T> Set<F, T>(SigilSet<F> set, Conversion<F, T> item)
    {
        var made = SigilSet<T>.WithCapacity(set.Length);
        foreach (var value in set.ToList().Span) made.Add(item.Function(value));
        return made;
    }

    private static SigilMap<K2, V2> Map<K1, K2, V1, V2>(SigilMap<K1, V1> map, Conversion<K1, K2> key, Conversion<V1, V2> value)
    {
        var made = SigilMap<K2, V2>.WithCapacity(map.Length);
        foreach (var (k, v) in map.Pairs().Span) made.Put(key.Function(k), value.Function(v));
        return made;
    }

    private static Option<T> Optional<F, T>(Option<F> option, Conversion<F, T> item) => option.HasValue ? Option<T>.Some(item.Function(option.Value)) : Option<T>.None;

    private static Result<T2, E2> Outcome<T1, T2, E1, E2>(Result<T1, E1> result, Conversion<T1, T2> value, Conversion<E1, E2> error) =>
        result.IsOk ? Result<T2, E2>.Ok(value.Function(result.OkValue)) : Result<T2, E2>.Err(error.Function(result.ErrValue));

    // ---------- methods ----------

    /// <summary>A method with C# types as a delegate with the program's.</summary>
    /// <exception cref="ForeignMismatchException">The types have not one shape.</exception>
    public TDelegate Delegate<TDelegate>(object target, MethodInfo method) where TDelegate : Delegate
    {
        var invoke = typeof(TDelegate).GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType, p.Name)).ToArray();
        try
        {
            var call = Expression.Call(Expression.Constant(target), method, method.GetParameters().Select((p, i) => Convert(parameters[i], p.ParameterType)));
            return Expression.Lambda<TDelegate>(Returning(call, invoke.ReturnType), parameters).Compile();
        }
        catch (ForeignMismatchException)
        {
            // Some of them may mention the one that could not be made.
            known.Clear();
            throw;
        }
    }

    private Expression Returning(Expression call, Type wanted)
    {
        var given = call.Type;
        if (given == wanted) return call;
        if (given == typeof(void) && wanted == typeof(Unit)) return Expression.Block(call, Expression.Default(typeof(Unit)));
        if (given == typeof(ValueTask) && wanted == typeof(ValueTask<Unit>)) return Expression.Call(typeof(ForeignConversions), nameof(Ended), [], call);
        if (IsTask(given) && IsTask(wanted))
        {
            var (from, to) = (given.GetGenericArguments()[0], wanted.GetGenericArguments()[0]);
            return Expression.Call(typeof(ForeignConversions), nameof(Then), [from, to], call, Expression.Constant(Between(from, to)));
        }
        return IsTask(given) || IsTask(wanted) || given == typeof(void) || given == typeof(ValueTask) ? throw new ForeignMismatchException($"it returns {given.Name}") : Convert(call, wanted);
    }

    private static bool IsTask(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);

    private static async ValueTask<T> Then<F, T>(ValueTask<F> task, Conversion<F, T> conversion) => conversion.Function(await task.ConfigureAwait(false));

    private static async ValueTask<Unit> Ended(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return default;
    }
}

/// <summary>A C# type is not what was generated from the program's.</summary>
internal sealed class ForeignMismatchException(string message) : Exception(message);
