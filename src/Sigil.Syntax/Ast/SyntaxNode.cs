using System.Collections.Immutable;

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
        _children = new SyntaxElement[count];

        var index = 0;
        var height = 0;
        foreach (var child in children)
        {
            if (child is null)
                continue;
            if (child is SyntaxToken { SkippedBefore: { } skipped })
            {
                skipped.Parent = this;
                _children[index++] = skipped;
            }
            child.Parent = this;
            _children[index++] = child;
            height = Math.Max(height, child.Height);
        }
        if (count == 0)
            throw new ArgumentException("A node needs at least one child, if only a missing token.", nameof(children));
        Height = height + 1;
        Source = _children[0].Source;
        Span = FindSpan();
        FullSpan = TextSpan.FromBounds(_children[0].FullSpan.Start, Math.Max(_children[^1].FullSpan.End, Span.End));
    }

    /// <inheritdoc/>
    public sealed override SourceText Source { get; }

    /// <inheritdoc/>
    public sealed override TextSpan Span { get; }

    /// <inheritdoc/>
    public sealed override TextSpan FullSpan { get; }

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
        int first = -1, last = -1;
        for (var i = 0; i < _children.Length; i++)
        {
            // Skipped tokens and missing parts at the edges are not what the node says.
            if (_children[i].Span.IsEmpty || (_children[i] is SkippedTokens && this is not SkippedTokens))
                continue;
            if (first < 0)
                first = i;
            last = i;
        }
        return first < 0
            ? _children[^1].Span
            : TextSpan.FromBounds(_children[first].Span.Start, _children[last].Span.End);
    }
}

/// <summary>Tokens that the parser could not use, kept so that nothing of the text is lost.</summary>
public sealed class SkippedTokens(ImmutableArray<SyntaxToken> tokens) : SyntaxNode([.. tokens])
{
    /// <summary>The tokens in source order.</summary>
    public ImmutableArray<SyntaxToken> Tokens { get; } = tokens;
}
