using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Variants, newtypes, structs and records in patterns.
public sealed partial class BodyChecker
{
    private TypedPattern VariantOf(Ast.VariantPattern p, SigilType type, PatternNames names)
    {
        var name = p.Path.Last.Text;
        if (!p.Path.IsSimple && OwnerOf(p.Path, p, type, names) is { } wrong) return wrong;
        if (IsUnknown(type)) type = GuessOwner(p, type);
        if (type is not (ErrorType or NamedType { Definition.Kind: TypeKind.Sum }) && IsMeantAsName(p))
            return new BindingPattern { Local = Bind(p.Path.Last, type, names), Type = type, Span = At(p) };
        if (IsUnknown(type))
        {
            Report(TypeErrors.CannotInfer(Source, At(p), "the value that this pattern matches"));
            return BadPattern(p, names);
        }
        switch (type)
        {
            case ErrorType:
                return BadPattern(p, names);
            case NamedType { Definition: { Kind: TypeKind.Newtype } definition } newtype when definition.Name == name:
                return NewtypeOf(p, newtype, names);
            case NamedType { Definition: { Kind: TypeKind.Sum } definition } sum:
                if (definition.FindVariant(name) is { } variant)
                    return new VariantPattern { Variant = variant, Fields = Payload(p, variant, Types.PayloadTypes(sum, variant), names), Type = type, Span = At(p) };
                var similar = Spelling.Closest(name, definition.Variants.Select(v => v.Name));
                var unknown = PatternErrors.UnknownVariant(Source, At(p.Path.Last), name, definition.Name, similar);
                Report(similar is null && IsMeantAsName(p) ? unknown.WithHelp("a new name starts with a lower-case letter") : unknown);
                // What is meant as a new name is one from here on, so that its uses are no further errors.
                if (IsMeantAsName(p) && !names.Bound.ContainsKey(name)) names.Bound.Add(name, Declare(name, names.Kind, ErrorType.Instance, At(p)));
                return BadPattern(p, names);
            default:
                return OtherType(p, $"the variant `{name}`", type, names);
        }
    }

    /// <summary>Whether a lone upper-case word can only have been meant as a new name: nothing in scope is called so.</summary>
    private bool IsMeantAsName(Ast.VariantPattern p) =>
        p.Path.IsSimple && !p.HasPayload && !scope.LookupValue(p.Path.Last.Text).Candidates.Any(c => c is VariantSymbol or TypeSymbol { Kind: TypeKind.Newtype });

    /// <summary>Checks the type that a pattern names; when the scrutinee's type is unknown, the pattern's is taken.</summary>
    /// <returns>The bad pattern after an error, else null.</returns>
    private ErrorPattern? OwnerOf(Ast.TypePath path, Ast.Pattern p, SigilType type, PatternNames names, bool isWhole = false)
    {
        var words = path.Words.ToList();
        if (!isWhole) words.RemoveAt(words.Count - 1);
        // A variant or newtype may be named through its type or directly through its module.
        var found = resolver.FindTypeSymbol(words, typeScope) ?? (isWhole ? null : OwnerInModule(words, path.Last.Text));
        if (found is not TypeSymbol symbol)
        {
            Report(PatternErrors.OtherType(Source, At(path), $"`{path.Text}`, which names no type here,", Zonk(type).ToString()));
            return BadPattern(p, names);
        }
        if (IsUnknown(type)) Unify(type, new NamedType(symbol, unifier.FreshFor(symbol.TypeParameters)));
        else if (type is not NamedType named || named.Definition != symbol)
        {
            if (!HasError(type)) Report(PatternErrors.OtherType(Source, At(path), $"a pattern of type `{symbol.Name}`", Zonk(type).ToString()));
            return BadPattern(p, names);
        }
        return null;
    }

    private TypeSymbol? OwnerInModule(List<Ast.SyntaxToken> words, string name)
    {
        if (scope.LookupModulePath([.. words.Select(w => w.Text)]) is not { } module || module.Words != words.Count) return null;
        var owners = program.Exports.Find(module.Module, name, wantType: false).Candidates
            .Select(c => c switch { VariantSymbol v => v.Owner, TypeSymbol { Kind: TypeKind.Newtype } t => t, _ => null })
            .OfType<TypeSymbol>().Distinct().ToList();
        return owners is [var owner] ? owner : null;
    }

    /// <summary>The type that a variant or newtype pattern belongs to, when its name alone says so.</summary>
    private SigilType GuessOwner(Ast.VariantPattern p, SigilType type)
    {
        if (p.Path.IsSimple)
        {
            var owners = scope.LookupValue(p.Path.Last.Text).Candidates
                .Select(c => c switch { VariantSymbol v => v.Owner, TypeSymbol { Kind: TypeKind.Newtype } t => t, _ => null })
                .OfType<TypeSymbol>().Distinct().ToList();
            if (owners is [var owner]) Unify(type, new NamedType(owner, unifier.FreshFor(owner.TypeParameters)));
        }
        return type.Resolve();
    }

    private TypedPattern NewtypeOf(Ast.VariantPattern p, NamedType newtype, PatternNames names)
    {
        var listed = p.Arguments.Where(a => a.Pattern is not Ast.RestPattern).ToList();
        var hasRest = listed.Count < p.Arguments.Count;
        if (listed.Count > 1 || (listed.Count == 0 && !hasRest))
        {
            Report(PatternErrors.PayloadCount(Source, At(p), newtype.Definition.Name, 1, listed.Count));
            return BadPattern(p, names);
        }
        var content = Types.FieldTypes(newtype)[0];
        ImmutableArray<FieldPattern> fields = listed is [var only] ? [new FieldPattern(0, Pattern(only.Pattern, content, names))] : [];
        return new ProductPattern { Fields = fields, Type = newtype, Span = At(p) };
    }

