using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Codecs;
using Sigil.Emit.Instantiation;
using Sigil.Emit.Types;
using Sigil.Runtime.Channels;
using Sigil.Runtime.Ipc;
using Sigil.Runtime.Serialization;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Timers;
using Sigil.Runtime.Values;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Emit.Intrinsics;

/// <summary>
/// The runtime methods behind the library's bodiless functions. Most are named by <see cref="IntrinsicAttribute"/> on the method
/// itself; operations of channels and tasks, whose classes know nothing of the library, stand in the table here.
/// </summary>
internal sealed class IntrinsicTable(TypeMap map, EqualityMethods equality, CodecTable codecs)
{
    private static readonly Lazy<Dictionary<string, List<MethodInfo>>> Attributed = new(Scan);

    private static readonly Dictionary<string, (Type Owner, string Method)> Known = new()
    {
        ["Producer.send"] = (typeof(Producer<>), "Send"),
        ["Producer.offer_raw"] = (typeof(Producer<>), "Offer"),
        ["Producer.try_send_raw"] = (typeof(Producer<>), "TrySend"),
        ["Producer.send_timeout_raw"] = (typeof(Producer<>), "SendTimeout"),
        ["Producer.close"] = (typeof(Producer<>), "Close"),
        ["Producer.is_closed"] = (typeof(Producer<>), "get_IsClosed"),
        ["Producer.len"] = (typeof(Producer<>), "get_Length"),
        ["Producer.capacity"] = (typeof(Producer<>), "get_Capacity"),
        ["SharedProducer.clone"] = (typeof(SharedProducer<>), "Clone"),
        ["Consumer.receive"] = (typeof(Consumer<>), "Receive"),
        ["Consumer.try_receive_raw"] = (typeof(Consumer<>), "TryReceive"),
        ["Consumer.receive_timeout_raw"] = (typeof(Consumer<>), "ReceiveTimeout"),
        ["Consumer.receive_many"] = (typeof(Consumer<>), "ReceiveMany"),
        ["Consumer.close"] = (typeof(Consumer<>), "Close"),
        ["Consumer.is_closed"] = (typeof(Consumer<>), "get_IsClosed"),
        ["Consumer.len"] = (typeof(Consumer<>), "get_Length"),
        ["Consumer.capacity"] = (typeof(Consumer<>), "get_Capacity"),
        ["SharedConsumer.clone"] = (typeof(SharedConsumer<>), "Clone"),
        ["IpcProducer.send"] = (typeof(IpcProducer<>), "Send"),
        ["IpcProducer.offer_raw"] = (typeof(IpcProducer<>), "Offer"),
        ["IpcProducer.try_send_raw"] = (typeof(IpcProducer<>), "TrySend"),
        ["IpcProducer.send_timeout_raw"] = (typeof(IpcProducer<>), "SendTimeout"),
        ["IpcProducer.close"] = (typeof(IpcProducer<>), "Close"),
        ["IpcProducer.is_closed"] = (typeof(IpcProducer<>), "get_IsClosed"),
        ["IpcProducer.len"] = (typeof(IpcProducer<>), "get_Length"),
        ["IpcProducer.capacity"] = (typeof(IpcProducer<>), "get_Capacity"),
        ["SharedIpcProducer.clone"] = (typeof(SharedIpcProducer<>), "Clone"),
        ["IpcConsumer.receive"] = (typeof(IpcConsumer<>), "Receive"),
        ["IpcConsumer.try_receive_raw"] = (typeof(IpcConsumer<>), "TryReceive"),
        ["IpcConsumer.receive_timeout_raw"] = (typeof(IpcConsumer<>), "ReceiveTimeout"),
        ["IpcConsumer.receive_many"] = (typeof(IpcConsumer<>), "ReceiveMany"),
        ["IpcConsumer.close"] = (typeof(IpcConsumer<>), "Close"),
        ["IpcConsumer.is_closed"] = (typeof(IpcConsumer<>), "get_IsClosed"),
        ["IpcConsumer.len"] = (typeof(IpcConsumer<>), "get_Length"),
        ["IpcConsumer.capacity"] = (typeof(IpcConsumer<>), "get_Capacity"),
        ["SharedIpcConsumer.clone"] = (typeof(SharedIpcConsumer<>), "Clone"),
        ["sleep"] = (typeof(Sleeping), "Sleep"),
        ["yield_now"] = (typeof(Sleeping), "YieldNow"),
    };

    // Functions that are no work at run time.
    private static readonly Dictionary<string, Action<ILGenerator>> Inlined = new()
    {
        ["forget"] = il => il.Emit(OpCodes.Pop),
        ["select_sent"] = il => il.Emit(OpCodes.Pop),
        ["duration_nanos"] = _ => { },
        ["duration_of_nanos"] = _ => { },
        ["size_bytes"] = _ => { },
    };

