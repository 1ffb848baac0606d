using System.Collections;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sigil.Syntax.Ast;

/// <summary>
/// A list with its separators. Indexing and enumerating give the nodes only; <see cref="Elements"/> everything in
/// source order. After an error separators may be missing or doubled.
/// </summary>
public readonly struct SeparatedList<T> : IReadOnlyList<T>
    where T : SyntaxNode
{
    private readonly ImmutableArray<T> _nodes;
    private readonly ImmutableArray<SyntaxElement> _elements;

    /// <summary>A list of nodes and separators in source order.</summary>
    public SeparatedList(ImmutableArray<SyntaxElement> elements)
    {
        _elements = elements;
        var count = 0;
        foreach (var element in elements)
        {
            if (element is not SyntaxToken)
                count++;
        }
        if (count == 0)
            return;
        var nodes = new T[count];
        var index = 0;
        foreach (var element in elements)
        {
            if (element is not SyntaxToken)
                nodes[index++] = (T)element;
        }
        _nodes = ImmutableCollectionsMarshal.AsImmutableArray(nodes);
    }

    /// <summary>The empty list.</summary>
    public static SeparatedList<T> Empty { get; } = new([]);

    /// <summary>The nodes.</summary>
    public ImmutableArray<T> Nodes => _nodes.IsDefault ? [] : _nodes;

    /// <summary>Nodes and separators in source order.</summary>
    public ImmutableArray<SyntaxElement> Elements => _elements.IsDefault ? [] : _elements;

    /// <summary>The separators.</summary>
    public IEnumerable<SyntaxToken> Separators => Elements.OfType<SyntaxToken>();

    /// <summary>Number of nodes.</summary>
    public int Count => Nodes.Length;

    /// <summary>Whether there is no node.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>A node by its place among the nodes.</summary>
    public T this[int index] => Nodes[index];

    /// <summary>Enumerates the nodes without allocation.</summary>
    public ImmutableArray<T>.Enumerator GetEnumerator() => Nodes.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Nodes).GetEnumerator();
}
