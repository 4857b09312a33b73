using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Supervision;

namespace Etl.Actors.Tests.Jobs;

/// <summary>A job's coordinator among probes: what is owed is issued, what is durable is remembered, whatever is lost on the way.</summary>
public sealed class JobCoordinatorSpecs : EtlSpec
{
    private const int Europe = 2;
    private static readonly string Id = $"job-{Given.Job()}";
    private static readonly JobSettings Patient = new(64, TimeSpan.FromHours(1), TimeSpan.Zero, 3);
    private readonly TestProbe jobs, extractors, reducers, loaders, status;

    public JobCoordinatorSpecs()
    {
        (jobs, extractors, reducers, loaders, status) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        // When a coordinator begins is of no interest here.
        jobs.IgnoreMessages(static m => m is SupervisionProtocol.CoordinatorBegan);
    }

    private IEnumerable<BatchSet> CompletedInJournal => Journal.Written(Id).OfType<JobEvent.BatchesCompleted>().Select(e => e.Batches);

    [Fact]
    public void A_job_goes_from_split_to_batches_to_load_to_its_end()
    {
        var coordinator = Create();
        var extract = extractors.ExpectMsg<ExtractProtocol.ExtractSplit>();
        Assert.Equal((Given.Job(), 0, Given.Page), (extract.Job, extract.Split, extract.Input));
        coordinator.Tell(Read(3));
        Assert.Equal(Given.Batches(0, 1, 2), Issued());
        for (var i = 0; i < 3; i++) Do(coordinator, i);

        var load = loaders.ExpectMsg<JobProtocol.LoadJob>();
        Assert.Equal((30, 3, coordinator), (load.State.Tally.Read, load.State.Completed.Count, load.Coordinator));
        coordinator.Tell(new JobProtocol.SinkLoaded(Given.Job(), "json"));
        coordinator.Tell(LoadDone(0));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.True(ended.Durable);
        Assert.Equal(0, ended.Result.ExitCode);
        Assert.IsType<JobEvent.Finished>(Journal.Written(Id)[^1]);
        extractors.Fish<JobProtocol.ForgetJob>();
        loaders.ExpectMsg<JobProtocol.ForgetJob>();
    }

    [Fact]
    public void Nothing_is_asked_before_the_start_is_durable()
    {
        var disk = new TaskCompletionSource();
        Journal.OnWrite = _ => disk.Task;
        Create();
        AwaitAssert(() => Assert.Equal(1, Journal.Attempts));
        extractors.ExpectNoMsg(Silence);
        disk.SetResult();
        extractors.ExpectMsg<ExtractProtocol.ExtractSplit>();
    }

    [Fact]
    public void A_split_without_rows_loads_at_once()
    {
        Coordinator().Tell(Read(0));
        Assert.Empty(loaders.ExpectMsg<JobProtocol.LoadJob>().State.Regions);
    }

