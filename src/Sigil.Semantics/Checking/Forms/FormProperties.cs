using Sigil.Semantics.Modules;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

/// <summary>A property of a form.</summary>
internal readonly record struct FormProperty(string Name, bool IsRequired);

// Sorting of the arguments of a form into its properties.
public sealed partial class BodyChecker
{
    /// <summary>The arguments of a form by property; null after an error (the values have been checked loosely then).</summary>
    private Dictionary<string, Ast.Expression>? Properties(Ast.CallExpression call, string form, params ReadOnlySpan<FormProperty> properties)
    {
        var known = new List<string>();
        foreach (var property in properties) known.Add(property.Name);
        var found = new Dictionary<string, Ast.Expression>();
        var places = new Dictionary<string, Ast.Argument>();
        var isGood = true;
        var next = 0;
        foreach (var argument in call.Arguments.Arguments)
        {
            string? name;
            if (argument.Label is { } label)
            {
                name = label.Text;
                if (!known.Contains(name))
                {
                    Report(FormErrors.UnknownProperty(Source, At(label), form, name, Spelling.Closest(name, known), Listed(known)));
                    isGood = false;
                    continue;
                }
            }
            else
            {
                name = next < known.Count ? known[next++] : null;
                if (name is null)
                {
                    Report(FormErrors.SurplusProperty(Source, At(argument), form, Listed(known)));
                    isGood = false;
                    continue;
                }
            }
            if (!places.TryAdd(name, argument))
            {
                Report(FormErrors.RepeatedProperty(Source, At(argument), form, name, At(places[name])));
                isGood = false;
                continue;
            }
            found.Add(name, argument.Value);
        }
        var missing = new List<string>();
        foreach (var property in properties)
            if (property.IsRequired && !found.ContainsKey(property.Name)) missing.Add(property.Name);
        // One error is enough: what is missing may be what was misspelt.
        if (missing.Count > 0 && isGood) Report(FormErrors.MissingProperty(Source, At(call.Callee), form, Listed(missing)));
        if (isGood && missing.Count == 0) return found;
        Broken(call);
        return null;
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no properties",
        1 => $"`.{names[0]}`",
        _ => string.Join(", ", names.Take(names.Count - 1).Select(n => $"`.{n}`")) + $" and `.{names[^1]}`",
    };
}
