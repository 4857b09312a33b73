using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Etl.Host.Tests.Outside;

/// <summary>The page whose answer people have checked by hand, through the whole program.</summary>
public sealed class GoldenPageTests(Reference reference) : IClassFixture<Reference>
{
    private static readonly (string Region, string Average, string[] Members)[] Golden =
    [
        ("Africa", "285.18", ["South Africa", "Egypt", "Algeria", "Nigeria", "Morocco"]),
        ("Asia", "6327.18", ["China", "Japan", "India", "South Korea", "Indonesia"]),
        ("Europe", "3318.11", ["Germany", "United Kingdom", "France", "Italy", "Russia"]),
        ("North America", "6946.50", ["United States", "Canada", "Mexico", "Dominican Republic", "Puerto Rico"]),
        ("Oceania", "436.66", ["Australia", "New Zealand", "Papua New Guinea", "Fiji", "Solomon Islands"]),
        ("South America", "791.57", ["Brazil", "Argentina", "Colombia", "Chile", "Peru"]),
    ];

    [SkippableFact]
    public async Task The_six_averages_and_their_members_are_right_to_the_cent()
    {
        var run = await reference.ResultAsync();

        var file = reference.Workspace.Json("Region_Top.json").EnumerateArray()
            .Select(r => (r.GetProperty("Region").GetString()!, r.GetProperty("Average_GDP_USD_billion").GetRawText(), Names(r)));
        foreach (var (expected, actual) in Golden.Zip(file, (e, a) => (e, a)))
            Assert.Equal((expected.Region, expected.Average, string.Join('|', expected.Members)), (actual.Item1, actual.Item2, string.Join('|', actual.Item3)));
        Assert.Equal(Golden.Length, reference.Workspace.Json("Region_Top.json").GetArrayLength());
        foreach (var (region, average, members) in Golden)
        {
            var line = Assert.Single(run.Out.Split('\n'), l => l.StartsWith(region + " ", StringComparison.Ordinal));
            Assert.Contains($" {average} ", line, StringComparison.Ordinal);
            Assert.EndsWith(string.Join(", ", members), line, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task All_72_economies_from_100_billion_up_are_on_the_screen()
    {
        var run = await reference.ResultAsync();

        var large = reference.Workspace.Json("Countries_by_GDP.json").EnumerateArray()
            .Where(c => c.GetProperty("GDP_USD_billion").GetDecimal() >= 100m).ToArray();
        Assert.Equal(72, large.Length);
        Assert.Contains("72 economies ≥ 100 bn", run.Out, StringComparison.Ordinal);
        var list = run.Out[run.Out.IndexOf("RANK, ECONOMY", StringComparison.Ordinal)..];
        foreach (var economy in large)
            Assert.Matches(
                $@"(^|\s){economy.GetProperty("Rank").GetInt32()} {economy.GetProperty("Country").GetString()} +{economy.GetProperty("GDP_USD_billion").GetRawText()}(\s|$)",
                list);
    }

    [SkippableFact]
    public async Task Every_row_that_was_read_is_accounted_for()
    {
        var run = await reference.ResultAsync();

        var story = reference.Workspace.Json("run.json");
        Assert.Equal(
            [("read", 210), ("counted", 194), ("superseded", 0), ("missing", 15), ("aggregates", 1), ("quarantined", 0), ("loaded", 194)],
            new[] { "read", "counted", "superseded", "missing", "aggregates", "quarantined", "loaded" }.Select(k => (k, story.GetProperty(k).GetInt32())));
        Assert.Contains("210 read = 194 counted + 15 missing + 1 aggregate + 0 quarantined", run.Out, StringComparison.Ordinal);
        Assert.Equal("", await File.ReadAllTextAsync(Path.Combine(reference.Workspace.Out, "quarantine.jsonl")));
    }

    [SkippableFact]
    public async Task Both_questions_are_answered_by_plain_sql_too()
    {
        await reference.ResultAsync();
        using var database = Open();

        Assert.Equal("72", Ask(database, "SELECT COUNT(*) FROM Countries_by_GDP WHERE GDP_USD_billion >= 100").Single());
        var averages = Ask(database, """
            SELECT Region || ' ' || PRINTF('%.2f', AVG(GDP_USD_billion)) FROM
              (SELECT *, ROW_NUMBER() OVER (PARTITION BY Region ORDER BY GDP_USD_million DESC) AS Place FROM Countries_by_GDP)
            WHERE Place <= 5 GROUP BY Region ORDER BY Region
            """);
        Assert.Equal(Golden.Select(g => $"{g.Region} {g.Average}"), averages);
        Assert.Equal(Golden.Select(g => $"{g.Region} {g.Average}"),
            Ask(database, "SELECT Region || ' ' || PRINTF('%.2f', Average_GDP_USD_billion) FROM Region_Top_SQL ORDER BY Region"));
    }

    [SkippableFact]
    public async Task The_log_the_story_and_the_database_tell_the_same()
    {
        await reference.ResultAsync();
        using var database = Open();
        var story = reference.Workspace.Json("run.json");

        var run = Assert.Single(Ask(database,
            "SELECT Run_Id || ' ' || Job_Id || ' ' || Read || ' ' || Counted || ' ' || Missing || ' ' || Aggregates || ' ' || Batches || ' ' || Content_Sha256 FROM Runs"));
        Assert.Equal(
            string.Join(' ', new[] { "run_id", "job_id", "read", "counted", "missing", "aggregates", "batches" }.Select(k => story.GetProperty(k).ToString()))
            + " " + story.GetProperty("edition").GetProperty("content_sha256").GetString(),
            run);
        var log = reference.Workspace.LogMessages();
        Assert.Contains($"Job {story.GetProperty("job_id").GetString()} is done", log);
        Assert.Contains($"Map ended: {story.GetProperty("read")} rows, 194 records, {story.GetProperty("quarantined")} quarantined", log);
        Assert.Equal(
            reference.Workspace.Json("Countries_by_GDP.json").EnumerateArray().Select(c => $"{c.GetProperty("Rank")} {c.GetProperty("Code")} {c.GetProperty("GDP_USD_million").GetRawText()}"),
            Ask(database, "SELECT Rank || ' ' || Code || ' ' || GDP_USD_million_exact FROM Countries_by_GDP ORDER BY Rank, Code"));
        foreach (var file in story.GetProperty("files").EnumerateObject())
            Assert.Contains($"{file.Name} {file.Value.GetProperty("sha256").GetString()}", reference.Workspace.ResultHashes(), StringComparison.Ordinal);
    }

    private SqliteConnection Open()
    {
        var database = new SqliteConnection($"Data Source={Path.Combine(reference.Workspace.Out, "World_Economies.db")};Mode=ReadOnly;Pooling=False");
        database.Open();
        return database;
    }

    private static IReadOnlyList<string> Ask(SqliteConnection database, string question)
    {
        using var command = database.CreateCommand();
        command.CommandText = question;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }

    private static string[] Names(JsonElement region) =>
        [.. region.GetProperty("Countries").EnumerateArray().Select(c => c.GetProperty("Country").GetString()!)];
}
