using System.Collections.Immutable;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>What can be asked of a job. Closed.</summary>
public abstract record JobCommand
{
    private JobCommand() { }

    /// <summary>Start the job, or go on with it: a process begins to work on it.</summary>
    public sealed record Begin(JobId Job, JobSpec Spec, RunId Run, DateTimeOffset At) : JobCommand;

    /// <summary>A split was read; <paramref name="Batches"/> may be <see cref="SplitPlan.Unknown"/>.</summary>
    public sealed record Plan(int Split, int Batches, SourceChoice Choice) : JobCommand;

    /// <summary>A stream ended after so many batches.</summary>
    public sealed record EndSplit(int Split, int Batches) : JobCommand;

    /// <summary>These batches are durable in every reducer they touch.</summary>
    public sealed record Complete(ImmutableSortedDictionary<BatchId, SettledBatch> Batches) : JobCommand
    {
        /// <summary>When; null leaves untold how long crashes of these batches took to be made good.</summary>
        public DateTimeOffset? At { get; init; }
    }

    /// <summary>A mapper crashed; the attempt is counted by the job.</summary>
    public sealed record Crash(string Actor, string Cause, string Directive, BatchId Batch, long? Row, DateTimeOffset At) : JobCommand
    {
        /// <summary>The rows that were tried alone; null when it was the whole batch.</summary>
        public RowRange? Probe { get; init; }
    }

    /// <summary>A part of a batch that crashes was mapped alone, and did not crash.</summary>
    public sealed record Clear(BatchId Batch, RowRange Rows) : JobCommand;

    /// <summary>The batch is about to be issued, alone.</summary>
    public sealed record Try(BatchId Batch) : JobCommand;

    /// <summary>These batches are issued again.</summary>
    public sealed record Retry(BatchSet Batches, string Reason, DateTimeOffset At) : JobCommand;

    /// <summary>These actors failed and were created again; reports may come twice.</summary>
    public sealed record NoteRestarts(EquatableArray<ActorRestart> Restarts) : JobCommand;

    /// <summary>The run has written what it had, and stops.</summary>
    public sealed record StopRun(RunId Run, string Reason, DateTimeOffset At) : JobCommand;

    /// <summary>A sink holds the result.</summary>
    public sealed record SinkDone(string Sink, LoadedPlace? Place = null) : JobCommand;

    /// <summary>All sinks hold the result.</summary>
    public sealed record Finish(DateTimeOffset At) : JobCommand;

    /// <summary>It cannot succeed.</summary>
    public sealed record Fail(int ExitCode, string Reason, DateTimeOffset At) : JobCommand;
}
