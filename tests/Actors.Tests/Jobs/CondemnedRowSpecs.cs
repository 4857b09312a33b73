using Akka.Actor;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Jobs;
using Etl.Actors.Protocol;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Jobs;

/// <summary>A coordinator whose mappers crash: what it journals before it issues a batch again, and how.</summary>
public sealed class CondemnedRowSpecs : EtlSpec
{
    private const int Europe = 2;
    private static readonly string Id = $"job-{Given.Job()}";
    private static readonly JobSettings Patient = new(64, TimeSpan.FromHours(1), TimeSpan.Zero, 4);
    private readonly TestProbe jobs, extractors, reducers, loaders, status;

    public CondemnedRowSpecs() =>
        (jobs, extractors, reducers, loaders, status) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

    [Fact]
    public void A_row_that_two_crashes_name_is_condemned_before_its_batch_is_issued_again()
    {
        var coordinator = Ready(3);
        coordinator.Tell(Crash(1, 3));
        Assert.Equal(new BatchCaution(new(0, 1), Caution.None), Assert.Single(Issued(1).Cautions));

        var disk = new TaskCompletionSource();
        Journal.OnWrite = _ => disk.Task;
        coordinator.Tell(Crash(1, 3));
        extractors.ExpectNoMsg(Silence);
        disk.SetResult();
        Assert.Equal(new Caution([new(3, "crashed the mapper twice: Oops")], false, null), Assert.Single(Issued(1).Cautions).Caution);
        var written = Assert.IsType<JobEvent.RowsCondemned>(Journal.Written(Id)[^1]);
        Assert.Equal((new BatchId(0, 1), 3, "Oops", "no"), (written.Batch, Assert.Single(written.Positions), written.Exception, written.Message));
    }

    [Fact]
    public void A_batch_whose_crashes_name_no_row_is_tried_in_parts_until_the_row_is_found_and_so_by_the_next_process()
    {
        var coordinator = Ready(3);
        coordinator.Tell(Crash(1, null));
        Assert.True(Assert.Single(Issued(1).Cautions).Caution is { Careful: true, Probe: null });
        coordinator.Tell(Crash(1, null));
        // Rows 3 and 4; first without any.
        Assert.Equal(new(3, 3), Probe());
        coordinator.Tell(Passed(1, new(3, 3)));
        Assert.Equal(new(3, 4), Probe());
        KillAndWait(coordinator);

        coordinator = Create(run: 2);
        extractors.Fish<ExtractProtocol.ExtractSplit>();
        var again = Issued(0, 1, 2);
        Assert.Equal(new RowRange(3, 4), Assert.Single(again.Cautions).Caution.Probe);
        coordinator.Tell(Passed(1, new(3, 4)));
        Assert.Equal(new(4, 5), Probe());
        // Late: nothing is issued for it.
        coordinator.Tell(Passed(1, new(3, 4)));
        extractors.ExpectNoMsg(Silence);
        for (var crash = 0; crash < 2; crash++)
        {
            coordinator.Tell(Crash(1, null, new(4, 5)));
            if (crash == 0) Assert.Equal(new(4, 5), Probe());
        }

        Assert.Equal(4, Assert.Single(Assert.Single(Issued(1).Cautions).Caution.Condemned).Position);
    }

    [Fact]
    public void After_processes_without_progress_one_batch_at_a_time_is_tried_and_journaled_first()
    {
        for (var run = 1; run <= 3; run++)
        {
            var dying = Create(run);
            extractors.Fish<ExtractProtocol.ExtractSplit>();
            if (run == 1) dying.Tell(Read(3));
            Issued(0, 1, 2);
            KillAndWait(dying);
        }

        var coordinator = Create(run: 4);
        Issued(0);
        Assert.Equal(new JobEvent.AttemptBegan(new(0, 0), null), Journal.Written(Id)[^1]);
        coordinator.Tell(Mapped(0));
        Assert.Equal(Europe, reducers.Fish<ReduceProtocol.FlushRegion>().Region);
        extractors.ExpectNoMsg(Silence);
        coordinator.Tell(new ReduceProtocol.PartialsAcked(Given.Job(), Europe, Given.Batches(0)));
        Issued(1);
        KillAndWait(coordinator);

        coordinator = Create(run: 5);
        Issued(1);
        KillAndWait(coordinator);
        Create(run: 6);
        // Twice under way alone when the process ended: it is searched, and the process is named.
        Assert.Equal(new RowRange(3, 3), Assert.Single(Issued(1).Cautions).Caution.Probe);
        Assert.All(Journal.Written(Id).OfType<JobEvent.BatchCrashed>(), c => Assert.Equal((Restart.Process, new BatchId(0, 1)), (c.Restart.Actor, c.Restart.Batch)));
    }

    private IActorRef Create(int run = 1) => Sys.ActorOf(JobCoordinatorActor.Props(
        Given.Assignment(run), new(jobs, extractors, reducers, loaders, status, Given.Reader(Given.Rows(4))), Patient, FaultPoints.None));

    private IActorRef Ready(int batches)
    {
        var coordinator = Create();
        extractors.Fish<ExtractProtocol.ExtractSplit>();
        coordinator.Tell(Read(batches));
        Issued(0, 1, 2);
        return coordinator;
    }

    private ExtractProtocol.IssueBatches Issued(params int[] batches)
    {
        var issued = extractors.Fish<ExtractProtocol.IssueBatches>();
        Assert.Equal(Given.Batches(batches), issued.Batches);
        return issued;
    }

    private RowRange? Probe() => Assert.Single(Issued(1).Cautions).Caution.Probe;

    private static ExtractProtocol.SplitRead Read(int batches) => new(Given.Job(), 0, batches, Given.Choice);

    private static MapProtocol.BatchMapped Mapped(int batch) => new(Given.Job(), new(0, batch), Given.Tally(10), [Europe]);

    private static MapProtocol.ProbePassed Passed(int batch, RowRange rows) => new(Given.Job(), new(0, batch), rows);

    private static MapProtocol.BatchCrashed Crash(int batch, long? row, RowRange? probe = null) =>
        new(Given.Job(), new(0, batch), row, "/user/etl/mappers/$a", "Oops: no", "Restart") { Probe = probe };
}
