using System.Collections.Immutable;
using Etl.Actors.Hosting;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Queueing;

namespace Etl.Dashboard.Live;

/// <summary>A job in a list: what the queue, the journal and the actors know of it, put together.</summary>
/// <param name="Status">waiting, running, done, failed, cancelled, or interrupted: begun by a process that is gone, and not in the queue.</param>
/// <param name="Fraction">0 to 1; null when nobody knows.</param>
/// <param name="Restarts">All of them; exact.</param>
public sealed record JobRow(
    JobId Job, string ShortId, string Title, string Source, string Status, DateTimeOffset At, DateTimeOffset? BegunAt, DateTimeOffset? EndedAt,
    int? ExitCode, string? Reason, long Rows, long BatchesDone, long? BatchesPlanned, double? Fraction, long Restarts, long Retries, long Quarantined,
    string? OutDirectory, ImmutableArray<string> Sinks)
{
    /// <summary>How many jobs are to begin before it; null when it does not wait.</summary>
    public int? Ahead { get; init; }

    /// <summary>True when it waits or runs.</summary>
    public bool IsLive => Status is "waiting" or "running";

    /// <summary>True when the queue can take it up again.</summary>
    public bool CanResume => OutDirectory is not null && Status is "failed" or "cancelled";

    /// <summary>The lines of a list, newest first. Pure.</summary>
    /// <param name="recorded">What the journal knows.</param>
    public static ImmutableArray<JobRow> Of(JobQueue queue, ImmutableArray<JobRecord> recorded, Func<JobId, LiveJob?> live)
    {
        var known = recorded.ToDictionary(r => r.Job);
        var waiting = queue.Entries.Where(e => e.Place == QueuePlace.Waiting).Select((e, place) => (e.Job, place)).ToDictionary();
        var queued = queue.Entries.Select(e => Of(e, known.GetValueOrDefault(e.Job), live(e.Job)) with { Ahead = waiting.TryGetValue(e.Job, out var ahead) ? ahead : null });
        var others = recorded.Where(r => queue.Find(r.Job) is null).Select(Of);
        return [.. queued.Concat(others).OrderByDescending(r => r.At).ThenBy(r => r.Job.Value)];
    }

    /// <summary>A job of the queue.</summary>
    public static JobRow Of(QueueEntry entry, JobRecord? record, LiveJob? live)
    {
        var running = live?.State as JobState.Running;
        var counts = running?.Tally ?? (live?.State as JobState.Ended)?.Story.Counts ?? record?.Counts;
        var done = running?.Completed.Count ?? record?.BatchesDone ?? 0;
        var planned = running is null ? record?.BatchesPlanned : running.PlannedBatches ?? running.ExpectedBatches;
        var (bytes, allBytes) = running is null ? (0, 0) : live!.Inputs.Of(running);
        return new(
            entry.Job, Short(entry.Job), TitleOf(entry.Spec), entry.Spec.Source,
            entry.Place switch { QueuePlace.Waiting => "waiting", QueuePlace.Running => "running", QueuePlace.Done => "done", QueuePlace.Cancelled => "cancelled", _ => "failed" },
            entry.SubmittedAt, entry.BegunAt, entry.LeftAt, entry.ExitCode, entry.Reason, counts?.Read ?? 0, done, planned,
            entry.Place == QueuePlace.Done ? 1 : allBytes > 0 ? (double)bytes / allBytes : planned > 0 ? (double)done / planned : null,
            running is null ? record?.RestartsTotal ?? 0 : running.RestartsTotal + running.ActorRestarts.Total, running?.Retries ?? record?.Retries ?? 0,
            counts?.Quarantined ?? 0, entry.Wishes.OutDirectory, [.. entry.Wishes.Sinks]);
    }

    private static JobRow Of(JobRecord record) => new(
        record.Job, Short(record.Job), record.Spec is { } spec ? TitleOf(spec) : "(nothing was read)", record.Spec?.Source ?? "",
        record.Standing switch { JobStanding.Finished => "done", JobStanding.Failed => "failed", _ => "interrupted" },
        record.StartedAt, record.StartedAt, record.EndedAt, record.ExitCode, record.Reason, record.Counts.Read, record.BatchesDone, record.BatchesPlanned,
        record.Standing == JobStanding.Finished ? 1 : record.BatchesPlanned > 0 ? (double)record.BatchesDone / record.BatchesPlanned : null,
        record.RestartsTotal, record.Retries, record.Counts.Quarantined, null, [.. record.Loaded]);

    private static string Short(JobId job) => job.ToString()[..8];

    private static string TitleOf(JobSpec spec) => spec.Inputs.Count switch
    {
        0 => spec.Source,
        1 => Path.GetFileName(spec.Inputs[0].Label) is { Length: > 0 } name ? name : spec.Inputs[0].Label,
        var more => $"{Path.GetFileName(spec.Inputs[0].Label)} and {more - 1} more",
    };
}
