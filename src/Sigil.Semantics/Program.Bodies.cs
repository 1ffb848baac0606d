using System.Collections.Immutable;
using Sigil.Semantics.Checking;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics;

namespace Sigil.Semantics;

// Bodies and default values, checked when first asked for.
public sealed partial class ProgramAnalysis
{
    private readonly Dictionary<FunctionSymbol, TypedBody> bodies = [];
    private readonly Dictionary<Symbol, TypedExpression> defaults = [];
    private readonly Dictionary<FieldSymbol, TypedExpression> jsonDefaults = [];
    private readonly HashSet<ModuleSymbol> passed = [];
    private bool declaredDefaultsChecked;

    /// <inheritdoc/>
    public override TypedBody BodyOf(FunctionSymbol function)
    {
        if (bodies.TryGetValue(function, out var known)) return known;
        var body = new BodyChecker(this).CheckBody(function);
        bodies[function] = body;
        if (!function.Module.IsStandardLibrary)
        {
            var found = new DiagnosticBag();
            found.AddRange(body.Diagnostics);
            foreach (var p in function.Parameters)
                if (p.Default is not null) found.AddRange(CheckDefault(p, p.Type, p.Default, function.Module));
            body.Diagnostics = Context.Input.Unchecked.IsEmpty ? found.ToImmutable() : [.. found.ToImmutable().Where(d => !Context.Input.Unchecked.Contains(d.Code))];
        }
        return body;
    }

    /// <summary>The body of a function if it has been checked already, or was passed over because its check would find nothing.</summary>
    public TypedBody? KnownBodyOf(FunctionSymbol function) =>
        bodies.TryGetValue(function, out var known) ? known : function.Body is not null && passed.Contains(function.Module) && !function.IsIntrinsic ? BodyOf(function) : null;

    /// <summary>Keys for what checks of the bodies of each module see; empty when nothing is to be remembered of this input.</summary>
    public ImmutableDictionary<ModuleSymbol, string> CheckKeys() => CheckInputs.Of(Context);

    /// <summary>Passes over the checks of a module's bodies: with the same key they found nothing. Bodies that are needed for code are still typed.</summary>
    public void Pass(ModuleSymbol module) => passed.Add(module);

    /// <inheritdoc/>
    public override bool IsKnownSound(FunctionSymbol function) => passed.Contains(function.Module);

    /// <inheritdoc/>
    public override TypedExpression DefaultOf(Symbol fieldOrParameter)
    {
        if (defaults.TryGetValue(fieldOrParameter, out var known)) return known;
        switch (fieldOrParameter)
        {
            case FieldSymbol { Default: { } value } f:
                CheckDefault(f, f.Type, value, f.Owner.Module!);
                break;
            case ParameterSymbol { Default: { } value } p:
                CheckDefault(p, p.Type, value, ScopeOfDefault(p).Module.Module);
                break;
            default: throw new ArgumentException($"'{fieldOrParameter.Name}' has no default value", nameof(fieldOrParameter));
        }
        return defaults[fieldOrParameter];
    }

    // The defaults of fields and of the parameters of methods without body belong to no body; they are checked with the declarations.
    private void CheckDeclaredDefaults()
    {
        if (declaredDefaultsChecked) return;
        declaredDefaultsChecked = true;
        foreach (var module in Modules)
        {
            foreach (var type in module.Types)
                foreach (var field in type.Fields)
                {
                    if (field.Default is { } value) diagnostics.AddRange(CheckDefault(field, field.Type, value, module));
                    if (field.JsonDefault is not null) diagnostics.AddRange(CheckJsonDefault(field));
                }
            foreach (var method in module.Traits.SelectMany(t => t.Methods).Concat(module.Types.SelectMany(t => t.OpaqueMethods)))
                foreach (var p in method.Body is null ? method.Parameters : [])
                    if (p.Default is { } value) diagnostics.AddRange(CheckDefault(p, p.Type, value, module));
        }
    }

    /// <inheritdoc/>
    public override ForeignCapability? ForeignProviderOf(TraitSymbol capability) => Context.ForeignProviderOf(capability);

    /// <inheritdoc/>
    public override TypedExpression? JsonDefaultOf(FieldSymbol field)
    {
        if (field.JsonDefault is null) return null;
        if (!jsonDefaults.ContainsKey(field)) CheckJsonDefault(field);
        return jsonDefaults[field];
    }

    // The value of an optional field is written without `Some`.
    private IEnumerable<Diagnostic> CheckJsonDefault(FieldSymbol field)
    {
        var type = field.Type.Resolve() is NamedType n && n.Definition == Core.FindType("Option") ? n.Arguments[0] : field.Type;
        var (typed, found) = new BodyChecker(this).CheckDefault(field, field.JsonDefault!, type, field.Owner.Module!);
        jsonDefaults[field] = typed;
        return found;
    }

    private IEnumerable<Diagnostic> CheckDefault(Symbol owner, SigilType type, Sigil.Syntax.Ast.Expression value, ModuleSymbol module)
    {
        var (typed, found) = new BodyChecker(this).CheckDefault(owner, value, type, module);
        defaults[owner] = typed;
        // What the value must not use is not in scope either; one report is enough.
        return Context.RejectedDefaults.Contains(value) ? [] : found;
    }
}
