using Akka.Actor;
using Akka.Routing;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Map;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;

namespace Etl.Actors.Tests.Map;

/// <summary>The pool of mappers: as the configuration says, and whole after a crash.</summary>
public sealed class MapperPoolSpecs : EtlSpec
{
    private readonly TestProbe reducers, coordinator, extractor;

    public MapperPoolSpecs() : base("""
        akka.actor.deployment {
          /round-robin-pool { router = round-robin-pool, nr-of-instances = 3 }
          /smallest-mailbox-pool { router = smallest-mailbox-pool, nr-of-instances = 3 }
        }
        """) => (reducers, coordinator, extractor) = (CreateTestProbe("reducers"), CreateTestProbe("coordinator"), CreateTestProbe("extractor"));

    [Theory]
    [InlineData("round-robin-pool")]
    [InlineData("smallest-mailbox-pool")]
    public async Task Only_the_routee_that_failed_restarts(string router)
    {
        var pool = Pool(router, FaultPoints.Parse("map-batch:1:throw"));
        var routees = (await pool.Ask<Routees>(GetRoutees.Instance, TimeSpan.FromSeconds(10))).Members.Cast<ActorRefRoutee>().Select(r => r.Actor).ToArray();
        Assert.Equal(3, routees.Length);
        routees[0].Tell(Batch(0, 1), extractor);
        Assert.EndsWith(routees[0].Path.Name, coordinator.ExpectMsg<MapProtocol.BatchCrashed>().Actor, StringComparison.Ordinal);
        extractor.ExpectMsg<MapProtocol.BatchDone>();

        // A restarted actor is a new object behind the same reference; the pool has lost none, and all of them work.
        Assert.Equal(3, (await pool.Ask<Routees>(GetRoutees.Instance, TimeSpan.FromSeconds(10))).Members.Count());
        for (var i = 1; i <= 9; i++) pool.Tell(Batch(i, 1), extractor);
        var mapped = coordinator.ReceiveN(9).Cast<MapProtocol.BatchMapped>().Select(m => m.Batch.Ordinal).Order();
        Assert.Equal(Enumerable.Range(1, 9), mapped);
        foreach (var routee in routees) routee.Tell(Batch(20, 1), extractor);
        coordinator.ReceiveN(3);
    }

    [Fact]
    public void The_other_routees_keep_their_incarnation()
    {
        var mapper = new Counted();
        var pool = Sys.ActorOf(Props.Create(() => new CountedMapper(mapper)).WithRouter(new RoundRobinPool(3).WithSupervisorStrategy(Settings.Supervision.Mappers)));
        for (var i = 0; i < 3; i++) pool.Tell("who", TestActor);
        ReceiveN(3);
        pool.Tell("fail", TestActor);
        AwaitAssert(() => Assert.Equal(4, mapper.Made));
        for (var i = 0; i < 3; i++) pool.Tell("who", TestActor);
        ReceiveN(3);
        Assert.Equal(4, mapper.Made);
    }

    // As the root makes it: the router comes from the configuration, the strategy from the policy.
    private IActorRef Pool(string deployed, FaultPoints faults) => Sys.ActorOf(
        MapperActor.Props(reducers, faults).WithRouter(FromConfig.Instance.WithSupervisorStrategy(Settings.Supervision.Mappers)), deployed);

    private MapProtocol.MapBatch Batch(int ordinal, int rows) => new(Given.Job(), new(0, ordinal), Given.Rows(rows), Given.Plan, coordinator);

    private sealed class Counted
    {
        public int Made;
    }

    private sealed class CountedMapper : UntypedActor
    {
        public CountedMapper(Counted counted) => Interlocked.Increment(ref counted.Made);

        protected override void OnReceive(object message)
        {
            if (message is "fail") throw new InvalidOperationException("on purpose");
            Sender.Tell("here");
        }
    }
}
