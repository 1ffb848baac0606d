using System.Collections.Immutable;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Typed;
using Sigil.Semantics.Types;

namespace Sigil.Mir.Building;

/// <summary>Which parts of locals an expression mentions: <c>pair.consumer</c> mentions one field of <c>pair</c>, not the whole.</summary>
internal static class MentionedParts
{
    /// <summary>
    /// Per local the mentioned parts, outermost only (<c>a.b</c> covers <c>a.b.c</c>); no parts when the local is mentioned as a whole.
    /// </summary>
    public static Dictionary<LocalSymbol, List<(ImmutableArray<int> Path, MemberExpression Expression)>> Of(IEnumerable<TypedExpression> roots)
    {
        var found = new Dictionary<LocalSymbol, List<(ImmutableArray<int> Path, MemberExpression Expression)>>();
        var whole = new HashSet<LocalSymbol>();
        var stack = new Stack<TypedExpression>(roots.Reverse());
        while (stack.TryPop(out var e))
        {
            if (e is MemberExpression member && PathOf(member) is { } part)
            {
                if (!found.TryGetValue(part.Symbol, out var list)) found[part.Symbol] = list = [];
                Add(list, part.Path, member);
                continue;
            }
            if (e is LocalExpression local) whole.Add(local.Local);
            foreach (var child in TypedChildren.Of(e).Reverse()) stack.Push(child);
        }
        foreach (var symbol in whole) found[symbol] = [];
        return found;
    }

    private static void Add(List<(ImmutableArray<int> Path, MemberExpression Expression)> list, ImmutableArray<int> path, MemberExpression member)
    {
        foreach (var (known, _) in list)
            if (known.Length <= path.Length && known.SequenceEqual(path[..known.Length])) return;
        list.RemoveAll(k => k.Path.Length > path.Length && path.SequenceEqual(k.Path[..path.Length]));
        list.Add((path, member));
    }

    /// <summary>The local and the field indices of a chain of fields that goes through no iso, val or ref.</summary>
    public static (LocalSymbol Symbol, ImmutableArray<int> Path)? PathOf(MemberExpression member)
    {
        var path = new List<int>();
        TypedExpression at = member;
        while (true)
        {
            switch (at)
            {
                case MemberExpression m when LoweringContext.Strip(m.Receiver.Type) is not CapabilityType:
                    path.Add(m.Index);
                    at = m.Receiver;
                    continue;
                case ConversionExpression { Kind: ConversionKind.CopyBorrow } c:
                    at = c.Operand;
                    continue;
                case LocalExpression l when path.Count > 0:
                    path.Reverse();
                    return (l.Local, [.. path]);
                default:
                    return null;
            }
        }
    }
}
