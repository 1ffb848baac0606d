using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Calls of functions, variants, newtypes and function values.
public sealed partial class BodyChecker
{
    /// <summary>The arguments as written, and the place of the whole call.</summary>
    private readonly record struct CallSite(ImmutableArray<Ast.Argument> Arguments, TextSpan At);

    private CallSite SiteOf(Ast.CallExpression e) => siteOverrides.TryGetValue(e, out var site) ? site : new(e.Arguments.Arguments.Nodes, At(e));

    // Calls of which a form takes some arguments for itself.
    private readonly Dictionary<Ast.CallExpression, CallSite> siteOverrides = [];

    /// <summary>How a call of a known function reaches it.</summary>
    private readonly record struct CallRoute(TypedExpression? Receiver = null, int FirstParameter = 0, bool IsDynamic = false, TraitReference? Capability = null);

    private TypedExpression Call(Ast.CallExpression e, Expectation expected)
    {
        if (TryCheckForm(e, expected, out var form)) return form;
        switch (e.Callee)
        {
            case Ast.NameExpression { IsSelfType: false } name when name.At is not null || LookupLocal(name.Name.Text) is null:
                return CallName(e, name, expected);
            case Ast.NameExpression { IsSelfType: true }:
                if (typeScope.Self?.Resolve() is NamedType { Definition.Kind: TypeKind.Newtype } self) return MakeNewtype(self, e, expected);
                break;
            case Ast.MemberExpression member: return CallMember(e, member, expected);
        }
        return CallValue(Infer(e.Callee), e);
    }

    private TypedExpression CallName(Ast.CallExpression e, Ast.NameExpression name, Expectation expected)
    {
        var nameAt = At(name.Name);
        if (name.Name.IsMissing) return Broken(e);
        var found = scope.LookupValue(name.Name.Text);
        if (!found.IsFound)
        {
            Unknown(name.Name.Text, nameAt);
            return Broken(e);
        }
        return CallSymbol(name.Name.Text, found, name.TypeArguments, nameAt, e, expected);
    }

    private TypedExpression CallSymbol(string name, NameResult found, Ast.TypeArgumentList? arguments, TextSpan nameAt, Ast.CallExpression e, Expectation expected)
    {
        switch (Choose(found, expected.Known))
        {
            case FunctionSymbol f:
                return CallFunction(f, arguments is null ? unifier.FreshFor(f.AllTypeParameters) : ExplicitArguments(f, arguments), default, SiteOf(e), nameAt, expected);
            case VariantSymbol v: return MakeVariant(v, SumTypeOf(v, null, arguments), e, expected);
            case TypeSymbol { Kind: TypeKind.Newtype } n:
                return MakeNewtype(arguments is null ? Instantiate(n) : new NamedType(n, WrittenArguments(n.Name, n.TypeParameters, arguments)), e, expected);
            case { } other:
                Report(TypeErrors.NotAValue(Source, nameAt, name, other is TypeSymbol ? "a type" : "not a function"));
                return Broken(e);
        }
        if (found.IsAmbiguous || !found.Candidates.All(c => c is FunctionSymbol))
        {
            Ambiguous(name, found, nameAt);
            return Broken(e);
        }
        var overloads = found.Candidates.Select(c => (Function: (FunctionSymbol)c, Route: default(CallRoute), Arguments: arguments is null
            ? unifier.FreshFor(((FunctionSymbol)c).AllTypeParameters) : ExplicitArguments((FunctionSymbol)c, arguments))).ToList();
        return CallOverloaded(name, overloads, SiteOf(e), nameAt, expected);
    }

    /// <summary>The parts of a call that has an error elsewhere: checked, so that their own errors show and their names count as used.</summary>
    private TypedExpression Broken(Ast.CallExpression e)
    {
        foreach (var a in e.Arguments.Arguments) InferLoosely(a.Value);
        return ErrorAt(At(e));
    }

