using System.Globalization;
using Etl.Domain.Jobs;

namespace Etl.Domain.Load;

/// <summary>Which years of which countries are in the answer.</summary>
internal static class YearSelection
{
    private const int OldAge = 2;

    /// <summary>The candidates that count; the rows of all others are superseded.</summary>
    public static Candidate[] Select(AnswerOptions options, bool series, DateOnly? edition, Candidate[] candidates) => options.Year switch
    {
        YearRule.All => candidates,
        YearRule.Only one => [.. candidates.Where(c => c.Key.Year == one.Year)],
        YearRule.LatestPerCountry => LatestOfEach(candidates),
        YearRule.Auto when !series => LatestOfEach(candidates),
        YearRule.Auto => LatestForAll(candidates, (options.AsOf ?? edition)?.Year),
        _ => throw new System.Diagnostics.UnreachableException(options.Year.GetType().Name),
    };

    /// <summary>Names each value that is more than two years older than the edition, where years are mixed knowingly.</summary>
    public static IEnumerable<string> AgeWarnings(
        AnswerOptions options, EquatableArray<CountryRow> countries, EquatableArray<SourceChoice> choices)
    {
        if (options.Year is not YearRule.LatestPerCountry) yield break;
        var now = (options.AsOf ?? choices.Items.Select(c => c.Edition).Max())?.Year ?? countries.Items.Select(c => c.Year).Max();
        foreach (var country in countries)
            if (country.Year is { } year && now - year > OldAge)
                yield return string.Create(CultureInfo.InvariantCulture, $"{country.Country}: the latest value is of {year}, {now - year} years old");
    }

    private static Candidate[] LatestOfEach(IEnumerable<Candidate> candidates) =>
        [.. candidates.GroupBy(c => c.Key.Country).Select(g => g.MaxBy(c => c.Key.Year))];

    private static Candidate[] LatestForAll(Candidate[] candidates, int? notAfter)
    {
        var years = candidates.Select(c => c.Key.Year).Where(y => notAfter is null || y <= notAfter).ToArray();
        return years.Length == 0 ? [] : [.. candidates.Where(c => c.Key.Year == years.Max())];
    }
}
