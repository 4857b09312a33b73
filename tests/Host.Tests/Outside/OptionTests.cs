using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Options of <c>run</c> through the whole program.</summary>
public sealed class OptionTests
{
    [SkippableFact]
    public async Task A_dry_run_shows_what_would_be_read_and_writes_nothing()
    {
        using var workspace = new Workspace();
        var before = Directory.GetFileSystemEntries(workspace.Root);

        var run = (await workspace.RunAsync(SharedData.Page(SharedData.GoldenPage), "--dry-run", "--state", workspace.In("state"))).ExitsWith(0);

        Assert.Equal(before, Directory.GetFileSystemEntries(workspace.Root));
        Assert.Contains("IMF / Forecast", run.Out, StringComparison.Ordinal);
        Assert.Contains("210", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_input_the_bundled_edition_is_read()
    {
        using var workspace = new Workspace();

        var run = (await EtlProcess.RunAsync("run", "--out", workspace.Out)).ExitsWith(0);

        Assert.Contains("222 read = 194 counted + 27 missing + 1 aggregate + 0 quarantined", run.Out, StringComparison.Ordinal);
        Assert.Equal("North America 7003.68", Highest(workspace));
    }

    [SkippableTheory]
    [InlineData("imf", "30615743")]
    [InlineData("worldbank", "29184890")]
    [InlineData("un", "27720700")]
    public async Task Each_publisher_of_a_page_can_be_asked_for(string publisher, string millionsOfTheUsa)
    {
        using var workspace = new Workspace();
        var page = SharedData.Page("2025-12-30-2009-rev1330326028-http.html");

        var run = (await workspace.RunAsync(page, "--publisher", publisher, "--format", "json")).ExitsWith(0);

        var usa = Assert.Single(JsonDocument.Parse(run.Out).RootElement.GetProperty("countries").EnumerateArray(), c => c.GetProperty("Code").GetString() == "USA");
        Assert.Equal(millionsOfTheUsa, usa.GetProperty("GDP_USD_million").GetRawText());
    }

    [Fact]
    public async Task Each_format_puts_the_data_alone_on_stdout()
    {
        using var workspace = new Workspace();
        var page = workspace.Write("page.html", Pages.Of([.. Pages.Rows, ("Ghana", "111,963")]));

        var json = JsonDocument.Parse((await workspace.RunAsync(page, "--format", "json")).ExitsWith(0).Out).RootElement;
        var csv = (await workspace.RunAsync(page, "--format", "csv")).ExitsWith(0).Out.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var markdown = (await workspace.RunAsync(page, "--format", "md")).ExitsWith(0).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var countries = workspace.Json("Countries_by_GDP.json");
        Assert.Equal(countries.GetRawText().ReplaceLineEndings("").Replace(" ", ""), json.GetProperty("countries").GetRawText().ReplaceLineEndings("").Replace(" ", ""));
        Assert.Equal(6, json.GetProperty("regions").GetArrayLength());
        Assert.Equal("Country,Code,Region,Year,GDP_USD_billion,GDP_USD_million,Rank", csv[0]);
        Assert.Equal("United States,USA,North America,2025,30615.74,30615743,1", csv[1]);
        Assert.Equal(22, csv.Length);
        Assert.All(csv, line => Assert.Equal(6, line.Count(c => c == ',')));
        Assert.All(markdown, line => Assert.Matches(@"^\|.*\|$", line));
        Assert.Contains("| 1 | United States | USA | North America | 2025 | 30615.74 |", markdown);
    }

    [Fact]
    public async Task Quiet_says_nothing()
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), "--quiet")).ExitsWith(0);

        Assert.Equal(("", ""), (run.Out, run.Error));
        Assert.Equal(20, workspace.Json("Countries_by_GDP.json").GetArrayLength());
    }

    [Fact]
    public async Task The_threshold_and_the_top_are_for_people_to_choose()
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), "--threshold", "4000", "--top", "1")).ExitsWith(0);

        Assert.Contains("5 economies ≥ 4000 bn", run.Out, StringComparison.Ordinal);
        Assert.All(workspace.Json("Region_Top.json").EnumerateArray(), r => Assert.Equal(1, r.GetProperty("Countries").GetArrayLength()));
    }

    private static string Highest(Workspace workspace) => workspace.Json("Region_Top.json").EnumerateArray()
        .OrderByDescending(r => r.GetProperty("Average_GDP_USD_billion").GetDecimal())
        .Select(r => $"{r.GetProperty("Region").GetString()} {r.GetProperty("Average_GDP_USD_billion").GetRawText()}").First();
}