    // Without knowing what is wanted, a lambda or operator says nothing.
    private void InferLoosely(Ast.Expression e)
    {
        if (e is Ast.OperatorExpression) return;
        if (NeedsExpectation(e)) Quietly(() => Infer(e));
        else Infer(e is Ast.LendExpression lend ? lend.Operand : e);
    }

    private void Quietly(Action action)
    {
        bool was = isSilent;
        isSilent = true;
        int known = unknowns.Count, owed = obligations.Count, waiting = deferred.Count, named = allLocals.Count;
        action();
        isSilent = was;
        allLocals.RemoveRange(named, allLocals.Count - named);
        unknowns.RemoveRange(known, unknowns.Count - known);
        obligations.RemoveRange(owed, obligations.Count - owed);
        if (deferred.Count > waiting) deferred.RemoveRange(waiting, deferred.Count - waiting);
    }

    // ---------- function values ----------

    /// <summary>Calls a function value.</summary>
    private TypedExpression CallValue(TypedExpression callee, Ast.CallExpression e)
    {
        if (IsError(callee.Type)) return Broken(e);
        if (!IsUnknown(Underlying(callee.Type))) return CallKnownValue(callee, e);
        MentionAll(e.Arguments);
        return DeferExpression(At(e), force =>
        {
            if (!IsUnknown(Underlying(callee.Type))) return CallKnownValue(callee, e);
            if (!force) return null;
            Report(TypeErrors.CannotInfer(Source, callee.Span, "the function called here", "give the parameter a function type"));
            return ErrorAt(At(e));
        });
    }

