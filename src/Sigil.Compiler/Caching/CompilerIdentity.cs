using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Sigil.Emit;
using Sigil.Semantics.Modules;
using Sigil.Syntax;

namespace Sigil.Compiler.Caching;

/// <summary>Which compiler this is: two that could make different code of one program have different identities.</summary>
internal static class CompilerIdentity
{
    public static string Text { get; } = Find();

    private static string Find()
    {
        // Ahead of time all is one file, which was written once. Otherwise each assembly has an identity made from its content.
        if (!RuntimeFeature.IsDynamicCodeSupported && Environment.ProcessPath is { } path)
        {
            var file = new FileInfo(path);
            return string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}");
        }
        Assembly[] parts =
        [
            typeof(SourceText).Assembly, typeof(ProgramInput).Assembly, typeof(Mir.MirProgram).Assembly, typeof(AssemblyEmitter).Assembly,
            typeof(CompilerIdentity).Assembly, typeof(Runtime.Values.Unit).Assembly,
        ];
        return string.Join(' ', parts.Select(a => a.ManifestModule.ModuleVersionId.ToString("n")));
    }
}
