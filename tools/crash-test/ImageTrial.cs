using System.Globalization;
using Etl.Tests.Outside;

namespace Etl.CrashTest;

/// <summary>
/// While a run goes on it is held still at random instants, and all it has on disk is copied; from every second copy the end of the
/// write-ahead log is torn off too. Each copy is resumed, inside this process, by a run with other settings.
/// </summary>
internal sealed class ImageTrial(Undisturbed undisturbed, string program)
{
    /// <summary>Images of one run.</summary>
    public const int PerRun = 20;

    private const int Tries = 20;
    private readonly Work work = undisturbed.Work;

    /// <summary>An image for each seed.</summary>
    public async Task<Outcome[]> RunAsync(IReadOnlyList<int> seeds)
    {
        var outcomes = new List<Outcome>();
        var left = seeds.Select(seed => new Image(seed)).OrderBy(image => image.Point).ToList();
        for (var attempt = 1; left.Count > 0; attempt++)
        {
            var (taken, workspaces) = await TakeAsync(left).ConfigureAwait(false);
            foreach (var (image, workspace) in taken.Zip(workspaces))
            {
                var outcome = await ResumeAsync(image, workspace).ConfigureAwait(false);
                if (outcome.Failure is null) workspace.Dispose();
                // Without work before or after, another image is taken at another point.
                if (!outcome.Counted && attempt < Tries) continue;
                outcomes.Add(outcome);
                left.Remove(image);
            }

            if (attempt >= 2 * Tries) throw new BrokenPromiseException($"no image of a run with work before and after it in {attempt} runs");
            left = [.. left.Select(image => image.Again()).OrderBy(image => image.Point)];
        }

        return [.. outcomes];
    }

    private async Task<(List<Image> Taken, List<Workspace> Copies)> TakeAsync(IReadOnlyList<Image> images)
    {
        var (taken, copies) = (new List<Image>(), new List<Workspace>());
        using var workspace = new Workspace();
        using var journal = new Journal(workspace);
        using var run = Attempt.Start(program, work.InSmallSteps(workspace));
        foreach (var image in images)
        {
            var events = (long)(undisturbed.SmallEvents * image.Point);
            if (!await Attempt.UntilAsync(run, () => journal.Last >= events, "a run that images are taken of").ConfigureAwait(false)) break;
            Thread.SpinWait(image.Spin);
            var copy = new Workspace();
            if (!CrashImage.Take(run, workspace.Out, copy.Out))
            {
                copy.Dispose();
                break;
            }

            taken.Add(image);
            copies.Add(copy);
        }

        run.Kill();
        await Attempt.EndAsync(run, "a run that images are taken of").ConfigureAwait(false);
        return (taken, copies);
    }

    private async Task<Outcome> ResumeAsync(Image image, Workspace workspace)
    {
        var repeat = string.Create(CultureInfo.InvariantCulture, $"--kind image {work.Choice} --seed {image.Seed} --trials 1");
        var torn = image.Seed % 2 == 0 ? CrashImage.Tear(workspace.In("out", ".etl"), Chance.Of(-image.Seed)) : 0;
        var story = string.Create(CultureInfo.InvariantCulture, $"image at {image.Point:P1}{(torn > 0 ? $", {torn} bytes torn off" : "")}");
        try
        {
            var (exitCode, error) = await Attempt.HereAsync(work.Plain(workspace), story).ConfigureAwait(false);
            Undisturbed.CheckEnd(exitCode, error, story);
            undisturbed.Check(workspace, story);
            var (resumed, batches, _) = Attempt.Story(workspace);
            return new($"image {work.Name}", repeat, 0 < resumed && resumed < batches)
            {
                Story = $"{story}: {resumed} of {batches} batches were done",
                Torn = torn > 0,
            };
        }
        catch (BrokenPromiseException broken)
        {
            return new($"image {work.Name}", repeat, true) { Failure = broken.Message, Hang = broken.Hang, Folder = workspace.Root };
        }
    }

    private sealed class Image
    {
        private readonly Random random;

        public Image(int seed) : this(seed, Chance.Of(seed))
        {
        }

        private Image(int seed, Random random)
        {
            (Seed, this.random) = (seed, random);
            // Between the end of one write and the end of the next lie some milliseconds.
            (Point, Spin) = (0.05 + (random.NextDouble() * 0.9), random.Next(200_000));
        }

        public int Seed { get; }

        public double Point { get; }

        public int Spin { get; }

        public Image Again() => new(Seed, random);
    }
}
