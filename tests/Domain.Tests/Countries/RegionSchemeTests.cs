using Etl.Domain.Countries;

namespace Etl.Domain.Tests.Countries;

public sealed class RegionSchemeTests
{
    private static readonly CountryDirectory Directory = CountryDirectory.Default;

    [Theory]
    [InlineData("continent", "FRA", "Europe")]
    [InlineData("continent", "USA", "North America")]
    [InlineData("continent", "GEO", "Asia")]
    [InlineData("continent", "CYP", "Europe")]
    [InlineData("continent", "ATA", null)]
    [InlineData("un-region", "USA", "Americas")]
    [InlineData("un-region", "ATA", null)]
    [InlineData("un-subregion", "USA", "Northern America")]
    [InlineData("wb-region", "MLT", "Middle East & North Africa")]
    [InlineData("wb-region", "TWN", null)]
    [InlineData("wb-income", "VEN", null)]
    [InlineData("wb-income", "IND", "Lower middle income")]
    public void A_built_in_scheme_assigns_by_the_directory(string name, string code, string? region)
    {
        var scheme = BuiltIn(name);
        Assert.Equal(region, scheme.RegionOf(Code(code)));
        Assert.Equal(region is null ? -1 : scheme.Regions.IndexOf(region), scheme.OrdinalOf(Code(code)));
        Assert.Equal((name, name), (scheme.Name, scheme.Fingerprint));
    }

    [Fact]
    public void Continent_is_the_default_and_has_exactly_six_regions()
    {
        Assert.Equal(["continent", "un-region", "un-subregion", "wb-region", "wb-income"], RegionScheme.BuiltIn);
        string[] six = ["Africa", "Asia", "Europe", "North America", "Oceania", "South America"];
        Assert.Equal(six, BuiltIn("continent").Regions);
        var tiny = Assert.IsType<Parsed<CountryDirectory>.Ok>(
            CountryDirectory.Parse("[countries]\nFRA | FR | France | Europe | | | | | |")).Value;
        Assert.Equal(six, Ok(RegionScheme.TryBuiltIn("continent", tiny)).Regions);
    }

    [Fact]
    public void Ordinals_are_places_in_the_ordinal_order_and_no_country_has_none()
    {
        Assert.All(RegionScheme.BuiltIn, name =>
        {
            var scheme = BuiltIn(name);
            Assert.Equal(scheme.Regions.Order(StringComparer.Ordinal).Distinct(), scheme.Regions);
            Assert.Equal(-1, scheme.OrdinalOf(CountryCode.None));
            Assert.All(Directory.Countries, country => Assert.InRange(scheme.OrdinalOf(country.Code), -1, scheme.Regions.Length - 1));
        });
    }

    [Fact]
    public void An_unknown_scheme_is_refused_with_a_suggestion()
    {
        var refused = Assert.IsType<Parsed<RegionScheme>.Refused>(RegionScheme.TryBuiltIn("contient", Directory));
        Assert.Equal("there is no region scheme 'contient'", refused.Problem);
        Assert.StartsWith("there is no region scheme 'contient'; did you mean 'continent'? built in are continent, un-region", refused.Message);
    }

    [Theory]
    [InlineData("country,region\nFrance,North\nBrazil,South\n")]
    [InlineData("\uFEFFcountry,region\r\nFRA,North\r\nbra,South\r\n\r\n")]
    [InlineData("Region,note,COUNTRY\rSouth,x,Brazil\rNorth,\"a \"\"b\"\", c\",\"France[1]\"")]
    [InlineData("country,region\nFrance, North \nFRA,North\nBrazil,South")]
    public void A_file_assigns_whatever_its_manner_of_writing(string csv)
    {
        var scheme = Ok(RegionScheme.ParseCsv("mine.csv", csv, Directory));
        Assert.Equal("mine.csv", scheme.Name);
        Assert.Equal<string>(["North", "South"], scheme.Regions);
        Assert.Equal((0, 1, -1), (scheme.OrdinalOf(Code("FRA")), scheme.OrdinalOf(Code("BRA")), scheme.OrdinalOf(Code("USA"))));
        // sha256sum of "BRA<tab>South<newline>FRA<tab>North<newline>".
        Assert.Equal("csv:3f1b0762e433908087724271982c8c7e3f4869853fcaa48692492d3f75c89313", scheme.Fingerprint);
    }

