using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Jobs;

/// <summary>The coordinator of a job over files: splits, streams whose end comes late, and a limit on what may be set aside.</summary>
public sealed class FileJobSpecs : EtlSpec
{
    private const int Europe = 2;
    private static readonly string Id = $"job-{Given.Job()}";
    private static readonly JobSettings Patient = new(4, TimeSpan.FromHours(1), TimeSpan.Zero, 3);
    private static readonly JobSpec Spec = Given.Spec() with { Source = "csv", Inputs = [Given.Records("a.csv.gz", compression: Compression.Gzip)], BatchBytes = 77_777 };
    private readonly TestProbe jobs, extractors, reducers, loaders, status;

    public FileJobSpecs()
    {
        (jobs, extractors, reducers, loaders, status) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        // When a coordinator begins is of no interest here.
        jobs.IgnoreMessages(static m => m is SupervisionProtocol.CoordinatorBegan);
    }

    [Fact]
    public void A_stream_is_issued_within_the_window_and_loaded_when_it_has_ended_and_all_is_durable()
    {
        var coordinator = Begun(Spec);
        Assert.Equal("0/0-3", Issued(4).ToString());
        Do(coordinator, 0);
        Assert.Equal("0/4", Issued(1).ToString());
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 3));
        Do(coordinator, 2);
        loaders.ExpectNoMsg(Silence);
        Do(coordinator, 1);
        var load = loaders.ExpectMsg<JobProtocol.LoadJob>();
        Assert.Equal((3, 3L, 30L), (load.State.Completed.Count, load.State.PlannedBatches, load.State.Tally.Read));
        Assert.Equal([5L, 5L, 5L], load.State.Lines!.Counts.Values);
        // Nothing beyond the end, and nothing twice.
        while (extractors.HasMessages) Assert.IsNotType<ExtractProtocol.IssueBatches>(extractors.ExpectMsg<object>());
        Assert.Equal(new JobEvent.SplitEnded(0, 3), Assert.Single(Journal.Written(Id).OfType<JobEvent.SplitEnded>()));
    }

    [Fact]
    public void An_end_that_comes_last_or_twice_loads_once()
    {
        var coordinator = Begun(Spec);
        Do(coordinator, 0);
        Do(coordinator, 1);
        AwaitAssert(() => Assert.Equal(2, Journal.Written(Id).OfType<JobEvent.BatchesCompleted>().Sum(e => e.Batches.Count)));
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 2));
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 2));
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        loaders.ExpectNoMsg(Silence);
    }

    [Fact]
    public void An_empty_stream_loads_at_once()
    {
        var coordinator = Begun(Spec);
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 0));
        Assert.Equal(0, loaders.ExpectMsg<JobProtocol.LoadJob>().State.Completed.Count);
    }

    [Fact]
    public void An_end_before_what_is_done_ends_the_run_and_keeps_the_job()
    {
        var coordinator = Begun(Spec);
        Do(coordinator, 2);
        AwaitAssert(() => Assert.Single(Journal.Written(Id).OfType<JobEvent.BatchesCompleted>()));
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 2));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 1), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("read differently before", ended.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_resumed_stream_is_read_again_from_what_is_owed_and_its_end_is_remembered()
    {
        var coordinator = Begun(Spec);
        Do(coordinator, 1);
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 3));
        AwaitAssert(() => Assert.Single(Journal.Written(Id).OfType<JobEvent.SplitEnded>()));
        AwaitAssert(() => Assert.Single(Journal.Written(Id).OfType<JobEvent.BatchesCompleted>()));
        KillAndWait(coordinator);
        while (extractors.HasMessages) extractors.ExpectMsg<object>();

        coordinator = Begun(Spec, run: 2);
        Assert.Equal("0/0 0/2", Issued(2).ToString());
        foreach (var i in new[] { 0, 2 }) Do(coordinator, i);
        loaders.ExpectMsg<JobProtocol.LoadJob>();
        jobs.ExpectNoMsg(Silence);
    }

    [Fact]
    public void Each_split_is_read_from_the_input_it_is_of()
    {
        var spec = Spec with { Inputs = [Given.Records("huge.csv", (2L << 30) + 1), Given.Records("small.csv")] };
        Create(spec);
        Assert.Equal(
            [(0, "huge.csv"), (1, "huge.csv"), (2, "huge.csv"), (3, "small.csv")],
            extractors.ReceiveN(4).Cast<ExtractProtocol.ExtractSplit>().Select(e => (e.Split, e.Input.Label)));
        extractors.ExpectNoMsg(Silence);
    }

    [Fact]
    public void What_is_loaded_is_named_as_today_and_cut_as_it_was_begun()
    {
        var coordinator = Begun(Spec);
        KillAndWait(coordinator);
        while (extractors.HasMessages) extractors.ExpectMsg<object>();
        coordinator = Begun(Spec with { Inputs = [Given.Records("b.csv.gz", compression: Compression.Gzip)], BatchBytes = 1 << 20, BatchRows = 99 }, run: 2);
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 0));
        var loaded = loaders.ExpectMsg<JobProtocol.LoadJob>().State.Spec;
        Assert.Equal(("b.csv.gz", 77_777, 2), (loaded.Inputs[0].Label, loaded.BatchBytes, loaded.BatchRows));
    }

    [Fact]
    public void Too_many_rows_set_aside_end_the_run_with_3_and_leave_the_job_to_be_gone_on_with()
    {
        var coordinator = Begun(Spec, settings: Given.RunSettings() with { MaxQuarantined = 5 });
        Do(coordinator, 0, quarantined: 5);
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 3));
        jobs.ExpectNoMsg(Silence);
        Do(coordinator, 1, quarantined: 1);
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 3), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("6 of the first 20 rows are quarantined, more than the 5 of --max-quarantined", ended.Result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Journal.Written(Id), e => e is JobEvent.Failed);
        extractors.Fish<JobProtocol.ForgetJob>();
        KillAndWait(coordinator);

        // The limit is the run's, not the job's: the same one stops at once, a higher one goes on.
        coordinator = Create(Spec, 2, Given.RunSettings() with { MaxQuarantined = 5 });
        Assert.Equal(3, jobs.ExpectMsg<JobProtocol.JobEnded>().Result.ExitCode);
        KillAndWait(coordinator);
        while (extractors.HasMessages) extractors.ExpectMsg<object>();
        coordinator = Begun(Spec, 3, Given.RunSettings() with { MaxQuarantined = 6 });
        Assert.Equal("0/2", Issued(1).ToString());
        Do(coordinator, 2);
        loaders.Fish<JobProtocol.LoadJob>();
    }

    [Fact]
    public void What_is_read_of_a_stream_is_told_until_its_batches_can_be_counted()
    {
        var coordinator = Begun(Spec);
        coordinator.Tell(new ExtractProtocol.StreamRead(Given.Job(), 0, 400));
        Do(coordinator, 0);
        Assert.Equal((0L, 400L, 1_000L), Moved(1));
        coordinator.Tell(new ExtractProtocol.StreamRead(Given.Job(), 0, 1_000));
        Do(coordinator, 1);
        Assert.Equal((0L, 1_000L, 1_000L), Moved(2));
        coordinator.Tell(new ExtractProtocol.SplitEnded(Given.Job(), 0, 3));
        Do(coordinator, 2);
        Assert.Equal((3L, 0L, 0L), Moved(3));
    }

    [Theory]
    [InlineData("/data/a.csv.gz", "the next etl run of the same input resumes")]
    [InlineData(FileStamp.StandardInput, "standard input was not kept (--no-spool), so the next etl run begins anew")]
    public void A_run_without_progress_promises_a_resume_only_where_there_is_one(string path, string promise)
    {
        var spec = Spec with { Inputs = [Spec.Inputs[0] with { File = new(path, 0, Compression.Gzip) }] };
        Begun(spec, patience: new(4, TimeSpan.FromMilliseconds(50), TimeSpan.Zero, 0));
        var ended = jobs.ExpectMsg<JobProtocol.JobEnded>();
        Assert.Equal((false, 74), (ended.Durable, ended.Result.ExitCode));
        Assert.Contains("no progress", ended.Result.Error, StringComparison.Ordinal);
        Assert.EndsWith(promise, ended.Result.Error, StringComparison.Ordinal);
    }

    private IActorRef Create(JobSpec spec, int run = 1, JobProtocol.RunSettings? settings = null, JobSettings? patience = null) => Sys.ActorOf(JobCoordinatorActor.Props(
        new(Given.Job(), spec, Given.Run(run), settings ?? Given.RunSettings()),
        new(jobs, extractors, reducers, loaders, status, Given.Reader(Given.Rows(1))), patience ?? Patient, FaultPoints.None));

    /// <summary>A coordinator whose stream is open.</summary>
    private IActorRef Begun(JobSpec spec, int run = 1, JobProtocol.RunSettings? settings = null, JobSettings? patience = null)
    {
        var coordinator = Create(spec, run, settings, patience);
        extractors.Fish<ExtractProtocol.ExtractSplit>();
        coordinator.Tell(new ExtractProtocol.SplitRead(Given.Job(), 0, SplitPlan.Unknown, Given.Choice));
        return coordinator;
    }

    private BatchSet Issued(int count)
    {
        var issued = BatchSet.Empty;
        while (issued.Count < count) issued = BatchSet.Combine(issued, extractors.Fish<ExtractProtocol.IssueBatches>().Batches);
        return issued;
    }

    private (long Batches, long Done, long Planned) Moved(int batches)
    {
        while (true)
        {
            var moved = status.Fish<StatusProtocol.JobMoved>();
            if (moved.BatchesDone == batches) return (moved.BatchesPlanned, moved.BytesDone, moved.BytesPlanned);
        }
    }

    private static void Do(IActorRef coordinator, int batch, int quarantined = 0)
    {
        var tally = BatchTally.Of(10, 10 - quarantined, 0, [], [],
            [.. Enumerable.Range(0, quarantined).Select(i => new Rejection(new(0, (batch * 100) + i), i, "c", "t", "r"))], []);
        coordinator.Tell(new MapProtocol.BatchMapped(Given.Job(), new(0, batch), tally, [Europe]) { Lines = 5 });
        coordinator.Tell(new ReduceProtocol.PartialsAcked(Given.Job(), Europe, Given.Batches(batch)));
    }
}
