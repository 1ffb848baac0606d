namespace Sigil.Runtime.Values;

/// <summary>
/// Names the bodiless function of the standard library that a method implements: <c>module.function</c> (without <c>std.</c>; the
/// prelude's functions by their name alone) or <c>Type.method</c>, with <c>list</c>, <c>map</c>, <c>set</c>, <c>range</c> for the types without a name.
/// </summary>
/// <remarks>
/// Parameters are the receiver (a static method's first parameter, or <c>this</c>) and the declared parameters in Sigil's representation; a last parameter
/// called <c>site</c> receives the caller's position. Type parameters are the type's, then the method's, in the order of the declaration.
/// Fallible operations return a tuple: a code, 0 for success; the value if there is one; a text for the error.
/// </remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, AllowMultiple = true)]
public sealed class IntrinsicAttribute(string key) : Attribute
{
    /// <summary>The name.</summary>
    public string Key { get; } = key;
}
