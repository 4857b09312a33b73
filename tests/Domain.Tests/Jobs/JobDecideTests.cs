using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>Given events, when a command comes, then this decision; and the same command again, once the events are in, does nothing.</summary>
public sealed class JobDecideTests
{
    private static readonly DateTimeOffset At = Generators.Now;

    private static readonly JobCommand.Begin Begin = new(Generators.TheJob, Generators.Spec(), Generators.Run(1), At);
    private static readonly JobCommand.Begin Again = Begin with { Run = Generators.Run(2) };
    private static readonly JobCommand.Plan Plan = new(0, 3, Generators.Choice);
    private static readonly JobCommand.Crash Crash = new("/user/etl/mappers/$a", "boom", "Restart", new(0, 1), 7, At);
    private static readonly ActorRestart Failure = new("/user/etl/reducers/r", "SqliteException: full", ActorRestart.AfterBackoff, 0, At);
    private static readonly ActorRestart Healed = Failure with { RecoveredAfter = TimeSpan.FromSeconds(2) };
    private static readonly JobCommand.Fail Fail = new(1, "no such table", At);
    private static readonly JobCommand.Finish Finish = new(At);

    private static readonly JobEvent[] Begun = [new JobEvent.Started(Begin.Job, Begin.Spec, At), new JobEvent.RunBegan(Begin.Run, "1.0.0", At)];
    private static readonly JobEvent[] Planned = [.. Begun, new JobEvent.SplitPlanned(0, 3, Generators.Choice)];
    private static readonly JobEvent[] OneDone = [.. Planned, Done(0)];
    private static readonly JobEvent[] AllDone = [.. OneDone, Done(1, 2)];
    private static readonly JobEvent[] Over = [.. AllDone, new JobEvent.Finished(At)];
    private static readonly JobEvent[] Broken = [.. Planned, new JobEvent.Failed(1, "no such table", At)];

    private static readonly LoadedPlace Elsewhere = new("/elsewhere", "hash", [new("a.json", 1, "b")], null);

    private sealed record Case(JobEvent[] Given, JobCommand When, JobEvent[] Then);

