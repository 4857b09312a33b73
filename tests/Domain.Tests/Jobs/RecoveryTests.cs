using CsCheck;
using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Jobs;

/// <summary>How long it took until the work was done again, of each failure, whichever process was there to see it.</summary>
public sealed class RecoveryTests
{
    private const int Batches = 4;
    private static readonly DateTimeOffset At = Generators.Now;
    private static readonly ActorRestart Failure = new("/user/etl/reducers/r/reducer", "SqliteException: full", ActorRestart.AfterBackoff, 0, At);

    private static readonly JobEvent[] Planned =
        [new JobEvent.Started(Generators.TheJob, Generators.Spec(), At), new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At), new JobEvent.SplitPlanned(0, Batches, Generators.Choice)];

    /// <summary>A step is a second: a batch crashes, or is completed, or a process ends and the next one begins.</summary>
    [Fact]
    public void A_crash_has_the_time_to_the_completion_of_its_batch_and_none_before()
    {
        var step = Gen.Select(Gen.Int[0, 4], Gen.Int[0, Batches - 1]);
        step.Array[0, 40].Holds(steps =>
        {
            var (state, crashed, done) = (Job.Fold(Job.Initial, Planned), new List<(int Batch, int Second)>(), new Dictionary<int, int>());
            foreach (var (second, (kind, batch)) in steps.Index())
            {
                var now = At.AddSeconds(second);
                JobCommand command = kind switch
                {
                    0 => new JobCommand.Begin(Generators.TheJob, Generators.Spec(), Generators.Run(second + 2), now),
                    1 => new JobCommand.Complete(Generators.SettledAll(new BatchId(0, batch))) { At = now },
                    _ => new JobCommand.Crash($"/user/etl/mappers/${second}", "boom", "Restart", new(0, batch), null, now),
                };
                if (kind > 1 && !done.ContainsKey(batch)) crashed.Add((batch, second));
                if (kind == 1) done.TryAdd(batch, second);
                if (Job.Decide(state, command) is Decision<JobEvent, string>.Accepted accepted) state = Job.Fold(state, accepted.Events);
            }

            Assert.Equal(
                crashed.Select(c => (TimeSpan?)(done.TryGetValue(c.Batch, out var second) ? TimeSpan.FromSeconds(second - c.Second) : null)),
                Assert.IsType<JobState.Running>(state).Restarts.Select(r => r.RecoveredAfter));
        });
    }

    [Fact]
    public void What_no_actor_of_a_process_that_died_could_tell_is_told_by_the_next_process()
    {
        var state = Job.Fold(Job.Initial, [.. Planned, new JobEvent.ActorsRestarted([Failure, Failure with { Actor = "b", RecoveredAfter = TimeSpan.FromSeconds(1) }])]);
        var resumed = Job.Evolve(state, new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At.AddSeconds(9)));
        Assert.Equal(
            [TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1)], Assert.IsType<JobState.Running>(resumed).ActorRestarts.First.Select(r => r.RecoveredAfter!.Value));
    }

    [Fact]
    public void A_recovery_beyond_those_that_are_kept_is_not_counted_as_another_failure()
    {
        var many = Enumerable.Range(0, JobState.MaxRestarts + 1).Select(i => Failure with { At = At.AddSeconds(i) }).ToEquatableArray();
        var state = Job.Fold(Job.Initial, [.. Planned, new JobEvent.ActorsRestarted(many)]);
        var last = many[^1] with { RecoveredAfter = TimeSpan.FromSeconds(1) };
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(state, new JobCommand.NoteRestarts([last])));
        Assert.Equal(JobState.MaxRestarts + 1, Assert.IsType<JobState.Running>(state).ActorRestarts.Total);
    }

    [Fact]
    public void People_read_what_is_done_again_and_after_how_long()
    {
        var lines = JobChronicle.Of(new(7, At, new JobEvent.Recovered(
            [new("/user/etl/mappers/$a", new(0, 2), At, TimeSpan.FromMilliseconds(1_207)), new(Failure.Actor, null, At, TimeSpan.Zero)])));
        Assert.Equal(
            [new(7, At, "recovered", $"batch 0/2 is made good 1.207 s after /user/etl/mappers/$a failed at it; {Failure.Actor} is at work again, 0.000 s after it failed")],
            lines);
    }
}
