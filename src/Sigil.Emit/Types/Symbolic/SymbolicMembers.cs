using System.Globalization;
using System.Reflection;

namespace Sigil.Emit.Types.Symbolic;

// The signature of a member is the definition's, in terms of the owner's type parameters: so it is written into metadata.

/// <summary>A field of a <see cref="SymbolicConstruction"/>.</summary>
internal sealed class SymbolicField(Type owner, FieldInfo definition) : FieldInfo
{
    private readonly FieldInfo definition = definition;

    public override Type DeclaringType => owner;
    public override Type ReflectedType => owner;
    public override string Name => definition.Name;
    public override FieldAttributes Attributes => definition.Attributes;
    public override Type FieldType => definition.FieldType;
    public override Module Module => definition.Module;
    public override RuntimeFieldHandle FieldHandle => throw new NotSupportedException();
    public override Type GetModifiedFieldType() => definition.GetModifiedFieldType();
    public override Type[] GetRequiredCustomModifiers() => definition.GetRequiredCustomModifiers();
    public override Type[] GetOptionalCustomModifiers() => definition.GetOptionalCustomModifiers();
    public override object[] GetCustomAttributes(bool inherit) => [];
    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => [];
    public override bool IsDefined(Type attributeType, bool inherit) => false;
    public override object? GetValue(object? obj) => throw new NotSupportedException();
    public override void SetValue(object? obj, object? value, BindingFlags invokeAttr, Binder? binder, CultureInfo? culture) => throw new NotSupportedException();
    public override bool Equals(object? obj) => obj is SymbolicField other && other.definition == definition && other.DeclaringType.Equals(DeclaringType);
    public override int GetHashCode() => HashCode.Combine(definition, DeclaringType);
}

/// <summary>A constructor of a <see cref="SymbolicConstruction"/>.</summary>
internal sealed class SymbolicConstructor(Type owner, ConstructorInfo definition) : ConstructorInfo
{
    private readonly ConstructorInfo definition = definition;

    public override Type DeclaringType => owner;
    public override Type ReflectedType => owner;
    public override string Name => definition.Name;
    public override MethodAttributes Attributes => definition.Attributes;
    public override CallingConventions CallingConvention => definition.CallingConvention;
    public override Module Module => definition.Module;
    public override RuntimeMethodHandle MethodHandle => throw new NotSupportedException();
    public override ParameterInfo[] GetParameters() => definition.GetParameters();
    public override MethodImplAttributes GetMethodImplementationFlags() => definition.GetMethodImplementationFlags();
    public override object[] GetCustomAttributes(bool inherit) => [];
    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => [];
    public override bool IsDefined(Type attributeType, bool inherit) => false;
    public override object Invoke(BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) => throw new NotSupportedException();
    public override object? Invoke(object? obj, BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) => throw new NotSupportedException();
    public override bool Equals(object? obj) => obj is SymbolicConstructor other && other.definition == definition && other.DeclaringType.Equals(DeclaringType);
    public override int GetHashCode() => HashCode.Combine(definition, DeclaringType);
}

/// <summary>A method of a <see cref="SymbolicConstruction"/>, or a generic method with its arguments.</summary>
/// <param name="owner">The type it is a method of.</param>
/// <param name="definition">Without arguments a method of the owner's definition; with them a generic method of the owner.</param>
/// <param name="arguments">Of a constructed generic method; else null.</param>
internal sealed class SymbolicMethod(Type owner, MethodInfo definition, Type[]? arguments = null) : MethodInfo
{
    private readonly MethodInfo definition = definition;
    private readonly Type[]? arguments = arguments;

    public override Type DeclaringType => owner;
    public override Type ReflectedType => owner;
    public override string Name => definition.Name;
    public override MethodAttributes Attributes => definition.Attributes;
    public override CallingConventions CallingConvention => definition.CallingConvention;
    public override Module Module => definition.Module;
    public override RuntimeMethodHandle MethodHandle => throw new NotSupportedException();
    public override Type ReturnType => definition.ReturnType;
    public override ParameterInfo ReturnParameter => definition.ReturnParameter;
    public override ICustomAttributeProvider ReturnTypeCustomAttributes => definition.ReturnTypeCustomAttributes;
    public override bool IsGenericMethod => definition.IsGenericMethod;
    public override bool IsGenericMethodDefinition => arguments is null && definition.IsGenericMethodDefinition;
    public override bool IsConstructedGenericMethod => arguments is not null;
    public override bool ContainsGenericParameters => arguments is null && definition.ContainsGenericParameters;
    public override Type[] GetGenericArguments() => arguments is null ? definition.GetGenericArguments() : [.. arguments];
    public override MethodInfo GetGenericMethodDefinition() => arguments is null ? this : definition;
    public override MethodInfo MakeGenericMethod(params Type[] typeArguments) => new SymbolicMethod(owner, this, typeArguments);
    public override ParameterInfo[] GetParameters() => definition.GetParameters();
    public override MethodImplAttributes GetMethodImplementationFlags() => definition.GetMethodImplementationFlags();
    public override MethodInfo GetBaseDefinition() => throw new NotSupportedException();
    public override object[] GetCustomAttributes(bool inherit) => [];
    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => [];
    public override bool IsDefined(Type attributeType, bool inherit) => false;
    public override object? Invoke(object? obj, BindingFlags invokeAttr, Binder? binder, object?[]? parameters, CultureInfo? culture) => throw new NotSupportedException();

    public override bool Equals(object? obj) => obj is SymbolicMethod other && other.definition.Equals(definition) && other.DeclaringType.Equals(DeclaringType)
        && (arguments is null ? other.arguments is null : other.arguments is not null && other.arguments.AsSpan().SequenceEqual(arguments));

    public override int GetHashCode()
    {
        var hash = HashCode.Combine(definition, DeclaringType);
        foreach (var argument in arguments ?? []) hash = HashCode.Combine(hash, argument);
        return hash;
    }
}
