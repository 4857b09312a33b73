using System.Globalization;
using Etl.Actors.Load.Sinks;
using Npgsql;

namespace Etl.Actors.Hosting;

/// <summary>
/// The right to work on a schema: a row with holder, epoch and expiry. Taken at the start, renewed while the process lives, given back at its
/// end. Who takes over raises the epoch, and from then on whatever carries the older one is refused by the server itself.
/// </summary>
internal sealed class PostgresLease : IRunLease, IAsyncDisposable
{
    private const int InUse = 75;

    // A process that was killed a moment ago: the server notices that its connections are gone as soon as it turns to them.
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan length;
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task renewing;
    private NpgsqlConnection? session;

    private PostgresLease(PostgresPlace place, NpgsqlConnection session, TimeSpan length)
    {
        (Place, this.session, this.length) = (place, session, length);
        renewing = Task.Run(RenewAsync);
    }

    /// <summary>The schema, for this holder.</summary>
    public PostgresPlace Place { get; }

    /// <summary>Ends when another process has taken over, with what is to be said about it.</summary>
    public Task<string> Lost => lost.Task;

    /// <summary>Connects, makes what the schema must have, and takes the lease.</summary>
    /// <exception cref="RunException">75: another process holds it, which is named. 74: the server is not reached. 2: it refuses the user.</exception>
    public static PostgresLease Take(PostgresSettings settings)
    {
        var place = PlaceOf(settings, 0);
        // Not of the pool: its life is the sign of this process's.
        var session = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(place.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            session.Open();
            PostgresJournal.Prepare(session, settings.Schema);
            var patience = System.Diagnostics.Stopwatch.StartNew();
            while (true)
            {
                var (holder, epoch, seconds, isConnected) = Read(session, settings.Schema);
                if ((seconds <= 0 || !isConnected) && Claim(session, settings, epoch) is { } mine)
                    return new(PlaceOf(settings, mine), session, settings.Lease);
                if (patience.Elapsed > Dying) throw new RunException(InUse, string.Create(CultureInfo.InvariantCulture,
                    $"PostgreSQL at {place} is in use by {holder}; wait for it, or name another schema with --set etl.postgres.schema=NAME. If it is paused or cut off, its lease ends in {Math.Ceiling(Math.Max(0, seconds))} s"));
                Thread.Sleep(Poll);
            }
        }
        catch (NpgsqlException failure)
        {
            session.Dispose();
            throw new RunException(
                failure is PostgresException refused && PostgresErrors.IsConfiguration(refused) ? 2 : SinkException.DiskExitCode,
                PostgresErrors.Of(place, failure).Message, failure);
        }
        catch (RunException)
        {
            session.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Check()
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                using var connection = Place.Open();
                var (holder, epoch, _, _) = Read(connection, Place.Schema);
                if (epoch == Place.Epoch) return;
                lost.TrySetResult(PostgresErrors.Lost(Place, holder).Message);
                throw PostgresErrors.Lost(Place, holder);
            }
            catch (NpgsqlException cut) when (isFirst && cut.IsTransient)
            {
                // Whoever takes over cuts this process's connections: the pool has to notice before it makes a new one.
                using var any = new NpgsqlConnection(Place.ConnectionString);
                NpgsqlConnection.ClearPool(any);
            }
            catch (NpgsqlException failure)
            {
                throw PostgresErrors.Of(Place, failure);
            }
        }
    }

    /// <summary>Gives it back: the next process need not wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await renewing.ConfigureAwait(false);
        try
        {
            if (session is not null) await UpdateAsync(session, "expires_at = '-infinity'", CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException)
        {
            // The server sees the connection close, which says the same.
        }

        if (session is not null) await session.DisposeAsync().ConfigureAwait(false);
        stopping.Dispose();
    }

    /// <summary>The process that holds the lease of a schema now; null when none does, or the server cannot be asked.</summary>
    public static string? HolderNow(PostgresPlace place)
    {
        try
        {
            using var connection = place.Open();
            var (holder, _, seconds, isConnected) = Read(connection, place.Schema);
            return seconds > 0 && isConnected ? holder : null;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>The place that settings name.</summary>
    /// <exception cref="RunException">2: the connection string cannot be read.</exception>
    internal static PostgresPlace PlaceOf(PostgresSettings settings, long epoch)
    {
        try
        {
            return new(settings.ConnectionString, settings.Schema, epoch);
        }
        catch (ArgumentException malformed)
        {
            // Its message may quote what was given, and with it the password.
            throw new RunException(2,
                "the connection string for PostgreSQL cannot be read; it is \"Host=...;Port=5432;Database=...;Username=...;Password=...\" "
                + "(etl.postgres.connection-string, its file, or ETL_POSTGRES)", malformed);
        }
    }

    private static (string Holder, long Epoch, double Seconds, bool IsConnected) Read(NpgsqlConnection connection, string schema)
    {
        using var command = new NpgsqlCommand($"""
            SELECT holder, epoch, greatest(-1, extract(epoch FROM expires_at - clock_timestamp()))::double precision,
                   EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'etl {schema} ' || epoch)
            FROM (SELECT holder, epoch, greatest(expires_at, clock_timestamp() - interval '1 s') AS expires_at FROM {PostgresPlace.Quoted(schema)}.lease) AS held
            """, connection);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2), reader.GetBoolean(3)) : ("", 0, -1, false);
    }

    // Null when another process was faster. What is left of the one before is cut off first: a transaction in which it was paused would keep
    // everybody waiting.
    private static long? Claim(NpgsqlConnection connection, PostgresSettings settings, long epoch)
    {
        var schema = settings.Schema;
        using (var cut = new NpgsqlCommand($"""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND application_name = 'etl {schema} {epoch}' AND {epoch} > 0
            """, connection))
            cut.ExecuteNonQuery();
        // Called by its name before anybody can read that it holds the lease, or it would pass for dead.
        using var command = new NpgsqlCommand($"""
            BEGIN;
            SET LOCAL lock_timeout = '10s';
            SET application_name = '{PostgresPlace.ApplicationName(schema, epoch + 1)}';
            UPDATE {PostgresPlace.Quoted(schema)}.lease SET holder = @0, epoch = epoch + 1, expires_at = clock_timestamp() + @1 WHERE epoch = {epoch} RETURNING epoch;
            COMMIT
            """, connection);
        command.Parameters.AddWithValue("@0", string.Create(CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z"));
        command.Parameters.AddWithValue("@1", settings.Lease);
        if (command.ExecuteScalar() is long taken) return taken;
        using var back = new NpgsqlCommand($"SET application_name = '{PostgresPlace.ApplicationName(schema, 0)}'", connection);
        back.ExecuteNonQuery();
        return null;
    }

    private async Task RenewAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(session is null ? Reconnect : length / 3, stopping.Token).ConfigureAwait(false);
                try
                {
                    session ??= await ReconnectAsync().ConfigureAwait(false);
                    if (await UpdateAsync(session, "expires_at = clock_timestamp() + @length", stopping.Token).ConfigureAwait(false)) continue;
                    Check();
                    return;
                }
                catch (SinkException notNow) when (notNow.ExitCode == InUse)
                {
                    return;
                }
                catch (Exception cut) when (cut is NpgsqlException or SinkException or IOException)
                {
                    // The server is away, or has cut the connection. Nobody takes over on a server that is away, and if somebody does afterwards, the
                    // epoch tells.
                    if (session is not null) await session.DisposeAsync().ConfigureAwait(false);
                    session = null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private async Task<NpgsqlConnection> ReconnectAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Place.ConnectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(stopping.Token).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<bool> UpdateAsync(NpgsqlConnection connection, string change, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"UPDATE {Place.Identifier}.lease SET {change} WHERE epoch = {Place.Epoch}", connection);
        if (change.Contains("@length", StringComparison.Ordinal)) command.Parameters.AddWithValue("@length", length);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }
}
