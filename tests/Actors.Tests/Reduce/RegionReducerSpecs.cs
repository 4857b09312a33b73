using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Protocol;
using Etl.Actors.Reduce;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Reduce;

namespace Etl.Actors.Tests.Reduce;

/// <summary>A region's reducer: exactly once per batch, durable before it is said to be.</summary>
public sealed class RegionReducerSpecs : EtlSpec
{
    private const int Region = 2;
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly string Id = $"region-{Given.Job()}-{Region}";
    private readonly TestProbe jobs, coordinator;

    public RegionReducerSpecs() => (jobs, coordinator) = (CreateTestProbe("jobs"), CreateTestProbe("coordinator"));

    [Fact]
    public void No_acknowledgement_before_the_write()
    {
        var disk = new TaskCompletionSource();
        Journal.OnWrite = _ => disk.Task;
        var reducer = Reducer(TimeSpan.Zero, 1);
        reducer.Tell(Offer(0));
        AwaitAssert(() => Assert.Equal(1, Journal.Attempts));
        coordinator.ExpectNoMsg(Silence);
        Assert.Empty(Journal.Written(Id));

        disk.SetResult();
        Assert.Equal(new ReduceProtocol.PartialsAcked(Given.Job(), Region, Given.Batches(0)), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>());
        Assert.Single(Journal.Written(Id));
    }

