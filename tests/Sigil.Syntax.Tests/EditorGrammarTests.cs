namespace Sigil.Syntax.Tests;

/// <summary>The grammar of the editors says the same as the lexer, kind by kind.</summary>
public sealed class EditorGrammarTests
{
    private static readonly string root = Path.GetFullPath(Path.Combine(TestCorpus.SourceDirectory(), "..", ".."));
    private static readonly TextMateGrammar grammar = new(File.ReadAllText(Path.Combine(root, "editors", "vscode", "syntaxes", "sigil.tmLanguage.json")));

    private static IEnumerable<string> Keywords() =>
        Enum.GetValues<TokenKind>().Where(TokenFacts.IsKeyword).Select(k => TokenFacts.FixedText(k)!);

    [Fact]
    public void Every_keyword_has_a_scope_of_its_kind()
    {
        foreach (var word in Keywords())
        {
            var scope = grammar.Scopes($"( {word} x")[2];
            Assert.True(IsKeywordScope(scope), $"{word}: {scope}");
            Assert.False(IsKeywordScope(grammar.Scopes($"( {word}s_x")[2]), word);
        }
    }

    [Fact]
    public void Includes_exist_and_expressions_mean_the_same_to_the_editors_engine()
    {
        Assert.All(grammar.Includes, name => Assert.True(grammar.Has(name), name));
        foreach (var expression in grammar.Expressions)
        {
            Assert.NotEmpty(expression);
            // What .NET has and Oniguruma lacks, or means otherwise.
            foreach (var foreign in new[] { "(?<name", "\\p{Is", "(?#", "(?(", "\\k", "(?'" })
                Assert.DoesNotContain(foreign, expression, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("@area (s: Shape) -> float = 1.5", "area", "entity.name.function")]
    [InlineData("@t tests @area () -> void = ()", "tests", "keyword.other.tests")]
    [InlineData("type Shape = Circle(r: float)", "Shape", "entity.name.type")]
    [InlineData("type Shape = Circle(r: float)", "float", "support.type.primitive")]
    [InlineData("let x = xs.map(y -> y)", "map", "variable.function")]
    [InlineData("let x = map(xs, f)", "map", "support.function.pattern")]
    [InlineData("let x = run(a)", "run", "keyword.control.form")]
    [InlineData("f(.after: 3s)", "after", "variable.parameter.label")]
    [InlineData("f(.after: 30ms)", "30ms", "constant.numeric.duration")]
    [InlineData("f(64kb)", "64kb", "constant.numeric.size")]
    [InlineData("f(0xff_0)", "0xff_0", "constant.numeric.hex")]
    [InlineData("f(1.5e-3)", "1.5e-3", "constant.numeric.float")]
    [InlineData("$limit = 3", "limit", "constant.other.config")]
    [InlineData("use './a' { b }", "'./a'", "string.quoted.single.path")]
    [InlineData("#[derive(Eq)]", "derive", "entity.other.attribute-name")]
    [InlineData("`a {b(`c`)} d`", "b", "variable.function")]
    [InlineData("`a {b(`c`)} d`", "d", "string.template")]
    [InlineData("\"a\\n\"", "\\n", "constant.character.escape")]
    [InlineData("// # Text", "# Text", "comment.line.documentation")]
    [InlineData("x // note", "note", "comment.line.double-slash")]
    [InlineData("let a: iso T = iso T { x }", "iso", "storage.modifier.capability")]
    [InlineData("7 div 2", "div", "keyword.operator.word")]
    public void Samples(string line, string part, string scope)
    {
        var at = line.IndexOf(part, StringComparison.Ordinal);
        Assert.Contains(scope, grammar.Scopes(line)[at], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_token_of_the_repository_has_the_scope_of_its_kind()
    {
        var folders = new[] { "src/Sigil.Library", "src/Sigil.Cli", "examples", "tests/programs", "tests/library", "tests/Sigil.Syntax.Tests/Corpus", "bench" };
        var files = folders.Select(f => Path.Combine(root, f)).Where(Directory.Exists)
            .SelectMany(f => Directory.EnumerateFiles(f, "*.si", SearchOption.AllDirectories)).Where(f => !f.Contains("/bin/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 100);
        var wrong = new List<string>();
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var tree = SyntaxTree.Parse(SourceText.FromString(file, text), ParseOptions.StandardLibrary);
            if (tree.HasErrors) continue;
            var scopes = grammar.Scopes(text);
            SyntaxToken? previous = null;
            foreach (var token in tree.Tokens)
            {
                foreach (var trivia in token.LeadingTrivia)
                    if (trivia.Kind is TriviaKind.Comment or TriviaKind.DocComment && !scopes[trivia.Span.Start].StartsWith("comment", StringComparison.Ordinal) && !scopes[trivia.Span.Start].Contains(" comment", StringComparison.Ordinal))
                        Complain(trivia.Span.Start, "a comment");
                if (token.Span.Length > 0 && !Fits(token, previous, scopes[token.Span.Start] ?? "")) Complain(token.Span.Start, token.Kind.ToString());
                previous = token;
            }

            void Complain(int at, string what)
            {
                var place = tree.Source.GetLinePosition(at);
                wrong.Add($"{file}:{place.Line}:{place.Column}: {what} is '{scopes[at]}'");
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join('\n', wrong.Take(20))}");
    }

    private static bool Fits(SyntaxToken token, SyntaxToken? previous, string scopes)
    {
        var scope = scopes.Split(' ')[^1];
        // After a dot any word is a name.
        if (TokenFacts.IsKeyword(token.Kind)) return IsKeywordScope(scope) || (previous?.Kind == TokenKind.Dot && scope.StartsWith("variable", StringComparison.Ordinal)) || scope.StartsWith("entity.name.function", StringComparison.Ordinal);
        return token.Kind switch
        {
            TokenKind.Identifier => !scope.StartsWith("string", StringComparison.Ordinal) && !scope.StartsWith("comment", StringComparison.Ordinal) && scope.Length > 0 && !scope.StartsWith("meta", StringComparison.Ordinal),
            TokenKind.IntLiteral or TokenKind.FloatLiteral or TokenKind.DurationLiteral or TokenKind.SizeLiteral => scope.StartsWith("constant.numeric", StringComparison.Ordinal),
            TokenKind.StringLiteral => scopes.Contains("string.quoted.double", StringComparison.Ordinal),
            TokenKind.CharLiteral or TokenKind.PathLiteral => scopes.Contains("string.quoted.single", StringComparison.Ordinal),
            TokenKind.TemplateStart or TokenKind.TemplateText or TokenKind.TemplateEnd => scopes.Contains("string.template", StringComparison.Ordinal),
            TokenKind.EndOfFile => true,
            _ => scope.StartsWith("keyword.operator", StringComparison.Ordinal) || scope.StartsWith("punctuation", StringComparison.Ordinal),
        };
    }

    private static bool IsKeywordScope(string scope) =>
        new[] { "keyword.control", "keyword.declaration", "storage.modifier", "constant.language", "support.type.primitive", "variable.language" }
            .Any(s => scope.Split(' ')[^1].StartsWith(s, StringComparison.Ordinal));
}
