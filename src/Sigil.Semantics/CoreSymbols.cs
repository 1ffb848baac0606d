using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics;

/// <summary>The symbols that the language itself knows. Primitive and container constructors are made here; everything else is declared in the library's prelude and looked up by name once it is bound.</summary>
public sealed class CoreSymbols
{
    private readonly Dictionary<string, TypeSymbol> types = [];
    private readonly Dictionary<string, TraitSymbol> traits = [];
    private readonly Dictionary<string, FunctionSymbol> functions = [];
    private readonly Dictionary<ChannelEnd, TypeSymbol> ends = [];

    private static TypeSymbol Primitive(string name, TypeKind kind) => new(name, kind) { IsPublic = true };

    private static TypeSymbol Container(string name, TypeKind kind, params string[] parameters)
    {
        var s = new TypeSymbol(name, kind) { IsPublic = true };
        s.TypeParameters = [.. parameters.Select((p, i) => new TypeParameterSymbol(p, i) { Owner = s, IsCopyable = false })];
        return s;
    }

    public TypeSymbol IntSymbol { get; } = Primitive("int", TypeKind.Int);
    public TypeSymbol FloatSymbol { get; } = Primitive("float", TypeKind.Float);
    public TypeSymbol BoolSymbol { get; } = Primitive("bool", TypeKind.Bool);
    public TypeSymbol ByteSymbol { get; } = Primitive("byte", TypeKind.Byte);
    public TypeSymbol CharSymbol { get; } = Primitive("char", TypeKind.Char);
    public TypeSymbol StrSymbol { get; } = Primitive("str", TypeKind.Str);
    public TypeSymbol VoidSymbol { get; } = Primitive("void", TypeKind.Void);
    public TypeSymbol NeverSymbol { get; } = Primitive("Never", TypeKind.Never);
    public TypeSymbol DurationSymbol { get; } = Primitive("Duration", TypeKind.Duration);
    public TypeSymbol SizeSymbol { get; } = Primitive("Size", TypeKind.Size);
    public TypeSymbol ListSymbol { get; } = Container("List", TypeKind.List, "T");
    public TypeSymbol MapSymbol { get; } = Container("Map", TypeKind.Map, "K", "V");
    public TypeSymbol SetSymbol { get; } = Container("Set", TypeKind.Set, "T");
    public TypeSymbol RangeSymbol { get; } = Container("Range", TypeKind.Range, "T");

    public NamedType Int => IntSymbol.SelfType;
    public NamedType Float => FloatSymbol.SelfType;
    public NamedType Bool => BoolSymbol.SelfType;
    public NamedType Byte => ByteSymbol.SelfType;
    public NamedType Char => CharSymbol.SelfType;
    public NamedType Str => StrSymbol.SelfType;
    public NamedType Void => VoidSymbol.SelfType;
    public NamedType Never => NeverSymbol.SelfType;
    public NamedType Duration => DurationSymbol.SelfType;
    public NamedType Size => SizeSymbol.SelfType;
    public NamedType List(SigilType element) => new(ListSymbol, [element]);
    public NamedType Map(SigilType key, SigilType value) => new(MapSymbol, [key, value]);
    public NamedType Set(SigilType element) => new(SetSymbol, [element]);
    public NamedType Range(SigilType element) => new(RangeSymbol, [element]);
    public NamedType Option(SigilType value) => new(Type("Option"), [value]);
    public NamedType Result(SigilType value, SigilType error) => new(Type("Result"), [value, error]);

    /// <summary>A type of the prelude by name: Option, Result, Ordering, Error, Producer, Consumer, SharedProducer, Task, TaskError…</summary>
    /// <exception cref="InvalidOperationException">The prelude does not declare it: a defect of the library.</exception>
    public TypeSymbol Type(string name) => types.TryGetValue(name, out var t) ? t : throw new InvalidOperationException($"the prelude has no type '{name}'");
    /// <summary>A trait of the prelude by name: Eq, Comparable, Printable, Sendable, Async, From…</summary>
    public TraitSymbol Trait(string name) => traits.TryGetValue(name, out var t) ? t : throw new InvalidOperationException($"the prelude has no trait '{name}'");
    /// <summary>A function of the prelude or of another std module that a desugaring refers to, by "module.name".</summary>
    public FunctionSymbol Function(string name) => functions.TryGetValue(name, out var f) ? f : throw new InvalidOperationException($"the library has no function '{name}'");
    public FunctionSymbol? FindFunction(string name) => functions.GetValueOrDefault(name);
    public TypeSymbol? FindType(string name) => types.GetValueOrDefault(name);
    public TraitSymbol? FindTrait(string name) => traits.GetValueOrDefault(name);

    /// <summary>The type of a channel end; null where the library declares none.</summary>
    public TypeSymbol? EndType(ChannelEnd end) => ends.GetValueOrDefault(end);
    /// <summary>The plain type that a shared channel end converts to; null for every other type.</summary>
    public TypeSymbol? PlainRoleOf(TypeSymbol type) => type.End is { IsShared: true } end ? EndType(end.Plain) : null;

    /// <summary>Called when the attributes of the library are read.</summary>
    public void RegisterEnd(TypeSymbol type) => ends.TryAdd(type.End!, type);

    /// <summary>Called by the declaration pass for every public type, trait and function of std.</summary>
    public void Register(Symbol symbol, string key)
    {
        switch (symbol)
        {
            case TypeSymbol t: types.TryAdd(key, t); break;
            case TraitSymbol t: traits.TryAdd(key, t); break;
            case FunctionSymbol f: functions.TryAdd(key, f); break;
        }
    }
}
