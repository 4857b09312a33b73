using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Jobs;

/// <summary>What takes a job that is over out of the journal: everything but a summary, and not a word before it is so.</summary>
public sealed class JobForgetterSpecs : EtlSpec
{
    private const int Regions = 12;
    private static readonly string Id = $"job-{Given.Job()}";
    private readonly TestProbe reducers;
    private TestProbe jobs;

    public JobForgetterSpecs() => (jobs, reducers) = (CreateTestProbe(), CreateTestProbe("reducers"));

    [Fact]
    public void A_job_is_forgotten_when_each_region_is_and_its_story_is_one_event()
    {
        Ended();
        var forgetter = Forget();
        for (var region = 0; region < Regions; region++)
        {
            Assert.False(jobs.HasMessages && jobs.ReceiveOne(TimeSpan.Zero) is JobForgetterActor.Forgotten);
            Answer();
        }

        Assert.Equal(Given.Job(), jobs.Fish<JobForgetterActor.Forgotten>().Job);
        var story = Journal.Written(Id);
        Assert.Equal((0, 1), Assert.IsType<JobEvent.Summarised>(story[^1]) is var e ? (e.ExitCode, e.Story.Runs.Count) : default);
        Assert.Equal(story.Length - 1, Journal.Deleted(Id));
        ExpectTerminated(forgetter);
    }

    [Fact]
    public void No_more_regions_are_asked_at_once_than_the_journal_can_take()
    {
        Ended();
        Forget();
        Assert.Equal(Enumerable.Range(0, 8), reducers.ReceiveN(8).Cast<ReduceProtocol.ForgetRegion>().Select(f => f.Region));
        reducers.ExpectNoMsg(Silence);
    }

    [Fact]
    public void It_can_be_done_again_from_any_point_and_writes_no_second_summary()
    {
        Ended();
        Journal.OnDelete = static _ => Task.FromException(new IOException("the disk hiccups"));
        ExpectTerminated(Forget());
        Assert.Equal(0, Journal.Deleted(Id));

        Journal.OnDelete = static _ => Task.CompletedTask;
        reducers.ReceiveWhile(Silence, static m => m);
        for (var time = 0; time < 2; time++)
        {
            var forgetter = Forget();
            for (var region = 0; region < Regions; region++) Answer();
            jobs.Fish<JobForgetterActor.Forgotten>();
            ExpectTerminated(forgetter);
        }

        Assert.Single(Journal.Written(Id).OfType<JobEvent.Summarised>());
    }

    [Fact]
    public void A_summary_that_cannot_be_written_leaves_the_job_as_it_is()
    {
        Ended();
        var before = Journal.Written(Id).Length;
        Journal.FailWrites(Id);
        ExpectTerminated(Forget());
        Assert.Equal((before, 0), (Journal.Written(Id).Length, Journal.Deleted(Id)));
    }

    [Fact]
    public void Of_a_job_that_never_began_only_the_regions_are_asked()
    {
        Forget();
        for (var region = 0; region < Regions; region++) Answer();
        jobs.Fish<JobForgetterActor.Forgotten>();
        Assert.Empty(Journal.Written(Id));
    }

    private IActorRef Forget()
    {
        jobs = CreateTestProbe();
        return Watch(jobs.ChildActorOf(JobForgetterActor.Props(Given.Job(), Regions, reducers, FaultPoints.None)));
    }

    private void Answer() => reducers.ExpectMsg<ReduceProtocol.ForgetRegion>(
        forget => forget.Asker.Tell(new ReduceProtocol.RegionForgotten(forget.Job, forget.Region)));

    /// <summary>A job without rows, from its start to its end.</summary>
    private void Ended()
    {
        var (extractors, loaders, catalog) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        catalog.IgnoreMessages(static m => m is SupervisionProtocol.CoordinatorBegan);
        var tree = new JobTree(catalog, extractors, reducers, loaders, CreateTestProbe(), Given.Reader(Given.Rows(4)));
        var settings = new JobSettings(64, TimeSpan.FromHours(1), TimeSpan.Zero, 3);
        var coordinator = Sys.ActorOf(JobCoordinatorActor.Props(Given.Assignment(), tree, settings, FaultPoints.None));
        extractors.Fish<ExtractProtocol.ExtractSplit>();
        coordinator.Tell(new ExtractProtocol.SplitRead(Given.Job(), 0, 0, Given.Choice));
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        coordinator.Tell(new JobProtocol.LoadDone(Given.Job(), 0, null, null, null, [], null));
        catalog.ExpectMsg<JobProtocol.JobEnded>();
        KillAndWait(coordinator);
    }
}
