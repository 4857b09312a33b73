using System.Text;
using Etl.Domain.Extract.Files;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Extract.Files;

/// <summary>What is recognised in the first bytes of a file of records.</summary>
public sealed class LayoutReaderTests
{
    private static readonly RecordOptions Default = RecordOptions.Default;

    /// <summary>Head; delimiter, columns, country, year, value; unit; where the rows begin.</summary>
    public static TheoryData<string, char, int, int, int, int, Unit, int> Recognised => new()
    {
        { "country,year,gdp_usd_million\nFrance,2024,1\n", ',', 3, 0, 1, 2, Unit.Million, 29 },
        { "country,year,gdp_usd_million", ',', 3, 0, 1, 2, Unit.Million, 28 },
        { "country,year,gdp_usd_million\r\n", ',', 3, 0, 1, 2, Unit.Million, 30 },
        { "\uFEFFcountry,gdp_usd\nFrance,1", ',', 2, 0, -1, 1, Unit.Usd, 19 },
        { "GDP (current US$);Year;Country Name\n1;2024;France\n", ';', 3, 2, 1, 0, Unit.Usd, 36 },
        { "Country Code\tCountry Name\tTime Period\tOBS_VALUE (US$ billions)\n", '\t', 4, 1, 2, 3, Unit.Billion, 63 },
        { "iso3|date|\"GDP, million USD\"\nFRA|2024|1\n", '|', 3, 0, 1, 2, Unit.Million, 29 },
        { "\"country\",\"gdp \"\"nominal\"\" usd bn\"\n", ',', 2, 0, -1, 1, Unit.Billion, 35 },
        { "economy,TIME,gdpUsdThousands,rank,gdp_rank,gdp_note,population\n", ',', 7, 0, 1, 2, Unit.Thousand, 63 },
        { " Country/Territory , GDP_USD_bn \n", ',', 2, 0, -1, 1, Unit.Billion, 33 },
        { "id,name,country or area,year,contribution_usd,gdp_per_capita_usd\n", ',', 6, 2, 3, 4, Unit.Usd, 65 },
        // The value that names GDP is better than one that names nothing, or another measure.
        { "country,value,gdp million US dollars,gdp ppp usd\n", ',', 4, 0, -1, 2, Unit.Million, 49 },
        // Rows decide over the header, whose names have a comma each.
        { "country;gdp, million usd\nFrance;1\nItaly;2\n", ';', 2, 0, -1, 1, Unit.Million, 25 },
        { "country;year;gdp, million usd\nFrance;2024;1,5\nItaly;2024;2,5\n", ';', 3, 0, 1, 2, Unit.Million, 30 },
        { "country,gdp usd; million\n\"Korea; Rep.\",1\n\"Congo; Rep.\",2\n", ',', 2, 0, -1, 1, Unit.Million, 25 },
    };

    [Theory]
    [MemberData(nameof(Recognised))]
    public void A_header_tells_its_columns_and_unit(
        string head, char delimiter, int columns, int country, int year, int value, Unit unit, int dataOffset)
    {
        var chosen = Chosen(head, Default, null);
        Assert.Equal(
            ((byte)delimiter, columns, country, year, value, dataOffset),
            (chosen.Layout.Delimiter, chosen.Layout.Columns, chosen.Layout.Country, chosen.Layout.Year, chosen.Layout.Value, chosen.Layout.DataOffset));
        Assert.Equal((RecordFormat.Csv, unit), (chosen.Layout.Format, chosen.Unit));
        Assert.Empty(chosen.Warnings);
    }

    [Fact]
    public void Names_are_kept_as_the_header_has_them()
    {
        var layout = Chosen("\uFEFF Country ,\"The \"\"GDP\"\", usd\",Année\n", Default with { Year = "anne\u0301e" }, null).Layout;
        Assert.Equal(("Country", "Année", "The \"GDP\", usd"), (layout.CountryName, layout.YearName, layout.ValueName));
    }

    [Fact]
    public void Options_name_columns_in_any_case_and_win_over_recognition()
    {
        const string head = "country,a,b,Total,total\n";
        var asked = Default with { Country = "B", Year = "a", Value = "Total" };
        var layout = Chosen(head, asked, Unit.Thousand).Layout;
        Assert.Equal((2, 1, 3), (layout.Country, layout.Year, layout.Value));
    }

    [Theory]
    [InlineData("country,gdp", Unit.Million, Unit.Million, false)]
    [InlineData("country,gdp_usd", Unit.Million, Unit.Million, false)]
    [InlineData("country,gdp_million", Unit.Billion, Unit.Billion, false)]
    [InlineData("country,gdp_usd_million", Unit.Million, Unit.Million, false)]
    [InlineData("country,gdp_usd_million", Unit.Billion, Unit.Million, true)]
    [InlineData("country,gdp trillion usd", Unit.Billion, Unit.Billion, false)]
    public void A_stated_unit_beats_the_one_that_was_asked_for(string header, Unit asked, Unit expected, bool warned)
    {
        var chosen = Chosen(header, Default, asked);
        Assert.Equal((expected, warned), (chosen.Unit, chosen.Warnings.Count == 1));
    }

