using System.Text.RegularExpressions;
using CsCheck;
using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

public sealed class CountryDirectoryTests
{
    private static readonly CountryDirectory Directory = CountryDirectory.Default;

    [Theory]
    [InlineData("Georgia", "GEO")]
    [InlineData("Micronesia", "FSM")]
    [InlineData("South Africa", "ZAF")]
    [InlineData("Central African Republic", "CAF")]
    [InlineData("Australia", "AUS")]
    [InlineData("Netherlands Antilles", "ANT")]
    [InlineData("Namibia", "NAM")]
    [InlineData("Niger", "NER")]
    [InlineData("Nigeria", "NGA")]
    [InlineData("Guinea", "GIN")]
    [InlineData("Guinea\u2011Bissau", "GNB")]
    [InlineData("Congo", "COG")]
    [InlineData("DR Congo", "COD")]
    [InlineData("swaziland", "SWZ")]
    [InlineData("Macedonia", "MKD")]
    [InlineData("Turkey", "TUR")]
    [InlineData("Tu\u0308rkiye[n 1]", "TUR")]
    [InlineData("C\u00D4TE D\u2019IVOIRE", "CIV")]
    [InlineData("\u00A0United States\u2020 ", "USA")]
    [InlineData("Eswatini [Swaziland]", "SWZ")]
    [InlineData("Virgin Islands (U.S.)", "VIR")]
    public void A_name_is_its_country(string name, string code) => Assert.Equal(code, CodeOf(Directory.Resolve(name)));

    [Theory]
    [InlineData("World", "World")]
    [InlineData("world[1]", "World")]
    [InlineData("European Union[n 1]", "European Union")]
    [InlineData("Australia and New Zealand", "Australia and New Zealand")]
    [InlineData("North America", "North America")]
    [InlineData("Eastern Europe ", "Eastern Europe")]
    [InlineData("Sub-Saharan Africa", "Sub-Saharan Africa")]
    [InlineData("Africa (Region)", "Africa (Region)")]
    public void An_aggregate_is_no_country(string name, string aggregate) =>
        Assert.Equal(new NameMatch.Aggregate(aggregate), Directory.Resolve(name));

    [Theory]
    [InlineData("Africa", "Africa")]
    [InlineData("Germny", "Germny")]
    [InlineData("Congo [DR]", "Congo [DR]")]
    [InlineData(" Atlantis[1]\u2020", "Atlantis")]
    [InlineData("NA", "NA")]
    [InlineData("", "")]
    public void Any_other_name_is_unknown_and_shown_clean(string name, string text) =>
        Assert.Equal(new NameMatch.Unknown(text), Directory.Resolve(name));

    [Theory]
    [InlineData("USA", "USA")]
    [InlineData(" nam ", "NAM")]
    [InlineData("UVK", "XKX")]
    [InlineData("XKX", "XKX")]
    [InlineData("WBG", "PSE")]
    [InlineData("CHI", "CHI")]
    [InlineData("ROM", "ROU")]
    public void A_code_is_its_country(string code, string expected) => Assert.Equal(expected, CodeOf(Directory.ResolveCode(code)));

    [Fact]
    public void Codes_of_aggregates_and_unknown_codes_are_told_apart()
    {
        Assert.Equal(new NameMatch.Aggregate("World"), Directory.ResolveCode("WLD"));
        Assert.Equal(new NameMatch.Aggregate("World"), Directory.ResolveCode("WEOWORLD"));
        Assert.Equal(new NameMatch.Unknown("QQQ"), Directory.ResolveCode("QQQ"));
        Assert.Equal(new NameMatch.Unknown("France"), Directory.ResolveCode("France"));
    }

    [Fact]
    public void Na_is_Namibia_and_never_missing()
    {
        Assert.Equal("NA", Directory.Countries.Single(country => country.Name == "Namibia").Alpha2);
        Assert.Equal("North America", Directory.Countries.Single(country => country.Name == "Canada").Continent);
        Assert.DoesNotContain(Directory.Countries, country => country.Continent is null);
    }

