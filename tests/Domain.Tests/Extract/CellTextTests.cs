using Etl.Domain.Extract;

namespace Etl.Domain.Tests.Extract;

public sealed class CellTextTests
{
    [Theory]
    [InlineData("  a \u00A0 b\r\n\tc ", "a b c")]
    [InlineData("1\u202F234", "1 234")]
    [InlineData("\u200Bx\uFEFF\u00AD", "x")]
    [InlineData("China[n 1]", "China")]
    [InlineData("1,234[12][a]", "1,234")]
    [InlineData("[note 3] Oman", "Oman")]
    [InlineData("Korea [South]", "Korea [South]")]
    [InlineData("[]", "[]")]
    [InlineData("Côte d'Ivoire", "Côte d'Ivoire")]
    [InlineData("", "")]
    public void Cleans_what_is_not_seen(string text, string expected) => Assert.Equal(expected, CellText.Clean(text));

    [Fact]
    public void Keeps_a_bounded_number_of_characters_and_no_half_character()
    {
        var clean = CellText.Clean(string.Concat(Enumerable.Repeat("x😀", CellText.MaximumLength)));

        Assert.InRange(clean.Length, CellText.MaximumLength - 2, CellText.MaximumLength);
        Assert.False(char.IsHighSurrogate(clean[^1]));
    }

    [Fact]
    public void Shortens_for_messages() => Assert.Equal("abc…", CellText.Shorten("abcdefgh", 4));
}