    [Fact]
    public void A_given_delimiter_is_taken()
    {
        Assert.Equal(1, Chosen("country;x,gdp\na;b,1\n", Default with { Delimiter = ',', Country = "country;x" }, Unit.Usd).Layout.Value);
        Refuses("country,gdp\n", Default with { Delimiter = ';' }, 2, "one column, 'country,gdp', when a semicolon parts it");
        Refuses("country,gdp\n", Default with { Delimiter = '§' }, 2, "--delimiter takes a comma, semicolon, tab or |");
    }

    [Theory]
    [InlineData("{\"country\":\"France\",\"year\":2024,\"gdp_usd\":1}\n", "country", "year", "gdp_usd", Unit.Usd)]
    [InlineData("\n{\"GDP (million usd)\":1,\"economy\":{\"name\":\"x\",\"year\":1}}", "economy", null, "GDP (million usd)", Unit.Million)]
    [InlineData("broken\n{\"country\":\"x\"}\n{\"country\":\"y\",\"g\\u0064p_usd_bn\":2}\n", "country", null, "gdp_usd_bn", Unit.Billion)]
    public void Json_lines_tell_their_properties(string head, string country, string? year, string value, Unit unit)
    {
        var chosen = Assert.IsType<LayoutReading.Chosen>(Read(head, RecordFormat.Ndjson, Default, null));
        Assert.Equal(new FileLayout(RecordFormat.Ndjson, 0, 0, -1, -1, -1, country, year, value, 0), chosen.Layout);
        Assert.Equal(unit, chosen.Unit);
    }

    [Fact]
    public void Json_properties_are_named_by_options_too()
    {
        const string head = "\uFEFF{\"Land\":\"x\",\"betrag\":1}\n";
        var chosen = Assert.IsType<LayoutReading.Chosen>(
            Read(head, RecordFormat.Ndjson, Default with { Country = "land", Value = "Betrag" }, Unit.Usd));
        Assert.Equal(("Land", null, "betrag", 3), (chosen.Layout.CountryName, chosen.Layout.YearName, chosen.Layout.ValueName, chosen.Layout.DataOffset));
    }

    [Theory]
    [InlineData("country,gdp_2024_usd", 2024)]
    [InlineData("country,GDP 2023 (US$ million)", 2023)]
    [InlineData("country,gdp_2023_24_usd", null)]
    [InlineData("country,gdp_usd", null)]
    [InlineData("country,year,gdp_2024_usd", null)]
    public void A_year_in_the_value_s_name_is_that_of_all_rows(string header, int? year) =>
        Assert.Equal(year, LayoutReader.YearOf(Chosen(header, Default, null).Layout));

    /// <summary>Headers of files that statistical offices and portals hand out, with the unit given where they do not tell it.</summary>
    [Theory]
    [InlineData("Country Name,Country Code,Year,Value", 0, 2, 3)]
    [InlineData("Entity,Code,Year,GDP (current US$)", 0, 2, 3)]
    [InlineData("\"Country or Area\",\"Year\",\"Item\",\"Value\"", 0, 1, 3)]
    [InlineData("LOCATION,Country,TRANSACT,Transaction,TIME,Year,Unit Code,Unit,PowerCode Code,PowerCode,Value,Flag Codes,Flags", 1, 5, 10)]
    [InlineData("REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS,UNIT_MULT,DECIMALS", 0, 1, 2)]
    [InlineData("region,country,iso2,iso3,year,gdp,gdp_growth,gdp_pct,gdp_per_capita,population", 1, 4, 5)]
    public void Files_of_others_are_recognised(string header, int country, int year, int value)
    {
        var layout = Chosen(header + "\n", Default, Unit.Usd).Layout;
        Assert.Equal((country, year, value), (layout.Country, layout.Year, layout.Value));
    }

    [Theory]
    [InlineData("country,gdp_usd_million", "2020", 2020)]
    [InlineData("country,gdp_usd_million", "all", null)]
    [InlineData("country,gdp_2019_usd_million", "2020", 2019)]
    [InlineData("country,year,gdp_usd_million", "2020", null)]
    public void A_file_without_years_is_of_the_year_that_is_asked_for(string header, string asked, int? year) =>
        Assert.Equal(year, LayoutReader.YearOf(Chosen(header, Default, null).Layout, YearRule.Parse(asked)!));

    private static LayoutReading Read(string head, RecordFormat format, RecordOptions options, Unit? unit) =>
        LayoutReader.Read(Encoding.UTF8.GetBytes(head), headIsWhole: true, format, options, unit);

    private static LayoutReading.Chosen Chosen(string head, RecordOptions options, Unit? unit)
    {
        var reading = Read(head, RecordFormat.Csv, options, unit);
        return reading is LayoutReading.Refused refused ? throw new InvalidOperationException(refused.Text) : (LayoutReading.Chosen)reading;
    }

    private static void Refuses(string head, RecordOptions options, int exitCode, string text)
    {
        var refused = Assert.IsType<LayoutReading.Refused>(Read(head, RecordFormat.Csv, options, null));
        Assert.Equal(exitCode, refused.ExitCode);
        Assert.Contains(text, refused.Text, StringComparison.Ordinal);
    }
}
