namespace Sigil.Cli;

/// <summary>Exit codes of the tool; <c>run</c> passes on the program's.</summary>
public static class ExitCodes
{
    public const int Ok = 0;
    /// <summary>Errors in the program, failed tests, or warnings under --strict.</summary>
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int InternalError = 70;
}
