using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;
using Etl.Domain.Reduce;

namespace Etl.Domain.Tests.Jobs;

public sealed class SimulatedRunTests
{
    private static readonly Gen<(int Seed, int[] Splits, int Steps)> Runs = Gen.Select(Gen.Int, Gen.Int[0, 9].Array[1, 3], Gen.Int[0, 400]);

    [Fact]
    public void Every_run_ends_with_each_batch_counted_once_whatever_happened() => Runs.Holds(r =>
    {
        var run = new SimulatedRun(r.Seed, r.Splits);
        for (var step = 0; step < r.Steps; step++) run.Step();
        // 27 batches at most, 4 at a time, each late at most once more: far fewer rounds than this.
        for (var round = 0; round < 50 && !run.Running.AllBatchesCompleted; round++) run.StepWithoutFaults();

        var planned = run.Planned.ToArray();
        Assert.True(run.Running.AllBatchesCompleted);
        Assert.Equal(BatchSet.Of(planned), run.Running.Completed);
        Assert.Equal(planned.Select(Generators.TallyOf).Aggregate(BatchTally.Empty, BatchTally.Combine), run.Running.Tally);
        Assert.Equal(planned.SelectMany(SimulatedRun.RegionsOf).Distinct().Order(), run.Running.Regions.ToArray());
        for (var region = 0; region < run.Reduced.Count; region++)
        {
            var expected = planned.Where(id => SimulatedRun.RegionsOf(id).Contains(region)).ToArray();
            Assert.Equal(BatchSet.Of(expected), run.Reduced[region].Merged);
            Assert.Equal(expected.Select(id => SimulatedRun.PartialOf(id, region)).Aggregate(PartialAggregate.Empty, PartialAggregate.Combine), run.Reduced[region].Total);
        }

        Assert.Equal(Generators.Show(run.Durable), Generators.Show(Job.Fold(Job.Initial, run.Journal)));
        Assert.Empty(Job.Owed(run.Durable, BatchSet.Empty, 99));
        Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Decide(run.Durable, new JobCommand.Finish(Generators.Now)));
    });

    [Fact]
    public void At_every_moment_a_completed_batch_is_durable_in_each_of_its_regions() => Runs.Holds(r =>
    {
        var run = new SimulatedRun(r.Seed, r.Splits);
        for (var step = 0; step < r.Steps; step++)
        {
            run.Step();
            if (step % 16 == 0) Assert.All(run.Running.Completed.Ids(), id => Assert.All(SimulatedRun.RegionsOf(id), region => Assert.True(run.Reduced[region].Merged.Contains(id))));
        }
    });

    [Fact]
    public void The_runs_do_meet_what_they_are_about()
    {
        var journals = Enumerable.Range(0, 50).Select(seed =>
        {
            var run = new SimulatedRun(seed, [5, 3]);
            for (var step = 0; step < 1_500; step++) run.Step();
            return run;
        }).ToArray();
        Assert.Contains(journals, run => run.Running.RestartsTotal > 0 && run.Running.Retries > 0 && run.Running.ResumedBatches > 0);
        Assert.Contains(journals, run => run.Running.AllBatchesCompleted);
        Assert.Contains(journals, run => run.Running.Runs.Count > 5);
        Assert.Contains(Enumerable.Range(0, 9), o => SimulatedRun.RegionsOf(new(0, o)).Length == 3);
        Assert.Contains(Enumerable.Range(0, 9), o => SimulatedRun.RegionsOf(new(0, o)).Length < 3);
    }
}
