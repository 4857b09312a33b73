using System.Collections.Immutable;
using Etl.Domain.Extract.Files;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>A split that was read: how many batches, and what the source chose.</summary>
/// <param name="Batches">Or <see cref="Unknown"/> as long as a stream that is read from its beginning has not ended.</param>
public sealed record SplitPlan(int Batches, SourceChoice Choice)
{
    /// <summary>The number of batches is not known yet.</summary>
    public const int Unknown = -1;

    /// <summary>True when the number of batches is known.</summary>
    public bool IsClosed => Batches != Unknown;

    /// <summary>One more than the highest number that a batch of the split can have, as far as is known.</summary>
    public int Limit => IsClosed ? Batches : BatchSet.MaxOrdinal;
}

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
        /// <summary>How many splits the job has.</summary>
        public int Splits { get; } = SplitPlanner.Count(Spec);

        /// <summary>True when every batch of a split is durable.</summary>
        public bool IsComplete(int split) =>
            Plans.TryGetValue(split, out var plan) && plan.IsClosed && Completed.NextAbsent(split, 0) >= plan.Batches;

        /// <summary>How many batches there will be in all, as far as arithmetic tells before each file is looked at; null when it does not.</summary>
        public long? ExpectedBatches
        {
            get
            {
                long expected = 0;
                foreach (var split in _splits)
                {
                    if (Plans.TryGetValue(split.Ordinal, out var plan) && plan.IsClosed)
                        expected += plan.Batches;
                    else if (plan is null && split.Seekable && Spec.Inputs[split.Input].File is not null)
                        expected += SplitPlanner.Batches(split, Spec.BatchBytes);
                    else
                        return null;
                }

                return expected;
            }
        }

        /// <summary>The input that a split is of.</summary>
        public int InputOf(int split) => _splits[split].Input;

        private readonly ImmutableArray<Split> _splits = SplitPlanner.Splits(Spec);

        /// <summary>Lines of each completed batch of a file; null for a page, whose rows have numbers of their own.</summary>
        public BatchLines? Lines { get; init; }

        /// <summary>
        /// The same job with its inputs called as they are now: the same content may have another name today. The batches are those that were begun
        /// with: the lines of a row that is set aside are counted by them.
        /// </summary>
        public Running CalledAs(JobSpec now) => this with { Spec = now with { BatchRows = Spec.BatchRows, BatchBytes = Spec.BatchBytes } };

        /// <summary>What is known of crashes, and of who is to blame.</summary>
        public JobTroubles Troubles { get; init; } = JobTroubles.None;

        /// <summary>Where each sink was loaded to, and what, as far as was told.</summary>
        public ImmutableSortedDictionary<string, LoadedPlace> Places { get; init; } = ImmutableSortedDictionary<string, LoadedPlace>.Empty;

        /// <summary>Failures of actors that hold no batch.</summary>
        public ActorRestarts ActorRestarts { get; init; } = ActorRestarts.None;

        /// <summary>How the last run stopped in order; null while one is at work, or when it ended without a word.</summary>
        public JobEvent.RunStopped? Stopped { get; init; }

        /// <summary>How many batches there are, in all; null as long as a split is not read or a stream has not ended.</summary>
        public long? PlannedBatches =>
            Plans.Count == Splits && Plans.Values.All(p => p.IsClosed) ? Plans.Values.Sum(p => (long)p.Batches) : null;

        /// <summary>True when every split is planned and every batch durable.</summary>
        public bool AllBatchesCompleted => Completed.Count == PlannedBatches;
    }

    /// <summary>Over.</summary>
    /// <param name="ExitCode">0 when it succeeded.</param>
    /// <param name="Story">What happened on the way, without what only an unfinished job needs.</param>
    /// <param name="IsSummary">True when the journal holds it as one event.</param>
    public sealed record Ended(JobId Job, JobSpec Spec, int ExitCode, string? Reason, DateTimeOffset At, JobStory Story, bool IsSummary)
        : JobState;

    /// <summary>How many restarts are kept one by one; the rest is counted.</summary>
    public const int MaxRestarts = 1_000;
}
