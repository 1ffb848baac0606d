namespace Sigil.Emit.Dynamic;

/// <summary>How names of Sigil are written in C#: in the interface that is generated for a capability, and where its methods and types are looked for.</summary>
public static class CSharpNames
{
    // A record has members of these names, whatever its fields are.
    private static readonly HashSet<string> taken = ["Equals", "GetHashCode", "ToString", "GetType", "Deconstruct", "EqualityContract", "PrintMembers", "MemberwiseClone", "Finalize", "ReferenceEquals"];

    /// <summary><c>find_all</c> is <c>FindAll</c>.</summary>
    public static string Of(string name) => string.Concat(name.Split('_', StringSplitOptions.RemoveEmptyEntries).Select(w => char.ToUpperInvariant(w[0]) + w[1..]));

    /// <summary>The property of a field, or of a part of a variant's payload; a member is not called as its type.</summary>
    public static string Property(string? field, int index, int count, string owner)
    {
        var name = field is null ? count == 1 ? "Value" : "Item" + (index + 1) : Of(field);
        return name.Length == 0 || name == owner || taken.Contains(name) ? name + "Field" : name;
    }

    /// <summary>The nested record of a variant.</summary>
    public static string Variant(string name, string sum) => name == sum || taken.Contains(name) ? name + "Variant" : name;
}
