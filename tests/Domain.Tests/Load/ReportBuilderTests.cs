using System.Globalization;
using Etl.Domain.Countries;
using Etl.Domain.Load;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Load;

public sealed class ReportBuilderTests
{
    private static readonly DateOnly Edition = new(2025, 4, 22);

    [Fact]
    public void Equal_values_share_a_rank_and_the_next_is_skipped_and_ties_break_on_the_code() =>
        Assert.Equal("1:USA 2:CHN 2:DEU 4:FRA", Reports.Of(Reports.Default, ("Germany", "20"), ("France", "7"), ("United States", "30"), ("China", "20")).Countries.Texts());

    [Fact]
    public void A_rank_is_by_the_exact_value_not_by_what_is_shown()
    {
        var report = Reports.Of(Reports.Default, ("France", "20.001"), ("Germany", "20.002"));
        Assert.Equal("1:DEU 2:FRA", report.Countries.Texts());
        Assert.Equal(["20.00", "20.00"], report.Countries.Select(c => c.Gdp.ToRoundedBillionText()));
    }

    [Fact]
    public void A_region_with_fewer_members_averages_those_it_has()
    {
        var report = Reports.Of(Reports.Default, ("France", "20"), ("Germany", "31"), ("Brazil", "7"));
        Assert.Equal(["Europe 25.50 51 5 DEU FRA", "South America 7.00 7 5 BRA"], report.Regions.Select(Text));
    }

    [Fact]
    public void The_top_is_cut_by_value_then_code()
    {
        var report = Reports.Of(Reports.Default with { Top = 2 }, ("Germany", "9"), ("Austria", "5"), ("France", "5"), ("Belgium", "5"));
        Assert.Equal("Europe 7.00 14 2 DEU AUT", Text(Assert.Single(report.Regions)));
        Assert.Equal("1:DEU 2:AUT 2:BEL 2:FRA", report.Countries.Texts());
    }

    [Theory]
    [InlineData("1.005", "1.005", "1.00")]
    [InlineData("1.005", "1.0050000001", "1.01")]
    [InlineData("1.014", "1.016", "1.02")]
    [InlineData("1.004", "1.004", "1.00")]
    public void A_mean_is_rounded_once_from_the_exact_sum(string one, string other, string mean) =>
        // Rounding the members first would give 1.00, 1.00, 1.01 or 1.02, 1.00.
        Assert.Equal(mean, Assert.Single(Reports.Of(Reports.Default, ("France", one), ("Germany", other)).Regions).Average);

    [Theory]
    [InlineData("99.995", "100", true)]
    [InlineData("99.99499", "100", false)]
    [InlineData("99.985", "99.98", true)]
    [InlineData("99.985", "99.99", false)]
    [InlineData("99.99", "99.999", false)]
    [InlineData("0.00", "0", true)]
    [InlineData("999999", "79228162514264337593543950335", false)]
    public void The_threshold_is_held_against_the_rounded_value(string value, string threshold, bool above)
    {
        var options = Reports.Default with { ThresholdBillions = decimal.Parse(threshold, CultureInfo.InvariantCulture) };
        Assert.Equal(above, Reports.Of(options, ("France", value)).AtOrAboveThreshold.Any());
    }

    [Fact]
    public void A_country_without_a_region_is_listed_named_and_in_no_average()
    {
        var report = Reports.Of(Reports.Default, ("Antarctica", "5"), ("France", "3"));
        Assert.Equal("1:ATA 2:FRA", report.Countries.Texts());
        Assert.Null(report.Countries[0].Region);
        Assert.Equal(["ATA"], report.UnassignedCountries);
        Assert.Equal("Europe", Assert.Single(report.Regions).Region);
        Assert.Equal(new CountEquation(2, 2, 0, 0, 0, 0, 2, 1), report.Counts);
    }

    [Fact]
    public void Every_row_is_in_one_term_of_the_count_equation()
    {
        var report = Reports.Of(
            Reports.Default, ("France", "3"), ("France", "3.0"), ("Germany", "—"), ("World", "3"), ("Atlantis", "3"), ("Brazil", "1,2"), ("European Union", "n/a"));
        Assert.Equal(new CountEquation(7, 1, 1, 1, 2, 2, 1, 0), report.Counts);
        Assert.Equal(["DEU"], report.MissingCountries);
        Assert.Equal(
            ["5 Country Atlantis unknown country", "6 IMF 1,2 " + NumberReasons.Grouping],
            report.Rejections.Select(r => $"{r.Place.Position} {r.Column} {r.Text} {r.Reason}"));
    }

    [Fact]
    public void A_count_equation_that_does_not_hold_fails_the_run()
    {
        var error = Reports.Error(ReportBuilder.Build(
            Generators.Spec(), false, CountryDirectory.Default, Reports.Continents, [Generators.Choice],
            BatchTally.Of(2, 2, 0, [], [], [], []),
            [new(2, PartialAggregate.Of([new(new(2025, Reports.Of(Reports.Default, ("France", "3")).Countries[0].Code), Aggregate.OfWitnessed(new(0, 1), new Money(1)))]))]));
        Assert.Equal(1, error.ExitCode);
        Assert.Contains("read 2, but counted 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Contradicting_duplicates_name_both_rows()
    {
        var error = Reports.Error(Reports.Build(Reports.Default, false, Edition, ("Brazil", "1", ""), ("France", "3", "2025"), ("France", "3", "2025"), ("France", "4", "2025")));
        Assert.Equal(new ReportError(3, "France stands twice in 2025: 3000 million USD at row 2, 4000 at row 4; --duplicates sum adds rows up, or correct the input"), error);
    }

    [Fact]
    public void The_first_conflict_by_place_is_named_and_the_others_counted()
    {
        var error = Reports.Error(Reports.Build(Reports.Default, false, null, ("Japan", "3", ""), ("Brazil", "1", ""), ("Brazil", "2", ""), ("Japan", "4", "")));
        Assert.StartsWith("Japan stands twice: 3000 million USD at row 1, 4000 at row 4 (and 1 more);", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fail_refuses_even_identical_rows()
    {
        var fail = Reports.Default with { Duplicates = DuplicateRule.Fail };
        Assert.Equal(3, Reports.Error(Reports.Build(fail, false, null, ("France", "3", "2025"), ("France", "3", "2025"))).ExitCode);
        Assert.Equal("1:FRA", Reports.Ok(Reports.Build(fail, false, null, ("France", "3", "2025"), ("France", "3", "2024"))).Countries.Texts());
    }

    [Fact]
    public void Sum_adds_contributions_and_counts_each()
    {
        var report = Reports.Of(Reports.Default with { Duplicates = DuplicateRule.Sum }, ("France", "3"), ("France", "4.5"), ("Germany", "1"));
        Assert.Equal("7.50", report.Countries[0].Gdp.ToRoundedBillionText());
        Assert.Equal(new CountEquation(3, 3, 0, 0, 0, 0, 2, 0), report.Counts);
    }

    [Fact]
    public void Notes_beyond_the_hundredth_are_counted()
    {
        var names = CountryDirectory.Default.Countries.Take(110).Select(c => (c.Name, "1 (2024)")).ToArray();
        var warnings = Reports.Of(Reports.Default, names).Warnings;
        Assert.Equal((101, "10 further notes on rows are not listed"), (warnings.Count, warnings[100]));
    }

    private static string Text(RegionRow row) =>
        $"{row.Region} {row.Average} {row.SumExact} {row.Top} {string.Join(" ", row.Members.Select(m => m.Code))}";
}
