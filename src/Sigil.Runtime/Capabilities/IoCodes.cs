using System.Runtime.InteropServices;

namespace Sigil.Runtime.Capabilities;

/// <summary>The codes that std.io turns into <c>IoError</c>.</summary>
public static class IoCodes
{
    /// <summary><c>UnexpectedEof</c>.</summary>
    public const long UnexpectedEof = 1;

    /// <summary><c>BrokenPipe</c>.</summary>
    public const long BrokenPipe = 2;

    /// <summary><c>InvalidData(text)</c>.</summary>
    public const long InvalidData = 3;

    /// <summary><c>Other(text)</c>.</summary>
    public const long Other = 4;

    internal const int TooLarge = -1;

    /// <summary>The code for an error number of the system.</summary>
    public static long Of(int error) => error == 0 ? 0 : error == NativeFiles.BrokenPipe ? BrokenPipe : Other;

    /// <summary>The text for an error number of the system.</summary>
    public static string Text(int error) => error switch
    {
        0 => "",
        TooLarge => "the input is too large",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };
}
