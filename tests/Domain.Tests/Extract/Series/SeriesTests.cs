using System.Text;
using Etl.Domain.Countries;
using Etl.Domain.Extract;
using Etl.Domain.Extract.Series;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Extract.Series;

/// <summary>Each publisher's format by small examples, what is refused, and which years are taken.</summary>
public sealed class SeriesTests
{
    private const string Outlook =
        "WEO Country Code\tISO\tWEO Subject Code\tCountry\tSubject Descriptor\tUnits\tScale\t2022\t2023\t2024\tEstimates Start After\r\n"
        + "111\tUSA\tNGDPD\tUnited States\tGross domestic product, current prices\tU.S. dollars\tBillions\t\"25,744.100\"\t27,720.725\t28,781.083\t2023\r\n"
        + "111\tUSA\tPPPGDP\tUnited States\tGross domestic product, current prices\tPurchasing power parity; international dollars\tBillions\t1\t2\t3\t2023\r\n"
        + "512\tAFG\tNGDPD\tAfghanistan\tGross domestic product, current prices\tU.S. dollars\tBillions\t14.501\tn/a\t--\t2022\r\n"
        + "\r\nInternational Monetary Fund, World Economic Outlook Database, April 2024\r\n";

    private const string Sdmx =
        """
        {"meta":{"schema":"https://example.org/sdmx-json/2.0.0","prepared":"2024-04-20T10:00:00Z"},
         "data":{"dataSets":[{"structure":0,"series":{
            "0:0:0":{"attributes":[0],"observations":{"0":["27720.725"],"1":[28781.083]}},
            "1:0:0":{"attributes":[0],"observations":{"0":[2142.471]}},
            "0:1:0":{"attributes":[0],"observations":{"0":["7"]}}}}],
          "structures":[{"dimensions":{"series":[
             {"id":"COUNTRY","values":[{"id":"USA","name":"United States"},{"id":"CAN","name":"Canada"}]},
             {"id":"INDICATOR","values":[{"id":"NGDPD"},{"id":"PPPGDP"}]},{"id":"FREQUENCY","values":[{"id":"A"}]}],
            "observation":[{"id":"TIME_PERIOD","values":[{"value":"2023"},{"value":"2024"}]}]},
           "attributes":{"series":[{"id":"SCALE","values":[{"id":"9","name":"Billions"}]}]}}]}}
        """;

    private const string WorldBank =
        "\uFEFF\"Data Source\",\"World Development Indicators\",\r\n\r\n\"Last Updated Date\",\"2024-10-24\",\r\n\r\n"
        + "\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"2022\",\"2023\",\r\n"
        + "\"Nowhere and Elsewhere\",\"QQZ\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"1\",\"2\",\r\n"
        + "\"France\",\"FRA\",\"GDP (current US$)\",\"NY.GDP.MKTP.CD\",\"2779092236505.95\",\"\",\r\n";

