namespace Sigil.Runtime.Tests.Exploring;

/// <summary>What a step of a modelled thread does to memory.</summary>
internal enum Access { Store, Fence, ProcessFence, Decide }

/// <summary>One step. A decision reads memory as the thread sees it and returns the number of the next step.</summary>
internal sealed record Instruction(Access Access, int Place = 0, int Value = 0, Func<Func<int, int>, int>? Next = null);

/// <summary>
/// All executions of a few small threads on a machine with store buffers, as x86 and SPARC TSO have them: a store waits in
/// its thread's buffer for any time while later loads of the thread are made. Controlled runs are sequentially consistent and
/// cannot show what a missing fence does; this can.
/// </summary>
internal sealed class StoreBufferModel(int places, Instruction[][] threads)
{
    private readonly HashSet<string> _seen = [];

    internal int States => _seen.Count;

    /// <summary>Calls <paramref name="end"/> with the memory of every state in which all threads have ended and all stores arrived.</summary>
    internal void Explore(Action<int[]> end)
    {
        var first = new Machine(new int[places], new int[threads.Length], [.. threads.Select(_ => Array.Empty<(int, int)>())]);
        var open = new Stack<Machine>();
        open.Push(first);
        while (open.TryPop(out var machine))
        {
            if (!_seen.Add(machine.Key())) continue;
            var moved = false;
            for (var t = 0; t < threads.Length; t++)
            {
                if (machine.Buffers[t].Length > 0)
                {
                    open.Push(machine.Drain(t));
                    moved = true;
                }

                if (machine.Positions[t] >= threads[t].Length) continue;
                moved = true;
                if (Step(machine, t) is { } next) open.Push(next);
            }

            if (!moved) end(machine.Memory);
        }
    }

    private Machine? Step(Machine machine, int t)
    {
        var instruction = threads[t][machine.Positions[t]];
        switch (instruction.Access)
        {
            case Access.Store:
                return machine.At(t, machine.Positions[t] + 1).Buffered(t, (instruction.Place, instruction.Value));
            case Access.Fence:
                return machine.Buffers[t].Length > 0 ? null : machine.At(t, machine.Positions[t] + 1);
            case Access.ProcessFence:
                return machine.Buffers.Any(buffer => buffer.Length > 0) ? null : machine.At(t, machine.Positions[t] + 1);
            default:
                return machine.At(t, instruction.Next!(place => machine.Read(t, place)));
        }
    }

    private sealed record Machine(int[] Memory, int[] Positions, (int Place, int Value)[][] Buffers)
    {
        internal int Read(int thread, int place)
        {
            for (var i = Buffers[thread].Length - 1; i >= 0; i--)
                if (Buffers[thread][i].Place == place) return Buffers[thread][i].Value;
            return Memory[place];
        }

        internal Machine Drain(int thread)
        {
            var memory = (int[])Memory.Clone();
            var (place, value) = Buffers[thread][0];
            memory[place] = value;
            return this with { Memory = memory, Buffers = With(thread, Buffers[thread][1..]) };
        }

        internal Machine At(int thread, int position)
        {
            var positions = (int[])Positions.Clone();
            positions[thread] = position;
            return this with { Positions = positions };
        }

        internal Machine Buffered(int thread, (int, int) store) => this with { Buffers = With(thread, [.. Buffers[thread], store]) };

        internal string Key() =>
            $"{string.Join(',', Memory)}|{string.Join(',', Positions)}|{string.Join(';', Buffers.Select(buffer => string.Join(',', buffer)))}";

        private (int, int)[][] With(int thread, (int, int)[] buffer)
        {
            var buffers = ((int, int)[][])Buffers.Clone();
            buffers[thread] = buffer;
            return buffers;
        }
    }
}
