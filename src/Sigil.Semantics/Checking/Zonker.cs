using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Checking;

/// <summary>
/// Ends the check of a body: replaces every inference variable in its typed tree by what it stands for (void where nothing
/// says anything) and every <see cref="DeferredExpression"/> by what it came to.
/// </summary>
internal sealed partial class Zonker(BodyChecker checker)
{
    private readonly HashSet<LocalSymbol> locals = [];
    private static readonly Func<SigilType, bool> IsVariable = t => t is TypeVariable;

    /// <summary>Finishes a body and gives its root.</summary>
    public TypedExpression Body(TypedBody body)
    {
        if (body.Self is { } self) Local(self);
        foreach (var p in body.Parameters) Local(p);
        foreach (var p in body.ParameterPatterns) if (p is not null) Pattern(p);
        if (body.Boundary.Type is { } t) body.Boundary.Type = Type(t);
        return Expression(body.Root);
    }

    /// <summary>Finishes an expression that stands alone.</summary>
    public TypedExpression Root(TypedExpression e) => Expression(e);

    private SigilType Type(SigilType t)
    {
        if (t is NamedType { Arguments.IsEmpty: true } or ErrorType or TypeParameterType) return t;
        // A type without variables at all is taken as it is; one whose variables are solved is rebuilt without them.
        if (!TypeWalk.MentionsVariable(t)) return t;
        if (TypeWalk.Any(t, IsVariable))
            TypeWalk.Any(t, x =>
            {
                if (x is TypeVariable v) v.Binding = checker.Core.Void;
                return false;
            });
        return checker.Zonk(t);
    }

    private ImmutableArray<SigilType> AllTypes(ImmutableArray<SigilType> types)
    {
        if (types.IsDefaultOrEmpty) return types;
        var b = ImmutableArray.CreateBuilder<SigilType>(types.Length);
        foreach (var t in types) b.Add(Type(t));
        return b.MoveToImmutable();
    }

    private void Local(LocalSymbol local)
    {
        if (locals.Add(local)) local.Type = Type(local.Type);
    }

    private void Boundary(ExitBoundary? boundary)
    {
        if (boundary?.Type is { } t) boundary.Type = Type(t);
    }

    private TypedExpression? Optional(TypedExpression? e) => e is null ? null : Expression(e);

    private ImmutableArray<TypedExpression> All(ImmutableArray<TypedExpression> list)
    {
        for (int i = 0; i < list.Length; i++)
        {
            var z = Expression(list[i]);
            if (!ReferenceEquals(z, list[i])) list = list.SetItem(i, z);
        }
        return list;
    }

    private ImmutableArray<Argument> Arguments(ImmutableArray<Argument> list)
    {
        for (int i = 0; i < list.Length; i++)
        {
            var z = Expression(list[i].Value);
            if (!ReferenceEquals(z, list[i].Value)) list = list.SetItem(i, list[i] with { Value = z });
        }
        return list;
    }

    private ImmutableArray<FieldInitializer> Fields(ImmutableArray<FieldInitializer> list)
    {
        for (int i = 0; i < list.Length; i++)
        {
            var z = Expression(list[i].Value);
            if (!ReferenceEquals(z, list[i].Value)) list = list.SetItem(i, list[i] with { Value = z });
        }
        return list;
    }

    private ImmutableArray<ForBinding> ForBindings(ImmutableArray<ForBinding> list)
    {
        for (int i = 0; i < list.Length; i++)
        {
            Pattern(list[i].Pattern);
            list = list.SetItem(i, list[i] with { Iterable = Expression(list[i].Iterable), ItemType = Type(list[i].ItemType) });
        }
        return list;
    }

    /// <summary>Finishes an expression; gives the one that stands in its place.</summary>
    private TypedExpression Expression(TypedExpression e)
    {
        while (e is DeferredExpression d)
        {
            if (d.Result is null) return new ErrorExpression { Type = ErrorType.Instance, Span = d.Span };
            e = d.Result;
        }
        e.Type = Type(e.Type);
        Parts(e);
        return e;
    }

