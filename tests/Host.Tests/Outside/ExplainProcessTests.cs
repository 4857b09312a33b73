using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The policy of supervision in the real program: shown, refused, obeyed.</summary>
public sealed class ExplainProcessTests
{
    [SkippableFact]
    public async Task It_explains_and_leaves_nothing_behind()
    {
        using var workspace = new Workspace();
        var told = (await EtlProcess.RunAsync("explain", "--set", "etl.postgres.connection-string=Host=db;Password=hunter2")).ExitsWith(0);
        Assert.Contains("/user/etl/mappers", told.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", told.Out + told.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.Out));
    }

    [SkippableTheory]
    [InlineData("etl.supervision.mapper.on.default=stop", "would shrink the pool")]
    [InlineData("etl.supervision.mapper.retries=3", "only unlimited is allowed")]
    [InlineData("etl.supervision.coordinator.on.default=resume", "allowed: restart, stop, escalate")]
    [InlineData("etl.supervision.loader.on.IOExeption=stop", "did you mean IOException?")]
    [InlineData("etl.supervision.loader.on.default=stopp", "did you mean stop?")]
    [InlineData("etl.supervision.reducers.retries=3", "did you mean etl.supervision.reducer.retries?")]
    public async Task A_run_refuses_a_policy_that_is_not_sound_before_it_creates_anything(string setting, string says)
    {
        using var workspace = new Workspace();
        var refused = (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--set", setting)).ExitsWith(2);
        Assert.Contains(says, refused.Error, StringComparison.Ordinal);
        Assert.Empty(refused.Out);
        Assert.False(Directory.Exists(workspace.Out));
    }

    [SkippableFact]
    public async Task A_reducer_that_is_to_stop_ends_its_run_with_its_cause_and_the_next_start_resumes()
    {
        using var workspace = new Workspace();
        var ended = (await EtlProcess.RunAsync(
            "run", "--out", workspace.Out, "--set", "etl.supervision.reducer.on.default=stop", "--set", "etl.fault=before-persist:2:throw")).ExitsWith(74);
        Assert.Contains("does not come back, as etl.supervision says", ended.Error, StringComparison.Ordinal);
        Assert.Contains("injected fault at before-persist", ended.Error, StringComparison.Ordinal);
        (await EtlProcess.RunAsync("run", "--out", workspace.Out)).ExitsWith(0);
        var restart = Assert.Single(workspace.Json("run.json").GetProperty("restarts").EnumerateArray());
        Assert.Equal("Stop", restart.GetProperty("directive").GetString());
        Assert.True(restart.GetProperty("recovered_after_seconds").GetDouble() > 0);
    }
}
