using System.Diagnostics;
using System.Globalization;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>
/// The process is killed as by <c>kill -9</c> when its journal has grown to a random part of what it comes to, every third time again
/// while it recovers or soon after, and then runs to its end.
/// </summary>
internal sealed class KillTrial(Undisturbed undisturbed, string program)
{
    private const int Tries = 20;
    private readonly Work work = undisturbed.Work;

    /// <summary>Kills until there was work before the kill and work after it.</summary>
    public async Task<Outcome> RunAsync(int seed)
    {
        var random = Chance.Of(seed);
        var repeat = string.Create(CultureInfo.InvariantCulture, $"--kind kill {work.Choice} --seed {seed} --trials 1");
        for (var attempt = 1; ; attempt++)
        {
            var workspace = work.NewWorkspace();
            try
            {
                var outcome = await OnceAsync(workspace, random, twice: seed % 3 == 0, repeat).ConfigureAwait(false);
                workspace.Dispose();
                if (outcome.Counted || attempt == Tries) return outcome;
            }
            catch (BrokenPromiseException broken)
            {
                return new($"kill {work.Title}", repeat, true) { Failure = broken.Message, Hang = broken.Hang, Folder = workspace.Root };
            }
        }
    }

    private async Task<Outcome> OnceAsync(Workspace workspace, Random random, bool twice, string repeat)
    {
        using var journal = new Journal(workspace);
        var log = workspace.In("passed");
        string[] arguments = work.InSteps(workspace, "--set", $"etl.fault-log={log}");
        var point = random.Next(5, 96);
        var kills = 0;
        var first = (long)Math.Ceiling(undisturbed.Events * point / 100.0);
        var story = $"killed at {point} %";
        if (await KillAsync(arguments, () => journal.Last >= first, story).ConfigureAwait(false)) kills++;
        if (kills > 0 && twice)
        {
            // As soon as it begins to recover, when it has recovered, or further on.
            var before = journal.Last;
            var further = random.Next(3) switch { 0 => 0, 1 => 1, _ => random.NextInt64(2, Math.Max(3, undisturbed.Events - before)) };
            var holder = workspace.In("out", ".etl", "holder");
            var held = File.GetLastWriteTimeUtc(holder);
            story += further == 0 ? ", again while starting" : $", again {further} events later";
            var killed = await KillAsync(
                arguments, () => further == 0 ? File.GetLastWriteTimeUtc(holder) != held : journal.Last >= before + further, story).ConfigureAwait(false);
            if (killed) kills++;
        }

        var known = journal.LastOfRegions;
        var clock = Stopwatch.StartNew();
        using var run = Attempt.Start(program, arguments);
        TimeSpan? progress = await Attempt.UntilAsync(run, () => journal.LastOfRegions > known, story).ConfigureAwait(false) ? clock.Elapsed : null;
        var ended = await Attempt.EndAsync(run, story).ConfigureAwait(false);
        Undisturbed.CheckEnd(ended.ExitCode, ended.Error, story);
        undisturbed.Check(workspace, story);
        var (resumed, batches, retries) = Attempt.Story(workspace);
        var counted = kills > 0 && 0 < resumed && resumed < batches;
        var again = (await File.ReadAllLinesAsync(log).ConfigureAwait(false)).Count(name => name == "map-batch") - batches;
        story = $"{story}: {resumed} of {batches} batches were done, {Math.Max(0, again)} read again";
        // Batches that were issued again because a deadline passed on a slow machine are counted by the run itself.
        if (counted && retries == 0 && again > kills * work.Window)
            throw new BrokenPromiseException($"{story}, more than the window of {work.Window} for each of {kills} kills");
        return new($"kill {work.Title}", repeat, counted)
        {
            Story = story,
            ToProgress = counted ? progress : null,
            ReadAgain = counted ? (int)Math.Ceiling(again / (double)kills) : null,
        };
    }

    // False when the run was over before.
    private async Task<bool> KillAsync(string[] arguments, Func<bool> when, string story)
    {
        using var run = Attempt.Start(program, arguments);
        var inTime = await Attempt.UntilAsync(run, when, story).ConfigureAwait(false);
        run.Kill();
        var ended = await Attempt.EndAsync(run, story).ConfigureAwait(false);
        return inTime && ended.ExitCode != 0;
    }
}
