using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Jobs.Watching;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs.Watching;

public sealed class BatchStripTests
{
    private static readonly DateTimeOffset At = Generators.Now;

    [Fact]
    public void Each_batch_has_a_cell_as_long_as_there_are_enough()
    {
        var strip = BatchStrip.Of(Running(10, done: [0, 1, 2, 5]), Flight.Empty.Issue([new(0, 3), new(0, 7)], At), 100);
        Assert.Equal(
            [CellTone.Done, CellTone.Done, CellTone.Done, CellTone.Running, CellTone.Waiting, CellTone.Done, CellTone.Waiting, CellTone.Running, CellTone.Waiting, CellTone.Waiting],
            strip.Select(c => c.Tone));
    }

    [Fact]
    public void A_batch_that_crashed_is_told_until_it_is_durable_and_that_it_did_for_ever()
    {
        var crash = new JobEvent.BatchCrashed(new("/user/etl/mappers/$a", "X: y", "Restart", new(0, 3), null, 1, At));
        var open = (JobState.Running)Job.Evolve(Running(5, done: [0]), crash);
        Assert.Equal((CellTone.Retried, 1), BatchStrip.Of(open, Flight.Empty, 100)[3] is var cell ? (cell.Tone, cell.Crashed) : default);
        var done = (JobState.Running)Job.Evolve(open, Completed(3));
        Assert.Equal((CellTone.Done, 1), BatchStrip.Of(done, Flight.Empty, 100)[3] is var again ? (again.Tone, again.Crashed) : default);
    }

    [Fact]
    public void A_batch_with_rows_set_aside_is_told_when_it_is_durable()
    {
        var job = (JobState.Running)Job.Evolve(
            Running(3, done: []), new JobEvent.BatchesCompleted(BatchSet.Of(new BatchId(0, 1)), [0], BatchTally.Empty with
            {
                Read = 1,
                Quarantined = 1,
                Rejections = [new(new(0, Generators.Spec().BatchRows + 1), null, "Country", "Atlantis", "unknown country")],
            }));
        Assert.Equal([CellTone.Waiting, CellTone.Quarantined, CellTone.Waiting], BatchStrip.Of(job, Flight.Empty, 100).Select(c => c.Tone));
    }

    [Fact]
    public void Nothing_is_drawn_of_what_nobody_knows() =>
        Assert.Empty(BatchStrip.Of((JobState.Running)Job.Fold(Job.Initial, [new JobEvent.Started(Generators.TheJob, Generators.Spec(), At)]), Flight.Empty, 100));

    // Whatever the number of cells, nothing is lost and nothing counted twice.
    [Fact]
    public void The_cells_add_up_to_the_batches() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[1, 40], Gen.Int[0, 299].Array[0, 60]).Holds(drawn =>
        {
            var (batches, cells, ids) = drawn;
            int[] done = [.. ids.Where(i => i < batches).Distinct()];
            var flying = Enumerable.Range(0, batches).Except(done).Take(7).Select(i => new BatchId(0, i)).ToArray();
            var strip = BatchStrip.Of(Running(batches, done), Flight.Empty.Issue(flying, At), cells);
            return strip.Length <= cells && strip.Sum(c => c.Batches) == batches && strip.Sum(c => c.Done) == done.Length && strip.Sum(c => c.Running) == flying.Length
                && strip.Zip(strip.Skip(1)).All(pair => pair.First.First + pair.First.Batches == pair.Second.First);
        });

    private static JobState.Running Running(int batches, int[] done) => (JobState.Running)Job.Fold(
        Job.Initial,
        [
            new JobEvent.Started(Generators.TheJob, Generators.Spec(), At), new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At),
            new JobEvent.SplitPlanned(0, batches, Generators.Choice), .. done.Select(Completed),
        ]);

    private static JobEvent Completed(int batch) => new JobEvent.BatchesCompleted(BatchSet.Of(new BatchId(0, batch)), [0], BatchTally.Empty with { Read = 1, Records = 1 });
}
