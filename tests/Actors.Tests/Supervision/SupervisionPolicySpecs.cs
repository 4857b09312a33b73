using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Etl.Actors.Supervision;
using Etl.Actors.Tests.Kit;

namespace Etl.Actors.Tests.Supervision;

/// <summary>The table of the design, held against the strategies.</summary>
public sealed class SupervisionPolicySpecs : EtlSpec
{
    public static TheoryData<Exception> Failures() =>
        [new InvalidOperationException(), new ActorKilledException("killed"), new ActorInitializationException(), new IOException(), new OutOfMemoryException()];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Mappers_restart_workers_stop_the_tree_escalates(Exception failure)
    {
        var policy = Settings.Supervision;
        Assert.Equal(Directive.Restart, Assert.IsType<OneForOneStrategy>(policy.Mappers).Decider.Decide(failure));
        Assert.Equal(-1, ((OneForOneStrategy)policy.Mappers).MaxNumberOfRetries);
        Assert.Equal(Directive.Stop, Assert.IsType<OneForOneStrategy>(policy.Workers).Decider.Decide(failure));
        Assert.Equal(Directive.Escalate, Assert.IsType<OneForOneStrategy>(policy.Root).Decider.Decide(failure));
        Assert.Equal(Directive.Escalate, ((OneForOneStrategy)new EndTheSystem().Create()).Decider.Decide(failure));
    }

    [Fact]
    public void The_numbers_are_those_of_the_configuration() => Assert.Equal(
        (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 10),
        (Settings.Supervision.JournalMinBackoff, Settings.Supervision.JournalMaxBackoff, Settings.Supervision.JournalMaxRestarts));

    [Fact]
    public void The_configuration_must_have_them() =>
        Assert.Throws<ConfigurationException>(() => SupervisionPolicy.From(ConfigurationFactory.Empty));

    [Fact]
    public void A_persistent_actor_comes_back_so_often_in_a_row_and_not_once_more()
    {
        var supervisor = Persistent(out var lives);
        Watch(supervisor);
        for (var life = 0; life <= Given.Policy.JournalMaxRestarts; life++) Sys.Stop(lives.ExpectMsg<IActorRef>());
        ExpectTerminated(supervisor);
        lives.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_write_that_succeeds_starts_the_count_again()
    {
        var supervisor = Persistent(out var lives);
        for (var life = 0; life < 3 * Given.Policy.JournalMaxRestarts; life++)
        {
            var child = lives.ExpectMsg<IActorRef>();
            supervisor.Tell(SupervisionPolicy.JournalWorks, child);
            Sys.Stop(child);
        }

        lives.ExpectMsg<IActorRef>();
    }

    [Fact]
    public void The_final_message_ends_it_for_good()
    {
        var supervisor = Persistent(out var lives);
        lives.ExpectMsg<IActorRef>();
        Watch(supervisor);
        supervisor.Tell("final");
        ExpectTerminated(supervisor);
        lives.ExpectNoMsg(TimeSpan.Zero);
    }

    private IActorRef Persistent(out TestProbe lives)
    {
        lives = CreateTestProbe();
        var told = lives.Ref;
        return Sys.ActorOf(Given.Policy.Persistent(Props.Create(() => new Mortal(told)), "child", static m => m is "final"));
    }

    private sealed class Mortal(IActorRef lives) : UntypedActor
    {
        protected override void PreStart() => lives.Tell(Self);

        protected override void OnReceive(object message) => Context.Stop(Self);
    }
}
