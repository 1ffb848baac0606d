namespace Sigil.Runtime.Values;

/// <summary>A trait object with methods that change it. It is a value like any other: it is changed in place only while one reference to it exists.</summary>
public abstract class DynamicValue : ISharable
{
    private bool shared;

    /// <summary>A second reference exists.</summary>
    internal bool IsShared => shared;

    /// <inheritdoc/>
    public void MarkShared() => shared = true;

    /// <summary>A trait object of the same type over a copy of the value, whose parts are reachable from both.</summary>
    protected abstract DynamicValue Copy();

    /// <summary>The object in the slot, made this slot's own.</summary>
    public static T Own<T>(ref T slot) where T : class => slot is DynamicValue { shared: true } value ? slot = (T)(object)value.Copy() : slot;

    /// <summary>The object, or a copy if others refer to it.</summary>
    public static T Owned<T>(T value) where T : class => Own(ref value);

    /// <summary>Notes that a second reference exists.</summary>
    public static void Mark(object value) => (value as DynamicValue)?.MarkShared();
}
