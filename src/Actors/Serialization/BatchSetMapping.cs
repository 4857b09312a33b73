using Etl.Domain.Jobs;

namespace Etl.Actors.Serialization;

/// <summary>Sets of batches as steps between their ranges: a range of a long job costs about three bytes.</summary>
internal static class BatchSetMapping
{
    private const int NumbersPerRange = 3;

    public static Stored.BatchSet ToStored(this BatchSet set)
    {
        var stored = new Stored.BatchSet();
        stored.Ranges.Capacity = set.Ranges.Length * NumbersPerRange;
        int split = 0, end = 0;
        foreach (var range in set.Ranges)
        {
            if (range.Split != split) end = 0;
            stored.Ranges.Add((uint)(range.Split - split));
            stored.Ranges.Add((uint)(range.From - end));
            stored.Ranges.Add((uint)(range.To - range.From));
            (split, end) = (range.Split, range.To);
        }

        return stored;
    }

    public static BatchSet FromStored(this Stored.BatchSet stored)
    {
        if (stored.Ranges.Count % NumbersPerRange != 0) throw new InvalidDataException("a range of batches is incomplete");
        var ranges = new BatchRange[stored.Ranges.Count / NumbersPerRange];
        int split = 0, end = 0;
        for (var i = 0; i < ranges.Length; i++)
        {
            var step = stored.Ranges[i * NumbersPerRange];
            if (step != 0) end = 0;
            // Checked: what does not fit an int was never written.
            split = checked((int)(split + step));
            var from = checked((int)(end + stored.Ranges[(i * NumbersPerRange) + 1]));
            end = checked((int)(from + stored.Ranges[(i * NumbersPerRange) + 2]));
            ranges[i] = new(split, from, end);
        }

        return ranges.Length == 0 ? BatchSet.Empty : BatchSet.FromRanges(ranges);
    }
}
