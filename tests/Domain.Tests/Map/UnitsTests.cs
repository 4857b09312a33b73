using Etl.Domain.Map;

namespace Etl.Domain.Tests.Map;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("usd", Unit.Usd, 12)]
    [InlineData("thousand", Unit.Thousand, 15)]
    [InlineData(" MILLION ", Unit.Million, 18)]
    [InlineData("Billion", Unit.Billion, 21)]
    public void A_word_is_its_unit(string word, Unit unit, int exponent)
    {
        Assert.True(Units.TryParse(word, out var found));
        Assert.Equal(unit, found);
        Assert.Equal(exponent, Units.PicoExponent(unit));
        Assert.Equal(word.Trim().ToLowerInvariant(), Units.WordFor(unit));
    }

    [Theory]
    [InlineData("")]
    [InlineData("millions")]
    [InlineData("eur")]
    [InlineData("3")]
    public void Any_other_word_is_none(string word) => Assert.False(Units.TryParse(word, out _));

    [Fact]
    public void The_numbers_are_stored_and_never_change() =>
        Assert.Equal([1, 2, 3, 4], Enum.GetValues<Unit>().Select(unit => (int)unit));
}
