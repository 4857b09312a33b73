using System.Collections.Immutable;
using Etl.Domain.Countries;

namespace Etl.Domain.Reduce;

/// <summary>What is aggregated by: a country and the year its figure is for.</summary>
/// <param name="Year">0 when the source tells no year.</param>
public readonly record struct AggregateKey(int Year, CountryCode Country) : IComparable<AggregateKey>
{
    /// <inheritdoc />
    public int CompareTo(AggregateKey other) =>
        Year.CompareTo(other.Year) is var c and not 0 ? c : Country.CompareTo(other.Country);
}

/// <summary>One line of a partial.</summary>
public readonly record struct AggregateEntry(AggregateKey Key, Aggregate Value);

/// <summary>
/// A region's rows, combined per country and year: what a mapper sends instead of its rows, what a reducer adds up, what the journal
/// keeps. Sorted by key without repetition, so equal partials are equal entry by entry and have equal bytes. A commutative monoid
/// with exact integer sums: any grouping into batches and any order give the same partial.
/// </summary>
public sealed class PartialAggregate : IEquatable<PartialAggregate>, IMonoid<PartialAggregate>
{
    private PartialAggregate(ImmutableArray<AggregateEntry> entries) => Entries = entries;

    /// <inheritdoc />
    public static PartialAggregate Empty { get; } = new([]);

    /// <summary>The entries, by year, then country code.</summary>
    public ImmutableArray<AggregateEntry> Entries { get; }

    /// <summary>How many rows are in it.</summary>
    public long Rows
    {
        get
        {
            long rows = 0;
            foreach (var entry in Entries) rows += entry.Value.Rows;
            return rows;
        }
    }

    /// <summary>Combines loose entries, in any order, with any repetition of keys.</summary>
    public static PartialAggregate Of(IEnumerable<AggregateEntry> entries)
    {
        var sorted = entries.OrderBy(e => e.Key).ToArray();
        var combined = ImmutableArray.CreateBuilder<AggregateEntry>(sorted.Length);
        foreach (var entry in sorted)
        {
            if (combined.Count > 0 && combined[^1].Key == entry.Key)
                combined[^1] = new(entry.Key, Aggregate.Combine(combined[^1].Value, entry.Value));
            else
                combined.Add(entry);
        }

        return combined.Count == 0 ? Empty : new(combined.ToImmutable());
    }

    /// <summary>Takes entries that are in order already, without copying them.</summary>
    /// <exception cref="ArgumentException">They are not sorted by key, or a key stands twice.</exception>
    public static PartialAggregate FromSorted(ImmutableArray<AggregateEntry> entries)
    {
        for (var i = 1; i < entries.Length; i++)
            if (entries[i - 1].Key.CompareTo(entries[i].Key) >= 0)
                throw new ArgumentException($"entry {i} of a partial is not after the one before it", nameof(entries));
        return entries.IsDefaultOrEmpty ? Empty : new(entries);
    }

    /// <summary>As <see cref="FromSorted"/>, by whoever knows their order.</summary>
    internal static PartialAggregate FromOrdered(ImmutableArray<AggregateEntry> entries) => entries.IsEmpty ? Empty : new(entries);

    /// <inheritdoc />
    public static PartialAggregate Combine(PartialAggregate left, PartialAggregate right)
    {
        if (left.Entries.IsEmpty) return right;
        if (right.Entries.IsEmpty) return left;
        var (large, small) = left.Entries.Length >= right.Entries.Length ? (left, right) : (right, left);
        var sum = new PartialSum();
        sum.Add(large);
        sum.Add(small);
        return sum.Take();
    }

    /// <inheritdoc />
    public bool Equals(PartialAggregate? other) => other is not null && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as PartialAggregate);

    /// <inheritdoc />
    public override int GetHashCode() => new EquatableArray<AggregateEntry>(Entries).GetHashCode();
}
