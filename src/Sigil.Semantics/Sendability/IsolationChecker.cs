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
    public static void Check(TypedBody body, ITypeSystem types, SourceText source, DiagnosticBag diagnostics) =>
        new IsolationChecker(types, source, diagnostics).Visit(body.Root);

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
            case MatchExpression match:
                foreach (var arm in match.Arms) CheckPattern(match.Scrutinee.Type, arm.Pattern);
                break;
            case ForExpression loop:
                foreach (var binding in loop.Bindings) CheckPattern(binding.Iterable.Type, binding.Pattern);
                break;
            case MemberExpression or DereferenceExpression or IndexExpression:
                VisitPath(expression);
                return;
        }
        base.Visit(expression);
    }

    /// <inheritdoc/>
    protected override void VisitStatement(TypedStatement statement)
    {
        if (statement is LetStatement let) CheckPattern(let.Value.Type, let.Pattern);
        base.VisitStatement(statement);
    }

    // What is Sendable has aliases inside isolated objects only: a pattern that names one takes it out of there.
    private void CheckPattern(SigilType subject, TypedPattern pattern)
    {
        if (WhyNot(subject) is not null) return;
        foreach (var name in Bindings(pattern))
            if (WhyNot(name.Local.Type) is { } why)
                diagnostics.Add(ConcurrencyErrors.PartLeavesObject(source, name.Span, WithoutBorrow(subject).ToString()!, name.Local.Type.ToString(), why));
    }

    private static IEnumerable<BindingPattern> Bindings(TypedPattern pattern) => pattern switch
    {
        BindingPattern b => b.Inner is { } inner ? Bindings(inner).Prepend(b) : [b],
        VariantPattern v => v.Fields.SelectMany(f => Bindings(f.Pattern)),
        ProductPattern p => p.Fields.SelectMany(f => Bindings(f.Pattern)),
        ListPattern l => l.Prefix.Concat(l.Suffix).SelectMany(Bindings),
        OrPattern o => o.Alternatives.SelectMany(Bindings),
        _ => [],
    };

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