    [Fact]
    public void A_batch_offered_again_before_and_after_the_write_counts_once_and_is_acknowledged()
    {
        var reducer = Reducer(Never, 100);
        reducer.Tell(Offer(0));
        reducer.Tell(Offer(0));
        reducer.Tell(new ReduceProtocol.FlushRegion(Given.Job(), Region, coordinator));
        Assert.Equal(Given.Batches(0), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);

        reducer.Tell(Offer(0));
        reducer.Tell(new ReduceProtocol.FlushRegion(Given.Job(), Region, coordinator));
        Assert.Equal(Given.Batches(0), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Equal(1, TotalOf(reducer).Total.Rows);
        Assert.Single(Journal.Written(Id));
    }

    [Fact]
    public void Offers_within_the_interval_share_one_write()
    {
        var reducer = Reducer(TimeSpan.FromMilliseconds(200), 100);
        for (var i = 0; i < 20; i++) reducer.Tell(Offer(i));
        Assert.Equal(Given.Batches([.. Enumerable.Range(0, 20)]), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Equal(20, Assert.IsType<RegionEvent.PartialsMerged>(Assert.Single(Journal.Written(Id))).Batches.Count);
    }

    [Fact]
    public void A_full_group_is_written_at_once()
    {
        var reducer = Reducer(Never, 4);
        for (var i = 0; i < 6; i++) reducer.Tell(Offer(i));
        Assert.Equal(Given.Batches(0, 1, 2, 3), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        coordinator.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_flush_writes_what_waits_and_is_nothing_when_nothing_waits()
    {
        var reducer = Reducer(Never, 100);
        reducer.Tell(new ReduceProtocol.FlushRegion(Given.Job(), Region, coordinator));
        reducer.Tell(Offer(5));
        reducer.Tell(new ReduceProtocol.FlushRegion(Given.Job(), Region, coordinator));
        Assert.Equal(Given.Batches(5), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Single(Journal.Written(Id));
    }

    [Fact]
    public void The_coordinator_that_offered_is_the_one_that_is_told()
    {
        var second = CreateTestProbe();
        var reducer = Reducer(Never, 3);
        reducer.Tell(Offer(0));
        reducer.Tell(Offer(1, second));
        reducer.Tell(Offer(0, second));
        Assert.Equal(Given.Batches(0), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Equal(Given.Batches(0, 1), second.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
    }

    [Fact]
    public void The_total_told_is_the_durable_one()
    {
        var reducer = Reducer(Never, 100);
        reducer.Tell(Offer(0));
        Assert.Equal((BatchSet.Empty, PartialAggregate.Empty), (TotalOf(reducer).Merged, TotalOf(reducer).Total));
    }

    [Fact]
    public void A_restart_recovers_the_same_total_and_announces_a_new_incarnation()
    {
        var reducer = Reducer(TimeSpan.Zero, 1);
        var first = jobs.Fish<ReduceProtocol.RegionRecovered>();
        for (var i = 0; i < 5; i++) reducer.Tell(Offer(i));
        coordinator.ReceiveN(5);
        var before = TotalOf(reducer);
        KillAndWait(reducer);

        reducer = Reducer(TimeSpan.Zero, 1);
        var second = jobs.Fish<ReduceProtocol.RegionRecovered>();
        Assert.Equal((first.Job, first.Region), (second.Job, second.Region));
        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.Equal(before, TotalOf(reducer));
        Assert.Equal(5, before.Total.Rows);
    }

    [Fact]
    public void What_was_not_written_is_not_remembered()
    {
        var reducer = Reducer(Never, 100);
        reducer.Tell(Offer(0));
        TotalOf(reducer);
        KillAndWait(reducer);
        Assert.Equal(0, TotalOf(Reducer(Never, 100)).Merged.Count);
        coordinator.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_write_that_fails_stops_it_and_it_comes_back_without_what_it_did_not_write()
    {
        Journal.FailWrite(Id, 2);
        var reducers = Regions(TimeSpan.Zero);
        reducers.Tell(Offer(0));
        Assert.Equal(Given.Batches(0), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        var first = jobs.Fish<ReduceProtocol.RegionRecovered>();
        reducers.Tell(Offer(1));
        var second = jobs.Fish<ReduceProtocol.RegionRecovered>();
        Assert.NotEqual(first.Incarnation, second.Incarnation);
        Assert.Equal(Given.Batches(0), TotalOf(reducers).Merged);

        reducers.Tell(Offer(1));
        Assert.Equal(Given.Batches(1), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Equal(2, TotalOf(reducers).Total.Rows);
    }

    [Fact]
    public void A_journal_that_cannot_be_replayed_loses_the_region_after_a_bounded_number_of_attempts()
    {
        var replays = 0;
        Journal.OnReplay = _ =>
        {
            Interlocked.Increment(ref replays);
            return Task.FromException(new IOException("unreadable"));
        };
        Regions(TimeSpan.Zero).Tell(Offer(0));
        var failed = jobs.Fish<SupervisionProtocol.ActorFailed>();
        Assert.Equal((Given.Job(), "IOException: unreadable"), (failed.Job, failed.Restart.Cause));
        Assert.Equal((Given.Job(), Region), jobs.Fish<ReduceProtocol.RegionLost>() is var lost ? (lost.Job, lost.Region) : default);
        Assert.Equal(1 + Given.Policy.JournalMaxRestarts, replays);
    }

    [Fact]
    public void A_journal_that_fails_slowly_is_bounded_too()
    {
        // Each life is far longer than the first back-off, as with a locked file that times out: only a write that succeeds may
        // start the count again.
        Journal.OnWrite = async _ =>
        {
            await Task.Delay(Given.Policy.JournalMaxBackoff * 4);
            throw new IOException("locked");
        };
        var reducers = Regions(TimeSpan.Zero);
        reducers.Tell(Offer(0));
        jobs.Fish<ReduceProtocol.RegionRecovered>();
        for (var restart = 0; restart < Given.Policy.JournalMaxRestarts; restart++)
        {
            jobs.Fish<ReduceProtocol.RegionRecovered>();
            reducers.Tell(Offer(0));
        }

        jobs.Fish<ReduceProtocol.RegionLost>();
    }

    [Fact]
    public async Task A_region_that_is_forgotten_leaves_nothing_and_is_not_reported_lost()
    {
        var reducers = Regions(TimeSpan.Zero);
        reducers.Tell(Offer(0));
        coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>();
        jobs.Fish<ReduceProtocol.RegionRecovered>();
        var entity = await Sys.ActorSelection(reducers.Path / $"{Given.Job()}-{Region}").ResolveOne(TimeSpan.FromSeconds(5));
        Watch(entity);
        reducers.Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, CreateTestProbe()));
        ExpectTerminated(entity);

        // It is empty when it is asked for again, and only now created again.
        AwaitAssert(() => Assert.Equal(0, TotalOf(reducers).Merged.Count));
        jobs.Fish<ReduceProtocol.RegionRecovered>();
        jobs.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_long_history_is_one_event_and_what_came_after()
    {
        var reducer = Reducer(TimeSpan.Zero, 1, compactAfter: 4);
        for (var i = 0; i < 10; i++) reducer.Tell(Offer(i));
        coordinator.ReceiveN(10);
        var before = TotalOf(reducer);
        Assert.Equal([3, 7], Journal.Written(Id).Index().Where(e => e.Item is RegionEvent.RegionCompacted).Select(e => e.Index));
        // Deleted after the acknowledgement, at some time.
        AwaitAssert(() => Assert.Equal(7, Journal.Deleted(Id)));
        KillAndWait(reducer);
        Assert.Equal(before, TotalOf(Reducer(TimeSpan.Zero, 1)));
        Assert.Equal(10, before.Total.Rows);
    }

    [Fact]
    public void Older_events_that_could_not_be_deleted_change_nothing_and_are_deleted_the_next_time()
    {
        Journal.OnDelete = static _ => Task.FromException(new IOException("the disk hiccups"));
        var reducer = Reducer(TimeSpan.Zero, 1, compactAfter: 3);
        for (var i = 0; i < 4; i++) reducer.Tell(Offer(i));
        coordinator.ReceiveN(4);
        var before = TotalOf(reducer);
        KillAndWait(reducer);
        Assert.Equal(0, Journal.Deleted(Id));
        reducer = Reducer(TimeSpan.Zero, 1, compactAfter: 3);
        Assert.Equal(before, TotalOf(reducer));

        Journal.OnDelete = static _ => Task.CompletedTask;
        for (var i = 4; i < 6; i++) reducer.Tell(Offer(i));
        coordinator.ReceiveN(2);
        AwaitAssert(() => Assert.Equal(5, Journal.Deleted(Id)));
    }

    [Fact]
    public void A_batch_offered_again_while_it_is_being_written_is_acknowledged_after_the_write_and_counts_once()
    {
        var disk = new TaskCompletionSource();
        Journal.OnWrite = _ => disk.Task;
        var reducer = Reducer(TimeSpan.Zero, 1);
        reducer.Tell(Offer(0));
        AwaitAssert(() => Assert.Equal(1, Journal.Attempts));
        reducer.Tell(Offer(0));
        reducer.Tell(Offer(1));
        coordinator.ExpectNoMsg(Silence);
        Assert.Equal(1, Journal.Attempts);
        disk.SetResult();
        foreach (var batch in new[] { 0, 0, 1 }) Assert.Equal(Given.Batches(batch), coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>().Batches);
        Assert.Equal(2, Journal.Written(Id).Length);
        Assert.Equal(2, TotalOf(reducer).Total.Rows);
    }

    [Fact]
    public void A_region_that_is_forgotten_says_so_when_it_is_gone_as_often_as_it_is_asked()
    {
        var disk = new TaskCompletionSource();
        var reducers = Regions(TimeSpan.Zero);
        reducers.Tell(Offer(0));
        coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>();
        Journal.OnDelete = _ => disk.Task;
        reducers.Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, TestActor));
        ExpectNoMsg(Silence);
        disk.SetResult();
        Assert.Equal(new(Given.Job(), Region), ExpectMsg<ReduceProtocol.RegionForgotten>());
        Assert.Equal(2, Journal.Deleted(Id));

        // A late copy of a batch does not begin it anew.
        reducers.Tell(Offer(0));
        reducers.Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, TestActor));
        Assert.Equal(new(Given.Job(), Region), ExpectMsg<ReduceProtocol.RegionForgotten>());
        Assert.Equal(2, Journal.Written(Id).Length);
        coordinator.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_region_that_never_was_is_forgotten_without_a_write()
    {
        Regions(TimeSpan.Zero).Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, TestActor));
        Assert.Equal(new(Given.Job(), Region), ExpectMsg<ReduceProtocol.RegionForgotten>());
        Assert.Equal(0, Journal.Attempts);
    }

    [Fact]
    public void A_region_whose_events_cannot_be_deleted_does_not_say_that_it_is_gone()
    {
        Journal.OnDelete = static _ => Task.FromException(new IOException("the disk hiccups"));
        var reducers = Regions(TimeSpan.Zero);
        reducers.Tell(Offer(0));
        coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>();
        reducers.Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, TestActor));
        ExpectNoMsg(Silence);
        Journal.OnDelete = static _ => Task.CompletedTask;
        AwaitAssert(() =>
        {
            reducers.Tell(new ReduceProtocol.ForgetRegion(Given.Job(), Region, TestActor));
            ExpectMsg<ReduceProtocol.RegionForgotten>(TimeSpan.FromMilliseconds(500));
        });
    }

    [Fact]
    public void It_rests_when_its_job_is_not_under_work_and_never_before()
    {
        var (board, parent) = (LiveBoard.Of(Sys), CreateTestProbe());
        board.TurnOn();
        board.Begin(Given.Job());
        parent.IgnoreMessages(static message => message is not Passivate);
        var settings = new ReduceSettings(TimeSpan.Zero, 1, 1_000) { Idle = Silence / 5 };
        var reducer = Sys.ActorOf(Parent.Props(RegionReducerActor.Props(new(Given.Job(), Region), settings, jobs, FaultPoints.None), "reducer", parent));
        reducer.Tell(Offer(0));
        coordinator.ExpectMsg<ReduceProtocol.PartialsAcked>();
        parent.ExpectNoMsg(Silence * 2);
        board.End(new(Given.Job(), false, new(Given.Job(), 130, "cancelled", null, null, [], null)));
        parent.ExpectMsg<Passivate>();
    }

    private static ReduceProtocol.MergePartial Offer(int batch, IActorRef coordinator) =>
        new(Given.Job(), Region, new(0, batch), Given.Partial("DEU", 1 << batch, batch), coordinator);

    private ReduceProtocol.MergePartial Offer(int batch) => Offer(batch, coordinator);

    private IActorRef Reducer(TimeSpan interval, int group, int compactAfter = 1_000) =>
        Sys.ActorOf(RegionReducerActor.Props(new(Given.Job(), Region), new(interval, group, compactAfter), jobs, FaultPoints.None));

    private IActorRef Regions(TimeSpan interval)
    {
        var (settings, told) = (new ReduceSettings(interval, 1, 1_000), jobs.Ref);
        return Sys.ActorOf(RegionParentActor.Props(
            new RegionMessageExtractor(), RegionReducerActor.Entities(Given.Policy, settings, told, FaultPoints.None), told, Given.Policy));
    }

    private ReduceProtocol.RegionTotalReply TotalOf(IActorRef reducer)
    {
        var asker = CreateTestProbe();
        reducer.Tell(new ReduceProtocol.GetRegionTotal(Given.Job(), Region), asker);
        return asker.ExpectMsg<ReduceProtocol.RegionTotalReply>(TimeSpan.FromSeconds(3));
    }
}
