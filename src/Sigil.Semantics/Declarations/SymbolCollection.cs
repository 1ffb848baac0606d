using Sigil.Semantics.Modules;
using Sigil.Semantics.Symbols;
using Sigil.Syntax;
using Sigil.Syntax.Ast;
using Sigil.Syntax.Diagnostics.Catalogue;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 1: makes a symbol for every item and enters it under its name (E2004, E2005, E2022, E7006).</summary>
internal sealed class SymbolCollection(DeclarationContext context)
{
    private static readonly HashSet<string> markerCapabilities = ["Async", "Parallel", "AsyncIO", "ProcessIsolation"];
    private static readonly HashSet<string> structuralTraits = ["Sendable", "Serializable", "Copyable", "Clone", "Sequence"];

    public void Run()
    {
        foreach (var m in context.Modules) Collect(m);
    }

    private void Collect(LoadedModule module)
    {
        if (module.Symbol.Name == "std.prelude") AddBuiltIns(module.Symbol);
        foreach (var item in module.Syntax.Items)
        {
            switch (item)
            {
                case FunctionDeclaration f: Function(module, f); break;
                case TestDeclaration t: Test(module, t); break;
                case TypeDeclaration t: Type(module, t); break;
                case TraitDeclaration t: Trait(module, t); break;
                case ImplDeclaration i: Impl(module, i); break;
                case ExtendDeclaration e: Extension(module, e); break;
                case ConfigDeclaration c: Config(module, c); break;
            }
        }
        if (!module.IsLibrary && context.Input.IsSnippet && module.Syntax.BodyOfStatements() is { } body) Statements(module, body);
    }

    // What a snippet does besides declaring: the body of a function that nothing calls, which may wait as a test may.
    private void Statements(LoadedModule module, RunExpression body) => module.Symbol.Functions.Add(new FunctionSymbol("snippet")
    {
        Module = module.Symbol,
        Body = body,
        Source = module.Source,
        Span = new TextSpan(body.Span.Start, 0),
        ReturnType = context.Core.Void,
        IsTest = true,
    });

    private void AddBuiltIns(ModuleSymbol prelude)
    {
        var c = context.Core;
        foreach (var t in (TypeSymbol[])[c.IntSymbol, c.FloatSymbol, c.BoolSymbol, c.ByteSymbol, c.CharSymbol, c.StrSymbol, c.NeverSymbol, c.DurationSymbol, c.SizeSymbol, c.SetSymbol, c.RangeSymbol])
            prelude.TypeNames[t.Name] = t;
    }

    private void Function(LoadedModule module, FunctionDeclaration f)
    {
        // `@test_x () -> void` without targets is a test that covers nothing.
        bool isTest = !module.IsLibrary && f.Name.Text.StartsWith("test_", StringComparison.Ordinal) && f.Parameters.Parameters.IsEmpty
            && f.TypeParameters is null && IsVoid(f.ReturnType) && f.Body is not null;
        var symbol = new FunctionSymbol(f.Name.Text)
        {
            Module = module.Symbol,
            IsPublic = f.IsPublic,
            Syntax = f,
            Body = f.Body,
            Source = module.Source,
            Span = f.Name.Span,
            IsIntrinsic = module.IsLibrary && f.Body is null,
            IsTest = isTest,
        };
        module.Symbol.Functions.Add(symbol);
        if (isTest) module.Symbol.Tests.Add(symbol);
        AddValue(module, symbol);
    }

    private static bool IsVoid(TypeSyntax t) => t is VoidType or Ast.TupleType { Elements.IsEmpty: true };

    private void Test(LoadedModule module, TestDeclaration t)
    {
        var symbol = new FunctionSymbol(t.Name.Text)
        {
            Module = module.Symbol,
            IsPublic = t.IsPublic,
            Syntax = t,
            Body = t.Body,
            Source = module.Source,
            Span = t.Name.Span,
            IsTest = true,
        };
        module.Symbol.Tests.Add(symbol);
        module.Symbol.Functions.Add(symbol);
        AddValue(module, symbol);
    }

