using System.Collections.Immutable;
using Sigil.Syntax.Ast;

namespace Sigil.Syntax.Parsing;

/// <summary>
/// Which bracket closes which, found once over all tokens, so that the parser can look past a pair in constant time.
/// A closer that does not fit the innermost opener closes the nearest fitting one, and leaves those between unclosed;
/// one that fits none is stray. In a text with unclosed brackets an item that starts at column 1 ends all round and
/// square ones that are still open, so that one lost bracket does not swallow the rest of the file.
/// </summary>
internal sealed class BracketMap
{
    private const int None = -1;
    private const int BracketKinds = 5;

    private readonly int[] _partner;
    private readonly bool[]? _boundaries;

    public BracketMap(ImmutableArray<SyntaxToken> tokens)
    {
        _partner = new int[tokens.Length];
        if (!Match(tokens, null))
            return;
        _boundaries = new bool[tokens.Length];
        for (var i = 1; i < tokens.Length; i++)
            _boundaries[i] = StartsItemAtMargin(tokens, i);
        Match(tokens, _boundaries);
    }

    /// <summary>The index of the other bracket of a pair, or -1.</summary>
    public int Partner(int index) => _partner[index];

    /// <summary>Whether brackets that are never closed end before this token.</summary>
    public bool IsBoundary(int index) => _boundaries is not null && _boundaries[index];

    /// <summary>Pairs the brackets; returns whether some opener stays open.</summary>
    private bool Match(ImmutableArray<SyntaxToken> tokens, bool[]? boundaries)
    {
        Array.Fill(_partner, None);
        var open = new Stack<(int Index, int Kind)>();
        Span<int> openOfKind = stackalloc int[BracketKinds];
        var someUnclosed = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (boundaries is not null && boundaries[i] && open.Count > 0)
            {
                // A trait or impl body may hold items at the margin; anything inside round or square brackets may not.
                while (open.TryPeek(out var top) && openOfKind[0] + openOfKind[1] > 0)
                {
                    open.Pop();
                    openOfKind[top.Kind]--;
                }
            }
            var kind = Classify(tokens[i].Kind, out var opens);
            if (kind == None)
                continue;
            if (opens)
            {
                open.Push((i, kind));
                openOfKind[kind]++;
                continue;
            }
            if (openOfKind[kind] == 0)
                continue;
            while (true)
            {
                var (index, openKind) = open.Pop();
                openOfKind[openKind]--;
                if (openKind == kind)
                {
                    _partner[index] = i;
                    _partner[i] = index;
                    break;
                }
                someUnclosed = true;
            }
        }
        return someUnclosed || open.Count > 0;
    }

    private static int Classify(TokenKind kind, out bool opens)
    {
        opens = kind is TokenKind.OpenParen or TokenKind.OpenBracket or TokenKind.OpenBrace or TokenKind.HoleOpen or TokenKind.TemplateStart;
        return kind switch
        {
            TokenKind.OpenParen or TokenKind.CloseParen => 0,
            TokenKind.OpenBracket or TokenKind.CloseBracket => 1,
            TokenKind.OpenBrace or TokenKind.CloseBrace => 2,
            TokenKind.HoleOpen or TokenKind.HoleClose => 3,
            TokenKind.TemplateStart or TokenKind.TemplateEnd => 4,
            _ => None,
        };
    }

    private static bool StartsItemAtMargin(ImmutableArray<SyntaxToken> tokens, int index)
    {
        var token = tokens[index];
        if (!token.IsFirstOnLine || token.Source.GetLinePosition(token.Start).Column != 1)
            return false;
        var next = index + 1 < tokens.Length ? tokens[index + 1].Kind : TokenKind.EndOfFile;
        return token.Kind switch
        {
            TokenKind.At => next == TokenKind.Identifier
                && index + 2 < tokens.Length
                && (tokens[index + 2].Kind is TokenKind.OpenParen or TokenKind.Less || tokens[index + 2].Text == "tests"),
            TokenKind.TypeKeyword or TokenKind.TraitKeyword => next == TokenKind.Identifier,
            TokenKind.Dollar => next == TokenKind.Identifier && index + 2 < tokens.Length && tokens[index + 2].Kind == TokenKind.Equals,
            TokenKind.Hash => next == TokenKind.OpenBracket,
            TokenKind.ImplKeyword or TokenKind.PubKeyword or TokenKind.UseKeyword or TokenKind.LetKeyword => true,
            _ => false,
        };
    }
}