    private static Dictionary<string, List<MethodInfo>> Scan()
    {
        var found = new Dictionary<string, List<MethodInfo>>();
        void Add(IEnumerable<IntrinsicAttribute> names, MethodInfo method)
        {
            foreach (var name in names)
            {
                if (!found.TryGetValue(name.Key, out var methods)) found[name.Key] = methods = [];
                methods.Add(method);
            }
        }
        const BindingFlags flags = BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        foreach (var type in typeof(IntrinsicAttribute).Assembly.GetTypes())
        {
            if (!type.IsPublic) continue;
            foreach (var method in type.GetMethods(flags))
                if (method.IsDefined(typeof(IntrinsicAttribute), false)) Add(method.GetCustomAttributes<IntrinsicAttribute>(false), method);
            foreach (var property in type.GetProperties(flags))
                if (property.IsDefined(typeof(IntrinsicAttribute), false)) Add(property.GetCustomAttributes<IntrinsicAttribute>(false), property.GetMethod!);
        }
        return found;
    }

    /// <summary>Whether the runtime implements the key; for the library's tests.</summary>
    public static bool IsImplemented(string key) => Known.ContainsKey(key) || Inlined.ContainsKey(key) || Attributed.Value.ContainsKey(key);

    public IntrinsicCall Bind(FunctionSymbol function, ImmutableArray<SigilType> arguments, bool maySuspend)
    {
        var key = function.Intrinsic ?? function.Name;
        // The prelude is no name that anybody writes, nor are the containers' own.
        if (key.StartsWith("prelude.", StringComparison.Ordinal)) key = key["prelude.".Length..];
        foreach (var container in new[] { "List.", "Map.", "Set.", "Range." })
            if (key.StartsWith(container, StringComparison.Ordinal)) key = char.ToLowerInvariant(key[0]) + key[1..];
        WantEquality(function, arguments);
        var clrArguments = arguments.Select(map.Clr).ToArray();
        var substitution = new Substitution(function.AllTypeParameters, arguments);
        var passed = Passed(function, substitution).ToArray();
        if (Inlined.TryGetValue(key, out var inline))
            return new() { Key = key, Method = typeof(object).GetMethod(nameof(ToString))!, ReturnType = typeof(void), Inline = inline, ReadsOnly = true };

        IntrinsicCall? fallback = null;
        foreach (var candidate in Candidates(key))
        {
            if (TryBind(key, candidate, arguments, clrArguments, passed) is not { } bound) continue;
            if (bound.Suspends == maySuspend) return bound;
            fallback ??= bound;
        }
        if (fallback is { Suspends: true } && !maySuspend) throw new InternalEmitException($"the intrinsic '{key}' suspends and is called from plain code");
        return fallback ?? throw new InternalEmitException($"the runtime does not implement the intrinsic '{key}' ({function.Name} for {string.Join(", ", passed.Select(p => p.Name))})");
    }

    private static IEnumerable<MethodInfo> Candidates(string key)
    {
        if (Known.TryGetValue(key, out var named)) return named.Owner.GetMethods().Where(m => m.Name == named.Method);
        return Attributed.Value.GetValueOrDefault(key) ?? [];
    }

    // Receiver, declared parameters, capabilities: as a call passes them.
    private IEnumerable<Type> Passed(FunctionSymbol function, Substitution substitution)
    {
        SigilType Concrete(SigilType type) => map.Types.Normalize(substitution.Apply(type));
        if (function.SelfType is { } self) yield return map.Clr(InstanceGraph.Strip(Concrete(self)));
        foreach (var parameter in function.Parameters)
        {
            var type = Concrete(parameter.Type);
            yield return type is BorrowType { IsMutable: true } ? map.Clr(type).MakeByRefType() : map.Clr(type);
        }
        foreach (var use in function.Uses)
            if (!use.Trait.IsMarkerCapability) yield return map.Clr(new DynType([substitution.Apply(use)]));
    }

