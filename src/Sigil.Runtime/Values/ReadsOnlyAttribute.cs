namespace Sigil.Runtime.Values;

/// <summary>
/// On an intrinsic: no list, map or set argument is changed or kept, so that a caller need not mark the arguments as shared
/// even when it goes on using them. An intrinsic without this mark consumes its arguments: what is still needed
/// afterwards must be marked with <c>MarkShared()</c> before the call.
/// </summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class ReadsOnlyAttribute : Attribute;
