using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>Which unfinished job a run goes on with: that of the same content and the same options that change the answer.</summary>
public sealed class JobIdentityTests
{
    private const int Killed = 137;

    private static readonly string[] Crash = [.. Settings.Steps, .. Settings.Fault("after-complete:1")];

    [Fact]
    public async Task The_same_content_under_another_name_is_the_same_job()
    {
        using var workspace = await KilledAsync();

        (await workspace.RunAsync(workspace.Write("other.html", Pages.Of(Pages.Rows)))).ExitsWith(0);

        Assert.Equal((1, 2), Progress(workspace));
    }

    [Fact]
    public async Task Another_way_to_show_and_store_the_answer_is_the_same_job()
    {
        using var workspace = await KilledAsync();

        (await EtlProcess.RunAsync("run", workspace.In("page.html"), "--out", workspace.In("elsewhere"), "--state", Path.Combine(workspace.Out, ".etl"),
            "--format", "csv", "--sink", "json")).ExitsWith(0);

        Assert.False(File.Exists(workspace.In("elsewhere", "World_Economies.db")));
        var story = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(workspace.In("elsewhere", "run.json"))).RootElement;
        Assert.Equal(1, story.GetProperty("batches_resumed").GetInt32());
    }

    [Theory]
    [InlineData("--top", "3")]
    [InlineData("--regions", "un-region")]
    [InlineData("--year", "2025")]
    public async Task An_option_that_changes_the_answer_makes_another_job(string option, string value)
    {
        using var workspace = await KilledAsync();

        var run = (await workspace.RunAsync(workspace.In("page.html"), option, value)).ExitsWith(0);

        Assert.DoesNotContain("resuming", run.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1), Progress(workspace));
        // The job that was left is still there.
        (await workspace.RunAsync(workspace.In("page.html"))).ExitsWith(0);
        Assert.Equal((1, 2), Progress(workspace));
    }

    [Fact]
    public async Task Fresh_starts_over_and_comes_to_the_same_answer()
    {
        using var workspace = await KilledAsync();
        using var undisturbed = new Workspace();
        (await undisturbed.RunAsync(undisturbed.Write("page.html", Pages.Of(Pages.Rows)))).ExitsWith(0);

        var run = (await workspace.RunAsync(workspace.In("page.html"), "--fresh")).ExitsWith(0);

        Assert.DoesNotContain("resuming", run.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1), Progress(workspace));
        Assert.Equal(undisturbed.AnswerHashes(), workspace.AnswerHashes());
        // What was started over does not come back.
        (await workspace.RunAsync(workspace.In("page.html"))).ExitsWith(0);
        Assert.Equal((0, 1), Progress(workspace));
    }

    [Fact]
    public async Task A_journal_in_memory_gives_the_same_answer_and_leaves_nothing_to_resume()
    {
        using var workspace = new Workspace();
        using var undisturbed = new Workspace();
        string[] inMemory = ["--set", "akka.persistence.journal.plugin=akka.persistence.journal.inmem"];
        (await undisturbed.RunAsync(undisturbed.Write("page.html", Pages.Of(Pages.Rows)))).ExitsWith(0);
        (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), [.. Crash, .. inMemory])).ExitsWith(Killed);

        (await workspace.RunAsync(workspace.In("page.html"), inMemory)).ExitsWith(0);

        Assert.Equal((0, 1), Progress(workspace));
        Assert.Equal(undisturbed.AnswerHashes(), workspace.AnswerHashes());
        Assert.False(File.Exists(Path.Combine(workspace.Out, ".etl", "journal.db")));
    }

    [Fact]
    public async Task Two_inputs_share_a_state_directory_without_touching_each_other()
    {
        using var workspace = await KilledAsync();
        var second = workspace.Write("second.html", Pages.Of([.. Pages.Rows, ("Ghana", "111,963")]));
        (await workspace.RunAsync(second, Crash)).ExitsWith(Killed);

        (await workspace.RunAsync(second)).ExitsWith(0);
        Assert.Equal((1, 2), Progress(workspace));
        Assert.Equal(21, workspace.Json("Countries_by_GDP.json").GetArrayLength());

        (await workspace.RunAsync(workspace.In("page.html"))).ExitsWith(0);
        Assert.Equal((1, 2), Progress(workspace));
        Assert.Equal(20, workspace.Json("Countries_by_GDP.json").GetArrayLength());
    }

    private static (int Resumed, int Attempts) Progress(Workspace workspace) => (
        workspace.Json("run.json").GetProperty("batches_resumed").GetInt32(), workspace.Json("run.json").GetProperty("attempts").GetInt32());

    // Twenty rows are two batches, of which one is durable.
    private static async Task<Workspace> KilledAsync()
    {
        var workspace = new Workspace();
        (await workspace.RunAsync(workspace.Write("page.html", Pages.Of(Pages.Rows)), Crash)).ExitsWith(Killed);
        return workspace;
    }
}
