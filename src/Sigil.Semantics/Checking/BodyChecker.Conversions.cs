using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Which value fits where (§3.4, and ownership rules of concurrency §2). Everything else is equality of types.
public sealed partial class BodyChecker
{
    private static ConversionExpression Convert(TypedExpression e, ConversionKind kind, SigilType to) =>
        new() { Kind = kind, Operand = e, Type = to, Span = e.Span };

    internal static TypedExpression ErrorAt(TextSpan at) => new ErrorExpression { Type = ErrorType.Instance, Span = at };

    /// <summary>What is borrowed, as an owned value.</summary>
    internal TypedExpression Decay(TypedExpression e) =>
        e.Type.Resolve() is BorrowType b ? Convert(e, ConversionKind.CopyBorrow, b.Target) : e;

    /// <summary>Drops a value in a position of type void.</summary>
    internal TypedExpression Discard(TypedExpression e, TextSpan at)
    {
        var type = e.Type.Resolve();
        if (type is ErrorType || IsVoid(type) || IsNever(type)) return e;
        var source = Source;
        OnFinish(() =>
        {
            if (AsPrelude(e.Type, "Result") is { } result) Report(TypeErrors.ResultDropped(source, at, result.ToString()));
        });
        return Convert(e, ConversionKind.Discard, Core.Void);
    }

    /// <summary>Converts a value to the type that its position wants; reports when it does not fit.</summary>
    internal TypedExpression Coerce(TypedExpression e, SigilType expected, TextSpan at) => Coerce(e, expected, at, isTail: false);

    /// <summary>Converts a value to the type that its position wants; in tail position the error of a Result is converted too.</summary>
    internal TypedExpression Coerce(TypedExpression e, SigilType expected, TextSpan at, bool isTail)
    {
        var target = expected.Resolve();
        if (e.Type.Resolve() is ErrorType || target is ErrorType)
        {
            MarkError(target);
            return e;
        }
        if (TryConvert(e, target, at, isTail) is { } converted) return converted;
        ReportMismatch(e, target, at);
        MarkError(target);
        return ErrorAt(at);
    }

    /// <summary>What was to be learnt from an erroneous expression will not be: it stays quiet from here on.</summary>
    internal static void MarkError(SigilType type)
    {
        foreach (var v in Variables(type)) v.Binding = ErrorType.Instance;
    }

    /// <summary>Whether a value of one type could be converted to another; binds nothing.</summary>
    private bool Fits(TypedExpression e, SigilType target)
    {
        var mark = unifier.Snapshot();
        int waiting = deferred.Count, owed = obligations.Count, ends = finishers.Count;
        bool wasSilent = isSilent;
        isSilent = true;
        bool fits = TryConvert(e, target.Resolve(), e.Span, isTail: false) is not null;
        isSilent = wasSilent;
        unifier.Rollback(mark);
        if (deferred.Count > waiting) deferred.RemoveRange(waiting, deferred.Count - waiting);
        // A bound that is plainly not met makes an overload unfit.
        obligations.RemoveRange(owed, obligations.Count - owed);
        finishers.RemoveRange(ends, finishers.Count - ends);
        return fits;
    }

    // Null when the value does not fit.
    private TypedExpression? TryConvert(TypedExpression e, SigilType target, TextSpan at, bool isTail)
    {
        var source = e.Type.Resolve();
        if (source is ErrorType || target is ErrorType || ReferenceEquals(source, target)) return e;
        if (IsNever(source)) return IsNever(target) ? e : Convert(e, ConversionKind.NeverToAny, target);
        if (target is TypeVariable)
        {
            var value = Decay(e);
            return Unify(value.Type, target) ? value : null;
        }
        if (source is TypeVariable) return ConvertUnknown(e, target, at);
        if (target is BorrowType lent) return Lend(e, source, lent);
        if (source is BorrowType)
        {
            e = Decay(e);
            source = e.Type.Resolve();
            if (source is TypeVariable) return ConvertUnknown(e, target, at);
        }
        switch (target)
        {
            case DynType dyn: return ToDyn(e, source, dyn, at);
            case CapabilityType capability: return ToCapability(e, source, capability, at);
            case FunctionType function: return source is FunctionType from ? ToFunction(e, from, function) : null;
            case NamedType named: return ToNamed(e, source, named, at, isTail);
            default: return Unify(source, target) ? e : null;
        }
    }

