using Akka.Actor.Setup;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Hosting;

/// <summary>Prepares the journal's file before an actor system opens it: what has no HOCON key.</summary>
public static class SqliteJournal
{
    /// <summary>HOCON key of the plug-in's connection string.</summary>
    public const string ConnectionKey = "akka.persistence.journal.sql.connection-string";

    /// <summary>HOCON key of the plug-in's database.</summary>
    public const string ProviderKey = "akka.persistence.journal.sql.provider-name";

    /// <summary>HOCON key of the journal's plug-in.</summary>
    public const string PluginKey = "akka.persistence.journal.plugin";

    private static readonly TimeSpan ShrinkLimit = TimeSpan.FromSeconds(2);

    /// <summary>True when the journal is in a file of SQLite's, and not, say, in memory to see what durability costs.</summary>
    public static bool IsUsed(Config config) =>
        config.GetString(PluginKey) == "akka.persistence.journal.sql"
        && config.GetString(ProviderKey).StartsWith("SQLite", StringComparison.OrdinalIgnoreCase);

    /// <summary>What an actor system must be started with to journal here; null when it journals elsewhere.</summary>
    public static Setup? SetupFor(Config config) => SqliteConnections.SetupFor(config);

    /// <summary>Connection string of the journal. The busy time-out is shorter than the circuit breaker's, so that its outcome is known.</summary>
    public static string ConnectionString(string file) => new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 5 }.ToString();

    /// <summary>
    /// Makes the file with a write-ahead log and incremental vacuum, or checks the one that is there, and changes nothing of it when it cannot be
    /// used. Synchronous stays FULL: an acknowledged write survives a power cut.
    /// </summary>
    /// <exception cref="RunException">74: the file cannot be opened, is damaged, of a newer version, or no journal.</exception>
    public static void Prepare(string file) => SqliteJournalFile.Prepare(file);

    /// <summary>Bytes of the journal's file and its write-ahead log; 0 when there is none.</summary>
    public static long Size(string file) => SizeOf(file) + SizeOf(file + "-wal");

    /// <summary>
    /// Gives back what deleted events took, once nobody writes any more: free pages, and the write-ahead log. For a limited time, and not at
    /// all when the file is no larger than <paramref name="smallEnough"/>; a failure is of no consequence.
    /// </summary>
    public static void Shrink(string file, long smallEnough)
    {
        try
        {
            if (Size(file) <= smallEnough) return;
            using var connection = new SqliteConnection(ConnectionString(file));
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "pragma wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
            // In steps, because one that takes them all cannot be interrupted.
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            while (FreePages(command) > 0 && System.Diagnostics.Stopwatch.GetElapsedTime(began) < ShrinkLimit)
            {
                command.CommandText = "pragma incremental_vacuum(2000);";
                command.ExecuteNonQuery();
            }

            command.CommandText = "pragma wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The next run finds a larger file than need be, and tries again.
        }
        catch (IOException)
        {
            // Likewise.
        }
    }

    private static long FreePages(SqliteCommand command)
    {
        command.CommandText = "pragma freelist_count;";
        return (long)command.ExecuteScalar()!;
    }

    private static long SizeOf(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
