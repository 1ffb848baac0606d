using System.Globalization;
using System.Reflection;

namespace Sigil.Emit.Types.Symbolic;

/// <summary>
/// A type that is only written into metadata, never loaded: constructed over types still being emitted. Reflection's own
/// such types exist only where code can be generated at run time; the compiler itself is also compiled ahead of time.
/// </summary>
internal abstract class SymbolicType : Type
{
    private protected static NotSupportedException Unknown(string member) => new($"'{member}' of a type that is still being emitted");

    public override Type UnderlyingSystemType => this;
    public override string? FullName => ToString();
    public override string? AssemblyQualifiedName => null;
    public override Guid GUID => Guid.Empty;
    public override bool IsSZArray => false;
    public override bool IsTypeDefinition => false;
    public override bool IsGenericTypeDefinition => false;
    public override bool ContainsGenericParameters => false;
    public override bool IsGenericParameter => false;
    public override bool IsGenericTypeParameter => false;
    public override bool IsGenericMethodParameter => false;
    public override bool IsByRefLike => false;
    public override int MetadataToken => throw Unknown(nameof(MetadataToken));
    public override RuntimeTypeHandle TypeHandle => throw Unknown(nameof(TypeHandle));
    public override bool Equals(Type? o) => Equals((object?)o);
    public abstract override bool Equals(object? o);
    public abstract override int GetHashCode();

    public override Type MakeByRefType() => new SymbolicElementType(this, isByRef: true);
    public override Type MakeArrayType() => new SymbolicElementType(this, isByRef: false);
    public override Type MakePointerType() => throw Unknown(nameof(MakePointerType));

    protected override bool IsByRefImpl() => false;
    protected override bool IsArrayImpl() => false;
    protected override bool IsPointerImpl() => false;
    protected override bool IsPrimitiveImpl() => false;
    protected override bool IsCOMObjectImpl() => false;
    protected override bool HasElementTypeImpl() => false;
    public override Type? GetElementType() => null;
    public override bool IsSubclassOf(Type c)
    {
        for (var t = BaseType; t is not null; t = t.BaseType)
            if (t.Equals(c)) return true;
        return false;
    }

    public override ConstructorInfo[] GetConstructors(BindingFlags bindingAttr) => [];
    public override EventInfo[] GetEvents(BindingFlags bindingAttr) => [];
    public override FieldInfo[] GetFields(BindingFlags bindingAttr) => [];
    public override MethodInfo[] GetMethods(BindingFlags bindingAttr) => [];
    public override PropertyInfo[] GetProperties(BindingFlags bindingAttr) => [];
    public override Type[] GetNestedTypes(BindingFlags bindingAttr) => [];
    public override MemberInfo[] GetMembers(BindingFlags bindingAttr) => [.. GetConstructors(bindingAttr), .. GetFields(bindingAttr), .. GetMethods(bindingAttr)];
    public override Type[] GetInterfaces() => [];
    public override Type? GetInterface(string name, bool ignoreCase) => throw Unknown(nameof(GetInterface));
    public override EventInfo? GetEvent(string name, BindingFlags bindingAttr) => throw Unknown(nameof(GetEvent));
    public override FieldInfo? GetField(string name, BindingFlags bindingAttr) => throw Unknown(nameof(GetField));
    public override Type? GetNestedType(string name, BindingFlags bindingAttr) => throw Unknown(nameof(GetNestedType));
    protected override ConstructorInfo? GetConstructorImpl(BindingFlags bindingAttr, Binder? binder, CallingConventions callConvention, Type[] types, ParameterModifier[]? modifiers) =>
        throw Unknown(nameof(GetConstructor));
    protected override MethodInfo? GetMethodImpl(string name, BindingFlags bindingAttr, Binder? binder, CallingConventions callConvention, Type[]? types, ParameterModifier[]? modifiers) =>
        throw Unknown(nameof(GetMethod));
    protected override PropertyInfo? GetPropertyImpl(string name, BindingFlags bindingAttr, Binder? binder, Type? returnType, Type[]? types, ParameterModifier[]? modifiers) =>
        throw Unknown(nameof(GetProperty));
    public override object? InvokeMember(string name, BindingFlags invokeAttr, Binder? binder, object? target, object?[]? args, ParameterModifier[]? modifiers, CultureInfo? culture, string[]? namedParameters) =>
        throw Unknown(nameof(InvokeMember));
    public override object[] GetCustomAttributes(bool inherit) => [];
    public override object[] GetCustomAttributes(Type attributeType, bool inherit) => [];
    public override bool IsDefined(Type attributeType, bool inherit) => false;
}

