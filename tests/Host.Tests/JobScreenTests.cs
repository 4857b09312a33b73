using System.Text.Json;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Host.Tests;

/// <summary>What the journal knows, on the screen and as JSON.</summary>
public sealed class JobScreenTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 23, 1, 20, 3, TimeSpan.Zero);

    private static readonly JobSpec Spec = new(
        "csv", [new("data/контракты \u001b[31m.csv", new string('a', 64), 440_000_000) { File = new("/data/x.csv", 1, Compression.None) }],
        AnswerOptions.Default, "d", 64, "1.2.3");

    private static readonly JobRecord Open = new(
        Id("94988a8ccbdf436f9f1f0b9018a2d1d0"), JobStanding.Open, Stage.MapAndReduce, Spec, At, null, null, "interrupted", 6, 14,
        BatchTally.Empty with { Read = 96, Records = 90, Missing = 4, Quarantined = 2 }, 5, [new(0, "data.csv", 0, 14, 6)],
        [new(new(Guid.Empty), "1.2.3", At), new(new(Guid.Empty), "1.2.3", At.AddMinutes(1))],
        [new("/user/etl/mappers/$a", "InvalidOperationException: boom", "Restart", new(0, 3), 151, 2, At)],
        [new("/user/etl/reducers/x-1/reducer", "SqliteException: full", ActorRestart.AfterBackoff, 1, At.AddSeconds(5))], 2, 3, ["json"]);

    private static readonly JobRecord Done = Open with
    {
        Job = Id("0123456789abcdef0123456789abcdef"),
        Standing = JobStanding.Finished,
        Stage = Stage.Ended,
        EndedAt = At.AddMinutes(2),
        ExitCode = 0,
        Reason = null,
        BatchesDone = 14,
    };

    private static readonly FakeRunner Two = new()
    {
        Known = new([Open, Done], null),
        Told = [new(1, At, "started", "csv: data.csv"), new(2, At, "failed", "exit code 3: " + new string('x', 200))],
    };

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Tables_fit_the_terminal_and_cannot_command_it(int width)
    {
        foreach (var command in new[] { "jobs", "status 9498", "status 0123", "events 9498", "jobs prune" })
        {
            var cli = await RunAsync(width, command);
            Assert.Equal((0, ""), (cli.ExitCode, cli.Error));
            Assert.All(cli.Out.Split('\n'), line => Assert.InRange(Screen.Cells.Width(line), 0, width));
            Assert.DoesNotContain('\u001b', cli.Out);
        }
    }

    [Fact]
    public async Task A_list_has_a_line_per_job_and_the_command_that_goes_on()
    {
        var lines = (await RunAsync(120, "jobs --out results")).Out.Split('\n');
        Assert.Matches(@"^94988a8c  open      2026-11-23 01:20 +\d+ \w+ +6/14 +96 +2 +2  data/", lines[1]);
        Assert.Matches("^01234567  finished ", lines[2]);
        Assert.Contains("etl resume 94988a8c --out results", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_tells_why_a_job_is_open_and_how_it_goes_on()
    {
        var screen = (await RunAsync(160, "status 94 --state s --set etl.phases=on")).Out;
        Assert.Contains("job 94988a8ccbdf436f9f1f0b9018a2d1d0  open", screen, StringComparison.Ordinal);
        Assert.Contains("extract ✓ → map and reduce 6/14 → load", screen, StringComparison.Ordinal);
        Assert.Contains("6 of 14 batches  data.csv", screen, StringComparison.Ordinal);
        Assert.Contains("/user/etl/mappers/$a batch 0/3, row 151: InvalidOperationException: boom", screen, StringComparison.Ordinal);
        Assert.Contains("/user/etl/reducers/x-1/reducer SqliteException: full", screen, StringComparison.Ordinal);
        Assert.Contains("open     the last run was interrupted", screen, StringComparison.Ordinal);
        Assert.Contains("etl resume 94988a8c --state s --set 'etl.phases=on'", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_is_worked_on_names_the_process_and_no_command()
    {
        var screen = (await RunAsync(100, "status 94", new() { Known = new([Open], "process 7 on host since 2026-11-23 01:20:00Z") })).Out;
        Assert.Contains("process 7 on host since 2026-11-23 01:20:00Z is at work", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("etl resume", screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_documented_properties()
    {
        string[] head =
        [
            "id", "state", "stage", "source", "input", "input_count", "started", "ended", "exit_code", "reason", "batches_done", "batches_planned",
            "rows", "quarantined", "restarts_total", "retries", "attempts", "product_version", "at_work",
        ];
        var list = JsonDocument.Parse((await RunAsync(80, "jobs --format json")).Out).RootElement;
        Assert.Equal(2, list.GetArrayLength());
        Assert.All(list.EnumerateArray(), job => Assert.Equal(head, job.EnumerateObject().Select(p => p.Name)));
        Assert.Equal(("open", "2026-11-23T01:20:03.000Z", JsonValueKind.Null), (
            list[0].GetProperty("state").GetString(), list[0].GetProperty("started").GetString(), list[0].GetProperty("ended").ValueKind));

        var one = JsonDocument.Parse((await RunAsync(80, "status 9498 --format json")).Out).RootElement;
        Assert.Equal([.. head, "regions", "missing", "inputs", "splits", "runs", "restarts", "sinks_loaded"], one.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["0/3", null], one.GetProperty("restarts").EnumerateArray().Select(r => r.GetProperty("batch").GetString()));

        var events = JsonDocument.Parse((await RunAsync(80, "events 9498 --format json")).Out).RootElement;
        Assert.Equal(["sequence", "time", "kind", "details"], events[1].EnumerateObject().Select(p => p.Name));
        Assert.EndsWith("xxx", events[1].GetProperty("details").GetString(), StringComparison.Ordinal);

        var pruned = JsonDocument.Parse((await RunAsync(80, "jobs prune --keep 7 --format json")).Out).RootElement;
        Assert.Equal(
            ["removed", "kept", "open", "inputs_removed", "input_bytes_removed", "journal_bytes_before", "journal_bytes"], pruned.EnumerateObject().Select(p => p.Name));
        Assert.Equal(7, Two.Keep);
    }

    [Fact]
    public async Task A_resume_takes_input_and_options_from_the_journal_and_the_rest_from_the_command_line()
    {
        var runner = new FakeRunner { Known = new([Done, Open], null) };
        Assert.Equal(0, (await RunAsync(100, "resume --out results --sink json --strict", runner)).ExitCode);
        Assert.Equal((Spec, "results", Path.Combine("results", ".etl"), true), (
            runner.Request!.Resume, runner.Request.OutDirectory, runner.Request.StateDirectory, runner.Request.Strict));
        Assert.Equal("json", Assert.Single(runner.Request.Sinks));
    }

    private static Task<Cli> RunAsync(int width, string commandLine, FakeRunner? runner = null) =>
        Cli.RunAsync(runner ?? Two, new Interruption(), width, commandLine.Split(' '));

    private static JobId Id(string text) => JobId.TryParse(text, out var id) ? id : throw new ArgumentException(text);
}
