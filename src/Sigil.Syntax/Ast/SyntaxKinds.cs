namespace Sigil.Syntax.Ast;

/// <summary>The kinds of literals.</summary>
public enum LiteralKind
{
    /// <summary><c>int</c> (or <c>byte</c> by context).</summary>
    Int,

    /// <summary><c>float</c>.</summary>
    Float,

    /// <summary><c>str</c>.</summary>
    String,

    /// <summary><c>char</c>.</summary>
    Char,

    /// <summary><c>bool</c>.</summary>
    Bool,

    /// <summary><c>Duration</c>.</summary>
    Duration,

    /// <summary><c>Size</c>.</summary>
    Size,
}

/// <summary>Reference capabilities.</summary>
public enum ReferenceCapability
{
    /// <summary>Mutable, exactly one path to it.</summary>
    Iso,

    /// <summary>Deeply immutable, freely shared.</summary>
    Val,

    /// <summary>Mutable, with aliases, inside one task.</summary>
    Ref,
}

/// <summary>Prefix operators.</summary>
public enum UnaryOperator
{
    /// <summary><c>!</c></summary>
    Not,

    /// <summary><c>-</c></summary>
    Negate,

    /// <summary><c>~</c></summary>
    Complement,
}

/// <summary>Infix operators, without ranges and assignment.</summary>
public enum BinaryOperator
{
    /// <summary><c>*</c></summary>
    Multiply,

    /// <summary><c>/</c></summary>
    Divide,

    /// <summary><c>%</c></summary>
    Remainder,

    /// <summary><c>div</c></summary>
    FloorDivide,

    /// <summary><c>+</c></summary>
    Add,

    /// <summary><c>-</c></summary>
    Subtract,

    /// <summary><c>&lt;&lt;</c></summary>
    ShiftLeft,

    /// <summary><c>&gt;&gt;</c></summary>
    ShiftRight,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&amp;</c></summary>
    BitAnd,

    /// <summary><c>^</c></summary>
    BitXor,

    /// <summary><c>|</c></summary>
    BitOr,

    /// <summary><c>&amp;&amp;</c></summary>
    And,

    /// <summary><c>||</c></summary>
    Or,

    /// <summary><c>??</c></summary>
    Coalesce,
}
