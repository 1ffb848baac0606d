using Sigil.Runtime.Processes;
using Sigil.Runtime.Processes.Sandbox;

namespace Sigil.Runtime.Tests.Processes;

/// <summary>What a type does not say, the kernel does not let a process do, even when the types are passed by.</summary>
/// <remarks>
/// On a kernel without Landlock <c>by_effects</c> must refuse to start, which is what the tests then ask for; the filter of system calls is
/// there on every kernel that .NET runs on.
/// </remarks>
public class SandboxTests
{
    private const string NotPermitted = "1", NotAllowed = "13";

    private static readonly string s_directory = Directory.CreateTempSubdirectory("sigil-sandbox").FullName;

    [Fact]
    public void Where_links_inside_the_folder_of_dotnet_lead_may_be_read()
    {
        var root = Directory.CreateTempSubdirectory("sigil-dotnet").FullName;
        try
        {
            var elsewhere = Directory.CreateDirectory(Path.Combine(root, "elsewhere")).FullName;
            var dotnet = Directory.CreateDirectory(Path.Combine(root, "dotnet")).FullName;
            Directory.CreateDirectory(Path.Combine(dotnet, "host", "fxr"));
            string At(string path) => Path.Combine(dotnet, path);
            Directory.CreateSymbolicLink(At("host/fxr/10.0.1"), elsewhere);
            Directory.CreateSymbolicLink(At("shared"), Directory.CreateDirectory(Path.Combine(root, "shared")).FullName);
            Directory.CreateDirectory(At("shared/Microsoft.NETCore.App/10.0.1"));
            Assert.Equal([dotnet, At("host/fxr/10.0.1"), At("shared")], HostProgram.FoldersOf(dotnet));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("read /etc/passwd", NotAllowed)]
    [InlineData("read /root", NotAllowed)]
    [InlineData("write {0}/new", NotAllowed)]
    [InlineData("unlink {0}/old", NotAllowed)]
    [InlineData("socket 2", NotPermitted)]
    [InlineData("socket 10", NotPermitted)]
    [InlineData("socket 1", NotPermitted)]
    [InlineData("fork", NotPermitted)]
    [InlineData("exec /bin/true", NotPermitted)]
    [InlineData("signal {1}", NotPermitted)]
    [InlineData("call 425", NotPermitted)]
    [InlineData("call 438", NotPermitted)]
    [InlineData("self", "0")]
    [InlineData("thread", "0")]
    public void A_task_that_declares_nothing_can_only_compute(string attempt, string expected) =>
        Expect(new PureHostileTask(), attempt, expected);

    [Theory]
    [InlineData("read /etc/passwd", "0")]
    [InlineData("write {0}/new", "0")]
    [InlineData("socket 2", NotPermitted)]
    [InlineData("fork", NotPermitted)]
    public void FileSystem_opens_files_and_nothing_else(string attempt, string expected) =>
        Expect(new FilesHostileTask(), attempt, expected);

    [Theory]
    [InlineData("socket 2", "0")]
    [InlineData("read /etc/passwd", NotAllowed)]
    [InlineData("exec /bin/true", NotPermitted)]
    public void Http_opens_sockets_and_nothing_else(string attempt, string expected) =>
        Expect(new NetworkHostileTask(), attempt, expected);

    [Theory]
    [InlineData("socket 2", NotPermitted)]
    [InlineData("read /etc/passwd", NotAllowed)]
    [InlineData("exec /no/such/program", "2")]
    public void Process_starts_programs_and_nothing_else(string attempt, string expected) =>
        Expect(new ProcessesHostileTask(), attempt, expected);

    [Theory]
    [InlineData("read /etc/passwd")]
    [InlineData("write {0}/free")]
    [InlineData("socket 2")]
    [InlineData("signal {1}")]
    public void Without_a_sandbox_nothing_is_refused(string attempt) =>
        Assert.Equal("0", Spawned.Value(new PureHostileTask(), Filled(attempt), SandboxMode.None));

    [Fact]
    public void Best_effort_does_what_the_kernel_can()
    {
        Assert.Equal(NotPermitted, Spawned.Value(new PureHostileTask(), "socket 2", SandboxMode.BestEffort));
        Assert.Equal(Landlock.IsSupported ? NotAllowed : "0", Spawned.Value(new PureHostileTask(), "read /etc/passwd", SandboxMode.BestEffort));
    }

    [Fact]
    public void A_child_that_waits_for_its_task_is_confined_already()
    {
        if (!Landlock.IsSupported) return;
        var image = ProgramImage.Of(typeof(PureHostileTask).Assembly);
        var child = ChildPool.Of(image, ChildProfile.Of(ProcessRights.None, SandboxMode.ByEffects)).Take();
        var free = ChildPool.Of(image, ChildProfile.Of(ProcessRights.None, SandboxMode.None)).Take();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => Filters(child) > Filters(free), 60_000));
        }
        finally
        {
            child.Kill();
            free.Kill();
        }

        // What surrounds us may have put filters on both.
        static int Filters(ChildProcess child) =>
            int.Parse(File.ReadLines($"/proc/{child.Id}/status").Single(line => line.StartsWith("Seccomp_filters:", StringComparison.Ordinal))[16..], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void The_parent_stays_free()
    {
        Spawned.Value(new EchoTask(), "x");
        Assert.True(File.Exists("/etc/passwd"));
        var file = Path.Combine(s_directory, "parent");
        File.WriteAllText(file, "x");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
    }

    private static void Expect(HostileTask task, string attempt, string expected)
    {
        File.WriteAllText(Path.Combine(s_directory, "old"), "x");
        var handle = Spawned.Start(task, Filled(attempt));
        var (kind, text, _) = Spawned.End(handle);
        if (!Landlock.IsSupported && !task.Rights.HasFlag(ProcessRights.Files))
        {
            Assert.Equal((OutcomeKind.StartFailed, Landlock.Missing), (kind, text));
            return;
        }

        Assert.Equal((OutcomeKind.Finished, expected), (kind, text));
    }

    private static string Filled(string attempt) =>
        string.Format(System.Globalization.CultureInfo.InvariantCulture, attempt, s_directory, Environment.ProcessId);
}
