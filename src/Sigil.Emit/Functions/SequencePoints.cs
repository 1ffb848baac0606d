using System.Diagnostics.SymbolStore;
using System.Reflection.Emit;
using System.Security.Cryptography;
using System.Text;
using Sigil.Syntax;

namespace Sigil.Emit.Functions;

/// <summary>Source files as documents of the debug information, each with the hash of its text.</summary>
internal sealed class DocumentTable(ModuleBuilder module)
{
    private static readonly Guid Sha256 = new("8829d00f-11b8-4213-878b-770e8597ac16");
    private static readonly Guid Language = new("5a1e1000-51c1-4d1f-9f3b-0c6a1f2f51c1");
    private readonly Dictionary<SourceText, ISymbolDocumentWriter> documents = [];

    public ISymbolDocumentWriter Of(SourceText source)
    {
        if (documents.TryGetValue(source, out var found)) return found;
        var document = module.DefineDocument(source.Path, Language);
        document.SetCheckSum(Sha256, SHA256.HashData(Encoding.UTF8.GetBytes(source.Text)));
        return documents[source] = document;
    }
}

/// <summary>Marks where instructions come from; at most one mark per IL offset, as the format demands.</summary>
internal sealed class SequencePoints(ILGenerator il, DocumentTable documents, SourceText source)
{
    private int lastOffset = -1;
    private TextSpan last;
    private SequencePoints? outer;
    private TextSpan call;

    /// <summary>For code written out in place of a call: everything in it stands at the call.</summary>
    public SequencePoints At(TextSpan span) => new(il, documents, source) { outer = this, call = span };

    /// <summary>
    /// Set while the arguments of a call are pushed: between them the evaluation stack is not empty, and a stack trace maps the call to the last
    /// point before it where it was. That is to be the call's own.
    /// </summary>
    public bool IsHeld
    {
        get => outer?.IsHeld ?? isHeld;
        set
        {
            if (outer is not null) outer.IsHeld = value;
            else isHeld = value;
        }
    }

    private bool isHeld;

    public void Mark(TextSpan span, bool force = false)
    {
        if (isHeld) return;
        if (outer is not null)
        {
            outer.Mark(call, force);
            return;
        }
        if (span.Length == 0 && span.Start == 0) return;
        if (!force && span == last || il.ILOffset == lastOffset) return;
        if (span.Start > source.Length || span.End > source.Length) return;
        last = span;
        lastOffset = il.ILOffset;
        var start = source.GetLinePosition(span.Start);
        var end = source.GetLinePosition(span.End);
        if (end.Line == start.Line && end.Column <= start.Column) end = new LinePosition(start.Line, start.Column + 1);
        il.MarkSequencePoint(documents.Of(source), start.Line, Clamp(start.Column), end.Line, Clamp(end.Column));
    }

    // Columns of a sequence point are 16-bit.
    private static int Clamp(int column) => Math.Clamp(column, 1, 65534);
}
