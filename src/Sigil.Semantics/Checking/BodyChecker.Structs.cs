using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Struct and record literals.
public sealed partial class BodyChecker
{
    private const int DefaultDepthLimit = 16;
    private int defaultDepth;

    private TypedExpression Struct(Ast.StructLiteral e, Expectation expected)
    {
        var at = At(e);
        // Type arguments that are not written are inferred.
        var type = e.Type.Arguments is null ? OpenNamedType(e.Type) : ResolveType(e.Type);
        if (type.Resolve() is not NamedType named)
        {
            if (type.Resolve() is RecordType or ErrorType) return RecordFields(e.Fields, at, null, type.Resolve() is ErrorType);
            Report(TypeErrors.NotAValue(Source, At(e.Type), type.ToString(), "not a struct type"));
            return RecordFields(e.Fields, at, null, isError: true);
        }
        switch (named.Definition.Kind)
        {
            case TypeKind.Struct when !named.Definition.IsUnique && named.Definition.RuntimeType is null:
                if (expected.Known is NamedType want && want.Definition == named.Definition && CanEqual(want, named)) Unify(want, named);
                return StructFields(named, e.Fields.Nodes, at, At(e.Type));
            case TypeKind.Opaque or TypeKind.Struct:
                Report(TypeErrors.OpaqueUse(Source, at, named.Definition.Name, "it has no literals; its values come from the runtime"));
                break;
            case TypeKind.Newtype:
                Report(TypeErrors.NotAValue(Source, At(e.Type), named.Definition.Name, "a newtype", $"write `{named.Definition.Name}(…)`"));
                break;
            case TypeKind.Sum:
                Report(TypeErrors.NotAValue(Source, At(e.Type), named.Definition.Name, "a sum type", "write one of its variants"));
                break;
            default:
                Report(TypeErrors.NotAValue(Source, At(e.Type), named.Definition.Name, "no struct type"));
                break;
        }
        RecordFields(e.Fields, at, null, isError: true);
        return ErrorAt(at);
    }

    // The fields of a literal against the fields of a struct.
    private TypedExpression StructFields(NamedType type, ImmutableArray<Ast.FieldInitializer> fields, TextSpan at, TextSpan typeAt, TypedExpression? knownSpread = null)
    {
        var definition = type.Definition;
        var substitution = new Substitution(definition.TypeParameters, type.Arguments);
        var given = new TextSpan?[definition.Fields.Length];
        var values = ImmutableArray.CreateBuilder<FieldInitializer>(definition.Fields.Length);
        TypedExpression? spread = null;
        bool broken = false;
        foreach (var initializer in fields)
        {
            if (initializer is Ast.SpreadFieldInitializer s)
            {
                // A record literal has looked at its spread already, to learn that it is a struct.
                var value = spread is null && knownSpread is not null ? knownSpread : InferValue(s.Value);
                spread ??= value;
                if (!IsError(value.Type) && !Unify(value.Type, type))
                {
                    Report(TypeErrors.SpreadType(Source, At(s.Value), type.ToString(), Zonk(value.Type).ToString()));
                    broken = true;
                }
                broken |= IsError(value.Type);
                continue;
            }
            var field = (Ast.NamedFieldInitializer)initializer;
            var name = field.Name.Text;
            var symbol = definition.FindField(name);
            if (symbol is null)
            {
                if (!field.Name.IsMissing)
                    Report(TypeErrors.UnknownField(Source, At(field.Name), definition.Name, name, Spelling.Closest(name, definition.Fields.Select(f => f.Name))));
                if (field.Value is { } stray) Infer(stray);
                broken = true;
                continue;
            }
            var wanted = substitution.Apply(symbol.Type);
            var checkedValue = field.Value is { } v ? Check(v, wanted) : Coerce(NameValue(name, At(field.Name), Expectation.Of(wanted)), wanted, At(field.Name));
            if (given[symbol.Index] is { } first)
            {
                Report(TypeErrors.FieldTwice(Source, At(field.Name), name, new SourceLocation(Source, first)));
                broken = true;
                continue;
            }
            given[symbol.Index] = At(field.Name);
            values.Add(new FieldInitializer(symbol.Index, checkedValue));
        }
        if (spread is null)
        {
            List<string>? missing = null;
            foreach (var f in definition.Fields)
            {
                if (given[f.Index] is not null) continue;
                if (f.Default is { } value) values.Add(new FieldInitializer(f.Index, DefaultValue(value, f, definition.Module, substitution.Apply(f.Type), at)));
                else (missing ??= []).Add(f.Name);
            }
            if (missing is not null && !broken)
            {
                Report(TypeErrors.MissingFields(Source, typeAt, definition.Name, string.Join(", ", missing.Select(m => $"`{m}`")), missing.Count > 1));
                broken = true;
            }
        }
        RequireTypeArguments(definition.TypeParameters, type.Arguments, typeAt, $"`{definition.Name}`");
        return broken ? new ErrorExpression { Type = type, Span = at } : new StructExpression { Spread = spread, Fields = values.ToImmutable(), Type = type, Span = at };
    }

