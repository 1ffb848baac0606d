using System.Collections.Immutable;
using Sigil.Semantics.Modules;
using Sigil.Semantics.Solving;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// x.m(a), Type.m(a), Trait.m(x, a), Cap.m(a), module.f(a).
public sealed partial class BodyChecker
{
    private TypedExpression CallMember(Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        if (member.Name.IsMissing)
        {
            Infer(member.Receiver);
            return Broken(e);
        }
        var q = QualifierOf(member.Receiver);
        if (q.Module is { } module) return CallInModule(module, e, member, expected);
        if (q.Trait is { } trait) return CallThroughTrait(trait, e, member, expected);
        if (q.Type is { } type) return CallOnType(q, type, e, member, expected);
        // The word is the type here, and the value elsewhere.
        if (member.Receiver is Ast.UnitExpression { CloseParen: null } && program.Members.FindStatic(Core.Void, member.Name.Text, scope, unifier).Any(c => c.Function.SelfKind == SelfKind.None))
            return CallOnType(q, Core.Void, e, member, expected);
        var receiver = Infer(member.Receiver);
        return CallMethod(receiver, e, member, expected);
    }

    private TypedExpression CallInModule(ModuleSymbol module, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        var found = program.Exports.Find(module, member.Name.Text, wantType: false);
        if (found.IsFound) return CallSymbol(member.Name.Text, found, member.TypeArguments, At(member.Name), e, expected);
        ReportNotInModule(module, member);
        return Broken(e);
    }

    // As for an import: an item that is there, but private, is something else than none.
    private void ReportNotInModule(ModuleSymbol module, Ast.MemberExpression member)
    {
        var name = member.Name.Text;
        var at = new SourceLocation(Source, At(member.Name));
        var hidden = program.Exports.FindAny(module, name, wantType: false).Concat(program.Exports.FindAny(module, name, wantType: true)).ToList();
        if (hidden is [var (symbol, _), ..])
            Report(NameErrors.PrivateMember(at, name, module.Name, symbol.Source is { } s ? new SourceLocation(s, symbol.Span) : null, module.Package == scope.Module.Package));
        else Report(NameErrors.ItemNotFound(at, name, module.Name, Spelling.Closest(name, program.Exports.Names(module))));
    }

    // Type.V(…), Type.static(…), Type.method(x, …).
    private TypedExpression CallOnType(Qualifier q, SigilType type, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        if (IsError(type)) return Broken(e);
        var name = member.Name.Text;
        if (type.Resolve() is NamedType { Definition.Kind: TypeKind.Sum } sum && sum.Definition.FindVariant(name) is { } variant)
            return MakeVariant(variant, sum, e, expected);
        var candidates = program.Members.FindStatic(type, name, scope, unifier);
        if (candidates.IsEmpty)
        {
            var target = type.Resolve();
            if (target is NamedType { Definition.Kind: TypeKind.Sum } s && name.Length > 0 && char.IsUpper(name[0]))
                Report(PatternErrorsUnknownVariant(s.Definition, name, At(member.Name)));
            else if (IsUnknownElement(target) || !ReportWrongRole(target, name, At(member.Name)))
                Report(TypeErrors.NoSuchMethod(Source, At(member.Name), type.ToString(), name, Spelling.Closest(name, program.Members.MethodNames(type, scope)), AsFunction(type, name)));
            return Broken(e);
        }
        // The written type arguments are those of the method's type.
        if (candidates is [{ SelfType: var self }]) unifier.Unify(self, type);
        return CallCandidates(candidates, null, e, member, expected);
    }

    private static bool IsUnknownElement(SigilType t) => t is TypeVariable;

    private Sigil.Syntax.Diagnostics.Diagnostic PatternErrorsUnknownVariant(TypeSymbol sum, string name, TextSpan at) =>
        LocalNameErrors.UnknownMember(Source, at, sum.Name, name, Spelling.Closest(name, sum.Variants.Select(v => v.Name)));

