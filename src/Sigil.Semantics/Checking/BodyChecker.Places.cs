using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Assignment and what may be written (§4 "Bindings", concurrency §2).
public sealed partial class BodyChecker
{
    private TypedExpression Assign(Ast.AssignExpression e)
    {
        var at = At(e);
        if (Unparenthesized(e.Target) is Ast.NameExpression name) return AssignName(e, name, at);
        if (Unparenthesized(e.Target) is Ast.ConfigExpression config)
        {
            Report(LocalNameErrors.NotAssignable(Source, At(config), config.ToString(), "a config, a constant", null));
            Infer(e.Value);
            return ErrorAt(at);
        }
        if (Unparenthesized(e.Target) is not (Ast.MemberExpression or Ast.TupleIndexExpression or Ast.IndexExpression or Ast.SelfExpression))
        {
            // Not a place: the parser said so.
            Infer(e.Target);
            Infer(e.Value);
            return ErrorAt(at);
        }
        var target = Visit(e.Target, Expectation.None);
        RetryDeferred();
        while (target is DeferredExpression { Result: { } now }) target = now;
        if (IsError(target.Type))
        {
            Infer(e.Value);
            return ErrorAt(at);
        }
        if (target is DeferredExpression)
        {
            Report(TypeErrors.CannotInfer(Source, target.Span, "the place assigned here"));
            Infer(e.Value);
            return ErrorAt(at);
        }
        if (target is IndexExpression { Kind: IndexKind.Str })
        {
            Report(LocalNameErrors.NotAMutablePlace(Source, target.Span, "a part of a string", "strings are immutable: build a new one"));
            Infer(e.Value);
            return ErrorAt(at);
        }
        // Writing an entry of a map inserts or replaces the value itself.
        if (target is IndexExpression { Kind: IndexKind.Map } entry && AsPrelude(entry.Type, "Option") is { } option) entry.Type = option.Arguments[0];
        bool good = target switch
        {
            IndexExpression { Kind: IndexKind.Map } m => CheckMutablePlace(m.Receiver, target.Span),
            MemberExpression or IndexExpression or DereferenceExpression => CheckMutablePlace(target, target.Span),
            _ => IsWholePlace(target),
        };
        var value = Check(e.Value, Underlyable(target.Type));
        return good ? new AssignExpression { Target = target, Value = value, Type = Core.Void, Span = at } : ErrorAt(at);
    }

    private static SigilType Underlyable(SigilType t) => t.Resolve() is BorrowType b ? b.Target : t;

    private bool IsWholePlace(TypedExpression target)
    {
        if (target is LocalExpression { Local.Kind: LocalKind.Self }) return CheckMutablePlace(target, target.Span);
        Report(LocalNameErrors.NotAMutablePlace(Source, target.Span, "this", "only names, fields, components and elements are places"));
        return false;
    }

    private TypedExpression AssignName(Ast.AssignExpression e, Ast.NameExpression name, TextSpan at)
    {
        var nameAt = At(name);
        if (name.Name.IsMissing || LookupLocal(name.Name.Text) is not { } local)
        {
            if (name.Name.IsMissing) { }
            else if (name.Name.Text == "_") return new AssignExpression { Target = ErrorAt(nameAt), Value = Infer(e.Value), Type = Core.Void, Span = at };
            else if (scope.LookupValue(name.Name.Text).IsFound) Report(LocalNameErrors.NotAssignable(Source, nameAt, name.Name.Text, "a function or constructor", null));
            else Unknown(name.Name.Text, nameAt, isAssigned: true);
            Infer(e.Value);
            return ErrorAt(at);
        }
        bool good = CheckReassignable(local, nameAt);
        Mention(local);
        var target = new LocalExpression { Local = local, Type = local.Type, Span = nameAt };
        var value = Check(e.Value, Underlyable(local.Type));
        return good ? new AssignExpression { Target = target, Value = value, Type = Core.Void, Span = at } : ErrorAt(at);
    }

    private bool CheckReassignable(LocalSymbol local, TextSpan at)
    {
        var declaredAt = PlaceOf(local);
        if (!local.IsAssignable)
        {
            // Through a mutable borrow the lent place is written.
            if (local is { Kind: LocalKind.Parameter or LocalKind.LambdaParameter } && local.Type.Resolve() is BorrowType { IsMutable: true }) return CheckNotCaptured(local, at);
            var what = local.Kind switch
            {
                LocalKind.Parameter or LocalKind.LambdaParameter => "a parameter",
                LocalKind.Loop => "the name of a loop's item",
                LocalKind.Group => "the name of a group",
                _ => "a name bound by a pattern",
            };
            Report(LocalNameErrors.NotAssignable(Source, at, local.Name, what, declaredAt));
            return false;
        }
        return CheckNotCaptured(local, at);
    }

