using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Map;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Map;

/// <summary>A mapper: all of a batch or nothing, its credit in any case.</summary>
public sealed class MapperSpecs : EtlSpec
{
    private readonly TestProbe reducers, coordinator, extractor;

    public MapperSpecs() : base($$"""
        {{SerializeMessages}}
        akka.actor.deployment {
          /one { router = round-robin-pool, nr-of-instances = 1 }
        }
        """) =>
        (reducers, coordinator, extractor) = (CreateTestProbe("reducers"), CreateTestProbe("coordinator"), CreateTestProbe("extractor"));

    [Fact]
    public void A_batch_gives_one_partial_per_region_one_report_and_its_credit()
    {
        var mapper = Sys.ActorOf(MapperActor.Props(reducers, FaultPoints.None));
        mapper.Tell(Batch(7, [Given.Row(1, "Germany", "5"), Given.Row(2, "Kenya", "2"), Given.Row(3, "France", "3"), Given.Row(4, "Atlantis", "1")]), extractor);

        var report = coordinator.ExpectMsg<MapProtocol.BatchMapped>();
        Assert.Equal((Given.Job(), new BatchId(0, 7)), (report.Job, report.Batch));
        Assert.Equal((4, 3, 1), (report.Tally.Read, report.Tally.Records, report.Tally.Quarantined));
        var partials = reducers.ReceiveN(report.Regions.Count).Cast<ReduceProtocol.MergePartial>().ToArray();
        Assert.Equal(["Africa", "Europe"], partials.Select(p => Given.Scheme.Regions[p.Region]));
        Assert.Equal(report.Regions, [.. partials.Select(p => p.Region)]);
        Assert.Equal([1L, 2L], partials.Select(p => p.Partial.Rows));
        Assert.All(partials, p => Assert.Equal((report.Batch, (IActorRef)coordinator.Ref), (p.Batch, p.Coordinator)));
        Assert.Equal(new MapProtocol.BatchDone(Given.Job(), new(0, 7)), extractor.ExpectMsg<MapProtocol.BatchDone>());
        ExpectSilence();
    }

    [Fact]
    public void A_batch_without_records_is_reported_all_the_same()
    {
        Sys.ActorOf(MapperActor.Props(reducers, FaultPoints.None)).Tell(Batch(0, [Given.Row(1, "Atlantis", "1")]), extractor);
        Assert.Empty(coordinator.ExpectMsg<MapProtocol.BatchMapped>().Regions);
        extractor.ExpectMsg<MapProtocol.BatchDone>();
        ExpectSilence();
    }

    [Fact]
    public void A_crash_gives_the_batch_and_its_credit_back_and_emits_nothing_of_it()
    {
        var pool = Pool("one", FaultPoints.Parse("map-batch:1:throw"));
        pool.Tell(Batch(3, Given.Rows(4)), extractor);

        var crash = coordinator.ExpectMsg<MapProtocol.BatchCrashed>();
        Assert.Equal((Given.Job(), new BatchId(0, 3), null, "Restart"), (crash.Job, crash.Batch, crash.Row, crash.Directive));
        Assert.StartsWith("/user/", crash.Actor, StringComparison.Ordinal);
        Assert.Contains("InjectedFaultException: injected fault at map-batch", crash.Cause, StringComparison.Ordinal);
        extractor.ExpectMsg<MapProtocol.BatchDone>(d => d.Batch == new BatchId(0, 3));
        ExpectSilence();
    }

    [Fact]
    public void A_crash_names_the_row_that_was_under_way()
    {
        var pool = Pool("one", FaultPoints.None);
        // A row that no source makes: reading its name throws.
        pool.Tell(Batch(3, [Given.Row(41, "Germany", "1"), Given.Row(42, null!, "1"), Given.Row(43, "Kenya", "1")]), extractor);
        Assert.Equal(42, coordinator.ExpectMsg<MapProtocol.BatchCrashed>().Row);
        reducers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_routee_restarts_without_limit_for_the_batch_is_what_limits()
    {
        var pool = Pool("one", FaultPoints.Parse("map-batch:1:throw-always"));
        for (var i = 0; i < 50; i++) pool.Tell(Batch(i, Given.Rows(1)), extractor);
        Assert.Equal(50, coordinator.ReceiveN(50).Cast<MapProtocol.BatchCrashed>().Count());
        extractor.ReceiveN(50);
    }

    // As the root makes it: the router comes from the configuration, the strategy from the policy.
    private IActorRef Pool(string deployed, FaultPoints faults) => Sys.ActorOf(
        MapperActor.Props(reducers, faults).WithRouter(FromConfig.Instance.WithSupervisorStrategy(Settings.Supervision.Mappers)), deployed);

    private MapProtocol.MapBatch Batch(int ordinal, IReadOnlyList<RawRow> rows) => new(Given.Job(), new(0, ordinal), rows, Given.Plan, coordinator);

    private void ExpectSilence()
    {
        coordinator.ExpectNoMsg(Silence);
        reducers.ExpectNoMsg(TimeSpan.Zero);
        extractor.ExpectNoMsg(TimeSpan.Zero);
    }
}
