using System.Globalization;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Load;

/// <summary>A reducer's total, by the ordinal of its region.</summary>
public sealed record RegionTotal(int Region, PartialAggregate Total);

/// <summary>Turns the reducers' totals into the answer: picks the years, ranks, takes each region's top, checks the count equation. Pure.</summary>
public static class ReportBuilder
{
    private const string NoDate =
        "the source is a series of years and does not tell its date, so forecasts cannot be told from estimates: choose with --year YEAR or --as-of DATE";

    /// <summary>True when the input is a series of years: records that tell a year each.</summary>
    public static bool IsSeries(JobSpec spec, IEnumerable<RegionTotal> totals) =>
        spec.Inputs.Any(i => i.File is not null) && totals.Any(t => t.Total.Entries.Any(e => e.Key.Year != 0));

    /// <summary>
    /// Builds the report; refuses contradicting duplicates (exit 3), a series without a date when the year is left to it (exit 2), and a
    /// count equation that does not hold (exit 1).
    /// </summary>
    /// <param name="series">True when the source is a series of years, false when it is a page whose rows have one year each.</param>
    public static Result<Report, ReportError> Build(
        JobSpec spec, bool series, CountryDirectory directory, RegionScheme scheme, IEnumerable<SourceChoice> choices, BatchTally tally,
        IEnumerable<RegionTotal> totals)
    {
        var entries = totals.SelectMany(t => t.Total.Entries.Select(e => new Candidate(t.Region, e.Key, e.Value))).ToArray();
        var choice = choices.ToEquatableArray();
        if (Conflict(spec, directory, entries) is { } conflict) return Failed(3, conflict);

        var edition = choice.Items.Select(c => c.Edition).Max();
        if (series && spec.Options.Year is YearRule.Auto && (spec.Options.AsOf ?? edition) is null) return Failed(2, NoDate);
        var kept = YearSelection.Select(spec.Options, series, edition, entries);
        if (kept.Length == 0) return NothingCounts(spec, edition, choice, tally, entries);
        var mixed = spec.Options.Year is not YearRule.All;
        var countries = kept.GroupBy(c => mixed ? 0 : c.Key.Year).OrderBy(g => g.Key)
            .SelectMany(group => Rank(group, directory, scheme)).ToEquatableArray();
        var regions = countries.Where(c => c.Region is not null)
            .GroupBy(c => (Year: mixed ? null : c.Year, Region: c.Region!))
            .OrderBy(g => g.Key.Year ?? 0).ThenBy(g => g.Key.Region, StringComparer.Ordinal)
            .Select(g => RegionOf(g.Key.Region, g.Key.Year, spec.Options.Top, g)).ToEquatableArray();

        var counted = kept.Sum(c => CountedRows(spec.Options.Duplicates, c.Value));
        var counts = new CountEquation(
            tally.Read, counted, entries.Sum(e => e.Value.Rows) - counted, tally.Missing, tally.Aggregates, tally.Quarantined,
            countries.Count, kept.Where(c => c.Region == scheme.Regions.Length).Sum(c => CountedRows(spec.Options.Duplicates, c.Value)));
        if (!counts.Holds) return Failed(1, FormattableString.Invariant(
            $"the count equation does not hold: read {counts.Read}, but counted {counts.Counted} + superseded {counts.Superseded} + missing {counts.Missing} + aggregates {counts.Aggregates} + quarantined {counts.Quarantined}; nothing was loaded"));

        var unassigned = countries.Where(c => c.Region is null).Select(c => c.Code.ToString()).Distinct().Order(StringComparer.Ordinal);
        var warnings = choice.SelectMany(c => c.Warnings).Concat(tally.Notes.Select(n => n.Text))
            .Concat(MoreNotes(tally)).Concat(WorldCheck.Warnings(spec.Options, series, [.. kept.Select(k => (k.Key.Year, k.Amount))], tally.AggregatesSeen))
            .Concat(YearSelection.AgeWarnings(spec.Options, countries, choice)).Concat(Rounding(tally));
        return new Result<Report, ReportError>.Ok(new(
            spec, choice, countries, regions, counts, tally.MissingCountries, unassigned.ToEquatableArray(), tally.Rejections,
            warnings.Distinct(StringComparer.Ordinal).ToEquatableArray()));
    }

