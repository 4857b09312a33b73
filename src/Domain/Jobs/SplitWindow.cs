using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>
/// Which splits of a job have an extractor: the lowest that are not complete, a few at once. An extractor holds its file open, and a job
/// may have thousands.
/// </summary>
/// <param name="Open">Splits that have one.</param>
public sealed record SplitWindow(ImmutableSortedSet<int> Open)
{
    /// <summary>So many splits at once: 64 GiB of a large file, or 64 files.</summary>
    public const int Width = 64;

    /// <summary>None yet.</summary>
    public static SplitWindow Empty { get; } = new(ImmutableSortedSet<int>.Empty);

    /// <summary>Which splits begin, which are complete, and the window after that.</summary>
    public (ImmutableArray<int> Start, ImmutableArray<int> Stop, SplitWindow After) Next(JobState.Running running)
    {
        var stop = Open.Where(running.IsComplete).ToImmutableArray();
        var open = Open.Except(stop);
        // Splits begin in order, so what is below the lowest that was open is complete.
        var start = ImmutableArray.CreateBuilder<int>();
        for (var split = Open.IsEmpty ? 0 : Open.Min; split < running.Splits && open.Count + start.Count < Width; split++)
        {
            if (!open.Contains(split) && !running.IsComplete(split))
                start.Add(split);
        }

        return (start.ToImmutable(), stop, new(open.Union(start)));
    }
}
