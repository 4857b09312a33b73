using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace Etl.Recovery.Tests;

/// <summary>The process is killed as by <c>kill -9</c> at a named point, and started again.</summary>
public sealed class KillTests(Undisturbed undisturbed, ITestOutputHelper output) : IClassFixture<Undisturbed>
{
    private const int Killed = 137;
    private const string Compaction = "after-compact:4";

    private static readonly string[] Trims = ["before-forget:1", "before-forget:4", "after-summary:1"];

    private static readonly string[] Trim = ["--set", "etl.jobs.trim-above=0"];

    // Points in the middle of the work: 14 batches, about six partials and two writes each.
    private static readonly string[] MidWork =
    [
        "after-complete:1", "after-complete:3", "before-complete:6", "after-complete:9", "map-batch:5", "map-batch:11", "before-persist:20",
        "after-persist:30", "after-ack:25", "after-persist:45",
    ];

    /// <summary>The points after the last batch; all batches are resumed, and a job that is over is not resumed at all.</summary>
    public static TheoryData<string, bool> LoadPoints { get; } = new()
    {
        { "before-load:1", true }, { "after-sink:1", true }, { "after-sink:2", true }, { "after-sink:3", true }, { "before-run-json:1", true },
        { "after-run-json:1", true }, { "before-finish:1", true }, { "after-finish:1", false },
    };

    /// <summary>The points after the end of a job, when what the journal holds of it is deleted.</summary>
    public static TheoryData<string> TrimPoints { get; } = [.. Trims];

    [SkippableFact]
    public async Task Ten_kills_in_the_middle_of_the_work_leave_no_trace_in_the_results()
    {
        var inTheMiddle = 0;
        foreach (var fault in MidWork)
        {
            using var workspace = new Workspace();
            Assert.Equal("", (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault(fault)])).ExitsWith(Killed).Out);
            Assert.False(File.Exists(Path.Combine(workspace.Out, "run.json")), $"{fault}: a killed run left results");

            var (run, resumed, batches) = await undisturbed.GoesOnAsync(workspace, Settings.Steps);

            output.WriteLine($"{fault}: {resumed} of {batches} batches were done");
            AssertSaysThatItResumes(workspace, run, resumed, batches);
            Assert.Equal(2, workspace.Json("run.json").GetProperty("attempts").GetInt32());
            if (0 < resumed && resumed < batches) inTheMiddle++;
        }

        Assert.InRange(inTheMiddle, 7, MidWork.Length);
    }

    [SkippableTheory]
    [MemberData(nameof(LoadPoints))]
    public async Task A_kill_while_loading_is_loaded_again(string fault, bool isResumed)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(Undisturbed.Page, Settings.Fault(fault))).ExitsWith(Killed);

        var (run, resumed, batches) = await undisturbed.GoesOnAsync(workspace);

        output.WriteLine($"{fault}: {resumed} of {batches} batches were done");
        Assert.Equal(isResumed ? batches : 0, resumed);
        if (isResumed) AssertSaysThatItResumes(workspace, run, resumed, batches);
        else Assert.DoesNotContain("resuming", run.Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [MemberData(nameof(TrimPoints))]
    public async Task A_kill_while_the_journal_of_a_job_that_is_over_is_trimmed_leaves_the_rest_to_the_next_start(string fault)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(Undisturbed.Page, [.. Trim, .. Settings.Fault(fault)])).ExitsWith(Killed);
        Assert.Equal(await undisturbed.AnswerHashesAsync(), workspace.AnswerHashes());
        Assert.NotEmpty(Kept(workspace));

        var (run, _, _) = await undisturbed.GoesOnAsync(workspace, Trim);

        Assert.DoesNotContain("resuming", run.Error, StringComparison.Ordinal);
        Assert.Empty(Kept(workspace));
    }

    [SkippableFact]
    public async Task A_kill_between_an_event_that_holds_all_and_the_deletion_of_the_older_ones_changes_nothing()
    {
        using var workspace = new Workspace();
        string[] often = [.. Settings.Steps, "--set", "etl.reduce.compact-after=3"];
        (await workspace.RunAsync(Undisturbed.Page, [.. often, .. Settings.Fault(Compaction)])).ExitsWith(Killed);

        var (run, resumed, batches) = await undisturbed.GoesOnAsync(workspace, [.. often, .. Trim]);

        AssertSaysThatItResumes(workspace, run, resumed, batches);
        Assert.Empty(Kept(workspace));
    }

    [SkippableFact]
    public async Task What_was_given_up_is_forgotten_too()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault("after-complete:6")])).ExitsWith(Killed);
        await undisturbed.GoesOnAsync(workspace, ["--fresh", .. Trim]);
        Assert.Empty(Kept(workspace));
    }

    [SkippableFact]
    public async Task A_resumed_run_that_is_killed_too_is_resumed_again()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault("after-complete:4")])).ExitsWith(Killed);
        var second = (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault("after-complete:5")])).ExitsWith(Killed);
        Assert.Contains("resuming job", second.Error, StringComparison.Ordinal);
        (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault("after-sink:2")])).ExitsWith(Killed);

        var (run, resumed, batches) = await undisturbed.GoesOnAsync(workspace, Settings.Steps);

        Assert.Equal(batches, resumed);
        AssertSaysThatItResumes(workspace, run, resumed, batches);
        Assert.Equal(4, workspace.Json("run.json").GetProperty("attempts").GetInt32());
    }

    [SkippableFact]
    public async Task A_resumed_run_may_have_another_pool_and_pace()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(Undisturbed.Page, [.. Settings.Steps, .. Settings.Fault("after-complete:6")])).ExitsWith(Killed);

        var (_, resumed, batches) = await undisturbed.GoesOnAsync(workspace,
            "--set", "akka.actor.deployment./etl/mappers.nr-of-instances=7", "--set", "akka.actor.deployment./etl/mappers.router=round-robin-pool");

        Assert.InRange(resumed, 1, batches - 1);
        Assert.Equal(14, batches);
    }

    // What the journal holds of jobs, all of which are over, beside their summaries.
    private static string[] Kept(Workspace workspace)
    {
        using var journal = new SqliteConnection($"Data Source={Path.Combine(workspace.Out, ".etl", "journal.db")};Pooling=False");
        journal.Open();
        using var command = journal.CreateCommand();
        command.CommandText =
            "select persistence_id, sequence_number, manifest from journal where deleted = 0 and persistence_id <> 'catalog' and manifest <> 'jz1'";
        using var reader = command.ExecuteReader();
        var kept = new List<string>();
        while (reader.Read()) kept.Add($"{reader.GetString(0)} {reader.GetInt64(1)} {reader.GetString(2)}");
        return [.. kept];
    }

    private static void AssertSaysThatItResumes(Workspace workspace, EtlResult run, int resumed, int batches)
    {
        var job = workspace.Json("run.json").GetProperty("job_id").GetString();
        Assert.Contains($"resuming job {job}: {resumed} of {batches} batches were already done", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Job {job} resumed: {resumed} of {batches} batches are done", workspace.LogMessages());
    }
}
