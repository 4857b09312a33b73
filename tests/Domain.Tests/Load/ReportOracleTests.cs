using CsCheck;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Load;

/// <summary>The promise of the product: any batches, any order, any repetition give the answer of the sequential program.</summary>
public sealed class ReportOracleTests
{
    private static readonly CountryDirectory Directory = CountryDirectory.Default;

    private static readonly Dictionary<string, (RegionScheme Scheme, Func<Country, string?> RegionOf)> Schemes = new()
    {
        ["continent"] = (BuiltIn("continent"), c => c.Continent == "Antarctica" ? null : c.Continent),
        ["un-region"] = (BuiltIn("un-region"), c => c.UnRegion),
        ["un-subregion"] = (BuiltIn("un-subregion"), c => c.UnSubregion),
        ["wb-region"] = (BuiltIn("wb-region"), c => c.WbRegion),
        ["wb-income"] = (BuiltIn("wb-income"), c => c.WbIncome),
        ["mine.csv"] = (Own(), c => Colour(c)),
    };

    public static TheoryData<DuplicateRule, string> Rules
    {
        get
        {
            var rules = new TheoryData<DuplicateRule, string>();
            foreach (var duplicates in Enum.GetValues<DuplicateRule>())
                foreach (var year in new[] { "auto", "2024", "all", "latest-per-country" })
                    rules.Add(duplicates, year);
            return rules;
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Any_batches_in_any_order_give_the_report_of_the_sequential_program(DuplicateRule duplicates, string year)
    {
        int reports = 0, errors = 0;
        Gen.Select(Gen.Int, Gen.Int[0, 60]).Holds((seed, count) =>
        {
            var random = new Random(seed);
            var program = ProgramOf(random, duplicates, YearRule.Parse(year)!, count);
            var expected = program.Run();
            var actual = Distributed(program, random);
            if (expected is Result<Report, ReportError>.Error error)
            {
                errors++;
                Assert.Equal(error.Reason.ExitCode, Assert.IsType<Result<Report, ReportError>.Error>(actual).Reason.ExitCode);
                return;
            }

            reports++;
            AssertSame(program, Assert.IsType<Result<Report, ReportError>.Ok>(expected).Value, Assert.IsType<Result<Report, ReportError>.Ok>(actual).Value);
        });
        Assert.InRange(reports, 500, 1_000);
        Assert.InRange(errors, 1, 500);
    }

    private static void AssertSame(SequentialProgram program, Report expected, Report actual)
    {
        Assert.Equal(expected.Counts, actual.Counts);
        Assert.True(actual.Counts.Holds);
        Assert.Equal(expected.Countries, actual.Countries);
        Assert.Equal(expected.Regions, actual.Regions);
        Assert.Equal(expected.MissingCountries, actual.MissingCountries);
        Assert.Equal(expected.UnassignedCountries, actual.UnassignedCountries);
        Assert.Equal(expected.Rejections, actual.Rejections);
        Assert.Equal(expected.Warnings, actual.Warnings);
        Assert.Equal(expected, actual);
        Assert.Equal(program.Large(expected), actual.AtOrAboveThreshold.Select(c => $"{c.Code}{c.Year}"));
    }

    private static SequentialProgram ProgramOf(Random random, DuplicateRule duplicates, YearRule year, int count)
    {
        var unit = (Unit)random.Next(1, 5);
        var header = random.Next(2) * 2025;
        // Mostly rows that the rule accepts; now and then such that it must refuse.
        var kind = random.Next(5) == 0 || duplicates == DuplicateRule.Sum ? 2 : duplicates == DuplicateRule.Same ? 1 : 0;
        var scheme = Schemes.Keys.ElementAt(random.Next(Schemes.Count));
        var options = AnswerOptions.Default with
        {
            Duplicates = duplicates,
            Year = year,
            Regions = scheme,
            Top = random.Next(1, 7),
            ThresholdBillions = random.Next(3) switch { 0 => 100m, 1 => 0.05m, _ => 0.00001m },
            AsOf = random.Next(2) == 0 ? null : new DateOnly(random.Next(2021, 2027), 6, 30),
        };
        var choice = Generators.Choice with
        {
            Unit = unit,
            HeaderYear = header,
            Edition = random.Next(4) == 0 ? null : new DateOnly(random.Next(2023, 2027), 4, 1),
            Warnings = random.Next(2) == 0 ? [] : ["a warning of the source"],
        };
        return new(Generators.Spec(2, options), random.Next(2) == 0, choice, Schemes[scheme].RegionOf, new MadeRows(random, unit, header, kind).Make(count));
    }

    /// <summary>The product's way: batches are mapped, offered in any order up to three times, and written in groups.</summary>
    private static Result<Report, ReportError> Distributed(SequentialProgram program, Random random)
    {
        var scheme = Schemes[program.Spec.Options.Regions].Scheme;
        var plan = new MapPlan(program.Choice.Unit, program.Choice.HeaderYear, program.Choice.Column, program.Spec.Options.Duplicates, Directory, scheme);
        var mapped = program.Rows.Select(r => r.Raw).ToArray().Cut(random, 12).Select(rows => BatchMapper.Map(rows, plan, new RowCursor())).ToArray();
        var tally = mapped.Select(m => m.Tally).Shuffled(random).Aggregate(BatchTally.Empty, BatchTally.Combine);
        var totals = mapped.SelectMany((batch, ordinal) => batch.Partials.Select(p => (p.Region, Offer: new PartialOffer(new(0, ordinal), p.Partial))))
            .GroupBy(p => p.Region, p => p.Offer)
            .Select(region => new RegionTotal(region.Key, Reduced([.. region], random).Total)).ToArray();
        return ReportBuilder.Build(program.Spec, program.Series, Directory, scheme, [program.Choice], tally, totals.Shuffled(random));
    }

    private static RegionState Reduced(PartialOffer[] offers, Random random)
    {
        var journal = new List<RegionEvent>();
        foreach (var group in offers.SelectMany(o => Enumerable.Repeat(o, random.Next(1, 4))).Shuffled(random).Cut(random, 5))
            if (RegionReduction.Decide(RegionReduction.Fold(RegionState.Initial, journal), group) is Decision<RegionEvent, string>.Accepted accepted)
                journal.AddRange(accepted.Events);
        return RegionReduction.Fold(RegionState.Initial, journal);
    }

    private static RegionScheme BuiltIn(string name) => Assert.IsType<Parsed<RegionScheme>.Ok>(RegionScheme.TryBuiltIn(name, Directory)).Value;

    private static string? Colour(Country country) => (country.Code.Packed % 3) switch { 0 => null, 1 => "Blue", _ => "red, dark" };

    private static RegionScheme Own()
    {
        var lines = Directory.Countries.Where(c => Colour(c) is not null).Select(c => $"{c.Code},\"{Colour(c)}\"");
        return Assert.IsType<Parsed<RegionScheme>.Ok>(RegionScheme.ParseCsv("mine.csv", "country,region\n" + string.Join('\n', lines), Directory)).Value;
    }
}
