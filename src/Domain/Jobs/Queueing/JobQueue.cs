using System.Collections.Immutable;
using System.Diagnostics;

namespace Etl.Domain.Jobs.Queueing;

/// <summary>The queue of a host: who waits, who runs, who has left. Pure; an actor persists what it decides.</summary>
/// <param name="Entries">In the order of their submission.</param>
/// <param name="Events">How many events there are since the last that holds all.</param>
public sealed record JobQueue(ImmutableList<QueueEntry> Entries, int Events)
{
    /// <summary>So many that have left are remembered; older ones are known by the journal's list of jobs alone.</summary>
    public const int MostLeft = 200;

    /// <summary>After so many events one holds all there is.</summary>
    public const int CompactAfter = 500;

    /// <summary>Exit code of a job that somebody cancelled: as if it had been interrupted.</summary>
    public const int CancelledCode = 130;

    /// <summary>Nothing submitted.</summary>
    public static JobQueue Empty { get; } = new([], 0);

    /// <summary>Those that wait.</summary>
    public int Waiting => Entries.Count(e => e.Place == QueuePlace.Waiting);

    /// <summary>The entry of a job; null when it is not known.</summary>
    public QueueEntry? Find(JobId job) => Entries.Find(e => e.Job == job);

    /// <summary>
    /// The live entry that works on the same input and options: to submit those again is to submit nothing. One that asks to start over is no
    /// other job either, as long as that one is under way.
    /// </summary>
    public QueueEntry? Same(JobSpec spec)
    {
        var key = spec.InputKey();
        return Entries.Find(e => e.IsLive && e.Spec.InputKey() == key);
    }

    /// <summary>A job is submitted. Refused when as many wait as may, or another live job loads into the same place.</summary>
    public static Decision<QueueEvent, string> Submit(JobQueue queue, JobId job, JobSpec spec, QueueWishes wishes, int limit, DateTimeOffset at) =>
        queue.Same(spec) is not null ? new Decision<QueueEvent, string>.AlreadyDone()
        : queue.Waiting >= limit ? Full(queue)
        : Rival(queue, job, wishes) is { } rival ? new Decision<QueueEvent, string>.Rejected(Held(rival))
        : new Decision<QueueEvent, string>.Accepted([new QueueEvent.Submitted(job, spec, wishes, at)]);

    /// <summary>One that has left waits again; refused when it is done, for there is nothing to resume.</summary>
    public static Decision<QueueEvent, string> Resume(JobQueue queue, JobId job, int limit, DateTimeOffset at) => queue.Find(job) switch
    {
        null => Unknown(job),
        { IsLive: true } => new Decision<QueueEvent, string>.AlreadyDone(),
        { Place: QueuePlace.Done } => new Decision<QueueEvent, string>.Rejected($"job {job} is done: there is nothing to resume; submit its input again to repeat it"),
        _ when queue.Waiting >= limit => Full(queue),
        { } entry when Rival(queue, job, entry.Wishes) is { } rival => new Decision<QueueEvent, string>.Rejected(Held(rival)),
        _ => new Decision<QueueEvent, string>.Accepted([new QueueEvent.Resubmitted(job, at)]),
    };

    /// <summary>A job is given a place.</summary>
    public static Decision<QueueEvent, string> Begin(JobQueue queue, JobId job, DateTimeOffset at) =>
        queue.Find(job) is { Place: QueuePlace.Waiting }
            ? new Decision<QueueEvent, string>.Accepted([new QueueEvent.Begun(job, at)]) : new Decision<QueueEvent, string>.AlreadyDone();

    /// <summary>A job leaves, done or not.</summary>
    public static Decision<QueueEvent, string> Leave(JobQueue queue, JobId job, int exitCode, string? reason, DateTimeOffset at) => queue.Find(job) switch
    {
        null => Unknown(job),
        { IsLive: false } => new Decision<QueueEvent, string>.AlreadyDone(),
        _ => new Decision<QueueEvent, string>.Accepted([new QueueEvent.Left(job, exitCode, reason, at)]),
    };

