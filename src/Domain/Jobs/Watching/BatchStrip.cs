using System.Collections.Immutable;
using Etl.Domain.Extract.Files;

namespace Etl.Domain.Jobs.Watching;

/// <summary>What most describes a cell of the strip, the most urgent first.</summary>
public enum CellTone
{
    /// <summary>None of its batches is under way or done.</summary>
    Waiting = 0,

    /// <summary>A batch is with an extractor or a mapper, or waits for a reducer's write.</summary>
    Running = 1,

    /// <summary>All are durable.</summary>
    Done = 2,

    /// <summary>A batch crashed a mapper and is not durable yet.</summary>
    Retried = 3,

    /// <summary>All are durable, and rows of them are set aside.</summary>
    Quarantined = 4,

    /// <summary>Some are durable, the others wait.</summary>
    Partly = 5,
}

/// <summary>One cell of the strip: consecutive batches.</summary>
/// <param name="First">Number of the first, counted through all splits.</param>
/// <param name="Batches">How many.</param>
/// <param name="Crashed">Of these, how many crashed a mapper, be they durable by now or not.</param>
public sealed record StripCell(long First, long Batches, long Done, long Running, long Crashed, bool Quarantined, CellTone Tone);

/// <summary>A job's batches as a strip of at most so many cells. Pure: a function of the job's immutable states.</summary>
public static class BatchStrip
{
    /// <summary>The strip; empty as long as nobody knows how many batches there are.</summary>
    public static ImmutableArray<StripCell> Of(JobState.Running job, Flight flight, int cells)
    {
        var splits = SplitPlanner.Splits(job.Spec);
        var starts = new long[splits.Length + 1];
        for (var i = 0; i < splits.Length; i++)
        {
            var batches = BatchesOf(job, flight, splits[i]);
            starts[i + 1] = starts[i] + batches;
        }

        var total = starts[^1];
        if (total == 0) return [];
        var width = (total + cells - 1) / cells;
        var count = (int)((total + width - 1) / width);
        var (done, running, open, crashed, aside) = (new long[count], new long[count], new long[count], new long[count], new bool[count]);
        foreach (var range in job.Completed.Ranges)
            for (long from = starts[range.Split] + range.From, to = Math.Min(starts[range.Split] + range.To, starts[range.Split + 1] - 1); from <= to;)
            {
                var cell = from / width;
                var last = Math.Min(to, ((cell + 1) * width) - 1);
                done[cell] += last - from + 1;
                from = last + 1;
            }

        foreach (var id in flight.Batches.Keys) Count(running, id);
        foreach (var id in job.Attempts.Keys.Where(id => !job.Completed.Contains(id))) Count(open, id);
        foreach (var id in job.Restarts.Select(r => r.Batch).Distinct()) Count(crashed, id);
        foreach (var rejection in job.Tally.Rejections)
            if (BatchOf(job.Spec, splits, rejection.Place) is { } id && CellOf(id) is { } cell) aside[cell] = true;

        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var batches = Math.Min(width, total - (i * width));
            var tone = open[i] > 0 ? CellTone.Retried
                : running[i] > 0 ? CellTone.Running
                : done[i] == batches ? aside[i] ? CellTone.Quarantined : CellTone.Done
                : done[i] > 0 ? CellTone.Partly : CellTone.Waiting;
            return new StripCell(i * width, batches, done[i], running[i], crashed[i], aside[i], tone);
        })];

        void Count(long[] counts, BatchId id)
        {
            if (CellOf(id) is { } cell) counts[cell]++;
        }

        long? CellOf(BatchId id) => id.Split < splits.Length && starts[id.Split] + id.Ordinal is var at && at < starts[id.Split + 1] ? at / width : null;
    }

    // Of a stream, as many as have been seen: nobody knows how many there will be.
    private static long BatchesOf(JobState.Running job, Flight flight, Split split)
    {
        if (job.Plans.TryGetValue(split.Ordinal, out var plan) && plan.IsClosed) return plan.Batches;
        if (plan is null && split.Seekable && job.Spec.Inputs[split.Input].File is not null) return SplitPlanner.Batches(split, job.Spec.BatchBytes);
        var seen = job.Completed.Ranges.Where(r => r.Split == split.Ordinal).Select(r => r.To + 1L)
            .Concat(flight.Batches.Keys.Where(b => b.Split == split.Ordinal).Select(b => b.Ordinal + 1L));
        return seen.DefaultIfEmpty(0).Max();
    }

    // Rows of a page are numbered from 1; a record stands at an offset of its file.
    private static BatchId? BatchOf(JobSpec spec, ImmutableArray<Split> splits, Place place)
    {
        foreach (var split in splits)
        {
            if (split.Input != place.Input) continue;
            if (spec.Inputs[split.Input].File is null) return new(split.Ordinal, (int)((Math.Max(1, place.Position) - 1) / spec.BatchRows));
            if (split.Seekable && place.Position >= split.From && place.Position < split.To)
                return new(split.Ordinal, (int)((place.Position - split.From) / spec.BatchBytes));
        }

        return null;
    }
}
