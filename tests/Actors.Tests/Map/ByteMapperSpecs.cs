using System.Text;
using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Map;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Tests.Map;

/// <summary>A mapper of bytes: the buffer goes back, whatever becomes of the batch.</summary>
public sealed class ByteMapperSpecs : EtlSpec
{
    private static readonly FilePlan Plan = Given.FilePlan();
    private readonly BatchBuffers buffers = new(1);
    private readonly TestProbe reducers, coordinator, extractor;

    public ByteMapperSpecs() : base($$"""
        {{SerializeMessages}}
        akka.actor.deployment {
          /one { router = round-robin-pool, nr-of-instances = 1 }
        }
        """) =>
        (reducers, coordinator, extractor) = (CreateTestProbe("reducers"), CreateTestProbe("coordinator"), CreateTestProbe("extractor"));

    [Fact]
    public void A_batch_gives_partials_a_report_with_its_lines_and_the_buffer_back()
    {
        var mapper = Pool(FaultPoints.None);
        var (batch, buffer) = Batch(7, 500, "Germany,2020,5\nKenya,2021,2\nAtlantis,2020,1\n\nFrance,2020,n/a\nKenya,2020,4");
        mapper.Tell(batch, extractor);

        var report = coordinator.ExpectMsg<MapProtocol.BatchMapped>();
        Assert.Equal((Given.Job(), new BatchId(0, 7), 6L), (report.Job, report.Batch, report.Lines));
        Assert.Equal((5, 3, 2), (report.Tally.Read, report.Tally.Records, report.Tally.Quarantined));
        Assert.Equal([(528L, 2L, "Atlantis"), (545L, 4L, "n/a")], report.Tally.Rejections.Select(r => (r.Place.Position, r.Line!.Value, r.Text)));
        var partials = reducers.ReceiveN(report.Regions.Count).Cast<ReduceProtocol.MergePartial>().ToArray();
        Assert.Equal([("Africa", 2L), ("Europe", 1L)], partials.Select(p => (Given.Scheme.Regions[p.Region], p.Partial.Rows)));
        Assert.All(partials, p => Assert.Equal((report.Batch, (IActorRef)coordinator.Ref), (p.Batch, p.Coordinator)));
        Assert.Equal(new MapProtocol.BatchDone(Given.Job(), new(0, 7)), extractor.ExpectMsg<MapProtocol.BatchDone>());
        Assert.Same(buffer, Next().Buffer);
        ExpectSilence();
    }

    [Fact]
    public void A_batch_that_shows_a_file_is_read_wrongly_is_refused_and_nothing_of_it_is_sent()
    {
        var mapper = Pool(FaultPoints.None);
        var (batch, buffer) = Batch(3, 500, "Germany,2020,5\n\"Ken\nya\",2021,2\n");
        mapper.Tell(batch, extractor);

        var refused = extractor.ExpectMsg<MapProtocol.BatchRefused>();
        Assert.Equal((new BatchId(0, 3), 515L, 1L), (refused.Batch, refused.Refusal.Offset, refused.Refusal.Line));
        Assert.Same(buffer, Next().Buffer);
        ExpectSilence();

        // What the refused batch left behind is in no other.
        mapper.Tell(Batch(4, 600, "Kenya,2021,2\n", new(1)).Batch, extractor);
        Assert.Equal(1, coordinator.ExpectMsg<MapProtocol.BatchMapped>().Tally.Records);
    }

    [Fact]
    public void A_crash_gives_batch_credit_and_buffer_back_and_emits_nothing()
    {
        var mapper = Pool(FaultPoints.Parse("map-batch:1:throw"));
        var (batch, buffer) = Batch(3, 500, "Germany,2020,5\n");
        mapper.Tell(batch, extractor);

        var crash = coordinator.ExpectMsg<MapProtocol.BatchCrashed>();
        Assert.Equal((new BatchId(0, 3), "Restart"), (crash.Batch, crash.Directive));
        Assert.Equal(3, extractor.ExpectMsg<MapProtocol.BatchDone>().Batch.Ordinal);
        Assert.Same(buffer, Next().Buffer);
        ExpectSilence();

        mapper.Tell(Batch(3, 500, "Germany,2020,5\n", new(1)).Batch, extractor);
        Assert.Equal(1, coordinator.ExpectMsg<MapProtocol.BatchMapped>().Tally.Records);
    }

    [Fact]
    public void A_batch_that_cannot_be_read_is_given_back_without_a_restart()
    {
        var mapper = Pool(FaultPoints.None);
        var batch = new Unreadable();
        mapper.Tell(new MapProtocol.MapBytes(Given.Job(), new(0, 3), batch, Plan, coordinator, 2), extractor);

        var unreadable = extractor.ExpectMsg<MapProtocol.BatchUnreadable>();
        Assert.Equal((new BatchId(0, 3), 2, "in use"), (unreadable.Batch, unreadable.Attempt, unreadable.Cause.Message));
        Assert.True(batch.IsBack);
        ExpectSilence();

        // The piece that could be read is in no other batch.
        mapper.Tell(Batch(4, 600, "Kenya,2021,2\n").Batch, extractor);
        Assert.Equal(1, coordinator.ExpectMsg<MapProtocol.BatchMapped>().Tally.Records);
    }

    private IActorRef Pool(FaultPoints faults) => Sys.ActorOf(
        MapperActor.Props(reducers, faults).WithRouter(FromConfig.Instance.WithSupervisorStrategy(Settings.Supervision.Mappers)), "one");

    // The budget is for one: there is a next one when this one is back.
    private BufferLease Next()
    {
        var next = buffers.RentAsync(1_000, CancellationToken.None);
        Assert.True(next.Wait(TimeSpan.FromSeconds(10)), "the buffer did not come back");
        return next.Result;
    }

    private (MapProtocol.MapBytes Batch, byte[] Buffer) Batch(int ordinal, long offset, string text, BatchBuffers? from = null)
    {
        var lease = (from ?? buffers).RentAsync(1_000, CancellationToken.None).Result;
        var length = Encoding.UTF8.GetBytes(text, lease.Buffer);
        return (new(Given.Job(), new(0, ordinal), new LentBytes(lease, new(lease.Buffer, 0, length, offset, 0)), Plan, coordinator, 1), lease.Buffer);
    }

    private void ExpectSilence()
    {
        coordinator.ExpectNoMsg(Silence);
        reducers.ExpectNoMsg(TimeSpan.Zero);
        extractor.ExpectNoMsg(TimeSpan.Zero);
    }

    /// <summary>Its first piece can be read, its second cannot.</summary>
    private sealed class Unreadable : LentBatch, IBatchPieces
    {
        private bool read;

        public bool IsBack { get; private set; }

        public override long Length => 15;

        public override IBatchPieces Pieces(PieceBuffer own) => this;

        public bool Next(out BatchBytes piece)
        {
            if (read) throw new BatchUnreadableException(new IOException("in use"));
            read = true;
            piece = new([.. "Germany,2020,5\n"u8, .. new byte[BatchBytes.Padding]], 0, 15, 500, 0);
            return true;
        }

        public override void Return() => IsBack = true;

        public override void Abandon()
        {
        }
    }
}