    private static readonly Dictionary<string, Case> Accepted = new()
    {
        ["begin a new job"] = new([], Begin, Begun),
        ["begin another run"] = new(OneDone, Again, [new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At)]),
        ["plan a split"] = new(Begun, Plan, [new JobEvent.SplitPlanned(0, 3, Generators.Choice)]),
        ["plan a split without batches"] = new(Begun, Plan with { Batches = 0 }, [new JobEvent.SplitPlanned(0, 0, Generators.Choice)]),
        ["complete one batch"] = new(Planned, Complete(0), [Done(0)]),
        ["complete what is new among old"] = new(OneDone, Complete(0, 1, 2), [Done(1, 2)]),
        ["a crash"] = new(Planned, Crash, [new JobEvent.BatchCrashed(RestartOf(1))]),
        ["a later crash on the same batch"] = new([.. Planned, new JobEvent.BatchCrashed(RestartOf(1))], Crash with { At = At.AddSeconds(1) },
            [
                new JobEvent.BatchCrashed(RestartOf(2) with { At = At.AddSeconds(1) }),
                new JobEvent.RowsCondemned(Crash.Batch, [7], "boom", "", At.AddSeconds(1)),
            ]),
        ["a later crash at another row"] = new([.. Planned, new JobEvent.BatchCrashed(RestartOf(1))], Crash with { At = At.AddSeconds(1), Row = 8 },
            [new JobEvent.BatchCrashed(RestartOf(2) with { At = At.AddSeconds(1), Row = 8 })]),
        ["a second crash at no row"] = new(
            [.. Planned, new JobEvent.BatchCrashed(RestartOf(1) with { Row = null })], Crash with { At = At.AddSeconds(1), Row = null },
            [
                new JobEvent.BatchCrashed(RestartOf(2) with { At = At.AddSeconds(1), Row = null }), new JobEvent.BatchSuspected(Crash.Batch, new(51, 101)),
            ]),
        ["begin after a process that ended with a batch under way alone"] = new([.. Planned, new JobEvent.AttemptBegan(Crash.Batch, null)], Again,
            [
                new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At),
                new JobEvent.BatchCrashed(new(Restart.Process, "the process ended while the batch was under way alone", "Resume", Crash.Batch, null, 1, At)),
            ]),
        ["try a batch alone"] = new(Planned, new JobCommand.Try(Crash.Batch), [new JobEvent.AttemptBegan(Crash.Batch, null)]),
        ["load a sink"] = new(AllDone, new JobCommand.SinkDone("json"), [new JobEvent.SinkLoaded("json")]),
        ["load another sink"] = new([.. AllDone, new JobEvent.SinkLoaded("json")], new JobCommand.SinkDone("sqlite"), [new JobEvent.SinkLoaded("sqlite")]),
        ["load a sink again, elsewhere"] = new([.. AllDone, new JobEvent.SinkLoaded("json")], new JobCommand.SinkDone("json", Elsewhere), [new JobEvent.SinkLoaded("json") { Place = Elsewhere }]),
        ["note restarts of actors"] = new(Planned, new JobCommand.NoteRestarts([Failure, Failure with { At = At.AddSeconds(1) }]),
            [new JobEvent.ActorsRestarted([Failure with { Attempt = 1 }, Failure with { At = At.AddSeconds(1), Attempt = 2 }])]),
        ["note what is new among known restarts"] = new([.. Planned, new JobEvent.ActorsRestarted([Failure with { Attempt = 1 }])],
            new JobCommand.NoteRestarts([Failure, Failure with { Actor = "b" }]), [new JobEvent.ActorsRestarted([Failure with { Actor = "b", Attempt = 1 }])]),
        ["note a failure and its recovery together"] = new(Planned, new JobCommand.NoteRestarts([Failure, Healed]),
            [new JobEvent.ActorsRestarted([Healed with { Attempt = 1 }])]),
        ["note the recovery of a failure that is known"] = new([.. Planned, new JobEvent.ActorsRestarted([Failure with { Attempt = 1 }])],
            new JobCommand.NoteRestarts([Healed, Failure with { Actor = "b" }]),
            [
                new JobEvent.ActorsRestarted([Failure with { Actor = "b", Attempt = 1 }]),
                new JobEvent.Recovered([new(Failure.Actor, null, At, TimeSpan.FromSeconds(2))]),
            ]),
        ["complete a batch that crashed twice, and another"] = new(
            [.. Planned, new JobEvent.BatchCrashed(RestartOf(1)), new JobEvent.BatchCrashed(RestartOf(2) with { At = At.AddSeconds(1) })],
            Complete(1, 2) with { At = At.AddSeconds(3) },
            [
                Done(1, 2),
                new JobEvent.Recovered([
                    new(Crash.Actor, Crash.Batch, At, TimeSpan.FromSeconds(3)), new(Crash.Actor, Crash.Batch, At.AddSeconds(1), TimeSpan.FromSeconds(2))]),
            ]),
        ["complete a batch that crashed, by a clock that was set back"] = new(
            [.. Planned, new JobEvent.BatchCrashed(RestartOf(1))], Complete(1) with { At = At.AddSeconds(-9) },
            [Done(1), new JobEvent.Recovered([new(Crash.Actor, Crash.Batch, At, TimeSpan.Zero)])]),
        ["complete batches, none of which crashed"] = new(
            [.. Planned, new JobEvent.BatchCrashed(RestartOf(1))], Complete(0, 2) with { At = At.AddSeconds(3) }, [Done(0, 2)]),
        ["stop a run"] = new(OneDone, new JobCommand.StopRun(Begin.Run, "interrupted", At), [new JobEvent.RunStopped(Begin.Run, "interrupted", At)]),
        ["stop the next run"] = new(
            [.. OneDone, new JobEvent.RunStopped(Begin.Run, "interrupted", At), new JobEvent.RunBegan(Generators.Run(2), "1.0.0", At)],
            new JobCommand.StopRun(Generators.Run(2), "interrupted", At), [new JobEvent.RunStopped(Generators.Run(2), "interrupted", At)]),
        ["finish"] = new(AllDone, Finish, [new JobEvent.Finished(At)]),
        ["finish an input without rows"] = new([.. Begun, new JobEvent.SplitPlanned(0, 0, Generators.Choice)], Finish, [new JobEvent.Finished(At)]),
        ["fail"] = new(Planned, Fail, [new JobEvent.Failed(1, "no such table", At)]),
    };

    private static readonly Dictionary<string, (JobEvent[] Given, JobCommand When, string Says)> Refused = new()
    {
        ["plan before the beginning"] = ([], Plan, "has not begun"),
        ["finish before the beginning"] = ([], Finish, "has not begun"),
        ["begin another job"] = (Begun, Again with { Job = new(Guid.Empty) }, "not 00000000"),
        ["go on with another version"] = (Begun, Again with { Spec = Generators.Spec(version: "2.0.0") }, "--fresh"),
        ["plan a split that does not exist"] = (Begun, Plan with { Split = 1 }, "not one of 1"),
        ["plan a negative split"] = (Begun, Plan with { Split = -1 }, "not one of 1"),
        ["plan a negative number of batches"] = (Begun, Plan with { Batches = -2 }, "cannot have"),
        ["plan another number of batches"] = (Planned, Plan with { Batches = 4 }, "read differently"),
        ["plan another choice"] = (Planned, Plan with { Choice = Generators.Choice with { Column = "World Bank" } }, "read differently"),
        ["complete an unplanned split"] = (Begun, Complete(0), "not planned"),
        ["complete beyond the plan"] = (Planned, Complete(3), "not planned"),
        ["complete a negative batch"] = (Planned, Complete(-1), "not planned"),
        ["crash on an unplanned batch"] = (Planned, Crash with { Batch = new(0, 3) }, "not planned"),
        ["load before all is done"] = (OneDone, new JobCommand.SinkDone("json"), "not every batch"),
        ["finish before all is done"] = (OneDone, Finish, "not every batch"),
        ["finish before a split is planned"] = (Begun, Finish, "not every batch"),
    };

    private static readonly Dictionary<string, (JobEvent[] Given, JobCommand When)> Nothing = new()
    {
        ["the same run again"] = (OneDone, Begin),
        ["complete nothing"] = (Planned, Complete()),
        ["load a sink again, to the same place"] = ([.. AllDone, new JobEvent.SinkLoaded("json") { Place = Elsewhere }], new JobCommand.SinkDone("json", Elsewhere with { Files = [new("a.json", 1, "b")] })),
        ["complete again"] = (AllDone, Complete(0, 1, 2)),
        ["crash on a completed batch"] = (AllDone, Crash),
        ["retry nothing"] = (Planned, new JobCommand.Retry(BatchSet.Empty, "late", At)),
        ["retry what is completed"] = (OneDone, new JobCommand.Retry(BatchSet.Of(new BatchId(0, 0)), "late", At)),
        ["begin a finished job"] = (Over, Again),
        ["complete a finished job"] = (Over, Complete(0)),
        ["fail a finished job"] = (Over, Fail),
        ["finish a failed job"] = (Broken, Finish),
        ["crash in a failed job"] = (Broken, Crash),
        ["retry in a failed job"] = (Broken, new JobCommand.Retry(BatchSet.Of(new BatchId(0, 0)), "late", At)),
    };

    public static TheoryData<string> AcceptedNames => [.. Accepted.Keys];

    public static TheoryData<string> RefusedNames => [.. Refused.Keys];

    public static TheoryData<string> NothingNames => [.. Nothing.Keys];

    [Theory]
    [MemberData(nameof(AcceptedNames))]
    public void It_is_accepted_once(string name)
    {
        var (given, when, then) = Accepted[name];
        var state = Job.Fold(Job.Initial, given);
        Assert.Equal(then, Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Decide(state, when)).Events.AsEnumerable());
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(Job.Fold(state, then), when));
    }

    [Theory]
    [MemberData(nameof(RefusedNames))]
    public void It_is_refused_with_a_reason(string name)
    {
        var (given, when, says) = Refused[name];
        Assert.Contains(says, Assert.IsType<Decision<JobEvent, string>.Rejected>(Job.Decide(Job.Fold(Job.Initial, given), when)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NothingNames))]
    public void It_is_nothing_new(string name) =>
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(Job.Fold(Job.Initial, Nothing[name].Given), Nothing[name].When));

    [Fact]
    public void A_retry_counts_each_time_but_only_what_is_not_completed()
    {
        // A batch may well be late twice; the number is for people, nothing is decided by it.
        var state = Job.Fold(Job.Initial, OneDone);
        var retry = new JobCommand.Retry(BatchSet.Of([new(0, 0), new(0, 2)]), "late", At);
        var events = Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Decide(state, retry)).Events;
        Assert.Equal(new JobEvent.BatchesRetried(BatchSet.Of(new BatchId(0, 2)), "late", At), Assert.Single(events));
        Assert.Equal(2, Assert.IsType<JobState.Running>(Job.Fold(state, [.. events, .. events])).Retries);
    }

    private static JobCommand.Complete Complete(params int[] ordinals) => new(Generators.SettledAll([.. ordinals.Select(o => new BatchId(0, o))]));

    private static JobEvent.BatchesCompleted Done(params int[] ordinals)
    {
        var ids = ordinals.Select(o => new BatchId(0, o)).ToArray();
        return new(BatchSet.Of(ids), [0], ids.Select(Generators.TallyOf).Aggregate(BatchTally.Combine));
    }

    private static Restart RestartOf(int attempt) => new(Crash.Actor, Crash.Cause, Crash.Directive, Crash.Batch, Crash.Row, attempt, At);

    [Fact]
    public void Rejections_by_the_million_are_journaled_up_to_the_limit_and_counted_to_the_last()
    {
        const int limit = 50, batches = 40, perBatch = 30;
        var random = new Random(5);
        var options = AnswerOptions.Default with { QuarantineLimit = limit };
        JobState Begun() => Job.Fold(Job.Initial,
        [
            new JobEvent.Started(Generators.TheJob, Generators.Spec(1, options), Generators.Now),
            new JobEvent.SplitPlanned(0, batches, Generators.Choice),
        ]);
        var tallies = Enumerable.Range(0, batches).Select(b => BatchTally.Of(perBatch, 0, 0, [], [],
            [.. Enumerable.Range(0, perBatch).Select(i => new Rejection(new(0, (b * perBatch) + i), i, "c", "t", "r"))], [])).ToArray();
        var whole = tallies.Aggregate(BatchTally.Combine).Cut(limit);

        (int Journaled, BatchTally Tally) Run(IEnumerable<int> order)
        {
            var (state, journaled) = (Begun(), 0);
            foreach (var b in order)
            {
                var settled = System.Collections.Immutable.ImmutableSortedDictionary<BatchId, SettledBatch>.Empty.Add(new(0, b), new(tallies[b], [0]));
                var completed = Assert.IsType<Decision<JobEvent, string>.Accepted>(Job.Decide(state, new JobCommand.Complete(settled))).Events;
                journaled += Assert.IsType<JobEvent.BatchesCompleted>(Assert.Single(completed)).Tally.Rejections.Count;
                state = Job.Fold(state, completed);
            }

            return (journaled, Assert.IsType<JobState.Running>(state).Tally);
        }

        Assert.Equal((limit, whole), Run(Enumerable.Range(0, batches)));
        for (var i = 0; i < 20; i++) Assert.Equal(whole, Run(Enumerable.Range(0, batches).Shuffled(random)).Tally);
        Assert.Equal(batches * perBatch, whole.Quarantined);
    }
}
