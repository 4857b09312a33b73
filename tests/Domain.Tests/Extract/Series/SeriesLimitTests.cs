using System.Text;
using Etl.Domain.Extract;
using Etl.Domain.Extract.Series;

namespace Etl.Domain.Tests.Extract.Series;

/// <summary>Files that are well formed and made to exhaust a reader: each is refused before it takes memory or time by its own choice.</summary>
public sealed class SeriesLimitTests
{
    private const string Header = "Country Name,Country Code,Indicator Name,Indicator Code,2023\r\n";

    [Fact]
    public void More_countries_than_there_are_is_too_much() =>
        Assert.Equal(RefusalReason.TooLarge, Refusal(DataMapper(10_001, i => $"\"X{i}\":{{}}")).Reason);

    [Fact]
    public void As_many_countries_as_are_allowed_are_read() =>
        Assert.Equal(10_000, Assert.IsType<SeriesReading.Table>(DataMapper(10_000, i => $"\"X{i}\":{{\"{1800 + (i % 401)}\":1}}")).Value.Rows.Length);

    [Fact]
    public void One_figure_again_and_again_is_too_much() =>
        Assert.Equal(RefusalReason.TooLarge, Refusal(DataMapper(1, _ => $"\"USA\":{{{Repeat(10_001, "\"2024\":1")}}}")).Reason);

    [Fact]
    public void A_figure_that_comes_twice_is_in_a_row_of_its_own()
    {
        var table = Assert.IsType<SeriesReading.Table>(DataMapper(1, _ => """ "USA":{"2023":1,"2024":2,"2024":3,"2023":4,"2024":5} """)).Value;
        Assert.Equal(["1 2", "4 3", " 5"], table.Rows.Select(r => string.Join(' ', r.Values)));
    }

    [Fact]
    public void More_figures_than_any_publication_has_is_too_much() =>
        Assert.Equal(
            RefusalReason.TooLarge,
            Refusal(DataMapper(1_001, i => $"\"X{i}\":{{{string.Join(",", Enumerable.Range(1900, 100).Select(y => $"\"{y}\":1"))}}}")).Reason);

    [Fact]
    public void More_names_and_values_than_any_reply_has_is_told_without_a_document_of_them() =>
        Assert.Contains("more than 4,000,000 names and values", Refusal(Mapper($"\"X\":[{Repeat(4_000_001, "1")}]")).Message, StringComparison.Ordinal);

    [Fact]
    public void Positions_far_down_a_long_list_are_found()
    {
        const int countries = 20_000, wanted = 9_000;
        var series = string.Join(",", Enumerable.Range(countries - wanted, wanted).Select(i => $"\"{i}:0\":{{\"observations\":{{\"0\":[1]}}}}"));
        var values = string.Join(",", Enumerable.Range(0, countries).Select(i => $"{{\"id\":\"X{i}\"}}"));
        var message = """
            {"data":{"dataSets":[{"series":{SERIES}}],"structures":[{"dimensions":{"series":[{"id":"COUNTRY","values":[VALUES]},{"id":"INDICATOR","values":[{"id":"NGDPD"}]}],
            "observation":[{"id":"TIME_PERIOD","values":[{"value":"2024"}]}]}}]}}
            """.Replace("SERIES", series, StringComparison.Ordinal).Replace("VALUES", values, StringComparison.Ordinal);
        var table = Assert.IsType<SeriesReading.Table>(SdmxJson.Read(Encoding.UTF8.GetBytes(message))).Value;
        Assert.Equal((wanted, "X11000", "X19999"), (table.Rows.Length, table.Rows[0].Code, table.Rows[^1].Code));
    }

    [Fact]
    public void A_message_of_many_data_sets_is_refused() =>
        Assert.Contains("more than 32 data sets", Refusal(SdmxJson.Read(Encoding.UTF8.GetBytes($"{{\"data\":{{\"dataSets\":[{Repeat(33, "{}")}]}}}}"))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_row_of_delimiters_is_refused_by_its_line() =>
        Assert.Contains("line 2: a row has more than 5,000 fields", Refusal(WorldBankCsv.Read([Header + new string(',', 100_000)])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "\r\n")]
    [InlineData("\"", "\",a,a,a\r\n")]
    [InlineData("\"", "")]
    public void A_field_without_an_end_is_refused_by_its_line(string before, string after) =>
        Assert.Contains(
            "line 2: a field has more than 100,000 characters", Refusal(WorldBankCsv.Read([$"{Header}{before}{new string('x', 100_002)}{after}"])).Message, StringComparison.Ordinal);

    [Fact]
    public void More_rows_than_countries_is_too_much()
    {
        var rows = string.Concat(Enumerable.Repeat("F,FRA,a,NY.GDP.MKTP.CD,1\r\n", 10_001));
        Assert.Equal(RefusalReason.TooLarge, Refusal(WorldBankCsv.Read([Header + rows])).Reason);
    }

    private static SeriesReading DataMapper(int countries, Func<int, string> country) => Mapper(string.Join(",", Enumerable.Range(0, countries).Select(country)));

    private static SeriesReading Mapper(string countries) => ImfDataMapper.Read(Encoding.UTF8.GetBytes($"{{\"values\":{{\"NGDPD\":{{{countries}}}}}}}"));

    private static string Repeat(int times, string what) => string.Join(",", Enumerable.Repeat(what, times));

    private static TableRefusal Refusal(SeriesReading reading) => Assert.IsType<SeriesReading.Refused>(reading).Refusal;
}
