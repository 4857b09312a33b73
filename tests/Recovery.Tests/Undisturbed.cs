using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>The run that nothing disturbs, made once: what every disturbed one must come to.</summary>
public sealed class Undisturbed : IDisposable
{
    private readonly Workspace workspace = new();
    private readonly Lazy<Task<string>> hashes;

    /// <summary>Nothing runs yet.</summary>
    public Undisturbed() => hashes = new(async () =>
    {
        (await workspace.RunAsync(Page)).ExitsWith(0);
        return workspace.AnswerHashes();
    });

    /// <summary>The page of these tests.</summary>
    public static string Page => SharedData.Page(SharedData.GoldenPage);

    /// <summary>Hashes of its results.</summary>
    public Task<string> AnswerHashesAsync() => hashes.Value;

    /// <summary>Its tables.</summary>
    public async Task<string> TableDumpAsync()
    {
        await hashes.Value;
        return workspace.TableDump();
    }

    /// <summary>Runs again after a death, and holds the results against the undisturbed ones; the rest of the story is the caller's.</summary>
    public async Task<(EtlResult Run, int Resumed, int Batches)> GoesOnAsync(Workspace disturbed, params IEnumerable<string> options)
    {
        var run = (await disturbed.RunAsync(Page, options)).ExitsWith(0);
        Assert.Equal(await AnswerHashesAsync(), disturbed.AnswerHashes());
        var story = disturbed.Json("run.json");
        Assert.Equal("done", story.GetProperty("status").GetString());
        var (resumed, batches) = (story.GetProperty("batches_resumed").GetInt32(), story.GetProperty("batches").GetInt32());
        return (run, resumed, batches);
    }

    /// <inheritdoc />
    public void Dispose() => workspace.Dispose();
}
