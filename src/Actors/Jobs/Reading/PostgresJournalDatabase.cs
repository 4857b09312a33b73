using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Npgsql;

namespace Etl.Actors.Jobs.Reading;

/// <summary>A journal on PostgreSQL, for those who read it without an actor system.</summary>
internal static class PostgresJournalDatabase
{
    /// <summary>The journal of a schema.</summary>
    /// <exception cref="RunException">2: the connection string cannot be read.</exception>
    public static JournalDatabase Of(PostgresSettings settings)
    {
        var place = PostgresLease.PlaceOf(settings, 0);
        return new(
            $"on PostgreSQL at {place}",
            () => new NpgsqlConnection(ReadOnly(place)),
            // Each question is answered from one moment of the server's.
            static () => 0,
            () =>
            {
                var lease = PostgresLease.Take(settings);
                return new(new NpgsqlConnection(WithSchema(lease.Place).ConnectionString), lease);
            },
            () => PostgresLease.HolderNow(place),
            null);
    }

    private static string ReadOnly(PostgresPlace place)
    {
        var parts = WithSchema(place);
        parts.Options = $"{parts.Options} -c default_transaction_read_only=on".TrimStart();
        return parts.ConnectionString;
    }

    private static NpgsqlConnectionStringBuilder WithSchema(PostgresPlace place) =>
        new(place.ConnectionString) { SearchPath = place.Schema, Pooling = false, Timeout = 5 };
}
