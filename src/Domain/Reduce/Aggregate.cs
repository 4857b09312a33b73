using System.Runtime.CompilerServices;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Reduce;

/// <summary>A row that contributed: where it stood and its exact amount. Kept so that a conflict can name its rows.</summary>
public sealed record Witness(Place Place, Money Amount) : IComparable<Witness>
{
    /// <summary>By place; two values at one place (a row of a series that tells a year twice) break the tie by amount: the order is total.</summary>
    public int CompareTo(Witness? other) =>
        other is null ? 1 : Place.CompareTo(other.Place) is var place and not 0 ? place : Amount.CompareTo(other.Amount);
}

/// <summary>
/// All rows of one (country, year) seen so far: their exact sum, how many, and up to three witnesses. A commutative monoid.
/// </summary>
/// <param name="Sum">Exact sum of the amounts.</param>
/// <param name="Rows">How many rows are in it.</param>
/// <param name="First">The row at the lowest place, or null where witnesses are not kept (contributions that are summed).</param>
/// <param name="Second">The row at the second lowest place, if any.</param>
/// <param name="Different">The row at the lowest place among those whose amount differs from <paramref name="First"/>'s, if any.</param>
public readonly record struct Aggregate(Money Sum, long Rows, Witness? First, Witness? Second, Witness? Different) : IMonoid<Aggregate>
{
    /// <inheritdoc />
    public static Aggregate Empty => default;

    /// <summary>One row, remembered by its place.</summary>
    public static Aggregate OfWitnessed(Place place, Money amount) => new(amount, 1, new(place, amount), null, null);

    /// <summary>One contribution to a sum; its place is not kept.</summary>
    public static Aggregate OfContribution(Money amount) => new(amount, 1, null, null, null);

    /// <inheritdoc />
    /// <remarks>
    /// Keeping "the two lowest places" and "the two lowest distinct amounts" is associative: what is dropped has two better ones
    /// in its own group, and still has them in every larger group.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Aggregate Combine(Aggregate left, Aggregate right)
    {
        var sum = left.Sum + right.Sum;
        var rows = left.Rows + right.Rows;
        // Contributions that are summed: as many as there are batches and keys.
        return left.First is null && right.First is null ? new(sum, rows, null, null, null) : CombineWitnessed(left, right, sum, rows);
    }

    private static Aggregate CombineWitnessed(in Aggregate left, in Aggregate right, Money sum, long rows)
    {
        if (left.First is null || right.First is null)
        {
            var kept = left.First is null ? right : left;
            return kept with { Sum = sum, Rows = rows };
        }

        var (low, high) = left.First.CompareTo(right.First) <= 0 ? (left, right) : (right, left);
        var different = Lowest(low.Different, high.First!.Amount != low.First!.Amount ? high.First : high.Different);
        return new(sum, rows, low.First, Lowest(low.Second, high.First), different);
    }

    private static Witness? Lowest(Witness? a, Witness? b) =>
        a is null ? b : b is null ? a : a.CompareTo(b) <= 0 ? a : b;
}
