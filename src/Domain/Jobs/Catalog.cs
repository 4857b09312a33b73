using System.Collections.Immutable;
using System.Diagnostics;

namespace Etl.Domain.Jobs;

/// <summary>What the catalog of jobs remembers. Storage formats, see <see cref="JobEvent"/>. Closed.</summary>
public abstract record CatalogEvent
{
    private CatalogEvent() { }

    /// <summary>A job was opened for an input key; an earlier unfinished job of that key is abandoned.</summary>
    public sealed record JobOpened(string InputKey, JobId Job, DateTimeOffset At) : CatalogEvent;

    /// <summary>A job ended, well or not.</summary>
    public sealed record JobClosed(JobId Job, int ExitCode, DateTimeOffset At) : CatalogEvent;

    /// <summary>A job that was opened has so many regions: what is to be forgotten of it one day, whatever became of it.</summary>
    public sealed record RegionsCounted(JobId Job, int Regions) : CatalogEvent;

    /// <summary>Of a job that ended, or was given up, nothing but a summary is left in the journal.</summary>
    public sealed record JobForgotten(JobId Job, DateTimeOffset At) : CatalogEvent;
}

/// <summary>Which unfinished job belongs to which input key: what lets the next start of the same input resume.</summary>
/// <param name="Open">Unfinished jobs by input key.</param>
/// <param name="Kept">Jobs of which the journal holds more than a summary, each with its number of regions.</param>
public sealed record Catalog(ImmutableDictionary<string, JobId> Open, ImmutableDictionary<JobId, int> Kept)
{
    /// <summary>No job yet.</summary>
    public static Catalog Initial { get; } = new(ImmutableDictionary<string, JobId>.Empty, ImmutableDictionary<JobId, int>.Empty);

    /// <summary>The job to work on for a key: the unfinished one, or a new one when there is none or when asked to start over.</summary>
    public static Decision<CatalogEvent, string> OpenJob(
        Catalog state, string key, JobId fresh, bool startOver, int regions, DateTimeOffset at) =>
        state.Open.TryGetValue(key, out var open) && (!startOver || open == fresh)
            ? new Decision<CatalogEvent, string>.AlreadyDone()
            : new Decision<CatalogEvent, string>.Accepted(
                [new CatalogEvent.JobOpened(key, fresh, at), new CatalogEvent.RegionsCounted(fresh, regions)]);

    /// <summary>A job ended.</summary>
    public static Decision<CatalogEvent, string> CloseJob(Catalog state, JobId job, int exitCode, DateTimeOffset at) =>
        state.Open.ContainsValue(job)
            ? new Decision<CatalogEvent, string>.Accepted([new CatalogEvent.JobClosed(job, exitCode, at)])
            : new Decision<CatalogEvent, string>.AlreadyDone();

    /// <summary>Nothing but a summary is left of a job.</summary>
    public static Decision<CatalogEvent, string> ForgetJob(Catalog state, JobId job, DateTimeOffset at) =>
        !state.Kept.ContainsKey(job) ? new Decision<CatalogEvent, string>.AlreadyDone()
        : state.Open.ContainsValue(job) ? new Decision<CatalogEvent, string>.Rejected($"job {job} has not ended")
        : new Decision<CatalogEvent, string>.Accepted([new CatalogEvent.JobForgotten(job, at)]);

    /// <summary>
    /// The jobs that are still to be forgotten, by id: ended, failed or given up. Asked after each event and after a start, so that a kill
    /// at any moment leaves nothing behind for good.
    /// </summary>
    public static ImmutableArray<KeyValuePair<JobId, int>> Owed(Catalog state) =>
        [.. state.Kept.Where(kept => !state.Open.ContainsValue(kept.Key)).OrderBy(kept => kept.Key.Value)];

    /// <summary>The catalog after an event.</summary>
    public static Catalog Evolve(Catalog state, CatalogEvent @event) => @event switch
    {
        CatalogEvent.JobOpened e => state with { Open = state.Open.SetItem(e.InputKey, e.Job) },
        CatalogEvent.JobClosed e => state with { Open = state.Open.RemoveRange(state.Open.Where(o => o.Value == e.Job).Select(o => o.Key)) },
        CatalogEvent.RegionsCounted e => state with { Kept = state.Kept.SetItem(e.Job, e.Regions) },
        CatalogEvent.JobForgotten e => state with { Kept = state.Kept.Remove(e.Job) },
        _ => throw new UnreachableException(@event.GetType().Name),
    };
}
