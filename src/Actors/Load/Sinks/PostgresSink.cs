using System.Collections.Concurrent;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Npgsql;

namespace Etl.Actors.Load.Sinks;

/// <summary>
/// The result as tables of a schema on PostgreSQL, replaced in one transaction after SQL itself has confirmed it, by whoever holds the lease
/// at the moment of the commit.
/// </summary>
public sealed class PostgresSink(PostgresPlace place) : ISink
{
    // Jobs of a host load into the same tables side by side: neither would see what the other deletes and writes, and both would remain. Other
    // processes are kept out by the lease.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public string Name => "postgres";

    /// <inheritdoc />
    public string Target(SinkInput input) => place.Name;

    /// <inheritdoc />
    public bool Holds(SinkInput input, LoadedPlace loaded) => Guarded(() =>
    {
        using var connection = place.Open();
        using var command = new NpgsqlCommand($"SELECT 1 FROM {place.Identifier}.lease WHERE answer = @0", connection);
        command.Parameters.AddWithValue("@0", loaded.Answer);
        return command.ExecuteScalar() is not null;
    });

    /// <inheritdoc />
    public async Task<SinkResult> LoadAsync(SinkInput input, CancellationToken cancellation)
    {
        var turn = Turns.GetOrAdd(place.Name, static _ => new(1));
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Guarded(() => new SinkResult([], Replace(input, cancellation))), cancellation).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    private string Replace(SinkInput input, CancellationToken cancellation)
    {
        // At once, before any work: a process that has lost its lease has no business here.
        input.CheckLease();
        using var connection = place.Open();
        using var transaction = connection.BeginTransaction();
        // Readers are not kept waiting and keep nobody waiting, but for whoever holds a lock of his own on the tables.
        Execute(connection, $"SET LOCAL search_path TO {place.Identifier}; SET LOCAL lock_timeout = '10s'");
        foreach (var table in SqliteSchema.Tables) Execute(connection, PostgresSchema.CreateSql(table));
        foreach (var table in SqliteSchema.Tables) RefuseForeign(connection, table);
        // Rows are deleted, tables are not dropped: an index or a view that somebody added stays.
        foreach (var table in SqliteSchema.Tables.Where(t => t != SqliteSchema.Runs)) Execute(connection, $"""DELETE FROM "{table.Name}" """);
        Copy(connection, SqliteSchema.Countries, input.Report.Countries.Select(Row));
        Copy(connection, SqliteSchema.Regions, input.Report.Regions.Select(Row));
        Copy(connection, SqliteSchema.Quarantine, QuarantineEntry.Of(input.Report).Select(SqliteRows.Row));
        Upsert(connection, SqliteRows.Row(input.Report, input.Facts));
        Execute(connection, PostgresSchema.CreateTopView(input.Report.Spec.Options.Top, input.Report.Spec.Options.Year is YearRule.All));
        var crossCheck = SqlCrossCheck.Run(connection, transaction, input.Report, place.Name);
        cancellation.ThrowIfCancellationRequested();
        // Last, and locked until the commit: who would take over waits for it, or has done so already.
        if (!IsHolder(connection, input.Answer)) throw PostgresErrors.Lost(place, null);
        transaction.Commit();
        return crossCheck;
    }

    private bool IsHolder(NpgsqlConnection connection, string answer)
    {
        using var command = new NpgsqlCommand($"UPDATE {place.Identifier}.lease SET answer = @0 WHERE epoch = @1", connection);
        command.Parameters.AddWithValue("@0", answer);
        command.Parameters.AddWithValue("@1", place.Epoch);
        return command.ExecuteNonQuery() == 1;
    }

    // What is not ours is neither overwritten nor mixed with ours.
    private void RefuseForeign(NpgsqlConnection connection, SqliteTable table)
    {
        using var command = new NpgsqlCommand(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = @0 AND table_name = @1 ORDER BY ordinal_position", connection);
        command.Parameters.AddWithValue("@0", place.Schema);
        command.Parameters.AddWithValue("@1", table.Name);
        using var reader = command.ExecuteReader();
        var there = new List<string>();
        while (reader.Read()) there.Add(reader.GetString(0));
        if (there.SequenceEqual(table.Columns.Select(c => c.Name), StringComparer.Ordinal)) return;
        throw SinkException.Refused(
            $"{place} has a table {table.Name} that is not ours (its columns: {string.Join(", ", there)}), and it is not overwritten. Rename it, or choose another schema with etl.postgres.schema.");
    }

    private static object?[] Row(CountryRow row) =>
    [
        row.Country, row.Code.ToString(), row.Region, row.Year, row.Gdp.ToRoundedBillionText(), row.Gdp.ToMillionText(), row.Gdp.ToMillionText(),
        row.Rank,
    ];

    private static object?[] Row(RegionRow row) =>
    [
        row.Region, row.Group, row.YearFrom, row.YearTo, row.Top, row.Average, row.SumExact,
        JsonText.Compact(json => JsonSink.Members(json, row.Members)),
    ];

    private static void Copy(NpgsqlConnection connection, SqliteTable table, IEnumerable<object?[]> rows)
    {
        using var copy = connection.BeginTextImport(PostgresSchema.CopySql(table));
        foreach (var row in rows) copy.Write(PostgresText.Line(row));
    }

    private static void Upsert(NpgsqlConnection connection, object?[] row)
    {
        using var command = new NpgsqlCommand(SqliteSchema.Runs.UpsertSql, connection);
        for (var i = 0; i < row.Length; i++) command.Parameters.AddWithValue($"@{i}", row[i] ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static void Execute(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (NpgsqlException failure)
        {
            throw PostgresErrors.Of(place, failure);
        }
        catch (Exception cut) when (cut is IOException and not SinkException or TimeoutException)
        {
            throw PostgresErrors.Of(place, new NpgsqlException(cut.Message, cut));
        }
    }
}
