using System.Numerics;
using CsCheck;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Text;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class ArithmeticTests
{
    private const string Site = "t.si:1:1 in @t";

    private static readonly Gen<long> ints = Gen.OneOf(
        Gen.Long,
        Gen.OneOf(0L, 1, -1, 2, long.MaxValue, long.MinValue, long.MaxValue - 1, long.MinValue + 1, 1L << 32, -(1L << 32)),
        Gen.Long[-1000, 1000]);

    [Fact]
    public void OperatorsAgreeWithBigIntegers() => Gen.Select(ints, ints).Sample((a, b) =>
    {
        Check("E9002", (BigInteger)a + b, () => IntMath.Add(a, b, Site));
        Check("E9002", (BigInteger)a - b, () => IntMath.Sub(a, b, Site));
        Check("E9002", (BigInteger)a * b, () => IntMath.Mul(a, b, Site));
        Check("E9002", -(BigInteger)a, () => IntMath.Neg(a, Site));
        if (b == 0)
            return;
        var quotient = BigInteger.DivRem(a, b, out var remainder);
        Check("E9002", quotient, () => IntMath.Div(a, b, Site));
        Check("E9002", remainder, () => IntMath.Rem(a, b, Site));
        Check("E9002", remainder != 0 && remainder.Sign != b.CompareTo(0) ? quotient - 1 : quotient, () => IntMath.FloorDiv(a, b, Site));
        Check("E9002", BigInteger.GreatestCommonDivisor(a, b), () => IntMath.Gcd(a, b, Site));
    });

    [Fact]
    public void PowersAgreeWithBigIntegers() => Gen.Select(Gen.OneOf(ints, Gen.Long[-20, 20]), Gen.Int[0, 70]).Sample((a, n) =>
        Check("E9002", BigInteger.Pow(a, n), () => IntMath.Pow(a, n, Site)));

    private static void Check(string code, BigInteger wanted, Func<long> compute)
    {
        if (wanted >= long.MinValue && wanted <= long.MaxValue)
            Assert.Equal((long)wanted, compute());
        else
            Assert.Equal(code, Assert.Throws<SigilPanic>(() => compute()).Info.Code);
    }

    [Fact]
    public void BytesAgreeWithInts()
    {
        for (var a = 0; a < 256; a++)
        {
            for (var b = 0; b < 256; b++)
            {
                var (x, y) = ((byte)a, (byte)b);
                Check("E9002", a + b <= 255 ? a + b : BigInteger.Pow(2, 80), () => ByteMath.Add(x, y, Site));
                Check("E9002", a - b >= 0 ? a - b : BigInteger.Pow(2, 80), () => ByteMath.Sub(x, y, Site));
            }
        }
        Assert.Equal(250, ByteMath.Mul(50, 5, Site));
        Assert.Equal("E9002", Assert.Throws<SigilPanic>(() => ByteMath.Mul(16, 16, Site)).Info.Code);
        Assert.Equal("E9003", Assert.Throws<SigilPanic>(() => ByteMath.Div(16, 0, Site)).Info.Code);
        Assert.Equal(0xE0, ByteMath.Shl(0xFE, 4, Site));
        Assert.Equal("E9004", Assert.Throws<SigilPanic>(() => ByteMath.Shl(1, 8, Site)).Info.Code);
    }

    [Fact]
    public void PanicsOfIntegers()
    {
        Assert.Equal("E9003", Assert.Throws<SigilPanic>(() => IntMath.Div(1, 0, Site)).Info.Code);
        Assert.Equal("E9003", Assert.Throws<SigilPanic>(() => IntMath.Rem(1, 0, Site)).Info.Code);
        Assert.Equal("E9003", Assert.Throws<SigilPanic>(() => IntMath.FloorDiv(1, 0, Site)).Info.Code);
        Assert.Equal("E9004", Assert.Throws<SigilPanic>(() => IntMath.Shl(1, 64, Site)).Info.Code);
        Assert.Equal("E9004", Assert.Throws<SigilPanic>(() => IntMath.Shr(1, -1, Site)).Info.Code);
        Assert.Equal(-1, IntMath.Shr(-8, 63, Site));
        Assert.Equal(-3, IntMath.FloorDiv(-5, 2, Site));
        Assert.Equal(-2, IntMath.Div(-5, 2, Site));
        Assert.Equal("E9010", Assert.Throws<SigilPanic>(() => SizeMath.Sub(1, 2, Site)).Info.Code);
        Assert.Equal("E9010", Assert.Throws<SigilPanic>(() => SizeMath.Mul(1, -2, Site)).Info.Code);
    }

    [Theory]
    [InlineData(4.0, "4.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1.5e15, "1500000000000000.0")]
    [InlineData(1234567890123456.5, "1234567890123456.5")]
    [InlineData(9999999999999998.0, "9999999999999998.0")]
    [InlineData(1e16, "1e16")]
    [InlineData(1.25e16, "1.25e16")]
    [InlineData(-1e300, "-1e300")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(0.00001, "1e-5")]
    [InlineData(0.0000123, "1.23e-5")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void FloatsPrint(double value, string text) => Assert.Equal(text, Literals.Float(value));

    [Fact]
    public void FloatsReadBack() => Gen.Double.Sample(value =>
    {
        var text = Literals.Float(value);
        Assert.True(Conversions.TryParseFloat(text, out var back));
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(back));
        Assert.True(text.Contains('.') || text.Contains('e') || !double.IsFinite(value));
    });

    [Theory]
    [InlineData("12", true)]
    [InlineData("+12", true)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData(" 1", false)]
    [InlineData("1 ", false)]
    [InlineData("1_0", false)]
    [InlineData("1,0", false)]
    [InlineData("1\0", false)]
    [InlineData("0x1", false)]
    [InlineData("1.0", false)]
    [InlineData("(1)", false)]
    [InlineData("١", false)]
    public void IntsParse(string text, bool works) => Assert.Equal(works, Conversions.ParseInt(text).HasValue);

    [Theory]
    [InlineData("1", true)]
    [InlineData("1.5", true)]
    [InlineData("-1.5e10", true)]
    [InlineData("1e16", true)]
    [InlineData("1E-5", true)]
    [InlineData("inf", true)]
    [InlineData("-inf", true)]
    [InlineData("nan", true)]
    [InlineData("Infinity", false)]
    [InlineData("NaN", false)]
    [InlineData(".5", false)]
    [InlineData("5.", false)]
    [InlineData("1e", false)]
    [InlineData("", false)]
    [InlineData(" 1.0", false)]
    [InlineData("1.0\0", false)]
    [InlineData("1,000.0", false)]
    public void FloatsParse(string text, bool works) => Assert.Equal(works, Conversions.ParseFloat(text).HasValue);

    [Fact]
    public void ConversionsPanicOutsideTheirRange()
    {
        foreach (var value in new[] { double.NaN, double.PositiveInfinity, 9223372036854775808.0, -9223372036854777856.0 })
            Assert.Equal("E9006", Assert.Throws<SigilPanic>(() => Conversions.IntOfFloat(value, Site)).Info.Code);
        Assert.Equal(long.MinValue, Conversions.IntOfFloat(-9223372036854775808.0, Site));
        Assert.Equal(-1, Conversions.IntOfFloat(-1.9, Site));
        Assert.Equal("E9006", Assert.Throws<SigilPanic>(() => Conversions.ByteOfInt(256, Site)).Info.Code);
        Assert.Equal("E9006", Assert.Throws<SigilPanic>(() => Conversions.CharOfInt(0xD800, Site)).Info.Code);
        Assert.Equal("E9006", Assert.Throws<SigilPanic>(() => Conversions.CharOfInt(0x110000, Site)).Info.Code);
        Assert.Equal("cannot convert \"x\\n\" to int", Assert.Throws<SigilPanic>(() => Conversions.IntOfStr("x\n", Site)).Info.Message);
        Assert.Equal(0xC3, Conversions.ByteOfStr("é", Site));
        Assert.Equal(233, Conversions.ByteOfChar('é', Site));
    }

    [Fact]
    public void LiteralsOfUnitsAndQuotes()
    {
        Assert.Equal("90m", Literals.Duration(90 * DurationMath.Minute));
        Assert.Equal("0s", Literals.Duration(0));
        Assert.Equal("2h", Literals.Duration(120 * DurationMath.Minute));
        Assert.Equal("-1500ms", Literals.Duration(-1500 * DurationMath.Millisecond));
        Assert.Equal("1500000ns", Literals.Duration(1_500_000));
        Assert.Equal("1025b", Literals.Size(1025));
        Assert.Equal("1kb", Literals.Size(1024));
        Assert.Equal("0b", Literals.Size(0));
        Assert.Equal("3gb", Literals.Size(3L << 30));
        Assert.Equal("\"a\\\"b\\n\\u{1}'\"", Literals.Quote("a\"b\n\u0001'"));
        Assert.Equal("'\\''", Literals.QuoteChar('\''));
        Assert.Equal("'\"'", Literals.QuoteChar('"'));
        Assert.Equal("'😀'", Literals.QuoteChar(0x1F600));
        Assert.Equal("-ff", Literals.Hex(-255));
        Assert.Equal("-1000000000000000000000000000000000000000000000000000000000000000", Literals.Based(long.MinValue, 2));
    }
}
