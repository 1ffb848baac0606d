using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;
using Sigil.Syntax;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Checking;

// Patterns: what they test, what they bind. Whether they cover everything is decided when all types are known.
public sealed partial class BodyChecker
{
    internal partial TypedPattern CheckPattern(Ast.Pattern p, SigilType expected, LocalKind kind)
    {
        RetryDeferred();
        return Pattern(p, expected, new PatternNames(kind));
    }

    private TypedPattern Pattern(Ast.Pattern p, SigilType expected, PatternNames names)
    {
        // A name that stands for a lent value has the type of the value: the ownership check knows that it is lent.
        if (expected.Resolve() is BorrowType borrow) expected = borrow.Target.Resolve();
        var pattern = PatternOfValue(p, expected, names);
        // Names and holes take an object as it is, everything else looks into it.
        if (pattern is not (BindingPattern or WildcardPattern or OrPattern)) pattern.Through ??= expected.Resolve() as CapabilityType;
        return pattern;
    }

    private TypedPattern PatternOfValue(Ast.Pattern p, SigilType expected, PatternNames names)
    {
        switch (p)
        {
            case Ast.WildcardPattern:
                return new WildcardPattern { Type = expected, Span = At(p) };
            case Ast.BindingPattern x:
                {
                    var isRepeated = names.Bound.ContainsKey(x.Name.Text);
                    var local = Bind(x.Name, expected, names);
                    // A name bound twice is meant as a test of equality: nothing can be said about what the pattern covers.
                    return isRepeated ? new ErrorPattern { Type = ErrorType.Instance, Span = At(p) } : new BindingPattern { Local = local, Type = expected, Span = At(p) };
                }
            case Ast.AsPattern x:
                {
                    var local = Bind(x.Name, expected, names);
                    var inner = Pattern(x.Pattern, expected, names);
                    return new BindingPattern { Local = local, Inner = inner, Type = expected, Span = At(p) };
                }
            case Ast.ParenthesizedPattern x:
                return Pattern(x.Pattern, expected, names);
            case Ast.OrPattern x:
                return Alternatives(x, expected, names);
            case Ast.LiteralPattern x:
                return LiteralOf(x, Underlying(expected));
            case Ast.RangePattern x:
                return IntervalOf(x, Underlying(expected));
            case Ast.VariantPattern x:
                return VariantOf(x, Underlying(expected), names);
            case Ast.RecordPattern x:
                return RecordOf(x, Underlying(expected), names);
            case Ast.TuplePattern x:
                return TupleOf(x, Underlying(expected), names);
            case Ast.ListPattern x:
                return ListOf(x, Underlying(expected), names);
            default:
                return BadPattern(p, names);
        }
    }

    /// <summary>A pattern that is wrong; its names are bound all the same, so that their uses are no further errors.</summary>
    private ErrorPattern BadPattern(Ast.Pattern p, PatternNames names)
    {
        foreach (var node in p.DescendantNodesAndSelf())
        {
            var name = node switch
            {
                Ast.BindingPattern x => x.Name,
                Ast.AsPattern x => x.Name,
                Ast.FieldPattern { Pattern: null } x => x.Name,
                Ast.RestPattern x => x.Name,
                _ => null,
            };
            if (name is { IsMissing: false } && !names.Bound.ContainsKey(name.Text)) Bind(name, ErrorType.Instance, names);
        }
        return new ErrorPattern { Type = ErrorType.Instance, Span = At(p) };
    }

    private LocalSymbol Bind(Ast.SyntaxToken name, SigilType type, PatternNames names)
    {
        if (names.Bound.TryGetValue(name.Text, out var first))
        {
            Report(PatternErrors.BoundTwice(Source, At(name), first.Span, name.Text));
            return first;
        }
        if (names.Shared is { } shared && shared.TryGetValue(name.Text, out var known))
        {
            if (!Unify(known.Type, type))
                Report(PatternErrors.AlternativeTypes(Source, At(name), name.Text, Zonk(known.Type).ToString(), Zonk(type).ToString()));
            names.Bound.Add(name.Text, known);
            return known;
        }
        RequireLowerCase(name);
        var local = Declare(name.Text, names.Kind, type, At(name));
        names.Bound.Add(name.Text, local);
        return local;
    }

    /// <summary>E2022: upper-case words in patterns are variants.</summary>
    private void RequireLowerCase(Ast.SyntaxToken name)
    {
        if (name.Text.Length > 0 && char.IsUpper(name.Text[0])) Report(NameErrors.WrongCase(new SourceLocation(Source, At(name)), "binding", name.Text, wantUpper: false));
    }

