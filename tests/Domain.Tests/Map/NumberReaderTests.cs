using CsCheck;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Map;

public sealed class NumberReaderTests
{
    [Theory]
    [InlineData("30,337,162", "30337162")]
    [InlineData("30337162", "30337162")]
    [InlineData("0", "0")]
    [InlineData("0.5", "0.5")]
    [InlineData(".5", "0.5")]
    [InlineData("1,234.567", "1234.567")]
    [InlineData("007", "7")]
    [InlineData("\u00A01 234 567\u2009", "1234567")]
    [InlineData("1\u00A0234\u00A0567.25", "1234567.25")]
    [InlineData("1\u2009234\u202F567", "1234567")]
    [InlineData("$1,234", "1234")]
    [InlineData("US$ 1,234", "1234")]
    [InlineData("+1,234", "1234")]
    [InlineData("+$5", "5")]
    [InlineData("$+5", "5")]
    [InlineData("1.5e3", "1500")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("1500e-3", "1.5")]
    [InlineData("1e0", "1")]
    [InlineData("0e40", "0")]
    [InlineData("\u200E1,234\uFEFF", "1234")]
    [InlineData("0.000000000000000001", "0.000000000000000001")]
    [InlineData("0000000000000000000000000000000000000001", "1")]
    [InlineData("1000000000", "1000000000")]
    public void A_figure_is_its_amount_in_millions(string text, string millions)
    {
        var value = Assert.IsType<NumberReading.Value>(NumberReader.Read(text, Unit.Million));
        Assert.Equal(millions, value.Amount.ToMillionText());
        Assert.Equal((null, false, NumberNote.None), (value.Year, value.Rounded, value.Notes));
    }

    [Theory]
    [InlineData(Unit.Usd, "1234.5")]
    [InlineData(Unit.Thousand, "1234500")]
    [InlineData(Unit.Million, "1234500000")]
    [InlineData(Unit.Billion, "1234500000000")]
    public void The_unit_scales(Unit unit, string usd) =>
        Assert.Equal(usd, Assert.IsType<NumberReading.Value>(NumberReader.Read("1,234.5", unit)).Amount.ToString());

    [Theory]
    [InlineData("1,234[12]", 1234, null, NumberNote.Footnote)]
    [InlineData("[n 1]1,234 [a][note 2]", 1234, null, NumberNote.Footnote)]
    [InlineData("1,234\u2020", 1234, null, NumberNote.Footnote)]
    [InlineData("7001400000000000000\u26601,234", 1234, null, NumberNote.SortKey)]
    [InlineData("98,964 (2024)", 98964, 2024, NumberNote.OwnYear)]
    [InlineData("98,964(2024)[1]", 98964, 2024, NumberNote.OwnYear | NumberNote.Footnote)]
    [InlineData("7001\u2660 [3] 98,964 [1] (2024)", 98964, 2024, NumberNote.OwnYear | NumberNote.Footnote | NumberNote.SortKey)]
    public void What_stands_beside_a_figure_is_left_out_and_noted(string text, int millions, int? year, NumberNote notes)
    {
        var value = Assert.IsType<NumberReading.Value>(NumberReader.Read(text, Unit.Million));
        Assert.Equal((Int128)millions * 1_000_000_000_000_000_000, value.Amount.Pico);
        Assert.Equal((year, notes), (value.Year, value.Notes));
    }

    [Theory]
    [InlineData("", NumberNote.None)]
    [InlineData(" \u00A0", NumberNote.None)]
    [InlineData("\u2014", NumberNote.None)]
    [InlineData("\u2013", NumberNote.None)]
    [InlineData("-", NumberNote.None)]
    [InlineData("\u2212", NumberNote.None)]
    [InlineData("N/A", NumberNote.None)]
    [InlineData("n/a", NumberNote.None)]
    [InlineData("NA", NumberNote.None)]
    [InlineData("no data", NumberNote.None)]
    [InlineData("No\u00A0data", NumberNote.None)]
    [InlineData("..", NumberNote.None)]
    [InlineData("...", NumberNote.None)]
    [InlineData("\u2026", NumberNote.None)]
    [InlineData("not available", NumberNote.None)]
    [InlineData("\u2014[n 1]", NumberNote.Footnote)]
    [InlineData("N/A (2023)", NumberNote.OwnYear)]
    [InlineData("77,460/Na", NumberNote.NotANumber)]
    [InlineData("77,460/N/A", NumberNote.NotANumber)]
    [InlineData("77,460 / n/a[1]", NumberNote.NotANumber | NumberNote.Footnote)]
    public void No_figure_is_missing_and_never_zero(string text, NumberNote notes) =>
        Assert.Equal(new NumberReading.Missing(notes), NumberReader.Read(text, Unit.Million));

