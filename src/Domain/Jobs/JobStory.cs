using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>What is kept of a job when it is over, in at most half a megabyte: no batches, no quarantine entries, counts instead.</summary>
/// <param name="Runs">The last processes that worked on it, oldest first, at most <see cref="MaxRuns"/>.</param>
/// <param name="Restarts">The first crashes, at most <see cref="JobState.MaxRestarts"/>, with their causes cut.</param>
/// <param name="Regions">How many regions held something.</param>
/// <param name="Counts">The tally without its lists.</param>
/// <param name="Loaded">The sinks that hold the result.</param>
public sealed record JobStory(
    DateTimeOffset StartedAt,
    EquatableArray<JobEvent.RunBegan> Runs,
    EquatableArray<Restart> Restarts,
    long RestartsTotal,
    long Retries,
    long Batches,
    int Regions,
    BatchTally Counts,
    EquatableArray<string> Loaded)
{
    /// <summary>The first failures of actors that hold no batch, with their causes cut.</summary>
    public EquatableArray<ActorRestart> Actors { get; init; } = [];

    /// <summary>How many of them there were.</summary>
    public long ActorsTotal { get; init; }

    /// <summary>How many runs are kept one by one.</summary>
    public const int MaxRuns = 1_000;

    /// <summary>What is kept of a job that is over.</summary>
    public static JobStory Of(JobState.Running job) => new(
        job.StartedAt,
        job.Runs.Skip(job.Runs.Count - MaxRuns).ToEquatableArray(),
        job.Restarts.Select(r => r with { Cause = Rejection.Cut(r.Cause) }).ToEquatableArray(),
        job.RestartsTotal,
        job.Retries,
        job.Completed.Count,
        job.Regions.Count,
        job.Tally with { MissingCountries = [], AggregatesSeen = [], Rejections = [], Notes = [] },
        job.Loaded.ToEquatableArray())
    {
        Actors = job.ActorRestarts.First.Select(r => r with { Cause = Rejection.Cut(r.Cause) }).ToEquatableArray(),
        ActorsTotal = job.ActorRestarts.Total,
    };
}
