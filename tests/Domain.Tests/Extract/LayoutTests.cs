using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Extract;

/// <summary>The layouts that the page has had, in miniature.</summary>
public sealed class LayoutTests
{
    private static readonly PageTable Navigation = Pages.Table(null, "!Lists of countries by financial rankings{1,2}", "!Trade | Exports", "!GDP (PPP) | Per capita");

    [Fact]
    public void One_header_row_with_the_year_in_the_header()
    {
        var chosen = Pages.Chosen(Pages.Page(Navigation, Pages.Table(
            "GDP forecast or estimate (million US$) by country",
            "!Country/Territory | !IMF (2025) | !World Bank (2024) | !United Nations (2023)",
            "World | 117,165,394 | 111,326,370 | 100,834,796", "Sri Lanka | 98,964 (2024) | 98,963 | 84,364", "Cuba | — | — | 201,986")));

        Assert.Equal(["World=117,165,394@", "Sri Lanka=98,964 (2024)@", "Cuba=—@"], Pages.Values(chosen));
        Assert.Equal(("IMF (2025)", 2025, Unit.Million, null), (chosen.Choice.Column, chosen.Choice.HeaderYear, chosen.Choice.Unit, chosen.Choice.YearColumn));
        Assert.Equal(new DateOnly(2025, 12, 30), chosen.Choice.EditionDate);
        Assert.Equal([1L, 2L, 3L], chosen.Rows.Select(row => row.Row));
        Assert.Empty(chosen.Choice.Warnings.Items);
    }

