using Akka.Actor;
using Akka.Routing;
using Etl.Actors.Supervision;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Supervision;

namespace Etl.Actors.Tests.Supervision;

/// <summary>Each directive in a real actor system: an actor throws, and this is what comes of it.</summary>
public sealed class DirectiveSpecs : EtlSpec
{
    private static readonly SupervisionPolicy Policy = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20), 3);

    /// <summary>Of the system's end, nothing else is to be seen: the parent of the actor's parent is told.</summary>
    public enum Seen
    {
        Back = 1,
        Gone,
        Escalated,
    }

    [Theory]
    [InlineData("mapper", "restart", Seen.Back)]
    [InlineData("mapper", "escalate", Seen.Escalated)]
    [InlineData("extractor", "restart", Seen.Gone)]
    [InlineData("extractor", "stop", Seen.Gone)]
    [InlineData("extractor", "escalate", Seen.Escalated)]
    [InlineData("loader", "restart", Seen.Gone)]
    [InlineData("loader", "stop", Seen.Gone)]
    [InlineData("loader", "escalate", Seen.Escalated)]
    [InlineData("reducer", "restart", Seen.Back)]
    [InlineData("reducer", "stop", Seen.Gone)]
    [InlineData("reducer", "escalate", Seen.Escalated)]
    [InlineData("coordinator", "restart", Seen.Back)]
    [InlineData("coordinator", "stop", Seen.Gone)]
    [InlineData("coordinator", "escalate", Seen.Escalated)]
    [InlineData("catalog", "restart", Seen.Back)]
    [InlineData("catalog", "stop", Seen.Gone)]
    [InlineData("catalog", "escalate", Seen.Escalated)]
    [InlineData("queue", "restart", Seen.Back)]
    [InlineData("queue", "stop", Seen.Gone)]
    [InlineData("queue", "escalate", Seen.Escalated)]
    public void What_an_actor_throws_comes_to_this(string name, string word, Seen seen)
    {
        var kind = SupervisedActor.Named(name)!;
        var directive = SupervisedActor.Parse(word)!.Value;
        // Only that exception: any other restarts, or escalates.
        var other = directive == FailureDirective.Escalate ? kind.Outcomes.Keys.First(d => d != directive) : FailureDirective.Escalate;
        var policy = Policy with { Rows = [Policy.Of(kind) with { On = FailureTable.All(other).With(directive, nameof(IOException)) }] };
        var (lives, top) = (CreateTestProbe(), CreateTestProbe());
        Sys.ActorOf(Props.Create(() => new Top(top, Below(policy, kind, lives))));
        var actor = lives.ExpectMsg<IActorRef>();
        Watch(actor);

        actor.Tell(new FileNotFoundException("gone"));

        switch (seen)
        {
            case Seen.Back:
                lives.ExpectMsg<IActorRef>();
                top.ExpectNoMsg(TimeSpan.Zero);
                break;
            case Seen.Gone:
                ExpectTerminated(actor);
                top.ExpectMsg("alone");
                lives.ExpectNoMsg(Silence);
                break;
            case Seen.Escalated:
                Assert.IsType<FileNotFoundException>(top.ExpectMsg<Exception>());
                break;
        }
    }

    [Fact]
    public void A_pool_that_restarts_its_mappers_keeps_its_size_however_often_they_fail()
    {
        var lives = CreateTestProbe();
        var told = lives.Ref;
        var pool = Sys.ActorOf(Props.Create(() => new Thrower(told)).WithRouter(new RoundRobinPool(3).WithSupervisorStrategy(Policy.Mappers)));
        for (var mapper = 0; mapper < 3; mapper++) lives.ExpectMsg<IActorRef>();
        for (var failure = 0; failure < 30; failure++)
        {
            pool.Tell(new InvalidOperationException("again"));
            lives.ExpectMsg<IActorRef>();
        }

        pool.Tell(GetRoutees.Instance, TestActor);
        Assert.Equal(3, ExpectMsg<Routees>().Members.Count());
    }

    private static Func<IUntypedActorContext, IActorRef> Below(SupervisionPolicy policy, SupervisedActor kind, IActorRef lives)
    {
        var recipe = Props.Create(() => new Thrower(lives));
        return kind switch
        {
            { Name: "mapper" } => context => context.ActorOf(recipe.WithRouter(new RoundRobinPool(1).WithSupervisorStrategy(policy.Mappers))),
            { Name: "catalog" or "coordinator" } => context => context.ActorOf(Props.Create(() => new Parent(policy.Jobs, policy.Persistent(kind, recipe, _ => false), kind.Name))),
            { IsPersistent: true } => context => context.ActorOf(Props.Create(() => new Parent(policy.ParentOf(kind), policy.Persistent(kind, recipe, _ => false), kind.Name))),
            _ => context => context.ActorOf(Props.Create(() => new Parent(policy.ParentOf(kind), recipe, kind.Name))),
        };
    }

    private sealed class Thrower(IActorRef lives) : UntypedActor
    {
        protected override void PreStart() => lives.Tell(Self);

        protected override void OnReceive(object message) => throw (Exception)message;
    }

    private sealed class Parent(SupervisorStrategy strategy, Props child, string name) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => strategy;

        protected override void PreStart() => Context.Watch(Context.ActorOf(child, name));

        protected override void OnReceive(object message)
        {
            if (message is Terminated) Context.Parent.Tell("alone");
        }
    }

    private sealed class Top(IActorRef told, Func<IUntypedActorContext, IActorRef> below) : UntypedActor
    {
        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            told.Tell(cause);
            return Directive.Stop;
        });

        protected override void PreStart() => below(Context);

        protected override void OnReceive(object message) => told.Forward(message);
    }
}
