namespace Sigil.Emit.Instantiation;

/// <summary>Facts that need the whole call graph: who really suspends, and who may call itself.</summary>
internal static class CallGraph
{
    /// <summary>A caller suspends when something it calls does; starts from the instances with a waiting operation of their own.</summary>
    public static void SpreadSuspension(List<Instance> instances)
    {
        var open = new Stack<Instance>(instances.Where(i => i.Suspends && i.Graph.Kind != Mir.MirFunctionKind.TaskSource));
        while (open.TryPop(out var instance))
        {
            foreach (var caller in instance.Callers)
            {
                if (caller.Suspends) continue;
                caller.Suspends = true;
                open.Push(caller);
            }
        }
    }

    /// <summary>Finds strongly connected components (Tarjan, with a stack of its own); indirect calls reach every closure and adapter of that type.</summary>
    public static void MarkCycles(List<Instance> instances, Func<Type, IEnumerable<Instance>> reachableThrough)
    {
        var state = new Dictionary<Instance, Node>(instances.Count);
        var path = new List<Node>();
        var counter = 0;
        foreach (var root in instances)
        {
            if (state.ContainsKey(root)) continue;
            var work = new Stack<Node>();
            work.Push(Open(root));
            while (work.TryPeek(out var node))
            {
                if (node.Next < node.Targets.Count)
                {
                    var target = node.Targets[node.Next++];
                    if (target == node.Instance) node.Instance.IsOnCycle = true;
                    if (!state.TryGetValue(target, out var seen)) work.Push(Open(target));
                    else if (seen.IsOpen) node.Low = Math.Min(node.Low, seen.Index);
                    continue;
                }
                work.Pop();
                if (work.TryPeek(out var parent)) parent.Low = Math.Min(parent.Low, node.Low);
                if (node.Low != node.Index) continue;
                var size = path.Count - path.LastIndexOf(node);
                for (var i = 0; i < size; i++)
                {
                    var member = path[^1];
                    path.RemoveAt(path.Count - 1);
                    member.IsOpen = false;
                    if (size > 1) member.Instance.IsOnCycle = true;
                }
            }
        }

        Node Open(Instance instance)
        {
            var targets = new List<Instance>(instance.Callees);
            foreach (var type in instance.IndirectCalls) targets.AddRange(reachableThrough(type));
            var node = new Node { Instance = instance, Index = counter, Low = counter, Targets = targets, IsOpen = true };
            counter++;
            state[instance] = node;
            path.Add(node);
            return node;
        }
    }

    private sealed class Node
    {
        public required Instance Instance;
        public required List<Instance> Targets;
        public int Index, Low, Next;
        public bool IsOpen;
    }
}
