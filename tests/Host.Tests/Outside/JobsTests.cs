using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The commands that read the journal, on journals that runs left behind, and beside a run that is going on.</summary>
public sealed class JobsTests
{
    private const int Killed = 137;

    private static readonly string[] Crash = [.. Settings.Steps, .. Settings.Fault("after-complete:1")];

    [Fact]
    public async Task Without_a_journal_there_are_no_jobs_and_nothing_is_created()
    {
        using var workspace = new Workspace();
        Assert.Equal("no jobs yet\n", (await EtlAsync(workspace, "jobs")).ExitsWith(0).Out);
        Assert.Equal("[]\n", (await EtlAsync(workspace, "jobs", "--format", "json")).ExitsWith(0).Out);
        Assert.Contains("there are no jobs yet", (await EtlAsync(workspace, "status", "abc")).ExitsWith(2).Error, StringComparison.Ordinal);
        (await EtlAsync(workspace, "resume")).ExitsWith(2);
        (await EtlAsync(workspace, "jobs", "prune")).ExitsWith(0);
        Assert.False(Directory.Exists(workspace.Out));
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task A_killed_job_is_open_and_resumed_without_its_input_at_hand(Backend on)
    {
        using var workspace = new Workspace(on);
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        (await workspace.RunAsync(page, [.. Crash, "--top", "3"])).ExitsWith(Killed);
        File.Delete(page);

        var before = State(workspace);
        var job = Assert.Single(await JobsAsync(workspace));
        Assert.Equal(("open", 1, 2), (Text(job, "state"), Number(job, "batches_done"), Number(job, "batches_planned")));
        var status = (await EtlAsync(workspace, "status", Text(job, "id")[..8])).ExitsWith(0).Out;
        Assert.Contains($"etl resume {Text(job, "id")[..8]} --out {workspace.Out}", status, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, status, StringComparison.Ordinal);
        var events = (await EtlAsync(workspace, "events", Text(job, "id"), "--format", "json")).ExitsWith(0).Out;
        Assert.Equal(["started", "run_began", "split_planned", "batches_completed"], JsonDocument.Parse(events).RootElement.EnumerateArray().Select(e => Text(e, "kind")));
        Assert.Equal(before, State(workspace));

        (await EtlAsync(workspace, "resume")).ExitsWith(0);
        Assert.Equal((1, 2), (Number(workspace.Json("run.json"), "batches_resumed"), Number(workspace.Json("run.json"), "attempts")));
        Assert.Equal(3, workspace.Json("Region_Top.json")[0].GetProperty("Top").GetInt32());
        Assert.Equal(("finished", 2), (Text(Assert.Single(await JobsAsync(workspace)), "state"), Number((await JobsAsync(workspace))[0], "attempts")));
        Assert.Contains("is over (finished)", (await EtlAsync(workspace, "resume", Text(job, "id"))).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_gone_or_has_changed_is_not_resumed()
    {
        using var workspace = new Workspace();
        var content = Contributions.Of(4_000).Bytes;
        var file = workspace.Write("data.csv", content);
        string[] options = [.. GeneratedFile.Sum, .. Settings.FileSteps("16KiB")];
        (await workspace.RunAsync(file, [.. options, .. Settings.Fault("after-complete:1")])).ExitsWith(Killed);
        var time = File.GetLastWriteTimeUtc(file);

        File.Move(file, file + ".away");
        Assert.Contains("is gone", (await EtlAsync(workspace, "resume")).ExitsWith(2).Error, StringComparison.Ordinal);
        workspace.Write("data.csv", [.. content, .. "Germany,2020,1\n"u8]);
        Assert.Contains("has changed since the job began", (await EtlAsync(workspace, "resume")).ExitsWith(2).Error, StringComparison.Ordinal);

        // A start of it is a new job, and says so.
        var run = (await workspace.RunAsync(file, options)).ExitsWith(0);
        var jobs = await JobsAsync(workspace);
        Assert.Equal(["finished", "open"], jobs.Select(j => Text(j, "state")));
        var said = $"the input has changed since job {Text(jobs[1], "id")} ({Number(jobs[1], "batches_done")} of {Number(jobs[1], "batches_planned")} batches done) began: this is a new job; etl status {Text(jobs[1], "id")[..8]}";
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Contains(said, workspace.LogMessages());

        File.Delete(file);
        File.Move(file + ".away", file);
        File.SetLastWriteTimeUtc(file, time);
        Assert.Contains("resuming job", (await EtlAsync(workspace, "resume")).ExitsWith(0).Error, StringComparison.Ordinal);
        Assert.Equal(["finished", "finished"], (await JobsAsync(workspace)).Select(j => Text(j, "state")));
    }

    [Fact]
    public async Task The_same_input_again_does_not_say_that_it_has_changed()
    {
        using var workspace = new Workspace();
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        (await workspace.RunAsync(page, Crash)).ExitsWith(Killed);
        Assert.DoesNotContain("has changed", (await workspace.RunAsync(page, "--top", "3")).ExitsWith(0).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("has changed", (await workspace.RunAsync(page)).ExitsWith(0).Error, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task Reading_disturbs_no_run_and_pruning_waits_for_none(Backend on)
    {
        Skip.If(OperatingSystem.IsWindows(), "a process is paused by a signal of Unix");
        using var workspace = new Workspace(on);
        var page = workspace.Write("long.html", Pages.Long(300));
        using var run = workspace.Start(page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")));
        run.Pause();

        var job = Assert.Single(await JobsAsync(workspace));
        Assert.StartsWith($"process {run.Id} ", Text(job, "at_work"), StringComparison.Ordinal);
        Assert.Contains("is at work", (await EtlAsync(workspace, "status", Text(job, "id"))).ExitsWith(0).Out, StringComparison.Ordinal);
        (await EtlAsync(workspace, "events", Text(job, "id"))).ExitsWith(0);
        Assert.Contains("in use", (await EtlAsync(workspace, "jobs", "prune")).ExitsWith(75).Error, StringComparison.Ordinal);
        Assert.Contains("in use", (await EtlAsync(workspace, "resume")).ExitsWith(75).Error, StringComparison.Ordinal);

        // While it writes: whether one of these finds it open or finished is a matter of the machine's speed.
        run.Continue();
        for (var i = 0; i < 3; i++) Assert.True(Text(Assert.Single(await JobsAsync(workspace)), "state") is "open" or "finished");
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(0);
        job = Assert.Single(await JobsAsync(workspace));
        Assert.Equal(("finished", JsonValueKind.Null), (Text(job, "state"), job.GetProperty("at_work").ValueKind));
    }

    [SkippableTheory]
    [InlineData(Backend.Sqlite)]
    [InlineData(Backend.Postgres)]
    public async Task Pruning_keeps_the_newest_and_the_unfinished_and_the_journal_goes_on(Backend on)
    {
        using var workspace = new Workspace(on);
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        var other = workspace.Write("other.html", Pages.Of(Pages.Rows.Take(19)));
        for (var i = 0; i < 3; i++) (await workspace.RunAsync(page)).ExitsWith(0);
        (await workspace.RunAsync(other, Crash)).ExitsWith(Killed);
        var before = await JobsAsync(workspace);
        Assert.Equal(["open", "finished", "finished", "finished"], before.Select(j => Text(j, "state")));

        var pruned = JsonDocument.Parse((await EtlAsync(workspace, "jobs", "prune", "--keep", "1", "--format", "json")).ExitsWith(0).Out).RootElement;
        Assert.Equal(before.TakeLast(2).Reverse().Select(j => Text(j, "id")), pruned.GetProperty("removed").EnumerateArray().Select(id => id.GetString()!));
        Assert.Equal((1, 1, 1), (Number(pruned, "kept"), Number(pruned, "open"), Number(pruned, "inputs_removed")));
        Assert.Equal(before.Take(2).Select(j => Text(j, "id")), (await JobsAsync(workspace)).Select(j => Text(j, "id")));

        // What is unfinished is resumed, and new jobs are opened, on what is left.
        Assert.Contains("resuming job", (await EtlAsync(workspace, "resume")).ExitsWith(0).Error, StringComparison.Ordinal);
        (await workspace.RunAsync(page)).ExitsWith(0);
        Assert.Equal(["finished", "finished", "finished"], (await JobsAsync(workspace)).Select(j => Text(j, "state")));
        (await EtlAsync(workspace, "jobs", "prune", "--keep", "0")).ExitsWith(0);
        Assert.Empty(await JobsAsync(workspace));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(workspace.Out, ".etl", "inputs")));
        (await workspace.RunAsync(page)).ExitsWith(0);
        Assert.Single(await JobsAsync(workspace));
    }

    [SkippableFact]
    public async Task Another_directory_finds_the_jobs_of_a_journal_on_a_server_and_one_that_is_away_is_named()
    {
        using var workspace = new Workspace(Backend.Postgres);
        (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)))).ExitsWith(0);
        using var other = new Workspace(workspace.Postgres);
        Assert.Equal("finished", Text(Assert.Single(await JobsAsync(other)), "state"));
        (await EtlAsync(other, "jobs", "prune", "--keep", "0")).ExitsWith(0);
        Assert.Empty(await JobsAsync(workspace));
        Assert.False(Directory.Exists(other.Out));

        var away = (await EtlProcess.RunAsync(
            "jobs", "--config", "hocon/postgres.conf", "--set", $"etl.postgres.connection-string=Host=127.0.0.1;Port=1;Database=none;Username=nobody;Password={PostgresServer.Password}")).ExitsWith(74);
        Assert.Contains("127.0.0.1:1/none", away.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, away.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_journal_is_74_and_named()
    {
        using var workspace = new Workspace();
        Directory.CreateDirectory(workspace.In("state"));
        workspace.Write(Path.Combine("state", "journal.db"), "this is no database, whatever its name says, and it is long enough to tell");
        foreach (var command in new[] { "jobs", "resume" })
            Assert.Contains("journal.db cannot be read", (await EtlProcess.RunAsync(command, "--state", workspace.In("state"))).ExitsWith(74).Error, StringComparison.Ordinal);
    }

    private static Task<EtlResult> EtlAsync(Workspace workspace, params string[] arguments) => EtlProcess.RunAsync([.. arguments, "--out", workspace.Out, .. workspace.BackendOptions]);

    private static async Task<JsonElement[]> JobsAsync(Workspace workspace) =>
        [.. JsonDocument.Parse((await EtlAsync(workspace, "jobs", "--format", "json")).ExitsWith(0).Out).RootElement.EnumerateArray()];

    // The files of the journal itself; the index of its log is in memory that every reader shares.
    private static string State(Workspace workspace) => string.Join('\n', new DirectoryInfo(Path.Combine(workspace.Out, ".etl")).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(f => !f.Name.EndsWith("-shm", StringComparison.Ordinal)).OrderBy(f => f.Name, StringComparer.Ordinal)
        .Select(f => $"{f.Name} {f.Length} {f.LastWriteTimeUtc.Ticks}"));

    private static string Text(JsonElement job, string name) => job.GetProperty(name).GetString()!;

    private static int Number(JsonElement job, string name) => job.GetProperty(name).GetInt32();
}