    private void Type(LoadedModule module, TypeDeclaration t)
    {
        WantUpper(module, t.Name, "type");
        var kind = t.Definition switch
        {
            StructDefinition s => s.Methods.Any() || (module.IsLibrary && t.Attributes.Any(a => a.Name.Text == "runtime")) ? TypeKind.Opaque : TypeKind.Struct,
            SumDefinition => TypeKind.Sum,
            // The library names records, too: the pairs that channels come in.
            AliasDefinition a => IsTransparent(a.Type) || (module.IsLibrary && a.Type is ParenthesizedType { Type: Ast.RecordType }) ? TypeKind.Alias : TypeKind.Newtype,
            _ => TypeKind.Struct,
        };
        var symbol = new TypeSymbol(t.Name.Text, kind) { Module = module.Symbol, IsPublic = t.IsPublic, Syntax = t, Source = module.Source, Span = t.Name.Span };
        module.Symbol.Types.Add(symbol);
        AddType(module, symbol);
        if (kind == TypeKind.Newtype) AddValue(module, symbol);
        if (t.Definition is SumDefinition sum)
        {
            var variants = new List<VariantSymbol>();
            foreach (var v in sum.Variants)
            {
                if (v.Name.IsMissing) continue;
                WantUpper(module, v.Name, "variant");
                if (variants.FirstOrDefault(o => o.Name == v.Name.Text) is { } first)
                {
                    context.Report(NameErrors.DuplicatePart(v.Name.Location, "variant", v.Name.Text, new(module.Source, first.Span)));
                    continue;
                }
                var variant = new VariantSymbol(v.Name.Text, variants.Count) { Owner = symbol, Source = module.Source, Span = v.Name.Span };
                variants.Add(variant);
            }
            symbol.Variants = [.. variants];
            foreach (var v in variants) AddValue(module, v);
        }
    }

    /// <summary>Function types and iso/val/ref types get a transparent name; all others make a new type.</summary>
    private static bool IsTransparent(TypeSyntax t) => t switch
    {
        Ast.FunctionType or Ast.CapabilityType or Ast.BorrowType => true,
        ParenthesizedType p => IsTransparent(p.Type),
        _ => false,
    };

    private void Trait(LoadedModule module, TraitDeclaration t)
    {
        WantUpper(module, t.Name, "trait");
        var self = new TypeParameterSymbol("Self", 0) { IsSelf = true };
        var symbol = new TraitSymbol(t.Name.Text)
        {
            Self = self,
            Module = module.Symbol,
            IsPublic = t.IsPublic,
            Syntax = t,
            Source = module.Source,
            Span = t.Name.Span,
            IsMarkerCapability = module.IsLibrary && markerCapabilities.Contains(t.Name.Text),
            IsStandardCapability = StandardCapabilities.Modules.TryGetValue(t.Name.Text, out var home) && module.Symbol.Name == home,
            IsStructural = module.Symbol.Name == "std.prelude" && structuralTraits.Contains(t.Name.Text),
        };
        self.Owner = symbol;
        var associated = new List<AssociatedTypeSymbol>();
        var methods = new List<FunctionSymbol>();
        foreach (var member in t.Members)
        {
            switch (member)
            {
                case AssociatedTypeDeclaration a:
                    WantUpper(module, a.Name, "associated type");
                    if (associated.FirstOrDefault(o => o.Name == a.Name.Text) is { } first)
                        context.Report(NameErrors.DuplicateMember(a.Name.Location, a.Name.Text, $"`{t.Name.Text}`", new(module.Source, first.Span)));
                    else associated.Add(new AssociatedTypeSymbol(a.Name.Text) { Trait = symbol, Source = module.Source, Span = a.Name.Span });
                    break;
                case FunctionDeclaration f: AddMethod(module, methods, f, symbol, $"`{t.Name.Text}`", isRequirement: true); break;
            }
        }
        symbol.AssociatedTypes = [.. associated];
        symbol.Methods = [.. methods];
        module.Symbol.Traits.Add(symbol);
        AddType(module, symbol);
    }

