using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

public sealed partial class BodyChecker
{
    /// <summary>Checks a lambda against the function type that is wanted, if one is known.</summary>
    internal TypedExpression Lambda(Ast.LambdaExpression e, SigilType? expected, bool isBorrowed)
    {
        var at = At(e);
        var wanted = expected?.Resolve() is { } t ? (t is CapabilityType c ? c.Target.Resolve() : t) as FunctionType : null;
        var heads = e.Parameters;
        bool splitsTuple = false;
        if (wanted is not null && wanted.Parameters.Length != heads.Count)
        {
            // A lambda of several parameters fits where a function over a tuple is wanted (§5.7).
            splitsTuple = wanted.Parameters.Length == 1 && heads.Count >= 2 && Underlying(wanted.Parameters[0]) switch
            {
                TypeVariable => true,
                TupleType tuple => tuple.Elements.Length == heads.Count,
                _ => false,
            };
            if (!splitsTuple)
            {
                Report(TypeErrors.LambdaParameterCount(Source, at, wanted.Parameters.Length, heads.Count));
                return ErrorAt(at);
            }
        }
        var tracker = PushCaptures(CaptureContext.Lambda);
        PushLoopBarrier();
        PushScope();
        var savedParameters = currentParameters;
        var types = new SigilType[heads.Count];
        for (int i = 0; i < heads.Count; i++)
        {
            types[i] = heads[i].Type is { } written ? resolver.Resolve(written, typeScope, Declarations.TypePosition.Parameter, Hole)
                : wanted is not null && !splitsTuple ? wanted.Parameters[i]
                // Nothing is known because something else is wrong.
                : expected?.Resolve() is ErrorType ? ErrorType.Instance
                : NewVariable();
        }
        var (locals, patterns, parameterTypes) = splitsTuple ? SplitTuple(e, types, wanted!, at) : PlainHeads(e, types);
        currentParameters = locals;

        var result = e.ReturnType is { } declared ? ResolveType(declared) : wanted?.Result ?? NewVariable();
        var uses = e.Uses is { } written2 ? resolver.ResolveUses(written2, typeScope) : wanted?.Uses ?? [];
        var boundary = new ExitBoundary { Type = result };
        PushBoundary(boundary);
        var body = IsVoid(result) ? CheckDiscarding(e.Body) : CheckAs(e.Body, new Expectation(result, IsTail: true));
        PopBoundary();
        // A body that never ends gives any result.
        if (IsUnknown(result)) Defer(force => !IsUnknown(result) || (force && body is ConversionExpression { Kind: ConversionKind.NeverToAny } && Unify(result, Core.Never)) || force);
        currentParameters = savedParameters;
        PopScope();
        PopLoop();
        PopCaptures();

        LimitArity(parameterTypes.Length + uses.Count(u => !u.Trait.IsMarkerCapability), at);
        var node = new LambdaExpression
        {
            Parameters = locals,
            ParameterPatterns = patterns,
            Body = body,
            Captures = tracker.Captures,
            IsBorrowed = isBorrowed,
            Type = new FunctionType(parameterTypes, result, uses, isBorrowed ? FunctionKind.Borrowed : KindOf(tracker.Captures, wanted)),
            Span = at,
        };
        // What a queued operation in the body mentions is captured too.
        OnFinish(() => node.Captures = tracker.Captures);
        return node;
    }

    // A lambda that owns a unique value is iso; one that holds something bound to its task is ref.
    private FunctionKind KindOf(ImmutableArray<LocalSymbol> captures, FunctionType? wanted)
    {
        // What a plain function may not capture is reported with the capture's name when all types are known.
        if (wanted is { Kind: FunctionKind.Plain }) return FunctionKind.Plain;
        bool isLocal = false;
        foreach (var local in captures)
        {
            var type = Zonk(local.Type);
            if (UnifierHasVariables(type) || HasError(type)) continue;
            if (type is FunctionType { Kind: var kind })
            {
                if (kind == FunctionKind.Iso) return FunctionKind.Iso;
                isLocal |= kind is FunctionKind.Ref;
                continue;
            }
            if (Types.KindOf(type) == ValueKind.Unique) return FunctionKind.Iso;
            isLocal |= Types.WhyNotSendable(type) is not null && IsTaskLocal(type);
        }
        if (wanted is { Kind: FunctionKind.Iso or FunctionKind.Ref }) return wanted.Kind;
        return isLocal ? FunctionKind.Ref : FunctionKind.Plain;
    }

    // A type parameter without bound may stand for anything; where it must be Sendable the instance is checked.
    private static bool IsTaskLocal(SigilType type) => !TypeWalk.Any(type, t => t is TypeParameterType);

    private (ImmutableArray<LocalSymbol>, ImmutableArray<TypedPattern?>, ImmutableArray<SigilType>) PlainHeads(Ast.LambdaExpression e, SigilType[] types)
    {
        var locals = ImmutableArray.CreateBuilder<LocalSymbol>(types.Length);
        var patterns = ImmutableArray.CreateBuilder<TypedPattern?>(types.Length);
        for (int i = 0; i < types.Length; i++)
        {
            var head = e.Parameters[i];
            if (head.Pattern is Ast.BindingPattern { Name: { IsMissing: false } name })
            {
                foreach (var earlier in locals)
                    if (earlier.Name == name.Text) Report(PatternNameTwice(name));
                RequireLowerCase(name);
                locals.Add(Declare(name.Text, LocalKind.LambdaParameter, types[i], At(name)));
                patterns.Add(null);
            }
            else
            {
                locals.Add(new LocalSymbol("", LocalKind.LambdaParameter) { Type = types[i], Source = Source, Span = At(head), DeclaringLambda = CurrentTracker });
                patterns.Add(null);
            }
        }
        for (int i = 0; i < types.Length; i++)
            if (e.Parameters[i].Pattern is not Ast.BindingPattern) patterns[i] = CheckPattern(e.Parameters[i].Pattern, types[i], LocalKind.LambdaParameter);
        return (locals.MoveToImmutable(), patterns.MoveToImmutable(), [.. types]);
    }

    private Sigil.Syntax.Diagnostics.Diagnostic PatternNameTwice(Ast.SyntaxToken name) => LocalNameErrors.ParameterTwice(Source, At(name), name.Text);

    // One parameter, taken apart by a tuple pattern.
    private (ImmutableArray<LocalSymbol>, ImmutableArray<TypedPattern?>, ImmutableArray<SigilType>) SplitTuple(Ast.LambdaExpression e, SigilType[] types, FunctionType wanted, TextSpan at)
    {
        var tuple = new TupleType([.. types]);
        var parameter = wanted.Parameters[0].Resolve();
        if (!Unify(Underlying(parameter), tuple))
            Report(TypeErrors.Mismatch(Source, at, Zonk(Underlying(parameter)).ToString(), Zonk(tuple).ToString()));
        var parts = ImmutableArray.CreateBuilder<FieldPattern>(types.Length);
        for (int i = 0; i < types.Length; i++) parts.Add(new FieldPattern(i, CheckPattern(e.Parameters[i].Pattern, types[i], LocalKind.LambdaParameter)));
        var local = new LocalSymbol("", LocalKind.LambdaParameter) { Type = parameter, Source = Source, Span = at, DeclaringLambda = CurrentTracker };
        var whole = parameter is BorrowType { Target: var lent } ? lent.Resolve() : parameter;
        var pattern = new ProductPattern { Fields = parts.MoveToImmutable(), Type = tuple, Through = whole as CapabilityType, Span = at };
        return ([local], [pattern], [parameter]);
    }
}
