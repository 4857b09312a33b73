using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Etl.Tests.Outside;

namespace Etl.Recovery.Tests;

/// <summary>What is acknowledged is on the disk: the system calls of a run, in their order, as <c>strace</c> sees them.</summary>
public sealed partial class FsyncTests
{
    // A tracer makes every system call slow.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task No_batch_is_acknowledged_before_a_flush_that_covers_what_it_wrote()
    {
        using var workspace = new Workspace();
        var (trace, passed) = (workspace.In("trace"), workspace.In("passed"));
        Require(await TracesAsync(workspace));
        // One region and one batch at a time: nobody writes while a reducer goes from its write to its acknowledgement.
        (await EtlProcess.RunAsync("run", "--out", workspace.In("plain"), "--quiet", "--sink", "json")).ExitsWith(0);
        var codes = JsonDocument.Parse(File.ReadAllBytes(workspace.In("plain", "Countries_by_GDP.json"))).RootElement.EnumerateArray().Select(c => c.GetProperty("Code").GetString());
        var world = workspace.Write("world.csv", "country,region\n" + string.Concat(codes.Select(code => $"{code},World\n")));
        using var run = EtlProcess.StartAs("strace",
        [
            "-f", "-ttt", "-y", "-e", "trace=write,pwrite64,pwritev,fsync,fdatasync", "-e", "signal=none", "-o", trace,
            EtlProcess.Program, "run", "--out", workspace.Out, "--quiet", "--regions", world, .. Settings.Steps, "--set", "etl.jobs.unacked-window=1",
            "--set", $"etl.fault-log={passed}",
        ]);
        (await run.WaitAsync(Limit)).ExitsWith(0);

        // A write to the log makes it dirty from the moment it begins, and a flush that began after the write's end makes it clean at its own
        // end. A reducer writes down "before-persist" when it begins to write, and "before-ack" right before it acknowledges.
        var (dirty, covered, acks, writes, flushes) = (false, false, 0, 0, 0);
        var flushing = new HashSet<string>();
        foreach (var line in File.ReadLines(trace))
        {
            var call = Call().Match(line);
            if (!call.Success) continue;
            var (thread, name) = (call.Groups["thread"].Value, call.Groups["name"].Value);
            var isLog = line.Contains("journal.db-wal", StringComparison.Ordinal);
            if (name is "pwrite64" or "pwritev" or "write" && isLog && !call.Groups["resumed"].Success)
            {
                // What is under way does not cover this one.
                (dirty, writes) = (true, writes + 1);
                flushing.Clear();
            }
            else if (name is "fsync" or "fdatasync" && isLog)
            {
                if (line.Contains("<unfinished", StringComparison.Ordinal)) flushing.Add(thread);
                else (covered, dirty, flushes) = (covered || dirty, false, flushes + 1);
            }
            else if (name is "fsync" or "fdatasync" && call.Groups["resumed"].Success && flushing.Remove(thread))
            {
                (covered, dirty, flushes) = (covered || dirty, false, flushes + 1);
            }
            else if (line.Contains("before-persist", StringComparison.Ordinal))
            {
                covered = false;
            }
            else if (line.Contains("before-ack", StringComparison.Ordinal))
            {
                acks++;
                Assert.True(covered && !dirty, string.Create(CultureInfo.InvariantCulture, $"acknowledgement {acks} is covered by no flush: {line}"));
                covered = false;
            }
        }

        Assert.True(acks >= 14, $"{acks} acknowledgements were seen");
        Assert.True(writes >= flushes && flushes > 0, $"{writes} writes, {flushes} flushes");
    }

    private static void Require(string? missing)
    {
        if (missing is not null && Environment.GetEnvironmentVariable("ETL_TESTS_REQUIRE_ALL") == "1") Assert.Fail($"ETL_TESTS_REQUIRE_ALL=1, but {missing}");
        Skip.If(missing is not null, missing);
    }

    private static async Task<string?> TracesAsync(Workspace workspace)
    {
        try
        {
            using var probe = EtlProcess.StartAs("strace", ["-f", "-o", workspace.In("probe"), "true"]);
            var ended = await probe.WaitAsync(Limit);
            return ended.ExitCode == 0 ? null : $"strace may not trace here: {ended.Error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "strace was not found: install Debian's package strace";
        }
    }

    [GeneratedRegex(@"^(?<thread>\d+)\s+[\d.]+ (?:<\.\.\. )?(?<name>[a-z0-9]+)(?<resumed> resumed>)?[( ]?")]
    private static partial Regex Call();
}