    private void Impl(LoadedModule module, ImplDeclaration i)
    {
        var symbol = new ImplSymbol { Module = module.Symbol, Syntax = i, Source = module.Source, Span = TextSpan.FromBounds(i.ImplKeyword.Span.Start, i.Type.Span.End), IsNegative = i.Bang is not null };
        var methods = new List<FunctionSymbol>();
        foreach (var f in i.Members.OfType<FunctionDeclaration>()) AddMethod(module, methods, f, symbol, "this impl", isRequirement: false);
        symbol.Methods = [.. methods];
        module.Symbol.Impls.Add(symbol);
    }

    private void Extension(LoadedModule module, ExtendDeclaration e)
    {
        var self = new TypeParameterSymbol("Self", 0) { IsSelf = true };
        var symbol = new ExtensionSymbol { Module = module.Symbol, Syntax = e, Source = module.Source, Span = e.Trait.Span, Self = self };
        self.Owner = symbol;
        var methods = new List<FunctionSymbol>();
        foreach (var f in e.Members.OfType<FunctionDeclaration>()) AddMethod(module, methods, f, symbol, "this extension", isRequirement: false);
        symbol.Methods = [.. methods];
        module.Symbol.Extensions.Add(symbol);
    }

    internal void AddMethod(LoadedModule module, List<FunctionSymbol> methods, FunctionDeclaration f, Symbol container, string owner, bool isRequirement)
    {
        if (f.Name.IsMissing) return;
        if (!module.IsLibrary && methods.FirstOrDefault(m => m.Name == f.Name.Text) is { } first)
        {
            context.Report(NameErrors.DuplicateMember(f.Name.Location, f.Name.Text, owner, new(module.Source, first.Span)));
            return;
        }
        methods.Add(new FunctionSymbol(f.Name.Text)
        {
            Module = module.Symbol,
            IsPublic = true,
            Syntax = f,
            Body = f.Body,
            Container = container,
            Source = module.Source,
            Span = f.Name.Span,
            IsIntrinsic = module.IsLibrary && !isRequirement && f.Body is null,
        });
    }

    private void Config(LoadedModule module, ConfigDeclaration c)
    {
        if (c.Name.IsMissing) return;
        var symbol = new ConfigSymbol(c.Name.Text) { Module = module.Symbol, IsPublic = c.IsPublic, Source = module.Source, Span = c.Name.Span };
        if (module.Symbol.Configs.TryGetValue(symbol.Name, out var first))
        {
            context.Report(NameErrors.Duplicate(c.Name.Location, "$" + symbol.Name, new(module.Source, first.Span)));
            return;
        }
        module.Symbol.Configs[symbol.Name] = symbol;
        // The library's constants are read by their bare names: `pi`.
        if (module.IsLibrary) module.Symbol.ValueNames.TryAdd(symbol.Name, [symbol]);
        symbol.VariantName = module.IsLibrary ? VariantOf(c) : null;
        (symbol.Type, symbol.Value) = module.IsLibrary && Unwritable(c) is { } value ? (value is long ? context.Core.Duration : context.Core.Float, value) : ConstantOf(c.Value);
    }

    /// <summary>What no literal can say: the library names it by <c>#[intrinsic("nan")]</c>, <c>#[intrinsic("inf")]</c>, <c>#[intrinsic("longest_time")]</c>.</summary>
    private static object? Unwritable(ConfigDeclaration c) =>
        c.Attributes.FirstOrDefault(a => a.Name.Text == "intrinsic") is { Arguments: [{ Value: LiteralExpression { Value: string key } }] } && !key.Contains('.')
            ? key switch { "nan" => double.NaN, "longest_time" => long.MaxValue, _ => (object)double.PositiveInfinity }
            : null;

