using System.Globalization;
using Etl.Domain.Jobs;
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

    /// <param name="countries">The values in the answer: collapsed duplicates once, contributions all.</param>
    public static IEnumerable<string> Warnings(
        AnswerOptions options, bool series, IReadOnlyCollection<(int Year, Money Amount)> countries, IEnumerable<AggregateSeen> aggregates)
    {
        var worlds = aggregates.Where(a => a.Name == World && a.Read > 0).ToArray();
        var compared = options.Year is YearRule.All
            ? worlds.Select(w => (World: w, Sum: Sum(countries.Where(c => c.Year == w.Year))))
            : TheOne(options.Year, series, [.. countries.Select(c => c.Year).Distinct()], worlds).Select(w => (World: w, Sum: Sum(countries)));
        foreach (var (world, sum) in compared.Where(c => c.Sum > Int128.Zero))
        {
            // World stands among the rows like any country: repeated, it says the same again, unless rows are contributions.
            var said = options.Duplicates == DuplicateRule.Sum ? world.Amount.Pico : world.Amount.Pico / world.Read;
            if (Int128.Abs(said - sum) * 100 > said * Percent)
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"the countries add up to {new Money(sum).ToRoundedBillionText()} billion USD, but the source's World row says {new Money(said).ToRoundedBillionText()}: more than {Percent} % apart; check the column and the unit");
        }
    }

    // The World row of the answer's year; where an answer mixes years, the source's only one, of whatever year.
    private static IEnumerable<AggregateSeen> TheOne(YearRule rule, bool series, int[] years, AggregateSeen[] worlds) =>
        years.Length == 1 && worlds.FirstOrDefault(w => w.Year == years[0]) is { } same ? [same]
        : worlds.Length == 1 && (rule is YearRule.LatestPerCountry || (rule is YearRule.Auto && !series)) ? worlds
        : [];

    private static Int128 Sum(IEnumerable<(int Year, Money Amount)> countries) =>
        countries.Aggregate(Money.Zero, static (sum, c) => sum + c.Amount).Pico;
}
