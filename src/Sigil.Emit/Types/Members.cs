using System.Reflection;
using System.Reflection.Emit;
using Sigil.Emit.Types.Symbolic;

namespace Sigil.Emit.Types;

/// <summary>
/// Finds members of runtime types that may be constructed over types still being emitted. Reflection cannot look into
/// such a construction: the member is looked up on the generic definition and then moved over.
/// </summary>
internal static class Members
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Whether an emitted type occurs in <paramref name="type"/>.</summary>
    public static bool MentionsEmitted(Type type)
    {
        if (type is TypeBuilder) return true;
        if (type.HasElementType) return MentionsEmitted(type.GetElementType()!);
        if (!type.IsGenericType) return false;
        foreach (var argument in type.GetGenericArguments())
            if (MentionsEmitted(argument)) return true;
        return false;
    }

    /// <summary>A method by name, also one inherited from a generic base; <paramref name="parameters"/> chooses between overloads.</summary>
    /// <exception cref="MissingMethodException">There is none, or there are several.</exception>
    public static MethodInfo Method(Type owner, string name, int parameters = -1) =>
        FindMethod(owner, name, parameters) ?? throw new MissingMethodException(owner.ToString(), name);

    /// <summary>As <see cref="Method"/>, or null.</summary>
    public static MethodInfo? FindMethod(Type owner, string name, int parameters = -1)
    {
        for (var level = owner; level is not null; level = BaseOf(level))
        {
            var definition = level.IsConstructedGenericType ? level.GetGenericTypeDefinition() : level;
            if (definition is TypeBuilder) return null;
            var found = definition.GetMethods(All).FirstOrDefault(m => m.Name == name && (parameters < 0 || m.GetParameters().Length == parameters));
            if (found is not null) return On(level, found);
        }
        foreach (var contract in owner.IsInterface && !MentionsEmitted(owner) ? owner.GetInterfaces() : [])
            if (FindMethod(contract, name, parameters) is { } inherited) return inherited;
        return null;
    }

    /// <summary>A method of a generic definition on one of its constructions.</summary>
    public static MethodInfo On(Type owner, MethodInfo definition)
    {
        if (!owner.IsConstructedGenericType) return definition;
        return owner is SymbolicConstruction ? new SymbolicMethod(owner, definition) : (MethodInfo)owner.GetMemberWithSameMetadataDefinitionAs(definition);
    }

    /// <summary>The getter of a property.</summary>
    public static MethodInfo Getter(Type owner, string name) => Method(owner, "get_" + name, -1);

    /// <summary>A field by name, also an inherited one.</summary>
    public static FieldInfo Field(Type owner, string name)
    {
        for (var level = owner; level is not null; level = BaseOf(level))
        {
            var definition = level.IsConstructedGenericType ? level.GetGenericTypeDefinition() : level;
            if (definition.GetField(name, All) is not { } found) continue;
            if (!level.IsConstructedGenericType) return found;
            return level is SymbolicConstruction ? new SymbolicField(level, found) : (FieldInfo)level.GetMemberWithSameMetadataDefinitionAs(found);
        }
        throw new MissingFieldException(owner.ToString(), name);
    }

    /// <summary>The constructor with as many parameters.</summary>
    public static ConstructorInfo Constructor(Type owner, int parameters)
    {
        var definition = owner.IsConstructedGenericType ? owner.GetGenericTypeDefinition() : owner;
        var found = definition.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .FirstOrDefault(c => c.GetParameters().Length == parameters && !c.IsPrivate)
            ?? throw new MissingMethodException(owner.ToString(), ".ctor");
        if (!owner.IsConstructedGenericType) return found;
        return owner is SymbolicConstruction ? new SymbolicConstructor(owner, found) : (ConstructorInfo)owner.GetMemberWithSameMetadataDefinitionAs(found);
    }

    /// <summary>A type of a member's signature with the owner's arguments in place of its parameters.</summary>
    public static Type Substitute(Type type, Type owner, Type[] methodArguments)
    {
        if (type.IsGenericMethodParameter) return type.GenericParameterPosition < methodArguments.Length ? methodArguments[type.GenericParameterPosition] : type;
        if (type.IsGenericTypeParameter) return owner.IsConstructedGenericType ? owner.GetGenericArguments()[type.GenericParameterPosition] : type;
        if (type.IsByRef) return Substitute(type.GetElementType()!, owner, methodArguments).MakeByRefType();
        if (type.IsSZArray) return Substitute(type.GetElementType()!, owner, methodArguments).MakeArrayType();
        if (!type.IsGenericType || !type.ContainsGenericParameters) return type;
        return Construct(type.GetGenericTypeDefinition(), [.. type.GetGenericArguments().Select(a => Substitute(a, owner, methodArguments))]);
    }

    /// <summary>A generic type of the runtime library with arguments.</summary>
    public static Type Construct(Type definition, Type[] arguments) =>
        arguments.Any(MentionsEmitted) ? new SymbolicConstruction(definition, arguments) : definition.MakeGenericType(arguments);

    /// <summary>A generic method of the runtime library with arguments.</summary>
    public static MethodInfo Construct(MethodInfo definition, params Type[] arguments) => new SymbolicMethod(definition.DeclaringType!, definition, arguments);

    /// <summary>The base class with the arguments of the construction.</summary>
    public static Type? BaseOf(Type type) => type.BaseType;
}
