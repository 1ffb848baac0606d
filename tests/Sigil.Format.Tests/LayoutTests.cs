namespace Sigil.Format.Tests;

/// <summary>Canonical texts: each is what formatting makes of it, and of itself on as few lines as possible.</summary>
public sealed class LayoutTests
{
    private static void Becomes(string text, string expected)
    {
        expected = expected.ReplaceLineEndings("\n") + "\n";
        Assert.Equal(expected, SameProgram.Formatted("test.si", text));
        Assert.Equal(expected, SameProgram.Formatted("test.si", expected));
    }

    [Theory]
    [InlineData("@f(a:int,b : int)->int=a+b*2", "@f (a: int, b: int) -> int = a + b * 2")]
    [InlineData("type  P={x:int,y:int=0,}", "type P = {\n    x: int,\n    y: int = 0,\n}")]
    [InlineData("type P={x:int,y:int=0}", "type P = { x: int, y: int = 0 }")]
    [InlineData("type S = |A|B(int)", "type S =\n    | A\n    | B(int)")]
    [InlineData("type S = A|B( x:int )", "type S = A | B(x: int)")]
    [InlineData("type One = | Only", "type One = | Only")]
    [InlineData("use std.math{sqrt,pi as p}\nuse './a'  as b", "use std.math { sqrt, pi as p }\nuse './a' as b")]
    [InlineData("extension './e'{Iterator.total}", "extension './e' { Iterator.total }")]
    [InlineData("$limit=-3", "$limit = -3")]
    [InlineData("#[derive(Eq,Debug)] type A={x:int}", "#[derive(Eq, Debug)]\ntype A = { x: int }")]
    [InlineData("impl  T for A{@m(self)->int=1, @n(self)->int=2}", "impl T for A {\n    @m (self) -> int = 1\n    @n (self) -> int = 2\n}")]
    [InlineData("impl !Sendable for A {  }", "impl !Sendable for A {}")]
    [InlineData("@f()->void=g(a:1,b:2)", "@f () -> void = g(.a: 1, .b: 2)")]
    [InlineData("@f()->void=@g(1)", "@f () -> void = g(1)")]
    [InlineData("@f(g: int -> int)->int=@g(1)", "@f (g: int -> int) -> int = @g(1)")]
    [InlineData("@f()->void=void", "@f () -> void = ()")]
    [InlineData("@f(m:{str:int},r:&mut [int])->{a:int,b:int}={a:1,b:2}", "@f (m: {str: int}, r: &mut [int]) -> { a: int, b: int } = { a: 1, b: 2 }")]
    [InlineData("@f()->bool=x>=1&&y>>2==3", "@f () -> bool = x >= 1 && y >> 2 == 3")]
    [InlineData("@f()->str=`{a+b} of {{x}} { {k:1} }`", "@f () -> str = `{a + b} of {{x}} { { k: 1 } }`")]
    [InlineData("@f()->int=xs[#-1]+ys[ .. ].len()", "@f () -> int = xs[# - 1] + ys[..].len()")]
    [InlineData("@f()->Option<int>=Some(g()? ?)", "@f () -> Option<int> = Some(g()? ?)")]
    [InlineData("@f()->void=loop(if c then break 1 ,g( & mut x))", "@f () -> void = loop(if c then break 1, g(&mut x))")]
    [InlineData("@f()->int=try(a(),b(),)", "@f () -> int = try(\n    a(),\n    b(),\n)")]
    [InlineData("@f()->int=run(let x=1,x)", "@f () -> int = run(\n    let x = 1,\n    x,\n)")]
    [InlineData("@f<T:A+~Copyable,U=int>(x:T)->U uses A,B where T.Item=int,U:C=x", "@f<T: A + ~Copyable, U = int> (x: T) -> U uses A, B where T.Item = int, U: C = x")]
    [InlineData("@t tests @f tests @g()->void=assert(true)", "@t tests @f tests @g () -> void = assert(true)")]
    public void Short_constructs(string text, string expected) => Becomes(text, expected);

    [Fact]
    public void Calls_break_at_their_parentheses_and_blocks_stay_where_they_start() => Becomes(
        """
        @f () -> int = run(let total = something_with_a_name(first_argument_of_it, second_argument_of_it, third_argument, fourth_one),
        xs.for_each(x -> run(let y = x, print(y))), total)
        """,
        """
        @f () -> int = run(
            let total = something_with_a_name(
                first_argument_of_it,
                second_argument_of_it,
                third_argument,
                fourth_one,
            ),
            xs.for_each(x -> run(
                let y = x,
                print(y),
            )),
            total,
        )
        """);

