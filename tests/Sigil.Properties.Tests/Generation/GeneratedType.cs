namespace Sigil.Properties.Tests.Generation;

/// <summary>A type of generated programs.</summary>
internal abstract record GeneratedType
{
    public static readonly GeneratedType Int = new ScalarType("int");
    public static readonly GeneratedType Bool = new ScalarType("bool");
    public static readonly GeneratedType Str = new ScalarType("str");
    public static readonly GeneratedType Float = new ScalarType("float");

    /// <summary>As it is written.</summary>
    public abstract string Text { get; }
}

internal sealed record ScalarType(string Name) : GeneratedType
{
    public override string Text => Name;
}

internal sealed record ListOf(GeneratedType Item) : GeneratedType
{
    public override string Text => $"[{Item.Text}]";
}

internal sealed record MapOf(GeneratedType Key, GeneratedType Value) : GeneratedType
{
    public override string Text => $"{{{Key.Text}: {Value.Text}}}";
}

internal sealed record OptionOf(GeneratedType Item) : GeneratedType
{
    public override string Text => $"Option<{Item.Text}>";
}

/// <summary>A result whose error is a text.</summary>
internal sealed record ResultOf(GeneratedType Item) : GeneratedType
{
    public override string Text => $"Result<{Item.Text}, str>";
}

internal sealed record PairOf(GeneratedType First, GeneratedType Second) : GeneratedType
{
    public override string Text => $"({First.Text}, {Second.Text})";
}

/// <summary>The generic struct <c>Both&lt;A, B&gt;</c>.</summary>
internal sealed record BothOf(GeneratedType First, GeneratedType Second) : GeneratedType
{
    public override string Text => $"Both<{First.Text}, {Second.Text}>";
}

internal sealed record StructType(string Name, (string Name, GeneratedType Type)[] Fields) : GeneratedType
{
    /// <summary>Whether it has <c>bump(mut self, n)</c> and <c>reading(self)</c>.</summary>
    public bool HasMethods { get; init; }
    public override string Text => Name;
    public bool Equals(StructType? other) => other?.Name == Name;
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

internal sealed record SumType(string Name, (string Name, GeneratedType[] Payload)[] Variants) : GeneratedType
{
    public override string Text => Name;
    public bool Equals(SumType? other) => other?.Name == Name;
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>A function value of one parameter. Variables only: it can be neither printed nor compared.</summary>
internal sealed record FunctionOf(GeneratedType Parameter, GeneratedType Result) : GeneratedType
{
    public override string Text => $"{Parameter.Text} -> {Result.Text}";
}