/// <summary>A reference to, or an array of, a symbolic type.</summary>
internal sealed class SymbolicElementType(Type element, bool isByRef) : SymbolicType
{
    private readonly Type element = element;
    private readonly bool isByRef = isByRef;

    public override string Name => element.Name + (isByRef ? "&" : "[]");
    public override string? Namespace => element.Namespace;
    public override Assembly Assembly => element.Assembly;
    public override Module Module => element.Module;
    public override Type? BaseType => isByRef ? null : typeof(Array);
    public override bool IsSZArray => !isByRef;
    public override bool IsConstructedGenericType => false;
    public override bool IsGenericType => false;
    protected override TypeAttributes GetAttributeFlagsImpl() => TypeAttributes.Public;
    protected override bool IsValueTypeImpl() => false;
    protected override bool IsByRefImpl() => isByRef;
    protected override bool IsArrayImpl() => !isByRef;
    protected override bool HasElementTypeImpl() => true;
    public override int GetArrayRank() => isByRef ? throw new ArgumentException("not an array") : 1;
    public override Type GetElementType() => element;
    public override Type[] GetGenericArguments() => [];
    public override bool Equals(object? o) => o is SymbolicElementType other && other.isByRef == isByRef && other.element.Equals(element);
    public override int GetHashCode() => HashCode.Combine(element, isByRef);
    public override string ToString() => element + (isByRef ? "&" : "[]");
}

/// <summary>A generic type of the runtime library with at least one argument that is still being emitted.</summary>
internal sealed class SymbolicConstruction(Type definition, Type[] arguments) : SymbolicType
{
    private readonly Type definition = definition;
    private readonly Type[] arguments = arguments;

    public override string Name => definition.Name;
    public override string? Namespace => definition.Namespace;
    public override Assembly Assembly => definition.Assembly;
    public override Module Module => definition.Module;
    public override Type? DeclaringType => definition.DeclaringType;
    public override Type? ReflectedType => definition.ReflectedType;
    public override bool IsConstructedGenericType => true;
    public override bool IsGenericType => true;
    public override bool IsByRefLike => definition.IsByRefLike;
    public override Type? BaseType => definition.BaseType is { } inherited ? Members.Substitute(inherited, this, []) : null;
    protected override TypeAttributes GetAttributeFlagsImpl() => definition.Attributes;
    protected override bool IsValueTypeImpl() => definition.IsValueType;
    public override Type GetGenericTypeDefinition() => definition;
    public override Type[] GetGenericArguments() => [.. arguments];
    public override Type[] GenericTypeArguments => [.. arguments];
    public override Type[] GetInterfaces() => [.. definition.GetInterfaces().Select(i => Members.Substitute(i, this, []))];
    public override ConstructorInfo[] GetConstructors(BindingFlags bindingAttr) => [.. definition.GetConstructors(bindingAttr).Select(c => new SymbolicConstructor(this, c))];
    public override FieldInfo[] GetFields(BindingFlags bindingAttr) => [.. definition.GetFields(bindingAttr).Select(f => new SymbolicField(this, f))];
    public override MethodInfo[] GetMethods(BindingFlags bindingAttr) => [.. definition.GetMethods(bindingAttr).Select(m => new SymbolicMethod(this, m))];

    public override bool Equals(object? o) =>
        o is SymbolicConstruction other && other.definition == definition && other.arguments.AsSpan().SequenceEqual(arguments);

    public override int GetHashCode()
    {
        var hash = definition.GetHashCode();
        foreach (var argument in arguments) hash = HashCode.Combine(hash, argument);
        return hash;
    }

    public override string ToString() => $"{definition.FullName}[{string.Join(",", arguments.Select(a => a.ToString()))}]";
}
