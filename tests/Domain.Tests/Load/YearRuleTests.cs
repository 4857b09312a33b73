using Etl.Domain.Jobs;
using Etl.Domain.Load;

namespace Etl.Domain.Tests.Load;

public sealed class YearRuleTests
{
    private static readonly (string, string, string)[] Rows =
        [("France", "3", "2023"), ("France", "4", "2024"), ("France", "9", "2030"), ("Germany", "5", "2024"), ("Brazil", "1", "2020")];

    [Theory]
    [InlineData("auto", false, null, null, "1:FRA2030 2:DEU2024 3:BRA2020")]
    [InlineData("auto", true, 2025, null, "1:DEU2024 2:FRA2024")]
    [InlineData("auto", true, 2023, null, "1:FRA2023")]
    [InlineData("auto", true, 2023, 2030, "1:FRA2030")]
    [InlineData("auto", true, null, 2022, "1:BRA2020")]
    [InlineData("2024", true, null, null, "1:DEU2024 2:FRA2024")]
    [InlineData("2023", false, null, null, "1:FRA2023")]
    [InlineData("all", true, null, null, "1:BRA2020 1:FRA2023 1:DEU2024 2:FRA2024 1:FRA2030")]
    [InlineData("latest-per-country", true, null, null, "1:FRA2030 2:DEU2024 3:BRA2020")]
    public void The_years_of_the_answer_and_the_rest_is_superseded(string rule, bool series, int? edition, int? asOf, string expected)
    {
        var report = Reports.Ok(Build(rule, series, edition, asOf, Rows));
        Assert.Equal(expected, string.Join(" ", report.Countries.Select(c => $"{c.Rank}:{c.Code}{c.Year}")));
        var kept = expected.Split(' ').Length;
        Assert.Equal(new CountEquation(5, kept, 5 - kept, 0, 0, 0, kept, 0), report.Counts);
    }

    [Fact]
    public void With_all_years_each_average_is_of_one_year_in_order()
    {
        var regions = Reports.Ok(Build("all", true, null, null, Rows)).Regions;
        Assert.Equal(
            ["2020 South America 1.00", "2023 Europe 3.00", "2024 Europe 4.50", "2030 Europe 9.00"], regions.Select(r => $"{r.Group} {r.Region} {r.Average}"));
        Assert.All(regions, r => Assert.Equal((r.Group, r.Group), (r.YearFrom, r.YearTo)));
    }

    [Fact]
    public void A_region_of_mixed_years_tells_from_when_to_when()
    {
        var europe = Reports.Ok(Build("latest-per-country", true, null, null, Rows)).Regions[0];
        Assert.Equal((2024, 2030, null), (europe.YearFrom, europe.YearTo, europe.Group));
    }

    [Fact]
    public void Values_older_than_two_years_are_named_where_years_are_mixed_knowingly()
    {
        string[] aged = ["Brazil: the latest value is of 2020, 5 years old"];
        Assert.Equal(aged, Reports.Ok(Build("latest-per-country", true, 2025, null, Rows)).Warnings);
        Assert.Equal(aged, Reports.Ok(Build("latest-per-country", true, null, 2025, Rows)).Warnings);
        Assert.Equal(["Germany: the latest value is of 2024, 6 years old", "Brazil: the latest value is of 2020, 10 years old"],
            Reports.Ok(Build("latest-per-country", true, null, null, Rows)).Warnings);
        Assert.Empty(Reports.Ok(Build("auto", false, 2025, null, Rows)).Warnings);
    }

    [Fact]
    public void Rows_without_a_year_are_one_year_of_their_own()
    {
        (string, string, string)[] rows = [("France", "3", ""), ("Germany", "5", "")];
        Assert.Equal("1:DEU 2:FRA", Reports.Ok(Build("auto", false, null, null, rows)).Countries.Texts());
        Assert.Null(Reports.Ok(Build("auto", false, null, null, rows)).Countries[0].Year);
        Assert.Null(Assert.Single(Reports.Ok(Build("all", false, null, null, rows)).Regions).YearFrom);
    }

    [Theory]
    [InlineData("2019", true, null, 1, "no value is of year 2019; years in the input: 2020, 2023, 2024, 2030; choose one with --year")]
    [InlineData("auto", true, 2019, 1, "no value is of 2019 or before; years in the input: 2020, 2023, 2024, 2030; choose one with --year")]
    [InlineData("auto", true, null, 2, "--year YEAR or --as-of DATE")]
    public void When_no_year_fits_the_message_says_which_there_are(string rule, bool series, int? edition, int exitCode, string says)
    {
        var error = Reports.Error(Build(rule, series, edition, null, Rows));
        Assert.Equal(exitCode, error.ExitCode);
        Assert.EndsWith(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_year_is_called_so() => Assert.Contains(
        "years in the input: unknown, 2023;", Reports.Error(Build("2024", false, null, null, [("France", "3", ""), ("Brazil", "1", "2023")])).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_any_value_there_is_nothing_to_load() => Assert.Equal(
        new ReportError(1, "no row has a country and a value: nothing to load"), Reports.Error(Build("auto", false, null, null, [("France", "—", ""), ("World", "9", "")])));

    [Theory]
    [InlineData("auto", 9, "no row has a country and a value: nothing to load; 2 of 3 rows are quarantined, first: row 1, IMF \"9-9\": ")]
    [InlineData("2019", 0, "no value is of year 2019; years in the input: 2023; choose one with --year; 2 of 3 rows are quarantined, first: row 1, IMF \"9-9\": ")]
    public void What_was_set_aside_tells_why_nothing_counts(string rule, int missing, string says)
    {
        var error = Reports.Error(Build(
            rule, false, null, null, [("France", "9-9", "2023"), ("Brazil", missing > 0 ? "—" : "3", "2023"), ("Atlantis", "9", "2023")]));
        Assert.StartsWith(says, error.Message, StringComparison.Ordinal);
        var setAside = error.SetAside!;
        Assert.Equal(2, setAside.Rejections.Count);
        Assert.Equal(new CountEquation(3, 0, missing > 0 ? 0 : 1, missing > 0 ? 1 : 0, 0, 2, 0, 0), setAside.Counts);
        Assert.True(setAside.Counts.Holds);
        Assert.Empty(setAside.Countries);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("2024")]
    [InlineData("all")]
    [InlineData("latest-per-country")]
    public void The_word_of_a_rule_reads_back(string word) => Assert.Equal(word, YearRule.Parse(word)?.ToString());

    [Theory]
    [InlineData("1899")]
    [InlineData("2101")]
    [InlineData("+2024")]
    [InlineData("Auto")]
    [InlineData("")]
    public void Other_words_are_no_rule(string word) => Assert.Null(YearRule.Parse(word));

    private static Result<Report, ReportError> Build(string rule, bool series, int? edition, int? asOf, (string, string, string)[] rows) =>
        Reports.Build(Reports.Default with { Year = YearRule.Parse(rule)!, AsOf = Date(asOf) }, series, Date(edition), rows);

    private static DateOnly? Date(int? year) => year is { } y ? new DateOnly(y, 4, 22) : null;
}
