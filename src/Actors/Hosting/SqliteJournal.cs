using Microsoft.Data.Sqlite;

namespace Etl.Actors.Hosting;

/// <summary>Prepares the journal's file before an actor system opens it: what has no HOCON key.</summary>
public static class SqliteJournal
{
    /// <summary>Connection string of the journal. The busy time-out is shorter than the circuit breaker's, so that its outcome is known.</summary>
    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString();

    /// <summary>
    /// Turns on the write-ahead log (without it one write costs six fsyncs) and incremental vacuum, which must precede the first table.
    /// Synchronous stays FULL: an acknowledged write survives a power cut.
    /// </summary>
    /// <exception cref="RunException">74: the file cannot be opened or is no journal.</exception>
    public static void Prepare(string file)
    {
        try
        {
            using var connection = new SqliteConnection(ConnectionString(file));
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma auto_vacuum=incremental; pragma journal_mode=wal; pragma user_version;";
            command.ExecuteScalar();
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is 5 or 6)
        {
            throw new RunException(74,
                $"the journal {file} is locked by another program ({busy.Message}); close what has it open, or name another directory with --state",
                busy);
        }
        catch (SqliteException cause)
        {
            throw new RunException(74,
                $"the journal {file} cannot be opened: {cause.Message}; if it is damaged, move it away (its unfinished jobs start over), "
                + "or name another directory with --state", cause);
        }
    }
}