    /// <summary>What <c>#[intrinsic("Type.Variant")]</c> says: a literal cannot.</summary>
    private static string? VariantOf(ConfigDeclaration c) =>
        c.Attributes.FirstOrDefault(a => a.Name.Text == "intrinsic") is { Arguments: [{ Value: LiteralExpression { Value: string key } }] } && key.Contains('.') ? key : null;

    /// <summary>The type and value of a literal, possibly negated; anything else was reported by the parser (E1032).</summary>
    private (Types.SigilType, object?) ConstantOf(Expression e)
    {
        var c = context.Core;
        switch (e)
        {
            case UnaryExpression { Operator: UnaryOperator.Negate, Operand: LiteralExpression l }:
                return l.Value switch
                {
                    long n when l.LiteralKind == LiteralKind.Int => (c.Int, unchecked(-n)),
                    long n when l.LiteralKind == LiteralKind.Duration => (c.Duration, -n),
                    double d => (c.Float, -d),
                    _ => (Types.ErrorType.Instance, null),
                };
            case LiteralExpression l:
                return l.LiteralKind switch
                {
                    LiteralKind.Int => (c.Int, l.Value),
                    LiteralKind.Float => (c.Float, l.Value),
                    LiteralKind.String => (c.Str, l.Value),
                    LiteralKind.Char => (c.Char, l.Value is System.Text.Rune r ? r.Value : null),
                    LiteralKind.Bool => (c.Bool, l.Value),
                    LiteralKind.Duration => (c.Duration, l.Value),
                    _ => (c.Size, l.Value),
                };
            default: return (Types.ErrorType.Instance, null);
        }
    }

    private void AddType(LoadedModule module, Symbol symbol)
    {
        if (symbol.Name.Length == 0) return;
        if (!module.Symbol.TypeNames.TryAdd(symbol.Name, symbol))
        {
            var first = module.Symbol.TypeNames[symbol.Name];
            context.Report(NameErrors.Duplicate(new(module.Source, symbol.Span), symbol.Name, new(first.Source ?? module.Source, first.Span)));
        }
        else if (module.IsLibrary) context.Core.Register(symbol, symbol.Name);
    }

    private void AddValue(LoadedModule module, Symbol symbol)
    {
        if (symbol.Name.Length == 0) return;
        var table = module.Symbol.ValueNames;
        if (!table.TryGetValue(symbol.Name, out var list))
        {
            table[symbol.Name] = [symbol];
        }
        else if (module.IsLibrary || (symbol is VariantSymbol or TypeSymbol && list.All(s => s is VariantSymbol or TypeSymbol && OwnerOf(s) != OwnerOf(symbol))))
        {
            list.Add(symbol);
        }
        else if (symbol is not TypeSymbol || list[0] is not TypeSymbol)
        {
            var at = new SourceLocation(module.Source, symbol.Span);
            var first = new SourceLocation(module.Source, list[0].Span);
            context.Report(symbol is FunctionSymbol { IsTest: true } && list[0] is FunctionSymbol { IsTest: true }
                ? TestErrors.DuplicateTest(at, symbol.Name, first)
                : NameErrors.Duplicate(at, symbol.Name, first));
        }
        if (module.IsLibrary && symbol is FunctionSymbol)
        {
            var home = Prelude.NameOf(module.Symbol.Name);
            context.Core.Register(symbol, $"{home}.{symbol.Name}");
            context.Core.Register(symbol, $"{home["std.".Length..]}.{symbol.Name}");
        }
    }

    private static Symbol OwnerOf(Symbol s) => s is VariantSymbol v ? v.Owner : s;

    private void WantUpper(LoadedModule module, SyntaxToken name, string kind)
    {
        if (name.IsMissing || name.Text.Length == 0 || char.IsUpper(name.Text[0]) || module.IsLibrary) return;
        context.Report(NameErrors.WrongCase(name.Location, kind, name.Text, wantUpper: true));
    }
}
