using System.Globalization;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Load;

/// <summary>
/// The oracle: the report as one obvious pass over all rows, in decimal, without batches, partials or regions of actors. It shares no
/// code with the product but the records that hold the answer.
/// </summary>
internal sealed record SequentialProgram(JobSpec Spec, bool Series, SourceChoice Choice, Func<Country, string?> RegionOf, MadeRow[] Rows)
{
    private AnswerOptions Options => Spec.Options;

    private bool Sums => Options.Duplicates == DuplicateRule.Sum;

    private DateOnly? Date => Options.AsOf ?? Choice.Edition;

    private sealed record Figure(Country Country, int Year, decimal Amount, int Rows);

    public Result<Report, ReportError> Run()
    {
        var valued = Rows.Where(r => r.Country is not null && r.Thousandths is not null).ToArray();
        var perYear = valued.GroupBy(r => (r.Country!.Code, r.Year)).ToArray();
        if (Options.Duplicates == DuplicateRule.Fail && perYear.Any(g => g.Count() > 1)) return Error(3);
        if (Options.Duplicates == DuplicateRule.Same && perYear.Any(g => g.Select(r => r.Thousandths).Distinct().Count() > 1)) return Error(3);
        if (Series && Options.Year is YearRule.Auto && Date is null) return Error(2);

        var figures = perYear.Select(g => new Figure(
            g.First().Country!, g.Key.Year, Sums ? g.Sum(r => r.Thousandths!.Value / 1000m) : g.First().Thousandths!.Value / 1000m, g.Count())).ToArray();
        var kept = Options.Year switch
        {
            YearRule.All => figures,
            YearRule.Only one => figures.Where(f => f.Year == one.Year).ToArray(),
            YearRule.Auto when Series => figures.Where(f => f.Year <= Date!.Value.Year).GroupBy(f => f.Year).OrderBy(g => g.Key).LastOrDefault()?.ToArray() ?? [],
            _ => figures.Where(f => !figures.Any(other => other.Country == f.Country && other.Year > f.Year)).ToArray(),
        };
        if (kept.Length == 0) return Error(1);

        var groups = kept.GroupBy(f => Options.Year is YearRule.All ? f.Year : -1).OrderBy(g => g.Key).ToArray();
        var countries = groups.SelectMany(Ranked).ToEquatableArray();
        var counted = kept.Sum(f => Sums ? f.Rows : 1);
        var counts = new CountEquation(
            Rows.Length, counted, valued.Length - counted,
            Rows.Count(r => r.Country is not null && r.Thousandths is null && r.Reason is null), Rows.Count(r => r.Aggregate is not null),
            Rows.Count(r => r.Reason is not null), kept.Length, kept.Where(f => RegionOf(f.Country) is null).Sum(f => Sums ? f.Rows : 1));
        return new Result<Report, ReportError>.Ok(new(
            Spec, [Choice], countries, groups.SelectMany(Tops).ToEquatableArray(), counts,
            Codes(Rows.Where(r => r.Country is not null && r.Thousandths is null && r.Reason is null).Select(r => r.Country!)),
            Codes(kept.Select(f => f.Country).Where(c => RegionOf(c) is null)),
            Rows.Where(r => r.Reason is not null).Select(r => new Rejection(
                new(r.Raw.Input, r.Raw.Row), r.Raw.Line, r.Country is null ? "Country" : Choice.Column, r.Country is null ? r.Raw.Name : r.Raw.Value, r.Reason!)).ToEquatableArray(),
            Warnings(kept, countries).Distinct().ToEquatableArray()));
    }

    /// <summary>The countries at or above the threshold, by code.</summary>
    public IEnumerable<string> Large(Report report) =>
        report.Countries.Where(c => Billions(c.Gdp) is var b && decimal.Round(b, 2, MidpointRounding.ToEven) >= Options.ThresholdBillions).Select(c => $"{c.Code}{c.Year}");

    private IEnumerable<CountryRow> Ranked(IEnumerable<Figure> group) => group
        .OrderByDescending(f => f.Amount).ThenBy(f => f.Country.Code.ToString(), StringComparer.Ordinal)
        .Select(f => new CountryRow(
            f.Country.Name, f.Country.Code, RegionOf(f.Country), f.Year == 0 ? null : f.Year, ToMoney(f.Amount), 1 + group.Count(other => other.Amount > f.Amount)));