    private TypedPattern Alternatives(Ast.OrPattern p, SigilType expected, PatternNames names)
    {
        var before = names.Bound;
        var shared = names.Shared;
        var alternatives = ImmutableArray.CreateBuilder<TypedPattern>(p.Alternatives.Count);
        Dictionary<string, LocalSymbol>? first = null;
        foreach (var alternative in p.Alternatives)
        {
            names.Bound = new(before);
            if (first is not null)
            {
                // Names of an enclosing alternative stay shared as well.
                names.Shared = new(first);
                foreach (var (name, local) in shared ?? []) names.Shared.TryAdd(name, local);
            }
            alternatives.Add(Pattern(alternative, expected, names));
            var bound = names.Bound.Where(b => !before.ContainsKey(b.Key)).ToDictionary();
            if (first is null)
            {
                first = bound;
                continue;
            }
            var lacking = first.Keys.FirstOrDefault(n => !bound.ContainsKey(n));
            var surplus = bound.Where(b => !first.ContainsKey(b.Key)).ToList();
            if (lacking is not null) Report(PatternErrors.AlternativeLacksName(Source, At(alternative), lacking));
            else if (surplus is [var (name, _), ..]) Report(PatternErrors.AlternativeLacksName(Source, At(p.Alternatives[0]), name));
            foreach (var (other, local) in surplus) first.Add(other, local);
        }
        names.Shared = shared;
        names.Bound = new(before);
        foreach (var (name, local) in first ?? []) names.Bound.TryAdd(name, local);
        return new OrPattern { Alternatives = alternatives.ToImmutable(), Type = expected, Span = At(p) };
    }

    private TypedPattern TupleOf(Ast.TuplePattern p, SigilType type, PatternNames names)
    {
        if (p.Elements.IsEmpty)
        {
            if (Unify(type, Core.Void)) return new ProductPattern { Fields = [], Type = Core.Void, Span = At(p) };
            return OtherType(p, "`()`", type, names);
        }
        if (IsUnknown(type))
        {
            var guess = new TupleType([.. p.Elements.Select(_ => (SigilType)NewVariable())]);
            Unify(type, guess);
            type = guess;
        }
        if (type is not TupleType tuple) return OtherType(p, "a tuple pattern", type, names);
        if (tuple.Elements.Length != p.Elements.Count)
        {
            Report(PatternErrors.TupleSize(Source, At(p), Zonk(type).ToString(), tuple.Elements.Length, p.Elements.Count));
            return BadPattern(p, names);
        }
        var fields = ImmutableArray.CreateBuilder<FieldPattern>(p.Elements.Count);
        for (var i = 0; i < p.Elements.Count; i++) fields.Add(new FieldPattern(i, Pattern(p.Elements[i], tuple.Elements[i], names)));
        return new ProductPattern { Fields = fields.MoveToImmutable(), Type = type, Span = At(p) };
    }

    private TypedPattern ListOf(Ast.ListPattern p, SigilType type, PatternNames names)
    {
        if (IsUnknown(type))
        {
            var guess = Core.List(NewVariable());
            Unify(type, guess);
            type = guess;
        }
        if (type is not NamedType list || list.Definition != Core.ListSymbol) return OtherType(p, "a list pattern", type, names);
        var prefix = ImmutableArray.CreateBuilder<TypedPattern>();
        var suffix = ImmutableArray.CreateBuilder<TypedPattern>();
        Ast.RestPattern? rest = null;
        LocalSymbol? restName = null;
        foreach (var element in p.Elements)
        {
            if (element is not Ast.RestPattern r)
            {
                (rest is null ? prefix : suffix).Add(Pattern(element, list.Arguments[0], names));
                continue;
            }
            if (rest is not null)
            {
                Report(PatternErrors.SeveralRests(Source, At(r), At(rest)));
                if (r.Name is { } extra) Bind(extra, ErrorType.Instance, names);
                continue;
            }
            rest = r;
            if (r.Name is { IsMissing: false } name && name.Text != "_") restName = Bind(name, type, names);
        }
        return new ListPattern
        {
            Prefix = prefix.ToImmutable(),
            HasRest = rest is not null,
            Rest = restName,
            Suffix = suffix.ToImmutable(),
            Type = type,
            Span = At(p),
        };
    }

    private TypedPattern OtherType(Ast.Pattern p, string what, SigilType type, PatternNames names)
    {
        if (!HasError(type)) Report(PatternErrors.OtherType(Source, At(p), what, Zonk(type).ToString()));
        return BadPattern(p, names);
    }

    /// <summary>The names that a pattern has bound so far.</summary>
    private sealed class PatternNames(LocalKind kind)
    {
        public LocalKind Kind { get; } = kind;
        /// <summary>The names bound on the way to the part at hand.</summary>
        public Dictionary<string, LocalSymbol> Bound { get; set; } = [];
        /// <summary>In later alternatives: the names of the first, which they bind again.</summary>
        public Dictionary<string, LocalSymbol>? Shared { get; set; }
        /// <summary>In a <c>let</c> fields may be left out silently.</summary>
        public bool MayOmitFields => Kind is LocalKind.Let or LocalKind.LetMut;
    }
}
