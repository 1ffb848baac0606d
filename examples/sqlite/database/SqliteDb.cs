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
    public ValueTask<Result<long, DbError>> Execute(Statement statement, CancellationToken cancelled) =>
        Run(statement, async command => (long)await command.ExecuteNonQueryAsync(cancelled), cancelled);

    /// <inheritdoc/>
    public ValueTask<Result<SigilList<SigilList<Cell>>, DbError>> Query(Statement statement, CancellationToken cancelled) =>
        Run(statement, async command =>
        {
            var rows = new List<SigilList<Cell>>();
            await using var reader = await command.ExecuteReaderAsync(cancelled);
            while (await reader.ReadAsync(cancelled))
            {
                var cells = new Cell[reader.FieldCount];
                for (var i = 0; i < cells.Length; i++)
                    cells[i] = reader.IsDBNull(i) ? new Cell.Null() : reader.GetFieldType(i) == typeof(long) ? new Cell.Whole(reader.GetInt64(i)) : new Cell.Text(reader.GetString(i));
                rows.Add(SigilList<Cell>.Of(cells));
            }

            return SigilList<SigilList<Cell>>.Of([.. rows]);
        }, cancelled);

    private static object Parameter(Cell cell) => cell switch
    {
        Cell.Whole(var number) => number,
        Cell.Text(var text) => text,
        _ => DBNull.Value,
    };

    private async ValueTask<Result<T, DbError>> Run<T>(Statement statement, Func<SqliteCommand, Task<T>> work, CancellationToken cancelled)
    {
        await turn.WaitAsync(cancelled);
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = statement.Sql;
            foreach (var argument in statement.Arguments.Span)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "$" + (command.Parameters.Count + 1);
                parameter.Value = Parameter(argument);
                command.Parameters.Add(parameter);
            }

            return Result<T, DbError>.Ok(await work(command));
        }
        catch (SqliteException problem)
        {
            // 19 is SQLITE_CONSTRAINT.
            return Result<T, DbError>.Err(problem.SqliteErrorCode == 19 ? new DbError.Constraint(problem.Message) : new DbError.Other(problem.SqliteErrorCode, problem.Message));
        }
        finally
        {
            turn.Release();
        }
    }
}
