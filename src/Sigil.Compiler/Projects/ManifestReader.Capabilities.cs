using System.Collections.Immutable;
using Sigil.Syntax;
using Tomlyn.Syntax;

namespace Sigil.Compiler.Projects;

// [capabilities] Db = { assembly = "native/Db.dll", type = "Shop.SqliteDb" }
public sealed partial class ManifestReader
{
    private readonly ImmutableArray<ManifestCapability>.Builder capabilities = ImmutableArray.CreateBuilder<ManifestCapability>();

    private void ReadCapability(KeyValueSyntax item)
    {
        var key = KeyOf(item);
        if (key.Length == 0 || !char.IsAsciiLetterUpper(key[0]))
        {
            Complain(KeySpan(item), $"'{key}' is not the name of a trait", "traits begin with an upper-case letter");
            return;
        }
        if (item.Value is not InlineTableSyntax inline)
        {
            Complain(ValueSpan(item), $"a capability is {{ assembly = \"…\", type = \"…\" }}, not {Kind(item.Value)}");
            return;
        }
        string? assembly = null, type = null, contract = $"interop/I{key}.cs";
        foreach (var property in inline.Items.Select(i => i.KeyValue).OfType<KeyValueSyntax>())
        {
            switch (KeyOf(property))
            {
                case "assembly": assembly = Text(property); break;
                case "type": type = Text(property); break;
                case "interface": contract = Text(property); break;
                case var other: Complain(KeySpan(property), $"a capability has no key '{other}'", Suggestion(other, ["assembly", "type", "interface"])); break;
            }
        }
        if (assembly is { Length: > 0 } && type is { Length: > 0 } && contract is { Length: > 0 })
            capabilities.Add(new ManifestCapability(key, assembly, type, contract, new SourceLocation(source, KeySpan(item))));
        else if (!diagnostics.HasErrors) Complain(KeySpan(item), $"the capability '{key}' needs an assembly and a type", $"write {key} = {{ assembly = \"native/{key}.dll\", type = \"Namespace.Class\" }}");
    }
}
