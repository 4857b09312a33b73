using Akka.Actor;
using Akka.Pattern;
using Etl.Dashboard.Live;

namespace Etl.Host.Tests;

/// <summary>What the page of supervision tells of each live actor.</summary>
public sealed class ActorTreeTests
{
    [Fact]
    public async Task Who_is_at_work_who_is_idle_and_who_waits_to_create_its_child_again()
    {
        using var system = ActorSystem.Create("tree");
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var top = system.ActorOf(Props.Create(() => new Top(entered, go)), "etl");
        top.Tell("begin");
        Assert.True(entered.Wait(TimeSpan.FromSeconds(30)));
        top.Tell("wait");
        await UntilAsync(() => Of("stuck") is { State: "at work", Mailbox: 1 } && Of("fails") is { State: "waits to create it again", Children: 0 });
        Assert.Equal(("idle", "Top", 0), (Of("etl")!.State, Of("etl")!.Kind, Of("etl")!.Depth));
        Assert.Equal(("Stuck", 1), (Of("stuck")!.Kind, Of("stuck")!.Depth));

        go.Set();
        await UntilAsync(() => Of("stuck") is { State: "idle", Mailbox: 0 });
        await system.Terminate();

        ActorNode? Of(string name) => ActorTree.Of(system).FirstOrDefault(node => node.Name == name);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); !condition(); await Task.Delay(10)) Assert.True(DateTime.UtcNow < end, "it did not come");
    }

    private sealed class Top(ManualResetEventSlim entered, ManualResetEventSlim go) : UntypedActor
    {
        private IActorRef stuck = ActorRefs.Nobody;

        protected override void PreStart()
        {
            stuck = Context.ActorOf(Props.Create(() => new Stuck(entered, go)), "stuck");
            Context.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(Props.Create(() => new Fails()), "child", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 0, -1)), "fails");
        }

        protected override void OnReceive(object message) => stuck.Tell(message);
    }

    private sealed class Stuck(ManualResetEventSlim entered, ManualResetEventSlim go) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            entered.Set();
            go.Wait(TimeSpan.FromSeconds(60));
        }
    }

    private sealed class Fails : UntypedActor
    {
        protected override void PreStart() => Context.Stop(Self);

        protected override void OnReceive(object message) => Unhandled(message);
    }
}