    private IEnumerable<RegionRow> Tops(IEnumerable<Figure> group) => group
        .Where(f => RegionOf(f.Country) is not null).GroupBy(f => RegionOf(f.Country)!).OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(region =>
        {
            var members = Ranked(group).Where(c => c.Region == region.Key).Take(Options.Top).ToEquatableArray();
            var sum = members.Sum(m => Billions(m.Gdp));
            return new RegionRow(
                region.Key, members.Min(m => m.Year), members.Max(m => m.Year), Options.Top,
                decimal.Round(sum / members.Count, 2, MidpointRounding.ToEven).ToString("0.00", CultureInfo.InvariantCulture),
                new Money((Int128)(sum * 1_000_000_000_000m) * 1_000_000_000), Options.Year is YearRule.All ? members[0].Year : null, members);
        });

    private IEnumerable<string> Warnings(Figure[] kept, EquatableArray<CountryRow> countries)
    {
        foreach (var warning in Choice.Warnings) yield return warning;
        foreach (var row in Rows.Where(r => r.Note is not null)) yield return row.Note!;
        foreach (var warning in World(kept)) yield return warning;
        if (Options.Year is YearRule.LatestPerCountry)
        {
            var now = Date?.Year ?? countries.Max(c => c.Year);
            foreach (var c in countries.Where(c => now - c.Year > 2)) yield return $"{c.Country}: the latest value is of {c.Year}, {now - c.Year} years old";
        }

        if (Rows.Count(r => r.Rounded) is var rounded and > 0) yield return $"{rounded} values have digits finer than 10⁻¹² USD and were rounded half to even";
    }

    private IEnumerable<string> World(Figure[] kept)
    {
        var worlds = Rows.Where(r => r is { Aggregate: "World", Thousandths: not null }).GroupBy(r => r.Year).OrderBy(g => g.Key).ToArray();
        var years = kept.Select(f => f.Year).Distinct().ToArray();
        var any = Options.Year is YearRule.LatestPerCountry || (Options.Year is YearRule.Auto && !Series);
        foreach (var world in worlds)
        {
            var sameYear = years.Length == 1 && worlds.Any(w => w.Key == years[0]);
            var applies = Options.Year is YearRule.All ? years.Contains(world.Key)
                : sameYear ? world.Key == years[0]
                : any && worlds.Length == 1;
            if (!applies) continue;
            var said = Sums ? world.Sum(r => r.Thousandths!.Value / 1000m) : world.Average(r => r.Thousandths!.Value / 1000m);
            var sum = kept.Where(f => Options.Year is not YearRule.All || f.Year == world.Key).Sum(f => f.Amount);
            if (sum > 0 && Math.Abs(said - sum) > said * 0.02m)
                yield return $"the countries add up to {Rounded(sum)} billion USD, but the source's World row says {Rounded(said)}: more than 2 % apart; check the column and the unit";
        }
    }

    private decimal UnitInBillions => Choice.Unit switch { Unit.Usd => 0.000_000_001m, Unit.Thousand => 0.000_001m, Unit.Million => 0.001m, _ => 1m };

    private string Rounded(decimal amount) => decimal.Round(amount * UnitInBillions, 2, MidpointRounding.ToEven).ToString("0.00", CultureInfo.InvariantCulture);

    // Twelve decimals of a billion hold every value that the rows have.
    private Money ToMoney(decimal amount) => new((Int128)(amount * UnitInBillions * 1_000_000_000_000m) * 1_000_000_000);

    private static decimal Billions(Money money) => (decimal)(money.Pico / 1_000_000_000) / 1_000_000_000_000m;

    private static EquatableArray<string> Codes(IEnumerable<Country> countries) =>
        countries.Select(c => c.Code.ToString()).Distinct().Order(StringComparer.Ordinal).ToEquatableArray();

    private static Result<Report, ReportError>.Error Error(int exitCode) => new(new(exitCode, ""));
}
