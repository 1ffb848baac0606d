using Sigil.Runtime.Channels;
using Sigil.Runtime.Scopes;
using Sigil.Runtime.Tasks;
using Sigil.Runtime.Tests.Tasks;

namespace Sigil.Runtime.Tests.Ipc;

/// <summary>Receives all that a peer process sends until its channel closes.</summary>
internal static class Receiver
{
    private const string Site = "test.si:1:1 in @test";

    /// <summary>How long a message may take, in nanoseconds: a peer that has died must be noticed well before.</summary>
    public const long Patience = 20_000_000_000;

    /// <summary>What <paramref name="read"/> makes of the messages, added to <paramref name="into"/>, while <paramref name="beside"/> run as tasks of their own.</summary>
    public static List<T> All<TMessage, T>(Consumer<TMessage> consumer, Func<TMessage, T> read, List<T> into, params Func<Script<int>, IEnumerator<Status>>[] beside)
    {
        Running.Run(2, Main);
        return into;

        IEnumerator<Status> Main(Script<int> main)
        {
            var scope = ParallelScope.Open(main.Task);
            scope.Spawn(new Script<int>(Body), Site);
            foreach (var other in beside) scope.Spawn(new Script<int>(other), Site);
            yield return scope.Join(main.Task, Site);
        }

        IEnumerator<Status> Body(Script<int> self)
        {
            while (true)
            {
                yield return consumer.ReceiveTimeout(self.Task, Patience, out var direct, Site);
                var outcome = self.Take(direct);
                if (outcome.Code == Outcome.Closed) break;
                Assert.Equal(Outcome.Done, outcome.Code);
                into.Add(read(outcome.Value));
            }

            consumer.Close();
        }
    }
}
