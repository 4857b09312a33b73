using System.Collections.Immutable;

namespace Etl.Domain.Jobs;

/// <summary>Consecutive batches of one split, both ends included.</summary>
public readonly record struct BatchRange(int Split, int From, int To)
{
    /// <summary>How many batches.</summary>
    public int Count => To - From + 1;

    /// <summary>True when it begins before it ends, and within the numbers that a batch can have.</summary>
    internal bool IsValid => Split >= 0 && From >= 0 && From <= To && To <= BatchSet.MaxOrdinal;
}

/// <summary>
/// A set of batches kept as sorted, disjoint, non-adjacent ranges: the ids of a finished split cost one entry, whatever its size.
/// Union is a commutative, idempotent monoid; two equal sets have the same ranges.
/// </summary>
public sealed class BatchSet : IEquatable<BatchSet>, IMonoid<BatchSet>
{
    /// <summary>The highest number a batch can have: one less than the largest int, so that "the next one" is always a number.</summary>
    public const int MaxOrdinal = int.MaxValue - 1;

    private BatchSet(ImmutableArray<BatchRange> ranges)
    {
        Ranges = ranges;
        long count = 0;
        foreach (var range in ranges) count += range.Count;
        Count = count;
    }

    /// <inheritdoc />
    public static BatchSet Empty { get; } = new([]);

    /// <summary>The ranges in order.</summary>
    public ImmutableArray<BatchRange> Ranges { get; }

    /// <summary>How many batches are in the set.</summary>
    public long Count { get; }

    /// <summary>A set of one.</summary>
    /// <exception cref="ArgumentException">No batch has such an id.</exception>
    public static BatchSet Of(BatchId id) => FromRanges([new(id.Split, id.Ordinal, id.Ordinal)]);

    /// <summary>A set of these ids, in any order, with any repetition.</summary>
    public static BatchSet Of(IEnumerable<BatchId> ids) =>
        FromRanges(ids.Select(id => new BatchRange(id.Split, id.Ordinal, id.Ordinal)));

    /// <summary>A set of these ranges, in any order, overlapping or not.</summary>
    /// <exception cref="ArgumentException">A range ends before it begins, is negative, or goes beyond <see cref="MaxOrdinal"/>.</exception>
    public static BatchSet FromRanges(IEnumerable<BatchRange> ranges)
    {
        var sorted = ranges.ToArray();
        foreach (var r in sorted)
            if (!r.IsValid)
                throw new ArgumentException($"{r} is not a range of batches", nameof(ranges));
        Array.Sort(sorted, static (a, b) => a.Split.CompareTo(b.Split) is var c and not 0 ? c : a.From.CompareTo(b.From));
        return new(Merge(sorted));
    }

    /// <summary>True when the batch is in the set.</summary>
    public bool Contains(BatchId id) => IndexAtOrBefore(id) is >= 0 and var i && Ranges[i].Split == id.Split && id.Ordinal <= Ranges[i].To;

    /// <summary>The first batch of <paramref name="split"/> at or after <paramref name="ordinal"/> that is not in the set.</summary>
    public int NextAbsent(int split, int ordinal)
    {
        var i = IndexAtOrBefore(new(split, ordinal));
        return i >= 0 && Ranges[i].Split == split && ordinal <= Ranges[i].To ? Ranges[i].To + 1 : ordinal;
    }

    /// <summary>The set with one batch more.</summary>
    public BatchSet Add(BatchId id) => Contains(id) ? this : Combine(this, Of(id));

    /// <inheritdoc />
    public static BatchSet Combine(BatchSet left, BatchSet right) =>
        left.Ranges.IsEmpty ? right : right.Ranges.IsEmpty ? left : FromRanges(left.Ranges.AsEnumerable().Concat(right.Ranges));

    /// <summary>The batches, one by one, in order.</summary>
    public IEnumerable<BatchId> Ids()
    {
        foreach (var range in Ranges)
            for (var i = range.From; i <= range.To; i++)
                yield return new(range.Split, i);
    }

    /// <inheritdoc />
    public bool Equals(BatchSet? other) => other is not null && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as BatchSet);

    /// <inheritdoc />
    public override int GetHashCode() => new EquatableArray<BatchRange>(Ranges).GetHashCode();

    /// <inheritdoc />
    public override string ToString() =>
        string.Join(' ', Ranges.Select(r => r.From == r.To ? $"{r.Split}/{r.From}" : $"{r.Split}/{r.From}-{r.To}"));

    private static ImmutableArray<BatchRange> Merge(ReadOnlySpan<BatchRange> sorted)
    {
        var merged = ImmutableArray.CreateBuilder<BatchRange>(sorted.Length);
        foreach (var next in sorted)
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Split == next.Split && next.From <= (long)last.To + 1)
                merged[^1] = last with { To = Math.Max(last.To, next.To) };
            else
                merged.Add(next);
        }

        return merged.ToImmutable();
    }

    private int IndexAtOrBefore(BatchId id)
    {
        int low = 0, high = Ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (new BatchId(Ranges[middle].Split, Ranges[middle].From).CompareTo(id) <= 0) low = middle + 1;
            else high = middle - 1;
        }

        return high;
    }
}
