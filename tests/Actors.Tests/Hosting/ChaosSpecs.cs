using System.Collections.Concurrent;
using System.Collections.Immutable;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Countries;
using Etl.Domain.Extract;

namespace Etl.Actors.Tests.Hosting;

/// <summary>
/// Messages between extractors, mappers, coordinator and reducers are dropped, duplicated, delayed and reordered, one in ten each, and the
/// bytes are the same. Not the messages of bytes on loan, which never leave a process and of which a copy would share the loan.
/// </summary>
public sealed class ChaosSpecs
{
    private const int Seeds = 100;
    private const int BatchRows = 16;

    // A deadline as short as is allowed, since one message in ten waits for it.
    private const string Impatient = "etl.jobs { ack-deadline = 100ms, max-stalls = 20 }";

    // A batch of one region or two is durable after five to seven messages; one of all regions after fifteen, which seldom all arrive.
    private static readonly ImmutableArray<RawRow> Rows =
        [.. Given.World().OrderBy(row => CountryDirectory.Default.Countries.Where(c => c.Name == row.Name).Select(c => Given.Scheme.OrdinalOf(c.Code)).FirstOrDefault())];

    // A batch that is unlucky again and again waits twice as long each time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task A_hundred_seeds_of_mishaps_give_the_same_bytes()
    {
        using var undisturbed = new Pipeline(Rows, batchRows: BatchRows);
        Assert.Equal(0, (await undisturbed.RunAsync()).Result.ExitCode);
        var expected = undisturbed.Files();
        var happened = new ConcurrentDictionary<Mishap, int>();
        var wrong = new ConcurrentQueue<string>();
        // Most of a run's time is waiting for deadlines.
        await Parallel.ForEachAsync(Enumerable.Range(1, Seeds), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, _) =>
        {
            try
            {
                using var pipeline = new Pipeline(Rows, $"{Impatient}\n{Chaos.Config(seed)}", batchRows: BatchRows);
                var ended = await pipeline.RunAsync(limit: Patience);
                if (ended.Result.ExitCode != 0) wrong.Enqueue($"seed {seed}: exit code {ended.Result.ExitCode}: {ended.Result.Error}");
                else if (!expected.SequenceEqual(pipeline.Files())) wrong.Enqueue($"seed {seed}: other bytes");
                foreach (var mishap in Enum.GetValues<Mishap>())
                    happened.AddOrUpdate(mishap, Chaos.Of(pipeline.System).Count(mishap), (_, count) => count + Chaos.Of(pipeline.System).Count(mishap));
            }
            catch (TimeoutException)
            {
                wrong.Enqueue($"seed {seed}: a hang");
            }
        });

        Assert.Empty(wrong);
        // One in ten is one in ten.
        var messages = happened.Values.Sum();
        foreach (var mishap in Enum.GetValues<Mishap>().Except([Mishap.None])) Assert.InRange(happened[mishap] * 10.0 / messages, 0.8, 1.2);
    }
}
