using System.Text.RegularExpressions;

namespace Sigil.Syntax.Tests;

public sealed class DiagnosticCatalogueTests
{
    [Fact]
    public void Codes_are_unique_and_well_formed()
    {
        Assert.Distinct(DiagnosticCatalogue.All.Select(d => d.Code));
        Assert.All(DiagnosticCatalogue.All, d =>
        {
            Assert.Matches(new Regex("^[EW][0-9]{4}$"), d.Code);
            Assert.Equal(d.Code[0] == 'E' ? Severity.Error : Severity.Warning, d.DefaultSeverity);
            Assert.NotEmpty(d.Title);
            Assert.Same(d, DiagnosticCatalogue.Find(d.Code));
        });
        Assert.Null(DiagnosticCatalogue.Find("E1234"));
    }

    [Fact]
    public void Bags_report_in_order_and_once()
    {
        var a = SourceText.FromString("a.si", "xx");
        var b = SourceText.FromString("b.si", "xx");
        var bag = new DiagnosticBag
        {
            Diagnostic.Warning("W2001", b, new TextSpan(0, 1), "1"),
            Diagnostic.Warning("W2002", a, new TextSpan(1, 1), "2"),
            Diagnostic.Warning("W2001", a, new TextSpan(1, 1), "3"),
            Diagnostic.Warning("W2001", a, new TextSpan(1, 1), "4"),
        };
        Assert.False(bag.HasErrors);
        bag.Add(Diagnostic.Error("E2001", a, new TextSpan(0, 1), "0"));
        Assert.True(bag.HasErrors);
        Assert.Equal(["0", "3", "2", "1"], bag.Select(d => d.Message));
    }
}
