using System.Data.Common;
using Akka.Configuration;
using Etl.Actors.Hosting;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Jobs.Reading;

/// <summary>Where the journal is, for those who read it without an actor system, and how it is opened.</summary>
/// <param name="Description">For messages: a file, or a database without its password.</param>
/// <param name="Reader">A connection that writes nothing and takes no lock; null when there is no journal yet.</param>
/// <param name="Version">Changes when what <paramref name="Reader"/> gave may have been changed under it; asked before and after.</param>
/// <param name="Writer">A connection for whoever may write; closing it gives up what that took.</param>
/// <param name="Holder">The process that is at work on it, as far as the journal itself can tell.</param>
/// <param name="File">The file that the journal is; null when it is on a server.</param>
public sealed record JournalDatabase(
    string Description, Func<DbConnection?> Reader, Func<long> Version, Func<JournalWriter> Writer, Func<string?> Holder, string? File)
{
    /// <summary>The journal that a configuration names.</summary>
    /// <param name="postgres">Connection string that the environment holds, or null.</param>
    /// <exception cref="RunException">2: it is of a kind that only an actor system reads.</exception>
    public static JournalDatabase Of(Config config, string? postgres)
    {
        if (PostgresSettings.HasJournal(config)) return PostgresJournalDatabase.Of(PostgresSettings.From(config, postgres));
        if (!SqliteJournal.IsUsed(config))
            throw new RunException(2, $"the journal is {config.GetString(SqliteJournal.PluginKey)} ({config.GetString(SqliteJournal.ProviderKey, "no provider")}), and of those only SQLite's and PostgreSQL's can be read here");
        var given = new SqliteConnectionStringBuilder(config.GetString(SqliteJournal.ConnectionKey)) { Pooling = false };
        var file = Path.GetFullPath(given.DataSource);
        return new(
            file,
            () => System.IO.File.Exists(file) ? ReadOnly(file) : null,
            () => HasLog(file) ? 0 : System.IO.File.GetLastWriteTimeUtc(file).Ticks,
            () => new(new SqliteConnection(new SqliteConnectionStringBuilder(given.ToString()) { DataSource = file, Mode = SqliteOpenMode.ReadWrite }.ToString())),
            static () => null,
            file);
    }

    private static bool HasLog(string file) => System.IO.File.Exists(file + "-wal");

    // Without a write-ahead log nobody has the file open, and all there is stands in it: it is read as it is, because even a reader would
    // make a log of its own and leave it behind. With one, a reader sees what was committed when it began, whoever writes meanwhile.
    private static SqliteConnection ReadOnly(string file)
    {
        var builder = new SqliteConnectionStringBuilder { Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 };
        builder.DataSource = HasLog(file) ? file : $"file:{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1";
        return new(builder.ToString());
    }
}

/// <summary>A connection to write a journal with.</summary>
/// <param name="Right">What gives the right to write, given back with the connection; null when the state directory's lock is enough.</param>
public sealed record JournalWriter(DbConnection Connection, IAsyncDisposable? Right = null) : IDisposable
{
    /// <inheritdoc />
    public void Dispose()
    {
        Connection.Dispose();
        Right?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
