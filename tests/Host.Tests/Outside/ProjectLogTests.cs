using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>The project's log as people and their scripts read it.</summary>
public sealed class ProjectLogTests
{
    private const string Line =
        @"^\d{4}-(January|February|March|April|May|June|July|August|September|October|November|December)-\d{2}-\d{2}-\d{2}-\d{2}, .+$";

    [Fact]
    public async Task A_log_that_exists_is_appended_to()
    {
        using var workspace = new Workspace();
        var page = workspace.Write("page.html", Pages.Of(Pages.Rows));
        Directory.CreateDirectory(workspace.Out);
        const string earlier = "2024-March-01-09-05-00, of an earlier year\n2024-March-01-09-05-01, and cut off";
        await File.WriteAllTextAsync(workspace.Log, earlier);

        (await workspace.RunAsync(page)).ExitsWith(0);
        var once = await File.ReadAllTextAsync(workspace.Log);
        (await workspace.RunAsync(page)).ExitsWith(0);
        var twice = await File.ReadAllTextAsync(workspace.Log);

        Assert.StartsWith(earlier + "\n", once, StringComparison.Ordinal);
        Assert.StartsWith(once, twice, StringComparison.Ordinal);
        Assert.True(twice.Length > once.Length);
        Assert.EndsWith("\n", twice, StringComparison.Ordinal);
        Assert.All(workspace.LogLines(), line => Assert.Matches(Line, line));
    }

    [Fact]
    public async Task Each_stage_tells_its_start_and_its_end()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)))).ExitsWith(0);

        var messages = workspace.LogMessages();
        foreach (var stage in new[] { "Extract", "Map", "Reduce", "Load" })
        {
            var started = Array.FindIndex(messages, m => m.StartsWith($"{stage} started", StringComparison.Ordinal));
            var ended = Array.FindIndex(messages, m => m.StartsWith($"{stage} ended", StringComparison.Ordinal));
            Assert.True(started >= 0 && started < ended, $"{stage}: {string.Join(" | ", messages)}");
        }
    }

    [Fact]
    public async Task A_batch_that_fails_is_told_with_its_reason_and_rolled_back()
    {
        using var workspace = new Workspace();

        (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), Settings.Fault("map-batch:1:throw"))).ExitsWith(0);

        Assert.Single(workspace.LogMessages(), m => m.StartsWith("Batch ", StringComparison.Ordinal)
            && m.Contains("injected fault at map-batch", StringComparison.Ordinal) && m.Contains("rolled back", StringComparison.Ordinal));
        var restart = Assert.Single(workspace.Json("run.json").GetProperty("restarts").EnumerateArray());
        Assert.StartsWith("/user/etl/mappers/", restart.GetProperty("actor").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_fails_for_good_is_told_too()
    {
        using var workspace = new Workspace();

        var run = (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), Settings.Fault("map-batch:1:throw-always"))).ExitsWith(1);

        Assert.Contains("injected fault", run.Error, StringComparison.Ordinal);
        Assert.Contains(workspace.LogMessages(), m => m.Contains("exit code 1", StringComparison.Ordinal));
        Assert.All(workspace.LogLines(), line => Assert.Matches(Line, line));
    }
}
