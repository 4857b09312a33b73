using System.Collections.Immutable;
using Etl.Domain.Jobs;

namespace Etl.Domain.Map;

/// <summary>A row that is set aside: where it stood, what it said, and a stable text why. Never an exception's message.</summary>
/// <param name="Place">Its place in the job's order.</param>
/// <param name="Line">
/// Line in the file, from 1, where known. In a batch of a file, which does not know what is before it: how many lines of the batch are
/// before the row, from 0; the report makes it absolute.
/// </param>
/// <param name="Column">The column at fault.</param>
/// <param name="Text">The text at fault, at most <see cref="MaxText"/> characters.</param>
/// <param name="Reason">A stable text: it ends up in a file that must be the same to the byte.</param>
public sealed record Rejection(Place Place, long? Line, string Column, string Text, string Reason) : IComparable<Rejection>
{
    /// <summary>Longer texts are cut here.</summary>
    public const int MaxText = 200;

    /// <summary>Cuts a text to <see cref="MaxText"/> characters, never inside a surrogate pair.</summary>
    public static string Cut(string text) =>
        text.Length <= MaxText ? text : text[..(char.IsHighSurrogate(text[MaxText - 1]) ? MaxText - 1 : MaxText)];

    /// <summary>By place. One row can hold several faults (a series has a column per year), so ties break on everything else: the order is total.</summary>
    public int CompareTo(Rejection? other) =>
        other is null ? 1
        : Place.CompareTo(other.Place) is var place and not 0 ? place
        : string.CompareOrdinal(Reason, other.Reason) is var reason and not 0 ? reason
        : string.CompareOrdinal(Column, other.Column) is var column and not 0 ? column
        : string.CompareOrdinal(Text, other.Text) is var text and not 0 ? text
        : Nullable.Compare(Line, other.Line);
}

/// <summary>Something a person should know about a row that counts all the same.</summary>
public sealed record RowNote(Place Place, string Text) : IComparable<RowNote>
{
    /// <summary>By place, then text: total.</summary>
    public int CompareTo(RowNote? other) =>
        other is null ? 1 : Place.CompareTo(other.Place) is var place and not 0 ? place : string.CompareOrdinal(Text, other.Text);
}

/// <summary>What an aggregate of the source ("World") said, per name and year.</summary>
/// <param name="Year">0 when the source tells no year.</param>
/// <param name="Amount">The sum of the values that could be read.</param>
/// <param name="Read">How many rows had a readable value.</param>
public sealed record AggregateSeen(string Name, int Year, long Rows, Money Amount, long Read);

