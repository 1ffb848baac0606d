using Sigil.Format;
using Sigil.Format.Tests;
using Sigil.Properties.Tests.Generation;
using Sigil.Syntax;

namespace Sigil.Properties.Tests;

/// <summary>Formatting a generated program, however it was laid out, changes neither the program nor what it does.</summary>
public sealed class FormattingTests
{
    [Fact]
    public void Generated_programs_stay_the_same_programs()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var text = ProgramGenerator.Generate(seed).Text;
            var canonical = SameProgram.Formatted($"seed {seed}", text);
            var tree = SourceFormatter.Read(SourceText.FromString("generated.si", text));
            var random = new Random(seed);
            SameProgram.Formatted($"seed {seed}, scrambled", SameProgram.Scrambled(tree, random, comments: false));
            SameProgram.Formatted($"seed {seed}, with comments", SameProgram.Scrambled(tree, random, comments: true));
            // The formatted program passes every check that the program passed.
            if (seed % 10 == 0) Assert.Equal(GeneratedRun.Errors(text).Select(e => e.Code), GeneratedRun.Errors(canonical).Select(e => e.Code));
        }
    }
}
