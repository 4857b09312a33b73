using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>An actor fails in the middle of a run, and the same process goes on.</summary>
public sealed class RestartTests(Undisturbed undisturbed) : IClassFixture<Undisturbed>
{
    // Shorter than the deadline after which lost batches are issued again: a restart must not wait for it.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData("map-batch:4")]
    [InlineData("before-persist:9")]
    [InlineData("after-persist:9")]
    [InlineData("after-ack:9")]
    [InlineData("before-complete:3")]
    [InlineData("after-complete:3")]
    [InlineData("before-load:1")]
    [InlineData("after-sink:1")]
    [InlineData("after-sink:3")]
    [InlineData("before-run-json:1")]
    [InlineData("after-run-json:1")]
    [InlineData("before-finish:1")]
    [InlineData("after-finish:1")]
    public async Task An_actor_that_crashes_is_restarted_without_a_trace_in_the_results(string fault)
    {
        using var workspace = new Workspace();

        var (run, resumed, _) = await undisturbed.GoesOnAsync(workspace, [.. Settings.Steps, .. Settings.Fault($"{fault}:throw"), "--format", "json"]);

        Assert.Equal(0, resumed);
        Assert.True(run.Elapsed < Prompt, $"the run waited for {run.Elapsed}");
        // The failure is told, and not where the data is.
        Assert.Contains($"injected fault at {fault.Split(':')[0]}", run.Error, StringComparison.Ordinal);
        Assert.Equal(194, JsonDocument.Parse(run.Out).RootElement.GetProperty("countries").GetArrayLength());
    }

    [SkippableTheory]
    [InlineData("before-persist:9", "/user/etl/reducers/")]
    [InlineData("before-complete:3", "/coordinator")]
    [InlineData("before-run-json:1", "/user/etl/loaders/")]
    public async Task A_restart_of_an_actor_without_a_batch_is_in_run_json_and_in_the_journal(string fault, string actor)
    {
        using var workspace = new Workspace();

        await undisturbed.GoesOnAsync(workspace, [.. Settings.Steps, .. Settings.Fault($"{fault}:throw")]);

        var told = Assert.Single(workspace.Json("run.json").GetProperty("restarts").EnumerateArray());
        AssertRestart(told);
        Assert.Equal(1, workspace.Json("run.json").GetProperty("restarts_total").GetInt32());
        var id = workspace.Json("run.json").GetProperty("job_id").GetString()!;
        var status = (await EtlProcess.RunAsync("status", id, "--out", workspace.Out, "--format", "json")).ExitsWith(0);
        AssertRestart(Assert.Single(JsonDocument.Parse(status.Out).RootElement.GetProperty("restarts").EnumerateArray()));
        var events = (await EtlProcess.RunAsync("events", id, "--out", workspace.Out, "--format", "json")).ExitsWith(0);
        var lines = JsonDocument.Parse(events.Out).RootElement.EnumerateArray().ToLookup(e => e.GetProperty("kind").GetString(), e => e.GetProperty("details").GetString()!);
        var failed = Assert.Single(lines["actors_restarted"]);
        // In one event when the recovery was known by the time the failure was written.
        Assert.True(failed.Contains("; made good after ", StringComparison.Ordinal) || lines["recovered"].Any(line => line.Contains(" is at work again, ", StringComparison.Ordinal)));
        Assert.Contains(workspace.LogMessages(), m => m.Contains(actor, StringComparison.Ordinal) && m.Contains("injected fault", StringComparison.Ordinal));

        void AssertRestart(JsonElement restart)
        {
            Assert.Contains(actor, restart.GetProperty("actor").GetString(), StringComparison.Ordinal);
            Assert.Contains("injected fault", restart.GetProperty("cause").GetString(), StringComparison.Ordinal);
            Assert.True(restart.GetProperty("recovered_after_seconds").GetDouble() >= 0);
            Assert.Equal((JsonValueKind.Null, 1), (restart.GetProperty("batch").ValueKind, restart.GetProperty("attempt").GetInt32()));
        }
    }
}
