using System.Text;
using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Hosting;
using Etl.Actors.Map;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Map;

/// <summary>Batches that have crashed mappers, on their way from the coordinator through an extractor and a mapper.</summary>
public sealed class CautionSpecs : EtlSpec
{
    private const string Rows = "Germany,2020,5\nKenya,2021,2\nFrance,2020,3\n";

    private readonly TestProbe reducers, coordinator, extractor;

    public CautionSpecs() : base($$"""
        {{SerializeMessages}}
        akka.actor.deployment {
          /one { router = round-robin-pool, nr-of-instances = 1 }
        }
        """) =>
        (reducers, coordinator, extractor) = (CreateTestProbe("reducers"), CreateTestProbe("coordinator"), CreateTestProbe("extractor"));

    [Fact]
    public void An_extractor_hands_on_how_a_batch_is_to_be_mapped()
    {
        var mappers = CreateTestProbe("mappers");
        var reading = Sys.ActorOf(ExtractorActor.Props(Given.Reader(Given.Rows(4)), mappers, ActorRefs.Nobody, new(4, TimeSpan.FromHours(1))));
        reading.Tell(new ExtractProtocol.ExtractSplit(Given.Job(), 0, Given.Page, Given.Spec()), coordinator);
        coordinator.ExpectMsg<ExtractProtocol.SplitRead>();
        var caution = new Caution([new(3, "why")], true, new(3, 4));
        reading.Tell(new ExtractProtocol.IssueBatches(Given.Job(), Given.Batches(0, 1)) { Cautions = [new(new(0, 1), caution)] }, coordinator);
        Assert.Null(mappers.ExpectMsg<MapProtocol.MapBatch>().Caution);
        Assert.Equal(caution, mappers.ExpectMsg<MapProtocol.MapBatch>().Caution);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_part_of_a_batch_is_mapped_and_nothing_of_it_is_sent(bool bytes)
    {
        Pool(FaultPoints.None).Tell(Batch(bytes, new([], false, new(2, 40))), extractor);
        extractor.ExpectMsg<MapProtocol.BatchDone>();
        Assert.Equal(new RowRange(2, 40), coordinator.ExpectMsg<MapProtocol.ProbePassed>().Rows);
        ExpectSilence();
    }

    [Theory]
    [InlineData(true, 15)]
    [InlineData(false, 2)]
    public void A_crash_of_a_part_tells_which_part_and_which_row(bool bytes, long row)
    {
        var pool = Pool(FaultPoints.Parse("poison-row=Kenya"));
        pool.Tell(Batch(bytes, new([], false, new(2, 40))), extractor);
        extractor.ExpectMsg<MapProtocol.BatchDone>();
        var crash = coordinator.ExpectMsg<MapProtocol.BatchCrashed>();
        Assert.Equal((new RowRange(2, 40), (long?)row), (crash.Probe, crash.Row));
        ExpectSilence();

        // A part that the row is not in.
        pool.Tell(Batch(bytes, new([], false, new(0, 2))), extractor);
        coordinator.ExpectMsg<MapProtocol.ProbePassed>();
    }

    [Theory]
    [InlineData(true, 15, 1L, "Kenya,2021,2")]
    [InlineData(false, 2, null, "Kenya, 2, 2025")]
    public void A_condemned_row_is_set_aside_unread_and_all_others_count(bool bytes, long row, long? line, string text)
    {
        Pool(FaultPoints.Parse("poison-row=Kenya:throw-unnamed")).Tell(Batch(bytes, new([new(row, "why")], true, null)), extractor);
        var report = coordinator.ExpectMsg<MapProtocol.BatchMapped>();
        Assert.Equal((3, 2, 1), (report.Tally.Read, report.Tally.Records, report.Tally.Quarantined));
        Assert.Equal(new Rejection(new(0, row), line, "", text, "why"), Assert.Single(report.Tally.Rejections));
        Assert.Equal(bytes ? 3 : null, report.Lines);
        Assert.Equal("Europe", Given.Scheme.Regions[reducers.ExpectMsg<ReduceProtocol.MergePartial>().Region]);
    }

    private object Batch(bool bytes, Caution caution)
    {
        if (!bytes)
            return new MapProtocol.MapBatch(
                Given.Job(), new(0, 3), [Given.Row(1, "Germany", "5"), Given.Row(2, "Kenya", "2"), Given.Row(41, "France", "3")], Given.Plan, coordinator)
            {
                Caution = caution,
            };
        var lease = new BatchBuffers(1).RentAsync(1_000, CancellationToken.None).Result;
        var length = Encoding.UTF8.GetBytes(Rows, lease.Buffer);
        return new MapProtocol.MapBytes(Given.Job(), new(0, 3), new LentBytes(lease, new(lease.Buffer, 0, length, 0, 0)), Given.FilePlan(), coordinator, 1)
        {
            Caution = caution,
        };
    }

    private IActorRef Pool(FaultPoints faults) => Sys.ActorOf(
        MapperActor.Props(reducers, faults).WithRouter(FromConfig.Instance.WithSupervisorStrategy(Settings.Supervision.Mappers)), "one");

    private void ExpectSilence()
    {
        coordinator.ExpectNoMsg(Silence);
        reducers.ExpectNoMsg(TimeSpan.Zero);
        extractor.ExpectNoMsg(TimeSpan.Zero);
    }
}
