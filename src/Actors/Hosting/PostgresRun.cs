using Akka.Configuration;
using Etl.Actors.Load.Sinks;

namespace Etl.Actors.Hosting;

/// <summary>What a run has to do with PostgreSQL, when its journal or a sink is there: the lease, and what follows from it.</summary>
internal sealed class PostgresRun : IAsyncDisposable
{
    private readonly PostgresLease lease;
    private readonly bool hasJournal;

    private PostgresRun(PostgresLease lease, bool hasJournal) => (this.lease, this.hasJournal) = (lease, hasJournal);

    /// <summary>Ends when another process has taken over, with what is to be said about it.</summary>
    public Task<string> Lost => lease.Lost;

    /// <summary>Bytes of the journal; null when it is not there.</summary>
    public long? JournalSize
    {
        get
        {
            try
            {
                return hasJournal ? PostgresJournal.Size(lease.Place) : null;
            }
            catch (Npgsql.NpgsqlException)
            {
                // Whether it is worth trimming is not worth failing for.
                return 0;
            }
        }
    }

    /// <summary>Takes the lease, once the input is known to be readable; null when the run has nothing to do with PostgreSQL.</summary>
    /// <exception cref="RunException">75, 74 or 2; see <see cref="PostgresLease.Take"/>.</exception>
    public static async Task<PostgresRun?> OpenAsync(IEnumerable<string> sinks, string? connection, Config config, Task admitted)
    {
        var hasJournal = PostgresSettings.HasJournal(config);
        if (!hasJournal && !sinks.Contains(SinkCatalog.Postgres)) return null;
        var settings = PostgresSettings.From(config, connection);
        await admitted.ConfigureAwait(false);
        PhaseClock.Mark("input admitted");
        var run = await Task.Run(() => new PostgresRun(PostgresLease.Take(settings), hasJournal)).ConfigureAwait(false);
        PhaseClock.Mark("lease taken");
        return run;
    }

    /// <summary>The configuration with the journal's connection.</summary>
    public Config Over(Config config) =>
        hasJournal ? EtlConfig.WithJournal(config, lease.Place.ConnectionString, lease.Place.Schema) : config;

    /// <summary>The settings with what the loaders need.</summary>
    public EtlSettings Over(EtlSettings settings) => settings with { Load = settings.Load with { Place = lease.Place, Lease = lease } };

    /// <summary>Says it when the lease, and not what the exit code tells, is the cause of an end.</summary>
    /// <exception cref="SinkException">Another process has taken over.</exception>
    public void Check(int exitCode)
    {
        if (exitCode is not (SinkException.DiskExitCode or 1)) return;
        try
        {
            lease.Check();
        }
        catch (SinkException away) when (away.ExitCode == SinkException.DiskExitCode)
        {
            // The server cannot be asked: the end has told so already.
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => lease.DisposeAsync();
}