    [Fact]
    public void Other_assignments_have_another_fingerprint()
    {
        var one = Ok(RegionScheme.ParseCsv("a", "country,region\nFrance,North", Directory));
        Assert.NotEqual(one.Fingerprint, Ok(RegionScheme.ParseCsv("a", "country,region\nFrance,South", Directory)).Fingerprint);
        Assert.Equal(one.Fingerprint, Ok(RegionScheme.ParseCsv("b", "country,region\nFrance,North", Directory)).Fingerprint);
    }

    [Theory]
    [InlineData("", 0, "the file is empty", "header country,region")]
    [InlineData("France,Europe\n", 1, "the header has no column 'country'", "first row is the header")]
    [InlineData("country,continent\nFrance,Europe\n", 1, "the header has no column 'region'", "first row is the header")]
    [InlineData("country,region\n", 1, "no country below the header", "add a line")]
    [InlineData("country,region\n\nFrence,Europe\n", 3, "unknown country 'Frence'", "did you mean 'France'?")]
    [InlineData("country,region\n,Europe\n", 2, "the country is empty", "alpha-3")]
    [InlineData("country,region\nWorld,All\n", 2, "'World' is an aggregate, not a country", "remove the line")]
    [InlineData("country,region\nFrance,A\nBrazil,B\nFRA,B\n", 4, "France is in 'B' here and in 'A' on line 2", "remove one")]
    [InlineData("country,region\nFrance,\u00A0\n", 2, "the region is empty", "unassigned")]
    [InlineData("country,region\nFrance,\"a\nb\"\n", 2, "the region's name holds a control character or a line break", "remove it")]
    [InlineData("country,region\nCongo, Dem. Rep.,Africa\n", 2, "3 fields where the header has 2", "double quotes")]
    [InlineData("country,region\n\"a\nb\",A\nFrance\n", 2, "unknown country 'a b'", "alpha-3")]
    [InlineData("country,region\nFrance,\"A\nB", 2, "a quoted field is not closed", "close the field")]
    [InlineData("country,region\n\"France\"x,A", 2, "text after a closing quote", "double every quote")]
    public void A_faulty_file_is_refused_with_line_and_remedy(string csv, int line, string problem, string remedy)
    {
        var refused = Assert.IsType<Parsed<RegionScheme>.Refused>(RegionScheme.ParseCsv("mine.csv", csv, Directory));
        Assert.Equal((line, problem), (refused.Line, refused.Problem));
        Assert.Contains(remedy, refused.Message);
    }

    [Fact]
    public void Lines_are_counted_through_quoted_line_breaks()
    {
        const string csv = "country,region,note\nFrance,A,\"one\r\ntwo\"\nNowhere,B,\n";
        Assert.Equal(4, Assert.IsType<Parsed<RegionScheme>.Refused>(RegionScheme.ParseCsv("x", csv, Directory)).Line);
    }

    [Fact]
    public void A_message_shows_a_long_or_hostile_text_short_and_clean()
    {
        var name = "\u001b[2J" + new string('x', 56) + "\U0001F600tail";
        var refused = Assert.IsType<Parsed<RegionScheme>.Refused>(RegionScheme.ParseCsv("x", $"country,region\n{name},A", Directory));
        Assert.Equal($"unknown country '[2J{new string('x', 56)}…'", refused.Problem);
    }

    [Fact]
    public void More_than_a_thousand_regions_are_refused()
    {
        // There are fewer countries than that, so the directory must be larger.
        var codes = Enumerable.Range(0, 1001).Select(n => $"{(char)('A' + (n / 676))}{(char)('A' + (n / 26 % 26))}{(char)('A' + (n % 26))}").ToArray();
        var large = Assert.IsType<Parsed<CountryDirectory>.Ok>(CountryDirectory.Parse(
            "[countries]\n" + string.Concat(codes.Select(code => $"{code} | | Land {code} | | | | | | |\n")))).Value;
        var rows = codes.Select(code => $"{code},Region {code}\n").ToArray();
        Assert.Equal(1000, Ok(RegionScheme.ParseCsv("x", "country,region\n" + string.Concat(rows[..1000]), large)).Regions.Length);
        var refused = Assert.IsType<Parsed<RegionScheme>.Refused>(RegionScheme.ParseCsv("x", "country,region\n" + string.Concat(rows), large));
        Assert.Equal((1002, "more than 1000 regions"), (refused.Line, refused.Problem));
    }

    private static RegionScheme BuiltIn(string name) => Ok(RegionScheme.TryBuiltIn(name, Directory));

    private static RegionScheme Ok(Parsed<RegionScheme> parsed) => Assert.IsType<Parsed<RegionScheme>.Ok>(parsed).Value;

    private static CountryCode Code(string text) => CountryCode.TryParse(text, out var code) ? code : throw new ArgumentException(text);
}