    [Theory]
    [InlineData("abc", NumberReasons.NotANumber)]
    [InlineData("1.5 billion", NumberReasons.NotANumber)]
    [InlineData("12%", NumberReasons.NotANumber)]
    [InlineData("\u20AC12", NumberReasons.NotANumber)]
    [InlineData("\u0661\u0662", NumberReasons.NotANumber)]
    [InlineData("10\u00B2", NumberReasons.NotANumber)]
    [InlineData("5.", NumberReasons.NotANumber)]
    [InlineData("1.e3", NumberReasons.NotANumber)]
    [InlineData("e3", NumberReasons.NotANumber)]
    [InlineData("1e", NumberReasons.NotANumber)]
    [InlineData("1e+-3", NumberReasons.NotANumber)]
    [InlineData("1e3.5", NumberReasons.NotANumber)]
    [InlineData("$", NumberReasons.NotANumber)]
    [InlineData("+", NumberReasons.NotANumber)]
    [InlineData("--", NumberReasons.NotANumber)]
    [InlineData("+-5", NumberReasons.NotANumber)]
    [InlineData("5-6", NumberReasons.NotANumber)]
    [InlineData("(2024)", NumberReasons.NotANumber)]
    [InlineData("98,964 (1875)", NumberReasons.NotANumber)]
    [InlineData("abc/Na", NumberReasons.NotANumber)]
    [InlineData("1[2]3", NumberReasons.NotANumber)]
    [InlineData("x\u26605", NumberReasons.NotANumber)]
    [InlineData("\u26605", NumberReasons.NotANumber)]
    [InlineData("1115,494,312", NumberReasons.Grouping)]
    [InlineData("1,23", NumberReasons.Grouping)]
    [InlineData("1,2345", NumberReasons.Grouping)]
    [InlineData(",234", NumberReasons.Grouping)]
    [InlineData("1,,234", NumberReasons.Grouping)]
    [InlineData("1,234 567", NumberReasons.Grouping)]
    [InlineData("1,234,", NumberReasons.Grouping)]
    [InlineData("2023 123", NumberReasons.Grouping)]
    [InlineData("1.234,56", NumberReasons.Grouping)]
    [InlineData("1.234.567", NumberReasons.DecimalPoints)]
    [InlineData("12345678901234567890123456789012345678901", NumberReasons.TooManyDigits)]
    [InlineData("1e41", NumberReasons.Exponent)]
    [InlineData("1e-41", NumberReasons.Exponent)]
    [InlineData("1e99999999999999999999", NumberReasons.Exponent)]
    [InlineData("-5", NumberReasons.Negative)]
    [InlineData("\u22121,234.5", NumberReasons.Negative)]
    [InlineData("$-5", NumberReasons.Negative)]
    [InlineData("-$5", NumberReasons.Negative)]
    [InlineData("1000000000.000000000000000001", NumberReasons.Absurd)]
    [InlineData("1e40", NumberReasons.Absurd)]
    [InlineData("9999999999999999999999999999999999999999", NumberReasons.Absurd)]
    public void Anything_else_is_malformed_for_a_stable_reason(string text, string reason) =>
        Assert.Equal(new NumberReading.Malformed(reason), NumberReader.Read(text, Unit.Million));

    [Theory]
    [InlineData("1.0000000000005", "1", true)]
    [InlineData("1.0000000000015", "1.000000000002", true)]
    [InlineData("1.00000000000050001", "1.000000000001", true)]
    [InlineData("1.00000000000049999", "1", true)]
    [InlineData("1.0000000000010000", "1.000000000001", false)]
    [InlineData("0.0000000000005", "0", true)]
    [InlineData("0.00000000000051", "0.000000000001", true)]
    [InlineData("0.00000000000009", "0", true)]
    [InlineData("9e-40", "0", true)]
    [InlineData("999999999999999.9999999999996", "1000000000000000", true)]
    public void Digits_finer_than_a_pico_dollar_are_rounded_half_to_even_and_flagged(string text, string usd, bool rounded)
    {
        var value = Assert.IsType<NumberReading.Value>(NumberReader.Read(text, Unit.Usd));
        Assert.Equal((usd, rounded), (value.Amount.ToString(), value.Rounded));
    }

    [Fact]
    public void The_length_is_bounded()
    {
        Assert.IsType<NumberReading.Value>(NumberReader.Read(new string(' ', 199) + "5", Unit.Usd));
        Assert.Equal(new NumberReading.Malformed(NumberReasons.TooLong), NumberReader.Read(new string(' ', 200) + "5", Unit.Usd));
    }

    [Fact]
    public void Nothing_makes_it_throw_and_amounts_stay_in_bounds() =>
        Gen.OneOf(
            Gen.String,
            Gen.Char["0123456789,.  -+eE$US[]n()/Na\u2014\u2660\u00A0\u2020*\uFE0F2024"].Array[0, 30].Select(characters => new string(characters)))
            .Sample(text => NumberReader.Read(text, Unit.Billion) switch
            {
                NumberReading.Value value => value.Amount >= Money.Zero && value.Amount.CompareTo(new Money(Int128.Parse("1000000000000000000000000000"))) <= 0,
                NumberReading.Malformed malformed => malformed.Reason.Length > 0,
                NumberReading.Missing => true,
                _ => false,
            }, iter: 50_000);

    [Fact]
    public void Grouping_does_not_change_the_amount() =>
        Gen.Select(Gen.Long[0, 999_999_999], Gen.OneOf(",", " ", "\u00A0", "\u2009")).Sample((number, separator) =>
            NumberReader.Read(number.ToString("#,0").Replace(",", separator), Unit.Million) == NumberReader.Read(number.ToString(), Unit.Million));
}
