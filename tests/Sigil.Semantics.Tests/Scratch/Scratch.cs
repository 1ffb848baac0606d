
using Sigil.Syntax.Diagnostics;
namespace Sigil.Semantics.Tests;
public class Scratch
{
    [Fact]
    public void Conformance()
    {
        var output = new System.Text.StringBuilder();
        foreach (var f in Environment.GetEnvironmentVariable("SCRATCH_FILES")!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            try { Checked.Program(File.ReadAllText(f)); output.AppendLine("ok   " + f); }
            catch (Xunit.Sdk.XunitException e) { output.AppendLine("FAIL " + f + "\n" + e.Message); }
            catch (Exception e) { output.AppendLine("EXC  " + f + "\n" + string.Join('\n', e.ToString().Split('\n').Take(14))); }
        }
        File.WriteAllText("/tmp/semc-out.txt", output.ToString());
    }
}
