namespace Etl.Domain.Jobs.Queueing;

/// <summary>What the queue of a host remembers. Storage formats, see <see cref="JobEvent"/>. Closed.</summary>
public abstract record QueueEvent
{
    private QueueEvent() { }

    /// <summary>A job was submitted, and waits.</summary>
    public sealed record Submitted(JobId Job, JobSpec Spec, QueueWishes Wishes, DateTimeOffset At) : QueueEvent;

    /// <summary>It is under way.</summary>
    public sealed record Begun(JobId Job, DateTimeOffset At) : QueueEvent;

    /// <summary>It left the queue, done or not.</summary>
    /// <param name="ExitCode">As of the command line; 130 when it was cancelled.</param>
    public sealed record Left(JobId Job, int ExitCode, string? Reason, DateTimeOffset At) : QueueEvent;

    /// <summary>One that had left without being done waits again.</summary>
    public sealed record Resubmitted(JobId Job, DateTimeOffset At) : QueueEvent;

    /// <summary>Nothing happened: somebody asked whether the journal can be written.</summary>
    public sealed record Probed(DateTimeOffset At) : QueueEvent;

    /// <summary>All there is, in the place of every event before it.</summary>
    public sealed record Compacted(EquatableArray<QueueEntry> Entries) : QueueEvent;
}

/// <summary>What whoever submits a job wants beside its answer. Not part of the job's identity.</summary>
/// <param name="OutDirectory">Absolute.</param>
/// <param name="Sinks">Names; never empty.</param>
/// <param name="Fresh">An unfinished job of the same input and options is given up.</param>
public sealed record QueueWishes(
    string OutDirectory, EquatableArray<string> Sinks, bool Strict, long? MaxQuarantined, double? MaxQuarantinedPercent, bool Fresh);

/// <summary>Where a submitted job is.</summary>
public enum QueuePlace
{
    /// <summary>It waits for a place.</summary>
    Waiting = 1,

    /// <summary>It is under way.</summary>
    Running = 2,

    /// <summary>It is done.</summary>
    Done = 3,

    /// <summary>It ended without being done: failed, or stopped by what a later attempt may not meet.</summary>
    Failed = 4,

    /// <summary>Somebody cancelled it; it can be resumed.</summary>
    Cancelled = 5,
}

/// <summary>A submitted job.</summary>
/// <param name="ExitCode">Null as long as it waits or runs.</param>
public sealed record QueueEntry(
    JobId Job, JobSpec Spec, QueueWishes Wishes, QueuePlace Place, DateTimeOffset SubmittedAt, DateTimeOffset? BegunAt, DateTimeOffset? LeftAt,
    int? ExitCode, string? Reason)
{
    /// <summary>True when it waits or runs.</summary>
    public bool IsLive => Place is QueuePlace.Waiting or QueuePlace.Running;
}
