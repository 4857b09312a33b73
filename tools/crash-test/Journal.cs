using Microsoft.Data.Sqlite;

namespace Etl.CrashTest;

/// <summary>What a run's journal shows to somebody who only looks: how far the run is.</summary>
internal sealed class Journal(string file) : IDisposable
{
    private SqliteConnection? connection;

    /// <summary>Number of the last event of any actor; 0 when there is none. Events are numbered on when older ones are deleted.</summary>
    public long Last => Number("select max(ordering) from journal");

    /// <summary>Number of the last event of a region; what is new there is work that is durable.</summary>
    public long LastOfRegions => Number("select max(ordering) from journal where persistence_id like 'region-%'");

    /// <inheritdoc />
    public void Dispose() => connection?.Dispose();

    private long Number(string sql)
    {
        if (!File.Exists(file)) return 0;
        try
        {
            if (connection is null)
            {
                var opened = new SqliteConnection(new SqliteConnectionStringBuilder
                {
                    DataSource = file,
                    Mode = SqliteOpenMode.ReadOnly,
                    Pooling = false,
                }.ToString());
                opened.Open();
                connection = opened;
            }

            using var command = connection.CreateCommand();
            command.CommandText = sql;
            return command.ExecuteScalar() is long number ? number : 0;
        }
        catch (SqliteException)
        {
            // Being made at this moment: without a table, or in the middle of a change of mode.
            return 0;
        }
    }
}