    [Fact]
    public void No_more_batches_are_under_way_than_the_window()
    {
        var coordinator = Coordinator(Patient with { UnackedWindow = 4 });
        coordinator.Tell(Read(10));
        Assert.Equal(Given.Batches(0, 1, 2, 3), Issued());
        Do(coordinator, 0);
        Do(coordinator, 1);
        Assert.Equal(Given.Batches(4, 5), Issued(2));
        extractors.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_new_incarnation_issues_what_is_owed_and_nothing_that_is_completed()
    {
        var coordinator = Coordinator(Patient with { UnackedWindow = 2 });
        coordinator.Tell(Read(4));
        Issued();
        Do(coordinator, 0);
        AwaitAssert(() => Assert.Equal([Given.Batches(0)], CompletedInJournal));
        coordinator.Tell(Mapped(1));
        KillAndWait(coordinator);
        Assert.Equal([Given.Batches(0)], CompletedInJournal);
        Assert.Equal(Given.Batches(2), Issued());

        coordinator = Coordinator();
        Assert.Equal(Given.Batches(1, 2, 3), Issued());
        foreach (var i in new[] { 3, 1, 2 }) Do(coordinator, i);
        Assert.Equal((40, 4), loaders.ExpectMsg<JobProtocol.LoadJob>().State is var state ? (state.Tally.Read, state.Completed.Count) : default);
    }

    [Fact]
    public void The_next_run_resumes_and_says_so()
    {
        var coordinator = Coordinator();
        coordinator.Tell(Read(2));
        Do(coordinator, 0);
        AwaitAssert(() => Assert.Equal([Given.Batches(0)], CompletedInJournal));
        KillAndWait(coordinator);
        Coordinator(run: 2);
        Assert.Equal(new(Given.Job(), 1, 2), status.Fish<StatusProtocol.JobResumed>());
        Assert.Equal(2, Journal.Written(Id).OfType<JobEvent.RunBegan>().Count());
    }

    [Fact]
    public void A_coordinator_recreated_in_its_run_is_no_new_run()
    {
        KillAndWait(Ready(1));
        Coordinator();
        Assert.Single(Journal.Written(Id).OfType<JobEvent.RunBegan>());
    }

    [Fact]
    public void A_job_that_had_ended_is_told_to_be_over()
    {
        var coordinator = Coordinator();
        coordinator.Tell(Read(0));
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        coordinator.Tell(LoadDone(0));
        jobs.ExpectMsg<JobProtocol.JobEnded>();
        KillAndWait(coordinator);
        Create(run: 2);
        Assert.Equal(new(Given.Job(), 0), jobs.ExpectMsg<JobProtocol.JobWasOver>());
    }

    [Fact]
    public void An_acknowledgement_may_come_before_the_mapping_report()
    {
        var coordinator = Ready(1);
        coordinator.Tell(Acked(0));
        loaders.ExpectNoMsg(Silence);
        coordinator.Tell(Mapped(0));
        loaders.ExpectMsg<JobProtocol.LoadJob>();
    }

    [Fact]
    public void Late_and_repeated_reports_change_nothing()
    {
        var coordinator = Ready(2);
        for (var i = 0; i < 3; i++) Do(coordinator, 0);
        coordinator.Tell(Mapped(77));
        coordinator.Tell(Acked(77));
        coordinator.Tell(Read(2));
        Do(coordinator, 1);
        Do(coordinator, 1);
        Assert.Equal(20, loaders.ExpectMsg<JobProtocol.LoadJob>().State.Tally.Read);
        Do(coordinator, 0);
        Assert.Equal(2, CompletedInJournal.Sum(b => b.Count));
        loaders.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_second_incarnation_of_a_reducer_has_what_waited_for_it_issued_again_the_first_has_not()
    {
        var coordinator = Ready(2);
        coordinator.Tell(Mapped(0));
        coordinator.Tell(new ReduceProtocol.RegionRecovered(Given.Job(), Europe, 1));
        coordinator.Tell(new ReduceProtocol.RegionRecovered(Given.Job(), Europe, 1));
        extractors.ExpectNoMsg(Silence);
        coordinator.Tell(new ReduceProtocol.RegionRecovered(Given.Job(), Europe, 2));
        Assert.Equal(Given.Batches(0), Issued());
        Assert.Equal(Given.Batches(0), Assert.Single(Journal.Written(Id).OfType<JobEvent.BatchesRetried>()).Batches);
        // Another region's news is no news of this one.
        coordinator.Tell(Mapped(1));
        coordinator.Tell(new ReduceProtocol.RegionRecovered(Given.Job(), Europe + 1, 1));
        coordinator.Tell(new ReduceProtocol.RegionRecovered(Given.Job(), Europe + 1, 2));
        extractors.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_batch_that_is_not_durable_by_its_deadline_is_issued_again_and_counts_once()
    {
        var coordinator = Ready(1, Patient with { AckDeadline = TimeSpan.FromMilliseconds(200) });
        Assert.Equal(Given.Batches(0), Issued());
        coordinator.Tell(Mapped(0));
        Do(coordinator, 0);
        Assert.Equal(10, loaders.ExpectMsg<JobProtocol.LoadJob>().State.Tally.Read);
    }

    [Fact]
    public void A_source_may_be_as_slow_as_it_likes()
    {
        var coordinator = Ready(2, Patient with { AckDeadline = TimeSpan.FromSeconds(2) });
        // Longer than the deadline.
        for (var beat = 0; beat < 26; beat++)
        {
            coordinator.Tell(new ExtractProtocol.BatchesHeld(Given.Job(), Given.Batches(0, 1)));
            extractors.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
        }

        Do(coordinator, 0);
        Do(coordinator, 1);
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        Assert.Empty(Journal.Written(Id).OfType<JobEvent.BatchesRetried>());
    }

    [Fact]
    public void A_batch_that_never_becomes_durable_has_twice_the_time_in_each_round_and_ends_the_run_with_74()
    {
        var coordinator = Ready(1, Patient with { AckDeadline = TimeSpan.FromMilliseconds(100), MaxStalls = 2 });
        var began = Environment.TickCount64;
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>(TimeSpan.FromSeconds(60));
        Assert.Equal((false, 74), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("batches 0/0 were issued 3 times", ended.Result.Error, StringComparison.Ordinal);
        Assert.Equal(2, Journal.Written(Id).OfType<JobEvent.BatchesRetried>().Count());
        // 1 + 2 + 4 deadlines, where 3 would be without doubling: later on a busy machine, never sooner.
        Assert.InRange(Environment.TickCount64 - began, 600, long.MaxValue);
        Assert.Equal(Given.Batches(0), Issued());
        Assert.Equal(Given.Batches(0), Issued());
    }

    [Fact]
    public void The_extractor_of_a_split_that_is_done_is_let_go()
    {
        var coordinator = Ready(1);
        Do(coordinator, 0);
        Assert.Equal(new(Given.Job(), 0), extractors.Fish<ExtractProtocol.SplitOver>());
        loaders.ExpectMsg<JobProtocol.LoadJob>();
    }

    [Fact]
    public void Regions_are_asked_to_write_when_nothing_else_can_come()
    {
        var coordinator = Ready(1, Patient with { UnackedWindow = 1 });
        coordinator.Tell(Mapped(0));
        Assert.Equal(new(Given.Job(), Europe, coordinator), reducers.ExpectMsg<ReduceProtocol.FlushRegion>());
    }

    [Fact]
    public void A_crashed_batch_is_issued_again_until_its_attempts_are_used_up()
    {
        var coordinator = Ready(2);
        for (var attempt = 1; attempt < Patient.MaxAttempts; attempt++)
        {
            coordinator.Tell(Crash(1, row: 10 + attempt));
            Assert.Equal(attempt, status.Fish<StatusProtocol.ActorRestarted>().Restart.Attempt);
            Assert.Equal(Given.Batches(1), Issued());
        }

        coordinator.Tell(Crash(1));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((true, 1), (ended.Durable, ended.Result.ExitCode));
        Assert.Equal("batch 0/1 crashed 3 mappers, last at row 17: Oops: no", ended.Result.Error);
        Assert.Equal(ended.Result.Error, Assert.IsType<JobEvent.Failed>(Journal.Written(Id)[^1]).Reason);
    }

    [Theory]
    [InlineData(74)]
    [InlineData(75)]
    public void A_sink_that_is_not_there_leaves_the_job_open(int exitCode)
    {
        var coordinator = Ready(1);
        Do(coordinator, 0);
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        coordinator.Tell(LoadDone(exitCode));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, exitCode), (ended.Durable, ended.Result.ExitCode));
        KillAndWait(coordinator);

        Create(run: 2);
        Assert.Equal(1, loaders.Fish<JobProtocol.LoadJob>().State.Completed.Count);
    }

    [Fact]
    public void An_answer_that_a_gate_holds_back_is_loaded_by_a_run_without_it()
    {
        var coordinator = Ready(2);
        Do(coordinator, 0);
        Do(coordinator, 1);
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        coordinator.Tell(LoadDone(3) with { IsHeldBack = true });
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 3), (ended.Durable, ended.Result.ExitCode));
        Assert.DoesNotContain(Journal.Written(Id), e => e is JobEvent.Failed);
        KillAndWait(coordinator);

        coordinator = Create(run: 2);
        Assert.Equal(2, loaders.Fish<JobProtocol.LoadJob>().State.Completed.Count);
        coordinator.Tell(LoadDone(0));
        Assert.True(jobs.ExpectMsg<JobProtocol.JobEnded>().Durable);
    }

