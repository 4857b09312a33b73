using Akka.Actor;
using Etl.Actors.Supervision;
using Etl.Actors.Tests.Kit;

namespace Etl.Actors.Tests.Supervision;

/// <summary>What <c>etl explain</c> says of the tree, held against a live one.</summary>
public sealed class ActorTreeSpecs : EtlSpec
{
    [Fact]
    public void Every_fixed_path_is_that_of_an_actor_and_no_actor_is_left_out()
    {
        Sys.ActorOf(EtlSupervisor.Props(Settings, Given.Reader(Given.Rows(4)), Etl.Actors.Hosting.FaultPoints.None), EtlSupervisor.Name);
        foreach (var place in ActorTree.Places.Where(p => p.IsFixed))
            AwaitAssert(() =>
            {
                Sys.ActorSelection(place.Path).Tell(new Identify(place.Path), TestActor);
                Assert.Equal(place.Path, ExpectMsg<ActorIdentity>(m => Equals(m.MessageId, place.Path)).Subject?.Path.ToStringWithoutAddress());
            });
        Sys.ActorSelection("/user/etl/*").Tell(new Identify("child"), TestActor);
        var children = ActorTree.Places.Where(p => p.IsFixed && p.Path.Split('/').Length == 4).Select(p => p.Path).ToHashSet();
        foreach (var _ in children)
            Assert.Contains(ExpectMsg<ActorIdentity>(m => Equals(m.MessageId, "child")).Subject!.Path.ToStringWithoutAddress(), children);
        ExpectNoMsg(Silence);
    }

    [Fact]
    public void Every_row_of_the_table_has_its_place() => Assert.Equal(
        Etl.Domain.Supervision.SupervisedActor.All.Select(k => k.Name).Order(), ActorTree.Places.Where(p => p.Kind is not null).Select(p => p.Kind!.Name).Order());
}
