using System.Runtime.InteropServices;
using Etl.Tests.Outside;
using Xunit.Abstractions;

namespace Etl.Recovery.Tests;

/// <summary>The process is stopped from outside, at a moment of nobody's choosing.</summary>
public sealed class SignalTests(Undisturbed undisturbed, ITestOutputHelper output) : IClassFixture<Undisturbed>
{
    private const int Killed = 137;

    [SkippableTheory]
    [InlineData(PosixSignal.SIGINT, 130)]
    [InlineData(PosixSignal.SIGTERM, 143)]
    public async Task A_signal_stops_the_run_in_order_and_the_next_run_resumes(PosixSignal signal, int exitCode)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        var page = workspace.Write("long.html", Pages.Long());
        using var run = workspace.Start(page, Settings.Slow);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the signal");

        run.Send(signal);
        var stopped = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(exitCode);

        Assert.Equal("", stopped.Out);
        Assert.Contains("error: interrupted", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(workspace.Out, "Countries_by_GDP.json")));

        var next = (await workspace.RunAsync(page)).ExitsWith(0);
        Assert.Contains("resuming job", next.Error, StringComparison.Ordinal);
        Assert.Equal(2, workspace.Json("run.json").GetProperty("attempts").GetInt32());
        Assert.Equal((1500, 20, 1480), (Count(workspace, "read"), Count(workspace, "counted"), Count(workspace, "superseded")));
    }

    [SkippableFact]
    public async Task A_run_that_keeps_nothing_of_its_input_promises_no_resume()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        using var run = EtlProcess.StartWithOpenInput(
            Contributions.Of(100_000, malformedOneIn: int.MaxValue).Bytes, ["run", "-", "--no-spool", "--out", workspace.Out, "--year", "all", "--duplicates", "sum"]);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the signal");

        run.Send(PosixSignal.SIGTERM);
        var stopped = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(143);

        Assert.Contains("error: interrupted; standard input was not kept", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("resumes", stopped.Error, StringComparison.Ordinal);
        Assert.Contains("Run interrupted; standard input was not kept (--no-spool), so the next etl run begins anew", workspace.LogMessages());
    }

    [SkippableTheory]
    [InlineData(PosixSignal.SIGINT, 130, true)]
    [InlineData(PosixSignal.SIGTERM, 143, true)]
    [InlineData(PosixSignal.SIGTERM, 143, false)]
    public async Task Waiting_for_standard_input_can_be_interrupted(PosixSignal signal, int exitCode, bool keeps)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        using var workspace = new Workspace();
        var copy = workspace.In("out", ".etl", "inputs", "spool.tmp");
        // More than a pipe holds, and less than the beginning by which a file is recognised.
        var content = Contributions.Of(20_000, malformedOneIn: int.MaxValue).Bytes;
        Assert.InRange(content.Length, 200_000, 1_000_000);
        using var run = EtlProcess.StartWithOpenInput(
            content, ["run", "-", "--out", workspace.Out, "--year", "all", .. keeps ? (string[])[] : ["--no-spool"]]);
        Assert.True(await run.UntilAsync(() => run.Written.IsCompleted && (!keeps || new FileInfo(copy) is { Exists: true, Length: > 0 })), "the run did not wait");

        run.Send(signal);
        var stopped = (await run.WaitAsync(EtlProcess.Limit)).ExitsWith(exitCode);

        Assert.Contains(keeps ? "error: interrupted while standard input was copied" : "error: interrupted; standard input was not kept", stopped.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(copy));
        if (!keeps) return;
        (await EtlProcess.RunWithInputAsync(content, "run", "-", "--out", workspace.Out, "--year", "all", "--duplicates", "sum")).ExitsWith(0);
    }

    [SkippableFact]
    public async Task A_kill_at_any_moment_is_resumed_to_the_same_bytes()
    {
        // One moment in each part of a run, and within it as chance has it: from the start of the process to the end of loading.
        string[] moments = ["", "Extract started", "Map started", "Load started"];
        foreach (var (index, moment) in moments.Index())
        {
            using var workspace = new Workspace();
            using var run = workspace.Start(Undisturbed.Page, index % 2 == 0 ? Settings.Steps : Settings.Slow);
            await run.UntilAsync(() => moment.Length == 0 ? Directory.Exists(workspace.Out) : workspace.LogMessages().Contains(moment));
            var wait = TimeSpan.FromMilliseconds(Random.Shared.Next(60));
            await Task.Delay(wait);
            run.Kill();
            var ended = await run.WaitAsync(EtlProcess.Limit);

            var (_, resumed, batches) = await undisturbed.GoesOnAsync(workspace, index % 2 == 0 ? Settings.Steps : Settings.Slow);

            output.WriteLine($"{wait.TotalMilliseconds} ms after '{moment}': exit code {ended.ExitCode}, {resumed} of {batches} batches were done");
            Assert.Contains(ended.ExitCode, new[] { 0, Killed });
        }
    }

    private static int Count(Workspace workspace, string name) => workspace.Json("run.json").GetProperty(name).GetInt32();
}
