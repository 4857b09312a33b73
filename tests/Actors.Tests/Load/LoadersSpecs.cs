using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Load;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Load;

/// <summary>The parent of the loaders: one per job, tried again, gone with its job.</summary>
public sealed class LoadersSpecs : EtlSpec
{
    private readonly TestProbe made, coordinator;

    public LoadersSpecs() => (made, coordinator) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void A_loader_that_fails_is_made_again_three_times_in_all_and_then_the_run_ends_with_74()
    {
        Loaders().Tell(Load(1));
        for (var attempt = 1; attempt <= 3; attempt++) made.ExpectMsg<IActorRef>().Tell("fail");
        Assert.Equal((Given.Job(), 74), coordinator.ExpectMsg<JobProtocol.LoadDone>() is var done ? (done.Job, done.ExitCode) : default);
        made.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_second_request_for_a_job_replaces_the_first()
    {
        var loaders = Loaders();
        loaders.Tell(Load(1));
        var first = made.ExpectMsg<IActorRef>();
        Watch(first);
        loaders.Tell(Load(1));
        ExpectTerminated(first);
        Assert.NotEqual(first, made.ExpectMsg<IActorRef>());
        made.ExpectNoMsg(Silence);
        coordinator.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_job_that_ended_leaves_no_loader()
    {
        var loaders = Loaders();
        loaders.Tell(Load(1));
        var first = made.ExpectMsg<IActorRef>();
        loaders.Tell(Load(2));
        var second = made.ExpectMsg<IActorRef>();
        Watch(first);
        loaders.Tell(new JobProtocol.ForgetJob(Given.Job(1)));
        ExpectTerminated(first);
        made.ExpectNoMsg(Silence);
        second.Tell("fail");
        made.ExpectMsg<IActorRef>();
    }

    private IActorRef Loaders()
    {
        var told = made.Ref;
        return Sys.ActorOf(LoadersActor.Props(_ => Props.Create(() => new Mortal(told)), Given.Policy));
    }

    private JobProtocol.LoadJob Load(int job)
    {
        var state = (JobState.Running)Job.Fold(Job.Initial, [new JobEvent.Started(Given.Job(job), Given.Spec(), default)]);
        return new(state, Given.Scheme, Given.Run(), Given.RunSettings(), coordinator);
    }

    private sealed class Mortal(IActorRef made) : UntypedActor
    {
        protected override void PreStart() => made.Tell(Self);

        protected override void OnReceive(object message) => throw new InvalidOperationException("on purpose");
    }
}
