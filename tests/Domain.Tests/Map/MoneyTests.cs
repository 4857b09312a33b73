using System.Globalization;
using CsCheck;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Map;

public sealed class MoneyTests
{
    private const string LargestUsd = "1000000000000000";

    /// <summary>From a pico-dollar to 10^15 USD, evenly over the lengths, with zeros at the ends.</summary>
    private static readonly Gen<Int128> Pico = Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 27], Gen.Int[0, 27]).Select((high, low, length, zeros) =>
    {
        var limit = Power(length);
        var number = (Int128)(new UInt128(high >> 1, low) % (UInt128)limit);
        var unit = Power(Math.Min(zeros, length));
        return number / unit * unit;
    });

    [Theory]
    [InlineData("0", "0", "0", "0")]
    [InlineData("30337162123.456", "30337162123.456", "30337.162123456", "30.337162123456")]
    [InlineData("1000000000", "1000000000", "1000", "1")]
    [InlineData("0.000000000001", "0.000000000001", "0.000000000000000001", "0.000000000000000000001")]
    [InlineData(LargestUsd, LargestUsd, "1000000000", "1000000")]
    public void Text_has_every_digit_and_no_trailing_zero(string usd, string asUsd, string million, string billion)
    {
        var money = Read(usd, Unit.Usd);
        Assert.Equal((asUsd, million, billion), (money.ToString(), money.ToMillionText(), money.ToBillionText()));
    }

    [Fact]
    public void A_negative_difference_is_written_too()
    {
        var difference = Money.Zero - Read("1.5", Unit.Billion);
        Assert.Equal("-1.5", difference.ToBillionText());
        Assert.Equal("-1.50", difference.RoundBillions().Text);
        Assert.Equal("-170141183460469231731687303.715884105728", new Money(Int128.MinValue).ToString());
    }

    [Fact]
    public void Text_reads_back_to_itself_in_each_unit() =>
        Gen.Select(Pico, Gen.Enum<Unit>()).Sample((pico, unit) =>
        {
            var money = new Money(pico);
            return NumberReader.Read(money.ToText(unit), unit) is NumberReading.Value { Rounded: false } value && value.Amount == money;
        }, iter: 20_000);

    [Theory]
    [InlineData("550.905", "550.90")]
    [InlineData("550.915", "550.92")]
    [InlineData("550.9050000000000000001", "550.91")]
    [InlineData("30337.162", "30337.16")]
    [InlineData("0.005", "0.00")]
    [InlineData("0.015", "0.02")]
    [InlineData("7", "7.00")]
    public void Billions_are_rounded_half_to_even(string billions, string expected) =>
        Assert.Equal(expected, Read(billions, Unit.Billion).RoundBillions().Text);

    [Fact]
    public void Rounding_agrees_with_decimal() =>
        // A millionth part of a billion in steps of a half hundredth meets the ties.
        Gen.Select(Gen.OneOf(Gen.Long[0, 999_999_999_999], Gen.Long[0, 99_999_999].Select(n => n * 5_000)), Gen.Int[0, 6]).Sample((millionths, decimals) =>
        {
            var rounded = new Money(millionths * Power(15)).RoundBillions(decimals);
            var expected = decimal.Round(millionths / 1_000_000m, decimals, MidpointRounding.ToEven);
            return rounded.Text == expected.ToString("F" + decimals, CultureInfo.InvariantCulture)
                && rounded.Scaled == (Int128)(expected * (decimal)Math.Pow(10, decimals));
        }, iter: 20_000);

    [Theory]
    [InlineData("10", 3, "3.33")]
    [InlineData("20", 3, "6.67")]
    [InlineData("0.05", 2, "0.02")]
    [InlineData("0.07", 2, "0.04")]
    [InlineData("1425.92", 5, "285.18")]
    [InlineData("0", 5, "0.00")]
    public void A_mean_is_rounded_once(string sum, int n, string expected) =>
        Assert.Equal(expected, Money.MeanBillions(Read(sum, Unit.Billion).Pico, n).Text);

    [Fact]
    public void A_mean_agrees_with_decimal() =>
        Gen.Select(Gen.Long[0, 999_999_999_999], Gen.OneOf(1, 2, 4, 5, 8, 10)).Sample((millionths, n) =>
            // Divisors that decimal divides by exactly, so that the oracle rounds once too.
            Money.MeanBillions(millionths * Power(15), n).Text
                == decimal.Round(millionths / 1_000_000m / n, 2, MidpointRounding.ToEven).ToString("F2", CultureInfo.InvariantCulture));

    [Fact]
    public void A_mean_of_nothing_is_a_fault() => Assert.Throws<ArgumentOutOfRangeException>(() => Money.MeanBillions(1, 0));

    [Fact]
    public void Sums_are_exact_in_any_order() =>
        Gen.Select(Pico, Pico, Pico).Sample((a, b, c) =>
            (new Money(a) + new Money(b)) + new Money(c) == new Money(c) + (new Money(b) + new Money(a))
            && new Money(a) + Money.Zero == new Money(a));

    [Fact]
    public void A_sum_that_does_not_fit_is_not_made_up() =>
        Assert.Throws<OverflowException>(() => new Money(Int128.MaxValue) + new Money(1));

    [Fact]
    public void Order_is_by_amount()
    {
        Money one = new(1), two = new(2);
        Assert.True(one < two && two > one && one <= two && two >= one && one.CompareTo(two) < 0);
    }

    [Fact]
    public void A_threshold_is_held_against_the_rounded_value()
    {
        var threshold = Read("100", Unit.Billion);
        Assert.True(Read("99.995", Unit.Billion).RoundBillions().ToMoney() >= threshold);
        Assert.True(Read("99.9949", Unit.Billion).RoundBillions().ToMoney() < threshold);
    }

    private static Int128 Power(int exponent) => Enumerable.Repeat((Int128)10, exponent).Aggregate(Int128.One, (power, ten) => power * ten);

    private static Money Read(string text, Unit unit) => Assert.IsType<NumberReading.Value>(NumberReader.Read(text, unit)).Amount;
}
