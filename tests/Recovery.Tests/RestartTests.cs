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
}
