using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Fields, tuple components, index and slice; members of types, traits and modules as values.
public sealed partial class BodyChecker
{
    private TypedExpression Member(Ast.MemberExpression e, Expectation expected)
    {
        var at = At(e);
        if (e.Name.IsMissing)
        {
            Infer(e.Receiver);
            return ErrorAt(at);
        }
        var q = QualifierOf(e.Receiver);
        if (q.Module is { } module)
        {
            var found = program.Exports.Find(module, e.Name.Text, wantType: false);
            if (found.IsFound)
                return Choose(found, expected.Known) is { } symbol ? SymbolValue(symbol, expected, at, e.TypeArguments) : OverloadedValue(e.Name.Text, found, expected, at);
            ReportNotInModule(module, e);
            return ErrorAt(at);
        }
        if (q.Trait is { } trait) return TraitMember(trait, e, at);
        if (q.Type is { } type) return TypeMember(type, e, expected, at);
        return FieldAccess(Infer(e.Receiver), e.Name.Text, At(e.Name), at);
    }

    private TypedExpression TraitMember(TraitSymbol trait, Ast.MemberExpression e, TextSpan at)
    {
        var name = e.Name.Text;
        for (int i = provided.Count - 1; i >= 0; i--)
        {
            if (provided[i].Capability.Trait != trait || FindInTrait(trait, name) is not null) continue;
            return FieldAccess(new CapabilityExpression { Capability = provided[i].Capability, Type = provided[i].ValueType, Span = At(e.Receiver) }, name, At(e.Name), at);
        }
        if (FindInTrait(trait, name) is not { } method)
        {
            Report(LocalNameErrors.UnknownMember(Source, At(e.Name), trait.Name, name, Spelling.Closest(name, trait.Methods.Select(m => m.Name))));
            return ErrorAt(at);
        }
        var arguments = unifier.FreshFor(method.AllTypeParameters);
        if (!method.IsCapabilityMethod) return FunctionValue(method, arguments, at);
        var capability = new TraitReference(trait);
        var s = new Substitution(method.AllTypeParameters, arguments);
        return new FunctionValueExpression
        {
            Function = method,
            TypeArguments = arguments,
            Capability = capability,
            Type = new FunctionType([.. method.Parameters.Select(p => Normalize(s.Apply(p.Type)))], Normalize(s.Apply(method.ReturnType)), [.. method.Uses.Select(s.Apply)]),
            Span = at,
        };
    }

    private TypedExpression TypeMember(SigilType type, Ast.MemberExpression e, Expectation expected, TextSpan at)
    {
        if (IsError(type)) return ErrorAt(at);
        var name = e.Name.Text;
        if (type.Resolve() is NamedType { Definition.Kind: TypeKind.Sum } sum && sum.Definition.FindVariant(name) is { } variant)
        {
            if (expected.Known is { } t && Underlying(t) is NamedType wanted && wanted.Definition == sum.Definition) Unify(sum, wanted);
            if (variant.Fields.IsEmpty) return new VariantExpression { Variant = variant, Fields = [], Type = sum, Span = at };
            LimitArity(variant.Fields.Length, at);
            return new ConstructorValueExpression { Variant = variant, Type = new FunctionType(Types.PayloadTypes(sum, variant), sum, []), Span = at };
        }
        var candidates = program.Members.FindStatic(type, name, scope, unifier);
        if (candidates.IsEmpty)
        {
            Report(LocalNameErrors.UnknownMember(Source, At(e.Name), type.ToString(), name,
                Spelling.Closest(name, type.Resolve() is NamedType n ? n.Definition.Variants.Select(v => v.Name).Concat(program.Members.MethodNames(type, scope)) : [])));
            return ErrorAt(at);
        }
        if (candidates.Length > 1)
        {
            Report(LocalNameErrors.Ambiguous(Source, At(e.Name), name, "one of several methods"));
            return ErrorAt(at);
        }
        var c = candidates[0];
        return FunctionValue(c.Function, e.TypeArguments is { } written ? ExplicitArguments(c.Function, written, c.TypeArguments) : c.TypeArguments, at);
    }

