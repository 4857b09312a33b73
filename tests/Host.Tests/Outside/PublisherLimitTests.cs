using System.Globalization;
using System.Text;

namespace Etl.Host.Tests.Outside;

/// <summary>Files called a publisher's that were made to exhaust a reader: refused in time and in bounds, as real processes.</summary>
public sealed class PublisherLimitTests(Settled settled) : IClassFixture<Settled>
{
    private const int Size = 16_000_000;
    private const string Header = "Country Name,Country Code,Indicator Name,Indicator Code,2023\r\n";

    private const string Structure = """{"meta":{"schema":"sdmx"},"data":{"structures":[{"dimensions":{"series":[{"id":"COUNTRY","values":[{"id":"first"}""";

    // Each is far down the list of countries: whoever counts from the beginning each time needs minutes.
    private static readonly string Series =
        """{"id":"INDICATOR","values":[{"id":"NGDPD"}]}],"observation":[{"id":"TIME_PERIOD","values":[{"value":"2023"}]}]}}],"dataSets":[{"series":{"""
        + string.Join(",", Enumerable.Range(400_000, 20_000).Select(i => $"\"{i}:0\":{{\"observations\":{{\"0\":[1]}}}}")) + "}}]}}";

    /// <summary>A name for the case, its source, the beginning, what is repeated until 16 MB, the end, and words of the refusal.</summary>
    public static TheoryData<string, string, string, string, string, string> Files { get; } = new()
    {
        { "many countries", "imf", "{\"values\":{\"NGDPD\":{\"USA\":{\"2024\":1}", ",\"#\":{\"%\":1}", "}}}", "names and values" },
        { "one figure", "imf", "{\"values\":{\"NGDPD\":{\"USA\":{\"2024\":1", ",\"2024\":1", "}}}}", "figures" },
        { "depth", "imf", "{\"values\":{\"NGDPD\":", "[", "", "not JSON" },
        { "many values", "imf", "{\"values\":{\"NGDPD\":[1", ",1", "]}}", "names and values" },
        { "tabs", "imf", "Country\tSubject Descriptor\tUnits\tScale\t2023\r\n", "\t", "", "5,000 fields" },
        { "subjects", "imf", "Country\tSubject Descriptor\tUnits\tScale\t2023\r\n", "F\tS#\tU\tB\t1\n", "", "its subjects are" },
        { "positions", "imf", Structure, ",{\"id\":\"a country #\"}", "]}," + Series, "rows of countries" },
        { "commas", "worldbank", Header, ",", "", "5,000 fields" },
        { "commas before the header", "worldbank", "", ",", "\r\n" + Header, "no line has the columns" },
        { "open quote", "worldbank", Header + "\"", "x", "", "100,000 characters" },
        { "rows", "worldbank", Header, "F,FRA,a,NY.GDP.MKTP.CD,1\n", "", "rows of countries" },
        { "page", "worldbank", "[{\"page\":1,\"pages\":1,\"total\":1},[{}", ",{\"indicator\":{\"id\":\"NY.GDP.MKTP.CD\"},\"country\":{\"value\":\"#\"},\"date\":\"%\",\"value\":1}", "]]", "rows of countries" },
        { "pages", "worldbank", "[{\"page\":1,\"pages\":10001,\"total\":1},[{}", ",{\"indicator\":{\"id\":\"SOMETHING.ELSE\"}}", "]]", "number of its page" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_made_to_exhaust_is_refused_in_bounds(string name, string source, string start, string repeated, string end, string seen)
    {
        var file = settled.Workspace.Write(name.Replace(' ', '-') + ".txt", Filled(start, repeated, end));
        await settled.RefusesAsync(1, [seen], "run", file, "--source", source, "--year", "2023", "--out", settled.Workspace.Out);
    }

    [Fact]
    public async Task Parts_together_have_the_limit_of_one_file()
    {
        var page = Filled("[{\"page\":1,\"pages\":2,\"total\":1},[{}", ",{}", "]]");
        var (first, second) = (settled.Workspace.Write("part1.json", page), settled.Workspace.Write("part2.json", page));
        await settled.RefusesAsync(1, ["part1.json", "16,777,216 bytes together"], "run", first, second, "--out", settled.Workspace.Out);
    }

    // "#" is a number that grows, "%" one of 401 years.
    private static string Filled(string start, string repeated, string end)
    {
        var text = new StringBuilder(start, Size + 1000);
        for (var i = 0; text.Length < Size; i++)
            text.Append(repeated.Contains('#', StringComparison.Ordinal) ? repeated.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("%", $"{1800 + (i % 401)}", StringComparison.Ordinal) : repeated);
        return text.Append(end).ToString();
    }
}
