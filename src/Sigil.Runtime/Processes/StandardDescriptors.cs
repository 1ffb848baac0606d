namespace Sigil.Runtime.Processes;

/// <summary>
/// Standard input, output and error as the process was given them. One that the caller has closed is /dev/null here and for the children: its number
/// would go to the next file that is opened, and what reads or writes the standard stream would read or write that.
/// </summary>
public static unsafe class StandardDescriptors
{
    private const int Count = 3, DescriptorFlags = 1, CloseOnExec = 1, ReadWrite = 2;

    /// <summary>To be called first of all. It may start the process anew, under the same id.</summary>
    public static void Ensure()
    {
        if (!OperatingSystem.IsLinux()) return;
        var taken = 0;
        for (var i = 0; i < Count; i++)
        {
            var flags = Posix.Control(i, DescriptorFlags, 0);
            // The lowest free number is this one.
            if (flags < 0) flags = Posix.Open("/dev/null", ReadWrite, 0) == i ? 0 : CloseOnExec;
            // Nothing that was given has this flag: it would have been closed on the way. .NET opens with it all that it opens, and needs it.
            if ((flags & CloseOnExec) != 0) taken |= 1 << i;
        }

        if (taken != 0) StartAnew(taken);
    }

    // .NET has put files of its own there and cannot be talked out of it: only a process that starts with these numbers taken keeps them free.
    private static void StartAnew(int taken)
    {
        if (Environment.ProcessPath is not { } program) return;
        var redirections = string.Concat(Enumerable.Range(0, Count).Where(i => (taken & 1 << i) != 0).Select(i => i == 0 ? " </dev/null" : $" {i}>/dev/null"));
        byte[] line;
        try
        {
            line = File.ReadAllBytes("/proc/self/cmdline");
        }
        catch (IOException)
        {
            return;
        }

        using var strings = new NativeStrings();
        // The arguments as they are, whatever their bytes.
        fixed (byte* words = line)
        {
            var arguments = new List<nint>();
            for (var at = 0; at < line.Length; at += line.AsSpan(at).IndexOf((byte)0) + 1) arguments.Add((nint)(words + at));
            var vector = strings.Array(["sh", "-c", "exec \"$@\"" + redirections, "sh", program, .. arguments.Skip(1).Select(_ => "")]);
            for (var i = 1; i < arguments.Count; i++) vector[4 + i] = (byte*)arguments[i];
            _ = Posix.Execute("/bin/sh", vector);
        }
    }
}
