using System.Diagnostics;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>Whether a job is over.</summary>
public enum JobStanding
{
    /// <summary>Under way, or interrupted: the next start of the same input and options goes on with it.</summary>
    Open = 1,

    /// <summary>It is done.</summary>
    Finished = 2,

    /// <summary>It cannot succeed, or was given up.</summary>
    Failed = 3,
}

/// <summary>How far a split is.</summary>
/// <param name="From">First byte of a file; 0 for a page.</param>
/// <param name="Planned">Its batches; null as long as it is not read, or a stream has not ended.</param>
/// <param name="Done">Batches that are durable.</param>
public sealed record SplitProgress(int Split, string Input, long From, long? Planned, long Done);

/// <summary>What the journal knows of a job, for people and programs.</summary>
/// <param name="Spec">Null when the process that opened the job died before it wrote more.</param>
/// <param name="Reason">Why it failed, or, of an open one, how its last run ended; null when that is not known.</param>
/// <param name="Counts">Where the rows went.</param>
/// <param name="Splits">Of an open job.</param>
/// <param name="RestartsTotal">All of them, of mappers and of other actors.</param>
public sealed record JobRecord(
    JobId Job, JobStanding Standing, Stage Stage, JobSpec? Spec, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, int? ExitCode,
    string? Reason, long BatchesDone, long? BatchesPlanned, BatchTally Counts, int Regions, EquatableArray<SplitProgress> Splits,
    EquatableArray<JobEvent.RunBegan> Runs, EquatableArray<Restart> Restarts, EquatableArray<ActorRestart> ActorRestarts,
    long RestartsTotal, long Retries, EquatableArray<string> Loaded)
{
    /// <summary>From what the catalog says, and what the job's own events add up to.</summary>
    public static JobRecord Of(LedgerEntry entry, JobState state) => state switch
    {
        JobState.NotStarted => new(
            entry.Job, entry.IsOpen ? JobStanding.Open : StandingOf(entry.ClosedWith ?? Jobs.Job.GivenUp), Stage.None, null, entry.OpenedAt,
            entry.ClosedAt, entry.IsOpen ? null : entry.ClosedWith ?? Jobs.Job.GivenUp, null, 0, null, BatchTally.Empty, 0, [], [], [], [], 0, 0, []),
        JobState.Running running => OfRunning(entry, running),
        JobState.Ended ended => new(
            ended.Job, StandingOf(ended.ExitCode), Stage.Ended, ended.Spec, ended.Story.StartedAt, ended.At, ended.ExitCode, ended.Reason,
            ended.Story.Batches, ended.ExitCode == 0 ? ended.Story.Batches : null, ended.Story.Counts, ended.Story.Regions, [], ended.Story.Runs,
            ended.Story.Restarts, ended.Story.Actors, ended.Story.RestartsTotal + ended.Story.ActorsTotal, ended.Story.Retries, ended.Story.Loaded),
        _ => throw new UnreachableException(state.GetType().Name),
    };

    private static JobRecord OfRunning(LedgerEntry entry, JobState.Running running) => new(
        running.Job, entry.IsOpen ? JobStanding.Open : JobStanding.Failed, StageLog.StageOf(running), running.Spec, running.StartedAt,
        // Given up by starting over: the catalog has another job in its place, and its own journal does not know yet.
        entry.ClosedAt, entry.IsOpen ? null : entry.ClosedWith ?? Jobs.Job.GivenUp,
        entry.IsOpen ? running.Stopped?.Reason : "given up: the job was started over",
        running.Completed.Count, running.PlannedBatches, running.Tally, running.Regions.Count, SplitsOf(running), running.Runs.ToEquatableArray(),
        running.Restarts.ToEquatableArray(), running.ActorRestarts.First.ToEquatableArray(),
        running.RestartsTotal + running.ActorRestarts.Total, running.Retries, running.Loaded.ToEquatableArray());

    private static JobStanding StandingOf(int exitCode) => exitCode == 0 ? JobStanding.Finished : JobStanding.Failed;

    private static EquatableArray<SplitProgress> SplitsOf(JobState.Running running)
    {
        var done = running.Completed.Ranges.GroupBy(r => r.Split).ToDictionary(g => g.Key, g => g.Sum(r => (long)r.Count));
        return SplitPlanner.Splits(running.Spec).Select(split => new SplitProgress(
            split.Ordinal, running.Spec.Inputs[split.Input].Label, split.From,
            running.Plans.TryGetValue(split.Ordinal, out var plan) && plan.IsClosed ? plan.Batches : null,
            done.GetValueOrDefault(split.Ordinal))).ToEquatableArray();
    }
}
