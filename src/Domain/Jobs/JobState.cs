using System.Collections.Immutable;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>A split that was read: how many batches, and what the source chose.</summary>
public sealed record SplitPlan(int Batches, SourceChoice Choice);

/// <summary>What is durably known of a job. Closed.</summary>
public abstract record JobState
{
    private JobState() { }

    /// <summary>No event yet.</summary>
    public sealed record NotStarted : JobState;

    /// <summary>Under way, or interrupted: the two look the same, which is the point.</summary>
    /// <param name="Runs">The processes that worked on it, oldest first.</param>
    /// <param name="Plans">By split; a split that is absent has not been read yet.</param>
    /// <param name="Regions">Ordinals of the regions whose reducers hold something.</param>
    /// <param name="ResumedBatches">How many batches were done before the current process began.</param>
    /// <param name="Restarts">Crashes seen, oldest first, at most <see cref="MaxRestarts"/>.</param>
    /// <param name="Attempts">Crashes per batch that is not completed yet.</param>
    public sealed record Running(
        JobId Job,
        JobSpec Spec,
        DateTimeOffset StartedAt,
        ImmutableList<JobEvent.RunBegan> Runs,
        ImmutableSortedDictionary<int, SplitPlan> Plans,
        BatchSet Completed,
        ImmutableSortedSet<int> Regions,
        long ResumedBatches,
        BatchTally Tally,
        ImmutableList<Restart> Restarts,
        long RestartsTotal,
        long Retries,
        ImmutableDictionary<BatchId, int> Attempts,
        ImmutableSortedSet<string> Loaded) : JobState
    {
        /// <summary>How many splits the job has: one per input.</summary>
        public int Splits => Spec.Inputs.Count;

        /// <summary>True when every split is planned and every batch durable.</summary>
        public bool AllBatchesCompleted => Plans.Count == Splits && Completed.Count == Plans.Values.Sum(p => (long)p.Batches);
    }

    /// <summary>Over.</summary>
    /// <param name="ExitCode">0 when it succeeded.</param>
    public sealed record Ended(JobId Job, JobSpec Spec, int ExitCode, string? Reason, DateTimeOffset At) : JobState;

    /// <summary>How many restarts are kept one by one; the rest is counted.</summary>
    public const int MaxRestarts = 1_000;
}
