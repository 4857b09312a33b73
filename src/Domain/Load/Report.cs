using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Load;

/// <summary>A row of the result: one country's figure.</summary>
/// <param name="Region">Null: the country is known, but the scheme gives it no region.</param>
/// <param name="Year">Null when the source tells none.</param>
/// <param name="Gdp">Exact.</param>
/// <param name="Rank">By exact value within its group of years: 1 2 2 4.</param>
public sealed record CountryRow(string Country, CountryCode Code, string? Region, int? Year, Money Gdp, int Rank);

/// <summary>A region's top economies and their average.</summary>
/// <param name="YearFrom">Lowest year of its members, null when none is known.</param>
/// <param name="Top">N: how many were asked for; <paramref name="Members"/> has fewer when the region has fewer.</param>
/// <param name="Average">Mean of the exact values, rounded once to 2 decimals of a billion, as text.</param>
/// <param name="Sum">Exact sum of the members.</param>
/// <param name="Group">The year all results of this row are for, null when years are mixed.</param>
public sealed record RegionRow(
    string Region, int? YearFrom, int? YearTo, int Top, string Average, Money Sum, int? Group, EquatableArray<CountryRow> Members)
{
    /// <summary>Exact sum of the members, billions, as decimal text.</summary>
    public string SumExact => Sum.ToBillionText();
}

/// <summary>
/// Where every row that was read went. Holds in every run: <c>read = counted + superseded + missing + aggregates + quarantined</c>.
/// </summary>
/// <param name="Counted">Rows whose value is in the answer.</param>
/// <param name="Superseded">Rows of other years, and collapsed duplicates.</param>
/// <param name="Loaded">Result rows; with one row per country it equals <paramref name="Counted"/>.</param>
/// <param name="Unassigned">Of <paramref name="Counted"/>: rows of countries without a region.</param>
public sealed record CountEquation(
    long Read, long Counted, long Superseded, long Missing, long Aggregates, long Quarantined, long Loaded, long Unassigned)
{
    /// <summary>True when no row is lost and none counted twice.</summary>
    public bool Holds => Read == Counted + Superseded + Missing + Aggregates + Quarantined;
}

/// <summary>The answer: a function of the input and the options, whatever happened on the way.</summary>
/// <param name="Countries">By group of years, then highest first.</param>
/// <param name="Regions">By group of years, then region name.</param>
/// <param name="MissingCountries">Codes without an estimate, sorted.</param>
/// <param name="UnassignedCountries">Codes of known countries without a region, sorted.</param>
/// <param name="Rejections">By place.</param>
public sealed record Report(
    JobSpec Spec,
    EquatableArray<SourceChoice> Choices,
    EquatableArray<CountryRow> Countries,
    EquatableArray<RegionRow> Regions,
    CountEquation Counts,
    EquatableArray<string> MissingCountries,
    EquatableArray<string> UnassignedCountries,
    EquatableArray<Rejection> Rejections,
    EquatableArray<string> Warnings)
{
    /// <summary>The countries whose rounded value is at or above the threshold, in the order of <see cref="Countries"/>.</summary>
    public IEnumerable<CountryRow> AtOrAboveThreshold =>
        // In decimal: a threshold may have more digits than two, or be larger than any sum.
        Countries.Where(c => (decimal)c.Gdp.RoundedHundredths / 100m >= Spec.Options.ThresholdBillions);
}

/// <summary>Why there is no answer.</summary>
/// <param name="ExitCode">3 when the data contradicts itself, 2 when the options leave it open which year is meant, 1 otherwise.</param>
public sealed record ReportError(int ExitCode, string Message)
{
    /// <summary>What can be told without an answer: no countries, but the counts and the rows that were set aside. Null when there are none.</summary>
    public Report? SetAside { get; init; }
}
