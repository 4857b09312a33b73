using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Load;

public sealed class WorldCheckTests
{
    [Theory]
    [InlineData("100", false)]
    [InlineData("98", true)]
    [InlineData("98.04", false)]
    [InlineData("98.03", true)]
    [InlineData("102.04", false)]
    [InlineData("102.05", true)]
    [InlineData("100000", true)]
    [InlineData("n/a", false)]
    public void Only_more_than_two_percent_of_what_World_says_is_a_warning(string world, bool warns) =>
        Assert.Equal(warns, Warns(Reports.Of(Reports.Default, ("France", "60"), ("Brazil", "40"), ("World", world))));

    [Fact]
    public void The_warning_says_both_sums() => Assert.Equal(
        ["the countries add up to 100.00 billion USD, but the source's World row says 110.50: more than 2 % apart; check the column and the unit"],
        Reports.Of(Reports.Default, ("France", "100"), ("World", "110.5")).Warnings);

    [Fact]
    public void Other_aggregates_are_not_World() => Assert.Empty(Reports.Of(Reports.Default, ("France", "100"), ("European Union", "7")).Warnings);

    [Fact]
    public void A_table_that_stands_twice_is_held_against_World_once() =>
        Assert.Empty(Reports.Of(Reports.Default, ("France", "100"), ("World", "100"), ("France", "100"), ("World", "100")).Warnings);

    [Fact]
    public void Identical_duplicates_are_added_up_no_more_than_in_the_answer() =>
        Assert.Empty(Reports.Of(Reports.Default, ("France", "100"), ("France", "100"), ("World", "100")).Warnings);

    [Fact]
    public void Contributions_are_added_up_on_both_sides() => Assert.Empty(Reports.Of(
        Reports.Default with { Duplicates = DuplicateRule.Sum }, ("France", "60"), ("World", "60"), ("France", "40"), ("World", "40")).Warnings);

    [Theory]
    [InlineData("auto", true, 2024, "")]
    [InlineData("auto", true, 2023, "W")]
    [InlineData("2024", true, null, "")]
    [InlineData("2023", true, null, "W")]
    [InlineData("2023", false, null, "W")]
    [InlineData("all", true, null, "WW")]
    [InlineData("latest-per-country", true, null, "")]
    public void A_series_is_held_against_the_World_of_the_years_in_the_answer(string rule, bool series, int? edition, string warnings)
    {
        // 2023 and 2030 are wrong, 2024 is right.
        var report = Reports.Ok(Reports.Build(
            Reports.Default with { Year = YearRule.Parse(rule)! }, series, edition is { } y ? new DateOnly(y, 1, 1) : null,
            ("France", "60", "2023"), ("World", "90", "2023"), ("France", "60", "2024"), ("Brazil", "40", "2024"), ("World", "100", "2024"),
            ("France", "70", "2030"), ("World", "7", "2030")));
        Assert.Equal(warnings.Length, report.Warnings.Count(w => w.Contains("World row", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_page_tells_World_once_of_whatever_year()
    {
        (string, string, string)[] rows = [("France", "60", "2025"), ("Brazil", "40", "2023"), ("World", "10", "2026")];
        Assert.True(Warns(Reports.Ok(Reports.Build(Reports.Default, false, null, rows))));
        Assert.False(Warns(Reports.Ok(Reports.Build(Reports.Default with { Year = new YearRule.Only(2025) }, false, null, rows))));
    }

    private static bool Warns(Report report) => report.Warnings.Any(w => w.Contains("World row", StringComparison.Ordinal));
}
