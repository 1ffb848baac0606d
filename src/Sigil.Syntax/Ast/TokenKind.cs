namespace Sigil.Syntax.Ast;

/// <summary>The kinds of tokens.</summary>
public enum TokenKind : byte
{
    /// <summary>The end of the file.</summary>
    EndOfFile,

    /// <summary>A name, or a contextual word.</summary>
    Identifier,

    /// <summary>INT.</summary>
    IntLiteral,

    /// <summary>FLOAT.</summary>
    FloatLiteral,

    /// <summary>STRING.</summary>
    StringLiteral,

    /// <summary>CHAR.</summary>
    CharLiteral,

    /// <summary>DURATION.</summary>
    DurationLiteral,

    /// <summary>SIZE.</summary>
    SizeLiteral,

    /// <summary>A quoted module path.</summary>
    PathLiteral,

    /// <summary>The backquote that opens a template.</summary>
    TemplateStart,

    /// <summary>Text between the holes of a template.</summary>
    TemplateText,

    /// <summary>The brace that opens a hole.</summary>
    HoleOpen,

    /// <summary>The brace that closes a hole.</summary>
    HoleClose,

    /// <summary>The backquote that closes a template.</summary>
    TemplateEnd,

    /// <summary><c>async</c></summary>
    AsyncKeyword,

    /// <summary><c>break</c></summary>
    BreakKeyword,

    /// <summary><c>continue</c></summary>
    ContinueKeyword,

    /// <summary><c>do</c></summary>
    DoKeyword,

    /// <summary><c>dyn</c></summary>
    DynKeyword,

    /// <summary><c>else</c></summary>
    ElseKeyword,

    /// <summary><c>false</c></summary>
    FalseKeyword,

    /// <summary><c>for</c></summary>
    ForKeyword,

    /// <summary><c>if</c></summary>
    IfKeyword,

    /// <summary><c>impl</c></summary>
    ImplKeyword,

    /// <summary><c>in</c></summary>
    InKeyword,

    /// <summary><c>let</c></summary>
    LetKeyword,

    /// <summary><c>loop</c></summary>
    LoopKeyword,

    /// <summary><c>match</c></summary>
    MatchKeyword,

    /// <summary><c>mut</c></summary>
    MutKeyword,

    /// <summary><c>pub</c></summary>
    PubKeyword,

    /// <summary><c>return</c></summary>
    ReturnKeyword,

    /// <summary><c>self</c></summary>
    SelfKeyword,

    /// <summary><c>Self</c></summary>
    SelfTypeKeyword,

    /// <summary><c>then</c></summary>
    ThenKeyword,

    /// <summary><c>trait</c></summary>
    TraitKeyword,

    /// <summary><c>true</c></summary>
    TrueKeyword,

    /// <summary><c>type</c></summary>
    TypeKeyword,

    /// <summary><c>use</c></summary>
    UseKeyword,

    /// <summary><c>uses</c></summary>
    UsesKeyword,

    /// <summary><c>void</c></summary>
    VoidKeyword,

    /// <summary><c>where</c></summary>
    WhereKeyword,

    /// <summary><c>while</c></summary>
    WhileKeyword,

    /// <summary><c>with</c></summary>
    WithKeyword,

    /// <summary><c>yield</c></summary>
    YieldKeyword,

    /// <summary><c>+</c></summary>
    Plus,

    /// <summary><c>-</c></summary>
    Minus,

    /// <summary><c>*</c></summary>
    Star,

    /// <summary><c>/</c></summary>
    Slash,

    /// <summary><c>%</c></summary>
    Percent,

    /// <summary><c>==</c></summary>
    EqualsEquals,

    /// <summary><c>!=</c></summary>
    BangEquals,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&lt;=</c></summary>
    LessEquals,

    /// <summary><c>&amp;&amp;</c></summary>
    AmpersandAmpersand,

    /// <summary><c>||</c></summary>
    BarBar,

    /// <summary><c>!</c></summary>
    Bang,

    /// <summary><c>&amp;</c></summary>
    Ampersand,

    /// <summary><c>|</c></summary>
    Bar,

    /// <summary><c>^</c></summary>
    Caret,

    /// <summary><c>~</c></summary>
    Tilde,

    /// <summary><c>&lt;&lt;</c></summary>
    LessLess,

    /// <summary><c>..</c></summary>
    DotDot,

    /// <summary><c>..=</c></summary>
    DotDotEquals,

    /// <summary><c>...</c></summary>
    Ellipsis,

    /// <summary><c>??</c></summary>
    QuestionQuestion,

    /// <summary><c>?</c></summary>
    Question,

    /// <summary><c>-&gt;</c></summary>
    Arrow,

    /// <summary><c>=</c></summary>
    Equals,

    /// <summary><c>.</c></summary>
    Dot,

    /// <summary><c>,</c></summary>
    Comma,

    /// <summary><c>:</c></summary>
    Colon,

    /// <summary><c>::</c></summary>
    ColonColon,

    /// <summary><c>@</c></summary>
    At,

    /// <summary><c>$</c></summary>
    Dollar,

    /// <summary><c>#</c></summary>
    Hash,

    /// <summary><c>(</c></summary>
    OpenParen,

    /// <summary><c>)</c></summary>
    CloseParen,

    /// <summary><c>[</c></summary>
    OpenBracket,

    /// <summary><c>]</c></summary>
    CloseBracket,

    /// <summary><c>{</c></summary>
    OpenBrace,

    /// <summary><c>}</c></summary>
    CloseBrace,

    // Tokens that exist only to be rejected with a hint.

    /// <summary><c>;</c></summary>
    Semicolon,

    /// <summary><c>=&gt;</c></summary>
    FatArrow,

    /// <summary><c>++</c></summary>
    PlusPlus,

    /// <summary><c>|&gt;</c></summary>
    PipeGreater,

    /// <summary><c>+=</c>, <c>-=</c> and the like.</summary>
    CompoundAssignment,
}