    private IntrinsicCall? TryBind(string key, MethodInfo definition, ImmutableArray<SigilType> typeArguments, Type[] arguments, Type[] passed)
    {
        var owner = definition.DeclaringType!;
        var ownerArity = owner.IsGenericTypeDefinition ? owner.GetGenericArguments().Length : 0;
        var methodArity = definition.IsGenericMethodDefinition ? definition.GetGenericArguments().Length : 0;
        if (ownerArity + methodArity > arguments.Length) return null;
        var ownerType = ownerArity > 0 ? map.Construct(owner, arguments[..ownerArity]) : owner;
        var methodArguments = arguments[ownerArity..(ownerArity + methodArity)];
        var parameters = definition.GetParameters();
        var types = parameters.Select(p => Members.Substitute(p.ParameterType, ownerType, methodArguments)).ToList();

        var suspends = definition.ReturnType == typeof(Status);
        var takesTask = types.Count > 0 && types[0] == typeof(SigilTask);
        var takesSite = parameters.Length > 0 && parameters[^1] is { Name: "site" } last && last.ParameterType == typeof(string);
        Type? output = null;
        if (takesSite) types.RemoveAt(types.Count - 1);
        if (suspends && types.Count > 0 && types[^1].IsByRef && parameters.Any(p => p.IsOut))
        {
            output = Canonical(types[^1].GetElementType()!);
            types.RemoveAt(types.Count - 1);
        }
        var coded = new List<SigilType>();
        while (types.Count > 0 && parameters[types.Count - 1].ParameterType is var codec && codec.IsConstructedGenericType && codec.GetGenericTypeDefinition() == typeof(Codec<>))
        {
            var parameter = codec.GetGenericArguments()[0];
            coded.Insert(0, typeArguments[parameter.GenericParameterPosition + (parameter.IsGenericMethodParameter ? ownerArity : 0)]);
            types.RemoveAt(types.Count - 1);
        }
        if (takesTask) types.RemoveAt(0);
        var wanted = definition.IsStatic ? passed : passed.Skip(1).ToArray();
        if (!definition.IsStatic && passed.Length == 0) return null;
        if (types.Count != wanted.Length) return null;
        for (var i = 0; i < wanted.Length; i++)
            if (!Fits(wanted[i], types[i])) return null;

        foreach (var type in coded) codecs.Want(type);
        var method = Members.On(ownerType, definition);
        if (methodArity > 0) method = Members.Construct(method, methodArguments);
        return new IntrinsicCall
        {
            Key = key,
            Method = method,
            Receiver = definition.IsStatic ? null : ownerType,
            Parameters = [.. types],
            ReturnType = Canonical(Members.Substitute(definition.ReturnType, ownerType, methodArguments)),
            Suspends = suspends,
            TakesTask = takesTask,
            TakesSite = takesSite,
            Codecs = [.. coded],
            Output = output,
            ReadsOnly = definition.IsDefined(typeof(ReadsOnlyAttribute), false) || Property(definition)?.IsDefined(typeof(ReadsOnlyAttribute), false) == true
                || !wanted.Concat(passed.Take(1)).Any(MayBeUpdated),
        };
    }

    private static PropertyInfo? Property(MethodInfo accessor) =>
        accessor.IsSpecialName && accessor.Name.StartsWith("get_", StringComparison.Ordinal) ? accessor.DeclaringType!.GetProperty(accessor.Name[4..]) : null;

    private static bool MayBeUpdated(Type type) => !type.IsPrimitive && type != typeof(string);

    private Type Canonical(Type type) =>
        type.IsConstructedGenericType ? map.Construct(type.GetGenericTypeDefinition(), [.. type.GetGenericArguments().Select(Canonical)]) : type;

    private static bool Fits(Type passed, Type parameter)
    {
        if (passed == parameter) return true;
        if (passed.IsByRef && parameter.IsByRef) return Fits(passed.GetElementType()!, parameter.GetElementType()!);
        if (passed == typeof(long) && parameter == typeof(int)) return true;
        if (passed.IsConstructedGenericType && parameter.IsConstructedGenericType)
        {
            if (passed.GetGenericTypeDefinition() != parameter.GetGenericTypeDefinition()) return false;
            var mine = passed.GetGenericArguments();
            var theirs = parameter.GetGenericArguments();
            for (var i = 0; i < mine.Length; i++)
                if (!Same(mine[i], theirs[i])) return false;
            return true;
        }
        return !passed.IsValueType && parameter == typeof(object);
    }

    private static bool Same(Type a, Type b) =>
        a == b || (a.IsConstructedGenericType && b.IsConstructedGenericType && a.GetGenericTypeDefinition() == b.GetGenericTypeDefinition()
            && a.GetGenericArguments().Zip(b.GetGenericArguments()).All(p => Same(p.First, p.Second)));

    // The runtime compares through EqualityComparer<T>.Default.
    private void WantEquality(FunctionSymbol function, ImmutableArray<SigilType> arguments)
    {
        for (var i = 0; i < arguments.Length && i < function.AllTypeParameters.Length; i++)
            if (function.AllTypeParameters[i].Bounds.Any(b => b.Trait.Name is "Eq" or "Hashable" or "Comparable")) equality.Want(arguments[i]);
    }
}
