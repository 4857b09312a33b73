using System.Diagnostics;
using Etl.Domain.Jobs;
using Etl.Domain.Load;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>A stream tells how many batches it has when it ends, not before.</summary>
public sealed class OpenSplitTests
{
    private static readonly DateTimeOffset At = Generators.Now;

    private static readonly JobEvent[] Open =
        [new JobEvent.Started(Generators.TheJob, Generators.Spec(), At), new JobEvent.RunBegan(Generators.Run(1), "1.0.0", At), new JobEvent.SplitPlanned(0, SplitPlan.Unknown, Generators.Choice)];

    private static readonly Dictionary<string, (JobEvent[] Given, JobCommand When, JobEvent[] Then)> Accepted = new()
    {
        ["the end"] = (Open, new JobCommand.EndSplit(0, 3), [new JobEvent.SplitEnded(0, 3)]),
        ["the end of an empty stream"] = (Open, new JobCommand.EndSplit(0, 0), [new JobEvent.SplitEnded(0, 0)]),
        ["the end after its last batch"] = ([.. Open, Done(2)], new JobCommand.EndSplit(0, 3), [new JobEvent.SplitEnded(0, 3)]),
        ["a batch of an open split"] = (Open, Complete(4_000_000), [Done(4_000_000)]),
        ["a sink after the end"] = ([.. Open, Done(0), new JobEvent.SplitEnded(0, 1)], new JobCommand.SinkDone("json"), [new JobEvent.SinkLoaded("json")]),
    };

    private static readonly Dictionary<string, (JobEvent[] Given, JobCommand When, string Says)> Refused = new()
    {
        ["an end before the beginning"] = ([], new JobCommand.EndSplit(0, 3), "has not begun"),
        ["an end of a split that was not read"] = (Open[..2], new JobCommand.EndSplit(0, 3), "not read"),
        ["an end of another split"] = (Open, new JobCommand.EndSplit(1, 3), "not read"),
        ["another end"] = ([.. Open, new JobEvent.SplitEnded(0, 3)], new JobCommand.EndSplit(0, 4), "read differently"),
        ["an end of a split whose length is known"] = ([.. Open[..2], new JobEvent.SplitPlanned(0, 3, Generators.Choice)], new JobCommand.EndSplit(0, 2), "read differently"),
        ["an end before a batch that is done"] = ([.. Open, Done(3)], new JobCommand.EndSplit(0, 3), "read differently"),
        ["a negative end"] = (Open, new JobCommand.EndSplit(0, -2), "read differently"),
        ["a batch beyond the end"] = ([.. Open, new JobEvent.SplitEnded(0, 3)], Complete(3), "not planned"),
        ["a finish before the end"] = ([.. Open, Done(0)], new JobCommand.Finish(At), "not every batch"),
        ["a length where there was none"] = (Open, new JobCommand.Plan(0, 3, Generators.Choice), "read differently"),
    };