    /// <summary>The event that holds all, when it is time for one; null before.</summary>
    public static QueueEvent? Compaction(JobQueue queue) =>
        queue.Events >= CompactAfter ? new QueueEvent.Compacted(queue.Entries.ToImmutableArray()) : null;

    /// <summary>
    /// What is to be started, first come first served, as long as fewer than <paramref name="places"/> run. <paramref name="active"/> are the
    /// jobs that this process works on: those that ran when the last one died are owed before all that wait.
    /// </summary>
    public static ImmutableArray<QueueEntry> Owed(JobQueue queue, IReadOnlySet<JobId> active, int places) =>
    [
        .. queue.Entries.Where(e => e.IsLive && !active.Contains(e.Job)).OrderBy(e => e.Place == QueuePlace.Running ? 0 : 1)
            .Take(Math.Max(0, places - active.Count)),
    ];

    /// <summary>The queue after an event.</summary>
    public static JobQueue Evolve(JobQueue queue, QueueEvent @event)
    {
        var entries = @event switch
        {
            QueueEvent.Submitted e => Trimmed(queue.Entries.RemoveAll(known => known.Job == e.Job)
                .Add(new(e.Job, e.Spec, e.Wishes, QueuePlace.Waiting, e.At, null, null, null, null))),
            QueueEvent.Begun e => Change(queue, e.Job, entry => entry with { Place = QueuePlace.Running, BegunAt = e.At }),
            QueueEvent.Left e => Change(queue, e.Job, entry => entry with
            {
                Place = e.ExitCode switch { 0 => QueuePlace.Done, CancelledCode => QueuePlace.Cancelled, _ => QueuePlace.Failed },
                LeftAt = e.At,
                ExitCode = e.ExitCode,
                Reason = e.Reason,
            }),
            QueueEvent.Resubmitted e => Change(queue, e.Job, entry => entry with { Place = QueuePlace.Waiting, LeftAt = null, ExitCode = null, Reason = null }),
            QueueEvent.Probed => queue.Entries,
            QueueEvent.Compacted e => [.. e.Entries],
            _ => throw new UnreachableException(@event.GetType().Name),
        };
        return new(entries, @event is QueueEvent.Compacted ? 0 : queue.Events + 1);
    }

    private static ImmutableList<QueueEntry> Change(JobQueue queue, JobId job, Func<QueueEntry, QueueEntry> change)
    {
        var at = queue.Entries.FindIndex(e => e.Job == job);
        return at < 0 ? queue.Entries : queue.Entries.SetItem(at, change(queue.Entries[at]));
    }

    private static ImmutableList<QueueEntry> Trimmed(ImmutableList<QueueEntry> entries)
    {
        var over = entries.Count(e => !e.IsLive) - MostLeft;
        return over <= 0 ? entries : entries.RemoveRange([.. entries.Where(e => !e.IsLive).Take(over)]);
    }

    // Two jobs that load into one directory would each undo what the other did.
    private static QueueEntry? Rival(JobQueue queue, JobId job, QueueWishes wishes) =>
        queue.Entries.Find(e => e.IsLive && e.Job != job && string.Equals(e.Wishes.OutDirectory, wishes.OutDirectory, StringComparison.Ordinal));

    private static string Held(QueueEntry rival) =>
        $"job {rival.Job}, which waits or runs, loads into {rival.Wishes.OutDirectory} too: name another directory, or wait for it";

    private static Decision<QueueEvent, string> Full(JobQueue queue) =>
        new Decision<QueueEvent, string>.Rejected($"the queue is full: {queue.Waiting} jobs wait; wait for one, cancel one, or raise etl.host.queue");

    private static Decision<QueueEvent, string> Unknown(JobId job) => new Decision<QueueEvent, string>.Rejected($"there is no job {job} in the queue");
}