    // The source is not known: where only equality can hold, it is made equal; else the decision waits.
    private TypedExpression? ConvertUnknown(TypedExpression e, SigilType target, TextSpan at)
    {
        bool mayConvert = target is DynType or CapabilityType or FunctionType || target is NamedType { Definition: { Kind: TypeKind.Opaque } or { IsUnique: true } };
        if (target is BorrowType b) return Unify(e.Type, b.Target) ? e : null;
        if (!mayConvert) return Unify(e.Type, target) ? e : null;
        var node = new DeferredExpression { Type = target, Span = e.Span };
        var file = Source;
        Defer(force =>
        {
            if (IsUnknown(e.Type) && !force) return false;
            if (IsUnknown(e.Type)) Unify(e.Type, target);
            var here = Source;
            Source = file;
            node.Result = Coerce(e, target, at);
            Source = here;
            return true;
        });
        return node;
    }

    private TypedExpression? Lend(TypedExpression e, SigilType source, BorrowType target)
    {
        if (source is BorrowType b)
        {
            if (target.IsMutable && !b.IsMutable) return null;
            source = b.Target.Resolve();
        }
        var wanted = target.Target.Resolve();
        if (Unify(source, wanted)) return e;
        // A lent end of a shared role serves as the plain role; the object behind iso, val and ref is lent through it.
        if (ThroughCapability(e) is { } behind && Unify(behind.Type, wanted)) return behind;
        return TryConvert(source is NamedType && e.Type.Resolve() is BorrowType ? Decay(e) : e, wanted, e.Span, isTail: false);
    }

    private TypedExpression? ToDyn(TypedExpression e, SigilType source, DynType target, TextSpan at)
    {
        if (source is DynType && Unify(source, target)) return e;
        foreach (var trait in target.Traits)
            Require(source, trait, at, $"`{target}`", failure: t => trait.Trait == Core.FindTrait("Sendable") ? NotSendable(t, at, $"`{target}`") : TypeErrors.Mismatch(Source, at, target.ToString(), t.ToString(), $"`{t}` does not implement `{trait.Trait.Name}`"));
        RequireCopyable(source, at, "as a `dyn` or opaque value");
        return Convert(e, ConversionKind.ToDyn, target);
    }

    private TypedExpression? ToCapability(TypedExpression e, SigilType source, CapabilityType target, TextSpan at)
    {
        if (source is CapabilityType from)
        {
            if (from.Modifier == target.Modifier) return Unify(from.Target, target.Target) ? e : null;
            if (from.Modifier != CapabilityModifier.Iso || !Unify(from.Target, target.Target)) return null;
            return Convert(e, target.Modifier == CapabilityModifier.Val ? ConversionKind.Freeze : ConversionKind.Open, target);
        }
        if (target.Modifier == CapabilityModifier.Ref) return null;
        var content = TryConvert(e, target.Target.Resolve(), at, isTail: false);
        return content is null ? null : Convert(content, ConversionKind.MakeObject, target);
    }

    private TypedExpression? ToFunction(TypedExpression e, FunctionType source, FunctionType target)
    {
        if (!KindFits(source.Kind, target.Kind) || source.Parameters.Length != target.Parameters.Length) return null;
        var mark = unifier.Snapshot();
        var reads = false;
        for (int i = 0; i < source.Parameters.Length; i++)
        {
            if (unifier.Unify(source.Parameters[i], target.Parameters[i])) continue;
            // A function that only reads its parameter serves where the value is given away; the conversion drops it.
            if (source.Parameters[i].Resolve() is BorrowType { IsMutable: false } b && unifier.Unify(b.Target, target.Parameters[i]))
            {
                reads = true;
                continue;
            }

            unifier.Rollback(mark);
            return null;
        }
        if (!IsNever(source.Result) && !unifier.Unify(source.Result, target.Result))
        {
            unifier.Rollback(mark);
            return null;
        }
        // Lent as it is: a function value is one object, whoever calls it.
        bool sameKind = source.Kind == target.Kind || (source.Kind == FunctionKind.Iso && target.Kind == FunctionKind.Borrowed);
        return sameKind && !reads && SameUses(source, target) ? e : Convert(e, ConversionKind.Function, target);
    }

    private static bool SameUses(FunctionType a, FunctionType b)
    {
        if (a.Uses.Length != b.Uses.Length) return false;
        for (int i = 0; i < a.Uses.Length; i++) if (a.Uses[i].Trait != b.Uses[i].Trait) return false;
        return true;
    }

    // Iso never becomes plain (E6019), ref never becomes plain (E6002): the message says which.
    private static bool KindFits(FunctionKind source, FunctionKind target) =>
        source == target || target == FunctionKind.Borrowed || (source == FunctionKind.Plain && target is FunctionKind.Iso or FunctionKind.Ref);

