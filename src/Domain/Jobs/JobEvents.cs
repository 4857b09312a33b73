using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>
/// What a job's journal holds. These are storage formats: each has a versioned manifest and stays readable for ever; a change is a new
/// manifest. Closed.
/// </summary>
public abstract record JobEvent
{
    private JobEvent() { }

    /// <summary>The job exists. First event.</summary>
    public sealed record Started(JobId Job, JobSpec Spec, DateTimeOffset At) : JobEvent;

    /// <summary>A process began to work on the job.</summary>
    public sealed record RunBegan(RunId Run, string ProductVersion, DateTimeOffset At) : JobEvent;

    /// <summary>A split was read and cut: so many batches, and what the source chose.</summary>
    /// <param name="Batches"><see cref="SplitPlan.Unknown"/> when only <see cref="SplitEnded"/> will tell.</param>
    public sealed record SplitPlanned(int Split, int Batches, SourceChoice Choice) : JobEvent;

    /// <summary>A stream ended: the split has so many batches.</summary>
    public sealed record SplitEnded(int Split, int Batches) : JobEvent;

    /// <summary>Batches whose every partial is durable in its reducer, the regions that hold one, and the batches' combined tally.</summary>
    public sealed record BatchesCompleted(BatchSet Batches, EquatableArray<int> Regions, BatchTally Tally) : JobEvent
    {
        /// <summary>Lines of each batch, in the order of <see cref="Batches"/>; empty for batches of a page.</summary>
        public EquatableArray<long> Lines { get; init; } = [];
    }

    /// <summary>A mapper crashed on a batch; its supervisor restarted it.</summary>
    public sealed record BatchCrashed(Restart Restart) : JobEvent;

    /// <summary>The fault that crashes the batch is among these rows: the next attempts try parts of them alone, and send nothing.</summary>
    public sealed record BatchSuspected(BatchId Batch, RowRange Rows) : JobEvent;

    /// <summary>These rows of the batch were mapped alone and crashed nothing.</summary>
    public sealed record RowsCleared(BatchId Batch, RowRange Rows) : JobEvent;

    /// <summary>These rows crash mappers, or the process, and are set aside unread from here on.</summary>
    /// <param name="Positions">Row numbers of a page, byte offsets of a file.</param>
    /// <param name="Exception">The exception's type; empty when it was the process that ended.</param>
    /// <param name="Message">The exception's message.</param>
    public sealed record RowsCondemned(BatchId Batch, EquatableArray<long> Positions, string Exception, string Message, DateTimeOffset At) : JobEvent
    {
        /// <summary>They ended processes.</summary>
        public bool IsOfProcess => Exception.Length == 0;

        /// <summary>Type and message, for people.</summary>
        public string Cause => IsOfProcess ? Message : $"{Exception}: {Message}";

        /// <summary>Why they are in the quarantine: a stable text, so without the message.</summary>
        public string Reason => IsOfProcess ? "killed the process" : $"crashed the mapper twice: {Exception}";
    }

    /// <summary>The batch, or a part of it, is issued, and nothing else until it has come to something.</summary>
    public sealed record AttemptBegan(BatchId Batch, RowRange? Probe) : JobEvent;

    /// <summary>Batches were issued again because an ack did not come in time, or its reducer was replaced.</summary>
    public sealed record BatchesRetried(BatchSet Batches, string Reason, DateTimeOffset At) : JobEvent;

    /// <summary>
    /// Actors that hold no batch (a reducer, the coordinator, the catalog, a loader) failed and were created again. One event for all that
    /// failed together: a journal that stays away fails every reducer at once.
    /// </summary>
    public sealed record ActorsRestarted(EquatableArray<ActorRestart> Restarts) : JobEvent;

    /// <summary>What failures had undone is done again. Written with the completion of the batches, or when the actors have recovered.</summary>
    public sealed record Recovered(EquatableArray<Recovery> Recoveries) : JobEvent;

    /// <summary>A run was asked to stop, wrote what it had, and did: the job is open, and this is why.</summary>
    public sealed record RunStopped(RunId Run, string Reason, DateTimeOffset At) : JobEvent;

    /// <summary>A sink holds the result.</summary>
    public sealed record SinkLoaded(string Sink) : JobEvent
    {
        /// <summary>Where and what; null in journals of versions that did not tell.</summary>
        public LoadedPlace? Place { get; init; }
    }

    /// <summary>The job is finished. Last event.</summary>
    public sealed record Finished(DateTimeOffset At) : JobEvent;

    /// <summary>The job failed for good (its input or its answer is at fault); a new start is a new job. Last event.</summary>
    public sealed record Failed(int ExitCode, string Reason, DateTimeOffset At) : JobEvent;

    /// <summary>What is kept of a job that is over: it takes the place of every event before it, which may be deleted.</summary>
    /// <param name="Reason">Why it did not succeed, or null.</param>
    public sealed record Summarised(JobId Job, JobSpec Spec, int ExitCode, string? Reason, DateTimeOffset At, JobStory Story) : JobEvent;
}

/// <summary>A supervised failure, as people see it in the log, in <c>run.json</c> and in the job's story.</summary>
/// <param name="Actor">Path of the actor that failed.</param>
/// <param name="Cause">The exception's type and message.</param>
/// <param name="Directive">What the supervisor decided.</param>
/// <param name="Row">Position of the row that was being mapped, null when no row is known.</param>
/// <param name="Attempt">How often the batch has been tried, this time included.</param>
public sealed record Restart(string Actor, string Cause, string Directive, BatchId Batch, long? Row, int Attempt, DateTimeOffset At)
{
    /// <summary>From the crash to the batch being durable; null as long as it is not, or when that was not told.</summary>
    public TimeSpan? RecoveredAfter { get; init; }

    /// <summary>In the place of an actor's path: it was the process that ended, and the next one that tells.</summary>
    public const string Process = "process";

    /// <summary>It was the process that ended.</summary>
    public bool IsOfProcess => Actor == Process;
}
