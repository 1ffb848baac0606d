using Sigil.Runtime.Scopes;
using Outcome = Sigil.Runtime.Values.Result<int, string>;

namespace Sigil.Runtime.Tests.Scopes;

public class OutcomeStoreTests
{
    /// <summary>Errors in no chunk, the first, a later one, all of them; counts around the chunks' ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(1000)]
    public void Values_and_errors_come_out_where_they_went_in(int errorsApart)
    {
        foreach (var count in (int[])[0, 1, 7, 8, 9, 16, 17, 300])
        {
            var store = new OutcomeStore<int, string>();
            for (var i = 0; i < count; i++)
            {
                store.Reserve(i);
                store.Set(i, ResultAt(i));
            }

            var list = store.ToList(count);
            Assert.Equal(count, list.Count);
            for (var i = 0; i < count; i++)
            {
                Assert.Equal(ResultAt(i), list.ItemAt(i));
                Assert.Equal(ResultAt(i), store.Get(i));
            }
        }

        Outcome ResultAt(int index) => index % errorsApart == errorsApart - 1 ? Outcome.Err("e" + index) : Outcome.Ok(index);
    }

    [Fact]
    public void Children_that_fail_at_once_share_a_chunk_of_errors()
    {
        const int count = 512;
        for (var round = 0; round < 50; round++)
        {
            var store = new OutcomeStore<int, string>();
            for (var i = 0; i < count; i++) store.Reserve(i);
            Parallel.For(0, count, i => store.Set(i, i % 2 == 0 ? Outcome.Err("e" + i) : Outcome.Ok(i)));
            var list = store.ToList(count);
            for (var i = 0; i < count; i++) Assert.Equal(i % 2 == 0 ? Outcome.Err("e" + i) : Outcome.Ok(i), list.ItemAt(i));
        }
    }
}