    [Theory]
    [InlineData('\t')]
    [InlineData(';')]
    public void The_outlook_is_one_subject_of_several_whatever_parts_its_fields(char delimiter)
    {
        var table = Table(ImfOutlook.Read(Outlook.Replace('\t', delimiter)));

        Assert.Equal((Unit.Billion, new DateOnly(2024, 4, 1)), (table.Unit, table.Edition));
        Assert.Equal([2022, 2023, 2024], table.Years.ToArray());
        Assert.Equal(["USA 2 25,744.100 27,720.725 28,781.083", "AFG 4 14.501 n/a --"], table.Rows.Select(r => $"{r.Code} {r.Line} {string.Join(' ', r.Values)}"));
        Assert.StartsWith("1 rows of other subjects", Assert.Single(table.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void An_outlook_without_the_subject_names_those_it_has()
    {
        var refusal = Refusal(ImfOutlook.Read(string.Join("\r\n", Outlook.Split("\r\n").Where(l => !l.Contains("NGDPD", StringComparison.Ordinal)))));
        Assert.Equal(RefusalReason.OtherMeasure, refusal.Reason);
        Assert.Contains("Purchasing power parity", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_was_cut_off_is_not_taken_for_one_without_figures()
    {
        var cut = Table(ImfOutlook.Read(Outlook[..Outlook.IndexOf("\t28,781", StringComparison.Ordinal)]));
        var read = Choose(cut, new YearRule.Only(2024));
        var plan = new MapPlan(Unit.Billion, 0, "2024", DuplicateRule.Same, CountryDirectory.Default, Continents);
        Assert.Equal(NumberReasons.NotANumber, Assert.IsType<MappedRow.Rejected>(RowMapper.Map(Assert.Single(read.Rows), plan)).Rejection.Reason);
    }

    [Fact]
    public void A_country_whose_row_was_cut_off_before_its_subject_is_set_aside_and_a_remark_is_not()
    {
        var lines = Outlook.Split("\r\n");
        var usa = Array.FindIndex(lines, l => l.Contains("NGDPD", StringComparison.Ordinal) && l.Contains("United States", StringComparison.Ordinal));
        var header = lines[0].Split('\t');
        var before = Table(ImfOutlook.Read(Outlook)).Rows.Length;
        lines[usa] = string.Join('\t', lines[usa].Split('\t').Select((field, i) => header[i] is "ISO" or "Country" ? field : "").Take(Array.IndexOf(header, "Country") + 1));
        Assert.Equal(before, Table(ImfOutlook.Read(string.Join("\r\n", lines))).Rows.Length);
        Assert.Equal(before, Table(ImfOutlook.Read(Outlook + "A remark that nobody needs\r\n")).Rows.Length);

        var bank = WorldBank.Split("\r\n");
        var cut = Array.FindIndex(bank, l => l.Contains("\"FRA\"", StringComparison.Ordinal));
        var whole = Table(WorldBankCsv.Read([WorldBank])).Rows.Length;
        bank[cut] = "\"France\",\"FRA\",";
        Assert.Equal(whole, Table(WorldBankCsv.Read([string.Join("\r\n", bank)])).Rows.Length);
    }

    [Theory]
    [InlineData("9.0950000000000006394884621890840902671840120", "9.095")]
    [InlineData("27740.700000000000727595761418342590332031250", "27740.7")]
    [InlineData("1.5e3", "1500")]
    [InlineData("1e-7", "0.0000001")]
    [InlineData("null", "")]
    [InlineData("\"n/a\"", "n/a")]
    public void The_data_mapper_means_the_shortest_text_of_its_doubles(string json, string figure)
    {
        var table = Table(ImfDataMapper.Read(Bytes("""{"values":{"NGDPD":{"USA":{"2024":FIGURE},"UVK":{}}},"api":{"version":"1"}}""".Replace("FIGURE", json, StringComparison.Ordinal))));
        Assert.Equal([("USA", figure), ("UVK", "")], table.Rows.Select(r => (r.Code, r.Values[0])));
    }

    [Theory]
    [InlineData("""{"values":{"PPPGDP":{"USA":{"2024":1}}}}""", RefusalReason.OtherMeasure, "PPPGDP")]
    [InlineData("""{"values":{}}""", RefusalReason.NoTable, "no indicator")]
    [InlineData("""{"values":{"NGDPD":{"USA":7}}}""", RefusalReason.NoTable, "\"USA\" holds no years")]
    [InlineData("""{"values":{"NGDPD":{"USA":{"soon":7}}}}""", RefusalReason.NoTable, "which is no year")]
    [InlineData("""{"values":{"NGDPD":{"USA":{"2024":7""", RefusalReason.NoTable, "only a part of it")]
    public void Another_reply_of_the_data_mapper_is_refused(string json, RefusalReason reason, string seen)
    {
        var refusal = Refusal(ImfDataMapper.Read(Bytes(json)));
        Assert.Equal(reason, refusal.Reason);
        Assert.Contains(seen, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_SDMX_message_is_read_by_its_structure()
    {
        var table = Table(SdmxJson.Read(Bytes(Sdmx)));
        Assert.Equal((Unit.Billion, new DateOnly(2024, 4, 20)), (table.Unit, table.Edition));
        Assert.Equal(["USA United States 27720.725 28781.083", "CAN Canada 2142.471 "], table.Rows.Select(r => $"{r.Code} {r.Name} {string.Join(' ', r.Values)}"));
        Assert.Contains("PPPGDP", Assert.Single(table.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NGDPD", "NGDP", RefusalReason.OtherMeasure)]
    [InlineData("\"A\"", "\"Q\"", RefusalReason.NoTable)]
    [InlineData("\"1:0:0\"", "\"5:0:0\"", RefusalReason.NoTable)]
    [InlineData("COUNTRY", "PLANET", RefusalReason.NoTable)]
    [InlineData("dataSets", "dataBags", RefusalReason.NoTable)]
    public void Another_SDMX_message_is_refused(string was, string now, RefusalReason reason) =>
        Assert.Equal(reason, Refusal(SdmxJson.Read(Bytes(Sdmx.Replace(was, now, StringComparison.Ordinal)))).Reason);

    [Fact]
    public void The_world_banks_groups_are_told_by_an_empty_region()
    {
        var table = Table(WorldBankCsv.Read(["Country Code,Region,IncomeGroup,SpecialNotes,TableName\r\nQQZ,,,,\r\nFRA,Europe,High income,,\r\n", WorldBank]));
        Assert.Equal((Unit.Usd, new DateOnly(2024, 10, 24)), (table.Unit, table.Edition));
        Assert.Equal([("QQZ", true), ("FRA", false)], table.Rows.Select(r => (r.Code, r.IsGroup)));
        var plan = new MapPlan(Unit.Usd, 0, "2022", DuplicateRule.Same, CountryDirectory.Default, Continents);
        var mapped = Choose(table, new YearRule.Only(2022)).Rows.Select(r => RowMapper.Map(r, plan)).ToArray();
        Assert.Equal("Nowhere and Elsewhere", Assert.IsType<MappedRow.NotACountry>(mapped[0]).Name);
        Assert.Equal("FRA", Assert.IsType<MappedRow.Record>(mapped[1]).Country.Code.ToString());
        // Without them nobody knows what it is.
        var unknown = Choose(Table(WorldBankCsv.Read([WorldBank])), new YearRule.Only(2022)).Rows[0];
        Assert.Equal("Nowhere and Elsewhere (QQZ)", Assert.IsType<MappedRow.Rejected>(RowMapper.Map(unknown, plan)).Rejection.Text);
    }

    [Theory]
    [InlineData("NY.GDP.MKTP.CD", "NY.GDP.MKTP.KD", RefusalReason.OtherMeasure)]
    [InlineData("Country Code", "Code", RefusalReason.NoTable)]
    [InlineData("\"2023\",", "\"2023,", RefusalReason.NoTable)]
    public void Another_file_of_the_world_bank_is_refused(string was, string now, RefusalReason reason) =>
        Assert.Equal(reason, Refusal(WorldBankCsv.Read([WorldBank.Replace(was, now, StringComparison.Ordinal)])).Reason);

    [Theory]
    [InlineData("""[{"page":1,"pages":3,"total":3},[{}]]""", "pages 2, 3 are missing: 1 of 3 figures")]
    [InlineData("""[{"page":1,"pages":1,"total":3},[{}]]""", "announces 3 figures and has 1")]
    [InlineData("""[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]""", "answered with an error: \"The provided")]
    [InlineData("""[{"page":1,"pages":1,"total":1},null]""", "page 1 has no figures")]
    [InlineData("[1,2]", "does not begin with the number of its page")]
    public void A_reply_of_the_world_bank_that_is_not_whole_is_refused(string json, string seen) =>
        Assert.Contains(seen, Refusal(WorldBankJson.Read([Bytes(json)])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_year_is_the_latest_with_figures_that_is_not_after_the_edition()
    {
        var table = Table(ImfOutlook.Read(Outlook));
        Assert.Equal((2024, "2024"), (Choose(table, new YearRule.Auto()).Choice.HeaderYear, Choose(table, new YearRule.Auto()).Choice.Column));
        Assert.Equal(2022, Choose(table, new YearRule.Auto(), new DateOnly(2022, 12, 31)).Choice.HeaderYear);
        Assert.Equal(["USA 2022", "USA 2023", "USA 2024", "AFG 2022", "AFG 2024"], Choose(table, new YearRule.All()).Rows.Select(r => $"{r.Code} {r.Year}"));
        Assert.Equal(["USA 2022", "USA 2023", "AFG 2022"], Choose(table, new YearRule.LatestPerCountry(), new DateOnly(2023, 1, 1)).Rows.Select(r => $"{r.Code} {r.Year}"));
        Assert.Equal(["USA 28,781.083", "AFG --"], Choose(table, new YearRule.Only(2024)).Rows.Select(r => $"{r.Code} {r.Value}"));
        Assert.Equal(RefusalReason.NeedsYear, NotChosen(table, new YearRule.Only(1999)));
        Assert.Equal(RefusalReason.NeedsYear, NotChosen(table with { Edition = null }, new YearRule.Auto()));
        Assert.Equal(RefusalReason.NeedsYear, NotChosen(table with { Edition = null }, new YearRule.LatestPerCountry()));
        Assert.Equal(RefusalReason.UnknownUnit, NotChosen(table with { Unit = null }, new YearRule.Auto()));
    }

    private static RegionScheme Continents { get; } = Assert.IsType<Parsed<RegionScheme>.Ok>(RegionScheme.TryBuiltIn("continent", CountryDirectory.Default)).Value;

    private static TableReading.Chosen Choose(SeriesTable table, YearRule year, DateOnly? asOf = null) =>
        Assert.IsType<TableReading.Chosen>(SeriesChooser.Choose(table, new SeriesRequest(year, null, asOf)));

    private static RefusalReason NotChosen(SeriesTable table, YearRule year) =>
        Assert.IsType<TableReading.Refused>(SeriesChooser.Choose(table, new SeriesRequest(year))).Refusal.Reason;

    private static SeriesTable Table(SeriesReading reading) => Assert.IsType<SeriesReading.Table>(reading).Value;

    private static TableRefusal Refusal(SeriesReading reading) => Assert.IsType<SeriesReading.Refused>(reading).Refusal;

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
