using System.Text;

namespace Sigil.Properties.Tests.Generation;

/// <summary>A piece of a statement: text, or a list of statements inside it.</summary>
internal abstract record Piece;

internal sealed record TextPiece(string Text) : Piece;

internal sealed record BlockPiece(Block Block) : Piece;

/// <summary>A statement. Which names it sends away is remembered for the mutants.</summary>
internal sealed class Statement(params Piece[] pieces)
{
    public Piece[] Pieces { get; } = pieces;

    /// <summary>A name that is gone after this statement, with the expression that would use it.</summary>
    public (string Name, string Use)? Sent { get; init; }

    public static Statement Of(string text) => new(new TextPiece(text));
}

/// <summary><c>run(statement, …, result)</c>.</summary>
internal sealed class Block
{
    public List<Statement> Statements { get; } = [];
    public string Result { get; set; } = "()";
}

/// <summary>A function: the text before its body, and the body.</summary>
internal sealed record GeneratedFunction(string Head, Block Body);

/// <summary>A program that can be printed, made smaller and mutated.</summary>
internal sealed class GeneratedProgram
{
    public List<string> Declarations { get; } = [];
    public List<GeneratedFunction> Functions { get; } = [];

    /// <summary>All blocks, the outer ones first.</summary>
    public IEnumerable<Block> Blocks
    {
        get
        {
            var open = new Stack<Block>(Functions.Select(f => f.Body).Reverse());
            while (open.TryPop(out var block))
            {
                yield return block;
                foreach (var inner in block.Statements.SelectMany(s => s.Pieces).OfType<BlockPiece>()) open.Push(inner.Block);
            }
        }
    }

    public string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var d in Declarations) text.Append(d).Append('\n');
            foreach (var f in Functions)
            {
                text.Append('\n').Append(f.Head).Append(" = ");
                Write(text, f.Body, 0);
                text.Append('\n');
            }
            return text.ToString();
        }
    }

    private static void Write(StringBuilder text, Block block, int depth)
    {
        if (block.Statements.Count == 0)
        {
            text.Append(block.Result);
            return;
        }
        text.Append("run(\n");
        foreach (var statement in block.Statements)
        {
            text.Append(' ', (depth + 1) * 4);
            foreach (var piece in statement.Pieces)
            {
                if (piece is TextPiece t) text.Append(t.Text);
                else Write(text, ((BlockPiece)piece).Block, depth + 1);
            }
            text.Append(",\n");
        }
        text.Append(' ', (depth + 1) * 4).Append(block.Result).Append(",\n");
        text.Append(' ', depth * 4).Append(')');
    }
}
