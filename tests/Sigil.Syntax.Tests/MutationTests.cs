namespace Sigil.Syntax.Tests;

/// <summary>
/// Random texts, made of corpus files by cutting, doubling, moving and inserting pieces, must keep every invariant.
/// SIGIL_FUZZ sets the number of texts (default 1,500), SIGIL_FUZZ_SEED the seed.
/// </summary>
public sealed class MutationTests
{
    private static readonly string[] _pieces =
    [
        "(", ")", "[", "]", "{", "}", "`", "\"", "'", "{{", "}}", ",", ";", "->", "=>", "=", "==", "<", ">", ">>", ">=", "|", "||", "&", "&mut ",
        ".", "..", "..=", "...", "?", "??", ":", "::", "@", "$", "#", "#[", "#![", "+", "-", "*", "div ", "_", "!", "~", "^", "++", "+=", "|>",
        "\n", " ", "//", "// #", "\r\n", "\\", "\\u{", "§", "😀", "\uD800", "\0", "\uFEFF", "é",
        "let ", "mut ", "if ", "then ", "else ", "for ", "in ", "do ", "yield ", "while ", "with ", "break ", "continue ", "return ", "async ",
        "run(", "try(", "loop(", "match(", "select(", "validate(", "for(", "with(", ".match(", ".timeout: ", ".rules: [", "type T = ",
        "trait T {", "impl T for U {", "extend T {", "extension './x' {", "use './x'", "pub ", "@f () -> int = ", "@t tests @f () -> void = ",
        "uses ", "where ", "iso ", "val ", "ref ", "own self", "dyn ", "void ", "Self", "self", "a", "B", "x -> ", "() -> ", "(a: int) -> int = ",
        "1", "1.5", "0x", "12ms", "9223372036854775808", "'a'", "\"s\"", "true ",
    ];

    [Fact]
    public void Any_text_gives_a_lossless_tree()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_FUZZ"), out var n) ? n : 1_500;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("SIGIL_FUZZ_SEED"), out var s) ? s : 20_260_101;
        var corpus = TestCorpus.Modules().Select(m => m.Text).Append(TestCorpus.Snippet()).ToArray();
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            var random = new Random(seed + i);
            var text = random.Next(4) == 0 ? Soup(random) : Mutate(random, corpus[random.Next(corpus.Length)]);
            var options = random.Next(2) == 0 ? ParseOptions.Module : ParseOptions.Snippet;
            try
            {
                var tree = SyntaxTree.Parse(SourceText.FromString("test.si", text), options);
                Assert.Equal(text, tree.ToFullString());
                TreeInvariants.Check(tree);
                foreach (var item in tree.Root.Items)
                    _ = item.Documentation;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed + i}, snippet {options.IsSnippet}: {e.Message}\n{e.StackTrace}\n{text}", e);
            }
        });
    }

    private static string Soup(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(_ => _pieces[random.Next(_pieces.Length)]));

    private static string Mutate(Random random, string text)
    {
        // A window keeps the texts short and begins in the middle of things.
        var start = random.Next(text.Length);
        text = text.Substring(random.Next(3) == 0 ? 0 : start, Math.Min(text.Length - start, random.Next(40, 3_000)));
        for (var i = random.Next(1, 6); i > 0 && text.Length > 0; i--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Remove(at, length).Insert(random.Next(text.Length - length + 1), text.Substring(at, length)),
                _ => text.Insert(at, _pieces[random.Next(_pieces.Length)]),
            };
        }
        return text;
    }
}