    private TypedExpression CallKnownValue(TypedExpression callee, Ast.CallExpression e)
    {
        var at = At(e);
        var function = ThroughCapability(callee) ?? callee;
        var calleeType = function.Type.Resolve();
        if (calleeType is BorrowType b) calleeType = b.Target.Resolve();
        if (calleeType is not FunctionType type)
        {
            if (!IsError(calleeType)) Report(TypeErrors.NotCallable(Source, callee.Span, Zonk(calleeType).ToString()));
            return Broken(e);
        }
        var arguments = e.Arguments.Arguments;
        foreach (var a in arguments)
            if (a.Label is { } label)
            {
                Report(TypeErrors.LabelOnValueCall(Source, At(label)));
                return Broken(e);
            }
        if (arguments.Count != type.Parameters.Length)
        {
            Report(TypeErrors.ArgumentCount(Source, at, "this function", type.Parameters.Length, arguments.Count));
            return Broken(e);
        }
        var values = new Argument[arguments.Count];
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < values.Length; i++)
                if (NeedsExpectation(arguments[i].Value) == (pass == 1)) values[i] = CheckArgument(arguments[i].Value, type.Parameters[i], i, "the parameter");
        return new IndirectCallExpression { Callee = function, Arguments = [.. values], Type = type.Result, Span = at };
    }

    // ---------- functions ----------

    /// <summary>Assigns the written arguments to parameters. Reports only when asked to; false when they do not fit.</summary>
    private bool AssignArguments(FunctionSymbol f, int firstParameter, CallSite e, TextSpan nameAt, bool report, Span<int> parameterOf)
    {
        var parameters = f.Parameters;
        var arguments = e.Arguments;
        Span<int> givenBy = parameters.Length <= 32 ? stackalloc int[parameters.Length] : new int[parameters.Length];
        givenBy.Fill(-1);
        int next = firstParameter;
        bool good = true, hasNamed = false;
        for (int i = 0; i < arguments.Length; i++)
        {
            var a = arguments[i];
            int index;
            hasNamed |= a.Label is not null;
            if (a.Label is null)
            {
                if (hasNamed)
                {
                    // Reported by the parser; which parameter is meant is not known.
                    if (!report) return false;
                    parameterOf[i] = -1;
                    good = false;
                    continue;
                }
                index = next++;
                if (index >= parameters.Length)
                {
                    if (!report) return false;
                    if (index == parameters.Length) Report(TypeErrors.SurplusArgument(Source, At(a), f.Name, parameters.Length - firstParameter));
                    parameterOf[i] = -1;
                    good = false;
                    continue;
                }
            }
            else
            {
                index = -1;
                for (int k = firstParameter; k < parameters.Length; k++) if (parameters[k].Label == a.Label.Text) index = k;
                if (index < 0)
                {
                    if (!report) return false;
                    var labels = parameters.Skip(firstParameter).Where(p => p.Label is not null).Select(p => p.Label!).ToList();
                    Report(TypeErrors.UnknownLabel(Source, At(a.Label), f.Name, a.Label.Text, Spelling.Closest(a.Label.Text, labels),
                        labels.Count == 0 ? null : string.Join(", ", labels.Select(l => $"`{l}`"))));
                    parameterOf[i] = -1;
                    good = false;
                    continue;
                }
            }
            if (givenBy[index] >= 0)
            {
                if (!report) return false;
                Report(TypeErrors.ArgumentTwice(Source, At(a), parameters[index].Label ?? parameters[index].Name, new SourceLocation(Source, At(arguments[givenBy[index]]))));
                parameterOf[i] = -1;
                good = false;
                continue;
            }
            givenBy[index] = i;
            parameterOf[i] = index;
        }
        for (int k = firstParameter; k < parameters.Length; k++)
        {
            if (givenBy[k] >= 0 || parameters[k].Default is not null) continue;
            if (!report) return false;
            // One error per call is enough: what is missing may be what was mislabelled.
            if (good)
                Report(TypeErrors.MissingArgument(Source, nameAt, f.Name, parameters[k].Label ?? parameters[k].Name, parameters[k].Type.ToString(),
                    parameters[k].Source is { } file && !f.Module.IsStandardLibrary ? new SourceLocation(file, parameters[k].Span) : null));
            good = false;
        }
        return good;
    }

    /// <summary>Calls a function or method that is known; the type arguments are those for all its type parameters, as far as known.</summary>
    private TypedExpression CallFunction(
        FunctionSymbol f, ImmutableArray<SigilType> typeArguments, CallRoute route, CallSite e, TextSpan nameAt, Expectation expected,
        Dictionary<Ast.Expression, TypedExpression>? known = null)
    {
        var at = e.At;
        var written = e.Arguments;
        Span<int> parameterOf = written.Length <= 32 ? stackalloc int[written.Length] : new int[written.Length];
        bool good = AssignArguments(f, route.FirstParameter, e, nameAt, report: true, parameterOf);
        var s = new Substitution(f.AllTypeParameters, typeArguments);
        var result = Normalize(s.Apply(f.ReturnType));
        RequireBounds(f, s, typeArguments, nameAt);

        // What is wanted of the result helps the arguments, where the result cannot be converted afterwards.
        bool isOpen = UnifierHasVariables(result);
        if (isOpen && expected.Known is { } wanted && SaysExactly(wanted)) Unify(result, wanted);

        var values = new Argument?[written.Length];
        if (route.Receiver is not null && written.Length > 0) measured.Add(route.Receiver.Type);
        bool hasNeedy = false;
        for (int i = 0; i < written.Length; i++)
        {
            if (parameterOf[i] < 0) InferLoosely(written[i].Value);
            else if (known is null && NeedsExpectation(written[i].Value)) hasNeedy = true;
            else values[i] = ArgumentFor(f, s, parameterOf[i], written[i].Value, known);
        }
        if (hasNeedy)
        {
            RetryDeferred();
            if (isOpen && expected.Known is { } hint && hint is NamedType { Arguments.Length: > 0 } or TupleType or RecordType && CouldBe(result, hint)) Unify(result, hint);
            for (int i = 0; i < written.Length; i++)
                if (parameterOf[i] >= 0 && values[i] is null) values[i] = ArgumentFor(f, s, parameterOf[i], written[i].Value, known);
        }
        if (route.Receiver is not null && written.Length > 0) measured.RemoveAt(measured.Count - 1);
        if (!good) return IsKnownResult(result) ? new ErrorExpression { Type = result, Span = at } : ErrorAt(at);

        var all = ImmutableArray.CreateBuilder<Argument>(f.Parameters.Length + 1);
        if (route.Receiver is { } receiver) all.Add(ReceiverArgument(f, receiver, route, nameAt));
        Span<bool> filled = stackalloc bool[f.Parameters.Length];
        if (route.FirstParameter > 0) filled[0] = true;
        foreach (var v in values)
        {
            all.Add(v!);
            filled[v!.Parameter] = true;
        }
        for (int k = 0; k < filled.Length; k++)
            if (!filled[k])
            {
                var type = Normalize(s.Apply(f.Parameters[k].Type));
                all.Add(new Argument(k, DefaultValue(f.Parameters[k].Default!, f.Parameters[k], f.Module, type, at), ModeOf(type)) { IsDefault = true });
            }
        // Overload candidates that were tried may have left the result's projections open.
        if (isOpen) RetryDeferred();
        var arguments = all.ToImmutable();
        CheckConversion(f, arguments, at);
        if (f.Impl is { CallsOnce: true }) MarkRunOnce(arguments);
        if (route.Capability is { } capability) return new CapabilityCallExpression { Capability = capability, Method = f, Arguments = arguments, Type = result, Span = at };
        if (route.IsDynamic) return new DynCallExpression { Method = f, TypeArguments = typeArguments, Arguments = arguments, Type = result, Span = at };
        return new CallExpression { Function = f, TypeArguments = typeArguments, Arguments = arguments, Type = result, Span = at };
    }

    private static void MarkRunOnce(ImmutableArray<Argument> arguments)
    {
        foreach (var a in arguments)
            if ((a.Value as LambdaExpression ?? (a.Value as ConversionExpression)?.Operand as LambdaExpression) is { } lambda) lambda.RunsAtMostOnce = true;
    }

    private static bool IsKnownResult(SigilType t) => !UnifierHasVariables(t);

    // A value of the type itself is wanted, not one that converts to it.
    private static bool SaysExactly(SigilType t) => t is NamedType { Definition.Kind: not TypeKind.Opaque } n && !n.Definition.IsUnique && n.Definition.Name is not "Result" || t is TupleType or RecordType or TypeParameterType;

    private bool CouldBe(SigilType result, SigilType wanted) => unifier.CanUnify(result, wanted);

    private Argument ArgumentFor(FunctionSymbol f, Substitution s, int parameter, Ast.Expression value, Dictionary<Ast.Expression, TypedExpression>? known)
    {
        var p = f.Parameters[parameter];
        var type = Normalize(s.Apply(p.Type));
        if (known is not null && known.TryGetValue(value, out var done))
            return new Argument(parameter, Coerce(done, type, At(value)), ModeOf(type));
        return CheckArgument(value, type, parameter, $"`{p.Label ?? p.Name}`");
    }

    private static PassMode ModeOf(SigilType parameter) => parameter.Resolve() switch
    {
        BorrowType { IsMutable: true } => PassMode.BorrowMutable,
        BorrowType or FunctionType { Kind: FunctionKind.Borrowed } => PassMode.Borrow,
        _ => PassMode.Value,
    };

    /// <summary>Checks one argument against the type of its parameter.</summary>
    internal Argument CheckArgument(Ast.Expression value, SigilType type, int parameter, string parameterName)
    {
        var at = At(value);
        type = type.Resolve();
        if (value is Ast.LendExpression lend) return CheckLend(lend, type, parameter, parameterName);
        switch (type)
        {
            case BorrowType { IsMutable: true } b:
                {
                    var place = Visit(value, Expectation.Of(b.Target));
                    if (place.Type.Resolve() is BorrowType { IsMutable: true } && Unify(Underlying(place.Type), Underlying(b.Target))) return new Argument(parameter, place, PassMode.BorrowMutable);
                    if (!IsError(place.Type)) Report(TypeErrors.MutableLendNeeded(Source, at, parameterName.Trim('`'), Zonk(b.Target).ToString()));
                    return new Argument(parameter, ErrorAt(at), PassMode.BorrowMutable);
                }
            case BorrowType b:
                return new Argument(parameter, Coerce(Visit(value, Expectation.Of(b.Target)), b, at), PassMode.Borrow);
            case FunctionType { Kind: FunctionKind.Borrowed } f when Unparenthesized(value) is Ast.LambdaExpression lambda:
                return new Argument(parameter, Coerce(Lambda(lambda, f, isBorrowed: true), f, at), PassMode.Borrow);
            case NamedType { Definition: var wanted } task when wanted == Core.FindType("ProcessTask"):
                return new Argument(parameter, ProcessTask(value, task), PassMode.Value);
            default:
                return new Argument(parameter, Check(value, type), ModeOf(type));
        }
    }

    private static Ast.Expression Unparenthesized(Ast.Expression e)
    {
        while (e is Ast.ParenthesizedExpression p) e = p.Expression;
        return e;
    }

    private Argument CheckLend(Ast.LendExpression lend, SigilType type, int parameter, string parameterName)
    {
        var at = At(lend);
        var place = Visit(lend.Operand, type is BorrowType t ? Expectation.Of(t.Target) : Expectation.None);
        var mode = lend.IsMut ? PassMode.BorrowMutable : PassMode.Borrow;
        if (IsError(place.Type)) return new Argument(parameter, place, mode);
        if (type is FunctionType { Kind: FunctionKind.Borrowed } && !lend.IsMut) return new Argument(parameter, Coerce(place, type, at), PassMode.Borrow);
        if (type is not BorrowType b)
        {
            if (!IsError(type)) Report(TypeErrors.LendNotWanted(Source, at, parameterName.Trim('`'), Zonk(type).ToString()));
            return new Argument(parameter, ErrorAt(at), mode);
        }
        if (b.IsMutable && !lend.IsMut)
        {
            Report(TypeErrors.MutableLendNeeded(Source, at, parameterName.Trim('`'), Zonk(b.Target).ToString()));
            return new Argument(parameter, ErrorAt(at), PassMode.BorrowMutable);
        }
        var lent = Coerce(place, new BorrowType(false, b.Target), At(lend.Operand));
        // What is lent decides what must be mutable: the object behind an iso or ref, or the binding itself.
        if (lend.IsMut && b.IsMutable && !IsError(lent.Type) && !CheckMutablePlace(lent, At(lend.Operand))) return new Argument(parameter, ErrorAt(at), mode);
        return new Argument(parameter, lent, b.IsMutable ? PassMode.BorrowMutable : PassMode.Borrow);
    }

    // Outside an argument the parser has reported it; in forms it may stand for the place.
    private TypedExpression LendOutsideCall(Ast.LendExpression e, Expectation expected) => Visit(e.Operand, expected);

    /// <summary>Arguments whose own form says too little: checked after the others (§3.5).</summary>
    internal static bool NeedsExpectation(Ast.Expression e) => e switch
    {
        Ast.ParenthesizedExpression p => NeedsExpectation(p.Expression),
        Ast.LambdaExpression or Ast.OperatorExpression or Ast.RecordLiteral => true,
        Ast.ListExpression l => l.Elements.Count == 0 || NeedsExpectation(l.Elements[0]),
        Ast.MapLiteral m => m.Entries.Count == 0,
        // A bare variant: its type may have arguments, or several types may have a variant of that name.
        Ast.NameExpression { TypeArguments: null, At: null } n => n.Name.Text is { Length: > 0 } text && char.IsUpper(text[0]),
        Ast.CallExpression { Callee: Ast.NameExpression { Name.Text: "Some" or "Ok" or "Err" }, Arguments.Arguments: { Count: 1 } a } => NeedsExpectation(a[0].Value),
        _ => false,
    };

    // What a queued call mentions counts as used although it is checked after its scope has closed.
    private void MentionAll(Ast.SyntaxNode node)
    {
        foreach (var token in node.DescendantTokens())
            if (token.Kind is Ast.TokenKind.Identifier or Ast.TokenKind.SelfKeyword && locals.TryGetValue(token.Text, out var local)) Mention(local);
    }
}
