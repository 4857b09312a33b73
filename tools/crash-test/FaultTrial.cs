using System.Globalization;
using Etl.Actors.Hosting;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>
/// A crash at a named point of the program. Once: the process is killed, or an exception thrown, and at most one more start comes to the
/// same bytes. Always: every start ends with a documented exit code, and when the fault is gone the next comes to the same bytes.
/// </summary>
internal sealed class FaultTrial(Undisturbed undisturbed, string program)
{
    private const int Killed = 137;
    private const int Starts = 3;
    private const int Patience = 6;

    // Done, failed, too many quarantined, journal or disk, in use.
    private static readonly int[] Documented = [0, 1, 3, 74, 75];

    // A part of a batch is mapped only where rows crash, and then rows are condemned: PoisonTests crashes there.
    private const string Elsewhere = "map-probe";

    // What else has to be so for each point to be passed: a compaction every third write, and a deletion at the end.
    private static readonly string[] Often = ["--set", "etl.reduce.compact-after=3", "--set", "etl.jobs.trim-above=0"];

    private readonly Work work = undisturbed.Work;

    /// <summary>Ways to crash at a point. A process that is killed at each start is left to the long run: nothing waits in it.</summary>
    public static IEnumerable<string> Ways(bool thorough) =>
        thorough ? ["throw always", "throw once", "kill once", "kill always"] : ["throw always", "throw once", "kill once"];

    /// <summary>How often each point is passed by a run that nothing disturbs.</summary>
    public async Task<IReadOnlyDictionary<string, int>> PassagesAsync()
    {
        using var workspace = new Workspace();
        await HereAsync(workspace, "", "the undisturbed run").ConfigureAwait(false);
        var passed = Passed(workspace).CountBy(name => name).ToDictionary();
        return FaultPoints.Names.Where(name => name != Elsewhere).ToDictionary(name => name, name => passed.GetValueOrDefault(name));
    }

    /// <summary>One point, one way to crash there.</summary>
    public async Task<Outcome> RunAsync(string point, string way, int passages, int seed)
    {
        var repeat = string.Create(CultureInfo.InvariantCulture, $"--kind fault --input {work.Name} --seed {seed} --point {point}");
        // Not among the last passages: how often a point is passed depends on what happens to share a write.
        var count = Chance.Of(seed).Next(1, 1 + Math.Max(1, passages * 2 / 3));
        var workspace = new Workspace();
        try
        {
            if (passages == 0) throw new BrokenPromiseException($"{point} is never passed");
            if (way is "kill always" or "throw always") count = 1;
            var story = string.Create(CultureInfo.InvariantCulture, $"{point}:{count} {way}");
            var detail = way switch
            {
                "kill once" => await KilledAsync(workspace, point, [count], story).ConfigureAwait(false),
                "kill always" => await KilledAsync(workspace, point, [1, .. Enumerable.Repeat(1, Starts - 1)], story).ConfigureAwait(false),
                "throw once" => await ThrownAsync(workspace, point, $"{point}:{count}:throw", count, story).ConfigureAwait(false),
                _ => await ThrownAsync(workspace, point, $"{point}:1:throw-always", 1, story).ConfigureAwait(false),
            };
            workspace.Dispose();
            return new($"fault {way}", repeat, true) { Story = $"{story}: {detail}" };
        }
        catch (BrokenPromiseException broken)
        {
            return new($"fault {way}", repeat, true) { Failure = broken.Message, Hang = broken.Hang, Folder = workspace.Root };
        }
    }

    private async Task<string> KilledAsync(Workspace workspace, string point, int[] counts, string story)
    {
        var codes = new List<int>();
        foreach (var count in counts)
        {
            var fault = string.Create(CultureInfo.InvariantCulture, $"etl.fault={point}:{count}");
            using var run = Attempt.Start(program, work.InSteps(workspace, [.. Often, "--set", fault]));
            var ended = await Attempt.EndAsync(run, story).ConfigureAwait(false);
            // A later start may have nothing left to do there; and what is done after the end of a job has two seconds, so it may be owed.
            if (ended.ExitCode is not (Killed or 0))
                throw new BrokenPromiseException($"{story}: start {codes.Count + 1} ended with {ended.ExitCode}: {ended.Error.Trim()}");
            codes.Add(ended.ExitCode);
        }

        if (!codes.Contains(Killed))
            return counts.Length < Patience ? await KilledAsync(workspace, point, [.. counts, 1], story).ConfigureAwait(false)
                : throw new BrokenPromiseException($"{story}: {point} was not come to in {codes.Count} starts");

        await GoesOnAsync(workspace, story).ConfigureAwait(false);
        return $"exit codes {string.Join(", ", codes)}, then 0";
    }

    private async Task<string> ThrownAsync(Workspace workspace, string point, string fault, int count, string story)
    {
        var (exitCode, error) = await HereAsync(workspace, fault, story).ConfigureAwait(false);
        if (Passed(workspace).Count(name => name == point) < count) throw new BrokenPromiseException($"{story}: never came there");
        if (!Documented.Contains(exitCode)) throw new BrokenPromiseException($"{story}: exit code {exitCode}: {error.Trim()}");
        if (exitCode == 0)
        {
            undisturbed.Check(workspace, story);
            return "exit code 0";
        }

        if (error.Trim().Length == 0) throw new BrokenPromiseException($"{story}: exit code {exitCode} without a word");
        await GoesOnAsync(workspace, story).ConfigureAwait(false);
        return $"exit code {exitCode}, then 0";
    }

    private async Task GoesOnAsync(Workspace workspace, string story)
    {
        var (exitCode, error) = await HereAsync(workspace, "", story).ConfigureAwait(false);
        Undisturbed.CheckEnd(exitCode, error, $"{story}, the next start");
        undisturbed.Check(workspace, story);
    }

    private Task<(int ExitCode, string Error)> HereAsync(Workspace workspace, string fault, string story) =>
        Attempt.HereAsync(
            work.InSteps(workspace, [.. Often, .. fault.Length == 0 ? [] : (string[])["--set", $"etl.fault={fault}"], "--set", $"etl.fault-log={workspace.In("passed")}"]),
            story);

    private static string[] Passed(Workspace workspace)
    {
        using var reader = new StreamReader(new FileStream(workspace.In("passed"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