    private TypedExpression? ToNamed(TypedExpression e, SigilType source, NamedType target, TextSpan at, bool isTail)
    {
        if (source is not NamedType from)
        {
            if (target.Definition.Kind == TypeKind.Opaque && ToOpaque(e, source, target) is { } opaque) return opaque;
            return Unify(source, target) ? e : null;
        }
        if (from.Definition == target.Definition)
        {
            if (Unify(from, target)) return e;
            return ConvertError(e, from, target, isTail);
        }
        if (e is LiteralExpression { Value: long n } && from.Definition == Core.IntSymbol && target.Definition == Core.ByteSymbol)
            return ByteLiteral(n, e.Span);
        if (Core.PlainRoleOf(from.Definition) is { } plain && plain == target.Definition)
            return Unify(new NamedType(plain, from.Arguments), target) ? Convert(e, ConversionKind.ToPlainRole, target) : null;
        return target.Definition.Kind == TypeKind.Opaque ? ToOpaque(e, source, target) : null;
    }

    private TypedExpression? ToOpaque(TypedExpression e, SigilType source, NamedType target)
    {
        if (!HasOpaqueImpl(source, target)) return null;
        RequireCopyable(source, e.Span, "as a `dyn` or opaque value");
        return Convert(e, ConversionKind.ToOpaque, target);
    }

    // impl Opaque for S: there are few of them, and only where an opaque type is wanted is one looked for.
    private bool HasOpaqueImpl(SigilType source, NamedType target)
    {
        foreach (var modules in (ReadOnlySpan<ImmutableArray<ModuleSymbol>>)[program.Modules, program.LibraryModules])
            foreach (var module in modules)
                foreach (var impl in module.Impls)
                {
                    if (impl.Opaque?.Definition != target.Definition) continue;
                    var instance = new Substitution(impl.TypeParameters, unifier.FreshFor(impl.TypeParameters));
                    var mark = unifier.Snapshot();
                    if (unifier.Unify(instance.Apply(impl.SelfType), source) && unifier.Unify(instance.Apply(impl.Opaque), target)) return true;
                    unifier.Rollback(mark);
                }
        return false;
    }

    // Result<T, E> where Result<T, E2> is wanted and E2: From<E>; anywhere for the standard Error, else in tail position.
    private TypedExpression? ConvertError(TypedExpression e, NamedType source, NamedType target, bool isTail)
    {
        if (source.Definition != Core.FindType("Result")) return null;
        var wanted = target.Arguments[1].Resolve();
        if (!isTail && AsPrelude(wanted, "Error") is null) return null;
        if (!Unify(source.Arguments[0], target.Arguments[0]))
        {
            if (!IsNever(source.Arguments[0])) return null;
        }
        var error = source.Arguments[1].Resolve();
        if (FindFrom(error, wanted) is not { } from) return null;
        return new ConversionExpression { Kind = ConversionKind.ResultError, Operand = e, Type = target, Span = e.Span, Method = from.Method, MethodTypeArguments = from.Arguments };
    }

    /// <summary><c>From&lt;source&gt;</c> for a target type, as a call of the trait's method; null when there is none.</summary>
    internal (FunctionSymbol Method, ImmutableArray<SigilType> Arguments)? FindFrom(SigilType source, SigilType target)
    {
        var trait = Core.FindTrait("From");
        if (trait?.FindMethod("from") is not { } method) return null;
        if (!Types.Implements(target, new TraitReference(trait, [source], []))) return null;
        return (method, [target, source]);
    }

    /// <summary>The object behind an iso, val or ref value (lent or owned); null when it is none.</summary>
    internal TypedExpression? ThroughCapability(TypedExpression e)
    {
        var type = e.Type.Resolve();
        if (type is BorrowType b) type = b.Target.Resolve();
        return type is CapabilityType c ? new DereferenceExpression { Operand = e, Type = c.Target, Span = e.Span } : null;
    }

    /// <summary>The type without borrow and without iso, val, ref: what its members belong to.</summary>
    internal static SigilType Underlying(SigilType type)
    {
        while (true)
        {
            type = type.Resolve();
            if (type is BorrowType b) type = b.Target;
            else if (type is CapabilityType c) type = c.Target;
            else return type;
        }
    }

    /// <summary>Demands at the end that a type may be the content of a <c>val</c> (E6019).</summary>
    private void RequireSharable(SigilType type, TextSpan at)
    {
        var file = Source;
        OnFinish(() =>
        {
            var t = Zonk(type);
            if (!HasError(t) && !UnifierHasVariables(t) && Types.ExclusivePart(t) is { } part)
                Report(DeclarationErrors.ExclusiveInVal(new SourceLocation(file, at), t.ToString(), part.ToString()));
        });
    }

