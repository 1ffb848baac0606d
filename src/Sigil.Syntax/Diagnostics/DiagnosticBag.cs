using System.Collections;
using System.Collections.Immutable;

namespace Sigil.Syntax.Diagnostics;

/// <summary>
/// Collects the diagnostics of a phase. The same code at the same place counts once, whoever reports it.
/// Enumerates in the order of report. Not safe for concurrent use.
/// </summary>
public sealed class DiagnosticBag : IEnumerable<Diagnostic>
{
    private readonly List<Diagnostic> _items = [];
    private readonly HashSet<(SourceText Source, TextSpan Span, string Code)> _seen = [];
    private bool _sorted = true;

    /// <summary>Whether at least one error is among them.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>Adds a diagnostic unless its code is already reported at its place.</summary>
    public void Add(Diagnostic diagnostic)
    {
        if (!_seen.Add((diagnostic.Source, diagnostic.Span, diagnostic.Code)))
            return;
        _items.Add(diagnostic);
        _sorted = false;
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    /// <summary>Adds several.</summary>
    public void AddRange(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            Add(diagnostic);
    }

    /// <summary>All diagnostics in the order of report.</summary>
    public ImmutableArray<Diagnostic> ToImmutable()
    {
        Sort();
        return [.. _items];
    }

    /// <inheritdoc/>
    public IEnumerator<Diagnostic> GetEnumerator()
    {
        Sort();
        return _items.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Sort()
    {
        if (_sorted)
            return;
        // Equal keys keep the order in which they were added: a stable sort.
        var sorted = _items.Order(Comparer<Diagnostic>.Create(Diagnostic.Compare)).ToList();
        _items.Clear();
        _items.AddRange(sorted);
        _sorted = true;
    }
}
