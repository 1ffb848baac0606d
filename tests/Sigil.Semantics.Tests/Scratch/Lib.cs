using Sigil.Syntax.Diagnostics;
namespace Sigil.Semantics.Tests;
public class ScratchLib
{
    [Fact]
    public void Library()
    {
        var output = new System.Text.StringBuilder();
        var program = Checked.Analyze("@main () -> void = ()");
        foreach (var d in program.DeclarationDiagnostics) output.AppendLine(d.ToString());
        foreach (var m in program.LibraryModules)
            foreach (var f in m.Functions.Concat(m.Impls.SelectMany(i => i.Methods)).Concat(m.Traits.SelectMany(t => t.Methods)).Where(f => f.Body is not null))
            {
                try { foreach (var d in program.BodyOf(f).Diagnostics.Where(d => d.Severity == Severity.Error)) output.AppendLine(d.ToString()); }
                catch (Exception e) { output.AppendLine("EXC " + f.Name + string.Join('\n', e.ToString().Split('\n').Take(10))); }
            }
        File.WriteAllText("/tmp/semc-lib.txt", output.ToString());
    }
}
