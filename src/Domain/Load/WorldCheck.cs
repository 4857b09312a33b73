using System.Globalization;
using Etl.Domain.Map;

namespace Etl.Domain.Load;

/// <summary>
/// Holds the sum of the countries against the source's own World row: more than 2 % apart is a warning, because that is how a wrong
/// unit or a wrong column shows.
/// </summary>
internal static class WorldCheck
{
    private const string World = "World";
    private const int Percent = 2;

    public static IEnumerable<string> Warnings(
        IEnumerable<(int Year, Money Amount)> countries, bool mixed, IEnumerable<AggregateSeen> aggregates)
    {
        var sums = countries.GroupBy(c => mixed ? 0 : c.Year).ToDictionary(g => g.Key, g => g.Aggregate(Int128.Zero, (s, c) => s + c.Amount.Pico));
        var worlds = aggregates.Where(a => a.Name == World && a.Read > 0).ToArray();
        // A page tells World once, of whatever year; where years are apart, each is held against its own.
        if (mixed && worlds.Length != 1) yield break;
        foreach (var world in worlds)
        {
            if (!sums.TryGetValue(mixed ? 0 : world.Year, out var sum)) continue;
            var apart = Int128.Abs(world.Amount.Pico - sum);
            if (apart * 100 > world.Amount.Pico * Percent)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"the countries add up to {new Money(sum).ToRoundedBillionText()} billion USD, but the source's World row says {world.Amount.ToRoundedBillionText()}: more than {Percent} % apart; check the column and the unit");
        }
    }
}
