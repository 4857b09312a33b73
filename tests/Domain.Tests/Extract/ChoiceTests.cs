using CsCheck;
using Etl.Domain.Extract;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Extract;

public sealed class ChoiceTests
{
    private static readonly PageTable TwoYears = Pages.Table(
        "GDP (million US$)", "!Country | !IMF (2024) | !IMF (2026) | !IMF (2025)", "Peru | 1,024 | 1,026 | 1,025", "Chile | 2,024 | 2,026 | 2,025");

    [Fact]
    public void Of_several_years_the_latest_not_after_the_page_is_taken()
    {
        Assert.Equal("IMF (2025)", Pages.Chosen(Pages.Page(TwoYears)).Choice.Column);
        Assert.Equal("IMF (2026)", Pages.Chosen(Pages.Page(TwoYears), new TableRequest(AsOf: new DateOnly(2026, 1, 1))).Choice.Column);
        Assert.Equal("IMF (2024)", Pages.Chosen(Pages.Page(TwoYears), new TableRequest(ColumnYear: 2024)).Choice.Column);
    }

    [Fact]
    public void When_all_years_lie_ahead_the_first_is_taken_with_a_warning()
    {
        var chosen = Pages.Chosen(Pages.Page(TwoYears), new TableRequest(AsOf: new DateOnly(2020, 1, 1)));

        Assert.Equal("IMF (2024)", chosen.Choice.Column);
        Assert.Single(chosen.Choice.Warnings.Items);
    }

    [Fact]
    public void Years_under_one_heading_are_columns_of_one_publisher()
    {
        var table = Pages.Table("GDP (million US$)", "!Country{2,1} | !IMF{1,2} | !World Bank{2,1}", "!2025 | !2026", "Peru | 1,025 | 1,026 | 1,023");

        Assert.Equal("IMF / 2025", Pages.Chosen(Pages.Page(table)).Choice.Column);
        Assert.Equal(2026, Pages.Chosen(Pages.Page(table), new TableRequest(ColumnYear: 2026)).Choice.HeaderYear);
    }

