using System.Diagnostics;
using System.Globalization;

namespace Etl.Domain.Jobs;

/// <summary>An event as people read it.</summary>
/// <param name="Sequence">Its number in the job's journal; several lines may come from one event that stands for many.</param>
/// <param name="Kind">A stable word.</param>
public sealed record ChronicleLine(long Sequence, DateTimeOffset At, string Kind, string Details);

/// <summary>An event of a job, where and when it was written.</summary>
public sealed record WrittenEvent(long Sequence, DateTimeOffset At, JobEvent Event);

/// <summary>A job's events in words. Pure.</summary>
public static class JobChronicle
{
    /// <summary>What an event says; of a job that is over, the one event that is left tells the whole story.</summary>
    public static IEnumerable<ChronicleLine> Of(WrittenEvent written) => written.Event switch
    {
        JobEvent.Summarised e => Story(written.Sequence, e),
        var e => [new(written.Sequence, written.At, KindOf(e), Details(e))],
    };

    private static string KindOf(JobEvent e) => e switch
    {
        JobEvent.Started => "started",
        JobEvent.RunBegan => "run_began",
        JobEvent.SplitPlanned => "split_planned",
        JobEvent.SplitEnded => "split_ended",
        JobEvent.BatchesCompleted => "batches_completed",
        JobEvent.BatchCrashed => "mapper_restarted",
        JobEvent.ActorsRestarted => "actors_restarted",
        JobEvent.Recovered => "recovered",
        JobEvent.BatchSuspected => "batch_suspected",
        JobEvent.RowsCleared => "rows_cleared",
        JobEvent.RowsCondemned => "rows_condemned",
        JobEvent.AttemptBegan => "attempt_began",
        JobEvent.BatchesRetried => "batches_retried",
        JobEvent.RunStopped => "run_stopped",
        JobEvent.SinkLoaded => "sink_loaded",
        JobEvent.Finished => "finished",
        JobEvent.Failed => "failed",
        _ => throw new UnreachableException(e.GetType().Name),
    };

    private static string Details(JobEvent e) => e switch
    {
        JobEvent.Started s => InputsOf(s.Spec),
        JobEvent.RunBegan r => Text($"run {r.Run}, version {r.ProductVersion}"),
        JobEvent.SplitPlanned { Batches: SplitPlan.Unknown } p => Text($"split {p.Split}: a stream, column {p.Choice.Column}"),
        JobEvent.SplitPlanned p => Text($"split {p.Split}: {Count(p.Batches, "batch", "batches")}, column {p.Choice.Column}"),
        JobEvent.SplitEnded s => Text($"split {s.Split}: {Count(s.Batches, "batch", "batches")}"),
        JobEvent.BatchesCompleted c => Text($"batches {c.Batches}: {Count(c.Tally.Read, "row", "rows")}")
            + (c.Tally.Quarantined > 0 ? Text($", {c.Tally.Quarantined} quarantined") : ""),
        JobEvent.BatchCrashed c => Of(c.Restart),
        JobEvent.BatchSuspected s => Text($"batch {s.Batch}: rows {s.Rows.From} to {s.Rows.To - 1}"),
        JobEvent.RowsCleared c => Text($"batch {c.Batch}: {(c.Rows.Length > 0 ? Text($"rows {c.Rows.From} to {c.Rows.To - 1}") : "no row at all")} crashed nothing"),
        JobEvent.RowsCondemned c => Text($"batch {c.Batch}: row {string.Join(", ", c.Positions)}, it {c.Reason}: {c.Message}"),
        JobEvent.AttemptBegan a => Text($"batch {a.Batch} alone{(a.Probe is { Length: > 0 } rows ? Text($", rows {rows.From} to {rows.To - 1}") : a.Probe is null ? "" : ", without rows")}"),
        JobEvent.ActorsRestarted a => string.Join("; ", a.Restarts.Select(Of)),
        JobEvent.Recovered r => string.Join("; ", r.Recoveries.Select(Of)),
        JobEvent.BatchesRetried r => Text($"batches {r.Batches}: {r.Reason}"),
        JobEvent.RunStopped s => Text($"run {s.Run}: {s.Reason}"),
        JobEvent.SinkLoaded s => s.Sink,
        JobEvent.Finished => "done",
        JobEvent.Failed f => Text($"exit code {f.ExitCode}: {f.Reason}"),
        _ => throw new UnreachableException(e.GetType().Name),
    };

    private static IEnumerable<ChronicleLine> Story(long sequence, JobEvent.Summarised e)
    {
        var story = e.Story;
        IEnumerable<ChronicleLine> middle =
        [
            .. story.Runs.Select(r => new ChronicleLine(sequence, r.At, "run_began", Details(r))),
            .. story.Restarts.Select(r => new ChronicleLine(sequence, r.At, "mapper_restarted", Of(r))),
            .. story.Actors.Select(r => new ChronicleLine(sequence, r.At, "actors_restarted", Of(r))),
        ];
        yield return new(sequence, story.StartedAt, "started", InputsOf(e.Spec));
        // By time, and at the same time in the order above: sorting is stable.
        foreach (var line in middle.OrderBy(line => line.At)) yield return line;
        yield return new(sequence, e.At, "summarised", Text(
            $"{Count(story.Batches, "batch", "batches")}, {Count(story.Counts.Read, "row", "rows")} in {Count(story.Regions, "region", "regions")}, {story.Counts.Quarantined} quarantined, ")
            + Text($"{Count(story.RestartsTotal + story.ActorsTotal, "restart", "restarts")}, {Count(story.Retries, "retry", "retries")}"));
        foreach (var sink in story.Loaded) yield return new(sequence, e.At, "sink_loaded", sink);
        yield return e.ExitCode == 0
            ? new(sequence, e.At, "finished", "done")
            : new(sequence, e.At, "failed", Text($"exit code {e.ExitCode}: {e.Reason}"));
    }

    private static string Of(Restart r) =>
        Text($"{r.Directive} {r.Actor} at batch {r.Batch}{(r.Row is { } row ? Text($", row {row}") : "")}, attempt {r.Attempt}: {r.Cause}{After(r.RecoveredAfter)}");

    private static string Of(ActorRestart r) => Text($"{r.Actor}{At(r)}, attempt {r.Attempt}: {r.Cause}; {r.Directive}{After(r.RecoveredAfter)}");

    private static string At(ActorRestart r) => r.Batch is { } batch ? Text($" at batch {batch}{(r.Row is { } row ? Text($", row {row}") : "")}") : "";

    private static string Of(Recovery r) => r.Batch is { } batch
        ? Text($"batch {batch} is made good {Seconds(r.After)} after {r.Actor} failed at it") : Text($"{r.Actor} is at work again, {Seconds(r.After)} after it failed");

    private static string After(TimeSpan? recovered) => recovered is { } after ? Text($"; made good after {Seconds(after)}") : "";

    private static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.000} s");

    private static string InputsOf(JobSpec spec) =>
        Text($"{spec.Source}: {string.Join(", ", spec.Inputs.Take(3).Select(i => i.Label))}{(spec.Inputs.Count > 3 ? Text($" and {spec.Inputs.Count - 3} more") : "")}");

    private static string Count(long count, string one, string many) => Text($"{count} {(count == 1 ? one : many)}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
