using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;

namespace Sigil.Semantics.Declarations;

/// <summary>Pass 7: a signature that mentions <c>Producer&lt;T&gt;</c>, <c>Consumer&lt;T&gt;</c> or the like implies <c>T: Sendable</c>; one that mentions an end between processes also <c>T: Serializable</c>.</summary>
internal sealed class ImpliedBounds(DeclarationContext context)
{
    private bool betweenProcesses;

    // Types whose arguments cross tasks, by the indices of those arguments; grows as declarations turn out to contain channel ends.
    private readonly Dictionary<TypeSymbol, bool[]> crossing = [];

    public void Run()
    {
        if (context.Core.FindTrait("Sendable") is { } sendable) Run(new TraitReference(sendable));
        crossing.Clear();
        betweenProcesses = true;
        if (context.Core.FindTrait("Serializable") is { } serializable) Run(new TraitReference(serializable));
    }

    private void Run(TraitReference bound)
    {
        bool changed;
        do
        {
            changed = false;
            foreach (var m in context.Modules)
                foreach (var t in m.Symbol.Types)
                    changed |= Imply(t.TypeParameters, Contents(t), bound, t);
        } while (changed);
        foreach (var m in context.Modules)
        {
            foreach (var f in m.Symbol.Functions) Imply(f.TypeParameters, Parts(f), bound, null);
            foreach (var i in m.Symbol.Impls)
            {
                Imply(i.TypeParameters, [i.SelfType], bound, null);
                foreach (var f in i.Methods) Imply(f.AllTypeParameters, Parts(f), bound, null);
            }
            foreach (var t in m.Symbol.Traits) foreach (var f in t.Methods) Imply(f.TypeParameters, Parts(f), bound, null);
            foreach (var e in m.Symbol.Extensions) foreach (var f in e.Methods) Imply(f.TypeParameters, Parts(f), bound, null);
        }
    }

    private static IEnumerable<SigilType> Contents(TypeSymbol t) =>
        t.Fields.Select(f => f.Type).Concat(t.Variants.SelectMany(v => v.Fields).Select(f => f.Type)).Concat(t.Target is { } target ? [target] : []);

    private static IEnumerable<SigilType> Parts(FunctionSymbol f) => f.Parameters.Select(p => p.Type).Append(f.ReturnType);

    private bool Imply(ImmutableArray<TypeParameterSymbol> parameters, IEnumerable<SigilType> types, TraitReference bound, TypeSymbol? declares)
    {
        if (parameters.IsEmpty) return false;
        bool changed = false;
        foreach (var part in types.SelectMany(Crossing))
        {
            foreach (var p in Contents(part))
            {
                if (!parameters.Contains(p) || p.Bounds.Contains(bound)) continue;
                p.Bounds = p.Bounds.Add(bound);
                if (declares is not null)
                {
                    if (!crossing.TryGetValue(declares, out var flags)) crossing[declares] = flags = new bool[parameters.Length];
                    flags[p.Index] = true;
                }
                changed = true;
            }
        }
        return changed;
    }

    // The parameters that what crosses contains. Functions and objects cross whatever they are about; an associated type says nothing of its owner.
    private static IEnumerable<TypeParameterSymbol> Contents(SigilType type) => type.Resolve() switch
    {
        TypeParameterType p => [p.Symbol],
        FunctionType or DynType or ProjectionType => [],
        var t => TypeWalk.Parts(t).SelectMany(Contents),
    };

    // The arguments below a type that stand for values in a channel.
    private IEnumerable<SigilType> Crossing(SigilType type)
    {
        if (type is NamedType n)
        {
            bool isEnd = n.Definition.End is { } end && (end.CrossesProcesses || !betweenProcesses);
            for (int i = 0; i < n.Arguments.Length; i++)
                if (isEnd || (crossing.TryGetValue(n.Definition, out var flags) && flags[i])) yield return n.Arguments[i];
        }
        foreach (var part in TypeWalk.Parts(type))
            foreach (var found in Crossing(part)) yield return found;
    }
}
