using Etl.Domain.Extract;

namespace Etl.Domain.Tests.Extract;

public sealed class RefusalTests
{
    private static readonly PageTable Good = Pages.Table("GDP (million US$) by country", "!Country | !IMF (2025)", "Peru | 1,000");

    [Theory]
    [InlineData("List of countries by GDP (PPP)", "ppp")]
    [InlineData("Countries by purchasing power parity GDP", "purchasing power")]
    [InlineData("List of countries by GDP (nominal) per capita", "per capita")]
    [InlineData("List of countries by real GDP growth rate", "growth")]
    [InlineData("List of countries by public debt, % of GDP", "% of")]
    [InlineData("GDP in constant 2015 US$ million", "constant")]
    [InlineData("GDP in millions of international dollars", "international dollars")]
    [InlineData("GDP (Int$ million)", "int $")]
    public void Another_measure_is_refused_wherever_it_is_named(string text, string words)
    {
        PageOutline[] pages =
        [
            Pages.Page(Good) with { Title = text },
            Pages.Page(Good) with { Heading = text },
            Pages.Page(Good with { Caption = text }),
            Pages.Page(Good with { OuterHeading = text }),
            Pages.Page(Pages.Table("GDP (million US$)", $"!Country | !IMF {text}", "Peru | 1,000")),
            Pages.Page(Pages.Table("GDP (million US$)", $"!{text}{{1,2}}", "!Country | !IMF", "Peru | 1,000")),
        ];

        foreach (var page in pages)
        {
            var refusal = Pages.Refused(page);
            Assert.Equal(RefusalReason.OtherMeasure, refusal.Reason);
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Other_tables_of_the_page_may_speak_of_other_measures()
    {
        var navigation = Pages.Table("Lists by GDP (PPP) per capita", "!GDP | Growth rate", "!PPP | International dollars");

        Assert.Single(Pages.Chosen(Pages.Page(navigation, Good, navigation)).Rows);
    }

    [Fact]
    public void A_column_of_another_measure_beside_the_nominal_one_is_passed_over()
    {
        var page = Pages.Page(Pages.Table(
            "GDP (million US$)", "!Country{2,1} | !IMF{1,3}", "!Nominal | !PPP | !Per capita", "Peru | 1,000 | 2,000 | 8,000")) with
        { Title = "Economies", Heading = "Economies" };

        Assert.Equal("IMF / Nominal", Pages.Chosen(page).Choice.Column);
    }

    [Fact]
    public void Nominal_and_purchasing_power_in_one_caption_leave_it_to_the_column()
    {
        var caption = "GDP (nominal and PPP), million US$";

        Assert.Equal(RefusalReason.OtherMeasure, Pages.Refused(Pages.Page(Pages.Table(caption, "!Country | !IMF", "Peru | 1,000"))).Reason);
        Assert.Single(Pages.Chosen(Pages.Page(Pages.Table(caption, "!Country | !IMF nominal | !IMF PPP", "Peru | 1,000 | 2,000"))).Rows);
    }

    [Fact]
    public void A_page_about_something_else_is_refused()
    {
        var page = new PageOutline(
            "List of countries by coffee", null, null, [Pages.Table("Coffee (million US$)", "!Country | !IMF (2025)", "Peru | 1,000")]);

        Assert.Equal(RefusalReason.OtherMeasure, Pages.Refused(page).Reason);
    }

    [Theory]
    [InlineData("GDP (€ million)", "€")]
    [InlineData("GDP in millions of euros", "euros")]
    [InlineData("GDP (A$ million)", "a$")]
    [InlineData("GDP in millions of Canadian dollars", "canadian")]
    public void Another_currency_is_refused_even_when_a_unit_is_told(string caption, string seen)
    {
        var refusal = Pages.Refused(Pages.Page(Good with { Caption = caption }), new TableRequest(UnitOverride: Etl.Domain.Map.Unit.Million));

        Assert.Equal(RefusalReason.OtherCurrency, refusal.Reason);
        Assert.Contains(seen, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GDP (US$ trillion)")]
    [InlineData("GDP (million)")]
    [InlineData("GDP (US$ million, billion)")]
    public void A_unit_that_is_not_clear_is_refused(string caption) =>
        Assert.Equal(RefusalReason.UnknownUnit, Pages.Refused(Pages.Page(Good with { Caption = caption })).Reason);

    [Fact]
    public void A_refusal_lists_what_was_seen_shortened()
    {
        var tables = Enumerable.Range(1, 12).Select(n => Pages.Table($"Table of things {n} {new string('x', 500)}", "!Thing | !Colour", "a | b")).ToArray();

        var refusal = Pages.Refused(Pages.Page(tables));

        Assert.Equal(RefusalReason.NoTable, refusal.Reason);
        Assert.Contains("Table of things 8", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Table of things 9", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Thing | Colour", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("and more", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(refusal.Message.Length, 100, 2500);
    }

    [Fact]
    public void A_page_without_tables_is_refused() => Assert.Equal(RefusalReason.NoTable, Pages.Refused(Pages.Page()).Reason);

    [Fact]
    public void A_cut_table_is_never_read()
    {
        var rows = Enumerable.Repeat(Pages.Row("Peru | 1,000"), GridBuilder.MaximumRows + 1).Prepend(Pages.Row("!Country | !IMF"));

        var refusal = Pages.Refused(Pages.Page(new PageTable("GDP (US$ million)", GridBuilder.Build([.. rows]))));

        Assert.Equal(RefusalReason.TooLarge, refusal.Reason);
    }
}