    // Cap.m(a) for a capability, Trait.m(x, a) for a method with self.
    private TypedExpression CallThroughTrait(TraitSymbol trait, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        var name = member.Name.Text;
        var nameAt = At(member.Name);
        var capability = new TraitReference(trait);
        ProvidedCapability? value = null;
        for (int i = provided.Count - 1; i >= 0 && value is null; i--) if (provided[i].Capability.Trait == trait) value = provided[i];
        if (value is not null) capability = value.Capability;
        if (FindInTrait(trait, name) is { } method)
        {
            bool asCapability = method.SelfKind == SelfKind.None ? method.IsCapabilityMethod
                : (value is not null || Declares(trait)) && e.Arguments.Arguments.Count <= method.Parameters.Length;
            if (asCapability)
            {
                var arguments = method.AllTypeParameters.Select(p => p.IsSelf ? new DynType([capability]) : (SigilType)NewVariable()).ToImmutableArray();
                if (member.TypeArguments is { } written) arguments = ExplicitArguments(method, written, arguments);
                return CallFunction(method, arguments, new CallRoute(Capability: capability), SiteOf(e), nameAt, expected);
            }
            if (program.Members.FindTraitMethod(trait, name, unifier) is { } candidate) return CallCandidates([candidate], null, e, member, expected);
        }
        // Inside `with C = v in` the value's own methods are reachable through C.
        if (value is not null)
            return CallMethod(new CapabilityExpression { Capability = capability, Type = value.ValueType, Span = At(member.Receiver) }, e, member, expected);
        Report(TypeErrors.NoSuchMethod(Source, nameAt, trait.Name, name, Spelling.Closest(name, trait.Methods.Select(m => m.Name))));
        return Broken(e);
    }

    private static FunctionSymbol? FindInTrait(TraitSymbol trait, string name, int depth = 0)
    {
        if (trait.FindMethod(name) is { } m) return m;
        if (depth < 16)
            foreach (var s in trait.Supertraits) if (FindInTrait(s.Trait, name, depth + 1) is { } inherited) return inherited;
        return null;
    }

    private bool Declares(TraitSymbol trait)
    {
        if (function is null) return false;
        foreach (var u in function.Uses) if (u.Trait == trait) return true;
        return false;
    }

    /// <summary>Calls a method on a value; waits while the value's type is unknown.</summary>
    private TypedExpression CallMethod(TypedExpression receiver, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        if (IsError(receiver.Type)) return Broken(e);
        if (IsUnknown(Underlying(receiver.Type)))
        {
            RetryDeferred();
            if (IsUnknown(Underlying(receiver.Type))) return WaitForReceiver(receiver, e, member, expected);
        }
        return CallKnownMethod(receiver, e, member, expected);
    }

    private TypedExpression WaitForReceiver(TypedExpression receiver, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        MentionAll(e.Arguments);
        return DeferExpression(At(e), force =>
        {
            if (!IsUnknown(Underlying(receiver.Type))) return CallKnownMethod(receiver, e, member, expected);
            if (!force) return null;
            Report(TypeErrors.CannotInfer(Source, receiver.Span, "this", $"give it a type: what `{member.Name.Text}` means depends on it"));
            MarkError(receiver.Type);
            Quietly(() => Broken(e));
            return ErrorAt(At(e));
        });
    }

    private TypedExpression CallKnownMethod(TypedExpression receiver, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        var name = member.Name.Text;
        if (receiver.Type.Resolve() is BorrowType or CapabilityType && OnCapability(receiver, name, e, expected) is { } special) return special;
        var target = receiver;
        // What iso, val and ref hold is reached through them.
        for (int depth = 0; depth < 8 && ThroughCapability(target) is { } behind; depth++) target = behind;
        var type = Underlying(target.Type);
        if (IsError(type)) return Broken(e);
        if (IsNever(type))
        {
            Broken(e);
            return Convert(receiver, ConversionKind.NeverToAny, NewVariable());
        }
        if (ScopeOperation(target, type, name, e, member, expected) is { } operation) return operation;
        var candidates = program.Members.FindMethods(type, name, scope, unifier);
        if (name == "get" && LentEntry(target, type, e) is { } lent) return lent;
        if (!candidates.IsEmpty && !(name == "clone" && candidates[0].Source == MemberSource.Trait && IsNotClone(type)))
            return CallCandidates(candidates, target, e, member, expected);
        if (BuiltIn(target, type, name, e, expected) is { } builtIn) return builtIn;
        // A field of function type.
        if (FieldOf(target, type, name, At(member)) is { } field && Underlying(field.Type) is FunctionType or TypeVariable)
            return CallValue(field, e);
        ReportNoMethod(type, name, At(member.Name));
        return Broken(e);
    }

