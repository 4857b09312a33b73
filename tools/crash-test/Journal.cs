using System.Data.Common;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Etl.CrashTest;

/// <summary>What a run's journal shows to somebody who only looks: how far the run is.</summary>
internal sealed class Journal(Workspace workspace) : IDisposable
{
    private readonly string file = workspace.In("out", ".etl", "journal.db");
    private DbConnection? connection;

    /// <summary>Number of the last event of any actor; 0 when there is none. Events are numbered on when older ones are deleted.</summary>
    public long Last => Number($"select max(ordering) from {Table}");

    /// <summary>Number of the last event of a region; what is new there is work that is durable.</summary>
    public long LastOfRegions => Number($"select max(ordering) from {Table} where persistence_id like 'region-%'");

    private string Table => workspace.Postgres is null ? "journal" : "etl.journal";

    /// <inheritdoc />
    public void Dispose() => connection?.Dispose();

    private long Number(string sql)
    {
        if (workspace.Postgres is null && !File.Exists(file)) return 0;
        try
        {
            if (connection is null)
            {
                var opened = Connection();
                opened.Open();
                connection = opened;
            }

            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar() is long number ? number : 0;
        }
        catch (DbException)
        {
            // Being made at this moment: without a table, or in the middle of a change of mode.
            return 0;
        }
    }

    private DbConnection Connection() => workspace.Postgres is { } place
        ? new NpgsqlConnection(place + ";Pooling=false")
        : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
}
