using System.Text;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Files that IMF and World Bank hand out, through the whole program, held against answers that were computed independently.</summary>
public sealed class PublisherFileTests
{
    private const string AllCountries = "api-NY.GDP.MKTP.CD-all-countries.json", Csv = "API_NY.GDP.MKTP.CD_DS2_en_csv_v2_9865.csv";

    /// <summary>Expected answer, the file's folder and name, and the options that choose its year.</summary>
    public static TheoryData<string, string, string, string> Files { get; } = new()
    {
        { "imf-datamapper-2025-01-year2024.json", "imf", "datamapper-NGDPD-2025-01.json", "--year 2024" },
        { "imf-datamapper-2025-01-year2024.json", "imf", "datamapper-NGDPD-2025-01.json", "--as-of 2024-12-31" },
        { "imf-datamapper-2025-01-year2025.json", "imf", "datamapper-NGDPD-2025-01.json", "--year 2025" },
        { "imf-weo-WEO_Data-2021-tushark01-xls-year2021.json", "imf", "WEO_Data-2021-tushark01.xls", "" },
        { "imf-weo-WEO_Data-2023-rishkosna-xls-year2022.json", "imf", "WEO_Data-2023-rishkosna.xls", "" },
        { "worldbank-csv-9865-year2023.json", "worldbank", Csv, "" },
    };

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public async Task Every_country_has_its_exact_value_of_the_year(string expected, string folder, string file, string options)
    {
        using var workspace = new Workspace();
        var answer = Expected(expected);

        (await workspace.RunAsync(SharedData.In(folder, file), options.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ExitsWith(0);

        AssertAnswer(answer, workspace);
    }

    [SkippableFact]
    public async Task Metadata_beside_the_data_change_nothing_that_the_directory_knows()
    {
        using var workspace = new Workspace();
        var metadata = SharedData.In("worldbank", "Metadata_Country_" + Csv);

        (await EtlProcess.RunAsync("run", metadata, SharedData.In("worldbank", Csv), "--out", workspace.Out)).ExitsWith(0);

        AssertAnswer(Expected("worldbank-csv-9865-year2023.json"), workspace);
        var alone = (await workspace.RunAsync(metadata)).ExitsWith(1);
        Assert.Contains("only the metadata of the countries are given", alone.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_page_of_two_is_refused_and_both_are_one_answer()
    {
        using var workspace = new Workspace();
        var first = SharedData.In("worldbank", AllCountries);

        var refused = (await workspace.RunAsync(first)).ExitsWith(1);
        Assert.Contains("of its 2 pages, page 2 is missing: 10000 of 17024 figures are here", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Out));

        var second = workspace.Write("page2.json", SecondPage());
        (await EtlProcess.RunAsync("run", second, first, "--year", "2022", "--out", workspace.Out)).ExitsWith(0);
        var (expected, countries) = (Expected("worldbank-api-page1of2-year2022.json"), workspace.Json("Countries_by_GDP.json").EnumerateArray().ToArray());
        Assert.Equal("USA", countries[0].GetProperty("Code").GetString());
        SavedPageTests.AssertCountries(
            expected, JsonSerializer.SerializeToElement(countries.Skip(1)), c => SavedPageTests.Continents[c.GetProperty("continent").GetString()!]);
    }

    [SkippableTheory]
    [InlineData("WEO_Data-2021-sixftninja.xls", "", 1, "looks like an old Office document")]
    [InlineData("WEO_Data-2021-sixftninja.xls", "--source imf", 1, "looks like an old Office document")]
    [InlineData("datamapper-NGDPD-2025-01.json", "", 2, "choose with --year YEAR, or say when it was published with --as-of DATE")]
    [InlineData("datamapper-NGDPD-2025-01.json", "--year 1970", 2, "it has the years 1980 to 2029, and not 1970")]
    [InlineData("datamapper-NGDPD-2025-01.json", "--source worldbank", 1, "World Bank")]
    public async Task What_is_not_what_it_looks_like_is_refused_with_the_reason(string file, string options, int exitCode, string reason)
    {
        using var workspace = new Workspace();

        var refused = (await workspace.RunAsync(SharedData.In("imf", file), options.Split(' ', StringSplitOptions.RemoveEmptyEntries))).ExitsWith(exitCode);

        Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Out));
    }

    [Fact]
    public async Task A_series_is_resumed_from_its_stored_copy()
    {
        using var workspace = new Workspace();
        var file = workspace.Write("reply.json", """{"values":{"NGDPD":{"USA":{"2023":27720.709,"2024":29184.9},"CAN":{"2023":2142.471,"2024":2241.253},"WEOWORLD":{"2024":110000}}}}""");
        string[] options = ["--year", "all", .. Settings.Slow];
        (await workspace.RunAsync(file, [.. options, .. Settings.Fault("after-complete:2")])).ExitsWith(137);
        var hash = await File.ReadAllBytesAsync(file);
        (await workspace.RunAsync(file, options)).ExitsWith(0);

        var story = workspace.Json("run.json");
        Assert.Equal((5, 4, 1, 2), (Number("read"), Number("counted"), Number("aggregates"), Number("batches_resumed")));
        Assert.Equal(hash, await File.ReadAllBytesAsync(file));

        int Number(string name) => story.GetProperty(name).GetInt32();
    }

    private static void AssertAnswer(JsonElement expected, Workspace workspace)
    {
        SavedPageTests.AssertCountries(expected, workspace.Json("Countries_by_GDP.json"), c => SavedPageTests.Continents[c.GetProperty("continent").GetString()!]);
        SavedPageTests.AssertRegions(expected, "continent", workspace.Json("Region_Top.json"));
        var story = workspace.Json("run.json");
        Assert.Equal(
            expected.GetProperty("missing_imf").EnumerateArray().Select(c => c.GetString()).Order(StringComparer.Ordinal),
            story.GetProperty("missing_countries").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal((expected.GetProperty("countries").GetInt32(), 0), (story.GetProperty("counted").GetInt32(), story.GetProperty("quarantined").GetInt32()));
    }

    private static JsonElement Expected(string name) => JsonDocument.Parse(File.ReadAllBytes(SharedData.In("expected", name))).RootElement;

    // As long as the reply announces: the United States, and figures of another indicator.
    private static string SecondPage()
    {
        var page = new StringBuilder("""[{"page":2,"pages":2,"per_page":10000,"total":17024,"sourceid":"2","lastupdated":"2024-03-28"},[""");
        page.Append("""{"indicator":{"id":"NY.GDP.MKTP.CD","value":"GDP (current US$)"},"country":{"id":"US","value":"United States"},"countryiso3code":"USA","date":"2022","value":2.5439E13}""");
        for (var i = 1; i < 7024; i++)
            page.Append(""",{"indicator":{"id":"SP.POP.TOTL","value":"Population"},"country":{"id":"US","value":"United States"},"countryiso3code":"USA","date":"2021","value":1}""");
        return page.Append("]]").ToString();
    }
}