    // Why nothing counts is mostly in the rows that were set aside: a wrong delimiter or column rejects every one.
    private static Result<Report, ReportError> NothingCounts(
        JobSpec spec, DateOnly? edition, EquatableArray<SourceChoice> choices, BatchTally tally, Candidate[] entries)
    {
        var message = entries.Length == 0 ? "no row has a country and a value: nothing to load" : NoSuchYear(spec.Options, edition, entries);
        if (tally.Quarantined == 0) return Failed(1, message);
        var counts = new CountEquation(tally.Read, 0, entries.Sum(e => e.Value.Rows), tally.Missing, tally.Aggregates, tally.Quarantined, 0, 0);
        var setAside = new Report(spec, choices, [], [], counts, tally.MissingCountries, [], tally.Rejections, []);
        return new Result<Report, ReportError>.Error(new(1, string.Create(
            CultureInfo.InvariantCulture, $"{message}; {counts.Quarantined} of {counts.Read} rows are quarantined, first: {QualityGate.First(setAside)}"))
        {
            SetAside = setAside,
        });
    }

    private static string NoSuchYear(AnswerOptions options, DateOnly? edition, Candidate[] entries) =>
        (options.Year is YearRule.Only one ? $"no value is of year {one}" : FormattableString.Invariant($"no value is of {(options.AsOf ?? edition)?.Year} or before"))
            + "; years in the input: "
            + string.Join(", ", entries.Select(e => e.Key.Year).Distinct().Order().Select(y => y == 0 ? "unknown" : y.ToString(CultureInfo.InvariantCulture)))
            + "; choose one with --year";

    private static long CountedRows(DuplicateRule rule, Aggregate aggregate) => rule == DuplicateRule.Sum ? aggregate.Rows : 1;

    private static string? Conflict(JobSpec spec, CountryDirectory directory, IEnumerable<Candidate> entries)
    {
        var found = entries
            .Select(e => (e.Key, First: e.Value.First, Other: spec.Options.Duplicates switch
            {
                DuplicateRule.Same => e.Value.Different,
                DuplicateRule.Fail => e.Value.Second,
                _ => null,
            }))
            .Where(e => e.Other is not null).OrderBy(e => e.First!.Place).ToArray();
        if (found.Length == 0) return null;
        var (key, first, other) = found[0];
        var year = key.Year == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" in {key.Year}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{directory.Find(key.Country)?.Name ?? key.Country.ToString()} stands twice{year}: {first!.Amount.ToMillionText()} million USD at {At(spec, first.Place)}, {other!.Amount.ToMillionText()} at {At(spec, other.Place)}")
            + (found.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $" (and {found.Length - 1} more)") : "")
            + "; --duplicates sum adds rows up, or correct the input";
    }

    // A place is a row of a page, or a byte of a file: "row 58" of a file of three lines would send people looking for nothing.
    private static string At(JobSpec spec, Place place) => spec.Inputs[place.Input] is { File: not null } file
        ? string.Create(CultureInfo.InvariantCulture, $"byte {place.Position} of {file.Label}")
        : string.Create(CultureInfo.InvariantCulture, $"row {place.Position}") + (place.Input == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" of input {place.Input + 1}"));

    private static IEnumerable<CountryRow> Rank(IEnumerable<Candidate> group, CountryDirectory directory, RegionScheme scheme)
    {
        var rank = 0;
        var position = 0;
        Money? previous = null;
        foreach (var candidate in group.OrderByDescending(c => c.Amount).ThenBy(c => c.Key.Country).ThenByDescending(c => c.Key.Year))
        {
            position++;
            if (candidate.Amount != previous) rank = position;
            previous = candidate.Amount;
            yield return new(
                directory.Find(candidate.Key.Country)?.Name ?? candidate.Key.Country.ToString(), candidate.Key.Country,
                candidate.Region < scheme.Regions.Length ? scheme.Regions[candidate.Region] : null,
                candidate.Key.Year == 0 ? null : candidate.Key.Year, candidate.Amount, rank);
        }
    }

    private static RegionRow RegionOf(string region, int? year, int top, IEnumerable<CountryRow> ranked)
    {
        var members = TopN.Take(ranked, top).ToEquatableArray();
        var sum = members.Aggregate(default(Money), (total, member) => total + member.Gdp);
        var years = members.Where(m => m.Year is not null).Select(m => m.Year!.Value).ToArray();
        return new(
            region, years.Length == 0 ? null : years.Min(), years.Length == 0 ? null : years.Max(), top,
            Money.MeanBillions(sum.Pico, members.Count).Text, sum, year, members);
    }

    private static IEnumerable<string> MoreNotes(BatchTally tally) => tally.NotesTotal > tally.Notes.Count
        ? [string.Create(CultureInfo.InvariantCulture, $"{tally.NotesTotal - tally.Notes.Count} further notes on rows are not listed")] : [];

    private static IEnumerable<string> Rounding(BatchTally tally) => tally.Rounded > 0
        ? [string.Create(CultureInfo.InvariantCulture, $"{tally.Rounded} values have digits finer than 10⁻¹² USD and were rounded half to even")] : [];

    private static Result<Report, ReportError> Failed(int exitCode, string message) =>
        new Result<Report, ReportError>.Error(new(exitCode, message));
}