    /// <summary><c>xs.get(i)</c> and <c>m.get(k)</c> where the values are unique: they are lent, as <c>m[k]</c> lends them.</summary>
    private IndexExpression? LentEntry(TypedExpression receiver, SigilType type, Ast.CallExpression e)
    {
        if (type is not NamedType container || e.Arguments.Arguments is not [var key]) return null;
        bool isList = container.Definition == Core.ListSymbol;
        if (!isList && container.Definition != Core.MapSymbol || key.Label is { } label && label.Text != (isList ? "i" : "k")) return null;
        var value = container.Arguments[^1];
        if (IsUnknown(value) || IsError(value) || Types.KindOf(Zonk(value)) != ValueKind.Unique) return null;
        measured.Add(type);
        var index = Check(key.Value, isList ? Core.Int : container.Arguments[0]);
        measured.RemoveAt(measured.Count - 1);
        return new IndexExpression { Kind = isList ? IndexKind.Entry : IndexKind.Map, IsGet = true, Receiver = receiver, Index = index, Type = Core.Option(value), Span = At(e) };
    }

    private bool IsNotClone(SigilType type) => Types.KindOf(type) == ValueKind.Unique;

    private TypedExpression? OnCapability(TypedExpression receiver, string name, Ast.CallExpression e, Expectation expected)
    {
        var type = receiver.Type.Resolve();
        if (type is BorrowType b) type = b.Target.Resolve();
        if (type is not CapabilityType c) return null;
        var arguments = e.Arguments.Arguments;
        var at = At(e);
        switch (name)
        {
            case "get" when arguments.Count == 0 && !HasOwnMethod(c.Target, name, 0):
                RequireCopyable(c.Target, at, "by value: `get` copies");
                return Convert(new DereferenceExpression { Operand = receiver, Type = c.Target, Span = at }, ConversionKind.CopyBorrow, c.Target);
            case "set" when arguments.Count == 1 && !HasOwnMethod(c.Target, name, 1):
                if (c.Modifier == CapabilityModifier.Val)
                {
                    Report(TypeErrors.WriteThroughVal(Source, at, Zonk(c).ToString()));
                    return Broken(e);
                }
                return new AssignExpression
                {
                    Target = new DereferenceExpression { Operand = receiver, Type = c.Target, Span = receiver.Span },
                    Value = Check(arguments[0].Value, c.Target),
                    Type = Core.Void,
                    Span = at,
                };
            case "clone" when c.Modifier == CapabilityModifier.Ref && arguments.Count == 0:
                RequireDeepCopy(c, at);
                return Convert(Decay(receiver), ConversionKind.DeepCopy, CapabilityTypes.Make(CapabilityModifier.Iso, c.Target));
            default: return null;
        }
    }

    private void RequireDeepCopy(CapabilityType reference, TextSpan at)
    {
        var file = Source;
        OnFinish(() =>
        {
            var t = Zonk(reference);
            if (!HasError(t) && !UnifierHasVariables(t) && Types.WhyNotDeepCopyable(t) is { } part)
                Report(TypeErrors.NotClone(file, at, t.ToString(), $"it holds {part}", "only values, `val`s and other `ref`s can be copied with the object"));
        });
    }

    // The type's own method comes first where it takes that many arguments; `get(i)` of a list does not hide the `get()` of an isolated one.
    private bool HasOwnMethod(SigilType type, string name, int count) =>
        !IsUnknown(type) && program.Members.FindMethods(type.Resolve(), name, scope, unifier).Any(m =>
        {
            var parameters = m.Function.Parameters.Skip(m.Source == MemberSource.Iterable ? 1 : 0).ToList();
            return count <= parameters.Count && parameters.Count(p => p.Default is null) <= count;
        });

    // Methods that no declaration says: opening a newtype, Into.
    private TypedExpression? BuiltIn(TypedExpression receiver, SigilType type, string name, Ast.CallExpression e, Expectation expected)
    {
        var at = At(e);
        if (name == "unwrap" && type is NamedType { Definition.Kind: TypeKind.Newtype } newtype && e.Arguments.Arguments.Count == 0)
            return new MemberExpression { Receiver = receiver, Index = 0, Name = "0", Type = ContentOf(newtype), Span = at };
        if (name == "into" && e.Arguments.Arguments.Count == 0)
        {
            SigilType wanted = expected.Type ?? NewVariable(at, "the target of `into`");
            var value = Decay(receiver);
            if (Core.Trait("From").FindMethod("from") is not { } from) return null;
            Require(wanted, new TraitReference(Core.Trait("From"), [value.Type], []), at, "`into`");
            return new CallExpression { Function = from, TypeArguments = [wanted, value.Type], Arguments = [new Argument(0, value, PassMode.Value)], Type = wanted, Span = at };
        }
        return null;
    }

