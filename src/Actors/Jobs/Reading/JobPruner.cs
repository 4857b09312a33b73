using System.Collections.Immutable;
using System.Data.Common;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Actors.Jobs.Reading;

/// <summary>What a pruning took away.</summary>
/// <param name="Removed">Jobs, oldest first.</param>
/// <param name="Kept">Jobs that are over and still told of.</param>
/// <param name="Open">Unfinished jobs: they stay, whatever their number.</param>
/// <param name="Inputs">Stored inputs that no unfinished job needs.</param>
/// <param name="JournalBytes">Size of a journal in a file, 0 otherwise.</param>
public sealed record PruneOutcome(
    ImmutableArray<JobId> Removed, int Kept, int Open, int Inputs, long InputBytes, long JournalBytesBefore, long JournalBytes)
{
    /// <summary>There was nothing.</summary>
    public static PruneOutcome Nothing { get; } = new([], 0, 0, 0, 0, 0, 0);
}

/// <summary>
/// Takes the oldest jobs that are over out of the journal for good, and stored inputs that nobody needs out of the state directory. Holds the
/// directory as a run does, so that no actor system writes meanwhile. One transaction: a process that dies in it has removed nothing.
/// </summary>
public static class JobPruner
{
    /// <summary>Prunes, but for the newest <paramref name="keep"/> jobs that are over.</summary>
    /// <exception cref="RunException">75: the state directory is in use. 74: it or the journal cannot be written. 2: bad configuration.</exception>
    public static PruneOutcome Prune(JournalRequest request, int keep)
    {
        var database = JobArchive.Of(request);
        // A directory that is not there is not made.
        var isHere = Directory.Exists(request.StateDirectory);
        if (!isHere && database.File is not null) return PruneOutcome.Nothing;
        using var state = isHere ? StateDirectory.Open(request.StateDirectory) : null;
        try
        {
            var before = SizeOf(database);
            var (ledger, removed, open, needed) = PruneJournal(database, keep);
            if (database.File is { } file) SqliteJournal.Shrink(file, 0);
            var (inputs, bytes) = state?.RemoveInputs(NeededBy(needed)) ?? (0, 0);
            return new(removed, ledger.Count(e => !e.IsOpen) - removed.Length, open, inputs, bytes, before, SizeOf(database));
        }
        catch (Exception cause) when (cause is DbException or InvalidCastException)
        {
            throw new RunException(74, $"the journal {database.Description} cannot be pruned: {cause.Message}; nothing was removed from it", cause);
        }
    }

    private static long SizeOf(JournalDatabase database) => database.File is { } file ? SqliteJournal.Size(file) : 0;

    private static (ImmutableArray<LedgerEntry> Ledger, ImmutableArray<JobId> Removed, int Open, ImmutableArray<JobSpec> Needed) PruneJournal(
        JournalDatabase database, int keep)
    {
        using (var probe = database.Reader())
            if (probe is null) return ([], [], 0, []);
        using var writer = database.Writer();
        var connection = writer.Connection;
        connection.Open();
        var reader = new SqlJournalReader(connection);
        if (!reader.HasJournal()) return ([], [], 0, []);
        StoredEvent[] catalog = [.. reader.Read("catalog")];
        var ledger = JobLedger.Of(catalog.Select(e => (CatalogEvent)e.Event));
        var removed = JobLedger.Superfluous(ledger, keep);
        if (!removed.IsEmpty) Remove(connection, removed, catalog);
        // Of what waits in a host's queue, nothing but its inputs is there yet.
        var waiting = reader.Read("queue").Aggregate(JobQueue.Empty, (queue, e) => JobQueue.Evolve(queue, (QueueEvent)e.Event)).Entries
            .Where(e => e.Place != QueuePlace.Done).Select(e => e.Spec);
        JobRecord[] open = [.. JobArchive.JobsOf(reader).Where(job => job.Standing == JobStanding.Open)];
        return (ledger, removed, open.Length, [.. open.Select(job => job.Spec).OfType<JobSpec>(), .. waiting]);
    }

    private static void Remove(DbConnection connection, ImmutableArray<JobId> jobs, StoredEvent[] catalog)
    {
        using var transaction = connection.BeginTransaction();
        foreach (var job in jobs)
        {
            Execute("delete from journal where persistence_id = @value", $"job-{job}");
            Execute("delete from journal where persistence_id like @value", $"region-{job}-%");
        }

        // A gap in a journal is taken for damage, rightly: what is left of the catalog is numbered anew, from 1. Each number is free by then.
        var gone = jobs.ToHashSet();
        var next = 1L;
        foreach (var e in catalog)
        {
            if (gone.Contains(JobLedger.JobOf((CatalogEvent)e.Event)))
                Execute("delete from journal where persistence_id = 'catalog' and sequence_number = @value", e.Sequence);
            else
                Execute("update journal set sequence_number = @next where persistence_id = 'catalog' and sequence_number = @value", e.Sequence, next++);
        }

        transaction.Commit();

        void Execute(string sql, object value, long? number = null)
        {
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            Add("@value", value);
            if (number is { } one) Add("@next", one);
            command.ExecuteNonQuery();

            void Add(string name, object given)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, given);
                command.Parameters.Add(parameter);
            }
        }
    }

    private static HashSet<string> NeededBy(IEnumerable<JobSpec> unfinished) =>
        [.. unfinished.SelectMany(spec => spec.Inputs.Append(spec.Options.RegionsFile!).Where(i => i is not null)).Select(i => i.Sha256)];
}
