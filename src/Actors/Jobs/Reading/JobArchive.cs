using System.Collections.Immutable;
using System.Data.Common;
using Akka.Configuration;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;

namespace Etl.Actors.Jobs.Reading;

/// <summary>Which journal.</summary>
/// <param name="ConfigFiles">HOCON files, later ones win.</param>
/// <param name="Settings">HOCON settings; they win over files.</param>
/// <param name="Postgres">Connection string for PostgreSQL that the environment holds, or null; the configuration's wins over it.</param>
public sealed record JournalRequest(
    string StateDirectory, ImmutableArray<string> ConfigFiles, ImmutableArray<KeyValuePair<string, string>> Settings, string? Postgres = null);

/// <summary>The jobs of a journal.</summary>
/// <param name="Jobs">Newest first.</param>
/// <param name="Holder">The process that is at work in the state directory, as far as can be told; null when there is none.</param>
public sealed record JobList(ImmutableArray<JobRecord> Jobs, string? Holder);

/// <summary>What the journal knows, read from outside: no actor system, no lock, nothing written, whoever else is at work.</summary>
public static class JobArchive
{
    private const int MaxReadings = 5;

    /// <summary>All jobs.</summary>
    /// <exception cref="RunException">2: the configuration is wrong. 74: the journal cannot be read.</exception>
    public static JobList Jobs(JournalRequest request) =>
        Read(request, (reader, database) => new JobList(JobsOf(reader), StateDirectory.HolderNow(request.StateDirectory) ?? database.Holder()), new([], null));

    /// <summary>The events of a job in words, oldest first.</summary>
    /// <inheritdoc cref="Jobs" />
    public static ImmutableArray<ChronicleLine> Events(JournalRequest request, JobId job) =>
        Read(request, (reader, _) => ImmutableArray.CreateRange(EventsOf(reader, job).SelectMany(JobChronicle.Of)), []);

    /// <summary>
    /// The unfinished job of the same inputs and options as <paramref name="fresh"/>, as it was before the inputs changed; null when there
    /// is none, or when <paramref name="fresh"/> is itself unfinished. <paramref name="postgres"/> is what the environment holds. For whoever is about to open a job: a journal that cannot be read
    /// is that one's to tell.
    /// </summary>
    public static (JobRecord Job, string ShortId)? Changed(Config config, string? postgres, JobSpec fresh)
    {
        try
        {
            return ReadOnce<(JobRecord, string)?>(JournalDatabase.Of(config, postgres), reader =>
            {
                JobRecord[] open = [.. JobLedger.Of(CatalogOf(reader)).Reverse().Where(entry => entry.IsOpen).Select(entry => RecordOf(reader, entry))];
                return InputChange.Find(open, fresh) is { } found ? (found, JobSelection.Short(found.Job, open)) : null;
            }, null);
        }
        catch (Exception unreadable) when (unreadable is DbException or RunException or InvalidCastException)
        {
            return null;
        }
    }

    /// <summary>The unfinished job of an input key, which a start would go on with; null when there is none.</summary>
    /// <inheritdoc cref="Jobs" />
    public static JobId? OpenJob(JournalRequest request, string inputKey) => Read<JobId?>(
        request, (reader, _) => CatalogOf(reader).Aggregate(Catalog.Initial, Catalog.Evolve).Open.GetValueOrDefault(inputKey), null);

    internal static ImmutableArray<JobRecord> JobsOf(IJournalReader reader) =>
        [.. JobLedger.Of(CatalogOf(reader)).Reverse().Select(entry => RecordOf(reader, entry))];

    private static JobRecord RecordOf(IJournalReader reader, LedgerEntry entry) =>
        JobRecord.Of(entry, Job.Fold(Job.Initial, EventsOf(reader, entry.Job).Select(e => e.Event)));

    internal static IEnumerable<CatalogEvent> CatalogOf(IJournalReader reader) => reader.Read("catalog").Select(e => (CatalogEvent)e.Event);

    private static IEnumerable<WrittenEvent> EventsOf(IJournalReader reader, JobId job) =>
        reader.Read($"job-{job}").Select(e => new WrittenEvent(e.Sequence, e.Written, (JobEvent)e.Event));

    private static T Read<T>(JournalRequest request, Func<IJournalReader, JournalDatabase, T> read, T nothing)
    {
        var database = Of(request);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var version = database.Version();
                var found = ReadOnce(database, reader => read(reader, database), nothing);
                if (version == database.Version() || attempt == MaxReadings) return found;
            }
        }
        catch (Exception cause) when (cause is DbException or InvalidCastException or UnauthorizedAccessException)
        {
            throw new RunException(74,
                $"the journal {database.Description} cannot be read: {cause.Message}; {(database.File is null ? "start the server, or correct the connection string" : "name another directory with --state or --out, or look whether it is damaged")}", cause);
        }
    }

    private static T ReadOnce<T>(JournalDatabase database, Func<IJournalReader, T> read, T nothing)
    {
        using var connection = database.Reader();
        if (connection is null) return nothing;
        connection.Open();
        var reader = new SqlJournalReader(connection);
        return reader.HasJournal() ? read(reader) : nothing;
    }

    internal static JournalDatabase Of(JournalRequest request)
    {
        try
        {
            return JournalDatabase.Of(EtlConfig.Compose(
                request.ConfigFiles, request.Settings, SqliteJournal.ConnectionString(StateDirectory.JournalOf(request.StateDirectory))), request.Postgres);
        }
        catch (ConfigurationException wrong)
        {
            throw new RunException(2, wrong.Message, wrong);
        }
    }
}
