using System.Diagnostics;
using System.Net;
using Etl.Tests.Outside;
using Microsoft.Data.Sqlite;

namespace Etl.Recovery.Tests;

/// <summary>The journal fails while a run needs it: what heals is waited for, what does not ends the run in time, and nothing is lost.</summary>
public sealed class JournalFaultTests(UndisturbedFile undisturbed) : IClassFixture<UndisturbedFile>
{
    private const int SqliteBusy = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Steps = ["--year", "all", "--duplicates", "sum", .. Settings.FileSteps("64KiB")];

    [Fact]
    public async Task A_lock_of_twenty_seconds_in_the_middle_of_a_run_heals()
    {
        using var workspace = new Workspace();
        using var run = workspace.Start(undisturbed.Path, [.. Steps, "--set", "etl.reduce.checkpoint-interval=50ms"]);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the lock");
        using (await LockAsync(run.Pause, run.Continue, workspace.In("out", ".etl", "journal.db")))
            await Task.Delay(TimeSpan.FromSeconds(20));

        (await run.WaitAsync(Patience)).ExitsWith(0);

        Assert.Equal(await undisturbed.FileAsync("Region_Top.json"), await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Region_Top.json")));
    }

    [Fact]
    public async Task A_lock_that_stays_ends_the_run_with_74_and_the_next_one_goes_on()
    {
        using var workspace = new Workspace();
        using var run = workspace.Start(undisturbed.Path, [.. Steps, "--set", "etl.supervision.journal.patience=4s"]);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before the lock");
        using (await LockAsync(run.Pause, run.Continue, workspace.In("out", ".etl", "journal.db")))
        {
            var ended = (await run.WaitAsync(Patience)).ExitsWith(74);
            Assert.Contains(workspace.In("out", ".etl", "journal.db"), ended.Error, StringComparison.Ordinal);
            Assert.Contains("the same command resumes", ended.Error, StringComparison.Ordinal);
        }

        await GoesOnAsync(workspace, workspace.In("out", ".etl"));
    }

    [Fact]
    public async Task A_lock_that_stays_fails_the_job_of_a_host_which_says_so_and_goes_on_without_it()
    {
        using var workspace = new Workspace();
        workspace.Write("long.html", Pages.Long());
        using var host = await HostProcess.StartAsync(workspace, [.. Settings.Slow, "--set", "etl.supervision.journal.patience=2s"]);
        var job = await host.SubmitAsync(new { inputs = new[] { "long.html" } });
        await host.UntilAsync(async () => (await host.JobAsync(job)).GetProperty("batchesDone").GetInt32() > 0);
        using (await LockAsync(host.Pause, host.Continue, workspace.In("out", ".etl", "journal.db")))
        {
            await host.UntilAsync(async () => await ReadyAsync() == HttpStatusCode.ServiceUnavailable);
            // SQLite waits for 5 s before a write fails, and the host has patience for 2 s more.
            await Task.Delay(TimeSpan.FromSeconds(8));
        }

        await host.UntilAsync(async () => await ReadyAsync() == HttpStatusCode.OK && (await host.JobAsync(job)).GetProperty("status").GetString() == "failed");
        Assert.Equal(74, (await host.JobAsync(job)).GetProperty("exitCode").GetInt32());
        (await host.Http.PostAsync($"/api/jobs/{job}/resume", null)).EnsureSuccessStatusCode();
        var done = await host.EndAsync(job);
        Assert.Equal(("done", 1500), (done.GetProperty("status").GetString(), done.GetProperty("rows").GetInt32()));
        (await host.StopAsync()).ExitsWith(0);

        async Task<HttpStatusCode> ReadyAsync() => (await host.Http.GetAsync("/health/ready")).StatusCode;
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_full_disk_is_waited_for_until_it_is_freed_or_ends_the_run_with_74(bool isFreed)
    {
        using var workspace = new Workspace();
        using var disk = SmallDisk.Mount(workspace.In("disk"), "700k");
        string[] state = ["--state", Path.Combine(disk.Path, "state")];
        using var run = workspace.Start(undisturbed.Path, [.. Steps, .. state, "--set", $"etl.supervision.journal.patience={(isFreed ? 120 : 5)}s"]);
        Assert.True(await run.UntilAsync(() => workspace.LogMessages().Contains("Map started")), "the run ended before its disk was full");
        disk.Fill();
        if (isFreed)
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
            disk.Free();
            (await run.WaitAsync(Patience)).ExitsWith(0);
            Assert.Equal(await undisturbed.FileAsync("Region_Top.json"), await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Region_Top.json")));
            return;
        }

        var ended = (await run.WaitAsync(Patience)).ExitsWith(74);
        Assert.Contains(Path.Combine(disk.Path, "state", "journal.db"), ended.Error, StringComparison.Ordinal);
        Assert.Contains("free its disk", ended.Error, StringComparison.Ordinal);
        disk.Free();
        await GoesOnAsync(workspace, state[1]);
    }

    private async Task GoesOnAsync(Workspace workspace, string state)
    {
        var next = (await workspace.RunAsync(undisturbed.Path, [.. Steps, "--state", state])).ExitsWith(0);
        Assert.Contains("resuming job", next.Error, StringComparison.Ordinal);
        Assert.Equal(await undisturbed.FileAsync("Region_Top.json"), await File.ReadAllTextAsync(Path.Combine(workspace.Out, "Region_Top.json")));
    }

    // The program stands still while the lock is taken, so that it cannot end before; it may have been stopped in the middle of a write.
    private static async Task<SqliteConnection> LockAsync(Action pause, Action goOn, string journal)
    {
        var connection = new SqliteConnection($"Data Source={journal};Pooling=False;Default Timeout=1");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        while (true)
        {
            pause();
            try
            {
                command.ExecuteNonQuery();
                return connection;
            }
            catch (SqliteException busy) when (busy.SqliteErrorCode == SqliteBusy)
            {
            }
            finally
            {
                goOn();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }
    }

    /// <summary>A file system in memory, of a size that is soon used up. Only root may mount one.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string filler;

        private SmallDisk(string path) => (Path, filler) = (path, System.IO.Path.Combine(path, "filler"));

        public string Path { get; }

        public static SmallDisk Mount(string path, string size)
        {
            Skip.IfNot(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can mount a file system");
            Directory.CreateDirectory(path);
            Do("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path);
            return new(path);
        }

        public void Fill()
        {
            try
            {
                using var file = File.Create(filler);
                var block = new byte[4096];
                while (true)
                {
                    file.Write(block);
                    file.Flush();
                }
            }
            catch (IOException)
            {
                // It is full.
            }
        }

        // With room for all that is still to come.
        public void Free()
        {
            File.Delete(filler);
            Do("mount", "-o", "remount,size=40m", Path);
        }

        public void Dispose() => Do("umount", "-l", Path);

        private static void Do(string program, params string[] arguments)
        {
            using var process = Process.Start(program, arguments);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