    private TypedExpression FieldAccess(TypedExpression receiver, string name, TextSpan nameAt, TextSpan at)
    {
        if (IsError(receiver.Type)) return ErrorAt(at);
        if (!IsUnknown(Underlying(receiver.Type))) return KnownField(receiver, name, nameAt, at);
        return DeferExpression(at, force =>
        {
            if (!IsUnknown(Underlying(receiver.Type))) return KnownField(receiver, name, nameAt, at);
            if (!force) return null;
            Report(TypeErrors.CannotInfer(Source, receiver.Span, "this", $"give it a type: `.{name}` depends on it"));
            MarkError(receiver.Type);
            return ErrorAt(at);
        });
    }

    private TypedExpression KnownField(TypedExpression receiver, string name, TextSpan nameAt, TextSpan at)
    {
        var target = receiver;
        for (int depth = 0; depth < 8 && ThroughCapability(target) is { } behind; depth++) target = behind;
        var type = Underlying(target.Type);
        if (IsError(type)) return ErrorAt(at);
        if (FieldOf(target, type, name, at) is { } field) return ThroughVal(receiver, field);
        ReportNoField(type, name, nameAt);
        return ErrorAt(at);
    }

    // Through val every part reads as val; only objects show it.
    private static TypedExpression ThroughVal(TypedExpression receiver, TypedExpression field)
    {
        var type = receiver.Type.Resolve();
        if (type is BorrowType b) type = b.Target.Resolve();
        if (type is CapabilityType { Modifier: CapabilityModifier.Val } && field.Type.Resolve() is CapabilityType { Modifier: CapabilityModifier.Iso } part)
            field.Type = new CapabilityType(CapabilityModifier.Val, part.Target);
        return field;
    }

    // Null when there is no such field.
    private MemberExpression? FieldOf(TypedExpression receiver, SigilType type, string name, TextSpan at)
    {
        switch (type)
        {
            case RecordType r when r.IndexOf(name) is >= 0 and var i:
                return new MemberExpression { Receiver = receiver, Index = i, Name = name, Type = r.Fields[i].Type, Span = at };
            case NamedType n when n.Definition.FindField(name) is { } f:
                {
                    var fieldType = n.Arguments.IsEmpty ? f.Type : Normalize(new Substitution(n.Definition.TypeParameters, n.Arguments).Apply(f.Type));
                    return new MemberExpression { Receiver = receiver, Index = f.Index, Name = name, Type = fieldType, Span = at };
                }
            default: return null;
        }
    }

    private void ReportNoField(SigilType type, string name, TextSpan at)
    {
        type = Zonk(type);
        if (HasError(type)) return;
        if (type is NamedType { Definition.Kind: TypeKind.Opaque } o)
        {
            Report(TypeErrors.OpaqueUse(Source, at, o.Definition.Name, $"it has no field `{name}`"));
            return;
        }
        if (!program.Members.FindMethods(type, name, scope, unifier).IsEmpty)
        {
            Report(TypeErrors.MethodNotCalled(Source, at, name));
            return;
        }
        IEnumerable<string> fields = type switch
        {
            RecordType r => r.Fields.Select(f => f.Name),
            NamedType n => n.Definition.Fields.Select(f => f.Name),
            _ => [],
        };
        var methods = program.Members.MethodNames(type, scope).ToHashSet();
        var method = OtherLanguages.Members(name).FirstOrDefault(methods.Contains);
        string? help = type switch
        {
            _ when method is not null => $"call `{method}()`",
            TupleType => "components of a tuple are .0, .1, …",
            NamedType { Definition.Kind: TypeKind.Newtype } => "open it with `.unwrap()`",
            _ when AsPrelude(type, "Option") is not null || AsPrelude(type, "Result") is not null => "open it first: `?`, `match`, or `.unwrap()`",
            _ => null,
        };
        Report(TypeErrors.NoSuchField(Source, at, type.ToString(), name, Spelling.Closest(name, fields), help));
    }