    [Fact]
    public void An_answer_that_is_refused_ends_the_job_for_good()
    {
        var coordinator = Ready(1);
        Do(coordinator, 0);
        coordinator.Tell(LoadDone(3));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((true, 3), (ended.Durable, ended.Result.ExitCode));
    }

    [Fact]
    public void A_split_that_cannot_be_read_ends_the_job_with_its_exit_code()
    {
        Coordinator().Tell(new ExtractProtocol.SplitFailed(Given.Job(), 0, 2, "which year?"));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((true, 2, "which year?"), (ended.Durable, ended.Result.ExitCode, ended.Result.Error));
    }

    [Fact]
    public void A_region_that_is_lost_ends_the_run_with_74_and_leaves_the_job_open()
    {
        Ready(1).Tell(new ReduceProtocol.RegionLost(Given.Job(), 4, "no disk"));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 74, "region 4: no disk"), (ended.Durable, ended.Result.ExitCode, ended.Result.Error));
        Assert.DoesNotContain(Journal.Written(Id), e => e is JobEvent.Failed);
    }

    [Fact]
    public void What_comes_after_the_end_does_not_change_it()
    {
        var coordinator = Ready(1);
        Do(coordinator, 0);
        coordinator.Tell(LoadDone(0));
        Assert.Equal(0, jobs.ExpectMsg<JobProtocol.JobEnded>().Result.ExitCode);
        coordinator.Tell(new ReduceProtocol.RegionLost(Given.Job(), 4, "no disk"));
        coordinator.Tell(new ExtractProtocol.SplitFailed(Given.Job(), 0, 1, "stopped"));
        coordinator.Tell(LoadDone(0));
        jobs.ExpectNoMsg(Silence);
    }

    [Fact]
    public void A_job_of_another_version_is_refused_and_stays_open()
    {
        KillAndWait(Ready(1));
        Create(run: 2, spec: Given.Spec() with { ProductVersion = "9.9.9" });
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 1), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("begun by version 0.1.0", ended.Result.Error, StringComparison.Ordinal);
    }

    /// <summary>Every write of a small job fails once: start, plan, each completion, sink, finish.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_write_that_fails_stops_it_and_the_job_still_ends_well(int nth)
    {
        Journal.FailWrite(Id, nth);
        // The tree as one actor would see it: whoever asks is answered, old coordinators or new; from the first on, which nobody would hear again.
        AnswerAll(2);
        var child = JobCoordinatorActor.Props(Given.Assignment(), Tree, Patient, FaultPoints.None);
        Sys.ActorOf(Parent.Props(Given.Policy.Persistent(SupervisedActor.Coordinator, child, static _ => false), "job", jobs));

        var ended = jobs.Fish<JobProtocol.JobEnded>();
        Assert.Equal((true, 0), (ended.Durable, ended.Result.ExitCode));
        var state = Job.Fold(Job.Initial, Journal.Written(Id).Cast<JobEvent>());
        Assert.IsType<JobState.Ended>(state);
        Assert.Equal(2, CompletedInJournal.Sum(b => b.Count));
        Assert.True(Journal.Attempts > nth);
    }

    private JobTree Tree => new(jobs, extractors, reducers, loaders, status, Given.Reader(Given.Rows(4)));

    private void AnswerAll(int batches)
    {
        extractors.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is ExtractProtocol.ExtractSplit) sender.Tell(Read(batches));
            if (message is ExtractProtocol.IssueBatches issue)
            {
                foreach (var batch in issue.Batches.Ids()) Do(sender, batch.Ordinal);
            }

            return AutoPilot.KeepRunning;
        }));
        loaders.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            if (message is not JobProtocol.LoadJob load) return AutoPilot.KeepRunning;
            load.Coordinator.Tell(new JobProtocol.SinkLoaded(Given.Job(), "json"));
            load.Coordinator.Tell(LoadDone(0));
            return AutoPilot.KeepRunning;
        }));
    }

    /// <summary>A coordinator that has asked for its split: nobody says anything to one before.</summary>
    private IActorRef Coordinator(JobSettings? settings = null, int run = 1)
    {
        var coordinator = Create(settings, run);
        extractors.Fish<ExtractProtocol.ExtractSplit>();
        return coordinator;
    }

    private IActorRef Create(JobSettings? settings = null, int run = 1, JobSpec? spec = null)
    {
        var assignment = Given.Assignment(run) is var made && spec is null ? made : made with { Spec = spec };
        return Sys.ActorOf(JobCoordinatorActor.Props(assignment, Tree, settings ?? Patient, FaultPoints.None));
    }

    /// <summary>A coordinator whose split is read and whose batches are issued.</summary>
    private IActorRef Ready(int batches, JobSettings? settings = null)
    {
        var coordinator = Coordinator(settings);
        coordinator.Tell(Read(batches));
        Issued();
        return coordinator;
    }

    private BatchSet Issued() => extractors.Fish<ExtractProtocol.IssueBatches>().Batches;

    /// <summary>So many batches, issued one by one or together.</summary>
    private BatchSet Issued(int count)
    {
        var issued = Issued();
        while (issued.Count < count) issued = BatchSet.Combine(issued, Issued());
        return issued;
    }

    private static void Do(IActorRef coordinator, int batch)
    {
        coordinator.Tell(Mapped(batch));
        coordinator.Tell(Acked(batch));
    }

    private static ExtractProtocol.SplitRead Read(int batches) => new(Given.Job(), 0, batches, Given.Choice);

    private static MapProtocol.BatchMapped Mapped(int batch) => new(Given.Job(), new(0, batch), Given.Tally(10), [Europe]);

    private static ReduceProtocol.PartialsAcked Acked(int batch) => new(Given.Job(), Europe, Given.Batches(batch));

    private static MapProtocol.BatchCrashed Crash(int batch, long row = 17) => new(Given.Job(), new(0, batch), row, "/user/etl/mappers/$a", "Oops: no", "Restart");

    private static JobProtocol.LoadDone LoadDone(int exitCode) =>
        new(Given.Job(), exitCode, exitCode == 0 ? null : "why", null, null, [], null);
}
