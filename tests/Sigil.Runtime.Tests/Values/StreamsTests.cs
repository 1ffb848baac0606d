using System.Reflection;
using System.Text;
using Sigil.Runtime.Capabilities;
using Sigil.Runtime.Panics;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Values;

namespace Sigil.Runtime.Tests.Values;

public class StreamsTests
{
    [Fact]
    public void OutputIsHeldBackUntilFlushedUnlessSomebodyWatches()
    {
        var memory = new MemoryStream();
        var held = new OutputStream(new StreamSink(memory));
        held.WriteLine("a");
        Assert.Equal(0, memory.Length);
        held.Flush();
        Assert.Equal("a\n", Encoding.UTF8.GetString(memory.ToArray()));

        var seen = new MemoryStream();
        new OutputStream(new StreamSink(seen, interactive: true)).Write("b");
        Assert.Equal(1, seen.Length);
    }

    [Fact]
    public void LongTextCrossesTheBufferUnharmed()
    {
        var text = string.Concat(Enumerable.Repeat("aé😀", 30_000));
        var memory = new MemoryStream();
        var output = new OutputStream(new StreamSink(memory));
        output.Write("x");
        output.WriteLine(text);
        output.Write(new byte[100_000]);
        output.Flush();
        Assert.Equal("x" + text + "\n" + new string('\0', 100_000), Encoding.UTF8.GetString(memory.ToArray()));
    }

