using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

public sealed class CountryCodeTests
{
    [Theory]
    [InlineData("AAA", 1)]
    [InlineData("AAB", 2)]
    [InlineData("ZZZ", 17576)]
    public void Three_capitals_are_a_code(string text, int packed)
    {
        Assert.True(CountryCode.TryParse(text, out var code));
        Assert.Equal(text, code.ToString());
        Assert.Equal(packed, code.Packed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("US")]
    [InlineData("usa")]
    [InlineData("USAA")]
    [InlineData("U1A")]
    [InlineData("ÅLA")]
    [InlineData(" US")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(CountryCode.TryParse(text, out var code));
        Assert.Equal(CountryCode.None, code);
        Assert.Equal("", code.ToString());
        Assert.Equal(0, code.Packed);
    }

    [Fact]
    public void The_order_is_that_of_the_letters()
    {
        var codes = CountryDirectory.Default.Countries.Select(country => country.Code).ToArray();
        Assert.Equal(codes.Select(code => code.ToString()).Order(StringComparer.Ordinal), codes.Order().Select(code => code.ToString()));
        Assert.All(codes, code => Assert.True(CountryCode.None.CompareTo(code) < 0 && code.Packed < CountryCode.PackedLimit));
    }
}
