using Etl.Domain.Map;

namespace Etl.Domain.Load;

/// <summary>A class of amounts.</summary>
/// <param name="From">Billions of USD, the least that is in it; null: everything less than <paramref name="To"/>.</param>
/// <param name="To">Billions of USD, the least that is above it; null: everything from <paramref name="From"/> on.</param>
/// <param name="Count">How many amounts are in it.</param>
public sealed record AmountClass(long? From, long? To, int Count);

/// <summary>How amounts of very different size are spread: classes that grow by 2, 2.5 and 2, so that each is as wide on a logarithmic scale.</summary>
public static class Distribution
{
    private static readonly long[] Bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>The classes, lowest first; always the same ones, so that distributions can be held against each other.</summary>
    public static EquatableArray<AmountClass> Of(IEnumerable<Money> amounts)
    {
        var counts = new int[Bounds.Length + 1];
        foreach (var amount in amounts) counts[ClassOf(amount)]++;
        return counts.Select((count, i) => new AmountClass(
            i == 0 ? null : Bounds[i - 1], i == Bounds.Length ? null : Bounds[i], count)).ToEquatableArray();
    }

    // The rounded value, which is what is shown: 100.00 is not below 100.
    private static int ClassOf(Money amount)
    {
        var hundredths = amount.RoundedHundredths;
        var above = Array.FindIndex(Bounds, bound => hundredths < (Int128)bound * 100);
        return above < 0 ? Bounds.Length : above;
    }
}
