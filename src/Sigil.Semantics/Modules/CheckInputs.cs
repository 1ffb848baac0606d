using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Sigil.Semantics.Declarations;
using Sigil.Semantics.Symbols;
using Sigil.Semantics.Types;
using Sigil.Syntax.Ast;

namespace Sigil.Semantics.Modules;

/// <summary>
/// For each module of a program one key for everything that a check of its bodies can see; the same key means the same findings.
/// A check sees the module's own source; of the modules that it imports, directly or not, what stands outside of bodies; the traits and
/// impls of the whole program, which need no import; the library; and what the caller asked for. Of the bodies of others it sees one
/// thing, which <see cref="BorrowedParameters"/> finds: which function parameters are borrowed, and which stay in the call.
/// </summary>
internal sealed class CheckInputs
{
    private readonly DeclarationContext context;
    private readonly Dictionary<LoadedModule, byte[]> interfaces = [];

    private CheckInputs(DeclarationContext context) => this.context = context;

    /// <summary>The keys of the program's modules; none for input whose checks are not the usual ones.</summary>
    public static ImmutableDictionary<ModuleSymbol, string> Of(DeclarationContext context)
    {
        if (context.Input.IsSnippet || !context.Input.Unchecked.IsEmpty) return ImmutableDictionary<ModuleSymbol, string>.Empty;
        return new CheckInputs(context).Keys();
    }

    private ImmutableDictionary<ModuleSymbol, string> Keys()
    {
        // The order of loading differs between commands, and declarations that hold together mean the same in every order.
        var own = context.Modules.Where(m => !m.IsLibrary).OrderBy(m => m.Path, StringComparer.Ordinal).ToList();
        foreach (var m in own) interfaces[m] = InterfaceOf(m);
        var everywhere = new HashSet<LoadedModule>();
        foreach (var m in own.Where(IsSeenWithoutImport)) Reach(m, everywhere);
        var environment = Environment();
        var keys = ImmutableDictionary.CreateBuilder<ModuleSymbol, string>();
        foreach (var m in own)
        {
            var seen = new HashSet<LoadedModule>(everywhere);
            Reach(m, seen);
            var hash = new Digest();
            hash.Add(environment);
            hash.Add(m.Path);
            hash.Add(m.Source.Text);
            foreach (var other in own.Where(seen.Contains)) hash.Add(interfaces[other]);
            keys[m.Symbol] = Convert.ToHexString(hash.Finish());
        }
        return keys.ToImmutable();
    }

    /// <summary>Traits and impls count wherever their module is in the program; with them what their signatures mention counts.</summary>
    private static bool IsSeenWithoutImport(LoadedModule m) => m.Symbol.Traits.Count > 0 || m.Symbol.Impls.Count > 0 || m.Symbol.Extensions.Count > 0;

    private static void Reach(LoadedModule module, HashSet<LoadedModule> seen)
    {
        var pending = new Stack<LoadedModule>([module]);
        while (pending.TryPop(out var m))
            if (seen.Add(m))
                foreach (var i in m.Imports)
                    if (i.Target is { IsLibrary: false } target) pending.Push(target);
    }

    private byte[] Environment()
    {
        var hash = new Digest();
        var input = context.Input;
        hash.Add(input.Package);
        foreach (var warning in input.EnabledWarnings.Order(StringComparer.Ordinal)) hash.Add(warning);
        hash.Add("capabilities");
        foreach (var (capability, assembly, type) in input.ForeignCapabilities)
        {
            hash.Add(capability);
            hash.Add(assembly);
            hash.Add(type);
        }
        // Which modules of the library are loaded decides which capabilities and methods there are.
        foreach (var m in context.Modules.Where(m => m.IsLibrary))
        {
            hash.Add(m.Path);
            hash.Add(m.Source.Text);
        }
        return hash.Finish();
    }

    /// <summary>What others see of a module: all tokens but those of bodies, where its imports lead, and which function parameters are borrowed.</summary>
    private static byte[] InterfaceOf(LoadedModule m)
    {
        var functions = m.Symbol.AllFunctions.ToList();
        var bodies = functions.Select(f => f.Body).OfType<SyntaxNode>().ToHashSet<SyntaxNode>(ReferenceEqualityComparer.Instance);
        var hash = new Digest();
        hash.Add(m.Path);
        hash.Add(m.Symbol.Name);
        hash.Add(m.Symbol.Package);
        var pending = new Stack<SyntaxElement>([m.Syntax]);
        while (pending.TryPop(out var element))
        {
            switch (element)
            {
                case SyntaxToken token: hash.Add((int)token.Kind, token.Text); break;
                case SyntaxNode body when bodies.Contains(body): hash.Add(-1, ""); break;
                case SyntaxNode node:
                    var children = node.Children();
                    for (int i = children.Length - 1; i >= 0; i--) pending.Push(children[i]);
                    break;
            }
        }
        foreach (var i in m.Imports) hash.Add(i.Target?.Path ?? "");
        foreach (var f in functions)
            foreach (var p in f.Parameters)
                hash.Add(p.Type is not FunctionType t ? -1 : p.StaysInCall ? (int)FunctionKind.Borrowed + 16 : (int)t.Kind, p.Name);
        return hash.Finish();
    }

    /// <summary>Hashes a sequence of parts: two sequences that differ never give the same bytes.</summary>
    private sealed class Digest
    {
        private readonly ArrayBuilder bytes = new();

        public void Add(ReadOnlySpan<byte> part)
        {
            Number(part.Length);
            part.CopyTo(bytes.Take(part.Length));
        }

        public void Add(string part)
        {
            int length = Encoding.UTF8.GetByteCount(part);
            Number(length);
            Encoding.UTF8.GetBytes(part, bytes.Take(length));
        }

        public void Add(int number, string part)
        {
            Number(number);
            Add(part);
        }

        public byte[] Finish() => SHA256.HashData(bytes.Written);

        private void Number(int n) => BinaryPrimitives.WriteInt32LittleEndian(bytes.Take(4), n);
    }

    private sealed class ArrayBuilder
    {
        private byte[] buffer = new byte[4096];
        private int length;

        public ReadOnlySpan<byte> Written => buffer.AsSpan(0, length);

        public Span<byte> Take(int count)
        {
            if (buffer.Length - length < count) Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + count));
            length += count;
            return buffer.AsSpan(length - count, count);
        }
    }
}
