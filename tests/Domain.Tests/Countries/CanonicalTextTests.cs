using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

public sealed class CanonicalTextTests
{
    [Theory]
    [InlineData("Cote d'Ivoire", "Cote d'Ivoire")]
    [InlineData("Co\u0302te", "C\u00F4te")]
    [InlineData("C\u00F4te", "C\u00F4te")]
    [InlineData("Vie\u0302\u0323t Nam", "Vi\u1EC7t Nam")]
    [InlineData("Vie\u0323\u0302t Nam", "Vi\u1EC7t Nam")]
    [InlineData("a\u0315\u0300", "\u00E0\u0315")]
    [InlineData("a\u0300\u0301", "\u00E0\u0301")]
    [InlineData("\u212B \u2126", "\u00C5 \u03A9")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0915\u093C", "\u0915\u093C")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\uD834\uDD5E", "\uD834\uDD57\uD834\uDD65")]
    [InlineData("\u0301a", "\u0301a")]
    public void Composes_as_form_C_does(string text, string expected) => Assert.Equal(expected, CanonicalText.Compose(text));

    // In code: a lone surrogate does not survive an attribute.
    [Fact]
    public void Lone_surrogates_are_kept()
    {
        foreach (var text in new[] { "\uD800", "\uDC00a\u0323", "e\u0301\uD834" })
            Assert.Equal(text.Replace("a\u0323", "\u1EA1").Replace("e\u0301", "\u00E9"), CanonicalText.Compose(text));
    }
}
