// Written by `sigil build` from the trait Db: changes are lost.
#nullable enable
using System.Threading;
using System.Threading.Tasks;
using Sigil.Runtime.Values;

namespace ReadingList;

/// <summary>The capability Db of the Sigil program reading_list.</summary>
public interface IDb
{
    /// <summary><c>@execute</c></summary>
    ValueTask<Result<long, string>> Execute(string sql, SigilList<string> arguments, CancellationToken cancelled);

    /// <summary><c>@query</c></summary>
    ValueTask<Result<SigilList<SigilList<Option<string>>>, string>> Query(string sql, SigilList<string> arguments, CancellationToken cancelled);
}
