using System.Data.Common;
using System.Runtime.CompilerServices;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace Etl.Actors.Hosting;

/// <summary>
/// What each of the journal plug-in's connections must be told, for which there is neither a HOCON key nor a word of the connection string.
/// </summary>
/// <remarks>
/// The size at which a commit empties the write-ahead log belongs to the connection that commits: at SQLite's default of 1,000 pages the
/// log alone is 4 MB. And without a time-out of SQLite's own, Microsoft.Data.Sqlite sleeps 150 ms whenever a deletion and a write meet.
/// </remarks>
internal sealed class SqliteConnections : ConnectionInterceptor
{
    private const string Pragmas = "pragma wal_autocheckpoint=128; pragma busy_timeout=5000;";

    // Connections are pooled: what is below one is told once.
    private readonly ConditionalWeakTable<object, object> told = [];

    /// <summary>What makes the plug-in use it; null when the journal is none of SQLite's.</summary>
    public static Setup? SetupFor(Config config) =>
        SqliteJournal.IsUsed(config)
            ? new DataOptionsSetup(new DataOptions()
                .UseConnectionString(config.GetString(SqliteJournal.ProviderKey), config.GetString(SqliteJournal.ConnectionKey))
                .UseInterceptor(new SqliteConnections()))
            : null;

    /// <inheritdoc />
    public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) => Tell(connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        Tell(connection);
        return Task.CompletedTask;
    }

    private void Tell(DbConnection connection)
    {
        if (connection is not SqliteConnection { Handle: { } handle } || !told.TryAdd(handle, handle)) return;
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }
}
