using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>An older edition may replace a newer one, and says so; its files are those that it always writes.</summary>
public sealed class OlderEditionTests
{
    [SkippableFact]
    public async Task It_is_told_on_the_screen_and_in_run_json_and_the_report_is_the_same_as_elsewhere()
    {
        var page = SharedData.Page(SharedData.GoldenPage);
        using var workspace = new Workspace();
        using var elsewhere = new Workspace();
        (await EtlProcess.RunAsync("run", "--out", workspace.Out, "--sink", "html")).ExitsWith(0);

        var run = (await workspace.RunAsync(page, "--sink", "html")).ExitsWith(0);
        (await elsewhere.RunAsync(page, "--sink", "html")).ExitsWith(0);

        Assert.Contains("is older than the one it replaces", run.Out, StringComparison.Ordinal);
        Assert.Contains(workspace.Json("run.json").GetProperty("warnings").EnumerateArray(), w => w.GetString()!.Contains("is older than the one it replaces", StringComparison.Ordinal));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(elsewhere.Out, "report.html")), File.ReadAllBytes(Path.Combine(workspace.Out, "report.html")));
    }
}