    private TypedExpression CallCandidates(ImmutableArray<MethodCandidate> candidates, TypedExpression? receiver, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        var nameAt = At(member.Name);
        if (candidates.Length > 1 && candidates[0].Source == MemberSource.Trait && candidates[0].Trait is { } first && candidates[1].Trait is { } second && first.Trait != second.Trait)
        {
            Report(TypeErrors.AmbiguousMethod(Source, nameAt, member.Name.Text, first.Trait.Name, second.Trait.Name));
            return Broken(e);
        }
        var routes = new List<(FunctionSymbol, CallRoute, ImmutableArray<SigilType>)>(candidates.Length);
        foreach (var c in candidates)
        {
            var arguments = member.TypeArguments is { } written ? ExplicitArguments(c.Function, written, c.TypeArguments) : c.TypeArguments;
            if (receiver is null)
            {
                // Type.method(x, …): the receiver is the first argument.
                if (c.Function.SelfKind != SelfKind.None)
                {
                    if (candidates.Length > 1) continue;
                    return CallWithWrittenReceiver(c, arguments, e, member, expected);
                }
                routes.Add((c.Function, default, arguments));
                continue;
            }
            var self = Underlying(receiver.Type);
            if (candidates.Length == 1) UnifyReceiver(self, c.SelfType);
            else if (!CanEqual(self, Underlying(c.SelfType)) && !IsPlainRoleOf(self, c.SelfType)) continue;
            bool isDynamic = c.Source == MemberSource.Opaque || self is DynType && c.Source == MemberSource.Trait;
            routes.Add((c.Function, new CallRoute(receiver, c.Source == MemberSource.Iterable ? 1 : 0, isDynamic), arguments));
        }
        if (routes.Count == 0)
        {
            ReportNoMethod(receiver is null ? ErrorType.Instance : Underlying(receiver.Type), member.Name.Text, nameAt);
            return Broken(e);
        }
        if (routes.Count == 1)
        {
            if (candidates.Length > 1 && receiver is not null)
                UnifyReceiver(Underlying(receiver.Type), candidates.First(c => c.Function == routes[0].Item1).SelfType);
            return CallFunction(routes[0].Item1, routes[0].Item3, routes[0].Item2, SiteOf(e), nameAt, expected);
        }
        // Overloads over the receiver share its type.
        if (receiver is not null)
            foreach (var c in candidates) if (c.Source == MemberSource.Iterable) UnifyReceiver(Underlying(receiver.Type), c.SelfType);
        return CallOverloaded(member.Name.Text, routes, SiteOf(e), nameAt, expected);
    }

    private void UnifyReceiver(SigilType self, SigilType declared)
    {
        var target = Underlying(declared);
        if (Unify(self, target)) return;
        if (self is NamedType n && Core.PlainRoleOf(n.Definition) is { } plain) Unify(new NamedType(plain, n.Arguments), target);
    }

    private bool IsPlainRoleOf(SigilType self, SigilType declared) =>
        self is NamedType n && Core.PlainRoleOf(n.Definition) is { } plain && CanEqual(new NamedType(plain, n.Arguments), Underlying(declared));

    private TypedExpression CallWithWrittenReceiver(MethodCandidate c, ImmutableArray<SigilType> arguments, Ast.CallExpression e, Ast.MemberExpression member, Expectation expected)
    {
        var written = e.Arguments.Arguments;
        if (written.Count == 0 || written[0].Label is not null)
        {
            Report(TypeErrors.MissingArgument(Source, At(member.Name), c.Function.Name, "self", c.SelfType.ToString(), null));
            return Broken(e);
        }
        var receiver = Visit(written[0].Value, Expectation.Of(c.SelfType));
        var self = Underlying(receiver.Type);
        if (!IsError(self) && Underlying(c.SelfType) is var declared && !Unify(self, declared) && !IsPlainRoleOf(self, declared))
        {
            Report(TypeErrors.Mismatch(Source, At(written[0]), Zonk(declared).ToString(), Zonk(self).ToString()));
            return Broken(e);
        }
        for (int depth = 0; depth < 8 && ThroughCapability(receiver) is { } behind; depth++) receiver = behind;
        return CallFunction(c.Function, arguments, new CallRoute(receiver, 0, self is DynType), new CallSite(e.Arguments.Arguments.Nodes.RemoveAt(0), At(e)), At(member.Name), expected);
    }