    private TypedExpression Record(Ast.RecordLiteral e, Expectation expected)
    {
        var at = At(e);
        switch (expected.Known is { } t ? Underlying(t) : null)
        {
            case NamedType { Definition.Kind: TypeKind.Struct } s when s.Definition.RuntimeType is null && !e.Fields.Any(f => f is Ast.SpreadFieldInitializer):
                return StructFields(s, e.Fields.Nodes, at, at);
            case RecordType r: return RecordFields(e.Fields, at, r, isError: false);
            default: return RecordFields(e.Fields, at, null, isError: false);
        }
    }

    private TypedExpression RecordFields(Ast.SeparatedList<Ast.FieldInitializer> fields, TextSpan at, RecordType? wanted, bool isError)
    {
        TypedExpression? spread = null;
        RecordType? spreadType = null;
        var names = new Dictionary<string, TextSpan>();
        var values = new List<(string Name, TypedExpression Value)>(fields.Count);
        foreach (var initializer in fields)
        {
            if (initializer is Ast.SpreadFieldInitializer s)
            {
                spread = InferValue(s.Value);
                spreadType = spread.Type.Resolve() as RecordType;
                if (spread.Type.Resolve() is NamedType { Definition.Kind: TypeKind.Struct } st)
                    return StructFields(st, fields.Nodes, at, at, spread);
                if (spreadType is null)
                {
                    if (!IsError(spread.Type)) Report(TypeErrors.SpreadType(Source, At(s.Value), "record", Zonk(spread.Type).ToString()));
                    isError = true;
                }
                wanted = spreadType;
                continue;
            }
            var field = (Ast.NamedFieldInitializer)initializer;
            var name = field.Name.Text;
            int index = wanted?.IndexOf(name) ?? -1;
            var expectation = index >= 0 ? Expectation.Of(wanted!.Fields[index].Type) : Expectation.None;
            var value = field.Value is { } v ? CheckAs(v, expectation) : NameValue(name, At(field.Name), expectation);
            value = index >= 0 ? Coerce(value, wanted!.Fields[index].Type, At(initializer)) : NeverAsUnknown(Decay(value));
            if (!names.TryAdd(name, At(field.Name)))
            {
                Report(TypeErrors.FieldTwice(Source, At(field.Name), name, new SourceLocation(Source, names[name])));
                isError = true;
                continue;
            }
            if (spreadType is not null && index < 0)
            {
                Report(TypeErrors.UnknownField(Source, At(field.Name), spreadType.ToString(), name, Spelling.Closest(name, spreadType.Fields.Select(f => f.Name))));
                isError = true;
            }
            values.Add((name, value));
        }
        if (isError) return ErrorAt(at);
        // The spread keeps the type of the record; without it the literal's own fields make the type.
        var type = spreadType ?? new RecordType(values.Select(v => new RecordField(v.Name,
            wanted is not null && wanted.IndexOf(v.Name) is >= 0 and var i ? wanted.Fields[i].Type : v.Value.Type)));
        return new StructExpression
        {
            Spread = spread,
            Fields = [.. values.Select(v => new FieldInitializer(type.IndexOf(v.Name), v.Value))],
            Type = type,
            Span = at,
        };
    }

    /// <summary>The default of a field or parameter, checked anew at the place that leaves it out: its type may depend on the type arguments there.</summary>
    private TypedExpression DefaultValue(Ast.Expression value, Symbol owner, ModuleSymbol? module, SigilType type, TextSpan at)
    {
        // Most defaults are plain literals.
        if (value is Ast.LiteralExpression) return WithPlace(at, () => Coerce(Literal((Ast.LiteralExpression)value, Expectation.Of(type)), type, at));
        // A default that needs itself is reported at its declaration.
        if (module is null || defaultDepth >= DefaultDepthLimit) return ErrorAt(at);
        defaultDepth++;
        var outside = new Surroundings([], [new ExitBoundary { Type = Core.Void }], [], [.. captureTrackers], [], [], program.ScopeOf(module),
            program.ScopeOfDefault(owner), value.Source, at, []);
        // What is wrong in a default is reported once, at its declaration.
        bool wasSilent = isSilent;
        isSilent = true;
        var result = WithSurroundings(outside, () =>
        {
            PushScope();
            var v = Check(value, type);
            PopScope();
            return v;
        });
        isSilent = wasSilent;
        defaultDepth--;
        return result;
    }

    private T WithPlace<T>(TextSpan at, Func<T> action)
    {
        var saved = placeOfUse;
        placeOfUse = at;
        try
        {
            return action();
        }
        finally
        {
            placeOfUse = saved;
        }
    }
}
