using Microsoft.Data.Sqlite;
using Sigil.Runtime.Values;

namespace ReadingList;

/// <summary>The capability Db over SQLite: one database in memory, used by one statement at a time.</summary>
public sealed class SqliteDb : IDb
{
    private readonly SqliteConnection connection = new("Data Source=:memory:");
    private readonly SemaphoreSlim turn = new(1, 1);

    /// <summary>Opens the database.</summary>
    public SqliteDb() => connection.Open();

    /// <inheritdoc/>
    public ValueTask<Result<long, string>> Execute(string sql, SigilList<string> arguments, CancellationToken cancelled) =>
        Run(sql, arguments, async command => (long)await command.ExecuteNonQueryAsync(cancelled), cancelled);

    /// <inheritdoc/>
    public ValueTask<Result<SigilList<SigilList<Option<string>>>, string>> Query(string sql, SigilList<string> arguments, CancellationToken cancelled) =>
        Run(sql, arguments, async command =>
        {
            var rows = new List<SigilList<Option<string>>>();
            await using var reader = await command.ExecuteReaderAsync(cancelled);
            while (await reader.ReadAsync(cancelled))
            {
                var cells = new Option<string>[reader.FieldCount];
                for (var i = 0; i < cells.Length; i++) cells[i] = reader.IsDBNull(i) ? Option<string>.None : Option<string>.Some(reader.GetString(i));
                rows.Add(SigilList<Option<string>>.Of(cells));
            }

            return SigilList<SigilList<Option<string>>>.Of([.. rows]);
        }, cancelled);

    private async ValueTask<Result<T, string>> Run<T>(string sql, SigilList<string> arguments, Func<SqliteCommand, Task<T>> work, CancellationToken cancelled)
    {
        await turn.WaitAsync(cancelled);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var argument in arguments.Span)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "$" + (command.Parameters.Count + 1);
                parameter.Value = argument;
                command.Parameters.Add(parameter);
            }

            return Result<T, string>.Ok(await work(command));
        }
        catch (SqliteException problem)
        {
            return Result<T, string>.Err(problem.Message);
        }
        finally
        {
            turn.Release();
        }
    }
}