    [Fact]
    public void Chains_of_calls_break_before_their_dots() => Becomes(
        "@f (words: [str]) -> str = words.filter(w -> w.len() > 3 && w != \"that\" && w != \"this\").map(w -> w.capitalize()).unique().join(\", \")",
        """
        @f (words: [str]) -> str = words
            .filter(w -> w.len() > 3 && w != "that" && w != "this")
            .map(w -> w.capitalize())
            .unique()
            .join(", ")
        """);

    [Fact]
    public void Conditions_and_matches() => Becomes(
        """
        @f (o: Option<int>, limit: int) -> int = match(o, Some(n) if n > limit -> if n % 2 == 0 then half_of_it(n) else if n % 3 == 0 then a_third_of_it(n) else n, Some(n) -> n, None -> 0)
        """,
        """
        @f (o: Option<int>, limit: int) -> int = match(o,
            Some(n) if n > limit ->
                if n % 2 == 0 then half_of_it(n)
                else if n % 3 == 0 then a_third_of_it(n)
                else n,
            Some(n) -> n,
            None -> 0,
        )
        """);

    [Fact]
    public void Long_headers_break_their_parameters_first() => Becomes(
        "pub @transfer (from: &mut Account, to: &mut Account, amount: int, reason: str) -> Result<void, BankError> uses Logger, Clock = run(check(from), Ok(()))",
        """
        pub @transfer (
            from: &mut Account,
            to: &mut Account,
            amount: int,
            reason: str,
        ) -> Result<void, BankError> uses Logger, Clock = run(check(from), Ok(()))
        """);

    [Fact]
    public void Operators_start_the_lines_of_long_expressions() => Becomes(
        "@f (first_operand: int, second_operand: int) -> bool = first_operand * second_operand > 1_000_000 && second_operand != 0 || first_operand == minus_one_hundred",
        """
        @f (first_operand: int, second_operand: int) -> bool =
            first_operand * second_operand > 1_000_000 && second_operand != 0
            || first_operand == minus_one_hundred
        """);

    [Fact]
    public void Comments_stay_where_they_are() => Becomes(
        """
        //the file
        use std.math{sqrt}//roots


        // # What it does.
        @f(a:int,//the first
        b:int// the second
        )->int=run(
        // before


        // and again
        g(),// here
        // nothing more
        )
        @empty()->[int]=[
        // none yet
        ]
        // the end
        """,
        """
        //the file
        use std.math { sqrt }  //roots

        // # What it does.
        @f (
            a: int,  //the first
            b: int,  // the second
        ) -> int = run(
            // before

            // and again
            g(),  // here
            // nothing more
        )

        @empty () -> [int] = [
            // none yet
        ]
        // the end
        """);

    [Fact]
    public void A_comment_at_its_end_keeps_a_line_together() => Becomes(
        """
        @f () -> void = run(
            let a = match(o, Some(x) -> x, None -> 0), // one line
            run(let b = 2, b), //~ E3001
        )
        """,
        """
        @f () -> void = run(
            let a = match(o, Some(x) -> x, None -> 0),  // one line
            run(let b = 2, b),  //~ E3001
        )
        """);

    [Fact]
    public void Empty_lines_are_one_at_most_and_none_at_the_ends() => Becomes(
        "\n\n\n@f () -> void = run(\n\n\n    a(),\n\n\n\n    b(),\n\n)\n\n\n\n@g () -> int = 1\n@h () -> int = 2\n\n\n",
        """
        @f () -> void = run(
            a(),

            b(),
        )

        @g () -> int = 1
        @h () -> int = 2
        """);

    [Fact]
    public void Texts_of_several_lines_keep_their_lines() => Becomes(
        "@f () -> str =   `one\n  two {x}\n three  `\n",
        "@f () -> str = `one\n  two {x}\n three  `");

    [Fact]
    public void Texts_with_errors_have_no_format() =>
        Assert.Null(SourceFormatter.Format(SourceFormatter.Read(SourceText.FromString("bad.si", "@f ( -> int = 1"))));

    [Fact]
    public void Texts_that_point_into_their_lines_are_left_alone()
    {
        const string Text = "// #compile-fail\n@f () -> int  =  true\n//               ^^^^ E3001\n";
        Assert.Equal(Text, SourceFormatter.Format(SourceFormatter.Read(SourceText.FromString("x.si", Text))));
    }

    [Fact]
    public void An_empty_text_stays_empty() => Assert.Equal("", SourceFormatter.Format(SourceFormatter.Read(SourceText.FromString("x.si", "  \n\n"))));
}