    private static readonly Dictionary<string, (JobEvent[] Given, JobCommand When)> Nothing = new()
    {
        ["the same end again"] = ([.. Open, new JobEvent.SplitEnded(0, 3)], new JobCommand.EndSplit(0, 3)),
        ["the same length as was planned"] = ([.. Open[..2], new JobEvent.SplitPlanned(0, 3, Generators.Choice)], new JobCommand.EndSplit(0, 3)),
        ["an open split read again"] = (Open, new JobCommand.Plan(0, SplitPlan.Unknown, Generators.Choice)),
        ["an ended split read again"] = ([.. Open, new JobEvent.SplitEnded(0, 3)], new JobCommand.Plan(0, SplitPlan.Unknown, Generators.Choice)),
        ["an end of a job that is over"] = ([.. Open, new JobEvent.Failed(1, "why", At)], new JobCommand.EndSplit(0, 3)),
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
    public void It_is_refused_with_a_reason(string name) => Assert.Contains(
        Refused[name].Says,
        Assert.IsType<Decision<JobEvent, string>.Rejected>(Job.Decide(Job.Fold(Job.Initial, Refused[name].Given), Refused[name].When)).Error,
        StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(NothingNames))]
    public void It_is_nothing_new(string name) =>
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(Job.Fold(Job.Initial, Nothing[name].Given), Nothing[name].When));

    [Fact]
    public void An_open_split_owes_without_end_and_is_complete_when_it_has_ended()
    {
        var open = (JobState.Running)Job.Fold(Job.Initial, [.. Open, Done(0), Done(2)]);
        Assert.Equal("0/1 0/3 0/4", string.Join(' ', Job.Owed(open, BatchSet.Empty, 3)));
        Assert.Equal("0/4 0/5", string.Join(' ', Job.Owed(open, BatchSet.Of([new(0, 1), new(0, 3)]), 2)));
        Assert.Equal(((long?)null, false), (open.PlannedBatches, open.AllBatchesCompleted));

        var ended = (JobState.Running)Job.Evolve(open, new JobEvent.SplitEnded(0, 3));
        Assert.Equal("0/1", string.Join(' ', Job.Owed(ended, BatchSet.Empty, 9)));
        Assert.Equal((3L, false), (ended.PlannedBatches, ended.AllBatchesCompleted));
        Assert.True(((JobState.Running)Job.Evolve(ended, Done(1))).AllBatchesCompleted);
        Assert.Equal(Generators.Choice, ended.Plans[0].Choice);
    }

    [Fact]
    public void One_open_split_keeps_the_others_plans_from_being_all()
    {
        var state = (JobState.Running)Job.Fold(Job.Initial,
            [new JobEvent.Started(Generators.TheJob, Generators.Spec(2), At), new JobEvent.SplitPlanned(0, 1, Generators.Choice), new JobEvent.SplitPlanned(1, SplitPlan.Unknown, Generators.Choice), Done(0)]);
        Assert.Null(state.PlannedBatches);
        Assert.Equal("1/0 1/1", string.Join(' ', Job.Owed(state, BatchSet.Empty, 2)));
        Assert.True(((JobState.Running)Job.Evolve(state, new JobEvent.SplitEnded(1, 0))).AllBatchesCompleted);
    }

    [Fact]
    public void A_split_that_was_not_read_cannot_have_ended() =>
        Assert.Throws<UnreachableException>(() => Job.Fold(Job.Initial, [.. Open, new JobEvent.SplitEnded(1, 3)]));

    [Fact]
    public void What_was_issued_beyond_the_end_is_no_longer_under_way()
    {
        var flight = Flight.Empty.Issue([new(0, 1), new(0, 2), new(0, 3), new(1, 2), new(1, 9)], At);
        Assert.Equal("0/1 1/2 1/9", string.Join(' ', flight.EndSplit(0, 2).Batches.Keys));
        Assert.Equal(flight.Batches.Keys, flight.EndSplit(2, 0).Batches.Keys);
        Assert.Equal(1, flight.EndSplit(0, 0).EndSplit(1, 9).Count);
    }

    [Fact]
    public void Details_of_rows_set_aside_are_those_of_the_job_whatever_each_batch_kept()
    {
        var spec = Generators.Spec(options: AnswerOptions.Default with { QuarantineLimit = 3 });
        var state = (JobState.Running)Job.Fold(Job.Initial,
            [new JobEvent.Started(Generators.TheJob, spec, At), Dirty(4, 40, 41, 42), Dirty(1, 10, 11), Dirty(9, 90, 91, 92)]);
        Assert.Equal(("10 11 40", 8L), (string.Join(' ', state.Tally.Rejections.Select(r => r.Place.Position)), state.Tally.Quarantined));
        var none = (JobState.Running)Job.Fold(Job.Initial,
            [new JobEvent.Started(Generators.TheJob, spec with { Options = spec.Options with { QuarantineLimit = 0 } }, At), Dirty(4, 40), Dirty(1, 10, 11)]);
        Assert.Equal((0, 3L), (none.Tally.Rejections.Count, none.Tally.Quarantined));
    }

    [Theory]
    [InlineData(3L, null)]
    [InlineData(null, null)]
    [InlineData(2L, "3 of the first 3 rows are quarantined, more than the 2 of --max-quarantined: stopped; first: input 0, byte 10, c \"t\": r; input 0, byte 11, c \"t\": r; input 0, byte 40, c \"t\": r; what was done is kept")]
    public void A_job_stops_when_more_is_set_aside_than_may_be(long? limit, string? says)
    {
        var running = Job.Fold(Job.Initial, [.. Open, Dirty(4, 40), Dirty(1, 10, 11)]);
        if (says is null) Assert.Null(QualityGate.Stop(running, limit));
        else Assert.StartsWith(says, QualityGate.Stop(running, limit), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_whose_batches_are_done_is_judged_by_its_report()
    {
        JobEvent[] closed = [.. Open, Dirty(0, 10, 11), new JobEvent.SplitEnded(0, 2)];
        Assert.NotNull(QualityGate.Stop(Job.Fold(Job.Initial, closed), 1));
        Assert.Null(QualityGate.Stop(Job.Fold(Job.Initial, [.. closed, Done(1)]), 1));
        Assert.Null(QualityGate.Stop(Job.Initial, 0));
        Assert.Null(QualityGate.Stop(Job.Fold(Job.Initial, [.. closed, new JobEvent.Failed(3, "why", At)]), 0));
    }

    private static JobEvent.BatchesCompleted Dirty(int ordinal, params int[] positions) => new(
        BatchSet.Of(new BatchId(0, ordinal)), [], BatchTally.Of(positions.Length, 0, 0, [], [], [.. positions.Select(p => new Rejection(new(0, p), null, "c", "t", "r"))], []));

    private static JobCommand.Complete Complete(int ordinal) =>
        new(System.Collections.Immutable.ImmutableSortedDictionary<BatchId, SettledBatch>.Empty.Add(new(0, ordinal), new(BatchTally.Empty, [0])));

    private static JobEvent.BatchesCompleted Done(int ordinal) => new(BatchSet.Of(new BatchId(0, ordinal)), [0], BatchTally.Empty);
}
