using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>
/// Journals that a version wrote are read by every later one: what they tell is what that version told, and a job that was unfinished goes on.
/// <c>Journals/make.sh</c> makes one for a new version; the old ones stay as they are.
/// </summary>
public sealed class JournalSampleTests
{
    private const string Finished = "finished", Open = "open";

    /// <summary>The versions.</summary>
    public static TheoryData<string> Versions { get; } = [.. Directory.EnumerateDirectories(Samples).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    private static string Samples => Path.Combine(AppContext.BaseDirectory, "Journals");

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task It_tells_what_it_told_when_it_was_written(string version)
    {
        using var workspace = new Workspace();
        var (state, jobs) = Copy(workspace, version);
        Assert.Equal([Open, Open, Finished], jobs.Select(j => j.GetProperty("state").GetString()));

        Assert.Equal(Kept(version, "jobs.json"), (await EtlProcess.RunAsync("jobs", "--state", state, "--format", "json")).ExitsWith(0).Out);
        foreach (var id in jobs.Select(Id))
            Assert.Equal(Kept(version, $"events-{id}.json"), (await EtlProcess.RunAsync("events", id, "--state", state, "--format", "json")).ExitsWith(0).Out);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Samples, version, "journal.db")), File.ReadAllBytes(Path.Combine(state, "journal.db")));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task An_unfinished_job_goes_on_to_the_answer_of_a_run_that_nothing_disturbed(string version)
    {
        using var workspace = new Workspace();
        var (state, jobs) = Copy(workspace, version);
        var current = (await EtlProcess.RunAsync("--version")).ExitsWith(0).Out.Trim();
        var goesOn = await EtlProcess.RunAsync("run", "--top", "3", "--sink", "json", "--out", workspace.Out, "--state", state);
        if (!current.Contains(version, StringComparison.Ordinal))
        {
            // Another version may read rows otherwise: it must not finish what this one began, and says so.
            Assert.Contains($"version {version}", goesOn.ExitsWith(1).Error, StringComparison.Ordinal);
            return;
        }

        goesOn.ExitsWith(0);
        Assert.Contains($"resuming job {Id(jobs[1])}: 4 of 4 batches were already done", goesOn.Error, StringComparison.Ordinal);
        using var undisturbed = new Workspace();
        (await EtlProcess.RunAsync("run", "--top", "3", "--sink", "json", "--out", undisturbed.Out, "--set", "etl.fault=poison-row=Japan")).ExitsWith(0);
        Assert.Equal(undisturbed.AnswerHashes(), workspace.AnswerHashes());
        Assert.Contains("Japan", File.ReadAllText(Path.Combine(workspace.Out, "quarantine.jsonl")), StringComparison.Ordinal);
        // What the stream gave was kept by nobody.
        Assert.Contains("--no-spool", (await EtlProcess.RunAsync("resume", Id(jobs[0]), "--out", workspace.Out, "--state", state)).ExitsWith(2).Error, StringComparison.Ordinal);
    }

    private static (string State, JsonElement[] Jobs) Copy(Workspace workspace, string version)
    {
        var state = Directory.CreateDirectory(workspace.In("state")).FullName;
        File.Copy(Path.Combine(Samples, version, "journal.db"), Path.Combine(state, "journal.db"));
        return (state, [.. JsonDocument.Parse(Kept(version, "jobs.json")).RootElement.EnumerateArray()]);
    }

    private static string Id(JsonElement job) => job.GetProperty("id").GetString()!;

    private static string Kept(string version, string name) => File.ReadAllText(Path.Combine(Samples, version, name));
}