    private TypedExpression TupleIndex(Ast.TupleIndexExpression e)
    {
        var at = At(e);
        var receiver = Infer(e.Receiver);
        if (IsError(receiver.Type)) return ErrorAt(at);
        return DeferExpression(at, force =>
        {
            var target = receiver;
            for (int depth = 0; depth < 8 && ThroughCapability(target) is { } behind; depth++) target = behind;
            switch (Underlying(target.Type))
            {
                case ErrorType: return ErrorAt(at);
                case TypeVariable when !force: return null;
                case TypeVariable:
                    Report(TypeErrors.CannotInfer(Source, receiver.Span, "this", $"give it a type: `.{e.Index.Text}` depends on it"));
                    return ErrorAt(at);
                case TupleType t when e.Position < t.Elements.Length:
                    return ThroughVal(receiver, new MemberExpression { Receiver = target, Index = e.Position, Name = e.Index.Text, Type = t.Elements[e.Position], Span = at });
                case TupleType t:
                    Report(TypeErrors.NoSuchComponent(Source, At(e.Index), Zonk(t).ToString(), e.Index.Text, t.Elements.Length));
                    return ErrorAt(at);
                case var other:
                    Report(TypeErrors.NoSuchComponent(Source, At(e.Index), Zonk(other).ToString(), e.Index.Text, null));
                    return ErrorAt(at);
            }
        });
    }

    private TypedExpression Index(Ast.IndexExpression e)
    {
        var at = At(e);
        var receiver = Infer(e.Receiver);
        if (IsError(receiver.Type))
        {
            measured.Add(receiver.Type);
            if (e.Index is not Ast.RangeExpression) Infer(e.Index);
            measured.RemoveAt(measured.Count - 1);
            return ErrorAt(at);
        }
        if (!IsUnknown(Underlying(receiver.Type))) return KnownIndex(receiver, e, at);
        MentionAll(e.Index);
        return DeferExpression(at, force =>
        {
            if (!IsUnknown(Underlying(receiver.Type))) return KnownIndex(receiver, e, at);
            if (!force) return null;
            Report(TypeErrors.CannotInfer(Source, receiver.Span, "this", "give it a type: what an index means depends on it"));
            return ErrorAt(at);
        });
    }

    private TypedExpression KnownIndex(TypedExpression receiver, Ast.IndexExpression e, TextSpan at)
    {
        var target = receiver;
        for (int depth = 0; depth < 8 && ThroughCapability(target) is { } behind; depth++) target = behind;
        var type = Underlying(target.Type);
        measured.Add(type);
        try
        {
            if (type is NamedType n)
            {
                bool isList = n.Definition == Core.ListSymbol, isStr = n.Definition == Core.StrSymbol;
                if (isList || isStr)
                {
                    if (Unparenthesized(e.Index) is Ast.RangeExpression range) return Slice(target, n, range, at);
                    var index = IndexValue(e.Index, Core.Int, type);
                    return new IndexExpression { Kind = isList ? IndexKind.List : IndexKind.Str, Receiver = target, Index = index, Type = isList ? n.Arguments[0] : Core.Str, Span = at };
                }
                if (n.Definition == Core.MapSymbol)
                {
                    var key = IndexValue(e.Index, n.Arguments[0], type);
                    return new IndexExpression { Kind = IndexKind.Map, Receiver = target, Index = key, Type = Core.Option(n.Arguments[1]), Span = at };
                }
            }
            if (e.Index is not Ast.RangeExpression) Infer(e.Index);
            if (!IsError(type)) Report(TypeErrors.NotIndexable(Source, receiver.Span, Zonk(type).ToString()));
            return ErrorAt(at);
        }
        finally
        {
            measured.RemoveAt(measured.Count - 1);
        }
    }

    private TypedExpression IndexValue(Ast.Expression index, SigilType wanted, SigilType indexed)
    {
        var value = Visit(index, Expectation.Of(wanted));
        if (IsError(value.Type)) return value;
        if (TryConvert(value, wanted.Resolve(), At(index), isTail: false) is { } good) return good;
        Report(TypeErrors.IndexType(Source, At(index), Zonk(indexed).ToString(), Zonk(wanted).ToString(), Zonk(value.Type).ToString()));
        return ErrorAt(At(index));
    }

    private TypedExpression Slice(TypedExpression receiver, NamedType type, Ast.RangeExpression range, TextSpan at) => new SliceExpression
    {
        Receiver = receiver,
        Start = range.Start is { } s ? IndexValue(s, Core.Int, type) : null,
        End = range.End is { } x ? IndexValue(x, Core.Int, type) : null,
        EndInclusive = range.IsInclusive,
        Type = type,
        Span = at,
    };
}
