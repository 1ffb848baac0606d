using System.Collections.Concurrent;
using System.Reflection;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Ownership;

/// <summary>Finds the objects below a value that may be changed in place. Only checked runs use it, so reflection will do.</summary>
/// <param name="isFrozen">Nothing below the value is changed any more.</param>
internal sealed class MutableGraph(bool isFrozen)
{
    private static readonly ConcurrentDictionary<Type, FieldInfo[]> _fields = new();
    private static readonly ConcurrentDictionary<Type, bool> _mayHold = new();

    private readonly Stack<(object Value, bool Lists)> _open = [];
    private readonly HashSet<(object, bool)> _seen = new(new PairComparer());

    private sealed class PairComparer : IEqualityComparer<(object, bool)>
    {
        public bool Equals((object, bool) x, (object, bool) y) => ReferenceEquals(x.Item1, y.Item1) && x.Item2 == y.Item2;

        public int GetHashCode((object, bool) pair) => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Item1);
    }

    /// <summary>
    /// Calls <paramref name="found"/> for each object. It is told whether the object is frozen where it stands: a list in an object that is copied by
    /// reference (a sum, a large struct, a function, a list that is shared) is marked, and so copied, before it is changed.
    /// </summary>
    internal void Walk(object? value, Action<object, bool> found)
    {
        Open(value, isFrozen);
        while (_open.TryPop(out var next))
        {
            var (target, lists) = next;
            switch (target)
            {
                case IUpdatable container:
                    lists |= container.IsShared;
                    if (!container.IsShared) found(target, isFrozen || lists);
                    container.VisitParts(part => Open(part, lists));
                    break;
                case IBox box:
                    found(target, isFrozen);
                    // Below a box of one owner lists are updated in place again.
                    Open(box.Part, isFrozen);
                    break;
                case IExclusive:
                    found(target, isFrozen);
                    break;
                default:
                    var type = target.GetType();
                    if (!type.IsValueType) lists |= target is not DynamicValue { IsShared: false };
                    foreach (var field in FieldsOf(type)) Open(field.GetValue(target), lists);
                    break;
            }
        }
    }

    private void Open(object? value, bool lists)
    {
        if (value is null || !MayHold(value.GetType())) return;
        if (value.GetType().IsValueType || _seen.Add((value, lists))) _open.Push((value, lists));
    }

    /// <summary>Whether values of the type can lead to an object that may be changed in place.</summary>
    internal static bool MayHold<T>() => MayHold(typeof(T));

    private static bool MayHold(Type type) => _mayHold.TryGetValue(type, out var known) ? known : _mayHold[type] = Decide(type);

    private static bool Decide(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsByRef || type == typeof(string) || type == typeof(decimal)) return false;
        if (typeof(IUpdatable).IsAssignableFrom(type) || typeof(IBox).IsAssignableFrom(type) || typeof(IExclusive).IsAssignableFrom(type)) return true;
        // What it is shows at run time.
        if (type.IsInterface || type == typeof(object) || (type.IsAbstract && !IsOfTheSystem(type))) return true;
        if (type.IsValueType) return FieldsOf(type).Length > 0;
        if (type.Assembly == typeof(MutableGraph).Assembly) return type == typeof(Supervision.ChildSpec) || typeof(DynamicValue).IsAssignableFrom(type);
        return !IsOfTheSystem(type);
    }

    private static bool IsOfTheSystem(Type type) => type.Assembly == typeof(object).Assembly || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    private static FieldInfo[] FieldsOf(Type type) => _fields.GetOrAdd(type, static t =>
    {
        var fields = new List<FieldInfo>();
        for (var level = t; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
            fields.AddRange(level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(f => MayHold(f.FieldType)));
        return [.. fields];
    });

    /// <summary>The object's type, for people.</summary>
    internal static string NameOf(object target)
    {
        var type = target.GetType();
        var name = type.Name.Split('`')[0];
        var what = target switch { IBox => "the object of", IUpdatable => "the", _ => "the channel end" };
        if (target is IUpdatable) name = name.Replace("Sigil", "", StringComparison.Ordinal).ToLowerInvariant() + " of";
        var parts = string.Join(", ", type.GetGenericArguments().Select(a => a.Name));
        return target is IBox ? $"{what} {parts}" : $"{what} {name} {parts}";
    }
}
