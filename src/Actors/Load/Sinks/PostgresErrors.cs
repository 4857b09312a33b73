using System.Net.Sockets;
using Npgsql;

namespace Etl.Actors.Load.Sinks;

/// <summary>Puts the server's and the driver's failures into words.</summary>
internal static class PostgresErrors
{
    /// <summary>What the trigger on the journal raises, and a load that has lost its lease.</summary>
    public const string LeaseLost = "ETL75";

    /// <summary>The failure of something at <paramref name="place"/>.</summary>
    public static SinkException Of(PostgresPlace place, NpgsqlException failure) => failure switch
    {
        PostgresException { SqlState: LeaseLost } => Lost(place, null),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => SinkException.Disk(
            $"PostgreSQL at {place} does not permit it: {denied.MessageText}. Grant the right, or have the schema made for this user: create schema {place.Identifier} authorization USER.",
            false, failure),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => SinkException.Disk(
            $"PostgreSQL at {place} has no space left. Free some and run again; what stood there before is unchanged.", true, failure),
        PostgresException known when IsConfiguration(known) => SinkException.Disk(
            $"PostgreSQL at {place} refuses the connection: {known.MessageText}. Correct the connection string (etl.postgres.connection-string, its file, or ETL_POSTGRES).",
            false, failure),
        PostgresException known => SinkException.Disk(
            $"PostgreSQL at {place} reports: {known.MessageText} ({known.SqlState}).{(known.Hint is { } hint ? " " + hint : "")}", IsPassing(known), failure),
        _ => SinkException.Disk(
            $"PostgreSQL at {place} is not reached: {Innermost(failure)}. Start it, or correct the connection string (etl.postgres.connection-string, its file, or ETL_POSTGRES); the next etl run resumes.",
            true, failure),
    };

    /// <summary>Another process works on the same results now.</summary>
    public static SinkException Lost(PostgresPlace place, string? holder) => SinkException.Refused(
        SinkException.InUseExitCode,
        $"another process{(holder is null ? "" : $" ({holder})")} has taken over at {place}, because this one did not answer for longer than "
        + "etl.postgres.lease; this one stops here, and the results are the other's");

    /// <summary>True when the connection string is at fault.</summary>
    public static bool IsConfiguration(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.InvalidCatalogName || failure.SqlState.StartsWith("28", StringComparison.Ordinal);

    // Connections that were cut, a server that starts or stops, two that waited for one another, resources that are short.
    private static bool IsPassing(PostgresException failure) =>
        failure.IsTransient || failure.SqlState[..2] is "08" or "40" or "53" or "55" or "57";

    private static string Innermost(Exception failure)
    {
        for (; failure.InnerException is { } inner; failure = inner)
            if (inner is SocketException) return inner.Message;
        return failure.Message.TrimEnd('.');
    }
}
