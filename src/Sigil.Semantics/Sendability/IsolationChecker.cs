using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Sendability;

/// <summary>Keeps aliases out of and inside isolated objects (E6007): what <c>recover</c> may mention, what <c>iso</c> and <c>val</c> may be made from, and which parts may be reached through them.</summary>
public sealed class IsolationChecker : TypedTreeWalker
{
    private readonly ITypeSystem types;
    private readonly SourceText source;
    private readonly DiagnosticBag diagnostics;

    private IsolationChecker(ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        this.types = types;
        this.source = source;
        this.diagnostics = diagnostics;
    }

    /// <summary>Checks a body.</summary>
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics)
    {
        var checker = new IsolationChecker(types, source, diagnostics);
        foreach (var pattern in body.ParameterPatterns)
            if (pattern is not null) checker.VisitPattern(pattern);
        checker.Visit(body.Root);
    }

    /// <inheritdoc/>
    public override void Visit(TypedExpression expression)
    {
        switch (expression)
        {
            case RecoverExpression recover:
                CheckRecover(recover);
                break;
            case ConversionExpression { Kind: ConversionKind.MakeObject, Type: var type } make when type.Resolve() is CapabilityType { Modifier: not CapabilityModifier.Ref } made:
                if (WhyNot(made.Target) is { } why)
                    diagnostics.Add(ConcurrencyErrors.NotIsolated(source, make.Span, made.Modifier == CapabilityModifier.Iso ? "iso" : "val", made.Target.ToString(), why));
                break;
            case MemberExpression or DereferenceExpression or IndexExpression:
                VisitPath(expression);
                return;
        }
        base.Visit(expression);
    }

    /// <inheritdoc/>
    protected override void VisitPattern(TypedPattern pattern) => CheckPattern(pattern, null);

    // Names that a pattern binds inside of an isolated object must not be aliases of its parts, wherever the pattern stands.
    private void CheckPattern(TypedPattern pattern, CapabilityType? around)
    {
        if (around is null && pattern.Through is { Modifier: not CapabilityModifier.Ref } owner && WhyNot(owner.Target) is not null) around = owner;
        switch (pattern)
        {
            case BindingPattern binding:
                CheckPart(binding.Local, binding.Span, around);
                if (binding.Inner is { } inner) CheckPattern(inner, around);
                break;
            case VariantPattern variant: foreach (var field in variant.Fields) CheckPattern(field.Pattern, around); break;
            case ProductPattern product: foreach (var field in product.Fields) CheckPattern(field.Pattern, around); break;
            case ListPattern list:
                foreach (var element in list.Prefix.Concat(list.Suffix)) CheckPattern(element, around);
                if (list.Rest is { } rest) CheckPart(rest, rest.Span, around);
                break;
            case OrPattern or: foreach (var alternative in or.Alternatives) CheckPattern(alternative, around); break;
        }
    }

    private void CheckPart(LocalSymbol name, TextSpan at, CapabilityType? owner)
    {
        if (owner is not null && WhyNot(name.Type) is { } why) diagnostics.Add(ConcurrencyErrors.PartLeavesObject(source, at, owner.ToString(), name.Type.ToString(), why));
    }

    private void CheckRecover(RecoverExpression recover)
    {
        var mentions = new MentionCollector();
        mentions.Visit(recover.Body);
        foreach (var (local, at) in mentions.First)
        {
            if (mentions.Declared.Contains(local) || WhyNot(local.Type) is not { } why) continue;
            diagnostics.Add(ConcurrencyErrors.OuterNameInRecover(source, at, local.Name, local.Type.ToString(), why, new SourceLocation(local.Source ?? source, local.Span)));
        }
    }

    /// <summary>A path that goes through an <c>iso</c> or <c>val</c> of a type that is not Sendable must end in a Sendable part.</summary>
    private void VisitPath(TypedExpression path)
    {
        var isChecked = false;
        for (var at = path; ;)
        {
            switch (at)
            {
                case MemberExpression member:
                    at = member.Receiver;
                    continue;
                case IndexExpression index:
                    Visit(index.Index);
                    at = index.Receiver;
                    continue;
                case DereferenceExpression dereference:
                    if (!isChecked && Owner(dereference.Operand.Type) is { Modifier: not CapabilityModifier.Ref } owner && WhyNot(owner.Target) is not null && WhyNot(path.Type) is { } why)
                    {
                        isChecked = true;
                        diagnostics.Add(ConcurrencyErrors.PartLeavesObject(source, path.Span, owner.ToString(), path.Type.ToString(), why));
                    }
                    at = dereference.Operand;
                    continue;
            }
            Visit(at);
            return;
        }
    }

    private static CapabilityType? Owner(SigilType type) => type.Resolve() switch
    {
        CapabilityType capability => capability,
        BorrowType borrow => borrow.Target.Resolve() as CapabilityType,
        _ => null,
    };

    private static SigilType WithoutBorrow(SigilType type) => type.Resolve() is BorrowType borrow ? borrow.Target.Resolve() : type.Resolve();

    private string? WhyNot(SigilType type)
    {
        type = WithoutBorrow(type);
        if (type is ErrorType or TypeVariable || types.WhyNotSendable(type) is not { } path) return null;
        return SendablePath.Describe(type, path);
    }
}
