using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Tests.Extract;

/// <summary>An extractor of a file: reads by credit, a few batches at once, lends buffers and sees that their places come back.</summary>
public sealed class ByteExtractorSpecs : EtlSpec
{
    private const int Window = 3;

    private static readonly TimeSpan Beat = TimeSpan.FromHours(1);

    private static readonly ExtractProtocol.ExtractSplit Request = new(
        Given.Job(), 0, Given.Records("big.csv"), Given.Spec() with { Source = RecordSource.Csv, Inputs = [Given.Records("big.csv")] });

    private readonly TestProbe mappers, coordinator;

    public ByteExtractorSpecs() : base($$"""
        {{SerializeMessages}}
        akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
        """) => (mappers, coordinator) = (CreateTestProbe("mappers"), CreateTestProbe("coordinator"));

    [Fact]
    public void No_more_is_read_at_once_than_is_worth_it_and_no_more_is_out_than_the_window()
    {
        var feed = new FakeFeed(readsAtOnce: 2);
        var extractor = Reading(feed, 10);
        Issue(extractor, 0, 1, 2, 3, 4);
        feed.AskedIs(this, 0, 1);
        feed.Give(1);
        Assert.Equal(1, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        feed.AskedIs(this, 0, 1, 2);
        feed.Give(0);
        Assert.Equal(0, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        // One is read and two are with mappers: that is the window.
        coordinator.ExpectNoMsg(Silence);
        feed.AskedIs(this, 0, 1, 2);
        extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, 1)), mappers);
        feed.AskedIs(this, 0, 1, 2, 3);
    }

    [Fact]
    public void What_is_sent_names_the_batch_and_who_is_told()
    {
        var feed = new FakeFeed();
        Issue(Reading(feed, 10), 7);
        feed.Give(7);
        var sent = mappers.ExpectMsg<MapProtocol.MapBytes>();
        Assert.Equal((Given.Job(), new BatchId(0, 7), (IActorRef)coordinator.Ref, FakeFeed.Plan), (sent.Job, sent.Batch, sent.Coordinator, sent.Plan));
        Assert.Equal(7, ((LentBytes)sent.Bytes).Bytes.Offset);
    }

    [Fact]
    public async Task A_batch_that_is_issued_again_is_read_into_another_buffer_for_its_first_reader_may_still_live()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, 10);
        Issue(extractor, 0);
        feed.Give(0);
        var first = (LentBytes)mappers.ExpectMsg<MapProtocol.MapBytes>().Bytes;
        // The one place of the budget is with the mapper that is lost.
        var next = feed.Buffers.RentAsync(100, CancellationToken.None);
        Assert.False(next.IsCompleted);
        Issue(extractor, 0);
        Assert.NotSame(first.Bytes.Buffer, (await next.WaitAsync(TimeSpan.FromSeconds(10))).Buffer);
        feed.AskedIs(this, 0, 0);
        // The first reader ends after all: what it gives back is neither lent nor counted twice.
        first.Return();
        Assert.False(feed.Buffers.RentAsync(100, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void A_batch_under_way_is_not_read_twice_when_it_is_issued_again()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, 10);
        Issue(extractor, 0);
        feed.AskedIs(this, 0);
        Issue(extractor, 0);
        feed.Give(0);
        mappers.ExpectMsg<MapProtocol.MapBytes>();
        mappers.ExpectNoMsg(Silence);
        feed.AskedIs(this, 0);
    }

    [Fact]
    public void An_extractor_that_is_stopped_gives_up_the_places_of_its_buffers_and_its_feed()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, 10);
        Issue(extractor, 0);
        feed.Give(0);
        mappers.ExpectMsg<MapProtocol.MapBytes>();
        var next = feed.Buffers.RentAsync(100, CancellationToken.None);
        ((IInternalActorRef)extractor).Stop();
        AwaitAssert(() => Assert.True(next.IsCompletedSuccessfully));
        AwaitAssert(() => Assert.True(feed.IsDisposed));
    }

    [Fact]
    public void A_reading_that_begins_again_returns_what_comes_late_from_the_one_before()
    {
        var (first, second) = (new FakeFeed(), new FakeFeed());
        var feeds = new Queue<FakeFeed>([first, second]);
        var extractor = Sys.ActorOf(ExtractorActor.Props(Reader(10, feeds.Dequeue), mappers, ActorRefs.Nobody, new(Window, Beat)));
        extractor.Tell(Request, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        Issue(extractor, 0);
        first.AskedIs(this, 0);
        extractor.Tell(Request with { Spec = Request.Spec with { BatchBytes = 77 } }, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        Assert.True(first.IsDisposed);
        first.Give(0);
        mappers.ExpectNoMsg(Silence);
        Assert.True(first.Buffers.RentAsync(100, CancellationToken.None).IsCompleted);
    }

    [Fact]
    public void A_stream_says_when_it_ends_and_nothing_beyond_is_asked_for()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, SplitPlan.Unknown);
        Issue(extractor, 0, 1, 2, 3, 4, 5);
        feed.Give(0);
        feed.AskedIs(this, 0, 1);
        feed.Give(1, new FeedItem.End(1));
        Assert.Equal(new(Given.Job(), 0, 1), coordinator.ExpectMsg<ExtractProtocol.SplitEnded>());
        coordinator.ExpectNoMsg(Silence);
        feed.AskedIs(this, 0, 1);
    }

    [Fact]
    public void What_lies_before_the_end_is_read_all_the_same()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, SplitPlan.Unknown);
        Issue(extractor, 5);
        feed.AskedIs(this, 5);
        Issue(extractor, 1, 6);
        feed.Give(5, new FeedItem.End(2));
        coordinator.ExpectMsg<ExtractProtocol.SplitEnded>();
        feed.AskedIs(this, 5, 1);
        feed.Give(1);
        Assert.Equal(1, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        feed.AskedIs(this, 5, 1);
    }

    [Fact]
    public void A_failed_read_behind_the_last_batch_is_made_good_by_the_end()
    {
        var (feed, jobs) = (new FakeFeed(), CreateTestProbe());
        Issue(Reading(feed, SplitPlan.Unknown, jobs), 2);
        feed.AskedIs(this, 2);
        feed.Fail(2, new IOException("in use"));
        var failed = jobs.ExpectMsg<SupervisionProtocol.ActorFailed>().Restart;
        Assert.Equal((new BatchId(0, 2), (TimeSpan?)null), (failed.Batch, failed.RecoveredAfter));
        AwaitAssert(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal([2, 2], feed.Asked);
        });
        feed.Give(2, new FeedItem.End(2));
        Assert.True(jobs.ExpectMsg<SupervisionProtocol.ActorFailed>().Restart is { RecoveredAfter: not null } made && made.IsSame(failed));
    }

    [Fact]
    public void A_batch_that_cannot_be_read_now_is_tried_again_alone()
    {
        var feed = new FakeFeed(readsAtOnce: 2);
        var extractor = Reading(feed, 10);
        Issue(extractor, 0, 1, 2);
        feed.AskedIs(this, 0, 1);
        feed.Fail(1, new IOException("in use"));
        feed.Give(0);
        Assert.Equal(0, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        feed.AskedIs(this, 0, 1, 2);
        feed.Give(2);
        Assert.Equal(2, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        AwaitAssert(() =>
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal([0, 1, 2, 1], feed.Asked);
        });
        feed.Give(1);
        Assert.Equal(1, mappers.ExpectMsg<MapProtocol.MapBytes>().Batch.Ordinal);
        coordinator.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_batch_that_its_mapper_cannot_read_is_tried_again_and_takes_its_place_meanwhile()
    {
        var feed = new FakeFeed();
        var extractor = Reading(feed, 10);
        Issue(extractor, 0, 1);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            feed.Give(0);
            var sent = mappers.ExpectMsg<MapProtocol.MapBytes>();
            Assert.Equal((0, attempt), (sent.Batch.Ordinal, sent.Attempt));
            var unreadable = new MapProtocol.BatchUnreadable(Given.Job(), new(0, 0), attempt, new IOException("in use"));
            extractor.Tell(unreadable, mappers);
            // Of a batch that is not with mappers any more it means nothing.
            extractor.Tell(unreadable, mappers);
            if (attempt == 5) break;
            AwaitAssert(() =>
            {
                ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromMilliseconds(500));
                Assert.Equal(attempt + 1, feed.Asked.Count(o => o == 0));
            });
        }

        var failed = coordinator.Fish<ExtractProtocol.SplitFailed>();
        Assert.Equal((74, "big.csv cannot be read: in use"), (failed.ExitCode, failed.Reason));
    }

    [Theory]
    [InlineData(typeof(InvalidDataException), 1)]
    [InlineData(typeof(UnauthorizedAccessException), 74)]
    public void A_batch_that_can_never_be_read_ends_the_split(Type cause, int exitCode)
    {
        var feed = new FakeFeed();
        Issue(Reading(feed, 10), 0);
        feed.AskedIs(this, 0);
        feed.Fail(0, (Exception)Activator.CreateInstance(cause, "it is damaged")!);
        var failed = coordinator.Fish<ExtractProtocol.SplitFailed>();
        Assert.Equal((exitCode, "big.csv cannot be read: it is damaged"), (failed.ExitCode, failed.Reason));
    }

    [Theory]
    [InlineData(4711, "big.csv, line 4711, byte 900: a quote is open; close it")]
    [InlineData(0, "big.csv, byte 900: a quote is open; close it")]
    [InlineData(-1, "big.csv, byte 900: a quote is open; close it")]
    public void A_refusal_names_the_line_in_the_file_where_it_can_be_told(long line, string text)
    {
        var feed = new FakeFeed { Line = line };
        var extractor = Reading(feed, 10);
        extractor.Tell(new MapProtocol.BatchRefused(Given.Job(), new(0, 3), new(900, 5, "a quote is open", "close it")), mappers);
        Assert.Equal(new(Given.Job(), 0, 1, text), coordinator.ExpectMsg<ExtractProtocol.SplitFailed>());
        Assert.Equal(900, feed.Located);
    }

    [Fact]
    public void It_says_what_waits_for_the_source_for_ever_and_what_is_with_mappers_as_long_as_some_of_it_comes_back()
    {
        var feed = new FakeFeed();
        var extractor = Sys.ActorOf(ExtractorActor.Props(Reader(10, () => feed), mappers, ActorRefs.Nobody, new(Window, TimeSpan.FromSeconds(1))));
        extractor.Tell(Request, coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        Issue(extractor, 0, 1, 2, 3);
        feed.Give(0);
        mappers.ExpectMsg<MapProtocol.MapBytes>();
        feed.Give(1);
        mappers.ExpectMsg<MapProtocol.MapBytes>();
        feed.AskedIs(this, 0, 1, 2);
        for (var slow = 0; slow < 3; slow++) Assert.Equal(Given.Batches(2, 3), Held());

        extractor.Tell(new MapProtocol.BatchDone(Given.Job(), new(0, 0)), mappers);
        Assert.Equal(Given.Batches(1, 2, 3), Held());
        Assert.Equal(Given.Batches(2, 3), Held());

        BatchSet Held()
        {
            ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(1));
            return coordinator.ExpectMsg<ExtractProtocol.BatchesHeld>().Batches;
        }
    }

    private static void Issue(IActorRef extractor, params int[] ordinals) =>
        extractor.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(ordinals)), ActorRefs.NoSender);

    private static SplitReader Reader(int batches, Func<IBatchFeed> open) =>
        Given.Reader((_, _, _) => Task.FromResult<SplitReading>(new SplitReading.Records(Given.Choice, batches, open)));

    private IActorRef Reading(FakeFeed feed, int batches, IActorRef? jobs = null)
    {
        var extractor = Sys.ActorOf(ExtractorActor.Props(Reader(batches, () => feed), mappers, jobs ?? ActorRefs.Nobody, new(Window, Beat)));
        extractor.Tell(Request, coordinator);
        Assert.Equal(batches, coordinator.ExpectMsg<ExtractProtocol.SplitRead>().Batches);
        return extractor;
    }

    /// <summary>Reads when the test says so.</summary>
    private sealed class FakeFeed(int readsAtOnce = 1) : IBatchFeed
    {
        public static readonly FilePlan Plan = Given.FilePlan();

        private readonly ConcurrentDictionary<int, TaskCompletionSource<FeedItem>> open = new();
        private readonly ConcurrentQueue<int> asked = new();

        public BatchBuffers Buffers { get; } = new(1);

        public int ReadsAtOnce => readsAtOnce;

        public IEnumerable<int> Asked => asked;

        public bool IsDisposed { get; private set; }

        public long Line { get; init; }

        public long Located { get; private set; }

        public Task<FeedItem> ReadAsync(int ordinal, CancellationToken cancellation)
        {
            asked.Enqueue(ordinal);
            return open.GetOrAdd(ordinal, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        public Task<long> LineOfAsync(long offset, CancellationToken cancellation)
        {
            Located = offset;
            return Line < 0 ? Task.FromException<long>(new IOException("gone")) : Task.FromResult(Line);
        }

        public void Dispose() => IsDisposed = true;

        public void AskedIs(EtlSpec spec, params int[] ordinals) => spec.AwaitAssert(() => Assert.Equal(ordinals, Asked));

        public void Fail(int ordinal, Exception cause) => Take(ordinal).SetException(cause);

        public void Give(int ordinal)
        {
            var reading = Take(ordinal);
            // The budget is for one: the others are lent from pools of their own.
            var lease = (asked.Count == 1 ? Buffers : new BatchBuffers(1)).RentAsync(100, CancellationToken.None).Result;
            reading.SetResult(new FeedItem.Bytes(new LentBytes(lease, new(lease.Buffer, 0, 0, ordinal, 0)), Plan));
        }

        public void Give(int ordinal, FeedItem item) => Take(ordinal).SetResult(item);

        // The next reading of it is another.
        private TaskCompletionSource<FeedItem> Take(int ordinal)
        {
            TaskCompletionSource<FeedItem>? reading;
            while (!open.TryRemove(ordinal, out reading)) Thread.Sleep(1);
            return reading;
        }
    }
}
