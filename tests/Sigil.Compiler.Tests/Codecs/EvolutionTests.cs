using System.Reflection;
using System.Runtime.Loader;
using MessagePack;
using Sigil.Runtime.Serialization;
using Sigil.Semantics.Modules;
using Sigil.Syntax;

namespace Sigil.Compiler.Tests.Codecs;

/// <summary>Emitted codecs read what writers with fewer or more fields have written.</summary>
public sealed class EvolutionTests
{
    private const string Program = """
        @doubled (n: int) -> int = n * 2
        type Inner = { a: int, b: int = 5 }
        type Generic<T> = { first: T, rest: [T] = [], label: str = `none {1 + 1}` }
        type Job = { id: int, tries: int = doubled(21), ports: [int] = [doubled(4), 9], inner: Inner = Inner { a: 1 }, more: Option<Generic<str>> = None }
        type Task = Run(job: Job) | Stop
        @main () -> void = run(
            let { producer, consumer } = ipc_channel<Task>(.buffer: 1),
            let all = ipc_channel<Generic<(int, Inner)>>(.buffer: 1),
            producer.close(),
        )
        """;

    private static readonly Assembly s_program = Load();

    [Theory]
    // Only the id: all other fields take what the declaration says.
    [InlineData("Job", "[7]", "[7, 42, [8, 9], [1, 5], null]")]
    [InlineData("Job", "[7, 1]", "[7, 1, [8, 9], [1, 5], null]")]
    [InlineData("Job", "[7, 1, [], [3]]", "[7, 1, [], [3, 5], null]")]
    [InlineData("Job", "[7, 1, [], [3, 4], [[\"x\"]]]", "[7, 1, [], [3, 4], [[\"x\", [], \"none 2\"]]]")]
    // What a newer writer added is skipped.
    [InlineData("Job", "[7, 1, [], [3, 4, [[1]], {\"k\": 2}], null, \"new\", [1, 2]]", "[7, 1, [], [3, 4], null]")]
    [InlineData("Task", "[0, [7]]", "[0, [7, 42, [8, 9], [1, 5], null]]")]
    [InlineData("Generic<(int, Inner)>", "[[1, [2]]]", "[[1, [2, 5]], [], \"none 2\"]")]
    public void What_is_missing_takes_its_default(string type, string written, string read) => Assert.Equal(Json(read), Through(type, written));

    [Theory]
    [InlineData("Job", "[]", "the field id of Job is missing")]
    [InlineData("Job", "[7, 1, [], []]", "the field a of Inner is missing")]
    [InlineData("Task", "[0]", "the field job of Task.Run is missing")]
    [InlineData("Task", "9", "Task has no variant number 9")]
    [InlineData("Job", "[7, \"x\"]", "")]
    public void What_has_no_default_is_an_error(string type, string written, string why)
    {
        var fault = Assert.Throws<FrameException>(() => Through(type, written));
        Assert.Contains(why, fault.Message);
    }

    private static string Json(string text) => MessagePackSerializer.ConvertToJson(MessagePackSerializer.ConvertFromJson(text));

    // Reads the frame with the codec of the program, and writes the value again.
    private static string Through(string type, string frame)
    {
        var codec = s_program.GetTypes().SelectMany(t => t.GetFields(BindingFlags.Static | BindingFlags.Public)).Single(f => f.DeclaringType!.Name == "Codecs" && f.Name == type).GetValue(null)!;
        var through = typeof(EvolutionTests).GetMethod(nameof(Again), BindingFlags.NonPublic | BindingFlags.Static)!;
        var value = codec.GetType();
        while (!(value.IsGenericType && value.GetGenericTypeDefinition() == typeof(Codec<>))) value = value.BaseType!;
        try
        {
            return (string)through.MakeGenericMethod(value.GetGenericArguments()[0]).Invoke(null, [codec, MessagePackSerializer.ConvertFromJson(frame)])!;
        }
        catch (TargetInvocationException fault)
        {
            throw fault.InnerException!;
        }
    }

    private static string Again<T>(Codec<T> codec, byte[] frame)
    {
        using var attachments = new Attachments();
        var value = Frames.Decode(codec, frame, attachments);
        return MessagePackSerializer.ConvertToJson(Frames.Encode(codec, value, attachments));
    }

    private static Assembly Load()
    {
        var sources = new MemorySources();
        sources.Add("main.si", Program);
        var made = Executable.OfMain(new ProgramInput { Sources = sources, Library = new EmbeddedLibrary(), Package = "example", RootFiles = ["main.si"] }, "evolution");
        Assert.True(made.Code is not null, string.Join("\n", made.Diagnostics));
        var context = new AssemblyLoadContext("evolution");
        context.Resolving += static (_, name) => AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        return context.LoadFromStream(new MemoryStream([.. made.Code.Image]));
    }
}
