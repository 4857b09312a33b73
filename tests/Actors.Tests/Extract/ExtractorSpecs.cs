using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Extract;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Extract;

/// <summary>An extractor: reads one split, feeds by credit, tells people why it cannot.</summary>
public sealed class ExtractorSpecs : EtlSpec
{
    private const int Window = 3;

    private static readonly TimeSpan Beat = TimeSpan.FromHours(1);
    private static readonly ExtractProtocol.ExtractSplit Request = new(Given.Job(), 0, Given.Page, Given.Spec());
    private readonly TestProbe mappers, coordinator, jobs;

    public ExtractorSpecs() : base($$"""
        {{SerializeMessages}}
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """) => (mappers, coordinator, jobs) = (CreateTestProbe("mappers"), CreateTestProbe("coordinator"), CreateTestProbe("jobs"));

    private TestScheduler Clock => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void It_tells_how_many_batches_the_split_has_and_feeds_nothing_unasked()
    {
        var extractor = Extractor(Given.Reader(Given.Rows(5)));
        extractor.Tell(Request, coordinator);
        Assert.Equal(new(Given.Job(), 0, 3, Given.Choice), coordinator.ExpectMsg<ExtractProtocol.SplitRead>());
        mappers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void Batches_are_cut_by_row_number_and_name_who_is_told()
    {
        var rows = Given.Rows(5);
        var extractor = Reading(Given.Reader(rows));
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0, 1, 2)), coordinator);
        for (var i = 0; i < 3; i++)
        {
            var batch = mappers.ExpectMsg<MapProtocol.MapBatch>();
            Assert.Equal((new BatchId(0, i), (IActorRef)coordinator.Ref), (batch.Batch, batch.Coordinator));
            Assert.Equal(rows.Skip(i * 2).Take(2), batch.Rows);
        }
    }

    [Fact]
    public void Never_more_than_the_window_is_with_mappers_and_each_credit_feeds_one()
    {
        var extractor = Reading(Given.Reader(Given.Rows(20)));
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches([.. Enumerable.Range(0, 10)])), coordinator);
        mappers.ReceiveN(Window);
        mappers.ExpectNoMsg(Silence);
        for (var i = 0; i < 10 - Window; i++)
        {
            extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, i)), mappers);
            Assert.Equal(new BatchId(0, i + Window), mappers.ExpectMsg<MapProtocol.MapBatch>().Batch);
        }

        extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, 8)), mappers);
        mappers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_credit_told_twice_is_one_credit()
    {
        var extractor = Reading(Given.Reader(Given.Rows(20)));
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches([.. Enumerable.Range(0, 10)])), coordinator);
        mappers.ReceiveN(Window);
        extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, 0)), mappers);
        extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, 0)), mappers);
        mappers.ExpectMsg<MapProtocol.MapBatch>();
        mappers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_credit_that_was_lost_comes_back_when_the_batch_is_issued_again()
    {
        var extractor = Reading(Given.Reader(Given.Rows(20)));
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0, 1, 2)), coordinator);
        mappers.ReceiveN(Window);
        // No mapper ever answers: the coordinator's deadline passes.
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0, 1, 2)), coordinator);
        Assert.Equal([0, 1, 2], mappers.ReceiveN(Window).Cast<MapProtocol.MapBatch>().Select(m => m.Batch.Ordinal));
    }

    [Fact]
    public void Batches_issued_before_the_split_is_read_wait_for_it()
    {
        var disk = new TaskCompletionSource<SplitReading>();
        var extractor = Extractor(Given.Reader((_, _, _) => disk.Task));
        extractor.Tell(Request, coordinator);
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(1)), coordinator);
        mappers.ExpectNoMsg(Silence);
        disk.SetResult(new SplitReading.Rows(Given.Choice, Given.Rows(5)));
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        Assert.Equal(new BatchId(0, 1), mappers.ExpectMsg<MapProtocol.MapBatch>().Batch);
    }

    [Fact]
    public void A_transient_failure_is_tried_again_after_a_wait_that_grows()
    {
        var reads = 0;
        var extractor = Extractor(Given.Reader((_, _, _) => Interlocked.Increment(ref reads) < 3
            ? Task.FromException<SplitReading>(new IOException("in use"))
            : Task.FromResult<SplitReading>(new SplitReading.Rows(Given.Choice, Given.Rows(5)))));
        extractor.Tell(Request, coordinator);
        // 200 ms doubled per attempt, 20 % either way.
        coordinator.ExpectNoMsg(Silence);
        Assert.Equal(1, reads);
        Advance(() => Assert.Equal(2, reads), TimeSpan.FromMilliseconds(480));
        Advance(() => Assert.Equal(3, reads), TimeSpan.FromMilliseconds(960));
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        // Each failure is told of, to whoever brings it to the job's journal; and when the read has succeeded, how long that took.
        var told = jobs.ReceiveN(4).Cast<SupervisionProtocol.ActorFailed>().Select(f => f.Restart).ToArray();
        Assert.All(told, r => Assert.Equal((ActorRestart.ReadAgain, "IOException: in use", null, 0), (r.Directive, r.Cause, r.Batch, r.Attempt)));
        Assert.Equal([true, true, false, false], told.Select(r => r.RecoveredAfter is null));
        Assert.Equal(told.Take(2).Select(r => r.At), told.Skip(2).Select(r => r.At));
    }

    [Fact]
    public void A_failure_that_stays_ends_with_74_after_five_attempts()
    {
        var reads = 0;
        var extractor = Extractor(Given.Reader((_, _, _) =>
        {
            Interlocked.Increment(ref reads);
            return Task.FromException<SplitReading>(new IOException("no such share"));
        }));
        extractor.Tell(Request, coordinator);
        for (var attempt = 2; attempt <= 5; attempt++)
        {
            var expected = attempt;
            Advance(() => Assert.Equal(expected, reads), TimeSpan.FromSeconds(8));
        }

        var restart = Assert.Single(coordinator.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts);
        Assert.Equal((ActorRestart.ForGood, "IOException: no such share"), (restart.Directive, restart.Cause));
        var failed = coordinator.ExpectMsg<ExtractProtocol.SplitFailed>();
        Assert.Equal((74, 5), (failed.ExitCode, reads));
        Assert.Contains("page.html cannot be read: no such share", failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(UnauthorizedAccessException), 74)]
    [InlineData(typeof(InvalidDataException), 1)]
    [InlineData(typeof(FormatException), 1)]
    public void A_failure_that_no_waiting_mends_is_told_at_once(Type type, int exitCode)
    {
        Extractor(Given.Reader((_, _, _) => Task.FromException<SplitReading>((Exception)Activator.CreateInstance(type)!))).Tell(Request, coordinator);
        Assert.Equal(exitCode, coordinator.Fish<ExtractProtocol.SplitFailed>().ExitCode);
    }

    [Fact]
    public void A_read_that_another_job_cancelled_is_tried_again()
    {
        var reads = 0;
        Extractor(Given.Reader((_, _, _) => Interlocked.Increment(ref reads) == 1
            ? Task.FromCanceled<SplitReading>(new CancellationToken(true))
            : Task.FromResult<SplitReading>(new SplitReading.Rows(Given.Choice, Given.Rows(5))))).Tell(Request, coordinator);
        Advance(() => Assert.Equal(2, reads), TimeSpan.FromSeconds(1));
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void A_refusal_ends_with_its_own_exit_code(int exitCode)
    {
        Extractor(Given.Reader((_, _, _) => Task.FromResult<SplitReading>(new SplitReading.Refused(exitCode, "not the table")))).Tell(Request, coordinator);
        Assert.Equal(new(Given.Job(), 0, exitCode, "not the table"), coordinator.ExpectMsg<ExtractProtocol.SplitFailed>());
    }

    [Fact]
    public void A_late_result_of_an_earlier_request_is_dropped()
    {
        var slow = new TaskCompletionSource<SplitReading>();
        var extractor = Extractor(Given.Reader((spec, _, _) => spec.BatchRows == 2
            ? slow.Task
            : Task.FromResult<SplitReading>(new SplitReading.Rows(Given.Choice, Given.Rows(6)))));
        extractor.Tell(Request, coordinator);
        extractor.Tell(Request with { Spec = Given.Spec(3) with { Source = "other" } }, coordinator);
        Assert.Equal(2, coordinator.ExpectMsg<ExtractProtocol.SplitRead>().Batches);
        slow.SetResult(new SplitReading.Rows(Given.Choice, Given.Rows(50)));
        coordinator.ExpectNoMsg(Silence);
    }

    [Fact]
    public async Task A_reader_that_was_stopped_stops_reading()
    {
        var token = new TaskCompletionSource<CancellationToken>();
        var extractor = Extractor(Given.Reader(async (_, _, cancellation) =>
        {
            token.SetResult(cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        }));
        extractor.Tell(Request, coordinator);
        var given = await token.Task;
        Assert.False(given.IsCancellationRequested);
        ((IInternalActorRef)extractor).Stop();
        AwaitAssert(() => Assert.True(given.IsCancellationRequested));
    }

    private IActorRef Extractor(SplitReader reader) => Sys.ActorOf(ExtractorActor.Props(reader, mappers, jobs, new(Window, Beat)));

    private IActorRef Reading(SplitReader reader)
    {
        var extractor = Extractor(reader);
        extractor.Tell(Request, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        return extractor;
    }

    // The timer is set when the failure has come back through the mailbox: advancing before does nothing, so it is repeated in steps.
    private void Advance(Action until, TimeSpan atMost)
    {
        var passed = TimeSpan.Zero;
        var step = atMost / 40;
        AwaitAssert(
            () =>
            {
                if ((passed += step) <= atMost) Clock.Advance(step);
                until();
            },
            TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
    }
}
