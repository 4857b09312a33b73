using System.Text.Json;
using Etl.Tests.Outside;
using Xunit.Abstractions;

namespace Etl.Recovery.Tests;

/// <summary>A run over a file of some MB is killed with some of its batches durable and others owed, and started again.</summary>
public sealed class FileKillTests(UndisturbedFile undisturbed, ITestOutputHelper output) : IClassFixture<UndisturbedFile>
{
    private const int Killed = 137;

    private static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    private static readonly string[] Steps = [.. Sum, .. Settings.FileSteps("64KiB")];

    [Theory]
    [InlineData("map-batch:12")]
    [InlineData("after-persist:30")]
    [InlineData("before-complete:4")]
    [InlineData("after-complete:5")]
    public async Task What_was_durable_is_not_done_again_and_the_bytes_are_the_same(string fault)
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(undisturbed.Path, [.. Steps, .. Settings.Fault(fault)])).ExitsWith(Killed);

        // With other settings: batches are cut as they were.
        var run = (await workspace.RunAsync(undisturbed.Path, [.. Sum, .. Settings.Batches("1MiB")])).ExitsWith(0);

        await AssertResumedAsync(workspace, run, all: false);
        Assert.Equal((undisturbed.Bytes + 65535) / 65536, workspace.Json("run.json").GetProperty("batches").GetInt32());
    }

    [Fact]
    public async Task A_kill_before_loading_leaves_nothing_but_loading()
    {
        using var workspace = new Workspace();
        (await workspace.RunAsync(undisturbed.Path, [.. Steps, .. Settings.Fault("before-load:1")])).ExitsWith(Killed);

        await AssertResumedAsync(workspace, (await workspace.RunAsync(undisturbed.Path, Steps)).ExitsWith(0), all: true);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    [InlineData("multiline")]
    public async Task A_stream_is_read_again_and_only_what_was_not_done_is_mapped(string way)
    {
        using var workspace = new Workspace();
        var content = await File.ReadAllBytesAsync(undisturbed.Path);
        var path = way switch
        {
            "gz" => workspace.Write("kill.csv.gz", Compressed.Gzip(content)),
            "zst" => workspace.Write("kill.csv.zst", Compressed.Zstandard(content)),
            _ => workspace.Write("kill.csv", content),
        };
        string[] options = way == "multiline" ? [.. Steps, "--multiline"] : Steps;
        (await workspace.RunAsync(path, [.. options, .. Settings.Fault("after-complete:4")])).ExitsWith(Killed);

        var run = (await workspace.RunAsync(path, options)).ExitsWith(0);

        await AssertResumedAsync(workspace, run, all: false);
    }

    [Fact]
    public async Task Standard_input_that_is_piped_again_is_gone_on_with()
    {
        using var workspace = new Workspace();
        var content = await File.ReadAllBytesAsync(undisturbed.Path);
        string[] arguments = ["run", "-", "--out", workspace.Out, .. Steps];
        (await EtlProcess.RunWithInputAsync(content, [.. arguments, .. Settings.Fault("after-complete:4")])).ExitsWith(Killed);

        var run = (await EtlProcess.RunWithInputAsync(content, arguments)).ExitsWith(0);

        await AssertResumedAsync(workspace, run, all: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mapper_that_crashes_leaves_no_trace_but_in_the_story(bool compressed)
    {
        using var workspace = new Workspace();
        // The batch is issued again: a stream is read from its beginning for it.
        var path = compressed ? workspace.Write("kill.csv.gz", Compressed.Gzip(await File.ReadAllBytesAsync(undisturbed.Path))) : undisturbed.Path;

        (await workspace.RunAsync(path, [.. Steps, .. Settings.Fault("map-batch:3:throw")])).ExitsWith(0);

        await AssertSameAsync(workspace);
        var restart = Assert.Single(workspace.Json("run.json").GetProperty("restarts").EnumerateArray());
        Assert.Contains("InjectedFault", restart.GetProperty("cause").GetString(), StringComparison.Ordinal);
        Assert.Contains("/mappers/", restart.GetProperty("actor").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_changed_is_another_job()
    {
        using var workspace = new Workspace();
        using var other = new Workspace();
        var path = workspace.Write("kill.csv", await File.ReadAllBytesAsync(undisturbed.Path));
        (await workspace.RunAsync(path, [.. Steps, .. Settings.Fault("after-complete:4")])).ExitsWith(Killed);
        await File.AppendAllTextAsync(path, "\nKenya,2003,1\nAtlantis,2003,1\n");

        var run = (await workspace.RunAsync(path, Steps)).ExitsWith(0);
        (await other.RunAsync(path, Sum)).ExitsWith(0);

        Assert.DoesNotContain("resuming", run.Error, StringComparison.Ordinal);
        var story = workspace.Json("run.json");
        Assert.Equal((0, 1), (story.GetProperty("batches_resumed").GetInt32(), story.GetProperty("attempts").GetInt32()));
        Assert.Equal(undisturbed.Rows + 2, story.GetProperty("read").GetInt32());
        Assert.Equal(other.AnswerHashes(), workspace.AnswerHashes());
    }

    private async Task AssertResumedAsync(Workspace workspace, EtlResult run, bool all)
    {
        await AssertSameAsync(workspace);
        var story = workspace.Json("run.json");
        var (resumed, batches) = (story.GetProperty("batches_resumed").GetInt32(), story.GetProperty("batches").GetInt32());
        output.WriteLine($"{resumed} of {batches} batches were done");
        if (all) Assert.Equal(batches, resumed);
        else Assert.InRange(resumed, 1, batches - 1);
        Assert.Contains($"resuming job {story.GetProperty("job_id").GetString()}: {resumed} ", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, story.GetProperty("attempts").GetInt32());
    }

    // Another name of the file stands in quarantine.jsonl alone.
    private async Task AssertSameAsync(Workspace workspace)
    {
        foreach (var name in Workspace.Answers)
            Assert.Equal(WithoutSource(await undisturbed.FileAsync(name)), WithoutSource(await File.ReadAllTextAsync(Path.Combine(workspace.Out, name))));
        var lines = await File.ReadAllLinesAsync(Path.Combine(workspace.Out, "quarantine.jsonl"));
        Assert.Equal(undisturbed.SetAside.Select(s => s.Line), lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("Line").GetInt64()));
    }

    private static IEnumerable<string> WithoutSource(string content) => content.Split('\n')
        .Select(l => l.StartsWith("{\"Source\"", StringComparison.Ordinal) ? l[l.IndexOf(",\"Line\"", StringComparison.Ordinal)..] : l);
}
