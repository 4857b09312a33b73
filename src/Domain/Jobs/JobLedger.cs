using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>What the catalog tells of a job.</summary>
/// <param name="ClosedWith">Exit code it ended with; null: it did not end, or was given up.</param>
/// <param name="IsOpen">The next start of the same input and options goes on with it.</param>
public sealed record LedgerEntry(JobId Job, string InputKey, DateTimeOffset OpenedAt, int? ClosedWith, DateTimeOffset? ClosedAt, bool IsOpen);

/// <summary>The jobs that a catalog's events tell of. Pure.</summary>
public static class JobLedger
{
    /// <summary>The jobs in the order in which they were opened.</summary>
    public static ImmutableArray<LedgerEntry> Of(IEnumerable<CatalogEvent> events)
    {
        var catalog = Catalog.Initial;
        var entries = new Dictionary<JobId, LedgerEntry>();
        var order = new List<JobId>();
        foreach (var e in events)
        {
            catalog = Catalog.Evolve(catalog, e);
            if (e is CatalogEvent.JobOpened opened && entries.TryAdd(opened.Job, new(opened.Job, opened.InputKey, opened.At, null, null, false)))
                order.Add(opened.Job);
            else if (e is CatalogEvent.JobClosed closed && entries.TryGetValue(closed.Job, out var known))
                entries[closed.Job] = known with { ClosedWith = closed.ExitCode, ClosedAt = closed.At };
        }

        var open = catalog.Open.Values.ToHashSet();
        return [.. order.Select(job => entries[job] with { IsOpen = open.Contains(job) })];
    }

    /// <summary>
    /// The jobs that go when <paramref name="keep"/> that are over are to stay: the oldest of those that are over. The oldest, and not any
    /// others, because a job that was given up is open again in a catalog that knows nothing of its successor.
    /// </summary>
    public static ImmutableArray<JobId> Superfluous(IEnumerable<LedgerEntry> ledger, int keep)
    {
        JobId[] over = [.. ledger.Where(entry => !entry.IsOpen).Select(entry => entry.Job)];
        return [.. over.Take(Math.Max(0, over.Length - keep))];
    }

    /// <summary>The job that an event of the catalog is about.</summary>
    public static JobId JobOf(CatalogEvent e) => e switch
    {
        CatalogEvent.JobOpened opened => opened.Job,
        CatalogEvent.JobClosed closed => closed.Job,
        CatalogEvent.RegionsCounted counted => counted.Job,
        CatalogEvent.JobForgotten forgotten => forgotten.Job,
        _ => throw new System.Diagnostics.UnreachableException(e.GetType().Name),
    };
}
