using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Sigil.Runtime.Serialization;

namespace Sigil.Runtime.Ipc;

/// <summary>File descriptors over a Unix socket, beside a few bytes (SCM_RIGHTS).</summary>
public static unsafe class DescriptorSocket
{
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int HeaderBytes = 16;
    private const int MaxDescriptors = 253;

    /// <summary>Sends one message; false when the socket has no room for it now.</summary>
    /// <exception cref="IOException">The other side is gone, or the system refused.</exception>
    public static bool TrySend(int socket, ReadOnlySpan<byte> bytes, IReadOnlyList<int> descriptors)
    {
        var size = HeaderBytes + (descriptors.Count * sizeof(int));
        var padded = (size + 7) & ~7;
        var control = stackalloc byte[padded + 8];
        *(nuint*)control = (nuint)size;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        for (var i = 0; i < descriptors.Count; i++) *(int*)(control + HeaderBytes + (i * sizeof(int))) = descriptors[i];
        fixed (byte* first = bytes)
        {
            var vector = new Libc.Vector { Base = first, Length = (nuint)bytes.Length };
            var message = new Libc.MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = descriptors.Count > 0 ? control : null,
                ControlLength = descriptors.Count > 0 ? (nuint)padded : 0,
            };
            while (true)
            {
                if (Libc.SendMessage(socket, &message, Libc.MessageNoSignal | Libc.MessageDontWait) >= 0) return true;
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted) continue;
                // Also too many descriptors on their way: the receiver has to catch up.
                if (error is Libc.Again or 109) return false;
                throw new IOException($"cannot send descriptors: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <summary>
    /// Receives one message into <paramref name="bytes"/> and adds its descriptors to <paramref name="attachments"/>; the number of bytes,
    /// 0 when the other side is gone, -1 when nothing has come.
    /// </summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static int Receive(int socket, Span<byte> bytes, Attachments attachments, bool wait = false)
    {
        const int space = HeaderBytes + (MaxDescriptors * sizeof(int)) + 8;
        var control = stackalloc byte[space];
        fixed (byte* first = bytes)
        {
            var vector = new Libc.Vector { Base = first, Length = (nuint)bytes.Length };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = space };
            while (true)
            {
                var received = Libc.ReceiveMessage(socket, &message, Libc.MessageCloseOnExec | (wait ? 0 : Libc.MessageDontWait));
                if (received >= 0)
                {
                    Take(control, (int)message.ControlLength, attachments);
                    return (int)received;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted) continue;
                if (error == Libc.Again) return -1;
                throw new IOException($"cannot receive descriptors: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <summary>The bytes of the next message, which stays where it is with its descriptors; as many as <see cref="Receive"/> would give.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    internal static int Peek(int socket, Span<byte> bytes)
    {
        const int peek = 2;
        fixed (byte* first = bytes)
        {
            var vector = new Libc.Vector { Base = first, Length = (nuint)bytes.Length };
            // Without room for them no copies of the descriptors are made.
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1 };
            while (true)
            {
                var received = Libc.ReceiveMessage(socket, &message, Libc.MessageDontWait | peek);
                if (received >= 0) return (int)received;
                var error = Marshal.GetLastPInvokeError();
                if (error == Libc.Interrupted) continue;
                if (error == Libc.Again) return -1;
                throw new IOException($"cannot receive descriptors: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    private static void Take(byte* control, int length, Attachments attachments)
    {
        for (var at = 0; at + HeaderBytes <= length;)
        {
            var size = (int)*(nuint*)(control + at);
            if (size < HeaderBytes || at + size > length) return;
            if (*(int*)(control + at + 8) == SocketLevel && *(int*)(control + at + 12) == Rights)
                for (var i = HeaderBytes; i + sizeof(int) <= size; i += sizeof(int)) attachments.AddReceived(Unsafe.ReadUnaligned<int>(control + at + i));
            at += (size + 7) & ~7;
        }
    }
}
