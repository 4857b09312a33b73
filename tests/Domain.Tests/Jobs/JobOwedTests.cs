using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class JobOwedTests
{
    private static readonly Gen<(int?[] Plans, BatchId[] Done, BatchId[] Flying, int Credit)> Situations = Gen.Select(
        Gen.Frequency((4, Gen.Int[0, 10].Select(n => (int?)n)), (1, Gen.Const((int?)null))).Array[1, 3],
        Generators.Batch.Array[0, 20], Generators.Batch.Array[0, 20], Gen.Int[-1, 30]);

    [Fact]
    public void It_is_the_lowest_of_what_is_planned_and_neither_done_nor_under_way() => Situations.Holds(s =>
    {
        var state = StateOf(s.Plans, s.Done);
        var expected = Planned(s.Plans).Except(s.Done).Except(s.Flying).Order().Take(Math.Max(s.Credit, 0));
        Assert.Equal(expected, Job.Owed(state, BatchSet.Of(s.Flying), s.Credit));
    });

    [Fact]
    public void Asked_again_and_again_it_covers_everything_once() => Situations.Holds(s =>
    {
        var state = StateOf(s.Plans, s.Done);
        var flying = BatchSet.Of(s.Flying);
        var issued = new List<BatchId>();
        while (Job.Owed(state, flying, 1 + Math.Abs(s.Credit)) is { IsEmpty: false } owed)
        {
            issued.AddRange(owed);
            flying = BatchSet.Combine(flying, BatchSet.Of(owed));
        }

        Assert.Equal(Planned(s.Plans).Except(s.Done).Except(s.Flying).Order(), issued);
    });

    [Fact]
    public void After_a_crash_nothing_is_under_way_and_exactly_the_unfinished_is_owed() => Situations.Holds(s =>
        Job.Owed(StateOf(s.Plans, s.Done), BatchSet.Empty, int.MaxValue).SequenceEqual(Planned(s.Plans).Except(s.Done).Order()));

    [Fact]
    public void A_large_split_is_skipped_by_ranges_not_by_batches()
    {
        var huge = BatchSet.FromRanges([new(0, 0, 2_000_000_000)]);
        var state = Job.Fold(Job.Initial,
        [
            new JobEvent.Started(Generators.TheJob, Generators.Spec(1), Generators.Now), new JobEvent.SplitPlanned(0, int.MaxValue, Generators.Choice),
            new JobEvent.BatchesCompleted(huge, [], BatchTally.Empty),
        ]);
        Assert.Equal([new BatchId(0, 2_000_000_001), new BatchId(0, 2_000_000_002)], Job.Owed(state, BatchSet.Empty, 2).AsEnumerable());
        Assert.Empty(Job.Owed(state, BatchSet.FromRanges([new(0, 0, BatchSet.MaxOrdinal)]), 2));
    }

    [Fact]
    public void A_split_collapses_once_with_the_last_of_its_batches_in_any_order() => Situations.Holds(s =>
    {
        var collapsed = 0;
        var done = new List<BatchId>();
        foreach (var batch in s.Done.Concat(Planned(s.Plans)))
        {
            if (Job.Collapses(StateOf(s.Plans, [.. done]), [batch])) collapsed++;
            done.Add(batch);
        }

        Assert.Equal(s.Plans.Count(batches => batches > 0), collapsed);
        Assert.False(Job.Collapses(Job.Initial, s.Done));
    });

    [Fact]
    public void A_job_that_is_not_running_owes_nothing()
    {
        Assert.Empty(Job.Owed(Job.Initial, BatchSet.Empty, 9));
        Assert.Empty(Job.Owed(new JobState.Ended(Generators.TheJob, Generators.Spec(), 0, null, Generators.Now, null!, false), BatchSet.Empty, 9));
    }

    private static IEnumerable<BatchId> Planned(int?[] plans) =>
        plans.SelectMany((batches, split) => Enumerable.Range(0, batches ?? 0).Select(o => new BatchId(split, o)));

    private static JobState StateOf(int?[] plans, BatchId[] done) => Job.Fold(Job.Initial, Planned(plans).Intersect(done)
        .Select(id => (JobEvent)new JobEvent.BatchesCompleted(BatchSet.Of(id), [], Generators.TallyOf(id)))
        .Prepend(new JobEvent.Started(Generators.TheJob, Generators.Spec(plans.Length), Generators.Now))
        .Concat(plans.SelectMany((batches, split) => batches is { } n ? new[] { new JobEvent.SplitPlanned(split, n, Generators.Choice) } : [])));
}
