using System.Diagnostics;
using CsCheck;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

public sealed class JobEvolveTests
{
    private static readonly DateTimeOffset At = Generators.Now;

    private static readonly JobEvent Started = new JobEvent.Started(Generators.TheJob, Generators.Spec(3), At);

    /// <summary>One of each event that a running job can see.</summary>
    private static readonly JobEvent[] OfRunning =
    [
        new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At),
        new JobEvent.SplitPlanned(0, 4, Generators.Choice),
        new JobEvent.SplitEnded(0, 4),
        Completed(new(0, 0)),
        new JobEvent.BatchCrashed(Crash(new(0, 1), 1)),
        new JobEvent.BatchSuspected(new(0, 1), new(51, 101)),
        new JobEvent.RowsCleared(new(0, 1), new(51, 51)),
        new JobEvent.RowsCondemned(new(0, 1), [52], "Oops", "no", At),
        new JobEvent.AttemptBegan(new(0, 1), new(51, 52)),
        new JobEvent.BatchesRetried(BatchSet.Of(new BatchId(0, 1)), "late", At),
        new JobEvent.ActorsRestarted([new("/user/etl/reducers/r", "full", ActorRestart.AfterBackoff, 1, At)]),
        new JobEvent.Recovered([new("/user/etl/reducers/r", null, At, TimeSpan.FromSeconds(1))]),
        new JobEvent.RunStopped(Generators.Run(1), "interrupted", At),
        new JobEvent.SinkLoaded("json"),
        new JobEvent.Finished(At),
        new JobEvent.Failed(1, "reason", At),
    ];

    private static readonly JobEvent Summary = new JobEvent.Summarised(
        Generators.TheJob, Generators.Spec(3), 0, null, At, new(At, [], [], 0, 0, 0, 0, BatchTally.Empty, []));

    /// <summary>Random stories of a running job: the ids are distinct, as Decide makes them.</summary>
    private static readonly Gen<JobEvent[]> Stories = Gen.Select(Gen.Int, Gen.Int[0, 20]).Select((seed, length) =>
    {
        var random = new Random(seed);
        var ids = Enumerable.Range(0, 3).SelectMany(split => Enumerable.Range(0, 8).Select(o => new BatchId(split, o))).Shuffled(random);
        return Enumerable.Range(0, length).Select(i => (JobEvent)(random.Next(6) switch
        {
            0 => new JobEvent.RunBegan(Generators.Run(i), "1.0.0", At.AddSeconds(i)),
            1 => new JobEvent.SplitPlanned(random.Next(3), 8, Generators.Choice),
            2 => new JobEvent.BatchCrashed(Crash(ids[random.Next(ids.Length)], random.Next(1, 4))),
            3 => new JobEvent.BatchesRetried(BatchSet.Of(ids.Take(random.Next(4))), "late", At),
            4 when random.Next(2) == 0 => new JobEvent.RowsCondemned(ids[random.Next(ids.Length)], [random.Next(9)], random.Next(2) == 0 ? "" : "Oops", "no", At),
            4 => new JobEvent.SinkLoaded(random.Next(2) == 0 ? "json" : "sqlite"),
            _ => Completed(ids[i]),
        })).Prepend(Started).ToArray();
    });

    [Fact]
    public void Folding_in_two_parts_is_folding_at_once() => Gen.Select(Stories, Gen.Int[0, 21]).Holds((story, cut) => Assert.Equal(
        Generators.Show(Job.Fold(Job.Initial, story)),
        Generators.Show(Job.Fold(Job.Fold(Job.Initial, story.Take(cut)), story.Skip(cut)))));

    [Fact]
    public void What_is_shown_tells_states_apart() => Stories.Where(s => s.Length > 1).Holds(story =>
        // The comparison above is by text: it must see every event.
        Assert.NotEqual(Generators.Show(Job.Fold(Job.Initial, [Started, Completed(new(9, 9))])), Generators.Show(Job.Fold(Job.Initial, story))));

    [Fact]
    public void The_tally_and_the_set_of_batches_are_what_the_events_add_up_to() => Stories.Holds(story =>
    {
        var state = Assert.IsType<JobState.Running>(Job.Fold(Job.Initial, story));
        var completed = story.OfType<JobEvent.BatchesCompleted>().ToArray();
        Assert.Equal(completed.Select(c => c.Tally).Aggregate(BatchTally.Empty, BatchTally.Combine), state.Tally);
        Assert.Equal(BatchSet.Of(completed.SelectMany(c => c.Batches.Ids())), state.Completed);
        Assert.Equal(story.OfType<JobEvent.BatchCrashed>().Count(), state.RestartsTotal);
        Assert.Equal(story.OfType<JobEvent.BatchesRetried>().Sum(r => r.Batches.Count), state.Retries);
        if (story[^1] is JobEvent.BatchesCompleted last) Assert.DoesNotContain(state.Attempts.Keys, last.Batches.Contains);
    });

    [Fact]
    public void An_event_that_cannot_follow_stops_recovery_loudly()
    {
        var over = Job.Fold(Job.Initial, [Started, new JobEvent.Finished(At)]);
        foreach (var @event in OfRunning)
        {
            Assert.Throws<UnreachableException>(() => Job.Evolve(Job.Initial, @event));
            Assert.Throws<UnreachableException>(() => Job.Evolve(over, @event));
            // A stream ends after it was read.
            var begun = Job.Fold(Job.Initial, @event is JobEvent.SplitEnded ? [Started, new JobEvent.SplitPlanned(0, SplitPlan.Unknown, Generators.Choice)] : [Started]);
            Assert.NotNull(Job.Evolve(begun, @event));
        }

        Assert.Throws<UnreachableException>(() => Job.Evolve(Job.Evolve(Job.Initial, Started), Started));
        Assert.Throws<UnreachableException>(() => Job.Evolve(over, Started));
    }

    [Fact]
    public void The_table_above_names_every_event() => Assert.Equal(
        typeof(JobEvent).GetNestedTypes().Select(t => t.Name).Order(), OfRunning.Append(Started).Append(Summary).Select(e => e.GetType().Name).Order());

    [Fact]
    public void A_new_run_remembers_what_was_done_before_it()
    {
        var state = Job.Fold(Job.Initial, [Started, OfRunning[0], OfRunning[1], Completed(new(0, 0)), Completed(new(0, 1)), new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At), Completed(new(0, 2))]);
        var running = Assert.IsType<JobState.Running>(state);
        Assert.Equal((2, 3, 2), (running.ResumedBatches, running.Completed.Count, running.Runs.Count));
        Assert.False(running.AllBatchesCompleted);
    }

    [Fact]
    public void Restarts_are_kept_to_a_thousand_and_counted_beyond()
    {
        var crashes = Enumerable.Range(1, JobState.MaxRestarts + 5).Select(i => (JobEvent)new JobEvent.BatchCrashed(Crash(new(0, 1), i)));
        var running = Assert.IsType<JobState.Running>(Job.Fold(Job.Initial, crashes.Prepend(Started)));
        Assert.Equal((JobState.MaxRestarts, JobState.MaxRestarts + 5, JobState.MaxRestarts + 5), (running.Restarts.Count, running.RestartsTotal, running.Attempts[new(0, 1)]));
        Assert.Equal(1, running.Restarts[0].Attempt);
        Assert.Empty(Assert.IsType<JobState.Running>(Job.Evolve(running, Completed(new(0, 1)))).Attempts);
    }

    [Fact]
    public void The_end_says_how_it_went()
    {
        var story = JobStory.Of(Assert.IsType<JobState.Running>(Job.Evolve(Job.Initial, Started)));
        Assert.Equal(new JobState.Ended(Generators.TheJob, Generators.Spec(3), 0, null, At, story, false), Job.Fold(Job.Initial, [Started, new JobEvent.Finished(At)]));
        Assert.Equal(new JobState.Ended(Generators.TheJob, Generators.Spec(3), 3, "why", At, story, false), Job.Fold(Job.Initial, [Started, new JobEvent.Failed(3, "why", At)]));
    }

    [Fact]
    public void A_summary_says_of_a_job_what_its_journal_says_and_takes_its_place() => Gen.Select(Stories, Gen.Int[0, 2]).Holds((story, end) =>
    {
        var journal = end switch
        {
            0 => story,
            1 => [.. story, new JobEvent.Finished(At)],
            _ => story.Append(new JobEvent.Failed(3, "why", At)).ToArray(),
        };
        var before = Job.Fold(Job.Initial, journal);
        var summary = Assert.Single(Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Summarise(before, At)).Events);
        // Killed before the deletion of what is older, or after it.
        var after = Assert.IsType<JobState.Ended>(Job.Fold(before, [summary]));
        Assert.Equal(after, Job.Evolve(Job.Initial, summary));
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Summarise(after, At));
        Assert.Equal(end switch { 0 => Job.GivenUp, 1 => 0, _ => 3 }, after.ExitCode);
        Assert.Equal(story.OfType<JobEvent.BatchesCompleted>().Sum(c => c.Tally.Read), after.Story.Counts.Read);
        Assert.Equal(story.OfType<JobEvent.RunBegan>(), after.Story.Runs);
        if (before is JobState.Ended ended) Assert.Equal(ended with { IsSummary = true }, after);
    });

    [Fact]
    public void A_job_that_never_began_has_no_summary() =>
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Summarise(Job.Initial, At));

    private static JobEvent.BatchesCompleted Completed(BatchId id) => new(BatchSet.Of(id), [id.Split], Generators.TallyOf(id));

    private static Restart Crash(BatchId batch, int attempt) => new("/a", "boom", "Restart", batch, null, attempt, At);
}
