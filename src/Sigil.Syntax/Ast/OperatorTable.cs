namespace Sigil.Syntax.Ast;

/// <summary>How operators are written and how tightly they bind.</summary>
public static class OperatorTable
{
    /// <summary>The level of ranges, between shifts and comparisons.</summary>
    internal const int RangeLevel = 9;

    /// <summary>The loosest level, that of <c>??</c>.</summary>
    internal const int LoosestLevel = 1;

    /// <summary>The operator as written.</summary>
    public static string Symbol(BinaryOperator op) => op switch
    {
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.FloorDivide => "div",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.Less => "<",
        BinaryOperator.Greater => ">",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.BitAnd => "&",
        BinaryOperator.BitXor => "^",
        BinaryOperator.BitOr => "|",
        BinaryOperator.And => "&&",
        BinaryOperator.Or => "||",
        _ => "??",
    };

    /// <summary>The operator as written.</summary>
    public static string Symbol(UnaryOperator op) => op switch
    {
        UnaryOperator.Not => "!",
        UnaryOperator.Negate => "-",
        _ => "~",
    };

    /// <summary>How tightly an operator binds: higher is tighter.</summary>
    public static int Level(BinaryOperator op) => op switch
    {
        BinaryOperator.Multiply or BinaryOperator.Divide or BinaryOperator.Remainder or BinaryOperator.FloorDivide => 12,
        BinaryOperator.Add or BinaryOperator.Subtract => 11,
        BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight => 10,
        BinaryOperator.Less or BinaryOperator.Greater or BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual => 8,
        BinaryOperator.Equal or BinaryOperator.NotEqual => 7,
        BinaryOperator.BitAnd => 6,
        BinaryOperator.BitXor => 5,
        BinaryOperator.BitOr => 4,
        BinaryOperator.And => 3,
        BinaryOperator.Or => 2,
        _ => LoosestLevel,
    };

    internal static UnaryOperator Unary(TokenKind kind) => kind switch
    {
        TokenKind.Bang => UnaryOperator.Not,
        TokenKind.Minus => UnaryOperator.Negate,
        _ => UnaryOperator.Complement,
    };

    internal static BinaryOperator? FromTokens(SyntaxToken first, SyntaxToken? second) => first.Kind switch
    {
        TokenKind.Greater => second?.Kind switch
        {
            TokenKind.Greater => BinaryOperator.ShiftRight,
            TokenKind.Equals => BinaryOperator.GreaterOrEqual,
            _ => BinaryOperator.Greater,
        },
        TokenKind.Identifier when first.Text == "div" => BinaryOperator.FloorDivide,
        var kind => FromKind(kind),
    };

    internal static BinaryOperator? FromKind(TokenKind kind) => kind switch
    {
        TokenKind.Star => BinaryOperator.Multiply,
        TokenKind.Slash => BinaryOperator.Divide,
        TokenKind.Percent => BinaryOperator.Remainder,
        TokenKind.Plus => BinaryOperator.Add,
        TokenKind.Minus => BinaryOperator.Subtract,
        TokenKind.LessLess => BinaryOperator.ShiftLeft,
        TokenKind.Less => BinaryOperator.Less,
        TokenKind.Greater => BinaryOperator.Greater,
        TokenKind.LessEquals => BinaryOperator.LessOrEqual,
        TokenKind.EqualsEquals => BinaryOperator.Equal,
        TokenKind.BangEquals => BinaryOperator.NotEqual,
        TokenKind.Ampersand => BinaryOperator.BitAnd,
        TokenKind.Caret => BinaryOperator.BitXor,
        TokenKind.Bar => BinaryOperator.BitOr,
        TokenKind.AmpersandAmpersand => BinaryOperator.And,
        TokenKind.BarBar => BinaryOperator.Or,
        TokenKind.QuestionQuestion => BinaryOperator.Coalesce,
        _ => null,
    };
}
