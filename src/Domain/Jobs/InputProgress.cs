using System.Collections.Immutable;
using Etl.Domain.Extract.Files;

namespace Etl.Domain.Jobs;

/// <summary>
/// How much of a job's files is read, for people: where one is read from its beginning, nobody knows how many batches it has before its end.
/// Volatile: a process begins at nothing.
/// </summary>
/// <param name="Streams">By split: the bytes of the file itself, compressed as it is, that were read.</param>
public sealed record InputProgress(ImmutableDictionary<int, long> Streams)
{
    /// <summary>Nothing read yet.</summary>
    public static InputProgress Empty { get; } = new(ImmutableDictionary<int, long>.Empty);

    /// <summary>A stream has come so far; one that is read from its beginning again goes back.</summary>
    public InputProgress Read(int split, long position) => new(Streams.SetItem(split, position));

    /// <summary>Bytes read, and of all files; 0 and 0 for a page, where batches can be counted, or the length is not known.</summary>
    public (long Done, long Planned) Of(JobState.Running job)
    {
        if (job.ExpectedBatches is not null || !job.Spec.IsResumable || job.Spec.Inputs.Items.Any(i => i.File is null)) return (0, 0);
        var batches = job.Completed.Ranges.GroupBy(r => r.Split).ToDictionary(g => g.Key, g => g.Sum(r => (long)r.Count));
        long done = 0, planned = 0;
        foreach (var split in SplitPlanner.Splits(job.Spec))
        {
            var length = split.To - split.From;
            planned += length;
            done += job.IsComplete(split.Ordinal) ? length
                : Math.Min(length, split.Seekable
                    ? batches.GetValueOrDefault(split.Ordinal) * job.Spec.BatchBytes : Streams.GetValueOrDefault(split.Ordinal));
        }

        return (done, planned);
    }
}
