using CsCheck;
using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

public sealed class CountryNamesTests
{
    [Theory]
    [InlineData("France", "France")]
    [InlineData("", "")]
    [InlineData("  France\t\r\n", "France")]
    [InlineData("\u00A0South\u00A0 \u2009Africa\u202F", "South Africa")]
    [InlineData("Co\u0302te d\u2019Ivoire", "C\u00F4te d'Ivoire")]
    [InlineData("Cote d\u02BCIvoire", "Cote d'Ivoire")]
    [InlineData("Guinea\u2011Bissau", "Guinea-Bissau")]
    [InlineData("China[1]", "China")]
    [InlineData("China [n 2]", "China")]
    [InlineData("China[a][12] [note 3]", "China")]
    [InlineData("[n 1]China", "China")]
    [InlineData("South[2] Africa", "South Africa")]
    [InlineData("South [2] Africa", "South Africa")]
    [InlineData("China[citation needed]", "China")]
    [InlineData("China[[1]2]", "China")]
    [InlineData("Myanmar [Burma]", "Myanmar [Burma]")]
    [InlineData("Congo [DR]", "Congo [DR]")]
    [InlineData("Crimea [2014]", "Crimea [2014]")]
    [InlineData("France\u2020", "France")]
    [InlineData("France *\u2021", "France")]
    [InlineData("France\u00B9\u2070", "France")]
    [InlineData("France\u2020[1] ", "France")]
    [InlineData("*", "")]
    [InlineData("Ger\u00ADma\u200Bny\uFEFF", "Germany")]
    [InlineData("\u202AIran\u202C\u200E", "Iran")]
    [InlineData("e\u200B\u0301", "\u00E9")]
    [InlineData("\u001b[31mChina", "[31mChina")]
    public void Clean_leaves_the_name(string text, string expected) => Assert.Equal(expected, CountryNames.Clean(text));

    [Theory]
    [InlineData("T\u00DCRKIYE", "t\u00FCrkiye")]
    [InlineData("TU\u0308RKIYE", "t\u00FCrkiye")]
    [InlineData("\u212Bland", "\u00E5land")]
    [InlineData("J\u030C", "\u01F0")]
    public void Normalize_folds_case_and_composes(string text, string expected) => Assert.Equal(expected, CountryNames.Normalize(text));

    [Fact]
    public void Marks_within_a_name_stay() => Assert.Equal("a*b\u00B2c\u2020d", CountryNames.Clean("a*b\u00B2c\u2020d"));

    [Fact]
    public void Clean_and_normalize_are_idempotent() =>
        Text.Sample(text =>
        {
            var clean = CountryNames.Clean(text);
            var normal = CountryNames.Normalize(text);
            return CountryNames.Clean(clean) == clean
                && CountryNames.Normalize(normal) == normal
                && CountryNames.Normalize(clean) == normal;
        }, iter: 20_000);

    [Fact]
    public void Every_single_character_is_handled_and_stable()
    {
        for (var character = '\0'; character < '\uFFFF'; character++)
        {
            var normal = CountryNames.Normalize($"x{character}y");
            Assert.Equal(normal, CountryNames.Normalize(normal));
        }
    }

    [Fact]
    public void Many_open_brackets_cost_no_more_than_other_text()
    {
        var text = string.Concat(Enumerable.Repeat("[1", 200_000)) + string.Concat(Enumerable.Repeat("]", 200_000));
        Assert.NotNull(CountryNames.Normalize(text));
        Assert.NotNull(CountryNames.Normalize("a" + new string('\u0301', 200_000) + new string('\u0323', 200_000)));
    }

    /// <summary>Texts made of everything the rules look at, so that their rules meet.</summary>
    private static Gen<string> Text { get; } = Gen.OneOf(
        Gen.Char["aAeEjJ1 []*n\u2020\u2021\u00B9\u2070\u2019\u00A0\u2009\u200B\u00AD\uFE0F\u0301\u030C\u0307\u0323\u0130\u0131\u212A\u212B\u1100\u1161\u11A8\uD800\uDC00"]
            .Array[0, 14].Select(characters => new string(characters)),
        Gen.String);
}
