using System.Collections.Immutable;
using Etl.Domain.Extract.Files;
using Etl.Domain.Map;

namespace Etl.Domain.Jobs;

/// <summary>
/// How many lines each batch of a job's files has. A mapper does not know what is before its batch, so it counts lines from there;
/// what makes the line of a rejected row absolute is kept here when the ids of the batches collapse.
/// </summary>
public sealed record BatchLines(ImmutableSortedDictionary<BatchId, long> Counts)
{
    /// <summary>No batch yet.</summary>
    public static BatchLines Empty { get; } = new(ImmutableSortedDictionary<BatchId, long>.Empty);

    /// <summary>With the lines of more batches, in the order of the set.</summary>
    public BatchLines Add(BatchSet batches, EquatableArray<long> lines) =>
        new(Counts.SetItems(batches.Ids().Zip(lines.Items, KeyValuePair.Create)));

    /// <summary>The rejections with absolute line numbers; those of inputs without lines stay as they are.</summary>
    public EquatableArray<Rejection> Number(JobSpec spec, EquatableArray<Rejection> rejections)
    {
        if (rejections.IsEmpty) return rejections;
        var splits = SplitPlanner.Splits(spec).ToLookup(s => s.Input);
        var before = LinesBefore(spec);
        return rejections.Select(r =>
        {
            var split = splits[r.Place.Input].Last(s => s.From <= r.Place.Position);
            var batch = new BatchId(split.Ordinal, (int)((r.Place.Position - split.From) / spec.BatchBytes));
            return before.TryGetValue(batch, out var lines) && r.Line is { } local ? r with { Line = 1 + lines + local } : r;
        }).ToEquatableArray();
    }

    private Dictionary<BatchId, long> LinesBefore(JobSpec spec)
    {
        var inputs = SplitPlanner.Splits(spec).Select(s => s.Input).ToArray();
        var before = new Dictionary<BatchId, long>();
        var (input, sum) = (-1, 0L);
        // In the order of ids: splits of one input follow each other, so the sum goes on from one to the next.
        foreach (var (batch, lines) in Counts)
        {
            if (inputs[batch.Split] != input) (input, sum) = (inputs[batch.Split], 0);
            before[batch] = sum;
            sum += lines;
        }

        return before;
    }
}
