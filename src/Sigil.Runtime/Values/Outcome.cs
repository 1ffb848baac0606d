namespace Sigil.Runtime.Values;

/// <summary>
/// What a fallible intrinsic returns: code 0 with a value, or another code with a text. The library turns it into a
/// <c>Result</c> with the error type of its module.
/// </summary>
public readonly struct Outcome<T>
{
    /// <summary>0 for success, otherwise the module's error number.</summary>
    public readonly int Code;

    /// <summary>The value; meaningless unless <see cref="Code"/> is 0.</summary>
    public readonly T Value;

    /// <summary>The error's text (a message or a path); empty on success.</summary>
    public readonly string Text;

    private Outcome(int code, T value, string text)
    {
        Code = code;
        Value = value;
        Text = text;
    }

    /// <summary>Whether there is a value.</summary>
    public bool IsOk => Code == 0;

    /// <summary><see cref="Code"/> as a Sigil int.</summary>
    public long CodeAsInt => Code;

    /// <summary>A success.</summary>
    public static Outcome<T> Ok(T value) => new(0, value, "");

    /// <summary>A failure.</summary>
    public static Outcome<T> Fail(int code, string text) => new(code, default!, text);
}