    [Fact]
    public void LinesOfManyThreadsDoNotMix()
    {
        var memory = new MemoryStream();
        var output = new OutputStream(new StreamSink(memory));
        Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 500; i++)
                output.WriteLine(new string((char)('a' + worker), 200));
        });
        output.Flush();
        var lines = Encoding.UTF8.GetString(memory.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4000, lines.Length);
        Assert.All(lines, line => Assert.Equal(new string(line[0], 200), line));
    }

    [Fact]
    public void WriteErrorsAreReported()
    {
        var closed = new MemoryStream();
        closed.Close();
        var output = new OutputStream(new StreamSink(closed));
        Assert.Equal(0, output.Write("a"));
        Assert.Equal(IoCodes.BrokenPipe, IoCodes.Of(output.Flush()));
    }

    [Fact]
    public void InputGivesLinesOfAnyLength()
    {
        var longLine = new string('x', 100_000);
        var input = new InputStream(new MemoryStream(Encoding.UTF8.GetBytes($"a\r\n\n{longLine}\nlast")));
        Assert.Equal(Option<string>.Some("a"), input.ReadLine().Line);
        Assert.Equal(Option<string>.Some(""), input.ReadLine().Line);
        Assert.Equal(Option<string>.Some(longLine), input.ReadLine().Line);
        Assert.Equal(Option<string>.Some("last"), input.ReadLine().Line);
        Assert.Equal((0, Option<string>.None, ""), input.ReadLine());
    }

    [Fact]
    public void BadInputIsAnErrorAndReadingGoesOn()
    {
        var input = new InputStream(new MemoryStream([0xFF, (byte)'\n', (byte)'b', (byte)'\n', (byte)'c']));
        Assert.Equal((IoCodes.InvalidData, Option<string>.None, "invalid UTF-8 at byte 0"), input.ReadLine());
        Assert.Equal(Option<string>.Some("b"), input.ReadLine().Line);
        Assert.Equal([(byte)'c'], input.ReadAll().Bytes.Span.ToArray());
    }

    [Fact]
    public void PanicsAreReportedWithCodeAndPlace()
    {
        var panic = Assert.Throws<SigilPanic>(() => Panic.IndexOutOfRange(7, 3, "src/stock.si:14:9 in @pick"));
        panic.Frames.Add("src/main.si:3:5 in @main");
        Assert.Equal("panic[E9005]: index 7 out of range for length 3\n  at src/stock.si:14:9 in @pick\n  at src/main.si:3:5 in @main", PanicReport.Describe(panic, withTrace: true));
        Assert.Equal("panic[E9005]: index 7 out of range for length 3\n  at src/stock.si:14:9 in @pick", PanicReport.Describe(panic, withTrace: false));
    }

    [Fact]
    public void SeededRandomNumbersAreFixedForEver()
    {
        var source = new RandomSource(42);
        Assert.Equal([1546998764402558742, 6990951692964543102, -5902157311460992607], Enumerable.Range(0, 3).Select(_ => source.Int(long.MinValue, long.MaxValue, "") ^ long.MinValue));
        for (var i = 0; i < 1000; i++)
        {
            Assert.InRange(source.Int(-3, 3, ""), -3, 3);
            Assert.InRange(source.Float(), 0, 0.9999999999999999);
        }
        Assert.Equal(5, source.Int(5, 5, ""));
        Assert.Equal(13, source.Bytes(13).Length);
        Assert.Throws<SigilPanic>(() => source.Int(2, 1, ""));
        Assert.NotEqual(new RandomSource(1).Int(0, long.MaxValue, ""), new RandomSource(2).Int(0, long.MaxValue, ""));
    }

    [Fact]
    public void EnvironmentVariables()
    {
        ProgramEnvironment.Set("SIGIL_TEST_VARIABLE", "é", "");
        Assert.Equal(Option<string>.Some("é"), ProgramEnvironment.Get("SIGIL_TEST_VARIABLE"));
        Assert.Equal("é", ProgramEnvironment.All().Get("SIGIL_TEST_VARIABLE").Value);
        ProgramEnvironment.Remove("SIGIL_TEST_VARIABLE");
        Assert.False(ProgramEnvironment.Get("SIGIL_TEST_VARIABLE").HasValue);
        Assert.False(ProgramEnvironment.Get("").HasValue);
        Assert.Throws<SigilPanic>(() => ProgramEnvironment.Set("a=b", "", ""));
        Assert.Equal(Environment.CurrentDirectory, ProgramEnvironment.CurrentDirectory().Value);
        Assert.Equal(1, ProgramEnvironment.SetCurrentDirectory("/none/at/all").Code);
        Assert.Equal(1, ProgramEnvironment.SetCurrentDirectory("").Code);
        Assert.Equal(3, ProgramEnvironment.SetCurrentDirectory(typeof(StreamsTests).Assembly.Location).Code);
    }

    [Theory]
    [InlineData(2.5, 0, 3.0)]
    [InlineData(-2.5, 0, -3.0)]
    [InlineData(1.005, 2, 1.01)]
    [InlineData(1234.5, -2, 1200.0)]
    [InlineData(1e300, 5, 1e300)]
    [InlineData(0.1, 400, 0.1)]
    [InlineData(5e-324, 2, 0.0)]
    public void Rounding(double value, long decimals, double wanted) => Assert.Equal(wanted, FloatMath.Round(value, decimals));

    [Fact]
    public void EveryIntrinsicHasOneMethod()
    {
        var keys = typeof(IntrinsicAttribute).Assembly.GetTypes()
            .SelectMany(type => type.GetMembers().Where(member => member.DeclaringType == type))
            // An operation that waits may have a second entry for callers that block.
            .SelectMany(member => member.GetCustomAttributes(typeof(IntrinsicAttribute), false).Cast<IntrinsicAttribute>()
                .Select(attribute => $"{attribute.Key} {((member as MethodInfo)?.ReturnType == typeof(Status) ? "waits" : "blocks")}"))
            .ToArray();
        Assert.True(keys.Length > 150);
        Assert.Equal(keys.Distinct().Order(), keys.Order());
    }

    [Fact]
    public void RecordersCollectFromManyThreads()
    {
        var recorder = Recorder<long>.New();
        Parallel.For(0, 1000, i => recorder.Record(i));
        var items = recorder.Items();
        recorder.Record(5);
        Assert.Equal(1000, items.Length);
        Assert.Equal(1001, recorder.Count());
        recorder.Clear();
        Assert.Equal(0, recorder.Count());
    }
}
