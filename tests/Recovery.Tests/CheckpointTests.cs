using System.Runtime.InteropServices;
using System.Text.Json;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>A run that is asked to stop writes what it has; what the journal knows of it is told, and gone on with.</summary>
public sealed class CheckpointTests(UndisturbedFile undisturbed) : IClassFixture<UndisturbedFile>
{
    private static readonly string[] Sum = ["--year", "all", "--duplicates", "sum"];

    // Nothing but a checkpoint writes for a minute: neither a full window (46 batches) nor the intervals.
    private static readonly string[] Reluctant =
    [
        .. Sum, .. Settings.Batches("64KiB"), "--set", "etl.jobs.unacked-window=1000", "--set", "etl.reduce.checkpoint-interval=60s",
        "--set", "etl.jobs.checkpoint-interval=60s", "--set", "etl.jobs.ack-deadline=300s",
    ];

    [SkippableTheory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public async Task What_was_mapped_is_durable_when_a_run_is_asked_to_stop(PosixSignal signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        using var input = new SlowPipe(workspace);
        // A named pipe that is held open: the run maps what came, and waits for more.
        using var run = EtlProcess.StartAs("/bin/sh", ["-c", $"exec '{EtlProcess.Program}' run - --no-spool --source csv --out '{workspace.Out}' {string.Join(' ', Reluctant)} < '{input.Path}'"]);
        await input.WriteAsync(await File.ReadAllBytesAsync(undisturbed.Path));
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the signal");
        // All that was written is read, but for what the program still waits for to fill a batch.
        await Task.Delay(TimeSpan.FromSeconds(3));

        run.Send(signal);
        (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(exitCode);

        var job = (await JobsAsync(workspace)).Single();
        Assert.Equal(("open", "interrupted"), (job.GetProperty("state").GetString(), job.GetProperty("reason").GetString()));
        // 3 MB in batches of 64 KiB are 46, of which the last waits for its end.
        Assert.InRange(job.GetProperty("batches_done").GetInt32(), 40, 46);
    }

    [SkippableFact]
    public async Task A_run_that_was_asked_to_stop_is_resumed_by_its_id_to_the_same_bytes()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        using (var run = workspace.Start(undisturbed.Path, [.. Sum, .. Settings.FileSteps("16KiB")]))
        {
            Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the signal");
            run.Send(PosixSignal.SIGTERM);
            (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(143);
        }

        var before = (await JobsAsync(workspace)).Single();
        var done = before.GetProperty("batches_done").GetInt32();
        Assert.InRange(done, 0, before.GetProperty("batches_planned").GetInt32() - 1);

        var resumed = (await EtlProcess.RunAsync("resume", before.GetProperty("id").GetString()![..6], "--out", workspace.Out)).ExitsWith(0);

        Assert.Contains("resuming job", resumed.Error, StringComparison.Ordinal);
        Assert.Equal((done, 2), (workspace.Json("run.json").GetProperty("batches_resumed").GetInt32(), workspace.Json("run.json").GetProperty("attempts").GetInt32()));
        foreach (var name in Workspace.Answers)
            Assert.Equal(await undisturbed.FileAsync(name), await File.ReadAllTextAsync(Path.Combine(workspace.Out, name)));
        Assert.Equal("finished", (await JobsAsync(workspace)).Single().GetProperty("state").GetString());
    }

    private static async Task<JsonElement[]> JobsAsync(Workspace workspace) =>
        [.. JsonDocument.Parse((await EtlProcess.RunAsync("jobs", "--out", workspace.Out, "--format", "json")).ExitsWith(0).Out).RootElement.EnumerateArray()];

    /// <summary>A named pipe whose writing end stays open until the test is over.</summary>
    private sealed class SlowPipe : IDisposable
    {
        private FileStream? writer;

        public SlowPipe(Workspace workspace)
        {
            Path = workspace.In("pipe");
            using var made = System.Diagnostics.Process.Start("mkfifo", [Path]);
            made.WaitForExit();
        }

        public string Path { get; }

        public async Task WriteAsync(byte[] content)
        {
            writer = await Task.Run(() => new FileStream(Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
            await writer.WriteAsync(content);
            await writer.FlushAsync();
        }

        public void Dispose()
        {
            try
            {
                writer?.Dispose();
            }
            catch (IOException)
            {
                // Nobody reads any more.
            }
        }
    }
}