    private bool CheckNotCaptured(LocalSymbol local, TextSpan at)
    {
        if (!IsCaptured(local)) return true;
        bool inTask = false;
        for (int i = captureTrackers.Count - 1; i >= 0 && !ReferenceEquals(captureTrackers[i], local.DeclaringLambda); i--)
            if (captureTrackers[i].Context == CaptureContext.Task) inTask = true;
            else
            {
                Report(LocalNameErrors.AssignedCapture(Source, at, local.Name, PlaceOf(local)));
                return false;
            }
        if (inTask) Report(LocalNameErrors.AssignedTaskCapture(Source, at, local.Name, PlaceOf(local)));
        return !inTask;
    }

    private static SourceLocation? PlaceOf(LocalSymbol local) => local.Source is { } file ? new SourceLocation(file, local.Span) : null;

    /// <summary>Whether a place may be updated in place; reports when not (E2016, E2017, E6005, E6006).</summary>
    internal bool CheckMutablePlace(TypedExpression place, TextSpan at, bool isReceiver = false)
    {
        // Inside an object: the binding needs no `mut`.
        bool inObject = false, isAlias = false;
        while (true)
        {
            switch (place)
            {
                case DeferredExpression { Result: { } now }:
                    place = now;
                    continue;
                case DeferredExpression waiting:
                    OnFinish(() =>
                    {
                        if (waiting.Result is { } r) CheckMutablePlace(r, at, isReceiver);
                    });
                    return true;
                case MemberExpression m:
                    place = m.Receiver;
                    continue;
                case IndexExpression { Kind: IndexKind.List } i:
                    place = i.Receiver;
                    continue;
                case DereferenceExpression d:
                    {
                        var type = d.Operand.Type.Resolve();
                        if (type is BorrowType b) type = b.Target.Resolve();
                        if (type is CapabilityType { Modifier: CapabilityModifier.Val })
                        {
                            Report(TypeErrors.WriteThroughVal(Source, at, Zonk(type).ToString()));
                            return false;
                        }
                        isAlias |= type is CapabilityType { Modifier: CapabilityModifier.Ref };
                        inObject = true;
                        place = d.Operand;
                        continue;
                    }
                case ErrorExpression: return false;
                case LocalExpression l: return CheckRoot(l.Local, at, inObject, isAlias);
                case CapabilityExpression c:
                    Report(LocalNameErrors.NotAMutablePlace(Source, at, $"the value behind `{c.Capability.Trait.Name}`", "keep state in a Recorder or behind a method of the capability"));
                    return false;
                default:
                    if (inObject) return true;
                    Report(isReceiver
                        ? LocalNameErrors.NotAMutablePlace(Source, at, "this temporary value", "bind it with `let mut` first: the method updates its receiver")
                        : LocalNameErrors.NotAMutablePlace(Source, at, "this", "bind it with `let mut` first"));
                    return false;
            }
        }
    }

    private bool CheckRoot(LocalSymbol local, TextSpan at, bool inObject, bool isAlias)
    {
        if (isAlias) return CheckTaskCapture(local, at);
        bool isLent = local.Type.Resolve() is BorrowType { IsMutable: false };
        if (local.Kind == LocalKind.Self)
        {
            if (function?.SelfKind == SelfKind.Mutable || (inObject && function?.SelfKind == SelfKind.Owned) || local.Type.Resolve() is BorrowType { IsMutable: true }) return CheckNotCaptured(local, at);
            Report(LocalNameErrors.NotAMutablePlace(Source, at, "`self`", "take `mut self` to update the receiver"));
            return false;
        }
        if (local.Type.Resolve() is BorrowType { IsMutable: true }) return CheckNotCaptured(local, at);
        if (isLent)
        {
            Report(LocalNameErrors.NotAMutablePlace(Source, at, $"`{local.Name}`, which is lent for reading,", $"take it as `&mut` to update it"));
            return false;
        }
        if (inObject) return CheckTaskCapture(local, at);
        switch (local.Kind)
        {
            case LocalKind.LetMut: return CheckNotCaptured(local, at);
            case LocalKind.Let:
                Report(LocalNameErrors.NotMutable(Source, at, local.Name, PlaceOf(local), new TextSpan(local.Span.Start, 0)));
                return false;
            default:
                Report(LocalNameErrors.NotAMutablePlace(Source, at, $"`{local.Name}`", $"copy it first: `let mut {local.Name} = {local.Name}`"));
                return false;
        }
    }

    // Field writes through a captured iso or ref are no assignments of the capture, but a task has its own.
    private bool CheckTaskCapture(LocalSymbol local, TextSpan at)
    {
        for (int i = captureTrackers.Count - 1; i >= 0 && !ReferenceEquals(captureTrackers[i], local.DeclaringLambda); i--)
            if (captureTrackers[i].Context == CaptureContext.Task)
            {
                Report(LocalNameErrors.AssignedTaskCapture(Source, at, local.Name, PlaceOf(local)));
                return false;
            }
        return true;
    }
}
