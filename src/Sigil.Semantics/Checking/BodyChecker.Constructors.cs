using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Calls that make variants and newtypes.
public sealed partial class BodyChecker
{
    private TypedExpression MakeVariant(VariantSymbol v, NamedType type, Ast.CallExpression e, Expectation expected)
    {
        var at = At(e);
        var arguments = e.Arguments.Arguments;
        // What is expected of the whole says what the parts are, unless a part is to be converted: then the whole is converted.
        if (expected.Known is { } t && Underlying(t) is NamedType wanted && wanted.Definition == v.Owner) Unify(type, wanted);
        if (arguments.Count != v.Fields.Length)
        {
            Report(TypeErrors.ArgumentCount(Source, at, $"`{v.Name}`", v.Fields.Length, arguments.Count));
            Broken(e);
            return new ErrorExpression { Type = type, Span = at };
        }
        var payload = Types.PayloadTypes(type, v);
        var given = new TextSpan?[v.Fields.Length];
        var values = ImmutableArray.CreateBuilder<FieldInitializer>(v.Fields.Length);
        bool broken = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            var a = arguments[i];
            int index = i;
            if (a.Label is { } label)
            {
                index = -1;
                for (int k = 0; k < v.Fields.Length; k++) if (v.Fields[k].Name == label.Text) index = k;
                if (index < 0)
                {
                    Report(TypeErrors.UnknownLabel(Source, At(label), v.Name, label.Text,
                        Spelling.Closest(label.Text, v.Fields.Where(f => f.Name is not null).Select(f => f.Name!)), null));
                    InferLoosely(a.Value);
                    broken = true;
                    continue;
                }
            }
            if (given[index] is { } first)
            {
                Report(TypeErrors.ArgumentTwice(Source, At(a), v.Fields[index].Name ?? $"{index + 1}", new SourceLocation(Source, first)));
                InferLoosely(a.Value);
                broken = true;
                continue;
            }
            given[index] = At(a);
            values.Add(new FieldInitializer(index, Check(a.Value, payload[index])));
        }
        RequireTypeArguments(v.Owner.TypeParameters, type.Arguments, at, $"`{v.Owner.Name}`");
        return broken ? new ErrorExpression { Type = type, Span = at } : new VariantExpression { Variant = v, Fields = values.ToImmutable(), Type = type, Span = at };
    }

    private TypedExpression MakeNewtype(NamedType type, Ast.CallExpression e, Expectation expected)
    {
        var at = At(e);
        var arguments = e.Arguments.Arguments;
        if (expected.Known is { } t && Underlying(t) is NamedType wanted && wanted.Definition == type.Definition) Unify(type, wanted);
        if (arguments.Count != 1)
        {
            Report(TypeErrors.ArgumentCount(Source, at, $"`{type.Definition.Name}`", 1, arguments.Count));
            return Broken(e);
        }
        if (arguments[0].Label is { } label) Report(TypeErrors.UnknownLabel(Source, At(label), type.Definition.Name, label.Text, null, null));
        return new NewtypeExpression { Content = Check(arguments[0].Value, ContentOf(type)), Type = type, Span = at };
    }
}
