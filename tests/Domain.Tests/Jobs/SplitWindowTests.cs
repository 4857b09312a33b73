using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class SplitWindowTests
{
    [Fact]
    public void Every_split_begins_once_and_ends_once_and_never_are_more_open_than_the_width() =>
        Gen.Select(Gen.Int[1, 300], Gen.Int[0, 1 << 20]).Holds(s =>
        {
            var (splits, seed) = s;
            var random = new Random(seed);
            var state = Job.Fold(Job.Initial, [new JobEvent.Started(Generators.TheJob, Generators.Spec(splits), Generators.Now)]);
            var window = SplitWindow.Empty;
            var (started, stopped) = (new List<int>(), new List<int>());
            for (var steps = 0; stopped.Count < splits; steps++)
            {
                Assert.InRange(steps, 0, 5 * splits);
                var (start, stop, after) = window.Next((JobState.Running)state);
                started.AddRange(start);
                stopped.AddRange(stop);
                window = after;
                Assert.InRange(window.Open.Count, 0, SplitWindow.Width);
                Assert.Equal(started.Except(stopped).Order(), window.Open.AsEnumerable());
                if (window.Open.IsEmpty) continue;
                // Some open split is planned or, when it is, done: in any order.
                var next = window.Open[random.Next(window.Open.Count)];
                var batches = next % 3;
                state = ((JobState.Running)state).Plans.ContainsKey(next)
                    ? Job.Evolve(state, new JobEvent.BatchesCompleted(BatchSet.FromRanges([new(next, 0, batches - 1)]), [], BatchTally.Empty))
                    : Job.Evolve(state, new JobEvent.SplitPlanned(next, batches, Generators.Choice));
            }

            Assert.Equal(Enumerable.Range(0, splits), started);
            Assert.Equal(Enumerable.Range(0, splits), stopped.Order());
            Assert.Empty(window.Next((JobState.Running)state).Start);
        });

    [Fact]
    public void After_a_crash_only_what_is_not_complete_begins()
    {
        var state = Job.Fold(Job.Initial,
        [
            new JobEvent.Started(Generators.TheJob, Generators.Spec(4), Generators.Now), new JobEvent.SplitPlanned(0, 1, Generators.Choice),
            new JobEvent.SplitPlanned(1, 2, Generators.Choice), new JobEvent.SplitPlanned(2, SplitPlan.Unknown, Generators.Choice),
            new JobEvent.BatchesCompleted(BatchSet.Of([new(0, 0), new(1, 1), new(2, 0)]), [], BatchTally.Empty),
        ]);
        Assert.Equal([1, 2, 3], SplitWindow.Empty.Next((JobState.Running)state).Start.AsEnumerable());
    }
}