    private Argument ReceiverArgument(FunctionSymbol f, TypedExpression receiver, CallRoute route, TextSpan at)
    {
        if (route.FirstParameter > 0) return new Argument(0, receiver, ModeOf(f.Parameters[0].Type) is var m && m == PassMode.BorrowMutable ? m : PassMode.Borrow);
        switch (f.SelfKind)
        {
            case SelfKind.Owned: return new Argument(-1, Decay(receiver), PassMode.Value);
            case SelfKind.Mutable:
                CheckMutablePlace(receiver, receiver.Span, isReceiver: true);
                return new Argument(-1, receiver, PassMode.BorrowMutable);
            default: return new Argument(-1, receiver, PassMode.Borrow);
        }
    }

    // ---------- what is wrong ----------

    private void ReportNoMethod(SigilType type, string name, TextSpan at)
    {
        type = Zonk(type);
        if (HasError(type)) return;
        if (ReportWrongRole(type, name, at)) return;
        if (name == "clone" && type is not (TypeVariable or ErrorType))
        {
            Report(NotClone(type, at));
            return;
        }
        if (type is NamedType { Definition.Kind: TypeKind.Struct } s && s.Definition.FindField(name) is not null)
        {
            Report(TypeErrors.NotCallable(Source, at, s.Definition.FindField(name)!.Type.ToString()));
            return;
        }
        var known = program.Members.MethodNames(type, scope).ToHashSet();
        if ((AsPrelude(type, "Nursery") ?? AsPrelude(type, "TaskGroup")) is not null) known.Add("spawn");
        Report(TypeErrors.NoSuchMethod(Source, at, type.ToString(), name, OtherLanguages.Members(name).FirstOrDefault(known.Contains) ?? Spelling.Closest(name, known),
            type is TypeParameterType p ? $"`{p.Symbol.Name}` has the methods of its bounds: write `{p.Symbol.Name}: SomeTrait` where it is declared" : AsFunction(type, name)));
    }

    // Connecting, opening, parsing: what other languages have as a static method is often a function beside the type.
    private static string? AsFunction(SigilType type, string name) =>
        type is NamedType { Definition.Module: { IsStandardLibrary: true } module } && !module.Name.StartsWith("std.prelude", StringComparison.Ordinal) && module.Functions.Any(f => f.Name == name && f.IsPublic)
            ? $"it is a function: `use {module.Name} {{ {name} }}` and `{name}(…)`" : null;

    private Sigil.Syntax.Diagnostics.Diagnostic NotClone(SigilType type, TextSpan at)
    {
        return (type as NamedType)?.Definition.End switch
        {
            { IsShared: false, IsProducer: true } => TypeErrors.NotClone(Source, at, type.ToString(), "sharing: Exclusive", "make the channel with `.share: Producers` (or `Both`) to clone its producer"),
            { IsShared: false, IsProducer: false } => TypeErrors.NotClone(Source, at, type.ToString(), "sharing: Exclusive", "make the channel with `.share: Consumers` (or `Both`) to clone its consumer"),
            _ when Types.KindOf(type) != ValueKind.Unique => TypeErrors.NotClone(Source, at, type.ToString(), "it holds a `ref`", "clone the `ref` itself: that gives an isolated copy of its object"),
            _ => TypeErrors.NotClone(Source, at, type.ToString(), "it has exactly one owner", null),
        };
    }

    // send on a consumer, receive on a producer.
    private bool ReportWrongRole(SigilType type, string name, TextSpan at)
    {
        if (type is not NamedType { Definition.End: { } end } n || Core.EndType(end.Counterpart) is not { } role) return false;
        var counterpart = new NamedType(role, n.Arguments);
        bool has = false;
        foreach (var c in program.Members.FindMethods(counterpart, name, scope, unifier)) has |= c.Source is MemberSource.Inherent or MemberSource.Opaque;
        if (!has) return false;
        Report(TypeErrors.WrongRole(Source, at, type.ToString(), name, counterpart.ToString()));
        return true;
    }
}