    [Theory]
    [InlineData(Publisher.Imf, "IMF / Forecast", "World=115,494,312@2025", "Cuba=—@")]
    [InlineData(Publisher.WorldBank, "World Bank / Estimate", "World=105,435,540@2023", "Cuba=107,352@2020")]
    [InlineData(Publisher.UnitedNations, "United Nations / Estimate", "World=100,834,796@2022", "Cuba=—@")]
    public void Two_header_rows_and_groups_of_value_and_year(Publisher publisher, string column, string world, string cuba)
    {
        var chosen = Pages.Chosen(
            Pages.Page(Navigation, Pages.Table(
                "GDP (million US$) by country",
                "!Country/Territory{2,1} | !IMF{1,2} | !World Bank{1,2} | !United Nations{1,2}",
                "!Forecast | !Year | !Estimate | !Year | !Estimate | !Year",
                "World | 115,494,312 | 2025 | 105,435,540 | 2023 | 100,834,796 | 2022", "Cuba | —{1,2} | 107,352 | 2020 | —{1,2}")),
            new TableRequest(publisher));

        Assert.Equal([world, cuba], Pages.Values(chosen));
        Assert.Equal(column, chosen.Choice.Column);
        Assert.EndsWith("/ Year", chosen.Choice.YearColumn, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_of_the_united_nations_is_no_estimate_of_theirs()
    {
        var page = Pages.Page(Pages.Table(
            "GDP (USD million) by country",
            "!Country/Territory{2,1} | !UN region{2,1} | !IMF{1,2} | !United Nations{1,2}", "!Estimate | !Year | !Estimate | !Year",
            "World | — | 105,568,776 | 2023 | 96,698,005 | 2021", "China | Asia | 19,373,586 | 2023 | 17,734,131 | 2021"));

        Assert.Equal("United Nations / Estimate", Pages.Chosen(page, new TableRequest(Publisher.UnitedNations)).Choice.Column);
        Assert.Equal(["World=105,568,776@2023", "China=19,373,586@2023"], Pages.Values(Pages.Chosen(page)));
    }

    [Fact]
    public void Region_columns_before_the_values_and_a_name_over_three_columns()
    {
        var chosen = Pages.Chosen(Pages.Page(Pages.Table(
            "GDP (US$ million) by country",
            "!Country (or territory){2,1} | !Subregion{2,1} | !Region{2,1} | !IMF{1,2} | !UN{1,2}", "!GDP | !Year | !GDP | !Year",
            "World{1,3} | 93,863,851 | 2021 | 87,461,674 | 2020", "Fiji | Melanesia | Oceania | 4,624 | 2021 | 5,496 | 2020")));

        Assert.Equal(["World=93,863,851@2021", "Fiji=4,624@2021"], Pages.Values(chosen));
        Assert.Equal("IMF / GDP", chosen.Choice.Column);
    }

    [Fact]
    public void Three_tables_side_by_side_named_only_in_the_outer_one()
    {
        var outer = Pages.Table(null, "Per the International Monetary Fund (2017) | Per the World Bank (2017)", " | ");
        var page = Pages.Page(
            outer,
            new PageTable(null, Pages.Grid("!Rank | !Country | !GDP (US$MM)", " | World | 79,865,481", "1 | United States | 19,390,600", "— | Syria | 77,460/Na"), OuterHeading.Of(outer, 1, 0), 0),
            new PageTable(null, Pages.Grid("!Rank | !Country | !GDP (US$MM)", "1 | United States | 19,390,604"), OuterHeading.Of(outer, 1, 1), 0));

        var imf = Pages.Chosen(page);
        Assert.Equal(["World=79,865,481@", "United States=19,390,600@", "Syria=77,460/Na@"], Pages.Values(imf));
        Assert.Equal(("Per the International Monetary Fund (2017) / GDP (US$MM)", 2017), (imf.Choice.Column, imf.Choice.HeaderYear));
        Assert.Equal(["United States=19,390,604@"], Pages.Values(Pages.Chosen(page, new TableRequest(Publisher.WorldBank))));
        Assert.Equal(RefusalReason.NoTable, Pages.Refused(page, new TableRequest(Publisher.UnitedNations)).Reason);
    }

    [Theory]
    [InlineData("Country | IMF (2025)")]
    [InlineData("Country or territory | International Monetary Fund 2025 estimate")]
    [InlineData("Economy | IMF forecast, 2025")]
    [InlineData("!Country (or dependent territory) | !GDP (nominal), IMF, 2025")]
    [InlineData("!Sovereign state | !IMF's 2025 projection")]
    public void A_header_may_be_worded_and_marked_in_many_ways(string header)
    {
        var chosen = Pages.Chosen(Pages.Page(Pages.Table("GDP, US$ billion", header, "Peru | 318.5", "Chile | 347.2")));

        Assert.Equal(["Peru=318.5@", "Chile=347.2@"], Pages.Values(chosen));
        Assert.Equal((2025, Unit.Billion), (chosen.Choice.HeaderYear, chosen.Choice.Unit));
    }

    [Fact]
    public void Titles_over_all_columns_repeated_headers_and_remarks_are_no_rows()
    {
        var chosen = Pages.Chosen(Pages.Page(Pages.Table(
            null,
            "GDP of countries, millions of US dollars{1,3}", "!Country{2,1} | !IMF{1,2}", "!Estimate | !Year", " | | ",
            "!Europe{1,3}", "!World | !115,494,312 | !2025", "France | 3,162,079 | 2025", "!Country{2,1} | !IMF{1,2}", "!Estimate | !Year", "Asia{1,3}",
            "Japan | 4,279,828 | 2025", "Source: IMF{1,3}", " | 5 | 2025")));

        Assert.Equal(["World=115,494,312@2025", "France=3,162,079@2025", "Japan=4,279,828@2025", "=5@2025"], Pages.Values(chosen));
        Assert.Empty(chosen.Choice.Warnings.Items);
    }

    [Fact]
    public void Rows_that_end_too_early_are_named()
    {
        var chosen = Pages.Chosen(Pages.Page(Pages.Table("GDP (US$ million)", "!Country | !Region | !IMF", "Peru | America | 1,000", "Chile | America")));

        Assert.Single(chosen.Rows);
        Assert.Contains("Chile", Assert.Single(chosen.Choice.Warnings.Items), StringComparison.Ordinal);
    }

    [Fact]
    public void A_year_column_beside_an_ungrouped_value_column_belongs_to_it()
    {
        var page = Pages.Page(Pages.Table("GDP (US$ million)", "!Country | !IMF | !Year | !World Bank | !Year", "Peru | 1,100 | 2025 | 1,000 | 2023"));

        Assert.Equal(["Peru=1,100@2025"], Pages.Values(Pages.Chosen(page)));
        Assert.Equal(["Peru=1,000@2023"], Pages.Values(Pages.Chosen(page, new TableRequest(Publisher.WorldBank))));
    }

    [Fact]
    public void Of_an_outer_and_an_inner_table_that_both_fit_the_outer_is_taken()
    {
        var page = Pages.Page(
            Pages.Table("GDP (US$ million)", "!Country | !IMF", "Peru | 1,100"),
            Pages.Table("GDP (US$ million)", "!Country | !IMF", "Lima | 500", "Cusco | 50") with { Outer = 0 });

        Assert.Equal(["Peru=1,100@"], Pages.Values(Pages.Chosen(page)));
    }

    [Fact]
    public void A_column_of_ticks_is_no_estimate()
    {
        var page = Pages.Page(Pages.Table("GDP (US$ million)", "!Country | !IMF | !IMF estimate", "Peru | yes, since 1945 | 1,100", "Cuba | left the fund in 1964 | —"));

        Assert.Equal("IMF estimate", Pages.Chosen(page).Choice.Column);
    }
}
