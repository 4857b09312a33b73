using Akka.Actor;
using Etl.Actors.Protocol;
using Etl.Actors.Reduce;
using Etl.Actors.Tests.Kit;

namespace Etl.Actors.Tests.Reduce;

/// <summary>Which entity a message is for, and that it gets there.</summary>
public sealed class RegionParentSpecs : EtlSpec
{
    private readonly RegionMessageExtractor extractor = new();

    [Fact]
    public void Entity_ids_are_the_job_and_the_ordinal() =>
        Assert.Equal(
            "00000007000000000000000000000000-12", extractor.EntityId(new ReduceProtocol.GetRegionTotal(Given.Job(7), 12)));

    [Fact]
    public void What_is_for_no_region_has_no_entity() => Assert.Null(extractor.EntityId("news"));

    // Pinned: a shard that moved with a version or a process would have two homes in a cluster that is being upgraded.
    [Theory]
    [InlineData("00000001000000000000000000000000-0", "39")]
    [InlineData("00000001000000000000000000000000-1", "20")]
    [InlineData("0f8fad5bd9cb469fa16570867728950e-17", "50")]
    [InlineData("", "5")]
    public void Shard_ids_are_stable(string entity, string shard) => Assert.Equal(shard, extractor.ShardId(entity));

    [Fact]
    public void Shards_are_used_evenly_enough()
    {
        var shards = Enumerable.Range(0, 1_000).Select(region => extractor.ShardId($"{Given.Job()}-{region}")).Distinct();
        Assert.Equal(64, shards.Count());
    }

    [Fact]
    public void A_message_reaches_its_entity_with_its_sender_and_creates_it_once()
    {
        var parent = Sys.ActorOf(RegionParentActor.Props(extractor, id => Props.Create(() => new Echo(id)), TestActor, Given.Policy));
        foreach (var (job, region) in new[] { (1, 0), (1, 1), (2, 0), (1, 0) })
        {
            var message = new ReduceProtocol.GetRegionTotal(Given.Job(job), region);
            parent.Tell(message, TestActor);
            Assert.Equal((new JobRegion(Given.Job(job), region), message), ExpectMsg<(JobRegion, ReduceProtocol.GetRegionTotal)>());
            Assert.Equal($"{Given.Job(job)}-{region}", LastSender.Path.Name);
        }

        Assert.Equal(3, Echo.Made);
    }

    [Fact]
    public void An_entity_that_stops_unasked_is_reported_and_created_again_by_its_next_message()
    {
        var parent = Sys.ActorOf(RegionParentActor.Props(extractor, id => Props.Create(() => new Echo(id)), TestActor, Given.Policy));
        var message = new ReduceProtocol.GetRegionTotal(Given.Job(9), 0);
        parent.Tell(message, TestActor);
        ExpectMsg<(JobRegion, ReduceProtocol.GetRegionTotal)>();
        LastSender.Tell(PoisonPill.Instance);
        Assert.Equal((Given.Job(9), 0), ExpectMsg<ReduceProtocol.RegionLost>() is var lost ? (lost.Job, lost.Region) : default);
        parent.Tell(message, TestActor);
        ExpectMsg<(JobRegion, ReduceProtocol.GetRegionTotal)>();
    }

    private sealed class Echo : UntypedActor
    {
        public static int Made;
        private readonly JobRegion id;

        public Echo(JobRegion id)
        {
            this.id = id;
            if (id.Job != Given.Job(9)) Interlocked.Increment(ref Made);
        }

        protected override void OnReceive(object message) => Sender.Tell((id, (ReduceProtocol.GetRegionTotal)message));
    }
}
