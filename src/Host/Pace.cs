using Etl.Actors.Hosting;

namespace Etl.Host;

/// <summary>How fast a run is, and how long it takes yet; null where nothing can be said.</summary>
/// <param name="Share">Done of what is planned, 0 to 1, what an earlier run did included.</param>
/// <param name="RowsPerSecond">Over the last seconds.</param>
/// <param name="Left">Until the planned work is done, at the pace since the start.</param>
internal readonly record struct PaceReading(double? Share, double? RowsPerSecond, TimeSpan? Left);

/// <summary>The arithmetic of progress: from snapshots and their times to a pace. Reads no clock.</summary>
internal sealed class Pace
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    // A rate over less is noise: batches end in groups.
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(0.5);

    // Before that a run may be over at any moment, and its first batches tell of start-up rather than of work.
    private static readonly TimeSpan FirstForecast = TimeSpan.FromSeconds(2);

    private readonly Queue<(TimeSpan At, long Rows)> recent = new();
    private (TimeSpan At, long Done, bool Bytes)? start;
    private long rows;

    /// <summary>Takes a snapshot in.</summary>
    /// <param name="at">Time since any fixed moment, never less than before.</param>
    public PaceReading Add(TimeSpan at, RunProgress progress)
    {
        // A copy says nothing about the work, which begins after it.
        if (progress.IsCopying) return default;
        // Fewer rows than before: somebody counts anew, and so does the pace.
        if (progress.Rows < rows) recent.Clear();
        rows = progress.Rows;
        recent.Enqueue((at, rows));
        // The oldest that stays is just outside the window, so that the window is always filled.
        while (recent.Count > 2 && at - recent.ElementAt(1).At >= Window) recent.Dequeue();
        var work = WorkOf(progress);
        return new(work is { } known ? Share(known.Done + known.Resumed, known.Planned + known.Resumed) : null, Rate(at), Left(at, work));
    }

    private static (long Done, long Resumed, long Planned, bool Bytes)? WorkOf(RunProgress progress)
    {
        var resumed = Math.Clamp(progress.BatchesResumed, 0, progress.BatchesDone);
        if (progress.BatchesPlanned > 0)
            return (progress.BatchesDone - resumed, resumed, Math.Max(0, progress.BatchesPlanned - resumed), Bytes: false);
        return progress.BytesPlanned > 0 ? (progress.BytesDone, 0, progress.BytesPlanned, Bytes: true) : null;
    }

    private static double Share(long done, long planned) => planned > 0 ? Math.Clamp((double)done / planned, 0, 1) : 1;

    private double? Rate(TimeSpan at)
    {
        var oldest = recent.Peek();
        var span = at - oldest.At;
        return span < ShortestSpan ? null : (rows - oldest.Rows) / span.TotalSeconds;
    }

    private TimeSpan? Left(TimeSpan at, (long Done, long Resumed, long Planned, bool Bytes)? work)
    {
        if (work is not { } now) return null;
        // What was done in another measure, or was taken back, says nothing about this pace.
        if (start is not { } from || from.Bytes != now.Bytes || now.Done < from.Done)
        {
            start = (at, now.Done, now.Bytes);
            return null;
        }

        var (elapsed, done) = (at - from.At, now.Done - from.Done);
        if (elapsed < FirstForecast || done <= 0) return null;
        var left = Math.Max(0, now.Planned - now.Done) * (elapsed.TotalSeconds / done);
        return left < TimeSpan.FromDays(100).TotalSeconds ? TimeSpan.FromSeconds(left) : null;
    }
}
