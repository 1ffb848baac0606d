namespace Sigil.Compiler.Tests.EndToEnd;

/// <summary>Where the checkout is: the tests read programs and examples from it.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var d = new DirectoryInfo(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "Sigil.slnx"))) return d.FullName;
        throw new InvalidOperationException("the tests run outside a checkout");
    }
}
