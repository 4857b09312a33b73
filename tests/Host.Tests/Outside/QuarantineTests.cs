using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>Rows that cannot be read are set aside by name and place; the others count.</summary>
public sealed class QuarantineTests
{
    private static readonly (string Name, string Value)[] Odd =
    [
        ("Atlantis", "3,000"), ("Norway", "-5,000"), ("Sweden", "9,999,999,999,999,999,999,999,999,999,999,999,999,999"), ("Denmark", "12x34"),
    ];

    [Fact]
    public async Task An_unknown_country_and_impossible_numbers_are_set_aside_with_their_place()
    {
        using var workspace = new Workspace();
        var page = workspace.Write("odd.html", Pages.Of([.. Pages.Rows, .. Odd]));

        var run = (await workspace.RunAsync(page)).ExitsWith(0);

        var set = (await File.ReadAllLinesAsync(Path.Combine(workspace.Out, "quarantine.jsonl"))).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(Odd.Length, set.Length);
        var lines = await File.ReadAllLinesAsync(page);
        foreach (var (row, entry) in Odd.Zip(set, (row, entry) => (row, entry)))
        {
            Assert.Equal("odd.html", entry.GetProperty("Source").GetString());
            Assert.Contains($"<td>{row.Name}</td>", lines[entry.GetProperty("Line").GetInt32() - 1], StringComparison.Ordinal);
            Assert.Contains(entry.GetProperty("Text").GetString(), new[] { row.Name, row.Value });
            Assert.NotEmpty(entry.GetProperty("Reason").GetString()!);
        }

        Assert.Equal((24, 20, 4), (Count("read"), Count("counted"), Count("quarantined")));
        Assert.Contains("4 rows set aside", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Atlantis", await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Countries_by_GDP.json")), StringComparison.Ordinal);

        int Count(string name) => workspace.Json("run.json").GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("--strict")]
    [InlineData("--max-quarantined=3")]
    [InlineData("--max-quarantined=10%")]
    public async Task A_quality_gate_fails_the_run_keeps_the_earlier_answer_and_says_why(string gate)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(workspace.Write("good.html", Pages.Of(Pages.Rows)))).ExitsWith(0);
        var before = Answer(workspace);

        var run = (await workspace.RunAsync(workspace.Write("odd.html", Pages.Of([.. Pages.Rows, .. Odd])), gate)).ExitsWith(3);

        Assert.Contains("error: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, Answer(workspace));
        var story = workspace.Json("run.json");
        Assert.Equal(("failed", 3, 4), (story.GetProperty("status").GetString(), story.GetProperty("exit_code").GetInt32(), story.GetProperty("quarantined").GetInt32()));
        Assert.Equal(Odd.Length, (await File.ReadAllLinesAsync(Path.Combine(workspace.Out, "quarantine.jsonl"))).Length);
        Assert.Contains("what was done is kept", run.Error, StringComparison.Ordinal);

        // The gate was that run's: one without it loads what is done, and maps nothing.
        var again = (await workspace.RunAsync(workspace.In("odd.html"))).ExitsWith(0);
        story = workspace.Json("run.json");
        Assert.Equal((2, 20), (story.GetProperty("attempts").GetInt32(), story.GetProperty("counted").GetInt32()));
        Assert.Equal(story.GetProperty("batches").GetInt32(), story.GetProperty("batches_resumed").GetInt32());
        Assert.Contains("resuming job", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_different_values_of_one_country_end_the_job_and_name_both()
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("twice.html", Pages.Of([.. Pages.Rows, ("Kenya", "136,015")])))).ExitsWith(3);

        Settled.AssertOneParagraph(run, "Kenya", "136");
        Assert.False(File.Exists(Path.Combine(workspace.Out, "Countries_by_GDP.json")));
    }

    [Theory]
    [InlineData("country,year,gdp_usd_million\nGermany;2020;1\n", "1 of 1 rows are quarantined, first: line 2, \"Germany;2020;1\": wrong number of fields")]
    [InlineData("country,date,gdp_usd_million\nGermany,2020-12-31,1\nChile,2020-12-31,2\n", "2 of 2 rows are quarantined, first: line 2, date \"2020-12-31\": ")]
    public async Task Where_no_row_counts_the_first_says_why_and_all_are_kept(string content, string says)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(workspace.Write("good.html", Pages.Of(Pages.Rows)))).ExitsWith(0);
        var before = Answer(workspace);

        var run = (await workspace.RunAsync(workspace.Write("odd.csv", content), "--year", "2020")).ExitsWith(1);

        Settled.AssertOneParagraph(run, "no row has a country and a value: nothing to load", says);
        Assert.Equal(before, Answer(workspace));
        var story = workspace.Json("run.json");
        Assert.Equal(("failed", 1), (story.GetProperty("status").GetString(), story.GetProperty("exit_code").GetInt32()));
        var lines = await File.ReadAllLinesAsync(Path.Combine(workspace.Out, "quarantine.jsonl"));
        Assert.Equal(story.GetProperty("quarantined").GetInt32(), lines.Length);
        Assert.Equal(2, JsonDocument.Parse(lines[0]).RootElement.GetProperty("Line").GetInt32());
    }

    // What a gate protects; the story and the rows set aside are of the run that failed.
    private static IEnumerable<string> Answer(Workspace workspace) =>
        workspace.ResultHashes().Split('\n').Where(file => !file.StartsWith("run.json", StringComparison.Ordinal) && !file.StartsWith("quarantine", StringComparison.Ordinal));
}