    private ImmutableArray<FieldPattern> Payload(Ast.VariantPattern p, VariantSymbol variant, ImmutableArray<SigilType> types, PatternNames names)
    {
        var listed = p.Arguments.Where(a => a.Pattern is not Ast.RestPattern).ToList();
        var hasRest = listed.Count < p.Arguments.Count;
        if (!p.HasPayload)
        {
            if (types.Length > 0) Report(PatternErrors.PayloadNotMentioned(Source, At(p), variant.Name, types.Length));
            return [];
        }
        if (listed.Exists(a => a.Name is not null)) return NamedPayload(p, variant, types, listed, hasRest, names);
        if (hasRest ? listed.Count > types.Length : listed.Count != types.Length)
            Report(PatternErrors.PayloadCount(Source, At(p), variant.Name, types.Length, listed.Count));
        var fields = ImmutableArray.CreateBuilder<FieldPattern>();
        var afterRest = 0;
        if (hasRest) afterRest = p.Arguments.SkipWhile(a => a.Pattern is not Ast.RestPattern).Count(a => a.Pattern is not Ast.RestPattern);
        for (var i = 0; i < listed.Count; i++)
        {
            // What stands after `..` are the last parts.
            var index = i < listed.Count - afterRest ? i : types.Length - (listed.Count - i);
            var isPart = index >= 0 && index < types.Length;
            var part = Pattern(listed[i].Pattern, isPart ? types[index] : ErrorType.Instance, names);
            if (isPart) fields.Add(new FieldPattern(index, part));
        }
        return fields.ToImmutable();
    }

    private ImmutableArray<FieldPattern> NamedPayload(Ast.VariantPattern p, VariantSymbol variant, ImmutableArray<SigilType> types, List<Ast.PatternArgument> listed, bool hasRest, PatternNames names)
    {
        var fields = ImmutableArray.CreateBuilder<FieldPattern>();
        var seen = new HashSet<int>();
        var isBroken = false;
        foreach (var argument in listed)
        {
            var index = -1;
            if (argument.Name is not { } name || variant.Fields.All(f => f.Name is null))
            {
                if (!isBroken) Report(PatternErrors.PayloadStyle(Source, At(argument), variant.Name, variant.Fields.Any(f => f.Name is not null)));
                isBroken = true;
            }
            else
            {
                index = variant.Fields.ToList().FindIndex(f => f.Name == name.Text);
                if (index < 0)
                {
                    Report(PatternErrors.UnknownField(Source, At(name), name.Text, variant.Name, Spelling.Closest(name.Text, variant.Fields.Select(f => f.Name).OfType<string>())));
                    isBroken = true;
                }
                else if (!seen.Add(index)) Report(PatternErrors.FieldTwice(Source, At(name), name.Text));
            }
            var part = Pattern(argument.Pattern, index < 0 ? ErrorType.Instance : types[index], names);
            if (index >= 0) fields.Add(new FieldPattern(index, part));
        }
        if (!isBroken && !hasRest && seen.Count < types.Length)
            Report(PatternErrors.UnlistedFields(Source, At(p), [.. variant.Fields.Where((_, i) => !seen.Contains(i)).Select(f => f.Name!)], variant.Name));
        return fields.ToImmutable();
    }

    private TypedPattern RecordOf(Ast.RecordPattern p, SigilType type, PatternNames names)
    {
        if (p.Path is { } path)
        {
            if (OwnerOf(path, p, type, names, isWhole: true) is { } wrong) return wrong;
            type = type.Resolve();
        }
        if (IsUnknown(type))
        {
            Report(TypeErrors.CannotInfer(Source, At(p), "the value that this pattern takes apart", "name its type before the brace: `Name { … }`"));
            return BadPattern(p, names);
        }
        string[] fieldNames;
        switch (type)
        {
            case RecordType record: fieldNames = [.. record.Fields.Select(f => f.Name)]; break;
            case NamedType { Definition: { Kind: TypeKind.Struct } definition }: fieldNames = [.. definition.Fields.Select(f => f.Name)]; break;
            default: return OtherType(p, "a pattern with fields", type, names);
        }
        var types = Types.FieldTypes(type);
        var owner = type is NamedType named ? named.Definition.Name : Zonk(type).ToString();
        var fields = ImmutableArray.CreateBuilder<FieldPattern>();
        var seen = new HashSet<int>();
        var isBroken = false;
        foreach (var field in p.ListedFields)
        {
            var index = Array.IndexOf(fieldNames, field.Name.Text);
            if (index < 0 && !field.Name.IsMissing)
            {
                Report(PatternErrors.UnknownField(Source, At(field.Name), field.Name.Text, owner, Spelling.Closest(field.Name.Text, fieldNames)));
                isBroken = true;
            }
            else if (index >= 0 && !seen.Add(index)) Report(PatternErrors.FieldTwice(Source, At(field.Name), field.Name.Text));
            var partType = index < 0 ? ErrorType.Instance : types[index];
            var part = field.Pattern is { } inner
                ? Pattern(inner, partType, names)
                : new BindingPattern { Local = Bind(field.Name, partType, names), Type = partType, Span = At(field.Name) };
            if (index >= 0) fields.Add(new FieldPattern(index, part));
        }
        if (!isBroken && !p.HasRest && !names.MayOmitFields && seen.Count < fieldNames.Length)
            Report(PatternErrors.UnlistedFields(Source, At(p), [.. fieldNames.Where((_, i) => !seen.Contains(i))], owner));
        return new ProductPattern { Fields = fields.ToImmutable(), Type = type, Span = At(p) };
    }
}
