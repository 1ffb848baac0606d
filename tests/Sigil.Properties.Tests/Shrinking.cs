using Sigil.Properties.Tests.Generation;

namespace Sigil.Properties.Tests;

/// <summary>Makes a failing program smaller: leaves out functions and statements as long as it still fails in the same way.</summary>
internal static class Shrinking
{
    public static string Shrink(GeneratedProgram program, Func<string, bool> fails)
    {
        for (var changed = true; changed;)
        {
            changed = TryRemove(program.Functions, program, fails);
            foreach (var block in program.Blocks.ToList()) changed |= TryRemove(block.Statements, program, fails);
        }
        TryRemove(program.Declarations, program, fails);
        return program.Text;
    }

    private static bool TryRemove<T>(List<T> parts, GeneratedProgram program, Func<string, bool> fails)
    {
        var changed = false;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            var part = parts[i];
            parts.RemoveAt(i);
            if (fails(program.Text)) changed = true;
            else parts.Insert(i, part);
        }
        return changed;
    }
}
