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
}

/// <summary>Which unfinished job belongs to which input key: what lets the next start of the same input resume.</summary>
/// <param name="Open">Unfinished jobs by input key.</param>
public sealed record Catalog(ImmutableDictionary<string, JobId> Open)
{
    /// <summary>No job yet.</summary>
    public static Catalog Initial { get; } = new(ImmutableDictionary<string, JobId>.Empty);

    /// <summary>The job to work on for a key: the unfinished one, or a new one when there is none or when asked to start over.</summary>
    public static Decision<CatalogEvent, string> OpenJob(Catalog state, string key, JobId fresh, bool startOver, DateTimeOffset at) =>
        state.Open.TryGetValue(key, out var open) && (!startOver || open == fresh)
            ? new Decision<CatalogEvent, string>.AlreadyDone()
            : new Decision<CatalogEvent, string>.Accepted([new CatalogEvent.JobOpened(key, fresh, at)]);

    /// <summary>A job ended.</summary>
    public static Decision<CatalogEvent, string> CloseJob(Catalog state, JobId job, int exitCode, DateTimeOffset at) =>
        state.Open.ContainsValue(job)
            ? new Decision<CatalogEvent, string>.Accepted([new CatalogEvent.JobClosed(job, exitCode, at)])
            : new Decision<CatalogEvent, string>.AlreadyDone();

    /// <summary>The catalog after an event.</summary>
    public static Catalog Evolve(Catalog state, CatalogEvent @event) => @event switch
    {
        CatalogEvent.JobOpened e => new(state.Open.SetItem(e.InputKey, e.Job)),
        CatalogEvent.JobClosed e => new(state.Open.RemoveRange(state.Open.Where(o => o.Value == e.Job).Select(o => o.Key))),
        _ => throw new UnreachableException(@event.GetType().Name),
    };
}
