using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;

namespace Etl.Actors.Tests.Jobs;

/// <summary>Which job a request is for, and that each ends: the catalog and the parent of the coordinators.</summary>
public sealed class JobsSpecs : EtlSpec
{
    private readonly TestProbe status, edge, work, forgetters;

    public JobsSpecs() => (status, edge, work, forgetters) =
        (CreateTestProbe("status"), CreateTestProbe("edge"), CreateTestProbe("work"), CreateTestProbe("forgetters"));

    [Fact]
    public void The_same_input_resumes_the_unfinished_job()
    {
        var jobs = Jobs();
        Assert.Equal(Given.Job(1), Open(jobs, 1));
        End(jobs, Given.Job(1), 74, durable: false);
        Assert.Equal(Given.Job(1), Open(jobs, 2));
    }

    [Fact]
    public void An_unfinished_job_is_found_by_the_next_process()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        KillAndWait(jobs);
        Assert.Equal(Given.Job(1), Open(Jobs(), 2));
    }

    [Fact]
    public void Another_input_is_another_job()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        Assert.Equal(Given.Job(2), Open(jobs, 2, spec: Given.Spec() with { Source = "csv" }));
    }

    [Fact]
    public void Starting_over_makes_a_new_job_that_the_next_start_resumes()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        End(jobs, Given.Job(1), 74, durable: false);
        Assert.Equal(Given.Job(2), Open(jobs, 2, startOver: true));
        End(jobs, Given.Job(2), 74, durable: false);
        Assert.Equal(Given.Job(2), Open(jobs, 3));
    }

    [Fact]
    public void A_finished_job_is_closed_before_its_end_is_told_and_the_next_start_is_a_new_one()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        End(jobs, Given.Job(1), 0, durable: true);
        Assert.Equal((Given.Job(1), 0), Assert.IsType<CatalogEvent.JobClosed>(Journal.Written("catalog")[^1]) is var closed ? (closed.Job, closed.ExitCode) : default);
        Assert.Equal(Given.Job(2), Open(jobs, 2));
    }

    [Fact]
    public void Failures_reach_the_job_together_and_again_until_they_are_noted()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        ActorRestart[] failures = [.. Enumerable.Range(0, 3).Select(i => new ActorRestart($"/user/etl/reducers/{i}", "full", ActorRestart.AfterBackoff, 0, default))];
        foreach (var failure in failures) jobs.Tell(new SupervisionProtocol.ActorFailed(Given.Job(1), failure));
        // The first goes at once, the others wait for its write.
        var first = work.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts;
        Assert.Equal(failures[..1], first.Items);
        // A coordinator that lost it, and begins again, gets all of them.
        jobs.Tell(new SupervisionProtocol.CoordinatorBegan(Given.Job(1)));
        var all = work.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts;
        Assert.Equal(failures, all.Items);
        jobs.Tell(new SupervisionProtocol.RestartsNoted(Given.Job(1), all));
        work.ExpectNoMsg(Silence);
    }

    [Fact]
    public void The_recovery_of_an_actor_reaches_the_job_as_that_of_each_of_its_failures()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        var reducer = CreateTestProbe();
        var path = reducer.Ref.Path.ToStringWithoutAddress();
        ActorRestart[] failures = [.. Enumerable.Range(0, 2).Select(i => new ActorRestart(path, "full", ActorRestart.AfterBackoff, 0, DateTimeOffset.UnixEpoch.AddSeconds(i)))];
        foreach (var failure in failures) jobs.Tell(new SupervisionProtocol.ActorFailed(Given.Job(1), failure));
        jobs.Tell(new ReduceProtocol.RegionRecovered(Given.Job(1), 0, 1), CreateTestProbe());
        jobs.Tell(new ReduceProtocol.RegionRecovered(Given.Job(1), 0, 2), reducer);
        var first = work.FishForMessage<SupervisionProtocol.NoteRestarts>(static _ => true).Restarts;
        jobs.Tell(new SupervisionProtocol.RestartsNoted(Given.Job(1), first));
        var rest = work.FishForMessage<SupervisionProtocol.NoteRestarts>(static _ => true).Restarts;
        Assert.Equal(failures[1], rest[0]);
        Assert.Equal(failures, rest.Skip(1).Select(r => r with { RecoveredAfter = null }));
        Assert.All(rest.Skip(1), r => Assert.True(r.RecoveredAfter > TimeSpan.Zero));
        // Once is enough.
        jobs.Tell(new SupervisionProtocol.RestartsNoted(Given.Job(1), rest));
        jobs.Tell(new ReduceProtocol.RegionRecovered(Given.Job(1), 0, 3), reducer);
        work.FishForMessage<ReduceProtocol.RegionRecovered>(m => m.Incarnation == 3);
        work.ExpectNoMsg(Silence);
    }

    [Fact]
    public void The_system_may_end_when_what_a_job_was_told_before_and_since_is_in_its_journal()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        var root = CreateTestProbe();
        var (before, why) = (Failure("/user/etl/reducers/1"), Failure("/user/etl/loaders"));
        jobs.Tell(new SupervisionProtocol.ActorFailed(Given.Job(1), before));
        work.ExpectMsg<SupervisionProtocol.NoteRestarts>();
        jobs.Tell(new SupervisionProtocol.SystemEnds(why), root);
        // What is being written is not sent a second time.
        work.ExpectMsg<SupervisionProtocol.AnswerWhenNoted>();
        jobs.Tell(new SupervisionProtocol.RestartsNoted(Given.Job(1), [before]));
        Assert.Equal(why, Assert.Single(work.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts));
        jobs.Tell(new SupervisionProtocol.AllNoted(Given.Job(1)));
        root.ExpectNoMsg(Silence);
        jobs.Tell(new SupervisionProtocol.RestartsNoted(Given.Job(1), [why]));
        root.ExpectMsg<SupervisionProtocol.SystemMayEnd>();
        root.ExpectNoMsg(Silence);
    }

    [Fact]
    public void What_an_actor_told_a_job_itself_is_waited_for_too()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        var root = CreateTestProbe();
        jobs.Tell(new SupervisionProtocol.SystemEnds(null), root);
        work.ExpectMsg<SupervisionProtocol.AnswerWhenNoted>();
        root.ExpectNoMsg(Silence);
        jobs.Tell(new SupervisionProtocol.AllNoted(Given.Job(1)));
        root.ExpectMsg<SupervisionProtocol.SystemMayEnd>();
    }

    [Fact]
    public void A_system_without_jobs_may_end_at_once()
    {
        var root = CreateTestProbe();
        Jobs().Tell(new SupervisionProtocol.SystemEnds(Failure("/user/etl/loaders")), root);
        root.ExpectMsg<SupervisionProtocol.SystemMayEnd>();
    }

    [Fact]
    public void A_coordinator_that_gives_up_several_times_ends_its_job_once()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        End(jobs, Given.Job(1), 3, durable: false);
        for (var i = 0; i < 5; i++) jobs.Tell(Ended(Given.Job(1), 3, durable: false));
        status.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_stop_in_order_is_answered_when_every_job_has_written_what_it_has()
    {
        var jobs = Jobs();
        jobs.Tell(JobProtocol.Checkpoint.Instance, edge);
        edge.ExpectMsg<JobProtocol.AllCheckpointed>();
        Open(jobs, 1);
        jobs.Tell(JobProtocol.Checkpoint.Instance, edge);
        work.ExpectMsg<JobProtocol.Checkpoint>();
        edge.ExpectNoMsg(Silence);
        jobs.Tell(new JobProtocol.Checkpointed(Given.Job(1)));
        edge.ExpectMsg<JobProtocol.AllCheckpointed>();
    }

    [Fact]
    public void A_job_that_was_over_is_closed_and_a_new_one_opened()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        var old = work.LastSender;
        jobs.Tell(new JobProtocol.JobWasOver(Given.Job(1), 0));
        var fresh = edge.ExpectMsg<JobProtocol.JobOpened>().Job;
        Assert.NotEqual(Given.Job(1), fresh);
        Assert.Equal(fresh, work.ExpectMsg<JobCoordinatorActor.Assignment>().Job);
        Assert.Equal(["JobOpened", "RegionsCounted", "JobClosed", "JobOpened", "RegionsCounted"], Journal.Written("catalog").Select(e => e.GetType().Name));
        Assert.All(status.ReceiveWhile(Silence, static m => m), static m => Assert.IsType<StatusProtocol.JournalTrimmed>(m));
    }

    [Fact]
    public void A_job_that_is_opened_again_right_after_its_end_waits_for_its_last_coordinator()
    {
        var jobs = Jobs();
        for (var run = 1; run <= 30; run++)
        {
            Assert.Equal(Given.Job(1), Open(jobs, run));
            jobs.Tell(Ended(Given.Job(1), 74, durable: false));
        }

        Assert.Equal(Given.Job(1), Open(jobs, 31));
    }

    [Fact]
    public void Two_requests_for_one_job_share_it()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        jobs.Tell(Request(2), edge);
        Assert.Equal(Given.Job(1), edge.ExpectMsg<JobProtocol.JobOpened>().Job);
        work.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_write_of_the_catalog_that_fails_is_asked_for_again()
    {
        Journal.FailWrite("catalog", 1);
        var jobs = Jobs();
        Assert.Equal(Given.Job(1), Open(jobs, 1));
        Journal.FailWrite("catalog", 1);
        End(jobs, Given.Job(1), 0, durable: true);
        // The job that it kept waiting is told of both failures.
        var told = work.ExpectMsg<SupervisionProtocol.NoteRestarts>().Restarts;
        Assert.Equal(["IOException: the disk hiccups", "IOException: the disk hiccups"], told.Where(r => r.RecoveredAfter is null).Select(r => r.Cause));
        Assert.Equal(Given.Job(2), Open(jobs, 2));
    }

    [Fact]
    public void A_catalog_that_is_lost_ends_what_waits_for_it_with_74()
    {
        Journal.FailWrites("catalog");
        Jobs().Tell(Request(1), edge);
        AssertLost(Given.Job(1));
    }

    [Fact]
    public void A_request_that_comes_after_the_catalog_was_lost_does_not_wait_for_it()
    {
        Journal.OnReplay = static _ => Task.FromException(new IOException("unreadable"));
        var jobs = Jobs();
        jobs.Tell(Request(1), edge);
        AssertLost(Given.Job(1));
        jobs.Tell(Request(2), edge);
        AssertLost(Given.Job(2));
    }

    [Fact]
    public void A_coordinator_that_is_lost_ends_its_job_with_74_and_leaves_it_open()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        // Each of them, until the back-off gives up: one that never writes has no journal that works.
        for (var i = 0; i <= Given.Policy.JournalMaxRestarts; i++)
        {
            work.LastSender.Tell(PoisonPill.Instance);
            if (i < Given.Policy.JournalMaxRestarts) work.ExpectMsg<JobCoordinatorActor.Assignment>();
        }

        AssertLost(Given.Job(1));
        Assert.Equal(Given.Job(1), Open(jobs, 2));
    }

    [Fact]
    public void News_of_a_region_reaches_its_coordinator()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        var news = new ReduceProtocol.RegionRecovered(Given.Job(1), 3, 4);
        jobs.Tell(news);
        Assert.Equal(news, work.ExpectMsg<ReduceProtocol.RegionRecovered>());
        jobs.Tell(new ReduceProtocol.RegionLost(Given.Job(9), 3, "of a job that is not here"));
        work.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_job_that_is_over_is_forgotten_when_its_coordinator_has_stopped_and_only_then_is_it_not_owed_any_more()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        Watch(work.LastSender);
        jobs.Tell(JobProtocol.TrimJournal.Instance);
        End(jobs, Given.Job(1), 1, durable: true);
        Assert.Equal((Given.Job(1), Given.Scheme.Regions.Length), forgetters.ExpectMsg<(JobId, int)>());
        ExpectTerminated(work.LastSender);
        Assert.DoesNotContain(Journal.Written("catalog"), e => e is CatalogEvent.JobForgotten);
        jobs.Tell(new JobForgetterActor.Forgotten(Given.Job(1)));
        status.Fish<StatusProtocol.JournalTrimmed>();
        Assert.IsType<CatalogEvent.JobForgotten>(Journal.Written("catalog")[^1]);
        forgetters.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void What_a_process_left_is_forgotten_by_the_next_one_that_has_the_time()
    {
        var jobs = Jobs();
        Open(jobs, 1);
        End(jobs, Given.Job(1), 0, durable: true);
        Assert.Equal(Given.Job(2), Open(jobs, 2));
        End(jobs, Given.Job(2), 74, durable: false);
        Assert.Equal(Given.Job(3), Open(jobs, 3, startOver: true));
        KillAndWait(jobs);
        forgetters.ExpectNoMsg(TimeSpan.Zero);

        Jobs();
        Assert.Equal([Given.Job(1), Given.Job(2)], forgetters.ReceiveN(2).Cast<(JobId, int)>().Select(f => f.Item1).Order(Comparer<JobId>.Create((a, b) => a.Value.CompareTo(b.Value))));
        forgetters.ExpectNoMsg(Silence);
    }

    private IActorRef Jobs()
    {
        var (told, forgetter) = (work.Ref, forgetters.Ref);
        var jobs = Sys.ActorOf(JobsActor.Props(Given.Policy, (_, assignment) => Props.Create(() => new Worker(assignment, told)),
            (_, job, regions) => Props.Create(() => new Forgetter(job, regions, forgetter)), status, FaultPoints.None));
        jobs.Tell(new JobTree(jobs, work, work, work, status, Given.Reader(Given.Rows(1))));
        return jobs;
    }

    private JobId Open(IActorRef jobs, int fresh, bool startOver = false, JobSpec? spec = null)
    {
        jobs.Tell(Request(fresh, startOver, spec), edge);
        var job = edge.Fish<JobProtocol.JobOpened>().Job;
        Assert.Equal((job, Given.Run(fresh)), work.ExpectMsg<JobCoordinatorActor.Assignment>() is var made ? (made.Job, made.Run) : default);
        return job;
    }

    private void End(IActorRef jobs, JobId job, int exitCode, bool durable)
    {
        var ended = Ended(job, exitCode, durable);
        jobs.Tell(ended);
        Assert.Equal(ended, status.Fish<JobProtocol.JobEnded>());
    }

    private static ActorRestart Failure(string actor) => new(actor, "full", ActorRestart.Escalated, 0, default);

    private void AssertLost(JobId job)
    {
        var ended = status.Fish<JobProtocol.JobEnded>();
        Assert.Equal((job, false, 74), (ended.Job, ended.Durable, ended.Result.ExitCode));
    }

    private static JobProtocol.JobEnded Ended(JobId job, int exitCode, bool durable) =>
        new(job, durable, new(job, exitCode, null, null, null, [], null));

    private static JobProtocol.OpenJob Request(int fresh, bool startOver = false, JobSpec? spec = null) =>
        new(spec ?? Given.Spec(), Given.Job(fresh), Given.Run(fresh), Given.RunSettings(), startOver);

    /// <summary>In the place of what forgets a job: tells that it was made.</summary>
    private sealed class Forgetter(JobId job, int regions, IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => probe.Tell((job, regions));

        protected override void OnReceive(object message) => Unhandled(message);
    }

    /// <summary>In a coordinator's place: tells what it was given, and what it hears.</summary>
    private sealed class Worker(JobCoordinatorActor.Assignment assignment, IActorRef probe) : UntypedActor
    {
        protected override void PreStart() => probe.Tell(assignment, Self);

        protected override void OnReceive(object message) => probe.Tell(message, Self);
    }
}
