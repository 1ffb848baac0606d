using System.Runtime.InteropServices;

namespace Sigil.Runtime.Capabilities;

/// <summary>Where an <see cref="OutputStream"/> puts its bytes.</summary>
public abstract class ByteSink
{
    /// <summary>Writes everything; 0 or an error number of the system.</summary>
    public abstract int Write(ReadOnlySpan<byte> data);

    /// <summary>Whether somebody watches, so that nothing should be held back.</summary>
    public virtual bool IsInteractive => false;
}

/// <summary>A file descriptor of the process.</summary>
internal sealed class DescriptorSink(int descriptor, bool isInteractive = false) : ByteSink
{
    public override bool IsInteractive { get; } = isInteractive || NativeFiles.IsTerminal(descriptor) != 0;

    // Not FileStream: that keeps an offset of its own, and processes started by one shell share theirs.
    public override unsafe int Write(ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            for (nint done = 0; done < data.Length;)
            {
                var written = NativeFiles.Write(descriptor, start + done, data.Length - done);
                if (written >= 0)
                {
                    done += written;
                    continue;
                }
                var error = Marshal.GetLastPInvokeError();
                if (error == NativeFiles.TryAgain)
                    NativeFiles.WaitReady(descriptor, forWriting: true);
                else if (error != NativeFiles.Interrupted)
                    return error;
            }
        }
        return 0;
    }
}

/// <summary>A .NET stream; for tests and for systems without descriptors.</summary>
public sealed class StreamSink(Stream stream, bool interactive = false) : ByteSink
{
    /// <inheritdoc/>
    public override bool IsInteractive => interactive;

    /// <inheritdoc/>
    public override int Write(ReadOnlySpan<byte> data)
    {
        try
        {
            stream.Write(data);
            stream.Flush();
            return 0;
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException)
        {
            return NativeFiles.BrokenPipe;
        }
    }
}