    [Fact]
    public void Every_country_is_found_by_code_and_name_in_the_order_of_codes()
    {
        Assert.Equal(256, Directory.Countries.Count);
        Assert.Equal(Directory.Countries.OrderBy(country => country.Code), Directory.Countries);
        Assert.Null(Directory.Find(CountryCode.None));
        Assert.All(Directory.Countries, country =>
        {
            Assert.Same(country, Directory.Find(country.Code));
            Assert.Equal(new NameMatch.Known(country), Directory.Resolve(country.Name));
            Assert.Equal(new NameMatch.Known(country), Directory.ResolveCode(country.Code.ToString()));
        });
    }

    [Fact]
    public void Every_spelling_survives_what_pages_do_to_it()
    {
        Gen.Select(Gen.OneOf(Directory.Names.ToArray()), Gen.OneOf("", " ", "\u00A0", "[1]", "[n 2]"), Gen.OneOf("", "\u2020", "*", "[a]", " [12] "))
            .Sample((name, before, after) =>
                Directory.Resolve(name) is NameMatch.Known
                && Directory.Resolve(before + name.ToUpperInvariant().Replace(" ", "\u00A0 ") + after) == Directory.Resolve(name));
        Assert.All(Directory.Names, name => Assert.IsType<NameMatch.Known>(Directory.Resolve(name)));
    }

    [Fact]
    public void The_hash_is_stable_and_follows_the_text_but_not_its_line_ends()
    {
        Assert.Matches(new Regex("^[0-9a-f]{64}$"), Directory.ContentHash);
        Assert.Equal(Read(Text).ContentHash, Read(Text.Replace("\n", "\r\n")).ContentHash);
        Assert.NotEqual(Read(Text).ContentHash, Read(Text + "# more\n").ContentHash);
        // printf of the text below through sha256sum.
        Assert.Equal("08224c7e65903068739920a457154e458c79c79e9633a26c6118cb9337264742", Read(Text).ContentHash);
    }

    [Theory]
    [InlineData("FRA | FR | France | Europe", 1, "an entry before the first section")]
    [InlineData("[nations]", 1, "unknown section [nations]")]
    [InlineData("[countries]\n\n# note\nFRA | FR | France", 4, "3 fields where a country has 10")]
    [InlineData("[countries]\nFra | FR | France | Europe | | | | | |", 2, "'Fra' is no code of three capitals")]
    [InlineData("[countries]\nFRA | F | France | Europe | | | | | |", 2, "'F' is no code of two capitals")]
    [InlineData("[countries]\nFRA | FR | | Europe | | | | | |", 2, "FRA has no name")]
    [InlineData("[countries]\nFRA | FR | France | Gaul | | | | | |", 2, "'Gaul' is no continent")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | | Gaul; ", 2, "an empty name for France (FRA)")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | | FRANCE", 2, "name 'FRANCE' is listed twice for France (FRA)")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | |\nDEU | DE | Germany | Europe | | | | | | Gaul; france", 3,
        "name 'france' stands for both France (FRA) and Germany (DEU)")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | |\nFRA | DE | Germany | Europe | | | | | |", 3,
        "code 'FRA' stands for both France (FRA) and Germany (FRA)")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | |\n[aggregates]\nFrance | EUU", 4,
        "name 'France' stands for both France (FRA) and the aggregate France")]
    [InlineData("[countries]\nFRA | FR | France | Europe | | | | | |\n[aggregates]\nWorld", 4, "1 fields where an aggregate has 2")]
    [InlineData("[aggregates]\nWorld |\n", 3, "no country")]
    public void A_malformed_text_is_refused_with_its_line(string text, int line, string problem)
    {
        var refused = Assert.IsType<Parsed<CountryDirectory>.Refused>(CountryDirectory.Parse(text));
        Assert.Equal((line, problem), (refused.Line, refused.Problem));
        Assert.Equal($"line {line}: {problem}; {refused.Remedy}", refused.Message);
    }

    private const string Text = "[countries]\nFRA | FR | France | Europe | | | | | |\n[aggregates]\nWorld | WLD\n";

    private static CountryDirectory Read(string text) => Assert.IsType<Parsed<CountryDirectory>.Ok>(CountryDirectory.Parse(text)).Value;

    private static string CodeOf(NameMatch match) => Assert.IsType<NameMatch.Known>(match).Country.Code.ToString();
}