/// <summary>
/// The part of a batch's result that has no region: counts, quarantine entries, notes. A commutative monoid; its lists keep the lowest
/// places and are cut at fixed lengths, so that they do not depend on grouping or timing.
/// </summary>
/// <param name="Read">Rows read.</param>
/// <param name="Records">Rows that became country records and went to the reducers.</param>
/// <param name="Missing">Rows of a country without an estimate.</param>
/// <param name="Aggregates">Rows that are not countries.</param>
/// <param name="Quarantined">Rows set aside; exact, though <paramref name="Rejections"/> is limited.</param>
/// <param name="Rounded">Values with digits finer than 10⁻¹² USD, rounded when read.</param>
/// <param name="MissingCountries">Codes of the countries without an estimate, sorted, distinct.</param>
/// <param name="AggregatesSeen">By name and year.</param>
/// <param name="Rejections">The first by place, at most the limit of the job.</param>
/// <param name="Notes">The first by place, at most <see cref="MaxNotes"/>.</param>
/// <param name="NotesTotal">How many notes there were.</param>
public sealed record BatchTally(
    long Read,
    long Records,
    long Missing,
    long Aggregates,
    long Quarantined,
    long Rounded,
    EquatableArray<string> MissingCountries,
    EquatableArray<AggregateSeen> AggregatesSeen,
    EquatableArray<Rejection> Rejections,
    EquatableArray<RowNote> Notes,
    long NotesTotal) : IMonoid<BatchTally>
{
    /// <summary>How many notes are kept.</summary>
    public const int MaxNotes = 100;

    /// <summary>How many rejections are kept with their details. The count is always exact.</summary>
    public const int MaxRejections = 10_000;

    /// <inheritdoc />
    public static BatchTally Empty { get; } = new(0, 0, 0, 0, 0, 0, [], [], [], [], 0);

    /// <inheritdoc />
    public static BatchTally Combine(BatchTally left, BatchTally right) => Combine(left, right, MaxRejections);

    /// <summary>Both together, with the details of at most <paramref name="rejections"/> rows, the lowest: the limit of the job.</summary>
    public static BatchTally Combine(BatchTally left, BatchTally right, int rejections) => new(
        left.Read + right.Read,
        left.Records + right.Records,
        left.Missing + right.Missing,
        left.Aggregates + right.Aggregates,
        left.Quarantined + right.Quarantined,
        left.Rounded + right.Rounded,
        Both(left.MissingCountries, right.MissingCountries, Distinct),
        Both(left.AggregatesSeen, right.AggregatesSeen, Summed),
        Merge(left.Rejections, right.Rejections, rejections),
        Merge(left.Notes, right.Notes, MaxNotes),
        left.NotesTotal + right.NotesTotal);

    /// <summary>A tally of loose findings, in any order; the lists are brought into their canonical order and length.</summary>
    public static BatchTally Of(
        long read, long records, long rounded, IReadOnlyCollection<string> missing, IReadOnlyCollection<AggregateSeen> aggregates,
        IReadOnlyCollection<Rejection> rejections, IReadOnlyCollection<RowNote> notes) => new(
        read, records, missing.Count, aggregates.Count, rejections.Count, rounded,
        Distinct(missing), Summed(aggregates), Lowest(rejections, MaxRejections), Lowest(notes, MaxNotes), notes.Count);

    /// <summary>The same with at most so many rejections, the lowest.</summary>
    public BatchTally Cut(int rejections) =>
        Rejections.Count <= rejections ? this : this with { Rejections = new(Rejections.Items[..rejections]) };

    /// <summary>
    /// The same without the details that are of no use beside <paramref name="held"/>: combined with it and cut to
    /// <paramref name="rejections"/>, the two give the same. Counts are kept.
    /// </summary>
    public BatchTally Beside(BatchTally held, int rejections) => this with
    {
        Rejections = Useful(held.Rejections, Rejections, rejections),
        Notes = Useful(held.Notes, Notes, MaxNotes),
    };

    // Both lists are in order: what of the second is among the lowest of both. Of two that are equal, the held one comes first.
    private static EquatableArray<T> Useful<T>(EquatableArray<T> held, EquatableArray<T> more, int limit) where T : IComparable<T>
    {
        if (held.Count + more.Count <= limit) return more;
        int h = 0, m = 0;
        while (h + m < limit && m < more.Count)
        {
            if (h < held.Count && held[h].CompareTo(more[m]) <= 0) h++;
            else m++;
        }

        return m == more.Count ? more : new(more.Items[..m]);
    }

    private static EquatableArray<T> Both<T>(
        EquatableArray<T> left, EquatableArray<T> right, Func<IEnumerable<T>, EquatableArray<T>> canonical) =>
        right.IsEmpty ? left : left.IsEmpty ? right : canonical(left.Concat(right));

    private static EquatableArray<string> Distinct(IEnumerable<string> codes) =>
        codes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToEquatableArray();

    private static EquatableArray<AggregateSeen> Summed(IEnumerable<AggregateSeen> seen) => seen
        .GroupBy(a => (a.Name, a.Year))
        .Select(g => g.Aggregate((a, b) => a with { Rows = a.Rows + b.Rows, Amount = a.Amount + b.Amount, Read = a.Read + b.Read }))
        .OrderBy(a => a.Name, StringComparer.Ordinal).ThenBy(a => a.Year)
        .ToEquatableArray();

    private static EquatableArray<T> Lowest<T>(IEnumerable<T> findings, int limit) where T : IComparable<T> =>
        findings.Order().Take(limit).ToEquatableArray();

    // Both lists are in order already: the coordinator combines for every batch, and sorting thousands each time would show.
    private static EquatableArray<T> Merge<T>(EquatableArray<T> left, EquatableArray<T> right, int limit) where T : IComparable<T>
    {
        if (right.IsEmpty && left.Count <= limit) return left;
        if (left.IsEmpty && right.Count <= limit) return right;
        var merged = ImmutableArray.CreateBuilder<T>(Math.Min(left.Count + right.Count, limit));
        for (int l = 0, r = 0; merged.Count < merged.Capacity;)
            merged.Add(r == right.Count || (l < left.Count && left[l].CompareTo(right[r]) <= 0) ? left[l++] : right[r++]);
        return merged.MoveToImmutable();
    }
}