    [Fact]
    public void Without_a_date_several_years_are_refused()
    {
        var refusal = Pages.Refused(Pages.Page(TwoYears) with { EditionDate = null });

        Assert.Equal(RefusalReason.NeedsYear, refusal.Reason);
        Assert.Contains("--as-of", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_year_that_no_column_has_is_refused() =>
        Assert.Equal(RefusalReason.NeedsYear, Pages.Refused(Pages.Page(TwoYears), new TableRequest(ColumnYear: 1999)).Reason);

    [Fact]
    public void Two_columns_that_nothing_tells_apart_are_refused()
    {
        var table = Pages.Table("GDP (million US$)", "!Country | !IMF estimate | !IMF forecast", "Peru | 1,025 | 1,026");

        Assert.Equal(RefusalReason.Ambiguous, Pages.Refused(Pages.Page(table)).Reason);
    }

    [Theory]
    [InlineData("GDP (US$ million)", Unit.Million)]
    [InlineData("GDP (million US$)", Unit.Million)]
    [InlineData("GDP (USD million)", Unit.Million)]
    [InlineData("GDP (US$MM)", Unit.Million)]
    [InlineData("GDP (millions of US$)", Unit.Million)]
    [InlineData("GDP in millions of U.S. dollars", Unit.Million)]
    [InlineData("GDP, US$ m", Unit.Million)]
    [InlineData("GDP (US$ billion)", Unit.Billion)]
    [InlineData("GDP ($bn)", Unit.Billion)]
    [InlineData("GDP, thousand US dollars", Unit.Thousand)]
    [InlineData("GDP (US$ '000)", Unit.Thousand)]
    public void Units_are_read_from_the_caption_or_the_header(string text, Unit unit)
    {
        Assert.Equal(unit, Pages.Chosen(Pages.Page(Pages.Table(text, "!Country | !IMF", "Peru | 1,000"))).Choice.Unit);
        Assert.Equal(unit, Pages.Chosen(Pages.Page(Pages.Table(null, "!Country | !IMF " + text, "Peru | 1,000"))).Choice.Unit);
    }

    [Fact]
    public void The_nearest_text_tells_the_unit()
    {
        var table = Pages.Table("GDP (US$ million)", "!Country | !IMF (US$ billion) | !World Bank", "Peru | 1,000 | 2,000");

        Assert.Equal(Unit.Billion, Pages.Chosen(Pages.Page(table)).Choice.Unit);
        Assert.Equal(Unit.Million, Pages.Chosen(Pages.Page(table), new TableRequest(Publisher.WorldBank)).Choice.Unit);
    }

    [Fact]
    public void Plain_dollars_are_believed_only_of_long_figures()
    {
        Assert.Equal(Unit.Usd, Pages.Chosen(Pages.Page(Pages.Table("GDP (current US$)", "!Country | !IMF", "Peru | 267,603,248,665"))).Choice.Unit);
        Assert.Equal(RefusalReason.UnknownUnit, Pages.Refused(Pages.Page(Pages.Table("GDP (current US$)", "!Country | !IMF", "Peru | 267,603"))).Reason);
    }

    [Fact]
    public void An_unknown_unit_is_refused_unless_it_is_told()
    {
        var page = Pages.Page(Pages.Table("GDP by country", "!Country | !IMF", "Peru | 1,000"));

        Assert.Contains("--unit", Pages.Refused(page).Message, StringComparison.Ordinal);
        Assert.Equal(Unit.Billion, Pages.Chosen(page, new TableRequest(UnitOverride: Unit.Billion)).Choice.Unit);
    }

    [Fact]
    public void A_stated_unit_is_not_overridden()
    {
        var chosen = Pages.Chosen(
            Pages.Page(Pages.Table("GDP (US$ million)", "!Country | !IMF", "Peru | 1,000")), new TableRequest(UnitOverride: Unit.Billion));

        Assert.Equal(Unit.Million, chosen.Choice.Unit);
        Assert.Single(chosen.Choice.Warnings.Items);
    }

    [Fact]
    public void The_only_column_of_a_page_that_names_nobody_is_taken_as_the_imfs_with_a_warning()
    {
        var page = Pages.Page(Pages.Table("Economies", "!Rank | !Country | !GDP (US$ million) | !Year", "1 | Peru | 1,000 | 2024"));

        var chosen = Pages.Chosen(page);
        Assert.Equal(["Peru=1,000@2024"], Pages.Values(chosen));
        Assert.Single(chosen.Choice.Warnings.Items);
        Assert.Equal(RefusalReason.NoTable, Pages.Refused(page, new TableRequest(Publisher.WorldBank)).Reason);
    }

    [Fact]
    public void A_table_of_somebody_else_is_not_taken_as_the_imfs() =>
        Assert.Equal(RefusalReason.NoTable, Pages.Refused(Pages.Page(Pages.Table("GDP by the CIA World Factbook, US$ million", "!Country | !GDP", "Peru | 1,000"))).Reason);

    [Fact]
    public void The_order_of_columns_does_not_matter()
    {
        string[] headers = ["Country/Territory", "UN region", "Rank", "IMF (2025)", "World Bank (2024)", "United Nations (2023)", "Share of world"];
        string[][] body =
        [
            ["World", "—", "—", "117,165,394", "111,326,370", "100,834,796", "100%"], ["Peru", "Americas", "49", "318,480", "289,222", "267,603", "0.3%"],
            ["Cuba", "Americas", "60", "—", "—", "201,986", "0.2%"],
        ];
        Gen.Shuffle(Enumerable.Range(0, headers.Length).ToArray()).Sample(order =>
        {
            string Line(string[] cells, string mark) => string.Join('|', order.Select(column => mark + cells[column]));
            var page = Pages.Page(Pages.Table("GDP (million US$)", [Line(headers, "!"), .. body.Select(row => Line(row, ""))]));
            foreach (var (publisher, column) in new[] { (Publisher.Imf, 3), (Publisher.WorldBank, 4), (Publisher.UnitedNations, 5) })
                Assert.Equal(body.Select(row => $"{row[0]}={row[column]}@"), Pages.Values(Pages.Chosen(page, new TableRequest(publisher))));
        });
    }
}
