using Etl.Tests.Outside;
using Xunit.Abstractions;

namespace Etl.Recovery.Tests;

/// <summary>Rows that crash who maps them, in a run of the real program: they are found and set aside, and all others count.</summary>
public sealed class PoisonTests(ITestOutputHelper output)
{
    private const int Killed = 137;
    private const string Twice = "crashed the mapper twice: InjectedFaultException";

    private static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    // Several batches have poisonous rows, and several have none.
    private static readonly string[] Small = [.. Sum, .. Settings.Batches("256KiB")];

    private static readonly Lazy<Contributions> Clean = new(() => Contributions.Of(60_000, seed: 11));

    // What is known without asking the program: the answer of the file without the rows.
    private static readonly Lazy<Task<(string Countries, string Regions)>> Expected = new(() => AnswerAsync(Clean.Value, Small));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public async Task Among_a_million_rows_exactly_those_are_set_aside_and_their_mappers_restarts_are_listed(int poisonous)
    {
        var clean = Contributions.Of(1_000_000, seed: 5, malformedOneIn: 10_000);
        var expected = await AnswerAsync(clean, Sum);
        var file = new PoisonedFile(clean, poisonous, seed: poisonous);
        using var workspace = new Workspace();
        var path = workspace.Write("million.csv", file.Bytes);

        var run = (await workspace.RunAsync(path, [.. Sum, .. PoisonedFile.Poison()])).ExitsWith(0);

        Assert.Equal(expected, await AnswerOfAsync(workspace));
        Assert.Equal(file.Quarantine(Twice), QuarantineLine.Of(workspace));
        var story = workspace.Json("run.json");
        output.WriteLine($"{poisonous} rows: {run.Elapsed.TotalSeconds:0.0} s, {story.GetProperty("restarts_total")} restarts");
        Assert.Equal(1_000_000 + poisonous, story.GetProperty("read").GetInt32());
        Assert.Equal(clean.Rows.Count, story.GetProperty("counted").GetInt32());
        // Once each, and not a screen full: the first three.
        Assert.Equal(Math.Min(3, 2 * poisonous), run.Error.Split('\n').Count(l => l.Contains("InjectedFaultException", StringComparison.Ordinal)));
        // Each row crashed two mappers, and each crash tells its batch and its row.
        var batchBytes = 1 << 20;
        var crashes = file.Poisonous.SelectMany(p => Enumerable.Repeat((Batch: $"0/{p.Offset / batchBytes}", Row: p.Offset!.Value), 2));
        var restarts = story.GetProperty("restarts").EnumerateArray().ToArray();
        Assert.Equal(crashes.OrderBy(c => c.Row), restarts.Select(r => (r.GetProperty("batch").GetString()!, r.GetProperty("row").GetInt64())).OrderBy(r => r.Item2));
        Assert.All(restarts, r => Assert.StartsWith("/user/etl/mappers/", r.GetProperty("actor").GetString(), StringComparison.Ordinal));
        Assert.Equal(2 * poisonous, story.GetProperty("restarts_total").GetInt32());
        Assert.Equal(poisonous, story.GetProperty("condemned_total").GetInt32());
        Assert.Equal(file.Poisonous.Select(p => p.Offset!.Value), story.GetProperty("condemned").EnumerateArray().Select(c => c.GetProperty("row").GetInt64()).Order());
        Assert.Equal(poisonous, workspace.LogMessages().Count(l => l.Contains(" is set aside, it crashed the mapper twice", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("throw", 1)]
    [InlineData("throw", 5)]
    [InlineData("throw-unnamed", 1)]
    [InlineData("throw-unnamed", 5)]
    public async Task The_quarantine_is_the_same_for_any_pool_and_whether_crashes_name_the_row_or_not(string action, int mappers)
    {
        var file = new PoisonedFile(Clean.Value, 7, seed: 3);
        using var workspace = new Workspace();

        (await workspace.RunAsync(
            workspace.Write("some.csv", file.Bytes),
            [.. Small, "--set", $"akka.actor.deployment./etl/mappers.nr-of-instances={mappers}", .. PoisonedFile.Poison(action)])).ExitsWith(0);

        await AssertFoundAsync(workspace, file, Twice);
        // Two at each row; where none is named, those that the search takes beside: about one for each of its steps by sixteen.
        var restarts = workspace.Json("run.json").GetProperty("restarts_total").GetInt32();
        output.WriteLine($"{restarts} restarts");
        Assert.InRange(restarts, 14, action == "throw" ? 14 : 7 * 9);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("multiline")]
    public async Task They_are_found_in_what_can_only_be_read_from_its_beginning(string way)
    {
        var file = new PoisonedFile(Clean.Value, 7, seed: 3);
        using var workspace = new Workspace();
        var path = way == "gz" ? workspace.Write("some.csv.gz", Compressed.Gzip(file.Bytes)) : workspace.Write("some.csv", file.Bytes);
        string[] options = way == "gz" ? Small : [.. Small, "--multiline"];

        (await workspace.RunAsync(path, [.. options, .. PoisonedFile.Poison("throw-unnamed")])).ExitsWith(0);

        await AssertFoundAsync(workspace, file, Twice);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(25)]
    [InlineData(60)]
    public async Task A_kill_in_the_middle_of_a_search_changes_nothing(int probe)
    {
        var file = new PoisonedFile(Clean.Value, 3, seed: 4);
        using var workspace = new Workspace();
        var path = workspace.Write("some.csv", file.Bytes);
        (await workspace.RunAsync(path, [.. Small, .. PoisonedFile.Poison("throw-unnamed", $",map-probe:{probe}:kill")])).ExitsWith(Killed);
        var found = workspace.LogMessages().Count(l => l.Contains(" is set aside", StringComparison.Ordinal));
        Assert.InRange(found, 0, 2);

        (await workspace.RunAsync(path, [.. Small, .. PoisonedFile.Poison("throw-unnamed")])).ExitsWith(0);

        await AssertFoundAsync(workspace, file, Twice);
        Assert.Equal(2, workspace.Json("run.json").GetProperty("attempts").GetInt32());
    }

    [Fact]
    public async Task Rows_that_kill_the_process_are_found_by_starting_it_again_and_again()
    {
        const int poisonous = 2;
        var file = new PoisonedFile(Clean.Value, poisonous, seed: 6);
        using var workspace = new Workspace();
        var path = workspace.Write("some.csv", file.Bytes);
        // Three deaths until one batch at a time is tried, two of that batch, five steps of the search, three of the row; and the last start.
        var starts = await StartUntilDoneAsync(workspace, path, 14 * poisonous, [.. Small, .. PoisonedFile.Poison("kill")]);

        await AssertFoundAsync(workspace, file, "killed the process");
        var story = workspace.Json("run.json");
        Assert.Equal(starts, story.GetProperty("attempts").GetInt32());
        Assert.Contains(story.GetProperty("restarts").EnumerateArray(), r => r.GetProperty("actor").GetString() == "process"
            && r.GetProperty("batch").GetString() == $"0/{file.Poisonous[0].Offset / (256 << 10)}");
        output.WriteLine($"{starts} starts");
    }

    [SkippableFact]
    public async Task A_row_of_a_page_that_kills_the_process_is_found_too()
    {
        using var clean = new Workspace();
        using var workspace = new Workspace();
        (await clean.RunAsync(Undisturbed.Page)).ExitsWith(0);

        var starts = await StartUntilDoneAsync(workspace, Undisturbed.Page, 14, Settings.Fault("poison-row=Kenya:kill"));

        // Not one of Africa's five largest.
        Assert.Equal((await AnswerOfAsync(clean)).Regions, (await AnswerOfAsync(workspace)).Regions);
        Assert.Equal(
            clean.Json("run.json").GetProperty("counted").GetInt32() - 1, workspace.Json("run.json").GetProperty("counted").GetInt32());
        var row = Assert.Single(QuarantineLine.Of(workspace).Except(QuarantineLine.Of(clean)));
        Assert.Equal("killed the process", row.Reason);
        Assert.StartsWith("Kenya, ", row.Text, StringComparison.Ordinal);
        output.WriteLine($"{starts} starts");
    }

    private static async Task<int> StartUntilDoneAsync(Workspace workspace, string path, int most, string[] options)
    {
        for (var start = 1; start <= most; start++)
        {
            var run = await workspace.RunAsync(path, options);
            if (run.ExitCode == Killed) continue;
            run.ExitsWith(0);
            return start;
        }

        throw new InvalidOperationException($"not done after {most} starts: {string.Join('\n', workspace.LogMessages())}");
    }

    private static async Task AssertFoundAsync(Workspace workspace, PoisonedFile file, string reason)
    {
        Assert.Equal(await Expected.Value, await AnswerOfAsync(workspace));
        Assert.Equal(file.Quarantine(reason), QuarantineLine.Of(workspace));
    }

    private static async Task<(string Countries, string Regions)> AnswerAsync(Contributions clean, string[] options)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(workspace.Write("clean.csv", clean.Bytes), options)).ExitsWith(0);
        return await AnswerOfAsync(workspace);
    }

    private static async Task<(string Countries, string Regions)> AnswerOfAsync(Workspace workspace) => (
        await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Countries_by_GDP.json")),
        await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Region_Top.json")));
}