    /// <summary>Demands at the end that a type may be copied (E3016).</summary>
    internal void RequireCopyable(SigilType type, TextSpan at, string where, string? help = null)
    {
        var file = Source;
        OnFinish(() =>
        {
            var t = Zonk(type);
            if (!HasError(t) && !UnifierHasVariables(t) && Types.KindOf(t) == ValueKind.Unique)
                Report(TypeErrors.UniqueNotAllowed(file, at, t.ToString(), where, help));
        });
    }

    private void ReportMismatch(TypedExpression e, SigilType target, TextSpan at)
    {
        var source = Zonk(e.Type);
        var wanted = Zonk(target);
        if (HasError(source) || HasError(wanted)) return;
        if (endsOfTries.Contains(at) && AsPrelude(source, "Result") is null && AsPrelude(source, "Option") is null)
        {
            Report(TypeErrors.TryResult(Source, at, source.ToString()));
            return;
        }
        if (IsVoid(source) && !IsVoid(wanted))
        {
            Report(TypeErrors.VoidValue(Source, at, wanted.ToString(), e is IfExpression { Else: null } ? "an `if` gives a value only with `else`" : null));
            return;
        }
        if (source is FunctionType { Kind: FunctionKind.Iso } && wanted is FunctionType { Kind: FunctionKind.Plain })
        {
            Report(TypeErrors.OwningFunction(Source, at, source.ToString(), wanted.ToString()));
            return;
        }
        if (source is FunctionType { Kind: FunctionKind.Ref } && wanted is FunctionType { Kind: FunctionKind.Plain or FunctionKind.Iso })
        {
            Report(ConcurrencyErrors.TaskLocalFunction(Source, at, source.ToString(), wanted.ToString()));
            return;
        }
        if (source is FunctionType { Kind: FunctionKind.Borrowed } lent && wanted is FunctionType { Kind: not FunctionKind.Borrowed } kept && CanEqual(lent.WithKind(kept.Kind), kept))
        {
            Report(ConcurrencyErrors.KeptFunction(Source, at, source.ToString(), wanted.ToString()));
            return;
        }
        if (source is NamedType { Arguments: [_, var error] } s && wanted is NamedType { Arguments: [_, var e2] } w
            && s.Definition == Core.FindType("Result") && w.Definition == s.Definition && CanEqual(s.Arguments[0], w.Arguments[0]))
        {
            Report(TypeErrors.NoErrorConversion(Source, at, error.ToString(), e2.ToString()));
            return;
        }
        Report(TypeErrors.Mismatch(Source, at, wanted.ToString(), source.ToString(), MismatchHelp(source, wanted)));
    }

    private bool CanEqual(SigilType a, SigilType b) => unifier.CanUnify(a, b);

    private string? MismatchHelp(SigilType source, SigilType wanted)
    {
        if (wanted is CapabilityType { Modifier: CapabilityModifier.Ref } r && CanEqual(source, r.Target)) return "write `ref` before the value to make a new object";
        if (AsPrelude(wanted, "Option") is { } option && CanEqual(source, option.Arguments[0])) return "wrap the value: `Some(…)`";
        if (AsPrelude(wanted, "Result") is { } result && CanEqual(source, result.Arguments[0])) return "wrap the value: `Ok(…)`";
        if (AsPrelude(source, "Option") is { } maybe && CanEqual(maybe.Arguments[0], wanted)) return "open it: `?`, `?? default`, `match`, or `.unwrap()`";
        if (AsPrelude(source, "Result") is { } outcome && CanEqual(outcome.Arguments[0], wanted)) return "open it: `?`, `match`, or `.unwrap()`";
        if (wanted is NamedType to && source is NamedType from)
        {
            if (to.Definition == Core.StrSymbol) return "make text of it with `str(…)` or a template";
            if (to.Definition.Kind is TypeKind.Int or TypeKind.Float or TypeKind.Byte or TypeKind.Char
                && from.Definition.Kind is TypeKind.Int or TypeKind.Float or TypeKind.Byte or TypeKind.Char or TypeKind.Str)
                return $"there are no implicit conversions: write `{to.Definition.Name}(…)`";
            if (to.Definition.Kind == TypeKind.Newtype && to.Definition.Target is { } content && CanEqual(source, content)) return $"write `{to.Definition.Name}(…)`";
            if (from.Definition.Kind == TypeKind.Newtype && from.Definition.Target is { } inner && CanEqual(inner, wanted)) return "open it with `.unwrap()`";
        }
        if (source is RecordType && wanted is NamedType { Definition.Kind: TypeKind.Struct } s) return $"only a record literal fits a struct: write `{s.Definition.Name} {{ … }}`";
        return null;
    }
}
