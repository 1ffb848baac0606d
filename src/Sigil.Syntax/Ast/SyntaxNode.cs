using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sigil.Syntax.Ast;

/// <summary>A construct of the language with the tokens and nodes that make it up.</summary>
public abstract class SyntaxNode : SyntaxElement
{
    private readonly SyntaxElement[] _children;

    /// <summary>Takes ownership of the children, given in source order; absent ones are null.</summary>
    private protected SyntaxNode(ReadOnlySpan<SyntaxElement?> children)
    {
        var count = 0;
        foreach (var child in children)
        {
            if (child is null)
                continue;
            count++;
            if (child is SyntaxToken { SkippedBefore: not null })
                count++;
        }
        if (count == 0)
            throw new ArgumentException("A node needs at least one child, if only a missing token.", nameof(children));
        _children = new SyntaxElement[count];

        // An array of a class that has subclasses tests what is put into it; here that is known.
        ref var first = ref MemoryMarshal.GetArrayDataReference(_children);
        var index = 0;
        var height = 0;
        foreach (var child in children)
        {
            if (child is null)
                continue;
            if (child is SyntaxToken { SkippedBefore: { } skipped })
            {
                skipped.Parent = this;
                Unsafe.Add(ref first, index++) = skipped;
            }
            child.Parent = this;
            Unsafe.Add(ref first, index++) = child;
            height = Math.Max(height, child.Height);
        }
        Height = height + 1;
        Source = first.Source;
        Span = FindSpan();
    }

    /// <inheritdoc/>
    public sealed override SourceText Source { get; }

    /// <inheritdoc/>
    public sealed override TextSpan Span { get; }

    /// <inheritdoc/>
    public sealed override TextSpan FullSpan =>
        TextSpan.FromBounds(_children[0].FullSpan.Start, Math.Max(_children[^1].FullSpan.End, Span.End));

    /// <inheritdoc/>
    public sealed override SyntaxToken FirstElement => _children[0].FirstElement;

    /// <inheritdoc/>
    public sealed override SyntaxToken LastElement => _children[^1].LastElement;

    /// <inheritdoc/>
    internal sealed override int Height { get; }

    /// <summary>The nodes and tokens directly below, in source order.</summary>
    public ImmutableArray<SyntaxElement> Children() =>
        System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(_children);

    /// <summary>The nodes directly below, in source order.</summary>
    public IEnumerable<SyntaxNode> ChildNodes() => _children.OfType<SyntaxNode>();

    /// <summary>All tokens below in source order, skipped ones included.</summary>
    public IEnumerable<SyntaxToken> DescendantTokens()
    {
        var pending = new Stack<SyntaxElement>();
        pending.Push(this);
        while (pending.TryPop(out var element))
        {
            if (element is SyntaxToken token)
                yield return token;
            else
                PushChildren(pending, (SyntaxNode)element);
        }
    }

    /// <summary>This node and all nodes below, parents first, in source order.</summary>
    public IEnumerable<SyntaxNode> DescendantNodesAndSelf()
    {
        var pending = new Stack<SyntaxElement>();
        pending.Push(this);
        while (pending.TryPop(out var element))
        {
            if (element is not SyntaxNode node)
                continue;
            yield return node;
            PushChildren(pending, node);
        }
    }

    /// <summary>The first token with text below, or the first missing one if there is none with text.</summary>
    public SyntaxToken FirstToken()
    {
        SyntaxToken? missing = null;
        foreach (var token in DescendantTokens())
        {
            if (token.Parent is SkippedTokens)
                continue;
            if (!token.IsMissing)
                return token;
            missing ??= token;
        }
        return missing!;
    }

    private static void PushChildren(Stack<SyntaxElement> pending, SyntaxNode node)
    {
        for (var i = node._children.Length - 1; i >= 0; i--)
            pending.Push(node._children[i]);
    }

    private TextSpan FindSpan()
    {
        for (var first = 0; first < _children.Length; first++)
        {
            if (!Says(_children[first], out var start))
                continue;
            for (var last = _children.Length - 1; last > first; last--)
            {
                if (Says(_children[last], out var end))
                    return TextSpan.FromBounds(start.Start, end.End);
            }
            return start;
        }
        return _children[^1].Span;
    }

    /// <summary>Skipped tokens and missing parts at the edges are not what the node says.</summary>
    private bool Says(SyntaxElement child, out TextSpan span)
    {
        span = child.Span;
        return !span.IsEmpty && (child is not SkippedTokens || this is SkippedTokens);
    }
}

/// <summary>Tokens that the parser could not use, kept so that nothing of the text is lost.</summary>
public sealed class SkippedTokens(ImmutableArray<SyntaxToken> tokens) : SyntaxNode([.. tokens])
{
    /// <summary>The tokens in source order.</summary>
    public ImmutableArray<SyntaxToken> Tokens { get; } = tokens;
}