    private void Parts(TypedExpression e)
    {
        switch (e)
        {
            case LocalExpression x: Local(x.Local); break;
            case FunctionValueExpression x: x.TypeArguments = AllTypes(x.TypeArguments); break;
            case OperatorValueExpression x: x.OperandType = Type(x.OperandType); break;
            case CallExpression x:
                x.TypeArguments = AllTypes(x.TypeArguments);
                x.Arguments = Arguments(x.Arguments);
                break;
            case IndirectCallExpression x:
                x.Callee = Expression(x.Callee);
                x.Arguments = Arguments(x.Arguments);
                break;
            case DynCallExpression x:
                x.TypeArguments = AllTypes(x.TypeArguments);
                x.Arguments = Arguments(x.Arguments);
                break;
            case CapabilityCallExpression x: x.Arguments = Arguments(x.Arguments); break;
            case MemberExpression x: x.Receiver = Expression(x.Receiver); break;
            case DereferenceExpression x: x.Operand = Expression(x.Operand); break;
            case IndexExpression x:
                x.Receiver = Expression(x.Receiver);
                x.Index = Expression(x.Index);
                break;
            case SliceExpression x:
                x.Receiver = Expression(x.Receiver);
                x.Start = Optional(x.Start);
                x.End = Optional(x.End);
                break;
            case LengthExpression x: x.ReceiverType = Type(x.ReceiverType); break;
            case UnaryExpression x: x.Operand = Expression(x.Operand); break;
            case BinaryExpression x:
                x.Left = Expression(x.Left);
                x.Right = Expression(x.Right);
                break;
            case OrderingTestExpression x: x.Comparison = Expression(x.Comparison); break;
            case LogicalExpression x:
                x.Left = Expression(x.Left);
                x.Right = Expression(x.Right);
                break;
            case CoalesceExpression x:
                x.Left = Expression(x.Left);
                x.Right = Expression(x.Right);
                break;
            case AssignExpression x:
                x.Target = Expression(x.Target);
                x.Value = Expression(x.Value);
                break;
            case ConversionExpression x:
                x.Operand = Expression(x.Operand);
                x.MethodTypeArguments = AllTypes(x.MethodTypeArguments);
                break;
            case StructExpression x:
                x.Spread = Optional(x.Spread);
                x.Fields = Fields(x.Fields);
                break;
            case VariantExpression x: x.Fields = Fields(x.Fields); break;
            case NewtypeExpression x: x.Content = Expression(x.Content); break;
            case TupleExpression x: x.Elements = All(x.Elements); break;
            case ListExpression x: x.Elements = All(x.Elements); break;
            case MapExpression x:
                for (int i = 0; i < x.Entries.Length; i++)
                    x.Entries = x.Entries.SetItem(i, (Expression(x.Entries[i].Key), Expression(x.Entries[i].Value)));
                break;
            case RangeExpression x:
                x.Start = Expression(x.Start);
                x.End = Expression(x.End);
                break;
            case TemplateExpression x: x.Parts = All(x.Parts); break;
            case LambdaExpression x:
                foreach (var p in x.Parameters) Local(p);
                foreach (var p in x.ParameterPatterns) if (p is not null) Pattern(p);
                x.Body = Expression(x.Body);
                break;
            default:
                ControlParts(e);
                break;
        }
    }

    private void Pattern(TypedPattern p)
    {
        p.Type = Type(p.Type);
        p.Through = p.Through is { } through ? (CapabilityType)Type(through) : null;
        switch (p)
        {
            case BindingPattern b:
                Local(b.Local);
                if (b.Inner is { } inner) Pattern(inner);
                break;
            case VariantPattern v:
                foreach (var f in v.Fields) Pattern(f.Pattern);
                break;
            case ProductPattern v:
                foreach (var f in v.Fields) Pattern(f.Pattern);
                break;
            case ListPattern l:
                foreach (var x in l.Prefix) Pattern(x);
                foreach (var x in l.Suffix) Pattern(x);
                if (l.Rest is { } rest) Local(rest);
                break;
            case OrPattern o:
                foreach (var x in o.Alternatives) Pattern(x);
                break;
        }
    }
}
